//! What a trainer of the model needs: the same features that the engine sees, with the tags that are right.

use super::features::{Features, Scene};
use super::found::Found;
use super::lexicon::Lexicon;
use super::model::{BITS, TAGS};
use super::names::{NAME, ORG, PLACE, seen_as};
use super::patterns;
use super::token::Block;
use crate::error::Result;
use crate::formats::label::Label;

/// Rows of the model.
pub const ROWS: usize = 1 << BITS;
/// Tags of the model.
pub const WIDTH: usize = TAGS;

/// How likely a word must be to identify for the words behind it to see it as a name while the model learns.
const SEEN: f32 = 0.2;

/// A word that is to be decided: the rows of its features, and the tag that is right.
#[derive(Debug)]
pub struct Example {
    /// Rows of the model.
    pub rows: Vec<u32>,
    /// The tag that is right.
    pub tag: u8,
}

/// The examples of a text whose identifiers are known, as bytes with labels. `odds` gives the probabilities that the
/// model of the moment sees, so that the words that follow see its own tags and not the right ones.
///
/// # Errors
/// `pack_malformed`.
pub fn examples(
    text: &str,
    right: &[(usize, usize, Label)],
    mut odds: impl FnMut(&[u32]) -> Option<[f32; TAGS]>,
) -> Result<Vec<Example>> {
    let mut block = Block::new(text, Lexicon::embedded()?);
    let mut found: Vec<Found> = Vec::new();
    patterns::find(&mut block, &mut found);
    let scene = Scene::new(&block);
    let mut out = Vec::new();
    let mut features = Features::new();
    let (mut previous, mut earlier) = (0, 0);
    let mut spans = right.iter().peekable();
    for (at, token) in block.tokens.iter().enumerate() {
        let (start, end) = (token.start as usize, token.end as usize);
        while spans.next_if(|(_, to, _)| *to <= start).is_some() {}
        let tag = match spans.peek() {
            Some((from, _, label)) if *from < end => tag_of(*label),
            _ => 0,
        };
        let mut seen = tag;
        if scene.is_candidate(at, previous) {
            scene.features(at, (previous, earlier), &mut features);
            if let Some(odds) = odds(features.rows()) {
                let best = odds.iter().skip(1).enumerate().max_by(|a, b| a.1.total_cmp(b.1));
                let best = best.map_or(0, |(at, _)| at as u8 + 1);
                seen = if 1.0 - odds.first().copied().unwrap_or(1.0) >= SEEN { best } else { 0 };
            }
            out.push(Example { rows: features.rows().to_vec(), tag });
        } else {
            seen = 0;
        }
        (earlier, previous) = (previous, seen_as(token).unwrap_or(seen));
    }
    Ok(out)
}

fn tag_of(label: Label) -> u8 {
    match label {
        Label::Name => NAME,
        Label::City | Label::District | Label::PlaceName | Label::Street => PLACE,
        Label::OrganisationName => ORG,
        _ => 0,
    }
}
