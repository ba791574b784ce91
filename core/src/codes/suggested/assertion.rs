//! What a sentence says of a condition that it names: that it is there, is not, was, is a relative's, is suspected, or
//! may come. Rules as data, after the ConText algorithm (Harkema, Dowling, Thornblade, Chapman, 2009): a trigger holds
//! for the words before or after it, up to a word that ends its scope.

use std::collections::HashMap;

use once_cell::sync::Lazy;

use super::note::{NoteText, Sentence, Word};
use crate::text::Span;

/// What is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Assertion {
    Affirmed,
    Negated,
    Historical,
    Family,
    Possible,
    Hypothetical,
}

impl Assertion {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Affirmed => "affirmed",
            Self::Negated => "negated",
            Self::Historical => "historical",
            Self::Family => "family",
            Self::Possible => "possible",
            Self::Hypothetical => "hypothetical",
        }
    }

    /// Whether the condition may be there all the same.
    pub(super) const fn is_open(self) -> bool {
        matches!(self, Self::Possible | Self::Hypothetical)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The words after the trigger.
    After,
    /// The words before it.
    Before,
    /// All words of the sentence.
    Everywhere,
    /// Nothing: the words only look like a trigger.
    Nowhere,
}

use Assertion::{Family, Historical, Hypothetical, Negated, Possible};
use Reach::{After, Before, Everywhere, Nowhere};

/// Words of a sentence, what they say, and of which words. A longer trigger is looked for before a shorter one.
const TRIGGERS: &[(&str, Assertion, Reach)] = &[
    ("no increase", Negated, Nowhere),
    ("no change", Negated, Nowhere),
    ("no significant change", Negated, Nowhere),
    ("not only", Negated, Nowhere),
    ("no further", Negated, Nowhere),
    ("gram negative", Negated, Nowhere),
    ("without difficulty", Negated, Nowhere),
    ("not certain whether", Possible, After),
    ("history and physical", Historical, Nowhere),
    ("history of present illness", Historical, Nowhere),
    ("no family history of", Negated, After),
    ("negative family history", Negated, After),
    ("no history of", Negated, After),
    ("no prior history of", Negated, After),
    ("no evidence of", Negated, After),
    ("no evidence to suggest", Negated, After),
    ("no signs of", Negated, After),
    ("no sign of", Negated, After),
    ("no symptoms of", Negated, After),
    ("no suspicion of", Negated, After),
    ("no complaints of", Negated, After),
    ("no new", Negated, After),
    ("not have", Negated, After),
    ("not had", Negated, After),
    ("not demonstrate", Negated, After),
    ("not show", Negated, After),
    ("not reveal", Negated, After),
    ("not appear", Negated, After),
    ("not feel", Negated, After),
    ("has no", Negated, After),
    ("negative for", Negated, After),
    ("free of", Negated, After),
    ("absence of", Negated, After),
    ("absent", Negated, Before),
    ("denies", Negated, After),
    ("denied", Negated, After),
    ("denying", Negated, After),
    ("without", Negated, After),
    ("w/o", Negated, After),
    ("never", Negated, After),
    ("cannot", Negated, After),
    ("not", Negated, After),
    ("no", Negated, After),
    ("none", Negated, Before),
    ("ruled out", Negated, Before),
    ("has been ruled out", Negated, Before),
    ("was ruled out", Negated, Before),
    ("is ruled out", Negated, Before),
    ("unlikely", Negated, Before),
    ("was negative", Negated, Before),
    ("negative", Negated, Before),
    ("not seen", Negated, Before),
    ("not present", Negated, Before),
    ("family history of", Family, After),
    ("family history", Family, After),
    ("family hx", Family, After),
    ("fhx", Family, Everywhere),
    ("mother", Family, Everywhere),
    ("father", Family, Everywhere),
    ("brother", Family, Everywhere),
    ("sister", Family, Everywhere),
    ("grandmother", Family, Everywhere),
    ("grandfather", Family, Everywhere),
    ("maternal aunt", Family, Everywhere),
    ("aunt", Family, Everywhere),
    ("uncle", Family, Everywhere),
    ("cousin", Family, Everywhere),
    ("sibling", Family, Everywhere),
    ("siblings", Family, Everywhere),
    ("history of", Historical, After),
    ("hx of", Historical, After),
    ("h/o", Historical, After),
    ("past history of", Historical, After),
    ("prior", Historical, After),
    ("previous", Historical, After),
    ("previously", Historical, After),
    ("status post", Historical, After),
    ("s/p", Historical, After),
    ("remote", Historical, After),
    ("in the past", Historical, Before),
    ("years ago", Historical, Before),
    ("year ago", Historical, Before),
    ("months ago", Historical, Before),
    ("resolved", Historical, Before),
    ("in childhood", Historical, Before),
    ("as a child", Historical, Before),
    ("rule out", Possible, After),
    ("r/o", Possible, After),
    ("rule out for", Possible, After),
    ("possible", Possible, After),
    ("possibly", Possible, After),
    ("probable", Possible, After),
    ("probably", Possible, After),
    ("suspected", Possible, After),
    ("suspect", Possible, After),
    ("suspicion for", Possible, After),
    ("suspicion of", Possible, After),
    ("suspicious for", Possible, After),
    ("concern for", Possible, After),
    ("concerning for", Possible, After),
    ("consistent with", Possible, After),
    ("compatible with", Possible, After),
    ("questionable", Possible, After),
    ("question of", Possible, After),
    ("likely", Possible, After),
    ("differential", Possible, After),
    ("versus", Possible, Everywhere),
    ("vs", Possible, Everywhere),
    ("may represent", Possible, After),
    ("could be", Possible, After),
    ("may have", Possible, After),
    ("might have", Possible, After),
    ("is suspected", Possible, Before),
    ("is possible", Possible, Before),
    ("to be ruled out", Possible, Before),
    ("cannot be excluded", Possible, Before),
    ("cannot be ruled out", Possible, Before),
    ("if", Hypothetical, After),
    ("return for", Hypothetical, After),
    ("return if", Hypothetical, After),
    ("should he develop", Hypothetical, After),
    ("should she develop", Hypothetical, After),
    ("should they develop", Hypothetical, After),
    ("in case of", Hypothetical, After),
    ("risk of", Hypothetical, After),
    ("at risk for", Hypothetical, After),
    ("screening for", Hypothetical, After),
    ("to prevent", Hypothetical, After),
    ("prophylaxis for", Hypothetical, After),
];

/// Words that end what a trigger reaches.
const ENDS: &[&str] = &[
    "but",
    "however",
    "although",
    "though",
    "except",
    "nevertheless",
    "yet",
    "still",
    "aside",
    "apart",
    "which",
    "presents",
    "presented",
    "presenting",
    "reports",
    "complains",
    "admits",
    "now",
    "currently",
    "secondary",
    "because",
];

/// Headings under which everything is a relative's, or in the past.
const FAMILY_HEADINGS: &[&str] = &["family history", "family hx", "fhx", "fh", "family medical history"];
const HISTORY_HEADINGS: &[&str] = &["past surgical history", "surgical history", "psh", "resolved problems"];

/// By its first word: the words of a trigger, what they say, and of which words.
type Rule = (Vec<&'static str>, Assertion, Reach);
static BY_FIRST_WORD: Lazy<HashMap<&str, Vec<Rule>>> = Lazy::new(|| {
    let mut out: HashMap<&str, Vec<Rule>> = HashMap::new();
    for (text, assertion, reach) in TRIGGERS {
        let words: Vec<&str> = text.split(' ').collect();
        let rules = out.entry(words.first().copied().unwrap_or_default()).or_default();
        rules.push((words, *assertion, *reach));
    }
    out
});

/// A trigger in a sentence: its words, counted from the sentence's first.
#[derive(Debug)]
pub(super) struct Trigger {
    first: usize,
    end: usize,
    assertion: Assertion,
    reach: Reach,
}

/// What a sentence says of the words of a span.
pub(super) fn of(note: &NoteText, sentence: &Sentence, span: Span) -> Assertion {
    let words = note.of_sentence(sentence);
    let inside = |at: usize| {
        words.get(at).is_some_and(|word| word.span.start >= span.start && word.span.end <= span.end)
    };
    let (Some(first), Some(last)) =
        ((0..words.len()).find(|at| inside(*at)), (0..words.len()).rfind(|at| inside(*at)))
    else {
        return Assertion::Affirmed;
    };
    let heading = sentence.heading.as_deref().unwrap_or_default();
    let mut said: Vec<Assertion> = Vec::new();
    if FAMILY_HEADINGS.contains(&heading) {
        said.push(Family);
    }
    if HISTORY_HEADINGS.contains(&heading) {
        said.push(Historical);
    }
    for trigger in &sentence.triggers {
        let reaches = match trigger.reach {
            After => trigger.end <= first && !ended(words, trigger.end, first),
            Before => trigger.first > last && !ended(words, last + 1, trigger.first),
            Everywhere => trigger.end <= first || trigger.first > last,
            Nowhere => false,
        };
        // A title that says so itself: "family history of malignant neoplasm of breast".
        let within = trigger.first >= first && trigger.end <= last + 1;
        let reaches = reaches || (within && matches!(trigger.assertion, Family | Historical));
        if reaches {
            said.push(trigger.assertion);
        }
    }
    // What is denied is denied, whoever's it would be; what is a relative's is not the patient's.
    [Negated, Family, Hypothetical, Possible, Historical]
        .into_iter()
        .find(|assertion| said.contains(assertion))
        .unwrap_or(Assertion::Affirmed)
}

/// Whether words between a trigger and a condition end what it reaches.
fn ended(words: &[Word], from: usize, to: usize) -> bool {
    let between = words.get(from..to).unwrap_or_default();
    between.iter().any(|word| ENDS.contains(&word.folded.as_str())) || clause_begins(between)
}

/// "No fever, and pneumonia on film" denies one thing and says another: a list of two has no comma before its `and`.
/// "No fever, chills, and cough" denies three.
fn clause_begins(between: &[Word]) -> bool {
    let comma = between.iter().position(|word| word.after_comma);
    let behind = comma.filter(|at| *at > 0).and_then(|at| between.get(at));
    behind.is_some_and(|word| {
        matches!(word.folded.as_str(), "and" | "with" | "has" | "had" | "he" | "she" | "they")
    })
}

/// The triggers of a sentence, none inside another.
pub(super) fn triggers(words: &[Word]) -> Vec<Trigger> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let rest = words.get(at..).unwrap_or_default();
        let begins = |(rule, ..): &&Rule| {
            rest.len() >= rule.len() && rest.iter().zip(rule).all(|(word, known)| word.folded == *known)
        };
        let rules = BY_FIRST_WORD.get(word.folded.as_str()).into_iter().flatten();
        match rules.filter(begins).max_by_key(|(rule, ..)| rule.len()) {
            Some((rule, assertion, reach)) => {
                let end = at + rule.len();
                out.push(Trigger { first: at, end, assertion: *assertion, reach: *reach });
                at = end;
            }
            None => at += 1,
        }
    }
    out
}

/// What an assertion means for a code: a personal or family history is what some codes are of (Z80 to Z84 family, Z85 to
/// Z87 and Z91.5 personal; guidelines I.C.21.c.4), and a sequela or status is of the past.
pub(super) fn for_code(assertion: Assertion, code: &str) -> Assertion {
    let family = ["Z80", "Z81", "Z82", "Z83", "Z84"].iter().any(|category| code.starts_with(category));
    let past = ["Z85", "Z86", "Z87", "Z98", "Z90", "Z89", "Z91.5", "I25.2"]
        .iter()
        .any(|part| code.starts_with(part));
    match assertion {
        Family if family => Assertion::Affirmed,
        Historical if past => Assertion::Affirmed,
        Assertion::Affirmed if family => Negated,
        other => other,
    }
}
