//! Real HL7 v2: 139 messages that nobody on the project wrote. Skipped, saying so, where they are absent.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

use std::collections::{BTreeMap, HashSet};

use chartkeeper::engine::DeidentifyOptions;
use chartkeeper::formats::label::Label;
use chartkeeper::formats::tree::Kind;
use chartkeeper::{Chartkeeper, Format, Record};
use chartkeeper_tests::{archive, series};

fn messages() -> Option<Vec<(String, Vec<u8>)>> {
    archive("hl7v2/msconv_hl7v2.tar.gz")
}

#[test]
fn messages_come_out_as_they_went_in() {
    let Some(messages) = messages() else { return };
    assert_eq!(messages.len(), 139);
    let mut labels: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut bytes, mut memory) = (0, 0);
    for (name, source) in &messages {
        let record = Record::parse(source.clone(), None).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(record.format(), Format::Hl7v2);
        let patches = record.edits().finish(|id| record.emptied(id)).unwrap();
        assert!(patches.apply(record.source()) == *source, "{name}");
        bytes += source.len();
        memory += record.tree().memory();
        for (id, node) in record.tree().iter() {
            if !matches!(node.kind(), Kind::Object | Kind::List) {
                *labels.entry(node.label().as_str()).or_default() += 1;
            }
            let path = record.path(id);
            assert!(path.contains('?') || record.locate(&path).unwrap() == id, "{name}: {path}");
        }
    }
    let all: usize = labels.values().sum();
    eprintln!("{bytes} bytes, tree {memory} bytes, {all} leaves: {labels:?}");
    assert!(labels["unrecognised"] * 20 < all, "most of what stands in real messages is known");
}

#[test]
fn a_thousand_edits_change_what_they_name() {
    let Some(messages) = messages() else { return };
    let mut next = series(7);
    for round in 0..1000 {
        let (name, source) = &messages[next(messages.len())];
        let record = Record::parse(source.clone(), None).unwrap();
        // The first three nodes are the source, its message and the header, without which it is none.
        let id = record.tree().iter().nth(3 + next(record.tree().len() - 3)).unwrap().0;
        let mut edits = record.edits();
        let leaf = record.text(id).is_some();
        if leaf && round % 2 == 0 {
            if !edits.replace_text(id, "1") {
                continue;
            }
        } else {
            edits.remove(id);
        }
        let patches = edits.finish(|id| record.emptied(id)).unwrap();
        let out = patches.apply(record.source());
        let (mut from, mut to) = (0, 0);
        for patch in patches.ranges() {
            let kept = &source[from..patch.span.start];
            let found = out[to..].windows(kept.len().max(1)).position(|window| window == kept);
            assert!(kept.is_empty() || found.is_some(), "{name}: bytes outside of the edit changed");
            to += kept.len();
            from = patch.span.end;
        }
        assert!(out.ends_with(&source[from..]), "{name}");
        let again = Record::parse(out, Some(Format::Hl7v2)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(again.tree().len() <= record.tree().len(), "{name}: {}", record.path(id));
    }
}

#[test]
fn nothing_that_identifies_survives() {
    let Some(messages) = messages() else { return };
    let keeper = Chartkeeper::new().unwrap();
    let options = DeidentifyOptions { as_of: Some("2026-01-01"), ..DeidentifyOptions::default() };
    let mut looked_for = 0;
    for (name, source) in &messages {
        let record = Record::parse(source.clone(), None).unwrap();
        let done = keeper.deidentify(&record, "hipaa-safe-harbor", &options).unwrap();
        let after = Record::parse(done.output.clone(), Some(Format::Hl7v2))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let texts: HashSet<String> = after
            .tree()
            .iter()
            .filter_map(|(id, _)| after.text(id))
            .map(|text| text.to_lowercase())
            .collect();
        for (id, node) in record.tree().iter() {
            let identifies = matches!(
                node.label(),
                Label::Name
                    | Label::Street
                    | Label::MedicalRecord
                    | Label::SocialSecurity
                    | Label::Account
                    | Label::HealthPlan
                    | Label::Phone
                    | Label::Email
            );
            let text = record.text(id).filter(|_| identifies).map(|text| text.trim().to_lowercase());
            // A shorter one is a word like any other, or the number of something else.
            if let Some(text) = text.filter(|text| text.len() > 4) {
                looked_for += 1;
                assert!(!texts.contains(&text), "{name}: {} survives", record.path(id));
            }
        }
        for (id, node) in after.tree().iter() {
            let dated = matches!(node.label(), Label::Date | Label::BirthDate | Label::DeathDate);
            if let Some(text) = after.text(id).filter(|_| dated) {
                assert_eq!(text.len(), 4, "{name}: {}", after.path(id));
            }
            assert_ne!(
                (node.label(), node.kind()),
                (Label::Unrecognised, Kind::Text),
                "{name}: {}",
                after.path(id)
            );
        }
    }
    assert!(looked_for > 2000, "{looked_for}");
}
