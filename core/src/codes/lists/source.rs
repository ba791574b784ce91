//! What a pack of a code list is compiled from: rows of code, title, dates and attributes.
//!
//! Sections: `codes`, `titles` and `attributes` are pools of texts (the count, where each text ends, the bytes).
//! Rows stand in the order of their codes, so that a reader finds one by halving, without reading the pack. A list
//! without titles has an empty pool of them. What rows say beside code and title is mostly the same for many: each
//! such kind stands once, its attributes in `attributes` and its days in `dates` (two numbers, `YYYYMMDD`, 0 where
//! there is none), and `kinds` has its number for every row, in two bytes or, where there are more kinds, in four.

use jiff::civil::Date;

use crate::error::{Error, Result, codes};
use crate::packs::{PackInfo, PackWriter};

/// One row of a code list. A code that was ended and taken up again has a row for each time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListRow {
    /// The code, in its normal form.
    pub code: String,
    /// Its title.
    pub title: String,
    /// The first day on which it holds, where the list says.
    pub from: Option<Date>,
    /// The last day on which it holds, where it was ended.
    pub to: Option<Date>,
    /// What else the list says of it, such as `status`.
    pub attributes: Vec<(String, String)>,
}

/// A list of codes.
#[derive(Debug, Clone, Default)]
pub struct ListSource {
    /// The rows, in any order.
    pub rows: Vec<ListRow>,
}

impl ListSource {
    /// Compiles the pack.
    ///
    /// # Errors
    /// `pack_malformed` where it has no rows, a code is empty, or a pool is larger than 4 GB.
    pub fn compile(mut self, info: PackInfo) -> Result<Vec<u8>> {
        if self.rows.is_empty() || self.rows.iter().any(|row| row.code.is_empty()) {
            return Err(Error::new(&codes::PACK_MALFORMED).note("a list without rows, or a row without code"));
        }
        self.rows.sort_by(|a, b| a.code.cmp(&b.code).then(a.from.cmp(&b.from)));
        let info = PackInfo { rows: self.rows.len() as u64, ..info };
        let kind = |row: &ListRow| (attribute_text(row), number(row.from), number(row.to));
        let of_rows: Vec<(String, u32, u32)> = self.rows.iter().map(kind).collect();
        let mut kinds = of_rows.clone();
        kinds.sort_unstable();
        kinds.dedup();
        let numbers = of_rows.iter().map(|kind| kinds.binary_search(kind).unwrap_or_default() as u32);
        let width = if kinds.len() > usize::from(u16::MAX) { 4 } else { 2 };
        let numbers = numbers.flat_map(|number| number.to_le_bytes().into_iter().take(width)).collect();
        let dates = kinds.iter().flat_map(|(_, from, to)| [*from, *to]);
        let titles: Vec<&str> = self.rows.iter().map(|row| row.title.as_str()).collect();
        let titles = if titles.iter().all(|title| title.is_empty()) { &[][..] } else { &titles };
        PackWriter::new(info)
            .section("codes", pool(self.rows.iter().map(|row| row.code.as_str()))?)
            .section("titles", pool(titles.iter().copied())?)
            .section("attributes", pool(kinds.iter().map(|(attributes, ..)| attributes.as_str()))?)
            .section("dates", dates.flat_map(u32::to_le_bytes).collect())
            .section("kinds", numbers)
            .finish()
    }
}

/// One attribute a line: name, tab, value.
fn attribute_text(row: &ListRow) -> String {
    let clean = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let mut out = String::new();
    for (name, value) in row.attributes.iter().filter(|(_, value)| !value.is_empty()) {
        out.push_str(&clean(name));
        out.push('\t');
        out.push_str(clean(value).trim());
        out.push('\n');
    }
    out
}

fn number(day: Option<Date>) -> u32 {
    day.map_or(0, |day| {
        u32::from(day.year().unsigned_abs()) * 10_000
            + u32::from(day.month().unsigned_abs()) * 100
            + u32::from(day.day().unsigned_abs())
    })
}

fn pool<'t>(texts: impl Iterator<Item = &'t str>) -> Result<Vec<u8>> {
    let too_large = || Error::new(&codes::PACK_MALFORMED).note("a pool of texts is too large");
    let (mut ends, mut bytes) = (Vec::new(), Vec::<u8>::new());
    for text in texts {
        bytes.extend(text.as_bytes());
        ends.push(u32::try_from(bytes.len()).map_err(|_| too_large())?);
    }
    let mut out = u32::try_from(ends.len()).map_err(|_| too_large())?.to_le_bytes().to_vec();
    out.extend(ends.into_iter().flat_map(u32::to_le_bytes));
    out.extend(bytes);
    Ok(out)
}
