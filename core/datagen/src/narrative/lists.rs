//! The lists that are written here: cues by kind, eponyms, words of notes.

use chartkeeper::deid::narrative::{Cue, Cues};

use crate::Result;

/// The words of `cues.txt`, each with its kinds.
pub(crate) fn cues() -> Result<Vec<(&'static str, Cues)>> {
    let mut kind = None;
    let mut all = Vec::new();
    for line in lines(include_str!("../../rules/narrative/cues.txt")) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            kind = Some(Cue::from_name(name).ok_or_else(|| format!("cues.txt: there is no kind {name}"))?);
            continue;
        }
        let kind = kind.ok_or("cues.txt begins without a kind")?;
        all.extend(line.split_whitespace().map(|word| (word, Cues::of(&[kind]))));
    }
    Ok(all)
}

/// The words of `eponyms.txt`.
pub(crate) fn eponyms() -> impl Iterator<Item = &'static str> {
    lines(include_str!("../../rules/narrative/eponyms.txt")).flat_map(str::split_whitespace)
}

/// The words of `clinical.txt`.
pub(crate) fn clinical() -> impl Iterator<Item = &'static str> {
    lines(include_str!("../../rules/narrative/clinical.txt")).flat_map(str::split_whitespace)
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}
