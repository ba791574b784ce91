//! HTML and XHTML as text: tags end words, lines and cells; attributes, comments and scripts are text of lines of their
//! own, apart from attributes that lay a text out.

use std::borrow::Cow;
use std::ops::Range;

use super::plain::Plain;
use crate::formats::label::Label;

/// Attributes that lay a text out and say nothing.
const LAYOUT: &[&str] = &[
    "align",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "charset",
    "class",
    "color",
    "cols",
    "colspan",
    "dir",
    "face",
    "frame",
    "height",
    "http-equiv",
    "lang",
    "nowrap",
    "rel",
    "rows",
    "rowspan",
    "rules",
    "scope",
    "size",
    "span",
    "start",
    "style",
    "stylecode",
    "type",
    "valign",
    "width",
    "xml:lang",
    "xml:space",
    "xmlns",
];

/// Elements that end a line.
const LINES: &[&str] = &[
    "address",
    "article",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "item",
    "li",
    "list",
    "main",
    "ol",
    "p",
    "paragraph",
    "pre",
    "section",
    "table",
    "tbody",
    "text",
    "tfoot",
    "thead",
    "title",
    "tr",
    "ul",
];

/// Elements inside a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "big", "cite", "code", "content", "em", "font", "i", "img", "label", "meta", "q", "s",
    "small", "span", "strike", "strong", "style", "sub", "sup", "tt", "u", "wbr",
];

/// Cells of a table.
const CELLS: &[&str] = &["td", "th"];

fn is_one_of(name: &str, list: &[&str]) -> bool {
    list.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether a text that starts with `<` starts with a tag of HTML or a declaration.
pub(super) fn begins(text: &str) -> bool {
    let declares = ["<!doctype", "<?xml", "<!--"];
    if declares.iter().any(|word| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)))
    {
        return true;
    }
    let name = name(text.get(1..).unwrap_or_default());
    let after = text.get(1 + name.len()..).and_then(|rest| rest.chars().next());
    let ends = after.is_some_and(|c| c == '>' || c == '/' || c.is_whitespace());
    ends && (is_one_of(name, LINES) || is_one_of(name, INLINE) || is_one_of(name, CELLS))
}

/// The letters and digits with which a tag begins.
fn name(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == ':')).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Reads a source.
pub(super) fn read(source: &str, plain: &mut Plain<'_>) {
    let bytes = source.as_bytes();
    let mut at = 0;
    while at < source.len() {
        let rest = source.get(at..).unwrap_or_default();
        let text = rest.find('<').unwrap_or(rest.len());
        characters(source, at..at + text, plain);
        at += text;
        if at >= source.len() {
            break;
        }
        let rest = source.get(at..).unwrap_or_default();
        if rest.starts_with("<!--") {
            let end = rest.find("-->").map_or(source.len(), |end| at + end);
            own_line(source, at + 4..end.max(at + 4).min(source.len()), plain);
            at = (end + 3).min(source.len());
            continue;
        }
        let next = bytes.get(at + 1).copied().unwrap_or(b' ');
        if matches!(next, b'!' | b'?') {
            let end = rest.find('>').map_or(source.len(), |end| at + end + 1);
            let declares =
                |word: &str| rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
            if !declares("<!doctype") && !declares("<?xml") {
                own_line(source, at..end, plain);
            }
            at = end;
            continue;
        }
        if !(next.is_ascii_alphabetic() || next == b'/') {
            plain.keep(at..at + 1);
            at += 1;
            continue;
        }
        at = tag(source, at, plain);
    }
}

/// A tag from its `<` on; where it ends.
fn tag(source: &str, at: usize, plain: &mut Plain<'_>) -> usize {
    let closes = source.as_bytes().get(at + 1) == Some(&b'/');
    let from = at + 1 + usize::from(closes);
    let name = name(source.get(from..).unwrap_or_default());
    if is_one_of(name, LINES) {
        plain.space("\n");
    } else if is_one_of(name, CELLS) {
        plain.space("\t");
    } else if !is_one_of(name, INLINE) {
        plain.space(" ");
    }
    attributes(source, from + name.len(), plain)
}

/// The attributes of a tag up to its `>`; those that say something are lines of their own.
fn attributes(source: &str, mut at: usize, plain: &mut Plain<'_>) -> usize {
    let bytes = source.as_bytes();
    loop {
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/') {
            at += 1;
        }
        let start = at;
        while bytes.get(at).is_some_and(|byte| !byte.is_ascii_whitespace() && !b"=>/\"'".contains(byte)) {
            at += 1;
        }
        let key = source.get(start..at).unwrap_or_default();
        match bytes.get(at) {
            None => {
                own_line(source, start..source.len(), plain);
                return source.len();
            }
            Some(b'>') if key.is_empty() => return at + 1,
            _ => {}
        }
        let mut value = at;
        while bytes.get(value).is_some_and(u8::is_ascii_whitespace) {
            value += 1;
        }
        let range = if bytes.get(value) == Some(&b'=') {
            value += 1;
            while bytes.get(value).is_some_and(u8::is_ascii_whitespace) {
                value += 1;
            }
            let quote = bytes.get(value).copied().filter(|byte| matches!(byte, b'"' | b'\''));
            let from = value + usize::from(quote.is_some());
            let rest = source.get(from..).unwrap_or_default();
            let length = match quote {
                Some(quote) => rest.find(char::from(quote)),
                None => rest.find(|c: char| c.is_whitespace() || c == '>'),
            };
            let end = length.map_or(source.len(), |length| from + length);
            at = (end + usize::from(quote.is_some())).min(source.len());
            from..end
        } else if key.is_empty() {
            // A quote where no value is.
            at += 1;
            continue;
        } else {
            if !is_one_of(key, LAYOUT) && key.len() > 2 {
                own_line(source, start..at, plain);
            }
            continue;
        };
        let text = source.get(range.clone()).unwrap_or_default();
        if text.trim_start().get(..5).is_some_and(|head| head.eq_ignore_ascii_case("data:")) {
            plain.drop_bytes(range, Label::Photo);
        } else if !(is_one_of(key, LAYOUT) || key.starts_with("xmlns:")) || text.len() > 200 {
            own_line(source, range, plain);
        }
    }
}

fn own_line(source: &str, range: Range<usize>, plain: &mut Plain<'_>) {
    plain.space("\n");
    characters(source, range, plain);
    plain.space("\n");
}

/// Text with character references.
fn characters(source: &str, range: Range<usize>, plain: &mut Plain<'_>) {
    let mut at = range.start;
    while at < range.end {
        let rest = source.get(at..range.end).unwrap_or_default();
        let Some(amp) = rest.find('&') else { break };
        plain.keep(at..at + amp);
        at += amp;
        let rest = source.get(at..range.end).unwrap_or_default();
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| Some((end, reference(rest.get(1..end)?)?))) {
            Some((end, c)) => {
                plain.character(c, at..at + end + 1);
                at += end + 1;
            }
            None => {
                plain.keep(at..at + 1);
                at += 1;
            }
        }
    }
    plain.keep(at..range.end);
}

/// The names of the characters from U+00A0 on (HTML 4, 24.2.1).
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 \
sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring \
AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash \
Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml \
igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn \
yuml";

/// The character of a reference, given without `&` and `;`.
fn reference(text: &str) -> Option<char> {
    if let Some(number) = text.strip_prefix('#') {
        let value = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(value);
    }
    Some(match text {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "lsquo" => '\u{2018}',
        "rsquo" => '\u{2019}',
        "ldquo" => '\u{201C}',
        "rdquo" => '\u{201D}',
        "ndash" => '\u{2013}',
        "mdash" => '\u{2014}',
        "hellip" => '\u{2026}',
        "bull" => '\u{2022}',
        _ => {
            let at = LATIN.split(' ').position(|name| name == text)?;
            char::from_u32(0xA0 + u32::try_from(at).ok()?)?
        }
    })
}

/// A text as HTML writes it.
pub(super) fn encoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}
