//! A code list in memory: read where it lies, found by halving. The layout is the reverse of [`super::source`].

use std::sync::OnceLock;

use jiff::civil::Date;

use crate::codes::search::Index;
use crate::error::{Error, Result, codes};
use crate::packs::{Pack, PackInfo};

/// One pack of a listed system.
#[derive(Debug)]
pub(crate) struct CodeList {
    pack: Pack,
    count: usize,
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
    index: OnceLock<Index>,
}

/// The days of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
}

impl Days {
    pub(super) fn before(self, day: Date) -> bool {
        self.to.is_some_and(|to| to < day)
    }

    pub(super) fn after(self, day: Date) -> bool {
        self.from.is_some_and(|from| day < from)
    }
}

impl CodeList {
    /// Reads a pack.
    ///
    /// # Errors
    /// `pack_malformed` where a section is missing or holds another count of rows.
    pub(crate) fn open(pack: Pack) -> Result<Self> {
        let malformed = || Error::new(&codes::PACK_MALFORMED);
        let count = Pool::of(&pack, "codes")?.count;
        let (titles, kinds) = (Pool::of(&pack, "titles")?.count, Pool::of(&pack, "attributes")?.count);
        let dated = kinds.checked_mul(8) == Some(pack.section("dates")?.len());
        let numbered = count.checked_mul(kind_width(kinds)) == Some(pack.section("kinds")?.len());
        if count == 0 || !dated || !numbered || (titles != count && titles != 0) {
            return Err(malformed());
        }
        let day = |text: &Option<String>| {
            text.as_deref().map(str::parse::<Date>).transpose().map_err(|_| malformed())
        };
        let (from, to) = (day(&pack.info().effective_from)?, day(&pack.info().effective_to)?);
        Ok(Self { pack, count, from, to, index: OnceLock::new() })
    }

    /// Who the pack is.
    pub(crate) const fn info(&self) -> &PackInfo {
        self.pack.info()
    }

    /// Whether the release covers a day.
    pub(crate) fn covers(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// The release that holds on a day: of a pack of several fiscal years (`FY2016-FY2027`) the one of the day, which
    /// begins in October.
    pub(crate) fn release_on(&self, day: Date) -> String {
        let release = &self.info().release;
        if release.starts_with("FY") && release.contains("-FY") {
            return fiscal_year(day);
        }
        release.clone()
    }

    /// Whether a row holds on a day.
    pub(crate) fn holds(&self, row: usize, day: Date) -> bool {
        let days = self.days(row);
        !days.before(day) && !days.after(day)
    }

    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    fn text(&self, section: &'static str, row: usize) -> &str {
        Pool::of(&self.pack, section).ok().and_then(|pool| pool.get(row)).unwrap_or_default()
    }

    pub(crate) fn code(&self, row: usize) -> &str {
        self.text("codes", row)
    }

    pub(super) fn title(&self, row: usize) -> &str {
        self.text("titles", row)
    }

    /// What else the list says of a row: name and value.
    pub(crate) fn attributes(&self, row: usize) -> impl Iterator<Item = (&str, &str)> {
        self.text("attributes", self.kind(row)).lines().filter_map(|line| line.split_once('\t'))
    }

    /// Whether the list says that a row is no longer to be used, without a day.
    pub(super) fn is_retired(&self, row: usize) -> bool {
        self.attributes(row).any(|(name, value)| name == "retired" && value == "yes")
    }

    /// The rows of a code; one for each time that it was in force.
    pub(crate) fn rows(&self, code: &str) -> std::ops::Range<usize> {
        let Ok(pool) = Pool::of(&self.pack, "codes") else { return 0..0 };
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            if pool.get(middle).unwrap_or_default() < code {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let same = (low..self.count).take_while(|row| pool.get(*row) == Some(code)).count();
        low..low + same
    }

    pub(super) fn days(&self, row: usize) -> Days {
        let section = self.pack.section("dates").unwrap_or_default();
        let number = |at: usize| {
            let bytes = section.get(at..at + 4).and_then(|bytes| bytes.first_chunk::<4>());
            day(bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes)))
        };
        let kind = self.kind(row);
        Days { from: number(kind * 8), to: number(kind * 8 + 4) }
    }

    /// The number of what a row says beside code and title.
    fn kind(&self, row: usize) -> usize {
        let section = self.pack.section("kinds").unwrap_or_default();
        let width = section.len() / self.count;
        let bytes = section.get(row * width..row * width + width).unwrap_or_default();
        bytes.iter().rev().fold(0, |number, byte| (number << 8) | usize::from(*byte))
    }

    /// The row of a code that holds on a day; without a day the last.
    pub(crate) fn row_on(&self, code: &str, day: Option<Date>) -> Option<usize> {
        self.rows(code).rev().find(|row| day.is_none_or(|day| self.holds(*row, day)))
    }

    /// The index of the titles, made when it is first asked for.
    pub(super) fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let titles = Pool::of(&self.pack, "titles").ok();
            Index::of_texts(
                (0..self.count).map(|row| titles.as_ref().and_then(|pool| pool.get(row)).unwrap_or_default()),
            )
        })
    }
}

/// The name of the fiscal year of a day, which begins in October: `FY2026`.
pub(crate) fn fiscal_year(day: Date) -> String {
    format!("FY{}", day.year() + i16::from(day.month() >= 10))
}

/// How many bytes the number of a kind takes, by how many there are.
const fn kind_width(kinds: usize) -> usize {
    if kinds > u16::MAX as usize { 4 } else { 2 }
}

fn day(number: u32) -> Option<Date> {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    Date::new(i16::try_from(year).ok()?, month as i8, day as i8).ok().filter(|_| number != 0)
}

/// A section that holds texts.
struct Pool<'p> {
    count: usize,
    ends: &'p [u8],
    bytes: &'p [u8],
}

impl<'p> Pool<'p> {
    fn of(pack: &'p Pack, section: &'static str) -> Result<Self> {
        let malformed = || Error::new(&codes::PACK_MALFORMED);
        let (count, rest) = pack.section(section)?.split_first_chunk::<4>().ok_or_else(malformed)?;
        let count = u32::from_le_bytes(*count) as usize;
        let length = count.checked_mul(4).ok_or_else(malformed)?;
        let (ends, bytes) = rest.split_at_checked(length).ok_or_else(malformed)?;
        Ok(Self { count, ends, bytes })
    }

    fn end(&self, row: usize) -> Option<usize> {
        let bytes = self.ends.get(row * 4..row * 4 + 4)?.first_chunk::<4>()?;
        Some(u32::from_le_bytes(*bytes) as usize)
    }

    fn get(&self, row: usize) -> Option<&'p str> {
        let start = if row == 0 { 0 } else { self.end(row - 1)? };
        std::str::from_utf8(self.bytes.get(start..self.end(row)?)?).ok()
    }
}
