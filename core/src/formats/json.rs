//! JSON to a span tree. The scanner is the `jiter` crate; this file adds spans, the depth limit and errors
//! with a place. Values are checked but not converted: a decimal stays the digits that were written.

use jiter::{Jiter, JiterError, JsonErrorType, Peek};

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
    let mut scanner = Scanner {
        source: text,
        base: from,
        jiter: Jiter::new(text),
        // A quarter more than real FHIR needs (23 bytes a value), so that growing is rare.
        nodes: Vec::with_capacity(text.len() / 28 + 8),
        max_depth,
    };
    let peek = scanner.step(Jiter::peek)?;
    scanner.value(peek, None, 0, 0)?;
    scanner.step(Jiter::finish)?;
    let mut nodes = scanner.nodes;
    if nodes.capacity() > nodes.len() + nodes.len() / 8 {
        nodes.shrink_to_fit();
    }
    Ok(Tree { nodes })
}

struct Scanner<'s> {
    source: &'s [u8],
    base: usize,
    jiter: Jiter<'s>,
    nodes: Vec<Node>,
    max_depth: usize,
}

impl<'s> Scanner<'s> {
    /// Runs one step of the scanner and gives its error a place.
    fn step<T>(
        &mut self,
        step: impl FnOnce(&mut Jiter<'s>) -> std::result::Result<T, JiterError>,
    ) -> Result<T> {
        match step(&mut self.jiter) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.error(&error)),
        }
    }

    fn error(&self, error: &JiterError) -> Error {
        use JsonErrorType as J;
        use jiter::JiterErrorType::JsonError;
        let code = match &error.error_type {
            JsonError(J::EofWhileParsingList | J::EofWhileParsingObject | J::EofWhileParsingString)
            | JsonError(J::EofWhileParsingValue) => &codes::TRUNCATED,
            JsonError(J::TrailingCharacters) => &codes::TRAILING_DATA,
            JsonError(J::RecursionLimitExceeded) => &codes::TOO_DEEP,
            _ => &codes::INVALID_JSON,
        };
        Error::new(code).at_offset(self.base + error.index.min(self.source.len()))
    }

    /// The offset in the whole source of the scanner's place.
    fn here(&self) -> u32 {
        (self.base + self.jiter.current_index()) as u32
    }

    /// Where the key that was just read begins: the first quote after `from`. Only white space and a comma or
    /// an opening brace can stand between.
    fn key_start(&self, from: u32) -> u32 {
        let gap = self.source.get(from as usize - self.base..).unwrap_or_default();
        from + gap.iter().position(|byte| *byte == b'"').unwrap_or_default() as u32
    }

    fn value(&mut self, peek: Peek, lead: Option<u32>, parent: u32, depth: usize) -> Result<()> {
        let start = self.here();
        if depth > self.max_depth {
            return Err(Error::new(&codes::TOO_DEEP)
                .note(format!("limit {} levels", self.max_depth))
                .at_offset(start as usize));
        }
        let index = self.nodes.len() as u32;
        self.nodes.push(Node { lead: lead.unwrap_or(start), start, parent, ..Node::default() });
        let kind = match peek {
            Peek::Object => {
                let mut before = start;
                let mut more = self.step(|jiter| jiter.known_object().map(|key| key.is_some()))?;
                while more {
                    let key = self.key_start(before);
                    let peek = self.step(Jiter::peek)?;
                    self.value(peek, Some(key), index, depth + 1)?;
                    before = self.here();
                    more = self.step(|jiter| jiter.next_key().map(|key| key.is_some()))?;
                }
                Kind::Object
            }
            Peek::Array => {
                let mut more = self.step(Jiter::known_array)?;
                while let Some(peek) = more {
                    self.value(peek, None, index, depth + 1)?;
                    more = self.step(Jiter::array_step)?;
                }
                Kind::List
            }
            Peek::String => {
                self.step(|jiter| jiter.known_str().map(|_| ()))?;
                Kind::Text
            }
            Peek::True | Peek::False => {
                self.step(|jiter| jiter.known_bool(peek).map(|_| ()))?;
                Kind::Flag
            }
            Peek::Null => {
                self.step(Jiter::known_null)?;
                Kind::Null
            }
            _ => {
                self.step(|jiter| jiter.known_number_bytes(peek).map(|_| ()))?;
                Kind::Number
            }
        };
        let end = self.here();
        let next = self.nodes.len() as u32;
        if let Some(node) = self.nodes.get_mut(index as usize) {
            node.end = end;
            node.next = next;
            node.kind = kind;
        }
        Ok(())
    }
}

/// The text of a JSON string value or key, given its raw bytes with quotes; borrowed where nothing is escaped.
#[must_use]
pub fn decode(raw: &[u8]) -> Option<std::borrow::Cow<'_, str>> {
    let inner = raw.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if inner.contains(&b'\\') {
        serde_json::from_slice::<String>(raw).ok().map(Into::into)
    } else {
        std::str::from_utf8(inner).ok().map(Into::into)
    }
}

/// Appends `text` as a JSON string with quotes.
pub fn encode(text: &str, out: &mut Vec<u8>) {
    // Writing to a vector cannot fail, and a string is always representable.
    let _ = serde_json::to_writer(out, text);
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
