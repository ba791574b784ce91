//! JSON to a span tree: a validating scanner (RFC 8259) that makes spans and nothing else. Values are checked and
//! not converted: a decimal stays the digits that were written.

mod extent;
mod strings;

pub use extent::Extent;

use super::tree::{Kind, Node, Tree};
use crate::error::{Error, Result, codes};

/// The deepest nesting that is read when the caller does not say otherwise.
pub const DEFAULT_DEPTH: usize = 128;

/// Scans one JSON value that must fill `source` from byte `from` on, apart from white space.
///
/// # Errors
/// `empty_input`, `too_large` (more than 4 GiB less one byte), `too_deep`, `invalid_utf8`, `truncated`,
/// `invalid_json`, `trailing_data`; each with the byte offset.
pub fn scan(source: &[u8], from: usize, max_depth: usize) -> Result<Tree> {
    if u32::try_from(source.len()).is_err() {
        return Err(Error::new(&codes::TOO_LARGE).note("limit 4294967295 bytes"));
    }
    let text = source.get(from..).unwrap_or_default();
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::new(&codes::EMPTY_INPUT).at_offset(from));
    }
    if let Err(error) = std::str::from_utf8(text) {
        return Err(Error::new(&codes::INVALID_UTF8).at_offset(from + error.valid_up_to()));
    }
    // A quarter more than real FHIR needs (23 bytes a value), so that growing is rare.
    let nodes = Vec::with_capacity(text.len() / 28 + 8);
    let mut scanner = Scanner { source, at: from, nodes, max_depth };
    scanner.document().map_err(|flaw| match flaw {
        Flaw::Truncated => Error::new(&codes::TRUNCATED).at_offset(source.len()),
        Flaw::Invalid(at) => Error::new(&codes::INVALID_JSON).at_offset(at),
        Flaw::Trailing(at) => Error::new(&codes::TRAILING_DATA).at_offset(at),
        Flaw::Deep(at) => {
            Error::new(&codes::TOO_DEEP).note(format!("limit {max_depth} levels")).at_offset(at)
        }
    })?;
    let mut nodes = scanner.nodes;
    if nodes.capacity() > nodes.len() + nodes.len() / 8 {
        nodes.shrink_to_fit();
    }
    Ok(Tree::of(nodes))
}

/// Why a text is no JSON, and where; small, because it is handed up from the innermost loops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    /// The text ends too early.
    Truncated,
    /// The byte there may not stand there.
    Invalid(usize),
    /// Something follows the value.
    Trailing(usize),
    /// The value there is nested too deeply.
    Deep(usize),
}

struct Scanner<'s> {
    source: &'s [u8],
    at: usize,
    nodes: Vec<Node>,
    max_depth: usize,
}

impl Scanner<'_> {
    #[inline]
    fn byte(&self) -> Option<u8> {
        self.source.get(self.at).copied()
    }

    #[inline]
    fn skip_space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// What is wrong with the byte here, or with there being none.
    #[cold]
    fn unexpected(&self) -> Flaw {
        if self.at < self.source.len() { Flaw::Invalid(self.at) } else { Flaw::Truncated }
    }

    /// One value and nothing after it. There is no recursion: the containers that are open are the parents in the
    /// tree of the last node.
    fn document(&mut self) -> std::result::Result<(), Flaw> {
        let (mut parent, mut in_object, mut depth) = (0, false, 0);
        self.skip_space();
        let mut lead = self.at;
        loop {
            let start = self.at;
            if depth > self.max_depth {
                return Err(Flaw::Deep(start));
            }
            let mut node = Node { lead: lead as u32, start: start as u32, parent, ..Node::default() };
            let index = self.nodes.len() as u32;
            if let Some(open @ (b'{' | b'[')) = self.byte() {
                in_object = open == b'{';
                node.kind = if in_object { Kind::Object } else { Kind::List };
                self.nodes.push(node);
                parent = index;
                depth += 1;
                self.at += 1;
                self.skip_space();
                if self.byte() != Some(if in_object { b'}' } else { b']' }) {
                    lead = if in_object { self.key()? } else { self.at };
                    continue;
                }
            } else {
                node.kind = self.leaf()?;
                node.end = self.at as u32;
                node.next = index + 1;
                self.nodes.push(node);
            }
            while depth > 0 {
                self.skip_space();
                match self.byte() {
                    Some(b',') => {
                        self.at += 1;
                        self.skip_space();
                        lead = if in_object { self.key()? } else { self.at };
                        break;
                    }
                    Some(b'}') if in_object => {}
                    Some(b']') if !in_object => {}
                    _ => return Err(self.unexpected()),
                }
                depth -= 1;
                (parent, in_object) = self.close(parent);
            }
            if depth == 0 {
                self.skip_space();
                return if self.at < self.source.len() { Err(Flaw::Trailing(self.at)) } else { Ok(()) };
            }
        }
    }

    /// Ends a container with the byte here; gives the container around it, and whether that is an object.
    #[inline]
    fn close(&mut self, container: u32) -> (u32, bool) {
        self.at += 1;
        let next = self.nodes.len() as u32;
        let Some(node) = self.nodes.get_mut(container as usize) else { return (0, false) };
        node.end = self.at as u32;
        node.next = next;
        let outer = node.parent;
        (outer, self.nodes.get(outer as usize).is_some_and(|node| node.kind == Kind::Object))
    }

    /// A name and its colon; gives where it begins, and stops before the value.
    #[inline]
    fn key(&mut self) -> std::result::Result<usize, Flaw> {
        let lead = self.at;
        if self.byte() != Some(b'"') {
            return Err(self.unexpected());
        }
        self.at = strings::end(self.source, lead + 1)?;
        self.skip_space();
        if self.byte() != Some(b':') {
            return Err(self.unexpected());
        }
        self.at += 1;
        self.skip_space();
        Ok(lead)
    }

    /// A value that is no container.
    #[inline]
    fn leaf(&mut self) -> std::result::Result<Kind, Flaw> {
        match self.byte() {
            Some(b'"') => {
                self.at = strings::end(self.source, self.at + 1)?;
                Ok(Kind::Text)
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word(b"true", Kind::Flag),
            Some(b'f') => self.word(b"false", Kind::Flag),
            Some(b'n') => self.word(b"null", Kind::Null),
            _ => Err(self.unexpected()),
        }
    }

    fn word(&mut self, word: &[u8], kind: Kind) -> std::result::Result<Kind, Flaw> {
        for expected in word {
            if self.byte() != Some(*expected) {
                return Err(self.unexpected());
            }
            self.at += 1;
        }
        Ok(kind)
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    fn number(&mut self) -> std::result::Result<Kind, Flaw> {
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        if self.byte() == Some(b'0') {
            self.at += 1;
            if matches!(self.byte(), Some(b'0'..=b'9')) {
                return Err(self.unexpected());
            }
        } else {
            self.digits()?;
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Kind::Number)
    }

    /// One digit or more.
    #[inline]
    fn digits(&mut self) -> std::result::Result<(), Flaw> {
        let start = self.at;
        while matches!(self.byte(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(self.unexpected()) }
    }
}

/// The text of a JSON string value or key, given its raw bytes with quotes; borrowed where nothing is escaped.
#[must_use]
pub fn decode(raw: &[u8]) -> Option<std::borrow::Cow<'_, str>> {
    let inner = raw.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if strings::is_plain(inner) {
        std::str::from_utf8(inner).ok().map(Into::into)
    } else {
        serde_json::from_slice::<String>(raw).ok().map(Into::into)
    }
}

/// Appends `text` as a JSON string with quotes.
pub fn encode(text: &str, out: &mut Vec<u8>) {
    if strings::is_plain(text.as_bytes()) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        // Writing to a vector cannot fail, and a string is always representable.
        let _ = serde_json::to_writer(out, text);
    }
}

/// Where the gap before a member begins: the end of the sibling before it. Outside of strings only white space
/// and one comma can stand there.
pub(crate) fn separator_start(source: &[u8], lead: usize) -> usize {
    let before = source.get(..lead).unwrap_or_default();
    before.iter().rposition(|byte| !byte.is_ascii_whitespace() && *byte != b',').map_or(lead, |last| last + 1)
}

/// The name of a member as the source writes it, unescaped; none for the root and elements of a list.
#[must_use]
pub(crate) fn name<'a>(source: &'a [u8], node: &Node) -> Option<std::borrow::Cow<'a, str>> {
    let lead = source.get(node.lead as usize..node.start as usize)?;
    let quote = lead.iter().rposition(|byte| *byte == b'"')?;
    decode(lead.get(..=quote)?)
}

/// Appends `text` as the value of a leaf of this kind: a text in quotes, a number or a truth value as it is.
/// `false` where it is not of that kind.
pub(crate) fn encode_leaf(kind: Kind, text: &str, out: &mut Vec<u8>) -> bool {
    match kind {
        Kind::Text => encode(text, out),
        Kind::Number | Kind::Flag => {
            let same = scan(text.as_bytes(), 0, 0)
                .is_ok_and(|tree| tree.nodes.first().is_some_and(|it| it.kind == kind));
            if !same || text.trim() != text {
                return false;
            }
            out.extend_from_slice(text.as_bytes());
        }
        Kind::Object | Kind::List | Kind::Null => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(source: &str) -> Vec<(&str, &str)> {
        let tree = scan(source.as_bytes(), 0, DEFAULT_DEPTH).unwrap();
        tree.iter()
            .map(|(_, node)| {
                (
                    &source[node.member_span().start..node.span().start],
                    &source[node.start as usize..node.end as usize],
                )
            })
            .collect()
    }

    #[test]
    fn every_value_knows_its_bytes() {
        let source = r#" { "a" : [ 1.50 , "x\"y" ] ,"b\n":{} , "c":null,"d":true } "#;
        assert_eq!(
            spans(source),
            [
                ("", source.trim()),
                (r#""a" : "#, r#"[ 1.50 , "x\"y" ]"#),
                ("", "1.50"),
                ("", r#""x\"y""#),
                (r#""b\n":"#, "{}"),
                (r#""c":"#, "null"),
                (r#""d":"#, "true"),
            ]
        );
    }

    #[test]
    fn bad_input_is_an_error_with_a_place() {
        let cases: &[(&[u8], &str, usize)] = &[
            (b"", "empty_input", 0),
            (b" \n", "empty_input", 0),
            (b"{\"a\":", "truncated", 5),
            (b"{\"a\":\"b", "truncated", 7),
            (b"[1,2", "truncated", 4),
            (b"{\"a\":1}x", "trailing_data", 7),
            (b"{\"a\":\"\xff\"}", "invalid_utf8", 6),
            (b"{\"a\" 1}", "invalid_json", 5),
            (b"{\"a\":01}", "invalid_json", 6),
            (b"[1,]", "invalid_json", 3),
            (b"[NaN]", "invalid_json", 1),
            (b"[\"\x01\"]", "invalid_json", 2),
        ];
        for (source, code, at) in cases {
            let error = scan(source, 0, DEFAULT_DEPTH).unwrap_err();
            assert_eq!(
                (error.code(), error.span().unwrap().start),
                (*code, *at),
                "{}",
                source.escape_ascii()
            );
        }
    }

    #[test]
    fn depth_has_a_limit_and_long_numbers_do_not() {
        let deep = |levels: usize| [vec![b'['; levels], vec![b']'; levels]].concat();
        assert!(scan(&deep(DEFAULT_DEPTH + 1), 0, DEFAULT_DEPTH).is_ok());
        let error = scan(&deep(DEFAULT_DEPTH + 2), 0, DEFAULT_DEPTH).unwrap_err();
        assert_eq!((error.code(), error.span().unwrap().start), ("too_deep", DEFAULT_DEPTH + 1));
        let long = format!("[{}.{}]", "9".repeat(400), "1".repeat(400));
        assert_eq!(scan(long.as_bytes(), 0, 128).unwrap().len(), 2);
    }

    /// Pieces of JSON, good and bad, for texts that are nearly valid.
    const PIECES: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\n",
        "\"a\"",
        "\"",
        "\\\"",
        "\\n",
        "\\u00e9",
        "\\x",
        "é",
        "1",
        "0",
        "-",
        ".5",
        "e+7",
        "true",
        "false",
        "null",
        "nul",
        "\"long enough for more than one block\"",
        "[1,2]",
        "{\"k\":[]}",
        "\u{1}",
    ];

    proptest::proptest! {
        /// What is accepted is what another reader accepts, and every span is itself a value.
        #[test]
        fn another_reader_agrees(choices in proptest::collection::vec(0..PIECES.len(), 0..24)) {
            use serde::de::IgnoredAny;
            let source: String = choices.into_iter().map(|at| PIECES[at]).collect();
            let other = serde_json::from_str::<IgnoredAny>(&source).is_ok();
            let tree = scan(source.as_bytes(), 0, DEFAULT_DEPTH);
            proptest::prop_assert_eq!(tree.is_ok(), other, "{}", &source);
            for (_, node) in tree.iter().flat_map(Tree::iter) {
                let value = &source[node.span().start..node.span().end];
                proptest::prop_assert!(serde_json::from_str::<IgnoredAny>(value).is_ok());
                let member = &source[node.member_span().start..node.member_span().end];
                let object = format!("{{{member}}}");
                let named = node.member_span().start < node.span().start;
                proptest::prop_assert!(!named || serde_json::from_str::<IgnoredAny>(&object).is_ok());
            }
        }
    }

    #[test]
    fn strings_decode_and_encode() {
        for text in ["", "plain", "a\"b\\c\n\u{1}é😀"] {
            let mut raw = Vec::new();
            encode(text, &mut raw);
            assert_eq!(decode(&raw).unwrap(), text);
        }
        assert_eq!(decode(br#""\ud83d\ude00""#).unwrap(), "😀");
        assert!(decode(b"12").is_none());
    }
}
