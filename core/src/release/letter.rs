//! Letters that come with a decision: the denial, the cover sheet of a copy, the notice of an extension.
//!
//! A letter is structured content and the same as plain text. What it says of the law it takes from the decision; the
//! names and places are the caller's. A letter to anyone but the individual says nothing that would tell what kind of
//! information was withheld (42 CFR 2.13(c)).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::decision::{Decision, SegmentOutcome};
use super::request::{Day, Request, Role};
use crate::error::{Error, Result, codes};

/// Which letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LetterKind {
    /// What is withheld, and the rights of the individual (45 CFR 164.524(d)).
    Denial,
    /// What comes with the copy: contents, conditions, notices, fee.
    Cover,
    /// More time is needed (45 CFR 164.524(b)(2)(iii)).
    Extension,
}

impl LetterKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Denial, Self::Cover, Self::Extension];

    /// The stable lower-case name, the same in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Denial => "denial",
            Self::Cover => "cover",
            Self::Extension => "extension",
        }
    }
}

impl std::str::FromStr for LetterKind {
    type Err = Error;

    /// # Errors
    /// `invalid_argument`.
    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == name);
        found.ok_or_else(|| {
            Error::new(&codes::INVALID_ARGUMENT).in_path("kind").note("known: denial, cover, extension")
        })
    }
}

/// What a letter needs besides the decision. What is left out is asked for in [`Letter::missing`], and stands as a
/// blank in the text.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LetterFacts {
    /// The day of the letter.
    pub date: Option<Day>,
    /// Who writes: the holder, with address, a line each.
    pub from: Option<String>,
    /// To whom, with address, a line each.
    pub to: Option<String>,
    /// How the request is called, such as `your request of 2 March 2026`.
    pub about: Option<String>,
    /// Name or title, and telephone, of who takes complaints at the holder (45 CFR 164.524(d)(2)(iii)).
    pub complaints_to: Option<String>,
    /// How to ask for a review (45 CFR 164.524(d)(2)(ii)).
    pub review_by: Option<String>,
    /// Why more time is needed (45 CFR 164.524(b)(2)(iii)(A)).
    pub reason_for_delay: Option<String>,
    /// What is charged; only what 45 CFR 164.524(c)(4) allows.
    pub fees: Vec<Fee>,
}

/// One item of a fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// For what.
    pub item: FeeItem,
    /// How much, in dollars and cents: `6.50`.
    pub amount: String,
}

/// What a cost-based fee may contain (45 CFR 164.524(c)(4)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FeeItem {
    /// Labour for copying: (i).
    CopyingLabor,
    /// Supplies for the paper copy or the electronic media: (ii).
    Supplies,
    /// Postage, where the copy was to be mailed: (iii).
    Postage,
    /// A summary or explanation that the individual agreed to: (iv).
    AgreedSummary,
}

impl FeeItem {
    const fn words(self) -> &'static str {
        match self {
            Self::CopyingLabor => "labor for copying",
            Self::Supplies => "supplies",
            Self::Postage => "postage",
            Self::AgreedSummary => "summary or explanation, as agreed",
        }
    }
}

/// A letter.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// Which one.
    pub kind: LetterKind,
    /// Its title.
    pub title: String,
    /// Its parts, in order.
    pub sections: Vec<LetterSection>,
    /// The whole as plain text.
    pub text: String,
    /// What has to be filled in before it can go, by the names of [`LetterFacts`].
    pub missing: Vec<String>,
}

/// One part of a letter.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct LetterSection {
    /// What it is about; empty for the opening and the close.
    pub heading: String,
    /// Its paragraphs or items.
    pub lines: Vec<String>,
}

impl std::fmt::Debug for LetterFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LetterFacts").field("fees", &self.fees.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Writes a letter about the decision on a request.
///
/// # Errors
/// `invalid_argument` where there is nothing to write it about (a denial of nothing, a cover of no copy, an extension
/// that no law gives), or an amount is not dollars and cents.
pub fn letter(
    request: &Request,
    decision: &Decision,
    kind: LetterKind,
    facts: &LetterFacts,
) -> Result<Letter> {
    let mut desk = Desk { request, decision, facts, sections: Vec::new(), missing: Vec::new() };
    desk.opening();
    let title = match kind {
        LetterKind::Denial => desk.denial()?,
        LetterKind::Cover => desk.cover()?,
        LetterKind::Extension => desk.extension()?,
    };
    let Desk { sections, missing, .. } = desk;
    let text = plain(title, &sections);
    Ok(Letter { kind, title: title.to_owned(), sections, text, missing })
}

struct Desk<'d> {
    request: &'d Request,
    decision: &'d Decision,
    facts: &'d LetterFacts,
    sections: Vec<LetterSection>,
    missing: Vec<String>,
}

/// What stands where something has to be filled in.
const BLANK: &str = "________";

fn refuse(note: &'static str) -> Error {
    Error::new(&codes::INVALID_ARGUMENT).in_path("kind").note(note)
}

impl Desk<'_> {
    fn section(&mut self, heading: &str, lines: Vec<String>) {
        if !lines.is_empty() {
            self.sections.push(LetterSection { heading: heading.to_owned(), lines });
        }
    }

    /// A fact, or the blank for it.
    fn filled(&mut self, name: &str, value: Option<&str>) -> String {
        match value.map(str::trim).filter(|value| !value.is_empty()) {
            Some(value) => value.to_owned(),
            None => {
                self.missing.push(name.to_owned());
                BLANK.to_owned()
            }
        }
    }

    /// Whether the letter goes to the individual or who stands in their place.
    fn to_individual(&self) -> bool {
        matches!(self.request.requester.role, Some(Role::Individual | Role::PersonalRepresentative))
    }

    fn opening(&mut self) {
        let facts = self.facts;
        let date = facts.date.map(|date| date.0.to_string());
        let from = self.filled("from", facts.from.as_deref());
        let date = self.filled("date", date.as_deref());
        let name = facts.to.as_deref().or(self.request.requester.name.as_deref());
        let to = self.filled("to", name);
        let about = facts.about.clone().unwrap_or_else(|| format!("the request of {}", self.request.on.0));
        self.section("", vec![from, date, to, format!("About {about}.")]);
    }

    fn withheld(&self) -> bool {
        self.decision.segments.iter().any(|segment| {
            matches!(segment.outcome, SegmentOutcome::Withhold | SegmentOutcome::NeedsInformation)
        })
    }

    fn denial(&mut self) -> Result<&'static str> {
        if !self.withheld() {
            return Err(refuse("nothing is denied"));
        }
        if !self.to_individual() {
            // Reasons would tell what the record holds.
            let rest = if self.decision.released() > 0 { "the rest of what" } else { "what" };
            self.section(
                "",
                vec![
                    format!("We cannot release {rest} you asked for on the papers that we have."),
                    "This letter neither says nor denies that any record of a certain kind exists."
                        .to_owned(),
                ],
            );
            self.exceptions();
            return Ok("Answer to your request for records");
        }
        let basis: Vec<String> = self
            .decision
            .reasons
            .iter()
            .filter(|reason| {
                matches!(reason.outcome, SegmentOutcome::Withhold | SegmentOutcome::NeedsInformation)
            })
            .map(|reason| format!("{} ({}).", reason.title, reason.citation))
            .collect();
        let part = if self.decision.released() > 0 { "part" } else { "all" };
        self.section(
            "",
            vec![format!("We do not give you {part} of what you asked for. The rest, if any, is yours.")],
        );
        self.section("Why", basis);
        if self.owes("denial_reviewable") {
            let by = self.facts.review_by.clone();
            let by = self.filled("review_by", by.as_deref());
            self.section(
                "Your right to a review",
                vec![format!(
                    "You can have this denial reviewed by a licensed health care professional whom we name and who \
                     had no part in it. We will do what that person decides. To ask for it: {by}"
                )],
            );
        } else {
            self.section("Review", vec!["The law gives no right to a review of this denial.".to_owned()]);
        }
        let complaints = self.facts.complaints_to.clone();
        let complaints = self.filled("complaints_to", complaints.as_deref());
        self.section(
            "How to complain",
            vec![
                format!("To us: {complaints}"),
                "To the Secretary of Health and Human Services: U.S. Department of Health and Human Services, Office \
                 for Civil Rights, 200 Independence Avenue, S.W., Washington, D.C. 20201, or through its web site. A \
                 complaint is to be filed within 180 days of when you knew of the act (45 CFR 160.306)."
                    .to_owned(),
            ],
        );
        self.exceptions();
        Ok("Denial of access to records")
    }

    /// The exception that information blocking asks to be named.
    fn exceptions(&mut self) {
        let texts = self.obligations(&["name_exception", "gdpr_reasons"]);
        self.section("To be completed", texts);
    }

    fn owes(&self, code: &str) -> bool {
        self.decision.obligations.iter().any(|obligation| obligation.code == code)
    }

    fn obligations(&self, codes: &[&str]) -> Vec<String> {
        let due = self.decision.obligations.iter().filter(|it| codes.contains(&it.code.as_str()));
        let mut texts: Vec<String> = due.map(|it| format!("{} ({})", it.text, it.citation)).collect();
        texts.dedup();
        texts
    }

    fn cover(&mut self) -> Result<&'static str> {
        if self.decision.released() == 0 {
            return Err(refuse("no copy goes"));
        }
        let mut kinds = BTreeMap::<&str, usize>::new();
        for segment in self.decision.segments.iter().filter(|segment| segment.outcome.is_released()) {
            *kinds.entry(segment.kind).or_default() += 1;
        }
        let contents =
            kinds.iter().map(|(kind, count)| format!("{}: {count}", kind.replace('_', " "))).collect();
        self.section("What is enclosed", contents);
        if self.withheld() && self.to_individual() {
            self.section(
                "",
                vec!["Part of what you asked for is not enclosed; a letter of its own says why.".into()],
            );
        }
        let inward = [
            "retain_authorization",
            "account_for_disclosure",
            "act_within_30_days",
            "written_denial",
            "denial_reviewable",
            "name_exception",
            "part2_emergency_record",
            "part2_accounting",
            "consider_care_access",
            "cost_based_fee",
            "form_and_format",
            "inform_individual_of_report",
            "judicial_terms",
        ];
        let due = self.decision.obligations.iter().filter(|it| !inward.contains(&it.code.as_str()));
        let mut notices: Vec<String> = due.map(|it| format!("{} ({})", it.text, it.citation)).collect();
        notices.dedup();
        self.section("Notices and conditions", notices);
        self.fee()?;
        Ok("Records enclosed")
    }

    fn fee(&mut self) -> Result<()> {
        let mut total: u64 = 0;
        let mut lines = Vec::new();
        for (at, fee) in self.facts.fees.iter().enumerate() {
            let cents = cents(&fee.amount).ok_or_else(|| {
                Error::new(&codes::INVALID_ARGUMENT)
                    .in_path(format!("facts.fees[{at}].amount"))
                    .note("dollars and cents, such as 6.50")
            })?;
            total = total.saturating_add(cents);
            lines.push(format!("{}: ${}.{:02}", fee.item.words(), cents / 100, cents % 100));
        }
        if !lines.is_empty() {
            lines.push(format!("total: ${}.{:02}", total / 100, total % 100));
            lines.push("A reasonable, cost-based fee (45 CFR 164.524(c)(4)).".to_owned());
        }
        self.section("Fee", lines);
        Ok(())
    }

    fn extension(&mut self) -> Result<&'static str> {
        let extended = self.decision.extended_due.clone();
        let extended = extended.ok_or_else(|| refuse("no law gives an extension here"))?;
        let due = self.decision.due.clone().unwrap_or_default();
        let reason = self.facts.reason_for_delay.clone();
        let reason = self.filled("reason_for_delay", reason.as_deref());
        self.section(
            "",
            vec![
                format!("We cannot answer by {due}, because: {reason}"),
                format!("You will have our answer by {extended}. There is no further extension."),
            ],
        );
        let clocks: Vec<String> = self
            .decision
            .obligations
            .iter()
            .filter(|it| {
                it.code.starts_with("act_")
                    || it.code.starts_with("account_within")
                    || it.code.starts_with("gdpr_one")
            })
            .map(|it| it.citation.clone())
            .collect();
        self.section("The law", clocks);
        Ok("More time for your request")
    }
}

/// Dollars and cents as cents.
fn cents(amount: &str) -> Option<u64> {
    let (dollars, cents) = amount.split_once('.').unwrap_or((amount, "00"));
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(dollars) || !plain(cents) || cents.len() != 2 || dollars.len() > 9 {
        return None;
    }
    Some(dollars.parse::<u64>().ok()? * 100 + cents.parse::<u64>().ok()?)
}

fn plain(title: &str, sections: &[LetterSection]) -> String {
    let mut out = String::new();
    for (at, section) in sections.iter().enumerate() {
        if at == 1 {
            out.push_str(&format!("{title}\n\n"));
        }
        if !section.heading.is_empty() {
            out.push_str(&format!("{}\n", section.heading));
        }
        let item = if section.heading.is_empty() { "" } else { "- " };
        section.lines.iter().for_each(|line| out.push_str(&format!("{item}{line}\n")));
        out.push('\n');
    }
    out.trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Record;
    use crate::release::{Law, decide};

    const PATIENT: &str = r#"{"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "p", "birthDate": "1970-05-02",
         "name": [{"family": "Doe", "given": ["Jo"]}]}},
        {"resource": {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p"},
         "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F11.20"}]}}}]}"#;

    fn written(change: &str, kind: LetterKind, facts: &LetterFacts) -> Result<Letter> {
        let request = Request::parse(&format!(
            r#"{{"on": "2026-03-02", "identity_verified": true, "authority_verified": true,
                "patient": {{"family": "Doe", "given": "Jo", "birth_date": "1970-05-02"}},
                "scope": {{"whole_record": true}}, "authority": [], "holder": {{"part2_records": true}}, {change}}}"#
        ))?;
        let record = Record::parse(PATIENT, None)?;
        let decision = decide(&request, &record, Law::embedded()?)?;
        letter(&request, &decision, kind, facts)
    }

    #[test]
    fn a_denial_to_the_individual_says_why_and_how_to_complain() {
        let danger = r#""requester": {"role": "individual"}, "designations": [{"kind": "danger_to_life",
            "terms": {"entries": ["c1"]}, "by": "Dr. A. Example", "role": "licensed_professional"}]"#;
        let facts = LetterFacts { review_by: Some("call 555-0100".into()), ..LetterFacts::default() };
        let letter = written(danger, LetterKind::Denial, &facts).unwrap();
        for words in [
            "164.524(a)(3)(i)",
            "reviewed by a licensed health care professional",
            "call 555-0100",
            "Office for Civil Rights",
            BLANK,
        ] {
            assert!(letter.text.contains(words), "{words}: {}", letter.text);
        }
        assert_eq!(letter.missing, ["from", "date", "to", "complaints_to"]);
        let all = r#""requester": {"role": "individual"}"#;
        assert_eq!(written(all, LetterKind::Denial, &facts).unwrap_err().code(), "invalid_argument");
    }

    #[test]
    fn a_denial_to_anyone_else_does_not_tell_what_the_record_holds() {
        let provider = r#""requester": {"role": "provider", "name": "Dr. B"}, "purpose": "treatment""#;
        let letter = written(provider, LetterKind::Denial, &LetterFacts::default()).unwrap();
        for words in ["ubstance", "Part 2", "2.31", "consent"] {
            assert!(!letter.text.contains(words), "{words}");
        }
        let cover = written(provider, LetterKind::Cover, &LetterFacts::default()).unwrap();
        assert!(cover.text.contains("person: 1") && !cover.text.contains("condition"));
    }

    #[test]
    fn a_cover_adds_the_fee_up_and_an_extension_names_the_day() {
        let all = r#""requester": {"role": "individual"}"#;
        let fee = |item, amount: &str| Fee { item, amount: amount.to_owned() };
        let mut facts = LetterFacts {
            fees: vec![fee(FeeItem::CopyingLabor, "6.50"), fee(FeeItem::Postage, "1.75")],
            reason_for_delay: Some("the record is stored elsewhere".into()),
            ..LetterFacts::default()
        };
        let cover = written(all, LetterKind::Cover, &facts).unwrap();
        assert!(cover.text.contains("total: $8.25") && cover.text.contains("condition: 1"), "{}", cover.text);
        let extension = written(all, LetterKind::Extension, &facts).unwrap();
        assert!(extension.text.contains("2026-05-01"), "{}", extension.text);
        facts.fees.push(fee(FeeItem::Supplies, "about 3"));
        assert_eq!(written(all, LetterKind::Cover, &facts).unwrap_err().path(), Some("facts.fees[2].amount"));
        let provider = r#""requester": {"role": "provider"}, "purpose": "treatment""#;
        assert!(written(provider, LetterKind::Extension, &facts).is_err(), "no clock runs for a provider");
    }
}
