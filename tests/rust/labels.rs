//! How much of real records the formats know: the figures of `docs/labels.md` are those that this test counts
//! (`CHARTKEEPER_WRITE=1` writes them). Skipped, saying so, where the real records are absent.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use chartkeeper::formats::label::Label;
use chartkeeper::formats::table::suggest;
use chartkeeper::formats::tree::{Kind, NodeId};
use chartkeeper::{Format, Record, error::Result};
use chartkeeper_tests::{archive, unpacked, workspace};

/// What was counted of a corpus.
#[derive(Default)]
struct Tally {
    sources: usize,
    refused: BTreeMap<&'static str, usize>,
    leaves: usize,
    labels: BTreeMap<&'static str, usize>,
    /// The leaves that nothing is known of, by the irregularity that says why.
    why: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn add(&mut self, read: Result<Record>) {
        self.sources += 1;
        let record = match read {
            Ok(record) => record,
            Err(error) => {
                *self.refused.entry(error.code()).or_default() += 1;
                return;
            }
        };
        let told: HashMap<NodeId, &'static str> =
            record.irregularities().iter().map(|one| (one.node, one.code)).collect();
        let tree = record.tree();
        for (id, node) in tree.iter() {
            if !matches!(node.kind(), Kind::Text | Kind::Number | Kind::Flag) {
                continue;
            }
            self.leaves += 1;
            *self.labels.entry(node.label().as_str()).or_default() += 1;
            if node.label() != Label::Unrecognised {
                continue;
            }
            // The innermost irregularity that the leaf stands in says why; what is said of the whole source does not.
            let mut at = Some(id);
            let mut why = match record.format() {
                Format::Csv => "no column of the map",
                Format::Hl7v2 => "more parts than the data type has",
                _ => "a comment or instruction",
            };
            while let Some(holder) = at.filter(|holder| *holder != NodeId::ROOT) {
                if let Some(code) = told.get(&holder) {
                    why = code;
                    break;
                }
                at = tree.parent(holder);
            }
            *self.why.entry(why).or_default() += 1;
        }
    }
}

/// The lines of a corpus of FHIR.
fn lines(name: &str) -> Option<Tally> {
    let bytes = unpacked(name)?;
    let mut tally = Tally::default();
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        tally.add(Record::parse(line, None));
    }
    Some(tally)
}

/// The files of an archive.
fn files(name: &str, wanted: &str, read: impl Fn(Vec<u8>) -> Result<Record>) -> Option<Tally> {
    let mut tally = Tally::default();
    let files = archive(name)?.into_iter().filter(|(name, _)| name.ends_with(wanted));
    files.for_each(|(_, bytes)| tally.add(read(bytes)));
    Some(tally)
}

fn tallies() -> Option<Vec<(&'static str, &'static str, Tally)>> {
    let table = |bytes: Vec<u8>| Record::parse_table(bytes.clone(), &suggest(&bytes, Format::Csv)?);
    let ccda = |bytes: Vec<u8>| Record::parse(bytes, Some(Format::Ccda));
    Some(vec![
        ("Official examples of R4", "fhir-r4-json", lines("fhir/r4_examples.ndjson.gz")?),
        ("Synthea bundles", "fhir-r4-json", lines("fhir/synthea_r4_bundles.ndjson.gz")?),
        (
            "Messages of FHIR-Converter",
            "hl7v2",
            files("hl7v2/msconv_hl7v2.tar.gz", "", |bytes| Record::parse(bytes, None))?,
        ),
        ("Documents of FHIR-Converter", "ccda", files("ccda/msconv_ccda.tar.gz", "", ccda)?),
        ("HL7's C-CDA examples", "ccda", files("ccda/hl7_ccda_examples.tar.gz", "", ccda)?),
        ("The Adult table, map as suggested", "csv", files("risk/adult.tar.gz", "adult.csv", table)?),
    ])
}

/// The tables of the page.
fn page(tallies: &[(&str, &str, Tally)]) -> String {
    let mut out = String::from(
        "| Corpus | Format | Sources | Refused | Leaves | Labelled | Unrecognised |\n|---|---|---:|---|---:|---:|---:|\n",
    );
    for (name, format, tally) in tallies {
        let refused: Vec<String> =
            tally.refused.iter().map(|(code, count)| format!("{count} `{code}`")).collect();
        let refused = if refused.is_empty() { "none".to_owned() } else { refused.join(", ") };
        let unknown = tally.labels.get("unrecognised").copied().unwrap_or_default();
        let share = unknown as f64 * 100.0 / tally.leaves.max(1) as f64;
        writeln!(
            out,
            "| {name} | `{format}` | {} | {refused} | {} | {} | {unknown} ({share:.2} %) |",
            tally.sources,
            tally.leaves,
            tally.leaves - unknown
        )
        .unwrap();
    }
    out.push_str("\n## Why a leaf is not recognised\n| Corpus | Why | Leaves |\n|---|---|---:|\n");
    for (name, _, tally) in tallies {
        for (why, count) in &tally.why {
            writeln!(out, "| {name} | {why} | {count} |").unwrap();
        }
    }
    out.push_str("\n## Leaves by label\n| Label |");
    for (name, ..) in tallies {
        write!(out, " {name} |").unwrap();
    }
    writeln!(out, "\n|---|{}", "---:|".repeat(tallies.len())).unwrap();
    for label in Label::ALL.iter().map(|label| label.as_str()) {
        let counts: Vec<usize> =
            tallies.iter().map(|(.., tally)| tally.labels.get(label).copied().unwrap_or_default()).collect();
        if counts.iter().any(|count| *count > 0) {
            let cells: Vec<String> = counts.iter().map(ToString::to_string).collect();
            writeln!(out, "| `{label}` | {} |", cells.join(" | ")).unwrap();
        }
    }
    out
}

const MARK: &str = "<!-- The figures below are counted by tests/rust/labels.rs. -->\n";

#[test]
fn the_page_shows_what_is_counted() {
    let path = workspace().join("docs/labels.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, shown) = text.split_once(MARK).unwrap();
    let Some(tallies) = tallies() else { return };
    let counted = page(&tallies);
    if std::env::var_os("CHARTKEEPER_WRITE").is_some() {
        std::fs::write(&path, format!("{before}{MARK}{counted}")).unwrap();
        return;
    }
    assert!(
        shown == counted,
        "docs/labels.md is old: CHARTKEEPER_WRITE=1 cargo test -p chartkeeper-tests --test labels"
    );
}
