//! Finding codes by the words of their titles.
//!
//! Rows are ranked by their titles and inclusion terms. A row that takes a 7th character is answered with the one whose
//! meaning the query names ("subsequent encounter", "left eye"), or else with the one that holds where nothing else is
//! said: the initial encounter (of a closed fracture, guidelines I.C.19.c), or 0. A heading that is found brings the
//! code below it that is reported where nothing further is known.

use super::examine::Edition;
use super::list::{Place, TabularList};
use super::shape::{self, Reading};
use super::source::{Block, RowState};
use crate::codes::context::Facets;
use crate::codes::search::{Candidate, Index, Wanted};
use crate::codes::verdict::{CodeHit, Reason};
use crate::codes::words;

/// How much each part of a score can add; the whole is 1. What the query's words are found counts for is the
/// base: the other two parts only order titles that hold the same words.
const BASE: f32 = 0.65;
const BREVITY: f32 = 0.25;
const REPORTABLE: f32 = 0.10;
/// What is found by an inclusion term stands behind what is found as well by its title.
const TERM: f32 = 0.97;
/// So many of the best headings bring the code below them.
const HEADINGS: usize = 12;
/// The 7th characters that hold where nothing else is said, the likelier first.
const USUAL_SEVENTHS: [u8; 2] = [b'A', b'0'];

/// A row on its way to being a hit.
struct Ranked {
    place: Place,
    score: f32,
    held: u32,
    billable: bool,
    /// For a heading, what it would gain if it were reportable.
    missed: f32,
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
    let within =
        |found: &Ranked| chapter.as_ref().is_none_or(|rows| rows.contains(&(found.place.row as usize)));
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
        .filter_map(|candidate| rank(edition, finder, &meanings, &wanted, total, candidate))
        .filter(within)
        .collect();
    let better = |a: &Ranked, b: &Ranked| b.score.total_cmp(&a.score).then(a.place.row.cmp(&b.place.row));
    // A row may be found by its title and by its inclusion terms, and headings may have to be left out.
    let room = limit.saturating_mul(6);
    if ranked.len() > room && room > 0 {
        ranked.select_nth_unstable_by(room - 1, better);
        ranked.truncate(room);
    }
    ranked.sort_by(better);
    let headings = ranked.iter().filter(|found| found.missed > 0.0).take(HEADINGS);
    let usual: Vec<Ranked> = headings.filter_map(|heading| heading.usual_below(edition)).collect();
    ranked.extend(usual);
    ranked.sort_by(better);
    for found in ranked.into_iter().filter(|found| found.billable || !facets.billable_only) {
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
fn rows_of_chapter(edition: Edition<'_>, id: &str) -> std::ops::Range<usize> {
    edition.list.blocks().iter().find(|block| block.id == id).map_or(0..0, Block::run)
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
        title: edition.title(place).unwrap_or_default(),
        score: 1.0,
        why: vec!["code".to_owned()],
        billable: found.reason.is_none(),
        release: release.to_owned(),
    })
}

fn rank(
    edition: Edition<'_>,
    finder: &Finder,
    meanings: &[Vec<Meaning>],
    wanted: &[Wanted],
    total: f32,
    candidate: Candidate,
) -> Option<Ranked> {
    let (row, factor) = finder.row_of(candidate.row);
    let state = edition.list.state(row, edition.release);
    let mut ranked = Ranked {
        place: Place { row, seventh: 0 },
        score: candidate.gained,
        held: candidate.held,
        billable: state == RowState::Billable,
        missed: 0.0,
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
            } else {
                ranked.place = edition.usual(ranked.place);
            }
            ranked.billable = ranked.place.seventh != 0;
        }
        RowState::Header | RowState::Billable => {}
    }
    let found = factor * (ranked.score / total).min(1.0);
    ranked.score = found * (BASE + BREVITY * candidate.precision);
    if reportable {
        ranked.score += found * REPORTABLE;
    } else {
        ranked.missed = found * REPORTABLE;
    }
    Some(ranked)
}

impl Ranked {
    /// The code below a heading that is reported where nothing further is known.
    fn usual_below(&self, edition: Edition<'_>) -> Option<Self> {
        let place = edition.usual_below(self.place.row)?;
        Some(Self { place, score: self.score + self.missed, billable: true, missed: 0.0, held: self.held })
    }
}

impl Edition<'_> {
    /// A place, completed where it needs a 7th character and has a usual one.
    fn usual(self, place: Place) -> Place {
        let set = self.list.sevenths(place.row, self.release);
        let usual = USUAL_SEVENTHS.into_iter().find(|usual| set.iter().any(|(byte, _)| byte == usual));
        Place { seventh: usual.unwrap_or(place.seventh), ..place }
    }

    /// The code below a heading whose title says that nothing further is known, level by level; `None` where a level has
    /// none.
    fn usual_below(self, heading: u32) -> Option<Place> {
        let mut row = heading;
        loop {
            let rows = self.list.children(row, self.release);
            row = match rows.as_slice() {
                [only] => *only,
                _ => {
                    rows.into_iter()
                        .filter_map(|row| Some((plainness(&self.title(Place { row, seventh: 0 })?)?, row)))
                        .min()?
                        .1
                }
            };
            match self.list.state(row, self.release) {
                RowState::Header => {}
                RowState::Absent => return None,
                RowState::Billable => return Some(Place { row, seventh: 0 }),
                RowState::NeedsSeventh(_) => {
                    return Some(self.usual(Place { row, seventh: 0 })).filter(|place| place.seventh != 0);
                }
            }
        }
    }
}

/// How little more a title says than that nothing further is known, least first; `None` where it says something else.
fn plainness(title: &str) -> Option<(bool, bool, usize)> {
    let title = title.to_lowercase();
    let unknown = title.contains("unspecified");
    let without = title.contains("without") || title.contains("uncomplicated");
    (unknown || without).then(|| (!unknown, title.contains(" with "), title.len()))
}

/// What a list needs to be searched: the index of its titles, and the words of its 7th characters.
#[derive(Debug)]
pub(super) struct Finder {
    index: Index,
    /// The rows of the texts behind the titles: inclusion terms.
    terms: Vec<u32>,
    titles: u32,
    /// By set: the characters, and the stems of what each means.
    sevenths: Vec<Vec<(u8, Vec<String>)>>,
    /// By release and set: how many rows take a character of the set.
    takers: Vec<Vec<u32>>,
}

impl Finder {
    /// Reads the titles of a list once.
    pub(super) fn of(list: &TabularList, index: Index, terms: Vec<u32>) -> Self {
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
        Self { index, terms, titles: list.rows(), sevenths, takers }
    }

    /// The row of the list that a row of the index leads to, and what being found by it counts for.
    fn row_of(&self, found: u32) -> (u32, f32) {
        let term = found.checked_sub(self.titles).and_then(|term| self.terms.get(term as usize));
        term.map_or((found, 1.0), |row| (*row, TERM))
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
