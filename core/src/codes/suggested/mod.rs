//! Codes that a person or a model proposes for a note: is each valid, specific enough, said by the note, and free of
//! conflict with the others?
//!
//! The note is read by rules, not by a model: the words of a code's title, abbreviations opened, are looked for in
//! each sentence, and what the sentence says of them (negated, a family member's, in the past, only suspected) is told
//! by the words around them ([`assertion`]). Evidence is given as spans of the note, never as text.

mod assertion;
mod note;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

use self::assertion::Assertion;
use self::note::{NoteText, Sentence};
use super::claim::{Claim, ClaimDiagnosis, ClaimFinding};
use super::context::CodeContext;
use super::verdict::{Status, VerdictRecord};
use super::{Codes, words};
use crate::error::{Error, Result, codes as catalogue};
use crate::text::{PartialDate, Span};

/// The longest note that is read, in bytes.
pub const NOTE_BYTES: usize = 1 << 20;
/// The most codes of one request.
pub const SUGGESTED_CODES: usize = 200;
/// The share of a title's words, by weight, that a sentence must have to support its code, or to support it in part.
const SUPPORTED: f32 = 0.7;
const PARTLY: f32 = 0.4;
const MORE_SPECIFIC: usize = 3;

/// The request of `check_suggested_codes`.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuggestedCodesRequest {
    /// The clinical note.
    pub note: String,
    /// The codes of ICD-10-CM, the one that is to stand first at the beginning.
    pub codes: Vec<String>,
    /// Date of service, `YYYY-MM-DD`; without one the newest loaded release is asked.
    #[serde(default)]
    pub on: Option<String>,
}

/// A note is a patient's: its size is printed.
impl fmt::Debug for SuggestedCodesRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SuggestedCodesRequest")
            .field("note_bytes", &self.note.len())
            .field("codes", &self.codes.len())
            .finish_non_exhaustive()
    }
}

/// A place of the note that speaks of a code's condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteEvidence {
    /// Bytes of the note.
    pub span: Span,
    /// What the note says there: `affirmed`, `negated`, `historical`, `family`, `possible` or `hypothetical`.
    pub assertion: &'static str,
}

/// What was found out about one suggested code.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuggestedCode {
    /// Whether it may be reported on the day, with reason and title.
    pub verdict: VerdictRecord,
    /// `supported`, `partly_supported`, `not_supported`, `contradicted` (every place denies it, or gives it to the past or
    /// a relative, or to the other side), or `uncertain` (only suspected or conditional).
    pub support: &'static str,
    /// The share of the title's words that the best place has, weighted by their rarity, from 0 to 1.
    pub score: f64,
    /// The places that speak of it, the best first.
    pub evidence: Vec<NoteEvidence>,
    /// Codes of the same category that say more of what the best place says.
    pub more_specific: Vec<String>,
    /// What the code does not agree with in the others: the findings of `check_claim` on them as diagnoses, their paths
    /// `codes[0]`.
    pub conflicts: Vec<ClaimFinding>,
}

/// Reviews suggested codes.
///
/// # Errors
/// `invalid_date`; `too_large` where the note is larger than [`NOTE_BYTES`] or there are more than
/// [`SUGGESTED_CODES`] codes.
pub(crate) fn check(codes: &Codes, request: &SuggestedCodesRequest) -> Result<Vec<SuggestedCode>> {
    if request.note.len() > NOTE_BYTES || request.codes.len() > SUGGESTED_CODES {
        return Err(Error::new(&catalogue::TOO_LARGE));
    }
    let on = request.on.as_deref().map(PartialDate::day).transpose().map_err(|error| error.in_path("on"))?;
    let context = CodeContext { on, ..CodeContext::default() };
    let note = NoteText::of(&request.note);
    let conflicts = conflicts(codes, request)?;
    let review = |(at, code): (usize, &String)| {
        let verdict = codes.validate("icd10cm", code, &context)?.record();
        let mut review = review(codes, &note, verdict, &context);
        review.conflicts =
            conflicts.iter().filter(|(place, _)| *place == at).map(|(_, found)| found.clone()).collect();
        Ok(review)
    };
    request.codes.iter().enumerate().map(review).collect()
}

/// The findings on the codes as the diagnoses of one claim, by code.
fn conflicts(codes: &Codes, request: &SuggestedCodesRequest) -> Result<Vec<(usize, ClaimFinding)>> {
    const BETWEEN: &[&str] = &[
        "duplicate_of_principal",
        "duplicate_diagnosis",
        "laterality_conflict",
        "bilateral_code_exists",
        "unspecified_side",
        "maternal_and_newborn",
        "excludes1",
        "excludes1_possible",
        "code_first",
        "first_listed_only",
        "external_cause_principal",
        "manifestation_principal",
    ];
    let Some(from) = request.on.clone().or_else(|| codes.newest_day()) else { return Ok(Vec::new()) };
    let diagnosis = |code: &String| ClaimDiagnosis { code: code.clone(), poa: None };
    let claim = Claim { from, diagnoses: request.codes.iter().map(diagnosis).collect(), ..Claim::default() };
    let rename = |path: &str| path.replace("diagnoses[", "codes[").replace("].code", "]");
    let mut out = Vec::new();
    for mut finding in codes.check_claim(&claim)? {
        let place = finding.path.split(['[', ']']).nth(1).and_then(|text| text.parse::<usize>().ok());
        let Some(place) = place.filter(|_| BETWEEN.contains(&finding.code)) else { continue };
        finding.path = rename(&finding.path);
        finding.other = finding.other.as_deref().map(rename);
        out.push((place, finding));
    }
    Ok(out)
}

/// A sentence that has words of a title.
struct Match<'n> {
    sentence: &'n Sentence,
    /// The places of the words.
    span: Span,
    score: f32,
    assertion: Assertion,
    wrong_side: bool,
}

fn review(codes: &Codes, note: &NoteText, verdict: VerdictRecord, context: &CodeContext) -> SuggestedCode {
    let mut out = SuggestedCode {
        support: "not_supported",
        score: 0.0,
        evidence: Vec::new(),
        more_specific: Vec::new(),
        conflicts: Vec::new(),
        verdict,
    };
    let Some(code) = out.verdict.code.clone() else { return out };
    let wanted = wanted(codes, out.verdict.title.as_deref().unwrap_or_default());
    let telling = wanted.iter().filter(|word| !word.aside).map(|word| &word.stem);
    let mut matches: Vec<Match<'_>> = (note.sentences_with(telling))
        .filter_map(|sentence| matched(note, sentence, &wanted, &code))
        .filter(|found| found.score >= PARTLY)
        .collect();
    matches.sort_by(|a, b| b.score.total_cmp(&a.score));
    let Some(best) = matches.first() else { return out };
    out.score = (f64::from(best.score) * 10_000.0).round() / 10_000.0;
    out.more_specific = more_specific(codes, note, best, &out.verdict, context);
    // Places that say clearly less than the best one decide nothing.
    let telling: Vec<&Match<'_>> = matches.iter().filter(|found| found.score >= best.score * 0.8).collect();
    let says = |found: &&&Match<'_>, assertion: Assertion| found.assertion == assertion;
    let affirmed = telling.iter().filter(|found| says(found, Assertion::Affirmed)).count();
    let on_this_side = telling.iter().any(|found| says(&found, Assertion::Affirmed) && !found.wrong_side);
    let open = telling.iter().any(|found| found.assertion.is_open());
    out.support = match (affirmed > 0, on_this_side, open) {
        (true, false, _) => "contradicted",
        (true, true, _) if best.score >= SUPPORTED => "supported",
        (true, true, _) => "partly_supported",
        (false, _, true) => "uncertain",
        (false, ..) => "contradicted",
    };
    out.evidence = (matches.iter().take(8))
        .map(|found| NoteEvidence { span: found.span, assertion: found.assertion.as_str() })
        .collect();
    out
}

/// Words of a title that a note need not repeat.
const ASIDE: &[&str] = &[
    "unspecified",
    "without",
    "complication",
    "nos",
    "other",
    "specified",
    "encounter",
    "initial",
    "organism",
    "site",
    "cause",
    "uncomplicated",
    "disease",
    "disorder",
];

/// A word of a title.
struct Wanted {
    stem: String,
    weight: f32,
    /// Whether a note need not repeat it.
    aside: bool,
}

/// The words of a title that tell something, each once.
fn wanted(codes: &Codes, title: &str) -> Vec<Wanted> {
    let mut out: Vec<Wanted> = Vec::new();
    words::for_each_word(title, |word| {
        let stem = words::stem(word);
        if words::FUNCTION_WORDS.contains(&word) || out.iter().any(|known| known.stem == stem) {
            return;
        }
        let aside = ASIDE.contains(&stem.as_str()) || is_side(&stem);
        let weight = codes.rarity_of_stem(&stem) * if aside { 0.1 } else { 1.0 };
        out.push(Wanted { stem, weight, aside });
    });
    out
}

/// How much of a title a sentence says.
fn matched<'n>(note: &NoteText, sentence: &'n Sentence, wanted: &[Wanted], code: &str) -> Option<Match<'n>> {
    let (mut total, mut gained) = (0.0, 0.0);
    let mut span: Option<Span> = None;
    for word in wanted {
        total += word.weight;
        let Some(place) = note.place_of(sentence, &word.stem) else { continue };
        gained += word.weight;
        if !word.aside {
            let both = |span: Span| Span::new(span.start.min(place.start), span.end.max(place.end));
            span = Some(span.map_or(place, both));
        }
    }
    let span = span?;
    let side = |word: &str| note.place_of(sentence, word).is_some();
    let wrong_side =
        match (wanted.iter().any(|word| word.stem == "right"), wanted.iter().any(|word| word.stem == "left"))
        {
            (true, false) => side("left") && !side("right") && !side("bilateral"),
            (false, true) => side("right") && !side("left") && !side("bilateral"),
            _ => false,
        };
    let assertion = assertion::of(note, sentence, span);
    Some(Match {
        sentence,
        span,
        score: if total > 0.0 { gained / total } else { 0.0 },
        assertion: assertion::for_code(assertion, code),
        wrong_side,
    })
}

fn is_side(stem: &str) -> bool {
    matches!(stem, "right" | "left" | "bilateral" | "unilateral")
}

/// Billable codes of the same category whose titles the sentence says, and that say more than this one.
fn more_specific(
    codes: &Codes,
    note: &NoteText,
    best: &Match<'_>,
    verdict: &VerdictRecord,
    context: &CodeContext,
) -> Vec<String> {
    let (Some(code), Some(title)) = (verdict.code.as_deref(), verdict.title.as_deref()) else {
        return Vec::new();
    };
    let unspecific = title.to_ascii_lowercase().contains("unspecified")
        || verdict.status == Status::Invalid.as_str()
        || title.to_ascii_lowercase().contains("without complication");
    let Some(category) = code.get(..3).filter(|_| unspecific) else { return Vec::new() };
    let query = note.words_of(best.sentence);
    let hits = codes.find("icd10cm", &query, context, 40).unwrap_or_default();
    let words_of = |title: &str| {
        let mut out = Vec::new();
        words::for_each_word(title, |word| {
            let stem = words::stem(word);
            if !words::FUNCTION_WORDS.contains(&word) && !ASIDE.contains(&stem.as_str()) {
                out.push(stem);
            }
        });
        out
    };
    let own = words_of(title);
    let says_more = |title: &str| {
        let theirs = words_of(title);
        let said = |stem: &String| note.place_of(best.sentence, stem).is_some();
        theirs.iter().filter(|stem| !own.contains(stem)).any(said)
            && theirs.iter().filter(|stem| said(stem)).count() * 4 >= theirs.len() * 3
    };
    (hits.into_iter())
        .filter(|hit| {
            hit.billable && hit.code.starts_with(category) && hit.code != code && says_more(&hit.title)
        })
        .map(|hit| hit.code)
        .take(MORE_SPECIFIC)
        .collect()
}
