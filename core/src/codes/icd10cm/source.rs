//! What an ICD-10-CM pack is compiled from: the tabular list of one or more releases, as plain rows.
//!
//! The layout of the pack is the reverse of [`super::list`]; `docs/adr/0004-code-packs.md` says why it is so.

use std::collections::HashMap;

use super::shape::Key;
use crate::codes::relations::NoteKind;
use crate::codes::titles;
use crate::error::{Error, Result, codes};
use crate::packs::{PackInfo, PackWriter, put_short, put_text};

/// What a row of the tabular list is in one release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowState {
    /// The release does not have it.
    Absent,
    /// A category or subcategory: other rows stand below it.
    Header,
    /// A code that may be reported as it stands.
    Billable,
    /// A code that needs a 7th character, one of the set of this number.
    NeedsSeventh(u8),
}

impl RowState {
    pub(super) const fn from_byte(byte: u8) -> Self {
        match byte {
            0 => Self::Absent,
            1 => Self::Header,
            2 => Self::Billable,
            more => Self::NeedsSeventh(more - 3),
        }
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Absent => 0,
            Self::Header => 1,
            Self::Billable => 2,
            Self::NeedsSeventh(set) => set.saturating_add(3),
        }
    }
}

/// One row of the tabular list. Codes completed with a 7th character are not rows: they follow from the set.
#[derive(Debug, Clone)]
pub struct Row {
    /// The code without its dot.
    pub code: String,
    /// The title, as the newest release that has it words it.
    pub title: String,
    /// What it is in each release, in the order of [`TabularSource::releases`].
    pub states: Vec<RowState>,
    /// Titles that other releases give it, with the places of those releases.
    pub other_titles: Vec<(Vec<usize>, String)>,
}

/// A release: its publisher's name and the days on which it holds, both included (`YYYY-MM-DD`).
#[derive(Debug, Clone)]
pub struct Release {
    /// Name, such as `FY2026`.
    pub name: String,
    /// First day of service.
    pub from: String,
    /// Last day of service.
    pub to: String,
}

/// A chapter or a section of the tabular list: a run of categories under a title.
#[derive(Debug, Clone)]
pub struct Block {
    /// Number of the chapter (`4`), or the range of a section (`E08-E13`).
    pub id: String,
    /// The title.
    pub title: String,
    /// The first row in it, counted from 0.
    pub first: usize,
    /// How many rows it has.
    pub rows: usize,
}

impl Block {
    /// Its rows.
    pub(super) const fn run(&self) -> std::ops::Range<usize> {
        self.first..self.first.saturating_add(self.rows)
    }
}

/// What a note stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteOwner {
    /// A chapter or section, by its place in [`TabularSource::blocks`].
    Block(usize),
    /// A row, by its place in [`TabularSource::rows`].
    Row(usize),
}

/// A note of the tabular list.
#[derive(Debug, Clone)]
pub struct SourceNote {
    /// What it stands at.
    pub owner: NoteOwner,
    /// What it asks for.
    pub kind: NoteKind,
    /// Its wording.
    pub text: String,
    /// The releases whose list has it, by their place in [`TabularSource::note_releases`]: at most eight.
    pub releases: Vec<usize>,
}

/// Everything that goes into a pack of ICD-10-CM.
#[derive(Debug, Clone)]
pub struct TabularSource {
    /// The releases, oldest first.
    pub releases: Vec<Release>,
    /// The rows in tabular order, which is not the order of their letters.
    pub rows: Vec<Row>,
    /// The sets of 7th characters: character and what it adds to the title.
    pub sevenths: Vec<Vec<(char, String)>>,
    /// Chapters, each followed by its sections.
    pub blocks: Vec<Block>,
    /// The releases whose tabular list was read with its notes, by their place in `releases`.
    pub note_releases: Vec<usize>,
    /// The notes, in the order of the list: those of blocks before those of rows.
    pub notes: Vec<SourceNote>,
}

pub(super) fn refuse(why: String) -> Error {
    Error::new(&codes::PACK_MALFORMED).note(why)
}

/// The section that [`crate::codes::terms::ReleaseDates`] reads.
pub(in crate::codes) fn release_section(releases: &[Release]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    put_short(&mut out, releases.len())?;
    for release in releases {
        put_text(&mut out, &release.name)?;
        put_text(&mut out, &release.from)?;
        put_text(&mut out, &release.to)?;
    }
    Ok(out)
}

impl TabularSource {
    /// Compiles the pack. The rows it is given must nest by their codes: a row stands behind the row whose code
    /// is the beginning of its own.
    ///
    /// # Errors
    /// `pack_malformed` where a row is no code, stands twice or outside its category, or a count does not fit.
    pub fn compile(&self, info: PackInfo) -> Result<Vec<u8>> {
        self.verify()?;
        let titles: Vec<&str> = self.rows.iter().map(|row| row.title.as_str()).collect();
        let (words, titles) = titles::encode(&titles)?;
        let texts: Vec<&str> = self.notes.iter().map(|note| note.text.as_str()).collect();
        let (note_words, note_texts) = titles::encode(&texts)?;
        let others: Vec<&str> = self.other_titles().map(|(_, _, title)| title).collect();
        let (other_words, other_texts) = titles::encode(&others)?;
        PackWriter::new(info)
            .section("releases", release_section(&self.releases)?)
            .section("sevenths", self.seventh_section()?)
            .section("forms", self.form_section()?)
            .section("codes", self.code_section()?)
            .section("words", words)
            .section("titles", titles)
            .section("blocks", self.block_section()?)
            .section("other_titles", self.other_title_section()?)
            .section("other_words", other_words)
            .section("other_texts", other_texts)
            .section("notes", self.note_section()?)
            .section("note_words", note_words)
            .section("note_texts", note_texts)
            .finish()
    }

    fn verify(&self) -> Result<()> {
        let mut open: Vec<Key> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for row in &self.rows {
            let key = Key::of(&row.code).ok_or_else(|| refuse(format!("row {} is no code", row.code)))?;
            if !seen.insert(key) || row.states.len() != self.releases.len() {
                return Err(refuse(format!("row {} stands twice, or lacks a release", row.code)));
            }
            while open.last().is_some_and(|parent| !key.starts_with(*parent)) {
                open.pop();
            }
            if open.is_empty() && key.len() != 3 {
                return Err(refuse(format!("row {} stands outside its category", row.code)));
            }
            open.push(key);
        }
        Ok(())
    }

    fn seventh_section(&self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        put_short(&mut out, self.sevenths.len())?;
        for set in &self.sevenths {
            put_short(&mut out, set.len())?;
            for (character, title) in set {
                let byte = u8::try_from(*character).ok().filter(u8::is_ascii_alphanumeric);
                out.push(byte.ok_or_else(|| refuse("a 7th character is no letter or digit".into()))?);
                put_text(&mut out, title)?;
            }
        }
        Ok(out)
    }

    /// Rows that are the same thing in every release share a form: a number or two bytes a row, whatever the releases.
    fn form_section(&self) -> Result<Vec<u8>> {
        let mut forms: Vec<&[RowState]> = Vec::new();
        let mut known: HashMap<&[RowState], usize> = HashMap::new();
        let mut of_rows = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let form = *known.entry(&row.states).or_insert_with(|| {
                forms.push(&row.states);
                forms.len() - 1
            });
            put_short(&mut of_rows, form)?;
        }
        let mut out = Vec::new();
        put_short(&mut out, forms.len())?;
        out.extend(forms.iter().flat_map(|states| states.iter().map(|state| state.byte())));
        out.extend(of_rows);
        Ok(out)
    }

    /// One byte with the shared and the fresh count of characters, then the fresh ones.
    fn code_section(&self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        let count = u32::try_from(self.rows.len()).map_err(|_| refuse("too many rows".into()))?;
        out.extend(count.to_le_bytes());
        let mut before: &str = "";
        for row in &self.rows {
            let shared = before.bytes().zip(row.code.bytes()).take_while(|(a, b)| a == b).count();
            let fresh = row.code.get(shared..).unwrap_or_default();
            out.push(((shared as u8) << 4) | fresh.len() as u8);
            out.extend(fresh.bytes());
            before = &row.code;
        }
        Ok(out)
    }

    /// Row, releases and text of every title that only some releases give.
    fn other_titles(&self) -> impl Iterator<Item = (usize, &[usize], &str)> {
        self.rows.iter().enumerate().flat_map(|(at, row)| {
            row.other_titles.iter().map(move |(releases, title)| (at, releases.as_slice(), title.as_str()))
        })
    }

    /// The row and one bit for every release, in the order of the texts.
    fn other_title_section(&self) -> Result<Vec<u8>> {
        if self.releases.len() > 32 {
            return Err(refuse("more than 32 releases".into()));
        }
        let mut out = Vec::new();
        for (row, releases, _) in self.other_titles() {
            out.extend(u32::try_from(row).map_err(|_| refuse("too many rows".into()))?.to_le_bytes());
            out.extend(
                releases.iter().fold(0u32, |mask, release| mask | (1 << (release & 31))).to_le_bytes(),
            );
        }
        Ok(out)
    }

    fn block_section(&self) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        put_short(&mut out, self.blocks.len())?;
        for block in &self.blocks {
            put_text(&mut out, &block.id)?;
            put_text(&mut out, &block.title)?;
            for number in [block.first, block.rows] {
                out.extend(u32::try_from(number).map_err(|_| refuse("too many rows".into()))?.to_le_bytes());
            }
        }
        Ok(out)
    }

    /// Which releases were read, the pairs of kind and releases that occur, and for each note how many owners
    /// further it stands than the one before, and its pair.
    fn note_section(&self) -> Result<Vec<u8>> {
        let number = |owner: NoteOwner| match owner {
            NoteOwner::Block(block) => block,
            NoteOwner::Row(row) => self.blocks.len() + row,
        };
        let mut forms: Vec<(u8, u8)> = Vec::new();
        let mut entries = Vec::new();
        let mut before = 0;
        for note in &self.notes {
            let kind = NoteKind::ALL.iter().position(|kind| *kind == note.kind).unwrap_or_default();
            let mask = note.releases.iter().fold(0u8, |mask, release| mask | (1u8 << (release & 7)));
            let form = (kind as u8, mask);
            let known = forms.iter().position(|known| *known == form).unwrap_or_else(|| {
                forms.push(form);
                forms.len() - 1
            });
            let owner = number(note.owner);
            let step =
                owner.checked_sub(before).ok_or_else(|| refuse("the notes are not in order".into()))?;
            before = owner;
            put_short(&mut entries, step)?;
            entries.push(u8::try_from(known).map_err(|_| refuse("more than 256 forms of notes".into()))?);
        }
        let mut out = Vec::new();
        put_short(&mut out, self.note_releases.len())?;
        for release in &self.note_releases {
            put_short(&mut out, *release)?;
        }
        put_short(&mut out, forms.len())?;
        out.extend(forms.iter().flat_map(|(kind, mask)| [*kind, *mask]));
        out.extend(
            u32::try_from(self.notes.len()).map_err(|_| refuse("too many notes".into()))?.to_le_bytes(),
        );
        out.extend(entries);
        Ok(out)
    }
}
