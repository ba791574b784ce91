//! Values of an LMDB file by their keys: the main database alone, read page by page.
//!
//! The layout is that of LMDB 0.9: two meta pages, of which the later transaction holds; branch and leaf pages of nodes
//! behind a list of their offsets; a value that is too large for its page on pages of its own, one behind the other.

use crate::Result;

const BRANCH: u16 = 0x01;
const LEAF: u16 = 0x02;
const ON_OWN_PAGES: u16 = 0x01;
const PAGE_HEADER: usize = 16;
const MAGIC: u32 = 0xBEEF_C0DE;

/// A file of one environment.
pub(crate) struct Lmdb<'f> {
    file: &'f [u8],
    page: usize,
    root: usize,
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Result<u64> {
    let part = bytes.get(at..at + N).ok_or("the LMDB file ends too soon")?;
    Ok(part.iter().rev().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
}

fn size<const N: usize>(bytes: &[u8], at: usize) -> Result<usize> {
    Ok(usize::try_from(number::<N>(bytes, at)?)?)
}

impl<'f> Lmdb<'f> {
    pub(crate) fn open(file: &'f [u8]) -> Result<Self> {
        // Of the meta page: magic, version, address, size of the map, two databases of 48 bytes (the first keeps the free
        // pages, and its first number is the size of a page), the last page, the transaction.
        let page = size::<4>(file, PAGE_HEADER + 24)?;
        let mut newest: Option<(u64, usize)> = None;
        for meta in [PAGE_HEADER, page + PAGE_HEADER] {
            if number::<4>(file, meta)? != u64::from(MAGIC) {
                return Err("no LMDB file".into());
            }
            let (root, transaction) =
                (size::<8>(file, meta + 24 + 48 + 40)?, number::<8>(file, meta + 24 + 96 + 8)?);
            if newest.is_none_or(|(known, _)| known < transaction) {
                newest = Some((transaction, root));
            }
        }
        let (_, root) = newest.ok_or("an LMDB file without meta page")?;
        Ok(Self { file, page, root })
    }

    fn page(&self, number: usize) -> Result<&'f [u8]> {
        let start = number.checked_mul(self.page).ok_or("a page number that is none")?;
        self.file.get(start..).ok_or_else(|| "a page beyond the end of the LMDB file".into())
    }

    /// The value of a key; trailing zero bytes of keys do not count.
    pub(crate) fn get(&self, key: &str) -> Result<&'f [u8]> {
        self.search(self.root, key, 0)?.ok_or_else(|| format!("the LMDB file has no {key}").into())
    }

    fn search(&self, number: usize, key: &str, depth: usize) -> Result<Option<&'f [u8]>> {
        if depth > 8 {
            return Err("an LMDB file that is deeper than it can be".into());
        }
        let page = self.page(number)?;
        let flags = size::<2>(page, 10)? as u16;
        let nodes = (size::<2>(page, 12)?.saturating_sub(PAGE_HEADER)) / 2;
        for node in 0..nodes {
            let node = size::<2>(page, PAGE_HEADER + 2 * node)?;
            let node = page.get(node..).ok_or("a node beyond the end of the LMDB file")?;
            let low = size::<4>(node, 0)?;
            let (node_flags, key_length) = (size::<2>(node, 4)?, size::<2>(node, 6)?);
            if flags & BRANCH != 0 {
                if let Some(found) = self.search(low | (node_flags << 32), key, depth + 1)? {
                    return Ok(Some(found));
                }
                continue;
            }
            if flags & LEAF == 0 {
                return Err("a page of an LMDB file that is neither branch nor leaf".into());
            }
            let found = node.get(8..8 + key_length).ok_or("a key that ends too soon")?;
            let length = found.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            if found.get(..length) != Some(key.as_bytes()) {
                continue;
            }
            let value = node.get(8 + key_length..).ok_or("a value that ends too soon")?;
            let value = if node_flags as u16 & ON_OWN_PAGES != 0 {
                self.page(size::<8>(value, 0)?)?.get(PAGE_HEADER..).ok_or("a value that ends too soon")?
            } else {
                value
            };
            return Ok(Some(value.get(..low).ok_or("a value that ends too soon")?));
        }
        Ok(None)
    }
}
