//! Finding: a text goes through in blocks, so that memory is bounded; what one block is sure of counts in all.

use super::features::Scene;
use super::found::Found;
use super::known::Index;
use super::lexicon::Lexicon;
use super::model::Model;
use super::names;
use super::patterns;
use super::repeat::Repeats;
use super::token::Block;
use crate::error::Result;
use crate::formats::label::Label;

/// Bytes of a block, about.
const BLOCK: usize = 1 << 18;

/// Bytes of a text that is one block.
const WHOLE: usize = BLOCK * 3 / 2;

/// How likely it must be that a word identifies for it to be taken: recall goes before precision.
pub(super) const THRESHOLD: f32 = 0.3;

/// The recognisers with their knowledge, borrowed from the program.
#[derive(Clone, Copy)]
pub(in crate::deid) struct Engine {
    lexicon: &'static Lexicon,
    model: &'static Model,
}

impl Engine {
    pub(super) fn embedded() -> Result<Self> {
        Ok(Self { lexicon: Lexicon::embedded()?, model: Model::embedded()? })
    }

    pub(super) const fn lexicon(self) -> &'static Lexicon {
        self.lexicon
    }

    pub(super) const fn model(self) -> &'static Model {
        self.model
    }

    /// Everything that identifies, in the order of the text, without overlaps; offsets in bytes.
    pub(in crate::deid) fn find_with(self, text: &str, index: &Index) -> Vec<Found> {
        let threshold = index.threshold_or_default();
        let mut repeats = Repeats::default();
        let mut all = Vec::new();
        let whole = text.len() <= WHOLE;
        for (base, part) in Blocks::of(text) {
            let mut found = Vec::new();
            let mut block = Block::new(part, self.lexicon);
            patterns::find(&mut block, &mut found);
            index.find(&block, &mut found);
            let scene = Scene::new(&block);
            let mut tags = names::tag(&scene, self.model, threshold);
            repeats.learn(&block, &tags);
            if whole && !repeats.is_empty() {
                repeats.apply(&block, &mut tags);
            }
            names::spans(&block, &tags, &mut found);
            names::states(&block, &mut found);
            index.allow(part, &mut found);
            all.extend(merged(found, part).into_iter().map(|hit| moved(hit, base)));
        }
        if !whole && !repeats.is_empty() {
            let mut again = Vec::new();
            for (base, part) in Blocks::new(text, BLOCK) {
                let mut block = Block::bare(part);
                let mut found = Vec::new();
                repeats.find(&mut block, self.lexicon, &mut found);
                again.extend(found.into_iter().map(|hit| moved(hit, base)));
            }
            all.append(&mut again);
            return merged(all, text);
        }
        all
    }
}

const fn moved(mut hit: Found, base: usize) -> Found {
    hit.start += base;
    hit.end += base;
    hit
}

/// What gives its label to findings that overlap: what is known, then the longest, then what tells more than that it is
/// some number, then the surest.
fn rank(hit: &Found) -> (bool, usize, bool, u32) {
    let told = hit.label != Label::Identifier;
    let known = matches!(hit.why, "known" | "site_pattern");
    (known && told, hit.end - hit.start, told, (hit.score * 100.0) as u32)
}

/// In order and without overlaps: of those that overlap the one of the highest rank gives its label to all.
fn merged(mut found: Vec<Found>, text: &str) -> Vec<Found> {
    found.retain(|hit| {
        hit.start < hit.end && text.is_char_boundary(hit.start) && text.is_char_boundary(hit.end)
    });
    found.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)).then(b.score.total_cmp(&a.score)));
    let mut out: Vec<Found> = Vec::with_capacity(found.len());
    for hit in found {
        match out.last_mut() {
            Some(last) if hit.start < last.end => {
                if rank(&hit) > rank(last) {
                    (last.label, last.score, last.why) = (hit.label, hit.score, hit.why);
                }
                last.end = last.end.max(hit.end);
            }
            _ => out.push(hit),
        }
    }
    out
}

/// Cuts a text at white space, at line ends where there are some.
pub(super) struct Blocks<'t> {
    text: &'t str,
    at: usize,
    size: usize,
}

impl<'t> Blocks<'t> {
    /// The blocks of a text: it alone where it is not long.
    pub(super) const fn of(text: &'t str) -> Self {
        Self::new(text, if text.len() <= WHOLE { usize::MAX } else { BLOCK })
    }

    const fn new(text: &'t str, size: usize) -> Self {
        Self { text, at: 0, size }
    }
}

impl<'t> Iterator for Blocks<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let base = self.at;
        let mut end = rest.len();
        if end > self.size {
            let mut limit = self.size;
            while !rest.is_char_boundary(limit) {
                limit += 1;
            }
            let head = rest.get(..limit).unwrap_or(rest);
            let cut = |mark: char| head.rfind(mark).map(|at| at + 1).filter(|at| *at > limit / 2);
            end = cut('\n').or_else(|| cut(' ')).unwrap_or(limit);
        }
        self.at += end;
        rest.get(..end).map(|part| (base, part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_the_text() {
        let text = "one two\nthree fo\u{f6}r five\n".repeat(50);
        for size in [7, 10, 64, 100_000] {
            let mut joined = String::new();
            for (base, part) in Blocks::new(&text, size) {
                assert_eq!(base, joined.len());
                joined.push_str(part);
            }
            assert_eq!(joined, text);
        }
    }
}
