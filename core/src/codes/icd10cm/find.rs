//! Finding codes by the words of their titles.
//!
//! Rows are ranked, and where the query also names what a 7th character stands for ("initial encounter", "left
//! eye") the row is answered with that code; otherwise with the row itself, which [`super::suggest`] completes.

use super::examine::Edition;
use super::list::{Place, TabularList};
use super::shape::{self, Reading};
use super::source::RowState;
use crate::codes::context::Facets;
use crate::codes::search::{Candidate, Index, Wanted};
use crate::codes::verdict::{CodeHit, Reason};
use crate::codes::words;

/// How much each part of a score can add; the whole is 1. What the query's words are found counts for is the
/// base: the other two parts only order titles that hold the same words.
const BASE: f32 = 0.65;
const BREVITY: f32 = 0.25;
const REPORTABLE: f32 = 0.10;

/// A row on its way to being a hit.
struct Ranked {
    place: Place,
    score: f32,
    held: u32,
    billable: bool,
}

/// Searches one release. At most `limit` hits, the best first; equal ones in tabular order.
pub(super) fn find(
    edition: Edition<'_>,
    release: &str,
    query: &str,
    facets: &Facets,
    limit: usize,
) -> Vec<CodeHit> {
    let mut out: Vec<CodeHit> = by_code(edition, release, query).into_iter().take(limit).collect();
    let chapter = facets.chapter.as_deref().map(|id| rows_of_chapter(edition, id));
    let within = |found: &Ranked| {
        (found.billable || !facets.billable_only)
            && chapter.as_ref().is_none_or(|rows| rows.contains(&found.place.row))
    };
    let finder = edition.list.finder();
    let wanted = finder.index.wanted(query, |stem| finder.takers_of(stem, edition.release));
    let total: f32 = wanted.iter().map(|word| word.weight).sum();
    if total <= 0.0 {
        return out;
    }
    let meanings = finder.meanings(&wanted);
    let mut ranked: Vec<Ranked> = finder
        .index
        .candidates(&wanted)
        .into_iter()
        .filter_map(|candidate| rank(edition, &meanings, &wanted, total, candidate))
        .filter(within)
        .collect();
    let better = |a: &Ranked, b: &Ranked| b.score.total_cmp(&a.score).then(a.place.row.cmp(&b.place.row));
    if ranked.len() > limit && limit > 0 {
        ranked.select_nth_unstable_by(limit - 1, better);
        ranked.truncate(limit);
    }
    ranked.sort_by(better);
    for found in ranked {
        let code = edition.code(found.place);
        if out.len() >= limit || out.iter().any(|hit| hit.code == code) {
            continue;
        }
        let held = wanted.iter().enumerate().filter(|(bit, _)| found.held & (1 << bit) != 0);
        out.push(CodeHit {
            code,
            title: edition.title(found.place).unwrap_or_default(),
            score: rounded(found.score),
            why: held.map(|(_, word)| word.word.clone()).collect(),
            billable: found.billable,
            release: release.to_owned(),
        });
    }
    out
}

/// The rows of a chapter; none where there is no such chapter.
fn rows_of_chapter(edition: Edition<'_>, id: &str) -> std::ops::Range<u32> {
    let blocks = edition.list.blocks().unwrap_or_default();
    let chapter = blocks.iter().find(|block| block.id == id);
    chapter.map_or(0..0, |block| block.first..block.first.saturating_add(block.rows))
}

/// A query that is a code of the release is answered with it.
fn by_code(edition: Edition<'_>, release: &str, query: &str) -> Option<CodeHit> {
    let Reading::Code(key) = shape::read(query) else { return None };
    let found = edition.examine(key);
    let place = found.place.filter(|place| edition.list.key(*place) == key)?;
    if !matches!(found.reason, None | Some(Reason::NotBillable | Reason::MissingSeventh)) {
        return None;
    }
    Some(CodeHit {
        code: edition.code(place),
        title: edition.title(place)?,
        score: 1.0,
        why: vec!["code".to_owned()],
        billable: found.reason.is_none(),
        release: release.to_owned(),
    })
}

fn rank(
    edition: Edition<'_>,
    meanings: &[Vec<Meaning>],
    wanted: &[Wanted],
    total: f32,
    candidate: Candidate,
) -> Option<Ranked> {
    let state = edition.list.state(candidate.row, edition.release);
    let mut ranked = Ranked {
        place: Place { row: candidate.row, seventh: 0 },
        score: candidate.gained,
        held: candidate.held,
        billable: state == RowState::Billable,
    };
    let mut reportable = ranked.billable;
    match state {
        RowState::Absent => return None,
        RowState::NeedsSeventh(set) => {
            reportable = true;
            let set = meanings.get(usize::from(set)).map_or(&[][..], Vec::as_slice);
            if let Some((seventh, gained, held)) = best(set, wanted, candidate.held) {
                ranked.place.seventh = seventh;
                ranked.score += gained;
                ranked.held |= held;
                ranked.billable = true;
            }
        }
        RowState::Header | RowState::Billable => {}
    }
    let coverage = (ranked.score / total).min(1.0);
    ranked.score =
        coverage * (BASE + BREVITY * candidate.precision + if reportable { REPORTABLE } else { 0.0 });
    Some(ranked)
}

/// What a list needs to be searched: the index of its titles, and the words of its 7th characters.
#[derive(Debug)]
pub(super) struct Finder {
    index: Index,
    /// By set: the characters, and the stems of what each means.
    sevenths: Vec<Vec<(u8, Vec<String>)>>,
    /// By release and set: how many rows take a character of the set.
    takers: Vec<Vec<u32>>,
}

impl Finder {
    /// Reads the titles of a list once.
    pub(super) fn of(list: &TabularList, index: Index) -> Self {
        let words_of = |meaning: &str| {
            let mut stems = Vec::new();
            words::for_each_word(meaning, |word| stems.push(words::stem(word)));
            stems
        };
        let sets = list.seventh_sets();
        let sevenths = sets
            .iter()
            .map(|set| set.iter().map(|(byte, meaning)| (*byte, words_of(meaning))).collect())
            .collect();
        let mut takers = vec![vec![0; sets.len()]; list.releases().len()];
        for (release, counts) in (0u8..).zip(takers.iter_mut()) {
            for row in 0..list.rows() {
                if let RowState::NeedsSeventh(set) = list.state(row, release)
                    && let Some(count) = counts.get_mut(usize::from(set))
                {
                    *count += 1;
                }
            }
        }
        Self { index, sevenths, takers }
    }

    /// How rare a stem is among the titles; one that no title has is as rare as can be.
    pub(super) fn rarity(&self, stem: &str) -> f32 {
        self.index.rarity(stem)
    }

    /// How many rows take a 7th character whose meaning has this word.
    fn takers_of(&self, stem: &str, release: u8) -> u32 {
        let counts = self.takers.get(usize::from(release)).map_or(&[][..], Vec::as_slice);
        let has = |set: &[(u8, Vec<String>)]| set.iter().any(|(_, stems)| stems.iter().any(|s| s == stem));
        self.sevenths.iter().zip(counts).filter(|(set, _)| has(set)).map(|(_, count)| count).sum()
    }

    /// By set and character: which words of the query its meaning has, and how long the meaning is.
    fn meanings(&self, wanted: &[Wanted]) -> Vec<Vec<Meaning>> {
        let meaning = |(byte, stems): &(u8, Vec<String>)| {
            let has = wanted.iter().enumerate().filter(|(_, word)| stems.contains(&word.stem));
            Meaning { byte: *byte, held: has.fold(0, |bits, (bit, _)| bits | (1 << bit)), words: stems.len() }
        };
        self.sevenths.iter().map(|set| set.iter().map(meaning).collect()).collect()
    }
}

/// A 7th character, and the words of the query that its meaning has.
struct Meaning {
    byte: u8,
    held: u32,
    words: usize,
}

/// The 7th character of a set whose meaning has most of the words that the title has not, with what they weigh;
/// `None` where it has none of them. Of equal ones the one of fewest words.
fn best(set: &[Meaning], wanted: &[Wanted], held: u32) -> Option<(u8, f32, u32)> {
    let mut best: Option<(&Meaning, f32)> = None;
    for meaning in set.iter().filter(|meaning| meaning.held & !held != 0) {
        let fresh = wanted.iter().enumerate().filter(|(bit, _)| (meaning.held & !held) & (1 << bit) != 0);
        let gained: f32 = fresh.map(|(_, word)| word.weight).sum();
        if best.is_none_or(|(known, most)| gained > most || (gained == most && meaning.words < known.words)) {
            best = Some((meaning, gained));
        }
    }
    best.map(|(meaning, gained)| (meaning.byte, gained, meaning.held & !held))
}

fn rounded(score: f32) -> f64 {
    (f64::from(score) * 10_000.0).round() / 10_000.0
}
