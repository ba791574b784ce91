//! The graph on the embedded list: inheritance, ranges in tabular order, conditions, Excludes1 in three values.

use super::*;

fn codes() -> &'static Codes {
    static CODES: std::sync::OnceLock<Codes> = std::sync::OnceLock::new();
    CODES.get_or_init(|| Codes::embedded().unwrap())
}

fn notes(code: &str, kind: NoteKind) -> Vec<Note> {
    let notes = codes().notes("icd10cm", code, &CodeContext::default()).unwrap();
    notes.into_iter().filter(|note| note.kind == kind).collect()
}

fn covers(text: &str, code: &str) -> Coverage {
    let note = Note {
        kind: NoteKind::Excludes1,
        text: text.into(),
        codes: vec![],
        at: String::new(),
        release: String::new(),
    };
    codes().covers(&note, code, &CodeContext::default())
}

#[test]
fn notes_are_inherited() {
    let excluded = notes("E11.65", NoteKind::Excludes1);
    let from: Vec<&str> = excluded.iter().map(|note| note.at.as_str()).collect();
    assert!(from.contains(&"4") && from.contains(&"E11"), "{from:?}");
    let type_1 = excluded.iter().find(|note| note.text == "type 1 diabetes mellitus (E10.-)").unwrap();
    assert_eq!((type_1.codes.as_slice(), type_1.release.as_str()), (&["E10.-".to_owned()][..], "FY2026"));
    let stage = notes("E11.22", NoteKind::UseAdditional);
    assert!(stage.iter().any(|note| note.at == "E11.22" && note.codes == ["N18.1-N18.6"]));
    assert!(notes("E11.9", NoteKind::UseAdditional).iter().all(|note| note.at != "E11.22"));
    assert!(!notes("S72.001A", NoteKind::SeventhCharacter).is_empty());
    assert_eq!(notes("M01.X0", NoteKind::CodeFirst)[0].at, "M01");
    assert!(notes("Q99.99", NoteKind::Includes).is_empty());
    assert!(codes().notes("npi", "1234567893", &CodeContext::default()).unwrap().is_empty());
    assert_eq!(codes().notes("icd11", "x", &CodeContext::default()).unwrap_err().code(), "unknown_system");
}

#[test]
fn ranges_run_in_the_order_of_the_list() {
    // C4A stands between C43 and C44, C7A and C7B between C75 and C76, M1A between M09 and M10.
    for (text, inside, outside) in [
        ("(C43-C44)", "C4A.9", "C45.0"),
        ("(C00-C75)", "C4A.9", "C7A.00"),
        ("(C7A-C7B)", "C7B.1", "C76.0"),
        ("(M05-M1A)", "M1A.9XX0", "M11.00"),
        ("(O94-O9A)", "O9A.111", "P00.0"),
    ] {
        assert_eq!(covers(text, inside), Coverage::Yes, "{text} {inside}");
        assert_eq!(covers(text, outside), Coverage::No, "{text} {outside}");
    }
    assert_eq!(covers("(T40.5X1-T40.5X4)", "T40.5X3D"), Coverage::Yes);
    assert_eq!(covers("(T40.5X1-T40.5X4)", "T40.5X5D"), Coverage::No);
    assert_eq!(covers("(E14-E10)", "E11.9"), Coverage::No);
    assert_eq!(covers("(E99.-)", "E11.9"), Coverage::No);
}

#[test]
fn conditions_narrow_a_range() {
    let adverse = "(T36-T50 with fifth or sixth character 5)";
    assert_eq!(covers(adverse, "T39.015A"), Coverage::Yes);
    assert_eq!(covers(adverse, "T45.1X5D"), Coverage::Yes);
    assert_eq!(covers(adverse, "T39.011A"), Coverage::No);
    assert_eq!(covers("(E08-E13 with .52)", "E11.52"), Coverage::Yes);
    assert_eq!(covers("(E08-E13 with .52)", "E11.51"), Coverage::No);
    assert_eq!(
        covers("(T51-T65 with fifth or sixth character to indicate intent)", "T51.0X1A"),
        Coverage::Possible
    );
}

#[test]
fn excludes1_has_three_answers() {
    let on = CodeContext::default();
    let found = codes().excludes1("E10.9", "E11.9", &on);
    assert_eq!(found.status, ExclusionStatus::Conflict);
    assert_eq!((found.code.as_deref(), found.excluded.as_deref()), (Some("E10.9"), Some("E11.9")));
    // The guidelines' own example: teeth grinding is one of several conditions of F45.8 (I.A.12.a).
    let found = codes().excludes1("F45.8", "G47.63", &on);
    assert_eq!(found.status, ExclusionStatus::ExceptionPossible);
    assert_eq!(found.note.unwrap().codes, ["G47.63"]);
    assert_eq!(codes().excludes1("G47.63", "F45.8", &on).status, ExclusionStatus::ExceptionPossible);
    for (one, other) in [("E11.9", "I10"), ("E11.9", "E11.65"), ("E11.9", "nonsense"), ("", "")] {
        let found = codes().excludes1(one, other, &on);
        assert_eq!((found.status, found.note), (ExclusionStatus::Clear, None));
    }
}

#[test]
fn nearly_every_reference_is_found_in_the_list() {
    let on = CodeContext::default();
    let (mut named, mut lost) = (0, Vec::new());
    for letter in 'A'..='Z' {
        for number in 0..100 {
            let category = format!("{letter}{number:02}");
            let Ok(notes) = codes().notes("icd10cm", &category, &on) else { continue };
            for note in notes.iter().filter(|note| note.at == category) {
                for reference in references(&note.text) {
                    named += 1;
                    if !codes().icd10cm.is_listed(&reference, &on) {
                        lost.push(format!("{category}: {}", note.text));
                    }
                }
            }
        }
    }
    assert!(named > 2_500, "{named}");
    assert!(lost.len() < 12, "{} of {named}: {lost:#?}", lost.len());
}
