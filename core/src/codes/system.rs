//! What every code system can do; [`super::Codes`] holds one value of each.

use super::context::{CodeContext, Facets};
use super::verdict::{CodeEntry, CodeHit, CodeInfo, CodeName, Judgement};
use crate::error::{Error, Result, codes};
use crate::packs::PackInfo;

/// A code system. `judge` is the quick part; everything else explains a judgement that it made.
pub(crate) trait CodeSystem: Send + Sync {
    /// The name on the wire, such as `icd10cm`.
    fn name(&self) -> &'static str;

    /// Looks at a text: its form, its check digit, and whether a release has it.
    fn judge(&self, text: &str, context: &CodeContext) -> Judgement;

    /// The title of what was judged.
    fn title(&self, _judgement: &Judgement) -> Option<String> {
        None
    }

    /// The release that was asked.
    fn release(&self, _judgement: &Judgement) -> Option<&str> {
        None
    }

    /// What may have been meant.
    fn suggestions(&self, _judgement: &Judgement) -> Vec<String> {
        Vec::new()
    }

    /// The reason in words.
    fn detail(&self, judgement: &Judgement) -> Option<String>;

    /// Searches the titles.
    fn find(
        &self,
        _query: &str,
        _context: &CodeContext,
        _facets: &Facets,
        _limit: usize,
    ) -> Result<Vec<CodeHit>> {
        Err(Error::new(&codes::NO_TITLES))
    }

    /// What the release says of a code that it has, in whatever form the text writes it.
    fn entry(&self, _text: &str, _context: &CodeContext) -> Option<CodeEntry> {
        None
    }

    /// Everything that the release says of a code.
    fn info(&self, text: &str, context: &CodeContext) -> Option<CodeInfo> {
        let CodeEntry { system, code, title, billable, release, parents, children } =
            self.entry(text, context)?;
        let (seventh_characters, notes) = (Vec::new(), Vec::new());
        Some(CodeInfo {
            system,
            code,
            title,
            billable,
            release,
            parents,
            children,
            seventh_characters,
            notes,
            relations: Vec::new(),
        })
    }

    /// The names of the loaded releases, oldest first.
    fn releases(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Every code that may be reported in a release, with its title, in the order of the list; `None` where the release
    /// is not loaded.
    fn reportable(&self, _release: &str) -> Option<Vec<CodeName>> {
        None
    }

    /// The packs it rests on.
    fn packs(&self) -> Vec<&PackInfo> {
        Vec::new()
    }
}
