//! De-identification of clinical text: what identifies somebody is found by its form, by the words around it and by
//! what is known of the words themselves.
//!
//! A text goes through once. The tokeniser looks every word up in a table of names, places, clinical and ordinary
//! words; recognisers start at digits and at words that lead to something; what may be a name is weighed by a small
//! linear model that is trained by this project on text of its own. Last, what is sure in one place of a document
//! holds in all of it.

mod address;
mod ages;
mod calendar;
mod contact;
mod cue;
mod dates;
mod evidence;
mod explain;
mod features;
mod find;
mod found;
mod html;
mod known;
mod lead;
mod lexicon;
mod model;
mod moved;
mod names;
mod numbers;
mod patterns;
mod plain;
mod repeat;
mod rewrite;
mod rtf;
mod span;
mod spoken;
mod telephone;
#[cfg(test)]
mod tests;
mod token;
#[doc(hidden)]
pub mod train;
mod word;

use crate::error::Result;
use crate::packs::PackInfo;

pub use cue::{Cue, Cues};
pub(in crate::deid) use found::Found;
pub use known::{Known, SitePattern};
pub use lexicon::{BUCKET, ENTRIES, Flag, Info, bucket, fingerprint, fold, hash as word_hash};
pub(in crate::deid) use plain::Plain;
pub(crate) use rewrite::Rewriter;
pub(in crate::deid) use rewrite::Subject;
pub use rewrite::{DeidentifiedText, TextChange, TextOptions, TextRange, deidentify_text};
pub use span::IdentifierSpan;

/// Everything in a text that identifies somebody, in its order, without overlaps. A text in RTF or HTML is read as it is
/// seen; the places are those of the source.
///
/// ```
/// use chartkeeper::deid::narrative::find_identifiers;
/// let spans = find_identifiers("Seen by Dr. Okafor on 3/14/2024 for Crohn's disease.", None).unwrap();
/// let labels: Vec<&str> = spans.iter().map(|span| span.label).collect();
/// assert_eq!(labels, ["name", "date"]);
/// ```
///
/// With [`Known::explain`] also what stays, under the label `none`: `score` is then how likely it seemed to be part of a
/// name, and `why` what kept it.
///
/// # Errors
/// `invalid_argument` for facts that cannot be used; `pack_malformed` where the program itself is damaged.
pub fn find_identifiers(text: &str, known: Option<&Known>) -> Result<Vec<IdentifierSpan>> {
    let index = known.map(known::Index::new).transpose()?.unwrap_or_default();
    Ok(find_in(find::Engine::embedded()?, text, &index))
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
    Ok(texts.into_iter().map(|text| find_in(engine, text, &index)).collect())
}

/// The findings of the text as it is seen, where they stand in the source.
fn find_in(engine: find::Engine, text: &str, index: &known::Index) -> Vec<IdentifierSpan> {
    let plain = plain::Plain::of(text);
    let found = engine.find_with(plain.text(), index);
    if !index.explains() {
        return span::counted(text, &plain.in_source(found));
    }
    let left = plain.in_source(engine.left(plain.text(), index, &found));
    let mut spans = span::counted(text, &plain.in_source(found));
    let left = span::counted(text, &left);
    spans.extend(left.into_iter().map(|span| IdentifierSpan { label: span::LEFT, ..span }));
    spans.sort_by_key(|span| (span.byte_start, span.byte_end));
    spans
}

/// Who the word table and the model are.
///
/// # Errors
/// `pack_malformed` where the program itself is damaged.
pub fn packs() -> Result<[PackInfo; 2]> {
    Ok([lexicon::Lexicon::embedded()?.info().clone(), model::Model::embedded()?.info().clone()])
}
