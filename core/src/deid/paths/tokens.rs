//! The tokens of an expression over paths (FHIRPath N1, section 10).

use super::expression::Flaw;

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    Number(f64),
    /// What stands after `@`.
    Date(String),
    /// `$this`.
    This,
    Symbol(&'static str),
}

/// Longer ones first.
const SYMBOLS: &[&str] =
    &["<=", ">=", "!=", "(", ")", "[", "]", ".", ",", "=", "<", ">", "|", "+", "-", "*", "/", "&", "{", "}"];

/// The tokens of a text.
pub(super) fn read(text: &str) -> Result<Vec<Token>, Flaw> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '\'' | '"' => {
                let (text, after) = quoted(rest, first)?;
                (Token::Text(text), after)
            }
            '`' => {
                let (name, after) = quoted(rest, first)?;
                (Token::Name(name), after)
            }
            '@' => {
                let (date, after) = split(rest.get(1..).unwrap_or_default(), |c| {
                    c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.' | '+')
                });
                (Token::Date(date.to_owned()), after)
            }
            '$' => (Token::This, rest.strip_prefix("$this").ok_or(Flaw::Token)?),
            '0'..='9' => {
                let (digits, after) = split(rest, |c| c.is_ascii_digit());
                // A dot belongs to the number where a digit stands behind it.
                let fraction = after.strip_prefix('.').map(|after| split(after, |c| c.is_ascii_digit()));
                let (number, after) = match fraction {
                    Some((decimals, after)) if !decimals.is_empty() => {
                        (format!("{digits}.{decimals}"), after)
                    }
                    _ => (digits.to_owned(), after),
                };
                (Token::Number(number.parse().map_err(|_| Flaw::Token)?), after)
            }
            first if first.is_ascii_alphabetic() || first == '_' => {
                let (name, after) = split(rest, |c| c.is_ascii_alphanumeric() || c == '_');
                (Token::Name(name.to_owned()), after)
            }
            _ => {
                let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)).ok_or(Flaw::Token)?;
                (Token::Symbol(symbol), rest.strip_prefix(*symbol).unwrap_or_default())
            }
        };
        out.push(token);
        rest = after.trim_start();
    }
    Ok(out)
}

/// The beginning of a text whose characters are `of` a kind, and the rest.
fn split(text: &str, of: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !of(c)).unwrap_or(text.len()))
}

/// What stands between two marks, and the rest.
fn quoted(text: &str, mark: char) -> Result<(String, &str), Flaw> {
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == mark {
            return Ok((out, text.get(at + c.len_utf8()..).unwrap_or_default()));
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        out.push(match chars.next().map(|(_, c)| c) {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('f') => '\u{c}',
            Some('u') => {
                let digits: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                let number = u32::from_str_radix(&digits, 16).map_err(|_| Flaw::Token)?;
                char::from_u32(number).filter(|_| digits.len() == 4).ok_or(Flaw::Token)?
            }
            Some(other) if !other.is_alphanumeric() => other,
            _ => return Err(Flaw::Token),
        });
    }
    Err(Flaw::Token)
}
