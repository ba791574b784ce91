use super::*;

fn check_note(note: &str, list: &[&str]) -> Vec<SuggestedCode> {
    static CODES: std::sync::OnceLock<Codes> = std::sync::OnceLock::new();
    let codes = CODES.get_or_init(|| Codes::embedded().unwrap());
    let request = SuggestedCodesRequest {
        note: note.to_owned(),
        codes: list.iter().map(|code| (*code).to_owned()).collect(),
        on: Some("2026-02-10".to_owned()),
    };
    codes.check_suggested_codes(&request).unwrap()
}

/// What each code's support is, and the assertion of its best place.
fn support(note: &str, list: &[&str]) -> Vec<String> {
    let assertion =
        |review: &SuggestedCode| review.evidence.first().map_or("-", |evidence| evidence.assertion);
    check_note(note, list).iter().map(|review| format!("{} {}", review.support, assertion(review))).collect()
}

#[test]
fn what_a_note_says_supports_a_code() {
    assert_eq!(
        support("Patient with essential hypertension on lisinopril.", &["I10"]),
        ["supported affirmed"]
    );
    assert_eq!(support("Known COPD, stable on inhalers.", &["J44.9"]), ["supported affirmed"]);
    assert_eq!(support("Here for pain in the right knee.", &["M25.561"]), ["supported affirmed"]);
    assert_eq!(support("Here for a cough.", &["M25.561"]), ["not_supported -"]);
}

#[test]
fn what_a_note_denies_contradicts_a_code() {
    for (note, expected) in [
        ("No evidence of pneumonia.", "contradicted negated"),
        ("Denies pneumonia but has a cough.", "contradicted negated"),
        ("Pneumonia was ruled out.", "contradicted negated"),
        ("Cough, no fever, and pneumonia on film.", "supported affirmed"),
        ("No fever, with pneumonia on film.", "supported affirmed"),
        ("No fever, chills, and pneumonia.", "contradicted negated"),
        ("No fever, chills or pneumonia.", "contradicted negated"),
        ("No fever and pneumonia.", "contradicted negated"),
        ("Pneumonia on film, and fever was ruled out.", "supported affirmed"),
        ("No fever but pneumonia on film.", "supported affirmed"),
        ("Mother had pneumonia.", "contradicted family"),
        ("Family History: pneumonia", "contradicted family"),
        ("History of pneumonia.", "contradicted historical"),
        ("Pneumonia resolved.", "contradicted historical"),
        ("Possible pneumonia.", "uncertain possible"),
        ("Return if pneumonia develops.", "uncertain hypothetical"),
        ("No change in pneumonia.", "supported affirmed"),
        ("Denies fever. Pneumonia of the left lung.", "supported affirmed"),
    ] {
        assert_eq!(support(note, &["J18.9"]), [expected], "{note}");
    }
}

#[test]
fn history_codes_are_of_history() {
    assert_eq!(
        support("Family history of malignant neoplasm of breast.", &["Z80.3"]),
        ["supported affirmed"]
    );
    assert_eq!(support("Personal history of urinary calculi.", &["Z87.442"]), ["supported affirmed"]);
}

#[test]
fn the_other_side_contradicts() {
    assert_eq!(
        support("Pain in the left knee.", &["M25.561", "M25.562"]),
        ["contradicted affirmed", "supported affirmed"]
    );
}

#[test]
fn spans_are_places_of_the_note() {
    let note = "Subjective.\nÜberweisung: essential hypertension, poorly controlled.";
    let review = &check_note(note, &["I10"])[0];
    let span = review.evidence[0].span;
    assert_eq!(&note[span.start..span.end], "essential hypertension");
}

#[test]
fn a_note_may_say_more() {
    let review = &check_note("Type 2 diabetes mellitus with diabetic nephropathy.", &["E11.9"])[0];
    assert!(review.more_specific.contains(&"E11.21".to_owned()), "{:?}", review.more_specific);
    assert!(check_note("Essential hypertension.", &["I10"])[0].more_specific.is_empty());
}

#[test]
fn codes_are_judged_and_compared() {
    let reviews = check_note("Pain in both knees.", &["M25.561", "nonsense", "M25.561", "W00.0XXA"]);
    assert_eq!(reviews[1].verdict.reason, Some("malformed"));
    assert_eq!(reviews[1].support, "not_supported");
    let conflicts: Vec<&str> = reviews[2].conflicts.iter().map(|finding| finding.code).collect();
    assert_eq!(conflicts, ["duplicate_of_principal"]);
    assert_eq!(reviews[2].conflicts[0].other.as_deref(), Some("codes[0]"));
}

#[test]
fn a_request_is_bounded() {
    let codes = Codes::embedded().unwrap();
    let error = |request: SuggestedCodesRequest| codes.check_suggested_codes(&request).unwrap_err().code();
    let base = SuggestedCodesRequest::default();
    assert_eq!(
        error(SuggestedCodesRequest { note: "x".repeat(NOTE_BYTES + 1), ..base.clone() }),
        "too_large"
    );
    assert_eq!(error(SuggestedCodesRequest { codes: vec![String::new(); 201], ..base.clone() }), "too_large");
    assert_eq!(error(SuggestedCodesRequest { on: Some("soon".to_owned()), ..base }), "invalid_date");
    assert!(
        check_note("\0 ::: . . \u{200b}", &["I10", ""])
            .iter()
            .all(|review| review.support == "not_supported")
    );
}

proptest::proptest! {
    #[test]
    fn no_note_panics(note in "\\PC{0,120}") {
        for review in check_note(&note, &["I10"]) {
            for evidence in &review.evidence {
                assert!(note.get(evidence.span.start..evidence.span.end).is_some());
            }
        }
    }
}
