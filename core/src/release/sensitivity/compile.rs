//! Compiling sensitivity packs: from their files to tables that a code and a text are looked up in.

use std::collections::HashMap;

use serde::Deserialize;

use super::super::fact::Fact;
use super::super::law::fingerprint;
use super::words::Words;
use super::{Classes, Sensitivity, System, own_bit};
use crate::error::{Error, Result, codes};
use crate::packs::PackInfo;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    pack: Head,
    #[serde(default)]
    classes: Vec<ClassRow>,
    #[serde(default)]
    class_systems: Vec<String>,
    #[serde(default)]
    confidentiality_systems: Vec<String>,
    #[serde(default)]
    facts: HashMap<String, Vec<String>>,
    #[serde(default)]
    systems: HashMap<String, Vec<String>>,
    #[serde(default)]
    systems_that_need_words: Vec<String>,
    codes: Vec<CodeRow>,
    words: Vec<WordRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    name: String,
    release: String,
    effective_from: Option<String>,
    effective_to: Option<String>,
    licence: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassRow {
    code: String,
    within: Vec<String>,
    #[allow(dead_code)]
    title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeRow {
    system: String,
    /// Codes that begin so, without the dot.
    prefix: Option<String>,
    /// This code and no other.
    code: Option<String>,
    class: String,
    #[allow(dead_code)]
    title: String,
    #[allow(dead_code)]
    source: String,
    #[allow(dead_code)]
    confidence: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordRow {
    phrase: String,
    class: String,
    #[allow(dead_code)]
    source: String,
}

fn bad(place: String, note: &'static str) -> Error {
    Error::new(&codes::PACK_MALFORMED).in_path(place).note(note)
}

impl Sensitivity {
    pub(super) fn compile(packs: &[&str]) -> Result<Self> {
        let mut files = Vec::new();
        let mut infos = Vec::new();
        for json in packs {
            let file: PackFile = serde_json::from_str(json).map_err(|error| {
                let note = format!("line {}, column {}", error.line(), error.column());
                Error::new(&codes::PACK_MALFORMED).note(note)
            })?;
            infos.push(PackInfo {
                name: file.pack.name.clone(),
                system: "sensitivity".into(),
                release: file.pack.release.clone(),
                effective_from: file.pack.effective_from.clone(),
                effective_to: file.pack.effective_to.clone(),
                rows: (file.classes.len() + file.codes.len() + file.words.len()) as u64,
                licence: file.pack.licence.clone(),
                source: file.pack.source.clone(),
                sha256: fingerprint(json.as_bytes()),
            });
            files.push(file);
        }
        let classes = closures(files.iter().flat_map(|file| &file.classes))?;
        let class = |code: &str, place: &str| {
            let found = classes.iter().find(|(known, _)| known == code).map(|(_, bits)| *bits);
            found.ok_or_else(|| bad(place.to_owned(), "no class has this code"))
        };
        let (systems, numbers) = systems(&files);
        let mut out = Self {
            packs: infos,
            facts: Vec::new(),
            systems,
            prefixes: Vec::new(),
            exact: Vec::new(),
            words: Words::default(),
            classes: classes.clone(),
        };
        for file in &files {
            let place = &file.pack.name;
            for (name, codes) in &file.facts {
                let fact =
                    Fact::from_name(name).ok_or_else(|| bad(place.clone(), "no fact has this name"))?;
                for code in codes {
                    // A fact follows from a class and from what lies within it, not from what holds it.
                    out.facts
                        .push((fact, own_bit(&classes, code).ok_or_else(|| bad(place.clone(), "no class"))?));
                }
            }
            for row in &file.codes {
                let bits = class(&row.class, place)?;
                let number = numbers.get(row.system.as_str()).copied();
                let number = number.ok_or_else(|| bad(place.clone(), "no system has this name"))?;
                match (&row.prefix, &row.code) {
                    (Some(prefix), None) => out.prefixes.push((number, prefix.clone(), bits)),
                    (None, Some(code)) => out.exact.push((number, code.clone(), bits)),
                    _ => return Err(bad(place.clone(), "a code row has either prefix or code")),
                }
            }
        }
        let in_order = |rows: &mut Vec<(u8, String, Classes)>| {
            rows.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        };
        in_order(&mut out.prefixes);
        in_order(&mut out.exact);
        // Of two rows of one code the later counts, as it stands in the packs.
        out.exact.reverse();
        out.exact.dedup_by(|one, other| one.0 == other.0 && one.1 == other.1);
        out.exact.reverse();
        for pair in out.prefixes.windows(2) {
            if let [one, other] = pair
                && one.0 == other.0
                && other.1.starts_with(&one.1)
            {
                return Err(bad(one.1.clone(), "a prefix begins with another"));
            }
        }
        let rows: Vec<&WordRow> = files.iter().flat_map(|file| &file.words).collect();
        if let Some(row) = rows.iter().find(|row| !classes.iter().any(|(code, _)| *code == row.class)) {
            return Err(bad(row.phrase.clone(), "no class has this code"));
        }
        let phrases = |code: &str| -> Vec<&str> {
            rows.iter().filter(|row| row.class == code).map(|row| row.phrase.as_str()).collect()
        };
        out.words = Words::of(classes.iter().map(|(code, bits)| (*bits, phrases(code))))?;
        Ok(out)
    }
}

/// The bits of each class with every class that it lies within.
fn closures<'f>(rows: impl Iterator<Item = &'f ClassRow>) -> Result<Vec<(String, Classes)>> {
    let rows: Vec<&ClassRow> = rows.collect();
    if rows.len() > 64 {
        return Err(bad("classes".into(), "more than 64 classes"));
    }
    let at = |code: &str| rows.iter().position(|row| row.code == code);
    let mut bits: Vec<u64> = (0..rows.len()).map(|at| 1 << at).collect();
    // As many rounds as there are classes reach every class that one can lie within.
    for _ in 0..rows.len() {
        for (row, own) in rows.iter().zip(0..) {
            for wider in &row.within {
                let wider = at(wider).ok_or_else(|| bad(row.code.clone(), "no class has this code"))?;
                let more = bits.get(wider).copied().unwrap_or_default();
                if let Some(slot) = bits.get_mut::<usize>(own) {
                    *slot |= more;
                }
            }
        }
    }
    Ok(rows.iter().map(|row| row.code.clone()).zip(bits.into_iter().map(Classes)).collect())
}

fn systems(files: &[PackFile]) -> (HashMap<String, System>, HashMap<&str, u8>) {
    let mut systems: HashMap<String, System> = HashMap::new();
    let mut names: Vec<&str> =
        files.iter().flat_map(|file| file.systems.keys().map(String::as_str)).collect();
    names.sort_unstable();
    names.dedup();
    let numbers: HashMap<&str, u8> = names.into_iter().zip(1..).collect();
    for file in files {
        for (name, uris) in &file.systems {
            for uri in uris {
                systems.entry(uri.clone()).or_default().rows =
                    numbers.get(name.as_str()).copied().unwrap_or_default();
            }
        }
        for uri in &file.systems_that_need_words {
            systems.entry(uri.clone()).or_default().needs_words = true;
        }
        for uri in &file.class_systems {
            systems.entry(uri.clone()).or_default().is_classes = true;
        }
        for uri in &file.confidentiality_systems {
            systems.entry(uri.clone()).or_default().is_confidentiality = true;
        }
    }
    (systems, numbers)
}
