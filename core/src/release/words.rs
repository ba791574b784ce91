//! A decision in sentences: why, and what would permit what does not go.

use super::decision::{Reason, SegmentOutcome};
use super::fact::Fact;
use super::law::Confidence;
use super::law::expr::Way;

/// Each reason as a sentence.
pub(super) fn why(reasons: &[Reason]) -> Vec<String> {
    reasons.iter().map(sentence).collect()
}

fn sentence(reason: &Reason) -> String {
    let verb = match reason.outcome {
        SegmentOutcome::MustRelease => "must be released",
        SegmentOutcome::Release => "may be released",
        SegmentOutcome::Withhold => "not released",
        SegmentOutcome::NeedsInformation => "not released before more is known",
        SegmentOutcome::NotRequested => "not asked for",
    };
    let mut out = format!("{}: {verb}. {}", entries(reason.segments), reason.title);
    if !reason.citation.is_empty() {
        out.push_str(&format!(" ({}: {})", reason.rule, reason.citation));
    }
    out.push_str(match reason.confidence {
        Confidence::V => ".",
        Confidence::S => "; from a secondary source.",
        Confidence::R => "; from memory, to be confirmed.",
    });
    out
}

fn entries(count: usize) -> String {
    format!("{count} {}", if count == 1 { "entry" } else { "entries" })
}

/// One way to a release.
pub(super) fn remedy(way: &Way, segments: usize) -> String {
    let parts: Vec<String> = way.iter().filter_map(|(fact, value)| part(*fact, *value)).collect();
    let needed =
        if parts.is_empty() { "a document that covers them".to_owned() } else { parts.join("; and ") };
    format!("{} would go with {needed}.", entries(segments))
}

fn part(fact: Fact, value: bool) -> Option<String> {
    let document = match fact {
        Fact::Authorization => "a valid authorization that covers them (45 CFR 164.508)",
        Fact::Consent => {
            "a valid consent to disclose substance use disorder records that covers them (42 CFR 2.31)"
        }
        Fact::Subpoena => "a subpoena or other lawful process",
        Fact::CourtOrder => "an order of a court or administrative tribunal that expressly covers them",
        Fact::WarrantPresented => {
            "a warrant, or a subpoena of a judicial officer or grand jury, that covers them"
        }
        Fact::AdministrativeRequestPresented => {
            "an administrative request that meets 45 CFR 164.512(f)(1)(ii)(C)"
        }
        Fact::DataUseAgreementPresented => "a data use agreement (45 CFR 164.514(e)(4))",
        Fact::WaiverPresented => "a documented waiver of authorization (45 CFR 164.512(i)(2))",
        Fact::AttestationPresented => "a valid attestation (45 CFR 164.509)",
        Fact::GdprConsentPresented => "a valid consent of the data subject (GDPR, Articles 7 and 9(2)(a))",
        _ => "",
    };
    match (document, value) {
        ("", _) if fact.is_of_segment() => None,
        ("", false) if fact == Fact::AuthNotes => None,
        ("", true) if fact == Fact::AuthNotes => {
            Some("one for psychotherapy notes and nothing else".to_owned())
        }
        ("", true) => Some(format!("a yes to \"{}\"", fact.question())),
        ("", false) => Some(format!("a no to \"{}\"", fact.question())),
        (document, true) => Some(document.to_owned()),
        (_, false) => None,
    }
}
