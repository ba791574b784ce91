//! What must be gone from messages and documents after de-identification, and what must have stayed: found in the source
//! by splitting its text here, not by the library's reading, labels or policy, and looked for in the output's bytes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};

use chartkeeper::deid::{Options, Policy, Vault, deidentify};
use chartkeeper::{Format, Record};
use chartkeeper_tests::archive;

const AS_OF: &str = "2020-01-01";

fn files(name: &str) -> Vec<(String, Vec<u8>)> {
    archive(name).unwrap_or_default()
}

fn output(record: &Record) -> String {
    let vault = Vault::from_seed([1; 32]);
    let options = Options { as_of: Some(AS_OF.parse().unwrap()), vault: Some(&vault), ..Options::default() };
    let policy = Policy::named("hipaa-safe-harbor").unwrap();
    String::from_utf8(deidentify(record, &policy, &options).unwrap().output).unwrap()
}

/// What a source holds: texts that must go, and what must stay, each as often as it stands there.
#[derive(Default)]
struct Found {
    identifying: BTreeSet<String>,
    clinical: BTreeMap<String, usize>,
    years: BTreeMap<String, usize>,
    /// Every text, to be searched in.
    texts: Vec<String>,
}

impl Found {
    fn identifies(&mut self, text: &str) {
        let text = text.trim();
        // Below four characters a text is shared by chance; a word alone that is none but a mark is nobody's.
        if text.chars().count() >= 4 && text.chars().any(char::is_alphanumeric) {
            self.identifying.insert(text.to_lowercase());
        }
    }

    /// A code, number or unit that must stay. What does not have the form that its publisher gives the codes of a
    /// system is none of them, and may be anything.
    fn stays(&mut self, kind: &str, text: &str) {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let formed = match kind {
            "LN" | "2.16.840.1.113883.6.1" => text
                .trim_start_matches(['L', 'A', 'P'])
                .rsplit_once('-')
                .is_some_and(|(a, b)| digits(a) && digits(b)),
            "SCT" | "2.16.840.1.113883.6.96" => digits(text) && text.len() >= 6,
            "RXNORM" | "2.16.840.1.113883.6.88" => digits(text),
            "C4" | "2.16.840.1.113883.6.12" => text.len() == 5,
            _ => !text.is_empty(),
        };
        if formed {
            *self.clinical.entry(format!("{kind} {text}")).or_default() += 1;
        }
    }

    fn date(&mut self, place: &str, text: &str) {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let real = digits >= 8
            && text[4..6].parse::<u8>().is_ok_and(|month| (1..=12).contains(&month))
            && text[6..8].parse::<u8>().is_ok_and(|day| (1..=28).contains(&day));
        if digits >= 8 {
            self.identifying.insert(text[..8].to_owned());
        }
        let year = text.get(..4).filter(|_| real || digits == 4);
        if let Some(year) = year.filter(|year| ("1931".."2021").contains(year)) {
            *self.years.entry(format!("{place} {year}")).or_default() += 1;
        }
    }
}

/// Whether `needle` stands in `text` with no letter or digit directly beside it.
fn holds(text: &str, needle: &str) -> bool {
    text.match_indices(needle).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + needle.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Counts over a corpus.
#[derive(Default)]
struct Tally {
    records: usize,
    searched: usize,
    survivors: BTreeMap<String, Vec<String>>,
    kept: usize,
    lost: BTreeMap<String, BTreeSet<String>>,
    years_kept: usize,
    years_lost: BTreeMap<String, BTreeSet<String>>,
}

impl Tally {
    fn add(&mut self, name: &str, before: Found, after: &Found) {
        self.records += 1;
        for needle in before.identifying {
            self.searched += 1;
            if let Some(text) = after.texts.iter().find(|text| holds(text, &needle)) {
                self.survivors.entry(needle).or_default().push(format!("{name}: {text}"));
            }
        }
        let compare = |was: BTreeMap<String, usize>, is: &BTreeMap<String, usize>| {
            let mut out = (0, Vec::new());
            for (what, count) in was {
                let left = is.get(&what).copied().unwrap_or_default();
                out.0 += left.min(count);
                if left < count {
                    out.1.push(what);
                }
            }
            out
        };
        let (kept, lost) = compare(before.clinical, &after.clinical);
        self.kept += kept;
        for what in lost {
            self.lost.entry(what).or_default().insert(name.to_owned());
        }
        let (kept, lost) = compare(before.years, &after.years);
        self.years_kept += kept;
        for what in lost {
            self.years_lost.entry(what).or_default().insert(name.to_owned());
        }
    }

    fn tell(&self, name: &str) {
        eprintln!(
            "{name}: {} records, {} identifying texts searched, {} survive; {} codes, quantities and units kept, {} lost; {} years kept, {} lost",
            self.records,
            self.searched,
            self.survivors.len(),
            self.kept,
            self.lost.len(),
            self.years_kept,
            self.years_lost.len()
        );
    }
}

// ---- HL7 v2 --------------------------------------------------------------------------------------------------------

/// Fields whose components name a person, a place or a number: segment, field, components.
const NAMED: &[(&str, usize, &[usize])] = &[
    ("PID", 2, &[1]),
    ("PID", 3, &[1]),
    ("PID", 4, &[1]),
    ("PID", 5, &[1, 2]),
    ("PID", 6, &[1, 2]),
    ("PID", 9, &[1, 2]),
    ("PID", 11, &[1, 3, 5]),
    ("PID", 13, &[1, 4, 7]),
    ("PID", 14, &[1, 7]),
    ("PID", 18, &[1]),
    ("PID", 19, &[1]),
    ("PID", 20, &[1]),
    ("NK1", 2, &[1, 2]),
    ("NK1", 4, &[1, 3, 5]),
    ("NK1", 5, &[1]),
    ("NK1", 6, &[1]),
    ("GT1", 3, &[1, 2]),
    ("GT1", 5, &[1, 3, 5]),
    ("GT1", 6, &[1]),
    ("GT1", 12, &[1]),
    ("IN1", 16, &[1, 2]),
    ("IN1", 19, &[1, 3, 5]),
    ("IN1", 36, &[1]),
    ("PV1", 7, &[1, 2, 3]),
    ("PV1", 8, &[1, 2, 3]),
    ("PV1", 9, &[1, 2, 3]),
    ("PV1", 17, &[1, 2, 3]),
    ("PV1", 19, &[1]),
    ("ORC", 12, &[1, 2, 3]),
    ("OBR", 16, &[1, 2, 3]),
    ("PD1", 4, &[1, 2, 3]),
];

/// Fields that are dates.
const DATES: &[(&str, usize)] = &[
    ("MSH", 7),
    ("EVN", 2),
    ("PID", 7),
    ("PV1", 44),
    ("PV1", 45),
    ("OBR", 7),
    ("OBR", 22),
    ("OBX", 14),
    ("DG1", 5),
    ("PR1", 5),
    ("AL1", 6),
    ("RXA", 3),
];

/// Names of public code systems (HL7 table 0396) whose codes must stay, with the fields that hold codes.
const SYSTEMS: &[&str] = &["LN", "SCT", "I10", "I9", "I9C", "I10C", "CVX", "MVX", "RXNORM", "NDC", "C4"];
const CODED: &[(&str, usize)] =
    &[("OBX", 3), ("OBX", 5), ("DG1", 3), ("OBR", 4), ("RXA", 5), ("PR1", 3), ("AL1", 3)];

fn of_message(text: &str) -> Found {
    let mut out = Found::default();
    let (mut field_mark, mut part_mark, mut repeat_mark) = ('|', '^', '~');
    for segment in text.split(['\r', '\n']) {
        if segment.starts_with("MSH") && segment.len() > 8 {
            let marks: Vec<char> = segment.chars().skip(3).take(3).collect();
            (field_mark, part_mark, repeat_mark) = (marks[0], marks[1], marks[2]);
        }
        let mut fields: Vec<&str> = segment.split(field_mark).collect();
        let Some(name) = fields.first().copied() else { continue };
        if name == "MSH" {
            // The mark itself is the first field.
            fields.insert(1, "");
        }
        for (at, field) in fields.iter().enumerate().skip(1) {
            for repeat in field.split(repeat_mark) {
                let parts: Vec<&str> = repeat.split(part_mark).collect();
                for (_, _, wanted) in NAMED.iter().filter(|(of, number, _)| *of == name && *number == at) {
                    for part in *wanted {
                        // Subcomponents speak for themselves.
                        for text in parts.get(part - 1).copied().unwrap_or_default().split('&') {
                            out.identifies(text);
                        }
                    }
                }
                if DATES.contains(&(name, at)) {
                    out.date(&format!("{name}-{at}"), parts[0]);
                }
                if CODED.contains(&(name, at)) {
                    for code in [0, 3] {
                        let system = parts.get(code + 2).copied().unwrap_or_default();
                        if SYSTEMS.contains(&system) {
                            out.stays(system, parts.get(code).copied().unwrap_or_default());
                        }
                    }
                }
                out.texts.extend(parts.iter().flat_map(|part| part.split('&')).map(str::to_lowercase));
            }
        }
        if name == "OBX" && fields.get(2) == Some(&"NM") {
            out.stays("number", fields.get(5).copied().unwrap_or_default());
            let unit = fields.get(6).copied().unwrap_or_default();
            out.stays("unit", unit.split(part_mark).next().unwrap_or_default());
        }
    }
    out
}

#[test]
fn nothing_that_identifies_survives_in_messages() {
    let mut tally = Tally::default();
    for (name, bytes) in files("hl7v2/msconv_hl7v2.tar.gz") {
        let Ok(record) = Record::parse(bytes.clone(), Some(Format::Hl7v2)) else { continue };
        let Ok(text) = String::from_utf8(bytes) else { continue };
        tally.add(&name, of_message(&text), &of_message(&output(&record)));
    }
    if tally.records == 0 {
        return;
    }
    tally.tell("HL7 v2");
    assert!(tally.survivors.is_empty(), "{:#?}", tally.survivors.into_iter().take(20).collect::<Vec<_>>());
    assert!(
        tally.lost.is_empty() && tally.years_lost.is_empty(),
        "{:#?} {:#?}",
        tally.lost,
        tally.years_lost
    );
}

// ---- C-CDA ---------------------------------------------------------------------------------------------------------

/// Code systems of C-CDA whose codes must stay: LOINC, SNOMED CT, ICD-10-CM, ICD-9-CM, RxNorm, CVX, CPT.
const OIDS: &[&str] = &[
    "2.16.840.1.113883.6.1",
    "2.16.840.1.113883.6.96",
    "2.16.840.1.113883.6.90",
    "2.16.840.1.113883.6.103",
    "2.16.840.1.113883.6.88",
    "2.16.840.1.113883.12.292",
    "2.16.840.1.113883.6.12",
];

/// The five entities that XML knows.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

fn of_document(text: &str) -> Found {
    let mut out = Found::default();
    let mut open: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let content = unescaped(&rest[..at]);
        rest = &rest[at..];
        if let Some(element) = open.last() {
            let named = ["given", "family", "streetAddressLine", "city", "postalCode"];
            if named.contains(&element.as_str()) {
                out.identifies(&content);
            }
        }
        if !content.trim().is_empty() {
            out.texts.push(content.to_lowercase());
        }
        let close = |mark: &str| rest.find(mark).map(|at| at + mark.len());
        if rest.starts_with("<!--") {
            rest = &rest[close("-->").unwrap_or(rest.len())..];
            continue;
        }
        if rest.starts_with("<?") || rest.starts_with("<!") {
            rest = &rest[close(">").unwrap_or(rest.len())..];
            continue;
        }
        let end = close(">").unwrap_or(rest.len());
        let tag = &rest[1..end.max(2) - 1];
        rest = &rest[end..];
        if tag.starts_with('/') {
            open.pop();
            continue;
        }
        let empty = tag.ends_with('/');
        let name =
            tag.split([' ', '\n', '\t', '\r', '/']).next().unwrap().rsplit(':').next().unwrap().to_owned();
        let attributes = attributes(tag);
        let of =
            |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map_or("", |(_, v)| v.as_str());
        match name.as_str() {
            "telecom" => out.identifies(of("value").rsplit(':').next().unwrap()),
            "id" | "setId" => out.identifies(of("extension")),
            "effectiveTime" | "low" | "high" | "center" | "time" | "birthTime" => {
                out.date(&name, of("value"));
            }
            _ => {}
        }
        if OIDS.contains(&of("codeSystem")) {
            out.stays(of("codeSystem"), of("code"));
        }
        if attributes.iter().any(|(name, kind)| name.ends_with(":type") && kind == "PQ") {
            out.stays("number", of("value"));
            out.stays("unit", of("unit"));
        }
        out.texts.extend(attributes.iter().map(|(_, value)| value.to_lowercase()));
        if !empty {
            open.push(name);
        }
    }
    out
}

fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut rest = tag;
    while let Some(at) = rest.find('=') {
        let name = rest[..at].trim_end().rsplit([' ', '\n', '\t', '\r']).next().unwrap().to_owned();
        let value = rest[at + 1..].trim_start();
        let Some(mark) = value.chars().next().filter(|mark| matches!(mark, '"' | '\'')) else { break };
        let Some(end) = value[1..].find(mark) else { break };
        out.push((name, unescaped(&value[1..=end])));
        rest = &value[end + 2..];
    }
    out
}

/// A document by its name, with what it loses.
type Losing = (&'static str, &'static [&'static str]);

/// What the published documents lose of codes, quantities and years, each by the name of its document, and why.
#[rustfmt::skip]
const LOST: &[(&str, &[Losing])] = &[
    ("no date: nine digits, eleven or thirteen, or an offset of 50 hours. Which day it means, and so which year, is \
      doubtful; what cannot be read goes (HL7 V3 data types, TS.literal: YYYYMMDDHHMMSS.UUUU[+|-ZZzz])", &[
        ("./Guide Examples/Allergy Concern Act (V3)_2.16.840.1.113883.10.20.22.4.30/Allergy Concern Act (V3) Example.xml", &["high 2008"]),
        ("./Results/Result with greater than a specified value/Result with greater than a specified value(C-CDA2.1).xml", &["high 2014", "low 2014"]),
        ("./General/External Document Reference/PROBLEMS_in_Empty_C-CDA_2.1 (C-CDAR2.1).xml", &["high 2015"]),
        ("./Problems/SDOH Problem/SDOH Problem(C-CDA2.1).xml", &["low 2014"]),
        ("./Documents/Referral Note/Referral_Note.xml", &["time 2011"]),
        ("./Documents/Transfer Summary/Transfer_Summary.xml", &["time 2011"]),
        ("ccda/C-CDA_R2-1_CCD.xml.ccda", &["time 2011"]),
        ("ccda/Referral_Note.ccda", &["time 2011"]),
        ("ccda/Transfer_Summary.ccda", &["time 2011"]),
        ("./Guide Examples/Advance Directive Observation (V3)_2.16.840.1.113883.10.20.22.4.48/Advance Directive Observation (V3) Example.xml", &["time 2013"]),
        ("./Problems/Patient Does Not Have Diabetes/Patient Does Not Have Diabetes(C-CDA2.1).xml", &["time 2015"]),
    ]),
    ("an organizer has no `time` of its own (CDA R2, POCD_MT000040.Organizer: effectiveTime); what the schema does \
      not know goes", &[
        ("./Medical Equipment/Implant UDI Organizer/Implant UDI Organizer (C-CDA R2.1).xml", &["time 2020"]),
    ]),
    ("a consumable has no `code` of its own (CDA R2, POCD_MT000040.Consumable: manufacturedProduct)", &[
        ("./Guide Examples/Substance Administered Act_2.16.840.1.113883.10.20.22.4.118/Substance Administered Act Example.xml", &["2.16.840.1.113883.12.292 43"]),
    ]),
    ("the namespace `urn:hl7-org:pharm` (ingredients of a mixture) belongs to neither CDA R2 nor C-CDA R2.1, whose \
      definitions the data map is compiled from; what is in a foreign namespace goes", &[
        ("./Medications/Drug Mixture/Drug Mixture (C-CDAR2.1).xml", &[
            "2.16.840.1.113883.6.88 1011092", "2.16.840.1.113883.6.88 1362", "2.16.840.1.113883.6.88 237870",
            "2.16.840.1.113883.6.96 385023001", "number 0.2", "number 1", "unit mL", "unit mg",
        ]),
    ]),
];

#[test]
fn nothing_that_identifies_survives_in_documents() {
    let mut tally = Tally::default();
    for archive in ["ccda/msconv_ccda.tar.gz", "ccda/hl7_ccda_examples.tar.gz"] {
        for (name, bytes) in files(archive) {
            let Ok(record) = Record::parse(bytes.clone(), Some(Format::Ccda)) else { continue };
            let Ok(text) = String::from_utf8(bytes) else { continue };
            tally.add(&name, of_document(&text), &of_document(&output(&record)));
        }
    }
    if tally.records == 0 {
        return;
    }
    tally.tell("C-CDA");
    assert!(tally.survivors.is_empty(), "{:#?}", tally.survivors.into_iter().take(20).collect::<Vec<_>>());
    let lost = tally.lost.iter().chain(&tally.years_lost);
    let lost: BTreeSet<(&str, &str)> =
        lost.flat_map(|(what, names)| names.iter().map(|name| (what.as_str(), name.as_str()))).collect();
    let listed = LOST.iter().flat_map(|(_, documents)| documents.iter());
    let listed = listed.flat_map(|(name, all)| all.iter().map(|what| (*what, *name))).collect();
    assert_eq!(lost, listed, "what documents lose, and what is listed with its reason");
}
