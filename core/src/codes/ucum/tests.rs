use proptest::prelude::*;

use super::*;
use crate::codes::verdict::Status;

fn ucum() -> Ucum {
    Ucum::default()
}

fn judge(text: &str) -> Judgement {
    ucum().judge(text, &CodeContext::default())
}

#[test]
fn a_long_unit_keeps_its_code() {
    let codes = crate::codes::Codes::embedded().unwrap();
    let context = CodeContext::default();
    for unit in ["umol/(24.h){creatinine}", "umol/(24.h){creatinine_clearance_total}"] {
        let verdict = codes.validate("ucum", unit, &context).unwrap();
        assert_eq!((verdict.is_valid(), verdict.code()), (true, Some(unit)));
        assert!(verdict.title().is_some());
    }
}

#[test]
fn expressions_are_valid_or_not() {
    for text in [
        "m",
        "/m",
        "mg/dL",
        "10*3/uL",
        "10^3/uL",
        "m[H2O]",
        "mm[Hg]",
        "B[10.nV]",
        "kg.m/s2",
        "%",
        "{cells}/uL",
        "g.m-2",
        "(mg/dL).h",
        "[iU]/L",
        "m[iU]/L",
        "Cel",
        "mol/kg{body}",
        "4.[pi].10*-7.N/A2",
        "1",
    ] {
        assert_eq!(judge(text).status, Status::Valid, "{text}");
    }
    for text in [
        "",
        " ",
        "m/",
        "mg//dL",
        "12h",
        "g/12h",
        "iU",
        "[IIU]",
        "mg dL",
        "µg",
        "{a}rad2{b}",
        "(mg",
        "mg)",
        "ug(8.h)",
        "m+",
        "kg.",
        "in",
        "k[in_i]",
        "m\0",
        "m9999",
        "{a",
        "{a{b}}",
    ] {
        assert_eq!(judge(text).status, Status::Invalid, "{text}");
    }
    assert_eq!(judge("m/").reason, Some(Reason::Malformed));
    assert_eq!(judge("mol[v").reason, Some(Reason::NotFound));
}

#[test]
fn hostile_expressions_end() {
    for text in
        ["(".repeat(10_000_000), "m.".repeat(5_000_000), "(".repeat(400), "m/".repeat(200), "9".repeat(400)]
    {
        assert_eq!(judge(&text).status, Status::Invalid);
    }
}

#[test]
fn what_was_meant_is_offered() {
    let meant = |text: &str| {
        let ucum = ucum();
        let judgement = ucum.judge(text, &CodeContext::default());
        ucum.suggestions(&judgement)
    };
    assert_eq!(meant("mcg"), ["ug"]);
    assert_eq!(meant("mmHg"), ["mm[Hg]"]);
    assert_eq!(meant("mcg/dL"), ["ug/dL"]);
    assert_eq!(meant("IU/L"), ["[IU]/L"]);
    assert_eq!(meant("mg / dL"), ["mg/dL"]);
    assert_eq!(meant("[BETH'U]"), ["[beth'U]"]);
    assert_eq!(meant("nonsense"), [""; 0]);
}

#[test]
fn scales_are_converted() {
    let convert = |value, from, to| ucum().convert(value, from, to).unwrap().value;
    let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{a} {b}");
    near(convert(37.0, "Cel", "[degF]"), 98.6);
    near(convert(98.6, "[degF]", "Cel"), 37.0);
    near(convert(0.0, "Cel", "K"), 273.15);
    near(convert(80.0, "[degRe]", "Cel"), 100.0);
    near(convert(7.4, "[pH]", "mol/L"), 10f64.powf(-7.4));
    near(convert(120.0, "mm[Hg]", "kPa"), 15.99864);
    near(convert(5.5, "mmol/L", "mol/m3"), 5.5);
    near(convert(1.0, "[lb_av]", "kg"), 0.453_592_37);
    assert_eq!(ucum().convert(1.0, "mg", "mL").unwrap_err().code(), "units_differ");
    assert_eq!(ucum().convert(1.0, "[iU]", "mg").unwrap_err().code(), "units_differ");
    assert_eq!(ucum().convert(1.0, "[iU]", "[PFU]").unwrap_err().code(), "units_differ");
    let error = ucum().convert(1.0, "mg", "mgg").unwrap_err();
    assert_eq!((error.code(), error.path()), ("unit_invalid", Some("to")));
    assert_eq!(ucum().convert(1.0, "Cel/s", "K/s").unwrap_err().code(), "unit_invalid");
    assert_eq!(convert(1000.0, "m[iU]/L", "[iU]/L"), 1.0);
}

#[test]
fn canonical_forms() {
    let entry = ucum().entry("N").unwrap();
    assert_eq!((entry.canonical_unit.as_str(), entry.canonical_factor), ("m.s-2.g", Some(1000.0)));
    assert_eq!(ucum().entry("%").unwrap().canonical_unit, "1");
    assert_eq!(ucum().entry("Cel").unwrap().canonical_factor, None);
    assert_eq!(ucum().entry("mg/dL").unwrap().display, "(milligram) / (deciliter)");
}

proptest! {
    #[test]
    fn no_text_panics(text in "[a-zA-Z0-9\\[\\]{}().*/^+%' -]{0,40}") {
        let ucum = ucum();
        let judgement = ucum.judge(&text, &CodeContext::default());
        ucum.suggestions(&judgement);
        let _ = ucum.entry(&text);
    }

    #[test]
    fn conversion_there_and_back(value in 0.001f64..1e6, pair in prop::sample::select(vec![
        ("mg/dL", "g/L"), ("[degF]", "Cel"), ("mm[Hg]", "Pa"), ("[lb_av]", "kg"), ("/min", "Hz"), ("mmol/L", "umol/mL"),
    ])) {
        let ucum = ucum();
        let there = ucum.convert(value, pair.0, pair.1).unwrap().value;
        let back = ucum.convert(there, pair.1, pair.0).unwrap().value;
        prop_assert!((back - value).abs() <= 1e-9 * value.abs().max(1.0));
    }
}

/// The published functional tests, where they are present.
mod functional {
    use super::*;

    struct CaseRow {
        section: &'static str,
        attributes: Vec<(String, String)>,
    }

    impl CaseRow {
        fn get(&self, name: &str) -> &str {
            self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
        }
    }

    fn cases() -> Option<Vec<CaseRow>> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/codes/UcumFunctionalTests.xml");
        let mut text = std::fs::read_to_string(path).ok()?;
        while let Some(start) = text.find("<!--") {
            let end = text[start..].find("-->").unwrap() + start + 3;
            text.replace_range(start..end, "");
        }
        let mut out = Vec::new();
        for section in ["validation", "displayNameGeneration", "conversion", "multiplication", "division"] {
            let inside = text.split_once(&format!("<{section}>")).unwrap().1;
            let inside = inside.split_once(&format!("</{section}>")).unwrap().0;
            for case in inside.split("<case ").skip(1) {
                let mut attributes = Vec::new();
                let mut rest = case;
                while let Some((name, after)) = rest.split_once("=\"") {
                    let (value, after) = after.split_once('"').unwrap();
                    let value = [
                        ("&lt;", "<"),
                        ("&gt;", ">"),
                        ("&quot;", "\""),
                        ("&apos;", "'"),
                        ("&#232;", "è"),
                        ("&amp;", "&"),
                    ]
                    .iter()
                    .fold(value.to_owned(), |value, (from, to)| value.replace(from, to));
                    attributes.push((name.trim().to_owned(), value));
                    rest = after;
                }
                out.push(CaseRow { section, attributes });
            }
        }
        Some(out)
    }

    /// Whether a value is the expected one to as many digits as that is written with.
    fn agrees(value: f64, expected: &str) -> bool {
        let mantissa = expected.split(['e', 'E']).next().unwrap_or_default();
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
        let wanted: f64 = expected.parse().unwrap();
        let unit = 10f64.powf(wanted.abs().log10().floor() - digits.max(1) as f64 + 1.0);
        (value - wanted).abs() <= unit * 0.500_000_1 || ((value - wanted) / wanted).abs() < 1e-9
    }

    #[test]
    fn all_of_them() {
        let Some(cases) = cases() else {
            eprintln!("skipped: the UCUM functional tests are not present");
            return;
        };
        let ucum = ucum();
        let mut counts = std::collections::BTreeMap::<&str, (usize, usize)>::new();
        let mut failures = Vec::new();
        for case in &cases {
            let passed = match case.section {
                "validation" => {
                    let valid = ucum.judge(case.get("unit"), &CodeContext::default()).status == Status::Valid;
                    valid == (case.get("valid") == "true")
                }
                "displayNameGeneration" => {
                    let unit = case.get("unit");
                    // The library has no unit without text; the display name of none is the test's own convention.
                    let shown = if unit.is_empty() { Some("(unity)".to_owned()) } else { ucum.display(unit) };
                    shown.as_deref() == Some(case.get("display"))
                }
                "conversion" => {
                    let value = case.get("value").parse().unwrap();
                    let found = ucum.convert(value, case.get("srcUnit"), case.get("dstUnit"));
                    found.is_ok_and(|found| agrees(found.value, case.get("outcome")))
                }
                section => {
                    let number = |name| case.get(name).parse::<f64>().unwrap();
                    let (a, b) = (number("v1"), number("v2"));
                    let (value, operator) = if section == "division" { (a / b, '/') } else { (a * b, '.') };
                    let unit = format!("({}){operator}({})", case.get("u1"), case.get("u2"));
                    let to = if case.get("uRes").is_empty() { "1" } else { case.get("uRes") };
                    ucum.convert(value, &unit, to).is_ok_and(|found| agrees(found.value, case.get("vRes")))
                }
            };
            let count = counts.entry(case.section).or_default();
            count.1 += 1;
            if passed {
                count.0 += 1;
            } else {
                failures.push(format!("{} {} {:?}", case.section, case.get("id"), case.attributes));
            }
        }
        eprintln!("UCUM functional tests: {counts:?}");
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        assert!(cases.len() >= 570);
    }
}
