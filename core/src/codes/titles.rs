//! Titles in little room: a dictionary of words, and each title as what it does not share with the one before.
//!
//! Section `words`: the words, most frequent first, each a text. Section `titles`: the count (u32), the offset of
//! every block of [`BLOCK`] titles (u32 each, from the end of the offsets), then the titles. A title is one byte
//! with the number of leading (high four bits) and trailing (low four bits) words that it shares with the title
//! before it, the number of words between them, and those words as numbers of the dictionary. The first title of
//! a block shares nothing, so one title costs at most [`BLOCK`] short steps to read. Words are what stands between
//! single spaces, punctuation included: a title reads back byte for byte.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::error::{Error, Result, codes};
use crate::packs::{Cursor, Pack, put_short, put_text};

const BLOCK: usize = 16;
const SHARED_MAX: usize = 15;

/// The titles of a pack, by number.
#[derive(Debug)]
pub(crate) struct Titles {
    /// The names of the two sections.
    sections: (&'static str, &'static str),
    count: usize,
    /// Start and end of every word in section `words`; found when the first title is read.
    words: OnceLock<Vec<(u32, u32)>>,
}

impl Titles {
    /// Opens the titles of a pack.
    pub(crate) fn open(pack: &Pack) -> Result<Self> {
        Self::open_in(pack, ("words", "titles"))
    }

    /// Opens texts that stand in other sections: their words, and the texts.
    pub(crate) fn open_in(pack: &Pack, sections: (&'static str, &'static str)) -> Result<Self> {
        let count = Cursor::new(pack.section(sections.1)?).u32()? as usize;
        pack.section(sections.0)?;
        Ok(Self { sections, count, words: OnceLock::new() })
    }

    /// How many titles there are.
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    fn spans(&self, section: &[u8]) -> &[(u32, u32)] {
        self.words.get_or_init(|| {
            let mut spans = Vec::with_capacity(section.len() / 8);
            let mut cursor = Cursor::new(section);
            let mut at = 0;
            while let Ok(word) = cursor.text() {
                let start = at + if word.len() < 0x80 { 1 } else { 2 };
                at = start + word.len();
                spans.push((start as u32, at as u32));
            }
            spans
        })
    }

    /// The dictionary, most frequent word first.
    pub(crate) fn words<'p>(&self, pack: &'p Pack) -> Result<Vec<&'p str>> {
        let section = pack.section(self.sections.0)?;
        Ok(self.spans(section).iter().map(|span| word(section, *span)).collect())
    }

    /// The title of a number, or `None` where the pack has no such title.
    pub(crate) fn get(&self, pack: &Pack, number: usize) -> Option<String> {
        if number >= self.count {
            return None;
        }
        let mut walk = Walk::at_block(pack.section(self.sections.1).ok()?, self.count, number / BLOCK)?;
        for _ in 0..=(number % BLOCK) {
            walk.step().ok()?;
        }
        let section = pack.section(self.sections.0).ok()?;
        let spans = self.spans(section);
        let mut title = String::with_capacity(96);
        for (at, id) in walk.tokens.iter().enumerate() {
            if at > 0 {
                title.push(' ');
            }
            title.push_str(word(section, *spans.get(usize::from(*id))?));
        }
        Some(title)
    }

    /// Calls `each` with the number and the dictionary numbers of every title, in order.
    pub(crate) fn for_each(&self, pack: &Pack, mut each: impl FnMut(usize, &[u16])) -> Result<()> {
        let section = pack.section(self.sections.1)?;
        for block in 0..self.count.div_ceil(BLOCK) {
            let mut walk = Walk::at_block(section, self.count, block)
                .ok_or_else(|| Error::new(&codes::PACK_MALFORMED))?;
            for number in block * BLOCK..((block + 1) * BLOCK).min(self.count) {
                walk.step()?;
                each(number, &walk.tokens);
            }
        }
        Ok(())
    }
}

fn word(section: &[u8], (start, end): (u32, u32)) -> &str {
    section.get(start as usize..end as usize).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default()
}

/// Reading titles one after the other.
struct Walk<'p> {
    cursor: Cursor<'p>,
    tokens: Vec<u16>,
}

impl<'p> Walk<'p> {
    fn at_block(section: &'p [u8], count: usize, block: usize) -> Option<Self> {
        let at = 4 + 4 * block;
        let offset = u32::from_le_bytes(*section.get(at..at + 4)?.first_chunk()?) as usize;
        let stream = section.get(4 + 4 * count.div_ceil(BLOCK)..)?;
        Some(Self { cursor: Cursor::new(stream.get(offset..)?), tokens: Vec::with_capacity(40) })
    }

    fn step(&mut self) -> Result<()> {
        let shared = self.cursor.u8()?;
        let between = self.cursor.u8()?;
        let (head, tail) = (usize::from(shared >> 4), usize::from(shared & 0xF));
        let end = self.tokens.len().checked_sub(tail).filter(|end| *end >= head);
        let end = end.ok_or_else(|| Error::new(&codes::PACK_MALFORMED))?;
        let mut fresh = [0u16; 256];
        for (_, slot) in (0..between).zip(fresh.iter_mut()) {
            *slot = self.cursor.short()?;
        }
        self.tokens.splice(head..end, fresh.iter().take(usize::from(between)).copied());
        Ok(())
    }
}

/// Writes titles as the sections `words` and `titles`.
///
/// # Errors
/// `pack_malformed` where there are more than 32,768 different words, or more than 255 words in a title.
pub(crate) fn encode(titles: &[&str]) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for title in titles {
        for word in title.split(' ') {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut ranked: Vec<(&str, usize)> = counts.into_iter().collect();
    ranked.sort_by(|(a, m), (b, n)| n.cmp(m).then(a.cmp(b)));
    let mut words = Vec::new();
    for (word, _) in &ranked {
        put_text(&mut words, word)?;
    }
    let number: HashMap<&str, usize> = ranked.iter().enumerate().map(|(id, (word, _))| (*word, id)).collect();

    let mut offsets = Vec::new();
    let mut stream = Vec::new();
    let mut before: Vec<&str> = Vec::new();
    for (at, title) in titles.iter().enumerate() {
        if at % BLOCK == 0 {
            before.clear();
            offsets.extend(size(stream.len())?.to_le_bytes());
        }
        let now: Vec<&str> = title.split(' ').collect();
        let room = before.len().min(now.len());
        let head = before.iter().zip(&now).take(room.min(SHARED_MAX)).take_while(|(a, b)| a == b).count();
        let tail = before.iter().rev().zip(now.iter().rev()).take((room - head).min(SHARED_MAX));
        let tail = tail.take_while(|(a, b)| a == b).count();
        let fresh = now.get(head..now.len() - tail).unwrap_or_default();
        let count = u8::try_from(fresh.len())
            .map_err(|_| Error::new(&codes::PACK_MALFORMED).note("a title has too many words"))?;
        stream.push(((head as u8) << 4) | tail as u8);
        stream.push(count);
        for word in fresh {
            put_short(&mut stream, number.get(word).copied().unwrap_or(usize::MAX))?;
        }
        before = now;
    }
    let mut out = size(titles.len())?.to_le_bytes().to_vec();
    out.extend(offsets);
    out.extend(stream);
    Ok((words, out))
}

fn size(length: usize) -> Result<u32> {
    u32::try_from(length).map_err(|_| Error::new(&codes::PACK_MALFORMED))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::packs::{PackInfo, PackWriter};

    pub(crate) fn pack_of(titles: &[&str]) -> Pack {
        let (words, stream) = encode(titles).unwrap();
        let info: PackInfo = serde_json::from_str(
            r#"{"name":"t","system":"t","release":"1","effective_from":null,"effective_to":null,"rows":0,
                "licence":"none","source":"here"}"#,
        )
        .unwrap();
        let bytes = PackWriter::new(info).section("words", words).section("titles", stream).finish().unwrap();
        Pack::load(bytes).unwrap()
    }

    #[test]
    fn shared_words_are_written_once() {
        let list = ["Burn of right ear", "Burn of left ear", "Burn of left ear, sequela", "Burn"];
        let pack = pack_of(&list);
        let titles = Titles::open(&pack).unwrap();
        for (number, title) in list.iter().enumerate() {
            assert_eq!(titles.get(&pack, number).as_deref(), Some(*title));
        }
        assert_eq!(titles.get(&pack, 4), None);
        assert_eq!(pack.section("titles").unwrap().len(), 4 + 4 + (2 + 4) + (2 + 1) + (2 + 2) + 2);
    }

    proptest! {
        #[test]
        fn every_title_reads_back(list in prop::collection::vec("[a-c]{0,2}( [a-cé,]{0,3}){0,40}", 0..80)) {
            let list: Vec<&str> = list.iter().map(String::as_str).collect();
            let pack = pack_of(&list);
            let titles = Titles::open(&pack).unwrap();
            let mut seen = 0;
            titles.for_each(&pack, |number, _| { assert_eq!(number, seen); seen += 1; }).unwrap();
            prop_assert_eq!(seen, list.len());
            for (number, title) in list.iter().enumerate() {
                prop_assert_eq!(titles.get(&pack, number).unwrap(), *title);
            }
        }
    }
}
