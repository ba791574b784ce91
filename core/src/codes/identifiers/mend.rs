//! Putting look-alikes right: full-width characters, spaces, strange hyphens, O for 0, I and l for 1, and back.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a mistyped text may have been, the least changed first: folded to plain characters, and then with each
/// character brought to the class that its place asks for.
pub(super) fn candidates(text: &str, slots: &str) -> Vec<String> {
    if text.chars().any(char::is_control) {
        return Vec::new();
    }
    let folded: String = text
        .nfkd()
        .filter(|c| !c.is_whitespace() && !is_combining_mark(*c) && !is_invisible(*c))
        .map(|c| if is_dash(c) { '-' } else { c })
        .collect();
    let bare: String = folded.chars().filter(|c| !matches!(c, '-' | '.')).collect();
    let mut out = vec![folded.clone(), bare.clone()];
    for text in [&folded, &bare] {
        out.push(with_classes(text, slots));
    }
    out.retain(|candidate| candidate != text && !candidate.is_empty());
    out.dedup();
    out
}

fn with_classes(text: &str, slots: &str) -> String {
    let mut place = slots.chars();
    let mut class = 'X';
    text.chars()
        .map(|c| {
            if !c.is_alphanumeric() {
                return c;
            }
            class = place.next().unwrap_or(class);
            match (class, c) {
                ('N', 'O' | 'o' | 'Q' | 'D') => '0',
                ('N', 'I' | 'i' | 'l' | 'L' | '|') => '1',
                ('N', 'S' | 's') => '5',
                ('N', 'B') => '8',
                ('N', 'Z' | 'z') => '2',
                ('A', '0') => 'O',
                ('A', '1') => 'I',
                ('A', '5') => 'S',
                ('A', '8') => 'B',
                ('A', '2') => 'Z',
                _ => c,
            }
        })
        .collect()
}

fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{00ad}' | '_')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}')
}
