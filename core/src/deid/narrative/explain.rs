//! Why what stays stays: for every word and number that no finding has, what kept it.

use super::cue::Cue;
use super::dates;
use super::features::Scene;
use super::find::{Blocks, Engine};
use super::found::Found;
use super::known::Index;
use super::lead::{Lead, lead};
use super::lexicon::Flag;
use super::names::{self, Tag};
use super::patterns;
use super::token::{Block, Gap, Kind, Token};
use crate::formats::label::Label;

impl Engine {
    /// What no finding has, in the order of the text; its label says nothing.
    pub(super) fn left(self, text: &str, index: &Index, taken: &[Found]) -> Vec<Found> {
        let mut left = Vec::new();
        let mut taken = taken.iter().peekable();
        for (base, part) in Blocks::of(text) {
            let mut block = Block::new(part, self.lexicon());
            let mut found = Vec::new();
            patterns::find(&mut block, &mut found);
            index.find(&block, &mut found);
            let scene = Scene::new(&block);
            let tags = names::tag(&scene, self.model(), index.threshold_or_default());
            names::spans(&block, &tags, &mut found);
            for (at, token) in block.tokens.iter().enumerate() {
                let (start, end) = (base + token.start as usize, base + token.end as usize);
                while taken.next_if(|hit| hit.end <= start).is_some() {}
                if token.cleaned.is_some() || taken.peek().is_some_and(|hit| hit.start < end) {
                    continue;
                }
                let here = |hit: &&Found| hit.start < token.end as usize && hit.end > token.start as usize;
                let (score, why) = match found.iter().find(here) {
                    // Found, and given back: the site allows it.
                    Some(hit) => (hit.score, "allowed"),
                    None => reason(&block, at, token, tags.get(at).copied().unwrap_or_default()),
                };
                left.push(Found::new(start, end, Label::Identifier, score, why));
            }
        }
        left
    }
}

/// How likely a token of a block identifies as the engine sees it, and what keeps it.
fn reason(block: &Block<'_>, at: usize, token: &Token, tag: Tag) -> (f32, &'static str) {
    if token.kind == Kind::Word {
        let info = token.info;
        let why = if !tag.why.is_empty() {
            // The model has weighed it, or a rule has given a part of a span back.
            return if tag.tag == 0 { (tag.score, tag.why) } else { (tag.score, "edge_of_name") };
        } else if token.len() == 1 {
            "letter"
        } else if info.is(Flag::Drug) {
            "drug"
        } else if info.is(Flag::Clinical) {
            "clinical_word"
        } else if info.english() > 0 {
            "ordinary_word"
        } else if info.cues.0 != 0 {
            "cue"
        } else {
            "no_evidence"
        };
        return (0.0, why);
    }
    let next = block.token(at + 1);
    let measured = next.is_some_and(|next| next.is(Cue::Measure) && next.gap.only(Gap::SPACE | Gap::HYPHEN))
        || block.gap_text(at + 1).starts_with('%');
    let timed = block.gap_is(at + 1, ":") || block.gap_is(at, ":");
    let year = dates::number(block, at).is_some_and(|(value, length)| dates::is_year(value, length));
    let why = if matches!(lead(block, at), Lead::Code) {
        "code"
    } else if measured {
        "measure"
    } else if timed {
        "time"
    } else if year {
        "year"
    } else {
        "number_without_cue"
    };
    (0.0, why)
}
