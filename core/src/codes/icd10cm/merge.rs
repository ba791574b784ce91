//! Several releases as one source: the rows of all in tabular order, with what each is in each release.

use std::collections::HashMap;

use super::source::{Block, NoteOwner, Row, RowState, SourceNote, TabularSource, refuse};
use crate::error::Result;

impl TabularSource {
    /// Joins sources whose releases follow one another. Chapters and sections are those of the newest source that
    /// has them; a title that a release words differently is kept beside the newest.
    ///
    /// # Errors
    /// `pack_malformed` where there is no source, or too much of something for a pack.
    pub fn merge(sources: &[Self]) -> Result<Self> {
        let newest = sources.last().ok_or_else(|| refuse("there is no release".into()))?;
        let mut merged = Self {
            releases: sources.iter().flat_map(|source| source.releases.iter().cloned()).collect(),
            rows: Vec::new(),
            sevenths: Vec::new(),
            blocks: Vec::new(),
            note_releases: Vec::new(),
            notes: Vec::new(),
        };
        let order = union(sources);
        let place: HashMap<&str, usize> = order.iter().enumerate().map(|(at, code)| (*code, at)).collect();
        let count = merged.releases.len();
        merged.rows = order
            .iter()
            .map(|code| Row {
                code: (*code).to_owned(),
                title: String::new(),
                states: vec![RowState::Absent; count],
                other_titles: Vec::new(),
            })
            .collect();
        let mut first = count;
        for source in sources.iter().rev() {
            first -= source.releases.len();
            merged.take_rows(source, first, &place)?;
        }
        let with_blocks = sources.iter().rev().find(|source| !source.blocks.is_empty()).unwrap_or(newest);
        merged.blocks = blocks(with_blocks, &place, order.len());
        merged.take_notes(sources, &place);
        Ok(merged)
    }

    fn take_rows(&mut self, source: &Self, first: usize, place: &HashMap<&str, usize>) -> Result<()> {
        let sets: Vec<u8> = source.sevenths.iter().map(|set| self.set_number(set)).collect::<Result<_>>()?;
        for row in &source.rows {
            let Some(mine) = place.get(row.code.as_str()).and_then(|at| self.rows.get_mut(*at)) else {
                continue;
            };
            let mut releases = Vec::new();
            for (at, state) in row.states.iter().enumerate() {
                let state = match state {
                    RowState::NeedsSeventh(set) => {
                        RowState::NeedsSeventh(sets.get(usize::from(*set)).copied().unwrap_or_default())
                    }
                    other => *other,
                };
                if let Some(slot) = mine.states.get_mut(first + at) {
                    *slot = state;
                }
                if state != RowState::Absent {
                    releases.push(first + at);
                }
            }
            // A release of which only the codes are known has no titles of its own.
            if mine.title.is_empty() {
                mine.title.clone_from(&row.title);
            } else if mine.title != row.title && !row.title.is_empty() {
                match mine.other_titles.iter_mut().find(|(_, title)| *title == row.title) {
                    Some((known, _)) => known.extend(releases),
                    None => mine.other_titles.push((releases, row.title.clone())),
                }
            }
        }
        Ok(())
    }

    /// Notes that several releases have in the same words stand once.
    fn take_notes(&mut self, sources: &[Self], place: &HashMap<&str, usize>) {
        let block_of: HashMap<String, usize> =
            self.blocks.iter().enumerate().map(|(at, block)| (block.id.clone(), at)).collect();
        let mut first = self.releases.len();
        let mut known: HashMap<(NoteOwner, crate::codes::NoteKind, &str), usize> = HashMap::new();
        let mut notes: Vec<SourceNote> = Vec::new();
        for source in sources.iter().rev() {
            first -= source.releases.len();
            let releases: Vec<usize> = source
                .note_releases
                .iter()
                .map(|release| {
                    self.note_releases.push(first + release);
                    self.note_releases.len() - 1
                })
                .collect();
            for note in &source.notes {
                let owner = match note.owner {
                    NoteOwner::Block(at) => source
                        .blocks
                        .get(at)
                        .and_then(|block| block_of.get(&block.id))
                        .map(|at| NoteOwner::Block(*at)),
                    NoteOwner::Row(at) => source
                        .rows
                        .get(at)
                        .and_then(|row| place.get(row.code.as_str()))
                        .map(|at| NoteOwner::Row(*at)),
                };
                let Some(owner) = owner else { continue };
                let mine = note.releases.iter().filter_map(|release| releases.get(*release).copied());
                match known.get(&(owner, note.kind, note.text.as_str())).and_then(|at| notes.get_mut(*at)) {
                    Some(note) => note.releases.extend(mine),
                    None => {
                        known.insert((owner, note.kind, note.text.as_str()), notes.len());
                        notes.push(SourceNote {
                            owner,
                            kind: note.kind,
                            text: note.text.clone(),
                            releases: mine.collect(),
                        });
                    }
                }
            }
        }
        notes.sort_by_key(|note| note.owner);
        self.notes = notes;
    }
}

fn shared(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// The codes of all sources in tabular order: the newest's, and between them what only older ones have, each behind
/// the row that it stood behind, and behind what now stands below that row.
fn union(sources: &[TabularSource]) -> Vec<&str> {
    let mut order: Vec<&str> = Vec::new();
    let mut known: std::collections::HashSet<&str> = std::collections::HashSet::new();
    for source in sources.iter().rev() {
        let mut before: Option<&str> = None;
        for row in &source.rows {
            let code = row.code.as_str();
            if known.insert(code) {
                // The rows of the newest source come one behind the other.
                let follows = order.last().copied() == before;
                let found = || before.and_then(|before| order.iter().position(|known| *known == before));
                let mut at = if follows { order.len() } else { found().map_or(0, |at| at + 1) };
                if let Some(before) = before {
                    let limit = shared(before, code);
                    while order.get(at).is_some_and(|next| shared(before, next) > limit) {
                        at += 1;
                    }
                }
                order.insert(at, code);
            }
            before = Some(code);
        }
    }
    order
}

/// The blocks of a source over the rows of all: each reaches to the next one of its level.
fn blocks(source: &TabularSource, place: &HashMap<&str, usize>, rows: usize) -> Vec<Block> {
    let start = |block: &Block| {
        let row = source.rows.get(block.first)?;
        place.get(row.code.as_str()).copied()
    };
    let chapter = |block: &Block| block.id.bytes().all(|byte| byte.is_ascii_digit());
    let mut out: Vec<Block> = Vec::new();
    for (at, block) in source.blocks.iter().enumerate() {
        let Some(first) = start(block) else { continue };
        let mut later = source.blocks.iter().skip(at + 1);
        // A section ends where the next block begins that is not the same rows' chapter; a chapter where the next does.
        let next = if chapter(block) { later.find(|next| chapter(next)) } else { later.next() };
        let end = next.and_then(start).unwrap_or(rows);
        out.push(Block { first, rows: end.saturating_sub(first), ..block.clone() });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::source::Release;
    use super::*;
    use crate::codes::NoteKind;

    fn release(name: &str) -> Release {
        Release { name: name.into(), from: "2001-10-01".into(), to: "2002-09-30".into() }
    }

    fn source(name: &str, rows: &[(&str, &str)]) -> TabularSource {
        let mut source = TabularSource::empty(release(name));
        source.rows = rows
            .iter()
            .map(|(code, title)| Row {
                code: (*code).into(),
                title: (*title).into(),
                states: vec![RowState::Billable],
                other_titles: vec![],
            })
            .collect();
        source
    }

    #[test]
    fn rows_keep_their_order_and_their_nest() {
        let old = source(
            "old",
            &[("A01", "one"), ("A010", "zero"), ("A011", "gone"), ("A03", "gone"), ("A04", "four")],
        );
        let mut new = source(
            "new",
            &[("A01", "One"), ("A010", "zero"), ("A0109", "nine"), ("A012", "two"), ("A04", "four")],
        );
        new.blocks = vec![
            Block { id: "1".into(), title: "All".into(), first: 0, rows: 5 },
            Block { id: "A01-A03".into(), title: "Some".into(), first: 0, rows: 4 },
            Block { id: "A04-A09".into(), title: "More".into(), first: 4, rows: 1 },
        ];
        let note = |text: &str| SourceNote {
            owner: NoteOwner::Row(0),
            kind: NoteKind::Excludes1,
            text: text.into(),
            releases: vec![0],
        };
        new.note_releases = vec![0];
        new.notes = vec![note("both (A04)"), note("new (A04)")];
        let mut old = old;
        old.note_releases = vec![0];
        old.notes = vec![note("both (A04)"), note("old (A04)")];
        let merged = TabularSource::merge(&[old, new]).unwrap();
        let codes: Vec<&str> = merged.rows.iter().map(|row| row.code.as_str()).collect();
        assert_eq!(codes, ["A01", "A010", "A0109", "A011", "A012", "A03", "A04"]);
        assert_eq!(merged.rows[3].states, [RowState::Billable, RowState::Absent]);
        assert_eq!(merged.rows[2].states, [RowState::Absent, RowState::Billable]);
        assert_eq!(
            (merged.rows[0].title.as_str(), merged.rows[0].other_titles[0].1.as_str()),
            ("One", "one")
        );
        let spans: Vec<(usize, usize)> =
            merged.blocks.iter().map(|block| (block.first, block.rows)).collect();
        assert_eq!(spans, [(0, 7), (0, 6), (6, 1)]);
        assert_eq!(merged.note_releases, [1, 0]);
        let notes: Vec<(&str, &[usize])> =
            merged.notes.iter().map(|note| (note.text.as_str(), note.releases.as_slice())).collect();
        assert_eq!(notes, [("both (A04)", &[0, 1][..]), ("new (A04)", &[0]), ("old (A04)", &[1])]);
        assert!(TabularSource::merge(&[]).is_err());
    }
}
