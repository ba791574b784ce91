use proptest::prelude::*;

use super::*;

fn shape(name: &str) -> &'static Shape {
    SHAPES.iter().find(|shape| shape.name == name).unwrap()
}

/// What a text is: `+code` good, `reason:code` flawed, `?code` meant, `-` malformed.
fn read_on(name: &str, text: &str, context: &CodeContext) -> String {
    match shape(name).read(text, context) {
        Form::Good(code) => format!("+{}", code.as_str()),
        Form::Flawed(reason, code) => format!("{}:{}", reason.as_str(), code.as_str()),
        Form::Meant(code) => format!("?{}", code.as_str()),
        Form::Malformed => "-".to_owned(),
    }
}

fn read(name: &str, text: &str) -> String {
    read_on(name, text, &CodeContext::default())
}

#[test]
fn every_system_reads_its_own() {
    for (name, text, expected) in [
        ("npi", "1234567893", "+1234567893"),
        ("npi", "1234567890", "bad_check_digit:1234567890"),
        ("npi", "3234567893", "-"),
        ("npi", "123456789", "-"),
        ("mbi", "1EG4-TE5-MK73", "+1EG4TE5MK73"),
        ("mbi", "1eg4te5mk73", "+1EG4TE5MK73"),
        ("mbi", "0EG4TE5MK73", "-"),
        ("mbi", "1SG4TE5MK73", "-"),
        ("mbi", "1EG4TE5MKO3", "?1EG4TE5MK03"),
        ("dea", "AP5836727", "+AP5836727"),
        ("dea", "ap5836727", "+AP5836727"),
        ("dea", "A95836727", "+A95836727"),
        ("dea", "A85836727", "-"),
        ("dea", "AP5836728", "bad_check_digit:AP5836728"),
        ("ssn", "123-45-6789", "+123-45-6789"),
        ("ssn", "123456789", "+123-45-6789"),
        ("ssn", "123 45 6789", "+123-45-6789"),
        ("ssn", "000-45-6789", "never_issued:000-45-6789"),
        ("ssn", "666456789", "never_issued:666-45-6789"),
        ("ssn", "912-45-6789", "never_issued:912-45-6789"),
        ("ssn", "123-00-6789", "never_issued:123-00-6789"),
        ("ssn", "123-45-0000", "never_issued:123-45-0000"),
        ("ssn", "12-345-6789", "?123-45-6789"),
        ("loinc", "2823-3", "+2823-3"),
        ("loinc", "2832-3", "bad_check_digit:2832-3"),
        ("loinc", "28233", "?2823-3"),
        ("loinc", "2823–3", "?2823-3"),
        ("loinc", "LP14542-5", "+LP14542-5"),
        ("loinc", "glucose", "-"),
        ("snomed", "73211009", "+73211009"),
        ("snomed", "73211008", "bad_check_digit:73211008"),
        ("snomed", "900000000000207008", "+900000000000207008"),
        ("snomed", "073211009", "-"),
        ("snomed", "1234", "-"),
        ("rxnorm", "1049502", "+1049502"),
        ("rxnorm", "01049502", "-"),
        ("ndc", "0777-3105-02", "+00777-3105-02"),
        ("ndc", "50242-040-62", "+50242-0040-62"),
        ("ndc", "60575-4112-1", "+60575-4112-01"),
        ("ndc", "00777310502", "+00777-3105-02"),
        ("ndc", "0777310502", "ambiguous:0777310502"),
        ("ndc", "077731-3105-02", "+077731-3105-02"),
        ("ndc", "07773-31-02", "-"),
        ("cvx", "08", "+08"),
        ("cvx", "8", "?08"),
        ("cvx", "143", "+143"),
        ("cvx", "O8", "?08"),
        ("hcpcs", "j0120", "+J0120"),
        ("hcpcs", "JO120", "?J0120"),
        ("hcpcs", "RT", "+RT"),
        ("hcpcs", "E1", "+E1"),
        ("hcpcs", "Z0120", "-"),
        ("cpt", "99213", "+99213"),
        ("cpt", "0001f", "+0001F"),
        ("cpt", "0001B", "-"),
        ("ms-drg", "470", "+470"),
        ("ms-drg", "39", "?039"),
        ("ms-drg", "000", "-"),
        ("revenue", "0450", "+0450"),
        ("revenue", "450", "?0450"),
        ("pos", "11", "+11"),
        ("pos", "3", "?03"),
        ("nucc", "207Q00000X", "+207Q00000X"),
        ("nucc", "207Q00000Y", "-"),
        ("icd10", "A09.9", "+A09.9"),
        ("icd10", "a099", "+A09.9"),
        ("icd10", "S82.101A", "-"),
    ] {
        assert_eq!(read(name, text), expected, "{name} {text}");
    }
}

#[test]
fn the_published_exceptions_of_loinc_are_codes() {
    for code in loinc::EXCEPTIONS {
        assert_eq!(read("loinc", code), format!("+{code}"));
        let (number, check) = code.split_once('-').unwrap();
        let digits: Vec<u8> = format!("{number}{check}").bytes().map(|byte| byte - b'0').collect();
        assert!(!digits::luhn(digits.into_iter()), "{code} needs no exception");
    }
}

#[test]
fn ten_digits_of_a_drug_are_three_codes() {
    assert_eq!(
        shape("ndc").readings(Reason::Ambiguous, "0777310502"),
        ["00777-3105-02", "07773-0105-02", "07773-1050-02"]
    );
}

#[test]
fn twelve_digits_of_a_drug_come_later() {
    let before = CodeContext::on("2033-03-06").unwrap();
    let after = CodeContext::on("2033-03-07").unwrap();
    assert_eq!(read_on("ndc", "123456-3105-02", &before), "not_yet_effective:123456-3105-02");
    assert_eq!(read_on("ndc", "123456310502", &after), "+123456-3105-02");
}

#[test]
fn look_alikes_are_pointed_out_where_one_code_was_meant() {
    assert_eq!(read("npi", "I23456789З"), "-");
    assert_eq!(read("npi", "I234567893"), "?1234567893");
    assert_eq!(read("npi", "１２３４５６７８９３"), "?1234567893");
    assert_eq!(read("npi", "1234 567 893"), "?1234567893");
    assert_eq!(read("npi", "I234567890"), "-", "the check digit does not say that this was meant");
    assert_eq!(read("snomed", "732II009"), "?73211009");
}

#[test]
fn what_no_code_can_be_is_malformed_in_every_system() {
    let long = "1".repeat(10_000_000);
    for shape in SHAPES {
        for text in ["", "   ", "\0", "12\0", long.as_str(), "é", "🩺🩺", "--", "0", "\u{200b}"] {
            assert_eq!(read(shape.name, text), "-", "{}", shape.name);
        }
    }
}

proptest! {
    #[test]
    fn no_text_panics_and_every_reading_is_stable(text in "\\PC{0,24}") {
        for shape in SHAPES {
            if let Form::Good(code) | Form::Meant(code) = shape.read(&text, &CodeContext::default()) {
                prop_assert_eq!(shape.read(code.as_str(), &CodeContext::default()), Form::Good(code));
            }
        }
    }

    #[test]
    fn a_wrong_digit_of_a_snomed_identifier_is_seen(number in 100u64..1_000_000_000, at in 0usize..20, by in 1u8..10) {
        let body = format!("{number}10");
        let check = (0..10).find(|check| digits::verhoeff(&format!("{body}{check}"))).unwrap();
        let mut bytes = format!("{body}{check}").into_bytes();
        prop_assert!(digits::verhoeff(std::str::from_utf8(&bytes).unwrap()));
        let at = at % bytes.len();
        bytes[at] = b'0' + (bytes[at] - b'0' + by) % 10;
        prop_assert!(!digits::verhoeff(std::str::from_utf8(&bytes).unwrap()));
    }
}
