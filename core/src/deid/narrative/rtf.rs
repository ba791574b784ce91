//! RTF as text: control words make white space, characters or nothing; who wrote the file, pictures and embedded objects
//! go (Rich Text Format Specification 1.9.1).

use std::borrow::Cow;
use std::fmt::Write;

use super::plain::Plain;
use crate::formats::label::Label;

/// Destinations that hold the make-up of the document and none of its text.
const MAKEUP: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "themedata",
    "colorschememapping",
    "latentstyles",
    "generator",
    "pgptbl",
    "xmlnstbl",
    "wgrffmtfilter",
    "mmathPr",
    "fldtype",
];

/// Destinations that hold what is no text of the document and may tell about people.
const DROPPED: &[&str] = &[
    "author",
    "operator",
    "manager",
    "company",
    "title",
    "subject",
    "keywords",
    "comment",
    "doccomm",
    "hlinkbase",
    "category",
    "creatim",
    "revtim",
    "printim",
    "buptim",
    "userprops",
    "datastore",
    "revtbl",
    "template",
    "objdata",
    "passwordhash",
    "docvar",
    "falt",
    "blipuid",
    "oldcprops",
    "atnid",
    "atnauthor",
];

/// What the reader does in a group.
#[derive(Clone, Copy)]
struct State {
    /// Its text is none of the document's.
    silent: bool,
    /// Its data is a picture.
    picture: bool,
    /// Characters that stand for one in Unicode for readers that have none.
    skip: usize,
    /// Where the group begins, if it goes as a whole.
    drop_from: Option<usize>,
}

/// Groups within groups that are followed; deeper ones are read as their parents.
const DEEPEST: usize = 256;

/// Reads a source.
pub(super) fn read(source: &str, plain: &mut Plain<'_>) {
    let bytes = source.as_bytes();
    let mut state = State { silent: false, picture: false, skip: 1, drop_from: None };
    let mut stack: Vec<State> = Vec::new();
    let (mut at, mut depth) = (0, 0_usize);
    // Characters still to pass over after one in Unicode.
    let mut pending = 0_usize;
    let mut group_start = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' => {
                group_start = at;
                depth += 1;
                if depth <= DEEPEST {
                    stack.push(state);
                    state.drop_from = None;
                }
                pending = 0;
                at += 1;
            }
            b'}' => {
                if let Some(from) = state.drop_from.filter(|_| depth <= DEEPEST) {
                    plain.drop_bytes(from..at + 1, Label::Unrecognised);
                }
                if depth <= DEEPEST {
                    state = stack.pop().unwrap_or(state);
                }
                depth = depth.saturating_sub(1);
                pending = 0;
                at += 1;
            }
            b'\\' => {
                let control = Control::read(source, at);
                let end = control.end.max(at + 1);
                let text = !state.silent && pending == 0;
                match control.word {
                    "'" => {
                        let c = u8::try_from(control.number.unwrap_or(63)).map_or('?', windows);
                        if text {
                            plain.character(c, at..end);
                        }
                        pending = pending.saturating_sub(1);
                    }
                    "u" => {
                        let code = control.number.unwrap_or(63);
                        let code = u32::try_from(if code < 0 { code + 65_536 } else { code }).unwrap_or(63);
                        if text {
                            plain.character(char::from_u32(code).unwrap_or('\u{FFFD}'), at..end);
                        }
                        pending = state.skip;
                    }
                    "uc" => state.skip = usize::try_from(control.number.unwrap_or(1)).unwrap_or(1).min(8),
                    "bin" => {
                        let length = usize::try_from(control.number.unwrap_or(0)).unwrap_or(0);
                        let mut stop = end.saturating_add(length).min(source.len());
                        while !source.is_char_boundary(stop) {
                            stop += 1;
                        }
                        plain.drop_bytes(end..stop, Label::Photo);
                        at = stop;
                        continue;
                    }
                    "par" | "line" | "row" | "sect" | "page" | "nestrow" if text => plain.space("\n"),
                    "tab" | "cell" | "nestcell" if text => plain.space("\t"),
                    "~" if text => plain.character('\u{A0}', at..end),
                    "_" if text => plain.character('-', at..end),
                    "{" | "}" | "\\" if text => plain.keep(at + 1..end),
                    "emdash" if text => plain.character('\u{2014}', at..end),
                    "endash" if text => plain.character('\u{2013}', at..end),
                    "rquote" if text => plain.character('\u{2019}', at..end),
                    "lquote" if text => plain.character('\u{2018}', at..end),
                    "ldblquote" if text => plain.character('\u{201C}', at..end),
                    "rdblquote" if text => plain.character('\u{201D}', at..end),
                    "bullet" if text => plain.character('\u{2022}', at..end),
                    "\n" | "\r" if text => plain.space("\n"),
                    "pict" => (state.silent, state.picture) = (true, true),
                    word if MAKEUP.contains(&word) => state.silent = true,
                    word if DROPPED.contains(&word) => {
                        state.silent = true;
                        if depth <= DEEPEST {
                            state.drop_from.get_or_insert(group_start);
                        }
                    }
                    _ => {}
                }
                at = end;
            }
            b'\r' | b'\n' => at += 1,
            _ => {
                let rest = source.get(at..).unwrap_or_default();
                let stop = rest.find(['{', '}', '\\', '\r', '\n']).unwrap_or(rest.len());
                let mut from = at;
                for c in rest.chars().take(pending.min(stop)) {
                    from += c.len_utf8();
                    pending -= 1;
                }
                let end = (at + stop).max(from);
                if !state.silent {
                    plain.keep(from..end);
                } else if state.picture {
                    plain.drop_bytes(from..end, Label::Photo);
                }
                at = end;
            }
        }
    }
    // A group that is not closed.
    if let Some(from) = state.drop_from {
        plain.drop_bytes(from..source.len(), Label::Unrecognised);
    }
}

/// A control word with its number, or a control symbol.
struct Control<'s> {
    word: &'s str,
    number: Option<i32>,
    end: usize,
}

impl<'s> Control<'s> {
    /// Reads one at a backslash.
    fn read(source: &'s str, at: usize) -> Self {
        let bytes = source.as_bytes();
        let from = at + 1;
        let count = |from: usize, is: fn(&u8) -> bool| {
            bytes.get(from..).unwrap_or_default().iter().take_while(|byte| is(byte)).count()
        };
        let letters = count(from, u8::is_ascii_alphabetic);
        if letters == 0 {
            let symbol = source.get(from..).and_then(|rest| rest.chars().next());
            let mut end = from + symbol.map_or(0, char::len_utf8);
            let word = source.get(from..end).unwrap_or_default();
            let mut number = None;
            if word == "'"
                && let Some(hex) = source.get(end..end + 2)
                && let Ok(value) = i32::from_str_radix(hex, 16)
            {
                (number, end) = (Some(value), end + 2);
            }
            return Self { word, number, end };
        }
        let word = source.get(from..from + letters).unwrap_or_default();
        let mut end = from + letters;
        let sign = usize::from(bytes.get(end) == Some(&b'-'));
        let digits = count(end + sign, u8::is_ascii_digit);
        let mut number = None;
        if digits > 0 {
            number = source.get(end..end + sign + digits).and_then(|text| text.parse().ok());
            end += sign + digits;
        }
        end += usize::from(bytes.get(end) == Some(&b' '));
        Self { word, number, end }
    }
}

/// A character of Windows code page 1252.
fn windows(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}',
        '\u{2C6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}', '\u{90}',
        '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2DC}',
        '\u{2122}', '\u{161}', '\u{203A}', '\u{153}', '\u{9D}', '\u{17E}', '\u{178}',
    ];
    match byte {
        0x80..=0x9F => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or('?'),
        _ => char::from(byte),
    }
}

/// A text as RTF writes it.
pub(super) fn encoded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.contains(['{', '}', '\\']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if matches!(c, '{' | '}' | '\\') {
            out.push('\\');
            out.push(c);
        } else if c.is_ascii() {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // A number of sixteen bits with a sign; writing to a string does not fail.
                let _ = write!(out, "\\u{}?", unit.cast_signed());
            }
        }
    }
    Cow::Owned(out)
}
