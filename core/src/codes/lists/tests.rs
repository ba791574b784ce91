use super::*;
use crate::codes::Codes;

fn info(system: &str, from: Option<&str>, to: Option<&str>) -> PackInfo {
    PackInfo {
        name: format!("{system}-test"),
        system: system.to_owned(),
        release: "2026-01".to_owned(),
        effective_from: from.map(str::to_owned),
        effective_to: to.map(str::to_owned),
        rows: 0,
        licence: "public domain".to_owned(),
        source: "written here".to_owned(),
        sha256: String::new(),
    }
}

fn row(code: &str, title: &str, from: Option<&str>, to: Option<&str>) -> ListRow {
    let day = |text: Option<&str>| text.map(|text| text.parse().unwrap());
    ListRow {
        code: code.to_owned(),
        title: title.to_owned(),
        from: day(from),
        to: day(to),
        attributes: vec![("status".to_owned(), "Active".to_owned())],
    }
}

fn codes() -> Codes {
    let source = ListSource {
        rows: vec![
            row("J0120", "Injection, tetracycline, up to 250 mg", Some("1984-01-01"), None),
            row("A0021", "Ambulance service, outside state", Some("1985-01-01"), Some("2025-12-31")),
            row("Q9001", "Assessment by chaplain", Some("2026-04-01"), None),
            row("K0001", "Standard wheelchair", Some("1993-07-01"), Some("2001-12-31")),
            row("K0001", "Standard wheelchair", Some("2004-01-01"), None),
        ],
    };
    let pack = source.compile(info("hcpcs", Some("2026-01-01"), Some("2026-03-31"))).unwrap();
    let mut codes = Codes::default();
    codes.load(Pack::load(pack).unwrap()).unwrap();
    codes
}

fn verdict(codes: &Codes, system: &str, code: &str, on: &str) -> (&'static str, Option<&'static str>) {
    let context = CodeContext::on(on).unwrap();
    let verdict = codes.validate(system, code, &context).unwrap();
    (verdict.status().as_str(), verdict.reason())
}

#[test]
fn a_row_holds_on_its_days() {
    let codes = codes();
    for (code, on, expected) in [
        ("J0120", "2026-02-01", ("valid", None)),
        ("j0120", "1990-02-01", ("valid", None)),
        ("J0120", "1980-02-01", ("invalid", Some("not_yet_effective"))),
        ("J0120", "2026-04-01", ("unknown", Some("not_covered"))),
        ("A0021", "2026-02-01", ("invalid", Some("retired"))),
        ("A0021", "2025-12-31", ("valid", None)),
        ("Q9001", "2026-02-01", ("invalid", Some("not_yet_effective"))),
        ("K0001", "2001-01-01", ("valid", None)),
        ("K0001", "2002-06-01", ("invalid", Some("retired"))),
        ("K0001", "2026-01-01", ("valid", None)),
        ("J9999", "2026-02-01", ("invalid", Some("not_found"))),
        ("J9999", "2020-02-01", ("unknown", Some("not_covered"))),
    ] {
        assert_eq!(verdict(&codes, "hcpcs", code, on), expected, "{code} on {on}");
    }
    let context = CodeContext::on("2026-02-01").unwrap();
    let record = codes.validate("hcpcs", "A0021", &context).unwrap().record();
    assert_eq!(record.title.as_deref(), Some("Ambulance service, outside state"));
    assert_eq!(record.detail.as_deref(), Some("the code ended on 2025-12-31"));
    assert_eq!(record.release.as_deref(), Some("2026-01"));
}

#[test]
fn without_a_list_a_good_form_is_unknown() {
    let codes = Codes::default();
    assert_eq!(verdict(&codes, "hcpcs", "J0120", "2026-02-01"), ("unknown", Some("not_covered")));
    assert_eq!(verdict(&codes, "loinc", "2823-3", "2026-02-01"), ("unknown", Some("not_covered")));
    assert_eq!(verdict(&codes, "loinc", "2832-3", "2026-02-01"), ("invalid", Some("bad_check_digit")));
    assert_eq!(verdict(&codes, "ssn", "123-45-6789", "2026-02-01"), ("valid", None));
    let record = codes.validate("ndc", "0777310502", &CodeContext::default()).unwrap().record();
    assert_eq!((record.status, record.reason, record.suggestions.len()), ("unknown", Some("ambiguous"), 3));
}

#[test]
fn a_list_of_an_identifier_is_refused() {
    let source = ListSource { rows: vec![row("1234567893", "a provider", None, None)] };
    let pack = source.compile(info("npi", None, None)).unwrap();
    let error = Codes::default().load(Pack::load(pack).unwrap()).unwrap_err();
    assert_eq!(error.code(), "unknown_system");
}

#[test]
fn ambiguous_digits_are_settled_by_the_list() {
    let source = ListSource { rows: vec![row("07773-0105-02", "a drug", None, None)] };
    let mut codes = Codes::default();
    codes.load(Pack::load(source.compile(info("ndc", None, None)).unwrap()).unwrap()).unwrap();
    let record = codes.validate("ndc", "0777310502", &CodeContext::default()).unwrap().record();
    assert_eq!((record.status, record.suggestions), ("unknown", vec!["07773-0105-02".to_owned()]));
}

#[test]
fn titles_are_searched() {
    let codes = codes();
    let hits = codes.find("hcpcs", "wheelchairs standard", &CodeContext::default(), 5).unwrap();
    assert_eq!(hits[0].code, "K0001");
    assert_eq!(codes.find("loinc", "glucose", &CodeContext::default(), 5).unwrap_err().code(), "no_titles");
    let entry = codes.entry("hcpcs", "J0120", &CodeContext::default()).unwrap().unwrap();
    assert_eq!((entry.billable, entry.release.as_str()), (true, "2026-01"));
}

#[test]
fn damaged_sections_are_refused() {
    assert_eq!(ListSource::default().compile(info("cvx", None, None)).unwrap_err().code(), "pack_malformed");
    let writer = crate::packs::PackWriter::new(info("cvx", None, None));
    let pack = Pack::load(writer.section("codes", vec![9, 0, 0, 0]).finish().unwrap()).unwrap();
    assert_eq!(Codes::default().load(pack).unwrap_err().code(), "pack_malformed");
}
