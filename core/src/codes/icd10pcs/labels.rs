//! What the values of the axes mean, by table: `4` as the fifth character of table `0DT` is "Percutaneous Endoscopic".
//!
//! Section `labels`: the distinct labels (a count, then texts), and for every table its characters (a length and the
//! characters), the count of its values, and each as character of the code, value and number of the label.

use std::collections::HashMap;

use super::shape::{Key, LENGTH};
use super::source::AxisValue;
use crate::error::{Error, Result, codes};
use crate::packs::{Cursor, put_short, put_text};

/// The characters of a code that name its table.
pub(super) const TABLE: usize = 3;

/// How many characters stand before the value that a label depends on.
fn context(place: usize) -> usize {
    place.min(TABLE)
}

/// The name of the axis at a place from 0, by the section of the code (ICD-10-PCS tables).
pub(super) const fn axis(section: u8, place: usize) -> &'static str {
    match (section, place) {
        (_, 0) => "section",
        (b'F', 1) => "section qualifier",
        (_, 1) => "body system",
        (b'B' | b'C' | b'F' | b'G' | b'H', 2) => "type",
        (b'D', 2) => "modality",
        (_, 2) => "operation",
        (b'2' | b'7' | b'8' | b'9', 3) => "body region",
        (b'3' | b'F', 3) => "body system / region",
        (b'4' | b'5' | b'6', 3) => "body system",
        (b'D', 3) => "treatment site",
        (b'G' | b'H', 3) => "qualifier",
        (_, 3) => "body part",
        (b'5' | b'6', 4) => "duration",
        (b'B', 4) => "contrast",
        (b'C', 4) => "radionuclide",
        (b'D', 4) => "modality qualifier",
        (b'F', 4) => "type qualifier",
        (b'G' | b'H', 4) => "qualifier",
        (_, 4) => "approach",
        (b'3', 5) => "substance",
        (b'4', 5) => "function / device",
        (b'5', 5) => "function",
        (b'6' | b'B' | b'C' | b'G' | b'H', 5) => "qualifier",
        (b'7' | b'8' | b'9', 5) => "method",
        (b'D', 5) => "isotope",
        (b'F', 5) => "equipment",
        (b'X', 5) => "device / substance / technology",
        (_, 5) => "device",
        _ => "qualifier",
    }
}

/// The labels of a list.
#[derive(Debug, Default)]
pub(super) struct Labels {
    texts: Vec<String>,
    /// By the characters before it and the value itself.
    of: HashMap<(Key, u8, u8), u16>,
}

impl Labels {
    /// Reads the section.
    pub(super) fn read(section: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(section);
        let mut labels = Self::default();
        for _ in 0..cursor.short()? {
            labels.texts.push(cursor.text()?.to_owned());
        }
        while !cursor.is_empty() {
            let length = usize::from(cursor.u8()?);
            let table = Key::from_bytes(cursor.bytes(length)?);
            for _ in 0..cursor.short()? {
                let (character, value) = (cursor.u8()?, cursor.u8()?);
                labels.of.insert((table, character, value), cursor.short()?);
            }
        }
        Ok(labels)
    }

    /// What the last character of the beginning of a code means, where the list says.
    pub(super) fn of(&self, beginning: Key) -> Option<&str> {
        let place = beginning.len().checked_sub(1)?;
        let table = if context(place) == 0 { Key::from_bytes(&[]) } else { beginning.head(context(place)) };
        let number = self.of.get(&(table, place as u8 + 1, beginning.at(place)))?;
        self.texts.get(usize::from(*number)).map(String::as_str)
    }
}

/// Writes the section.
pub(super) fn section(values: &mut [AxisValue]) -> Result<Vec<u8>> {
    let malformed = || Error::new(&codes::PACK_MALFORMED).note("a label stands at no value of a table");
    values.sort();
    let mut texts: Vec<&str> = values.iter().map(|value| value.label.as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    let mut out = Vec::new();
    put_short(&mut out, texts.len())?;
    for text in &texts {
        put_text(&mut out, text)?;
    }
    for table in values.chunk_by(|a, b| a.table == b.table) {
        let name = table.first().map_or("", |value| value.table.as_str());
        out.push(u8::try_from(name.len()).map_err(|_| malformed())?);
        out.extend(name.as_bytes());
        put_short(&mut out, table.len())?;
        for value in table {
            let place = usize::from(value.character).checked_sub(1).filter(|place| *place < LENGTH);
            if place.is_none_or(|place| context(place) != name.len()) {
                return Err(malformed());
            }
            out.push(value.character);
            out.push(u8::try_from(value.value).map_err(|_| malformed())?);
            put_short(&mut out, texts.binary_search(&value.label.as_str()).unwrap_or_default())?;
        }
    }
    Ok(out)
}
