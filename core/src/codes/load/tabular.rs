//! One release from the official tabular list in XML.
//!
//! The list gives categories, subcategories and codes as nested `diag` elements, and 7th characters once, at the
//! element that they apply to and everything below it (`sevenChrDef`; a nearer one replaces a farther one). A `diag`
//! without others in it is a code; where 7th characters apply and it is shorter than seven, it becomes one code for
//! every character, filled with X to six, under its title with the character's meaning behind a comma. One note takes
//! some of them back: "7th characters D and S do not apply to codes in category S06 with 6th character 7 ... or 8".

use super::archive::{member, text};
use super::refuse;
use super::xml::{Element, parse};
use crate::codes::icd10cm::{Block, NoteOwner, Release, Row, RowState, SourceNote, TabularSource};
use crate::codes::relations::NoteKind;
use crate::error::Result;

/// Characters that a note takes back from the codes of a category with certain 6th characters.
#[derive(Debug, PartialEq, Eq)]
struct Exception {
    category: String,
    sixth: Vec<char>,
    sevenths: Vec<char>,
}

/// Reads the one kind of note that takes 7th characters back; `None` where the note is of another kind.
fn exception(note: &Element) -> Result<Option<Exception>> {
    let (line, note) = (note.line, note.text.as_str());
    let Some((head, rest)) = note.split_once(" do not apply to codes in category ") else { return Ok(None) };
    let Some(characters) = head.strip_prefix("7th characters ") else { return Ok(None) };
    let unclear = || refuse(line, "a note on 7th characters is not understood");
    let (category, rest) = rest.split_once(" with 6th character ").ok_or_else(unclear)?;
    let single = |word: &str| {
        let mut letters = word.chars();
        letters.next().filter(|c| letters.next().is_none() && c.is_ascii_alphanumeric())
    };
    let sevenths: Vec<char> = characters.split([' ', ',']).filter_map(single).collect();
    let sixth: Vec<char> = rest.split([' ', ',']).filter_map(single).filter(char::is_ascii_digit).collect();
    if sevenths.is_empty() || sixth.is_empty() || category.len() != 3 {
        return Err(unclear());
    }
    Ok(Some(Exception { category: category.to_owned(), sixth, sevenths }))
}

/// The rows of one release, as they are collected.
struct Collector {
    source: TabularSource,
    exceptions: Vec<Exception>,
}

/// The release that a file is: the XML itself, or a zip archive with it.
///
/// # Errors
/// `source_malformed` with the line where the file is damaged, cut short or of another layout.
pub fn tabular(source: &[u8], release: Release) -> Result<TabularSource> {
    let bytes = member(source, |name| name.contains("tabular") && name.ends_with(".xml"))?;
    let document = &parse(&text(&bytes))?;
    if document.first("chapter").is_none() {
        return Err(refuse(document.line, "no tabular list of ICD-10-CM: it has no chapter"));
    }
    let mut exceptions = Vec::new();
    let mut failed = None;
    document.walk(&mut |element| {
        if element.name == "note" {
            match exception(element) {
                Ok(found) => exceptions.extend(found),
                Err(error) => failed = Some(error),
            }
        }
    });
    if let Some(error) = failed {
        return Err(error);
    }
    let mut source = TabularSource::empty(release);
    source.note_releases = vec![0];
    let mut collector = Collector { source, exceptions };
    for chapter in document.all("chapter") {
        collector.chapter(chapter)?;
    }
    collector.source.notes.sort_by_key(|note| note.owner);
    Ok(collector.source)
}

/// The elements that hold notes.
const NOTES: &[(&str, NoteKind)] = &[
    ("includes", NoteKind::Includes),
    ("inclusionTerm", NoteKind::InclusionTerm),
    ("excludes1", NoteKind::Excludes1),
    ("excludes2", NoteKind::Excludes2),
    ("codeFirst", NoteKind::CodeFirst),
    ("useAdditionalCode", NoteKind::UseAdditional),
    ("codeAlso", NoteKind::CodeAlso),
    ("notes", NoteKind::Note),
    ("sevenChrNote", NoteKind::SeventhCharacter),
];

impl Collector {
    fn chapter(&mut self, chapter: &Element) -> Result<()> {
        let at = self.source.blocks.len();
        self.block(chapter.text_of("name")?, without_range(chapter.text_of("desc")?));
        self.notes(NoteOwner::Block(at), chapter);
        for section in chapter.all("section") {
            let id = section.attribute("id")?;
            let at = self.source.blocks.len();
            self.block(id, without_range(section.text_of("desc")?));
            self.notes(NoteOwner::Block(at), section);
            for diagnosis in section.all("diag") {
                self.diagnosis(diagnosis, None)?;
            }
            self.close(at);
        }
        self.close(at);
        Ok(())
    }

    fn notes(&mut self, owner: NoteOwner, element: &Element) {
        for (name, kind) in NOTES {
            let texts = element.all(name).flat_map(|group| group.all("note")).map(|note| note.text.clone());
            let note = |text| SourceNote { owner, kind: *kind, text, releases: vec![0] };
            self.source.notes.extend(texts.filter(|text| !text.is_empty()).map(note));
        }
    }

    fn block(&mut self, id: &str, title: &str) {
        let first = self.source.rows.len();
        self.source.blocks.push(Block { id: id.into(), title: title.into(), first, rows: 0 });
    }

    fn close(&mut self, at: usize) {
        let end = self.source.rows.len();
        if let Some(block) = self.source.blocks.get_mut(at) {
            block.rows = end - block.first;
        }
    }

    fn diagnosis(&mut self, diagnosis: &Element, inherited: Option<&[(char, String)]>) -> Result<()> {
        let code: String = diagnosis.text_of("name")?.chars().filter(|c| *c != '.').collect();
        let own = diagnosis.first("sevenChrDef").map(characters).transpose()?;
        let applicable = own.as_deref().or(inherited);
        let leaf = diagnosis.first("diag").is_none();
        let state = match applicable {
            _ if !leaf => RowState::Header,
            Some(set) if code.len() < 7 => RowState::NeedsSeventh(self.set(&code, set)?),
            _ => RowState::Billable,
        };
        let title = diagnosis.text_of("desc")?.to_owned();
        self.notes(NoteOwner::Row(self.source.rows.len()), diagnosis);
        self.source.rows.push(Row { code, title, states: vec![state], other_titles: Vec::new() });
        diagnosis.all("diag").try_for_each(|below| self.diagnosis(below, applicable))
    }

    /// The number of the set that a code takes, less what the exceptions take back.
    fn set(&mut self, code: &str, set: &[(char, String)]) -> Result<u8> {
        let taken_back = |character: char| {
            self.exceptions.iter().any(|exception| {
                code.starts_with(&exception.category)
                    && code.chars().nth(5).is_some_and(|sixth| exception.sixth.contains(&sixth))
                    && exception.sevenths.contains(&character)
            })
        };
        let set: Vec<(char, String)> =
            set.iter().filter(|(character, _)| !taken_back(*character)).cloned().collect();
        self.source.set_number(&set)
    }
}

fn characters(set: &Element) -> Result<Vec<(char, String)>> {
    set.all("extension")
        .map(|extension| {
            let character = extension.attribute("char")?.chars().next();
            let character = character.ok_or_else(|| refuse(extension.line, "a 7th character is missing"))?;
            Ok((character, extension.text.clone()))
        })
        .collect()
}

/// A chapter's or section's title without the range in parentheses behind it.
fn without_range(title: &str) -> &str {
    title.rsplit_once(" (").filter(|(_, range)| range.ends_with(')')).map_or(title, |(title, _)| title)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"<ICD10CM.tabular><chapter><name>19</name><desc>Injury &amp; others (S00-T88)</desc>
        <section id="S00-S09"><desc>Head (S00-S09)</desc><diag><name>S06</name><desc>Brain</desc>
        <notes><note>7th characters D and S do not apply to codes in category S06 with 6th character 7 - death due
          to brain injury, or 8 - death due to other cause.</note></notes>
        <sevenChrDef><extension char="A">initial</extension><extension char="D">later</extension></sevenChrDef>
        <diag><name>S06.0X</name><desc>Concussion</desc><diag><name>S06.0X0</name><desc>zero</desc></diag>
        <diag><name>S06.0X7</name><desc>seven</desc></diag></diag></diag></section></chapter></ICD10CM.tabular>"#;

    #[test]
    fn seventh_characters_are_inherited_and_taken_back() {
        let list = tabular(
            LIST.as_bytes(),
            Release { name: "r".into(), from: "2001-10-01".into(), to: "2002-09-30".into() },
        )
        .unwrap();
        let states: Vec<_> = list.rows.iter().map(|row| (row.code.as_str(), row.states[0])).collect();
        let expected = [
            ("S06", RowState::Header),
            ("S060X", RowState::Header),
            ("S060X0", RowState::NeedsSeventh(0)),
            ("S060X7", RowState::NeedsSeventh(1)),
        ];
        assert_eq!(states, expected);
        assert_eq!(list.sevenths[1], [('A', "initial".to_owned())]);
        assert_eq!((list.blocks[0].title.as_str(), list.blocks[1].rows), ("Injury & others", 4));
    }

    #[test]
    fn a_note_that_is_not_understood_stops_the_compiler() {
        let note = |text: &str| Element { text: text.to_owned(), ..Element::default() };
        assert!(
            exception(&note("7th characters D do not apply to codes in category S06 sometimes")).is_err()
        );
        assert_eq!(exception(&note("Use additional code")).unwrap(), None);
    }
}
