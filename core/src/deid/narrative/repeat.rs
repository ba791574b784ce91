//! Consistency: a name that is sure in one place of a document is a name in every place.

use std::collections::HashSet;

use super::cue::Cue;
use super::found::Found;
use super::lexicon::Lexicon;
use super::names::{NAME, Tag};
use super::token::{Block, Casing, Gap, Kind, Shape, Token};
use crate::formats::label::Label;

/// Names of a document at most: more are no document of one patient.
const LIMIT: usize = 4096;

/// How sure a name must be to count everywhere.
const SURE: f32 = 0.8;

/// The sure names of a document, by the hashes of their words.
#[derive(Default)]
pub(super) struct Repeats {
    words: HashSet<u32>,
    /// A bit for each of the last twelve bits of a hash: most words are known to be none of them after one look.
    sieve: Vec<u64>,
}

impl Repeats {
    /// Takes the sure names of a block.
    pub(super) fn learn(&mut self, block: &Block<'_>, tags: &[Tag]) {
        for (token, tag) in block.tokens.iter().zip(tags) {
            if tag.tag == NAME && tag.score >= SURE && self.words.len() < LIMIT && may_repeat(token) {
                self.words.insert(token.hash);
                self.sieve.resize(64, 0);
                if let Some(bits) = self.sieve.get_mut(token.hash as usize >> 6 & 63) {
                    *bits |= 1 << (token.hash & 63);
                }
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Tags the names wherever they stand.
    pub(super) fn apply(&self, block: &Block<'_>, tags: &mut [Tag]) {
        for (at, (token, tag)) in block.tokens.iter().zip(tags.iter_mut()).enumerate() {
            if tag.tag == 0 && self.holds(block, at, token) {
                *tag = Tag { tag: NAME, score: 0.85, why: "repeated" };
            }
        }
    }

    /// Whether a word may be one of the names.
    fn may_hold(&self, token: &Token) -> bool {
        self.sieve.get(token.hash as usize >> 6 & 63).is_some_and(|bits| bits >> (token.hash & 63) & 1 == 1)
            && self.words.contains(&token.hash)
    }

    /// The names of a block that was not tagged and whose words were not looked up.
    pub(super) fn find(&self, block: &mut Block<'_>, lexicon: &Lexicon, found: &mut Vec<Found>) {
        for at in 0..block.tokens.len() {
            let Some(token) = block.token(at).copied().filter(|token| self.may_hold(token)) else { continue };
            block.inform(at, lexicon);
            block.inform(at + 1, lexicon);
            let token = block.token(at).copied().unwrap_or(token);
            if self.holds(block, at, &token) {
                found.push(Found::new(
                    token.start as usize,
                    token.end as usize,
                    Label::Name,
                    0.85,
                    "repeated",
                ));
            }
        }
    }

    fn holds(&self, block: &Block<'_>, at: usize, token: &Token) -> bool {
        if token.kind != Kind::Word || token.taken || token.len() < 2 || !self.may_hold(token) {
            return false;
        }
        let english = token.info.english();
        let capital = token.is_capital() && block.casing != Casing::Upper;
        let starts = token.gap.has(Gap::NEWLINE) || token.gap.has(Gap::PERIOD) && token.gap.has(Gap::SPACE);
        let term = block
            .token(at + 1)
            .is_some_and(|next| next.is(Cue::MedHead) && next.gap.only(Gap::SPACE | Gap::OWNS));
        let cased = english < 3 && token.len() > 3 || capital && (!starts || english < 8);
        cased && !term
    }
}

/// Whether a part of a name may be looked for elsewhere: no initial, no particle, no word of every sentence.
fn may_repeat(token: &Token) -> bool {
    token.len() >= 2
        && token.shape != Shape::Initial
        && token.info.english() < 13
        && !token.is(Cue::Particle)
        && !token.is(Cue::Suffix)
        && !token.is(Cue::Title)
        && !token.is(Cue::Credential)
        && !token.is(Cue::Kin)
}
