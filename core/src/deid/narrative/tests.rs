//! Laws of the narrative room: no text makes it fail, offsets are character boundaries, what is not found stays.

use proptest::prelude::*;

use super::*;
use crate::deid::Policy;

fn labels(text: &str) -> Vec<(String, &'static str)> {
    find_identifiers(text, None)
        .unwrap()
        .iter()
        .map(|span| (text[span.byte_start..span.byte_end].to_owned(), span.label))
        .collect()
}

fn cleaned(text: &str) -> String {
    let policy = Policy::named("hipaa-safe-harbor").unwrap();
    deidentify_text(text, &policy, &TextOptions::default()).unwrap().text
}

#[test]
fn forms_of_numbers() {
    for (text, value, label) in [
        ("call (555) 381-2290 today", "(555) 381-2290", "phone"),
        ("SSN: 412-88-3910.", "412-88-3910", "social_security_number"),
        ("MRN 00482913 admitted", "00482913", "medical_record_number"),
        ("fax 210-555-9981", "210-555-9981", "fax"),
        ("mail ada.q@example.org now", "ada.q@example.org", "email"),
        ("see https://portal.example.org/x?y=1.", "https://portal.example.org/x?y=1", "url"),
        ("from 10.42.7.118 at", "10.42.7.118", "ip_address"),
        ("DEA BI4482019 on file", "BI4482019", "provider_identifier"),
        ("plate 7KXR221 seen", "7KXR221", "vehicle_identifier"),
        ("on 3/14/2024 he", "3/14/2024", "date"),
        ("DOB: 05/17/1961", "05/17/1961", "birth_date"),
        ("on March 14th, 2024 he", "March 14th, 2024", "date"),
        ("14-Mar-2024 note", "14-Mar-2024", "date"),
        ("the twenty-second of August", "twenty-second of August", "date"),
        ("a 93-year-old man", "93", "age"),
        ("lives at 1418 W. Garfield Blvd, Apt 3", "1418 W. Garfield Blvd, Apt 3", "street"),
        ("PO Box 881, Homer", "PO Box 881", "street"),
    ] {
        assert!(labels(text).contains(&(value.to_owned(), label)), "{text}: {:?}", labels(text));
    }
}

#[test]
fn what_identifies_nobody_stays() {
    for text in [
        "BP 120/80, HR 72, T 98.6, SpO2 98% on RA, pain 7/10, strength 5/5, 2/6 murmur.",
        "Crohn's disease, Parkinson disease, Foley catheter, Murphy's sign, Apgar 9, Glasgow 15.",
        "a 45-year-old, seen in 2019, room 412, bed 3, at 10:30 AM",
        "E11.9, CPT 99213, LOINC 4548-4, SNOMED 73211009, L4-L5, HLA-B27, SARS-CoV-2",
        "Norco 5/325 q6h prn, Lasix 40 mg BID, may shower, will follow",
    ] {
        assert_eq!(labels(text), [], "{text}");
    }
}

#[test]
fn years_states_and_small_areas_follow_the_policy() {
    assert_eq!(cleaned("Seen 3/14/2024 in Dayton, OH 45402."), "Seen 2024 in [CITY], OH 454.");
    assert_eq!(cleaned("aged 93, DOB 1/2/1931"), "aged 90+, DOB [BIRTH_DATE]");
}

#[test]
fn a_name_that_is_sure_once_is_found_everywhere() {
    let text = "Patient: Okonkwo, Ngozi. Dr. Weinstein called. okonkwo denies pain; OKONKWO family here; weinstein agrees.";
    let clean = cleaned(text);
    for name in ["okonkwo", "ngozi", "weinstein"] {
        assert!(!clean.to_lowercase().contains(name), "{clean}");
    }
}

#[test]
fn sites_bring_their_own() {
    let known = Known {
        names: vec!["Xylo Quen".into()],
        numbers: vec!["A-77 1234".into()],
        allow: vec!["Okafor Score".into()],
        patterns: vec![SitePattern { label: "identifier".into(), pattern: r"BR-\d{3}".into() }],
        ..Known::default()
    };
    let text = "xylo has BR-201, a77-1234";
    let found = find_identifiers(text, Some(&known)).unwrap();
    let why: Vec<&str> = found.iter().map(|span| span.why).collect();
    assert_eq!(why, ["known", "site_pattern", "known"]);
    let bad = Known { threshold: Some(2.0), ..Known::default() };
    assert_eq!(find_identifiers("x", Some(&bad)).unwrap_err().code(), "invalid_argument");
}

#[test]
fn what_stays_is_explained() {
    let known = Known { explain: true, allow: vec!["Okafor Score".into()], ..Known::default() };
    let text = "Ms. Quen: Okafor Score 4, metoprolol 25 mg at 10:30, room 4417, since 2019.";
    let spans = find_identifiers(text, Some(&known)).unwrap();
    assert!(spans.windows(2).all(|pair| pair[0].byte_end <= pair[1].byte_start));
    let why = |word: &str| {
        let at = text.find(word).unwrap();
        let span = spans.iter().find(|span| span.byte_start <= at && at < span.byte_end).unwrap();
        (span.label, span.why)
    };
    assert_eq!(why("Quen").0, "name");
    assert_eq!(why("metoprolol"), ("none", "drug"));
    assert_eq!(why("25"), ("none", "measure"));
    assert_eq!(why("10"), ("none", "time"));
    assert_eq!(why("4417"), ("none", "code"));
    assert_eq!(why("2019"), ("none", "year"));
    // Whatever is told of what stays, the findings are the same.
    let plain = Known { explain: false, ..known.clone() };
    let found = find_identifiers(text, Some(&plain)).unwrap();
    let taken: Vec<_> = spans.iter().filter(|span| span.label != "none").cloned().collect();
    assert_eq!(taken, found);
    // Every letter and digit of the text is in one span.
    let covered: usize = spans
        .iter()
        .map(|span| text[span.byte_start..span.byte_end].bytes().filter(u8::is_ascii_alphanumeric).count())
        .sum();
    assert_eq!(covered, text.bytes().filter(u8::is_ascii_alphanumeric).count());
}

#[test]
fn long_texts_are_read_in_blocks() {
    let line = "Pt Okonkwo seen by Dr. Weinstein on 3/14/2024, lungs clear, abdomen soft. ";
    let text = line.repeat(9_000);
    let spans = find_identifiers(&text, None).unwrap();
    let dates = spans.iter().filter(|span| span.label == "date").count();
    // A block may cut a line where no line ends.
    assert!(dates >= 8_990, "{dates}");
    assert!(spans.windows(2).all(|pair| pair[0].byte_end <= pair[1].byte_start));
}

#[test]
fn markup_stays_and_its_text_is_cleaned() {
    for (text, expected) in [
        (
            "<div><p>Seen by <b>Dr.&nbsp;Oka</b>for on <i>3/14/2024</i> &amp; well.</p><p title=\"Ngozi Okafor\">x</p></div>",
            "<div><p>Seen by <b>Dr.&nbsp;[NAME]</b> on <i>2024</i> &amp; well.</p><p title=\"[NAME]\">x</p></div>",
        ),
        (
            r"{\rtf1\ansi{\info{\author Ngozi Okafor}}\pard Seen by Dr. Ok\'e9for-Quen on \b 3/14\b0 /2024.\par MRN: 00482913}",
            r"{\rtf1\ansi{\info}\pard Seen by Dr. [NAME] on \b 2024\b0 .\par MRN: [MEDICAL_RECORD_NUMBER]}",
        ),
    ] {
        assert_eq!(cleaned(text), expected);
        for span in find_identifiers(text, None).unwrap() {
            assert!(text.get(span.byte_start..span.byte_end).is_some());
        }
    }
}

/// Every offset leads back, in every unit.
fn check(text: &str) {
    let policy = Policy::named("hipaa-safe-harbor").unwrap();
    let clean = deidentify_text(text, &policy, &TextOptions::default()).unwrap();
    let utf16: Vec<u16> = text.encode_utf16().collect();
    let characters: Vec<char> = text.chars().collect();
    let (mut from, mut rebuilt) = (0, String::new());
    for change in &clean.spans {
        let TextRange { start, end, byte_start, byte_end, utf16_start, utf16_end } = change.source;
        let value = &text[byte_start..byte_end];
        assert_eq!(characters[start..end].iter().collect::<String>(), value);
        assert_eq!(String::from_utf16(&utf16[utf16_start..utf16_end]).unwrap(), value);
        rebuilt.push_str(&text[from..byte_start]);
        assert_eq!(rebuilt.len(), change.output.byte_start);
        rebuilt.push_str(&clean.text[change.output.byte_start..change.output.byte_end]);
        from = byte_end;
    }
    rebuilt.push_str(&text[from..]);
    assert_eq!(rebuilt, clean.text);
}

#[test]
fn odd_texts() {
    for text in [
        "",
        "\0\0\0",
        "\u{202E}Dr. Okafor\u{202C} \u{200D}3/14/2024",
        "Dr. Oka\u{301}for \u{1F600} MRN 00482913",
        "\u{430}\u{435}\u{43E} Dr. \u{0410}\u{043D}\u{043D}\u{0430}",
        "\u{5E9}\u{5DC}\u{5D5}\u{5DD} 555-381-2290 \u{645}\u{631}\u{62D}\u{628}\u{627}",
        "@@@@ ://:// //// .... ---- 1-2-3-4-5-6-7-8-9-0",
        "a@b.c@d.e@f",
        "1/1/1/1/1/1/1/1",
        "<p>Dr. <b>Oka</b>for <img src='data:image/png;base64,aGk='/> \u{1F600} 3/14/2024 &eacute;</p>",
        "{\\rtf1 {\\info{\\author Ada Quen}}Dr. Ok\\u233?for {\\pict 00ff} 3/14/2024}",
    ] {
        check(text);
    }
}

proptest! {
    #[test]
    fn any_text_goes_through(text in "\\PC{0,200}") {
        check(&text);
    }

    #[test]
    fn any_pieces_of_notes_go_through(parts in proptest::collection::vec(
        proptest::sample::select(vec![
            "Dr. ", "Okafor", ", ", "3/14", "/2024", "-", " ", "MRN", ": ", "004829", "(555)", " 381-2290", "\n", "St", "Elm ",
            "12 ", "é", "\u{301}", "😀", "'s", "\u{2019}", "the ", "of ", "March", "14th", "@", "x.org", "://", "93", " yo", "|",
            "Apt ", "#", "xxx-xx-", "+1 ", "twenty", "-second ", "New ", "Year's", " Day",
            "<p>", "</b>", "<b>", "&amp;", "&#65;", "{\\rtf1 ", "\\par ", "\\'e9", "}", "{\\info ", "<!--", "-->",
        ]), 0..40), begin in proptest::sample::select(vec!["", "<p>", "{\\rtf1 "])) {
        check(&format!("{begin}{}", parts.concat()));
    }

    /// Labels that a cleaning wrote are no findings, whatever stands around them.
    #[test]
    fn labels_of_a_cleaning_stay(parts in proptest::collection::vec(
        proptest::sample::select(vec![
            "[NAME]", "[DATE]", "[MEDICAL_RECORD_NUMBER]", "[STREET]", "[CITY]", "[PHONE]", "[AGE]", "90+", " yo ", "2024", " ",
            ", ", "\n", "Dr. ", "MRN: ", "DOB ", "Okafor", "on ", "lives at ", "12 ", "St", "RN", "- ", "(", ")", "/", ".", "'s ",
        ]), 0..30)) {
        let text = parts.concat();
        for span in find_identifiers(&text, None).unwrap() {
            let taken = &text[span.byte_start..span.byte_end];
            prop_assert!(!taken.contains('[') && !taken.contains(']') && taken != "90+", "{taken:?}");
        }
    }
}

#[test]
fn a_second_cleaning_changes_nothing() {
    for text in [
        "Pt Okonkwo (MRN 00482913), 93 yo, seen by Dr. Weinstein on 3/14/2024, lives in Akron, OH 44302.",
        "DOB: 05/17/1961\nADMITTED: 3/14/2024  DISCHARGED: 3/20/2024\nPhone (555) 381-2290, aged 94.",
        "consented 2024-03-14T09:30 by Ada Quist, RN; lives at 1418 W. Garfield Blvd, Apt 3",
    ] {
        let once = cleaned(text);
        assert_ne!(once, text);
        assert_eq!(cleaned(&once), once);
    }
}

#[test]
fn families_of_weak_labels() {
    for (text, value, label) in [
        ("Table:\n| 2 | MacLeod, Flora | 93 | 5541027 |", "93", "age"),
        ("father alive at 94 and well", "94", "age"),
        ("Pt 94 F with cough", "94", "age"),
        ("Works at Spectrum Health as a clerk.", "Spectrum Health", "organisation_name"),
        ("the car, a red Honda, 8XBR47, left", "8XBR47", "vehicle_identifier"),
        ("Dexcom transmitter 8KXW2M changed", "8KXW2M", "device_identifier"),
        ("seen at Hwy 9 & Pine Ridge Rd today", "Hwy 9 & Pine Ridge Rd", "street"),
        ("vive en calle San Bernardo 1204.", "calle San Bernardo 1204", "street"),
        ("consent signed 6-18.", "6-18", "date"),
        ("DOS 020624 billed", "020624", "date"),
        ("RTC mid-June for labs", "mid-June", "date"),
        ("November twelfth, twenty twenty-three", "November twelfth, twenty twenty-three", "date"),
        ("His A# A 098-441-227 was given", "A 098-441-227", "identifier"),
        ("portal login kasante15 works", "kasante15", "identifier"),
    ] {
        assert!(labels(text).contains(&(value.to_owned(), label)), "{text}: {:?}", labels(text));
    }
    for text in ["T 99 F, HR 92, warfarin 5/7.5 alternating", "signed for 6-18 months of care", "aged 90+"] {
        assert_eq!(labels(text), [], "{text}");
    }
}

#[test]
fn an_apostrophe_that_unicode_calls_a_letter_ends() {
    for text in
        ["\u{2BC}", "a\u{2BC} b", "\u{2BC}s x", "Mr. O\u{2BC}Neil \u{2BC}", "\u{2BC}\u{2BC}1", "12\u{2BC}"]
    {
        assert!(find_identifiers(text, None).is_ok());
    }
}
