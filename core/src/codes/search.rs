//! Ranked search over the titles of a pack: which rows hold the words of a query, and how well.
//!
//! The index is made from the packed titles when it is first asked for (a few milliseconds) and is not part of
//! the pack. A row's score rises with the share of the query's words that it holds (rare words count for more),
//! and with the share of its own words that the query named, so that a short title precedes a long one.

use std::collections::BTreeMap;

use super::titles::Titles;
use super::{synonyms, words};
use crate::packs::Pack;

/// Words that say no more than "nothing further is known". Like the words that only hold a title together, they do
/// not make it longer.
const DEFAULT_WORDS: &[&str] = &["unspecified", "without", "complication", "nos"];
const DEFAULT_WEIGHT: f32 = 0.05;
/// A word that a query gives only the beginning of counts for at least this much of a whole one.
const PREFIX_FLOOR: f32 = 0.6;
const PREFIX_LETTERS: usize = 3;
/// A word that is no stem and begins none may be misspelt: from this many letters on, and twice from this many.
const MISSPELT_LETTERS: usize = 4;
const TWO_SLIPS_LETTERS: usize = 8;
const ONE_SLIP: f32 = 0.85;
const TWO_SLIPS: f32 = 0.7;
/// What a word of the same meaning, and one of the same root, counts for.
const SYNONYM: f32 = 0.9;
const SAME_ROOT: f32 = 0.8;
const ROOT_LETTERS: usize = 4;
/// Endings that one word has and another of the same root has not; the longest that fits is taken off.
const ENDINGS: &[&str] = &[
    "ations", "ation", "ating", "ated", "ical", "ions", "ing", "ion", "ied", "ous", "ed", "al", "ic", "ly",
    "y", "e",
];

/// The words of all titles, and for each the rows that hold it.
#[derive(Debug)]
pub(crate) struct Index {
    /// Stems in alphabetical order.
    stems: Vec<String>,
    /// Where the rows of each stem begin in `rows`; one more than there are stems.
    starts: Vec<u32>,
    rows: Vec<u32>,
    /// How rare each stem is.
    rarity: Vec<f32>,
    /// Sum of the rarities of a row's stems.
    weight: Vec<f32>,
    /// How many titles hold each stem, and how many titles there are.
    frequency: Vec<u32>,
    titles: usize,
}

/// A word of a query, with what it weighs.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) word: String,
    pub(crate) stem: String,
    pub(crate) weight: f32,
}

/// A row that holds words of the query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub(crate) row: u32,
    /// Sum of the weights of the words that it holds, each times how well it holds it.
    pub(crate) gained: f32,
    /// One bit for every word of the query that it holds.
    pub(crate) held: u32,
    /// The share of its own words that the query named.
    pub(crate) precision: f32,
}

impl Index {
    /// Reads all titles once. Behind them come other texts of the pack, by their numbers, each a row of its own in the
    /// order given, which count for nothing where it is asked how rare a word is.
    pub(crate) fn of_titles(titles: &Titles, pack: &Pack, others: Option<(&Titles, &[usize])>) -> Self {
        let mut dictionary = titles.words(pack).unwrap_or_default();
        // Words of texts that are not asked for are no words of the index.
        let mut words: Vec<Option<usize>> = Vec::new();
        if let Some((texts, numbers)) = others {
            let known = texts.words(pack).unwrap_or_default();
            words = vec![None; known.len()];
            let _ = each_of(texts, pack, numbers, |_, tokens| {
                for token in tokens.iter().map(|token| usize::from(*token)) {
                    if let (Some(slot @ None), Some(word)) = (words.get_mut(token), known.get(token)) {
                        *slot = Some(dictionary.len());
                        dictionary.push(word);
                    }
                }
            });
        }
        let (stems, parts) = number_stems(&dictionary);
        let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(titles.count() * 8);
        let mut counts = vec![0u32; stems.len()];
        let mut held: Vec<u32> = Vec::with_capacity(48);
        let read = titles.for_each(pack, |row, tokens| {
            held.clear();
            held.extend(tokens.iter().filter_map(|token| parts.get(usize::from(*token))).flatten());
            note(&mut held, row, &mut counts, &mut pairs);
        });
        if read.is_err() {
            pairs.clear();
            counts.fill(0);
        }
        let frequency = counts.clone();
        let mut rows = titles.count();
        if let Some((texts, numbers)) = others {
            let _ = each_of(texts, pack, numbers, |at, tokens| {
                held.clear();
                let own = tokens.iter().filter_map(|token| *words.get(usize::from(*token))?);
                held.extend(own.filter_map(|word| parts.get(word)).flatten());
                note(&mut held, titles.count() + at, &mut counts, &mut pairs);
            });
            rows += numbers.len();
        }
        Self::assemble(stems, &counts, &pairs, rows, (frequency, titles.count()))
    }

    /// Reads titles that stand as texts.
    pub(crate) fn of_texts<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> Self {
        let mut dictionary: Vec<&str> = texts.clone().flat_map(|text| text.split(' ')).collect();
        dictionary.sort_unstable();
        dictionary.dedup();
        let (stems, parts) = number_stems(&dictionary);
        let mut pairs = Vec::new();
        let mut counts = vec![0u32; stems.len()];
        let mut held: Vec<u32> = Vec::with_capacity(48);
        let mut rows = 0;
        for text in texts {
            held.clear();
            let numbers = text.split(' ').filter_map(|word| dictionary.binary_search(&word).ok());
            held.extend(numbers.filter_map(|number| parts.get(number)).flatten());
            note(&mut held, rows, &mut counts, &mut pairs);
            rows += 1;
        }
        let frequency = counts.clone();
        Self::assemble(stems, &counts, &pairs, rows, (frequency, rows))
    }

    fn assemble(
        stems: Vec<String>,
        counts: &[u32],
        pairs: &[(u32, u32)],
        rows: usize,
        (frequency, titles): (Vec<u32>, usize),
    ) -> Self {
        let rarity: Vec<f32> = stems
            .iter()
            .zip(&frequency)
            .map(|(stem, count)| {
                let slight = DEFAULT_WORDS.iter().chain(words::FUNCTION_WORDS).any(|word| word == stem);
                if slight { DEFAULT_WEIGHT } else { rarity_of(titles, *count) }
            })
            .collect();
        let mut starts = Vec::with_capacity(stems.len() + 1);
        let mut at = 0;
        starts.push(0);
        for count in counts {
            at += count;
            starts.push(at);
        }
        let mut next = starts.clone();
        let mut weight = vec![0.0; rows];
        let mut rows = vec![0; pairs.len()];
        for (stem, row) in pairs {
            if let Some(next) = next.get_mut(*stem as usize) {
                if let Some(slot) = rows.get_mut(*next as usize) {
                    *slot = *row;
                }
                *next += 1;
            }
            if let (Some(weight), Some(rarity)) = (weight.get_mut(*row as usize), rarity.get(*stem as usize))
            {
                *weight += rarity;
            }
        }
        Self { stems, starts, rows, rarity, weight, frequency, titles }
    }

    /// How rare a stem is; one that no title has is as rare as can be.
    pub(crate) fn rarity(&self, stem: &str) -> f32 {
        let known = self.number(stem).and_then(|number| self.rarity.get(number)).copied();
        known.unwrap_or_else(|| rarity_of(self.titles, 1))
    }

    /// The words of a query with their weights. `others` says how many rows hold a stem outside the titles.
    pub(crate) fn wanted(&self, query: &str, others: impl Fn(&str) -> u32) -> Vec<Wanted> {
        words::of_query(query)
            .into_iter()
            .map(|(word, stem)| {
                let here = self.number(&stem).and_then(|number| self.frequency.get(number)).copied();
                let weight = rarity_of(self.titles, (here.unwrap_or(0) + others(&stem)).max(1));
                Wanted { word, stem, weight }
            })
            .collect()
    }

    /// The rows that hold at least one of the words, in no order.
    pub(crate) fn candidates(&self, wanted: &[Wanted]) -> Vec<Candidate> {
        let rows = self.weight.len();
        let mut gained = vec![0f32; rows];
        let mut named = vec![0f32; rows];
        let mut held = vec![0u32; rows];
        let mut best = vec![0f32; rows];
        let mut touched = Vec::new();
        for (bit, word) in wanted.iter().enumerate().take(words::QUERY_WORDS) {
            for (number, factor) in self.matches(&word.stem, bit + 1 == wanted.len()) {
                let rarity = self.rarity.get(number).copied().unwrap_or(0.0);
                for row in self.rows_of(number) {
                    let at = *row as usize;
                    let (Some(gained), Some(named), Some(held), Some(best)) =
                        (gained.get_mut(at), named.get_mut(at), held.get_mut(at), best.get_mut(at))
                    else {
                        continue;
                    };
                    if *held == 0 {
                        touched.push(*row);
                    }
                    if *held & (1 << bit) == 0 {
                        *held |= 1 << bit;
                        *best = 0.0;
                    }
                    if factor > *best {
                        *gained += word.weight * (factor - *best);
                        *named += rarity * (factor - *best);
                        *best = factor;
                    }
                }
            }
        }
        let of = |list: &[f32], row: u32| list.get(row as usize).copied().unwrap_or(0.0);
        touched
            .into_iter()
            .map(|row| Candidate {
                row,
                gained: of(&gained, row),
                held: held.get(row as usize).copied().unwrap_or(0),
                precision: (of(&named, row) / of(&self.weight, row).max(f32::MIN_POSITIVE)).min(1.0),
            })
            .collect()
    }

    /// The stems that a word means: itself, and, where it is the last of the query or no stem by itself, those
    /// that begin with it.
    fn matches(&self, stem: &str, last: bool) -> Vec<(usize, f32)> {
        let exact = self.number(stem);
        let mut out: Vec<(usize, f32)> = exact.map(|number| (number, 1.0)).into_iter().collect();
        let letters = stem.chars().count();
        let known = synonyms::of(stem).into_iter().filter_map(|other| self.number(&other));
        out.extend(known.map(|number| (number, SYNONYM)));
        if out.is_empty() && letters >= MISSPELT_LETTERS && !self.has_prefix(stem) {
            let same_root = self.same_root(stem);
            return if same_root.is_empty() { self.misspelt(stem, letters) } else { same_root };
        }
        if letters >= PREFIX_LETTERS && (last || exact.is_none()) {
            let from = self.stems.partition_point(|known| known.as_str() < stem);
            for (at, known) in self.stems.iter().enumerate().skip(from) {
                if !known.starts_with(stem) {
                    break;
                }
                if known != stem {
                    let share = letters as f32 / known.chars().count().max(1) as f32;
                    out.push((at, PREFIX_FLOOR + (1.0 - PREFIX_FLOOR) * share * 0.9));
                }
            }
        }
        out
    }

    /// The stems that have the root of a word with another ending: `dislocated` finds `dislocation`.
    fn same_root(&self, stem: &str) -> Vec<(usize, f32)> {
        let root = ENDINGS.iter().find_map(|ending| stem.strip_suffix(ending));
        let Some(root) = root.filter(|root| root.len() >= ROOT_LETTERS) else { return Vec::new() };
        let from = self.stems.partition_point(|known| known.as_str() < root);
        let known = self.stems.iter().enumerate().skip(from).take_while(|(_, known)| known.starts_with(root));
        let has_ending = |known: &str| {
            let ending = known.strip_prefix(root).unwrap_or_default();
            ending.is_empty() || ENDINGS.contains(&ending)
        };
        known.filter(|(_, known)| has_ending(known)).map(|(number, _)| (number, SAME_ROOT)).collect()
    }

    fn has_prefix(&self, stem: &str) -> bool {
        let from = self.stems.partition_point(|known| known.as_str() < stem);
        self.stems.get(from).is_some_and(|known| known.starts_with(stem))
    }

    /// The stems that a misspelt word may be, all at the least distance: one slip, or two in a long word. The first
    /// letter is taken to be right, or the first two to be swapped.
    fn misspelt(&self, stem: &str, letters: usize) -> Vec<(usize, f32)> {
        let wanted: Vec<char> = stem.chars().collect();
        let mut most = if letters >= TWO_SLIPS_LETTERS { 2 } else { 1 };
        let mut out: Vec<(usize, f32)> = Vec::new();
        for (at, known) in self.stems.iter().enumerate() {
            if known.len().abs_diff(stem.len()) > most || known.chars().next() != wanted.first().copied() {
                continue;
            }
            let known: Vec<char> = known.chars().collect();
            let Some(slips) = distance(&wanted, &known, most) else { continue };
            if slips < most {
                most = slips;
                out.clear();
            }
            out.push((at, if slips <= 1 { ONE_SLIP } else { TWO_SLIPS }));
        }
        out
    }

    fn number(&self, stem: &str) -> Option<usize> {
        self.stems.binary_search_by(|known| known.as_str().cmp(stem)).ok()
    }

    fn rows_of(&self, number: usize) -> &[u32] {
        match (self.starts.get(number), self.starts.get(number + 1)) {
            (Some(from), Some(to)) => self.rows.get(*from as usize..*to as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// How many letters must be put in, left out, changed or swapped with the next to make one word of the other; `None`
/// where it is more than `most`.
fn distance(a: &[char], b: &[char], most: usize) -> Option<usize> {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut least =
                (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        if row.iter().min().is_none_or(|least| *least > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|slips| *slips <= most)
}

/// Calls `each` with the texts of these numbers, which rise, by their places among them.
fn each_of(
    texts: &Titles,
    pack: &Pack,
    numbers: &[usize],
    mut each: impl FnMut(usize, &[u16]),
) -> crate::error::Result<()> {
    let mut wanted = numbers.iter().enumerate().peekable();
    texts.for_each(pack, |number, tokens| {
        if let Some((at, _)) = wanted.next_if(|(_, wanted)| **wanted == number) {
            each(at, tokens);
        }
    })
}

/// The stems of a dictionary in alphabetical order, and for each of its words the numbers of its stems.
fn number_stems(dictionary: &[&str]) -> (Vec<String>, Vec<Vec<u32>>) {
    let parts: Vec<Vec<String>> = dictionary
        .iter()
        .map(|word| {
            let mut stems = Vec::new();
            words::for_each_word(word, |part| stems.push(words::stem(part)));
            stems
        })
        .collect();
    let mut numbers: BTreeMap<&str, u32> = parts.iter().flatten().map(|stem| (stem.as_str(), 0)).collect();
    for (number, (_, slot)) in numbers.iter_mut().enumerate() {
        *slot = number as u32;
    }
    let of_words = parts
        .iter()
        .map(|stems| stems.iter().filter_map(|stem| numbers.get(stem.as_str()).copied()).collect())
        .collect();
    (numbers.keys().map(|stem| (*stem).to_owned()).collect(), of_words)
}

/// Counts the stems of a row, each once.
fn note(held: &mut Vec<u32>, row: usize, counts: &mut [u32], pairs: &mut Vec<(u32, u32)>) {
    held.sort_unstable();
    held.dedup();
    for stem in held {
        if let Some(count) = counts.get_mut(*stem as usize) {
            *count += 1;
        }
        pairs.push((*stem, row as u32));
    }
}

/// A row that a search of plain titles found.
#[derive(Debug)]
pub(crate) struct PlainHit {
    pub(crate) row: usize,
    pub(crate) score: f64,
    pub(crate) why: Vec<String>,
}

/// Searches titles that have nothing beside them: at most `limit` rows that `keep` allows, the best first.
pub(crate) fn plain(index: &Index, query: &str, limit: usize, keep: impl Fn(usize) -> bool) -> Vec<PlainHit> {
    const PRECISION: f32 = 0.25;
    let wanted = index.wanted(query, |_| 0);
    let total: f32 = wanted.iter().map(|word| word.weight).sum();
    if total <= 0.0 {
        return Vec::new();
    }
    let score =
        |found: &Candidate| (found.gained / total).min(1.0) * (1.0 - PRECISION + PRECISION * found.precision);
    let mut ranked: Vec<(f32, Candidate)> = index
        .candidates(&wanted)
        .into_iter()
        .filter(|found| keep(found.row as usize))
        .map(|found| (score(&found), found))
        .collect();
    ranked.sort_by(|(a, m), (b, n)| b.total_cmp(a).then(m.row.cmp(&n.row)));
    let hit = |(score, found): (f32, Candidate)| PlainHit {
        row: found.row as usize,
        score: (f64::from(score) * 10_000.0).round() / 10_000.0,
        why: (wanted.iter().enumerate())
            .filter(|(bit, _)| found.held & (1 << bit) != 0)
            .map(|(_, word)| word.word.clone())
            .collect(),
    };
    ranked.into_iter().take(limit).map(hit).collect()
}

fn rarity_of(titles: usize, count: u32) -> f32 {
    (1.0 + titles as f32 / count.max(1) as f32).ln()
}
