//! Where a JSON value ends, for a text that comes in pieces: the end is found without keeping the value. Only
//! brackets and strings are looked at; whether the value is valid is for the scanner to say.

/// The state between two pieces of one value.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extent {
    depth: usize,
    state: State,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// Nothing of the value was seen yet.
    #[default]
    Before,
    /// Inside brackets, between strings.
    Open,
    /// Inside a string.
    Text,
    /// Inside a string, after a backslash.
    Escape,
    /// In a number or a word, which ends where something else begins.
    Bare,
}

impl Extent {
    /// Takes the next piece. Gives how many bytes of it belong to the value, where the value ends in it; white
    /// space before the value belongs to it.
    pub fn feed(&mut self, piece: &[u8]) -> Option<usize> {
        for (at, byte) in piece.iter().enumerate() {
            match (self.state, byte) {
                (State::Text, b'\\') => self.state = State::Escape,
                (State::Text, b'"') => {
                    self.state = State::Open;
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                (State::Text, _) => {}
                (State::Escape, _) => self.state = State::Text,
                (State::Bare, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t') => return Some(at),
                (State::Bare, _) => {}
                (State::Before, b' ' | b'\n' | b'\r' | b'\t') => {}
                (State::Before | State::Open, b'"') => self.state = State::Text,
                (State::Before | State::Open, b'{' | b'[') => {
                    self.state = State::Open;
                    self.depth += 1;
                }
                // No value begins with these: it ends before it began.
                (State::Before, b',' | b':' | b'}' | b']') => return Some(at),
                (State::Open, b'}' | b']') => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                (State::Open, _) => {}
                (State::Before, _) => self.state = State::Bare,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The length of the first value of `text`, fed in pieces of `size`.
    fn extent(text: &str, size: usize) -> Option<usize> {
        let mut extent = Extent::default();
        let pieces = text.as_bytes().chunks(size);
        pieces.enumerate().find_map(|(index, piece)| Some(index * size + extent.feed(piece)?))
    }

    #[test]
    fn values_end_where_they_end() {
        for (text, value) in [
            (r#" {"a":[1,{"b":"]}\"{"}],"c":{}},7"#, r#" {"a":[1,{"b":"]}\"{"}],"c":{}}"#),
            (r#""a\\"x"#, r#""a\\""#),
            ("-1.5e3]", "-1.5e3"),
            ("null ", "null"),
            ("[] ", "[]"),
            (",1", ""),
            ("]", ""),
        ] {
            for size in 1..=text.len() {
                assert_eq!(extent(text, size), Some(value.len()), "{text} by {size}");
            }
        }
        for text in ["", " ", "{", "\"a", "[\"]\"", "12"] {
            assert_eq!(extent(text, 1), None, "{text}");
        }
    }

    proptest::proptest! {
        /// Pieces of any size give the end that the scanner finds.
        #[test]
        fn agrees_with_the_scanner(size in 1usize..40, tail in "[,\\]} ][a-z\"{]{0,5}") {
            let value = r#"{ "a" : [ 1.50 , "x\"y\\" ] ,"b\n":{},"c":null,"d":["[{", "}"] }"#;
            proptest::prop_assert!(super::super::scan(value.as_bytes(), 0, 128).is_ok());
            proptest::prop_assert_eq!(extent(&format!("{value}{tail}"), size), Some(value.len()));
        }
    }
}
