//! De-identification of clinical text: what identifies somebody is found by its form, by the words around it and by
//! what is known of the words themselves.
//!
//! A text goes through once. The tokeniser looks every word up in a table of names, places, clinical and ordinary
//! words; recognisers start at digits and at words that lead to something; what may be a name is weighed by a small
//! linear model that is trained by this project on text of its own. Last, what is sure in one place of a document
//! holds in all of it.

mod address;
mod contact;
mod cue;
mod dates;
mod features;
mod find;
mod found;
mod known;
mod lexicon;
mod model;
mod names;
mod numbers;
mod patterns;
mod repeat;
mod rewrite;
mod span;
mod token;
#[doc(hidden)]
pub mod train;

use crate::error::Result;
use crate::packs::PackInfo;

pub use cue::{Cue, Cues};
pub use known::{Known, SitePattern};
pub use lexicon::{BUCKET, ENTRIES, ENTRY, Flag, Info, bucket, fingerprint, fold, hash as word_hash};
pub(crate) use rewrite::Rewriter;
pub use rewrite::{DeidentifiedText, TextChange, TextOptions, TextRange, deidentify_text};
pub use span::IdentifierSpan;

/// Everything in a text that identifies somebody, in its order, without overlaps.
///
/// ```
/// use chartkeeper::deid::narrative::find_identifiers;
/// let spans = find_identifiers("Seen by Dr. Okafor on 3/14/2024 for Crohn's disease.", None).unwrap();
/// let labels: Vec<&str> = spans.iter().map(|span| span.label).collect();
/// assert_eq!(labels, ["name", "date"]);
/// ```
///
/// # Errors
/// `invalid_argument` for facts that cannot be used; `pack_malformed` where the program itself is damaged.
pub fn find_identifiers(text: &str, known: Option<&Known>) -> Result<Vec<IdentifierSpan>> {
    let found = find::Engine::embedded()?.find(text, known)?;
    Ok(span::counted(text, &found))
}

/// The identifiers of many texts, in their order: the facts are made ready once.
///
/// # Errors
/// Those of [`find_identifiers`].
pub fn find_identifiers_in<'t>(
    texts: impl IntoIterator<Item = &'t str>,
    known: Option<&Known>,
) -> Result<Vec<Vec<IdentifierSpan>>> {
    let engine = find::Engine::embedded()?;
    let index = known.map(known::Index::new).transpose()?.unwrap_or_default();
    Ok(texts.into_iter().map(|text| span::counted(text, &engine.find_with(text, &index))).collect())
}

/// Who the word table and the model are.
///
/// # Errors
/// `pack_malformed` where the program itself is damaged.
pub fn packs() -> Result<[PackInfo; 2]> {
    Ok([lexicon::Lexicon::embedded()?.info().clone(), model::Model::embedded()?.info().clone()])
}
