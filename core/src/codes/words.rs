//! Words of titles and queries, brought to one form: no case, no accents, no plural.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most words of a query that are looked at, and the most characters that are read to find them.
pub(super) const QUERY_WORDS: usize = 16;
const QUERY_CHARACTERS: usize = 2_048;
const WORD_CHARACTERS: usize = 48;

/// Words that hold a title together and tell nothing of a condition.
pub(super) const FUNCTION_WORDS: &[&str] =
    &["a", "an", "and", "at", "by", "for", "in", "is", "of", "on", "or", "the", "to"];

/// Words of a person's own account that no title has in their meaning.
const ACCOUNT_WORDS: &[&str] = &[
    "am", "are", "be", "been", "but", "can", "cant", "doesn", "don", "feel", "feels", "get", "gets",
    "getting", "got", "had", "has", "have", "having", "he", "her", "hers", "him", "his", "i", "im", "it",
    "keeps", "me", "my", "our", "patient", "pt", "really", "she", "some", "t", "that", "their", "them",
    "they", "this", "very", "was", "we", "won", "wont", "your",
];

/// Calls `each` with every word of a text: letters and digits, lower case, without accents; full-width forms
/// become plain ones, and a possessive ending is dropped (`Ménière's` is `meniere`).
pub(super) fn for_each_word(text: &str, mut each: impl FnMut(&str)) {
    let mut word = String::new();
    let mut possessive = false;
    let folded = text.chars().take(QUERY_CHARACTERS).nfkd().filter(|c| !is_combining_mark(*c));
    for c in folded.flat_map(char::to_lowercase).chain([' ']) {
        if c.is_alphanumeric() {
            if word.chars().count() < WORD_CHARACTERS {
                word.push(c);
            }
            continue;
        }
        if !word.is_empty() {
            if !(possessive && word == "s") {
                each(&word);
            }
            word.clear();
        }
        possessive = matches!(c, '\'' | '\u{2019}');
    }
}

/// A word without its plural ending. Light on purpose: it must never join words of different meaning.
pub(super) fn stem(word: &str) -> String {
    let cut = |ending: &str, put: &str| word.strip_suffix(ending).map(|head| format!("{head}{put}"));
    if word.len() <= 3 || !word.ends_with('s') || word.ends_with("ss") {
        return word.to_owned();
    }
    let sibilant = ["ches", "shes", "xes", "zes", "sses"].iter().any(|ending| word.ends_with(ending));
    let plural = if sibilant {
        cut("es", "")
    } else if word.ends_with("oses") && !word.ends_with("doses") {
        cut("es", "is")
    } else if word.len() > 4 && word.ends_with("ies") {
        cut("ies", "y")
    } else if word.ends_with("us") || word.ends_with("is") {
        None
    } else {
        cut("s", "")
    };
    plural.unwrap_or_else(|| word.to_owned())
}

/// The words of a query that tell something: each as it was written (folded), and its stem, in order, once. Words of
/// an account (`my`, `has`) count where there are no others.
pub(super) fn of_query(query: &str) -> Vec<(String, String)> {
    let telling = telling(query, |word| !ACCOUNT_WORDS.contains(&word));
    if telling.is_empty() { self::telling(query, |_| true) } else { telling }
}

fn telling(query: &str, tells: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for_each_word(query, |word| {
        let stem = stem(word);
        if out.len() < QUERY_WORDS
            && !FUNCTION_WORDS.contains(&word)
            && tells(word)
            && out.iter().all(|(_, known)| *known != stem)
        {
            out.push((word.to_owned(), stem));
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        let mut words = Vec::new();
        for_each_word("Ménière’s disease, ２型 (Type-2) Crohn's", |word| words.push(word.to_owned()));
        assert_eq!(words, ["meniere", "disease", "2型", "type", "2", "crohn"]);
    }

    #[test]
    fn plurals_meet_their_singular() {
        for (plural, singular) in [
            ("fractures", "fracture"),
            ("biopsies", "biopsy"),
            ("diagnoses", "diagnosis"),
            ("diseases", "disease"),
            ("abscesses", "abscess"),
            ("crutches", "crutch"),
            ("doses", "dose"),
            ("viruses", "viruse"),
        ] {
            assert_eq!(stem(plural), stem(singular));
        }
        for alone in ["pelvis", "virus", "abscess", "as", "gas"] {
            assert_eq!(stem(alone), alone);
        }
    }

    #[test]
    fn a_query_is_bounded() {
        assert!(of_query(&"x".repeat(10_000_000)).len() == 1);
        assert_eq!(of_query(&"a1 b2 c3 d4 e5 f6 g7 h8 i9 j1 k2 l3 m4 n5 o6 p7 q8 r9".repeat(3)).len(), 16);
        assert_eq!(of_query("the pain of the pains").len(), 1);
        assert!(of_query("\0\0 ., ").is_empty());
        let words = |query| of_query(query).into_iter().map(|(word, _)| word).collect::<Vec<_>>();
        assert_eq!(words("my knee can't bend"), ["knee", "bend"]);
        assert_eq!(words("i have"), ["i", "have"]);
    }
}
