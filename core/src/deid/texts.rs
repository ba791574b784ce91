//! The texts of a record that a policy keeps without what identifies in them: all are read as one document, so that what
//! is sure in one of them, or stands in a field of the record, is found in all.

use std::collections::HashMap;

use jiff::civil::Date;

use super::keyed::Keyed;
use super::methods::Methods;
use super::narrative::{Found, Plain, Rewriter, Subject};
use super::policy::{Policy, Shift, Treatment};
use super::survey::Survey;
use super::vault::Table;
use super::words::fold_number;
use crate::error::Result;
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};
use crate::record::Record;

/// The findings of every text.
pub(super) struct Texts<'r> {
    rewriter: Rewriter<'r>,
    found: HashMap<NodeId, Vec<Found>>,
    /// Leaves by their letters and digits: what stands there in a field.
    fields: HashMap<String, NodeId>,
}

impl<'r> Texts<'r> {
    /// Reads the texts of a record; none where the policy keeps none.
    pub(super) fn of(record: &Record, policy: &'r Policy, as_of: Option<Date>) -> Result<Option<Self>> {
        if !policy.cleans_text() {
            return Ok(None);
        }
        let mut texts = Self {
            rewriter: Rewriter::of_record(policy, record, as_of)?,
            found: HashMap::new(),
            fields: HashMap::new(),
        };
        let mut all = String::new();
        let mut places: Vec<(NodeId, usize, usize)> = Vec::new();
        for (id, node) in record.tree().iter() {
            if node.kind() != Kind::Text {
                continue;
            }
            let clause = policy.clause_of(node.label(), node.whose());
            let Some(text) = record.text(id) else { continue };
            if clause.treatment == Treatment::CleanText {
                let start = all.len();
                all.push_str(Plain::of(&text).text());
                places.push((id, start, all.len()));
                // Leaves are lines: no finding goes over their end.
                all.push('\n');
            } else if let Treatment::Apply(_) = clause.treatment {
                let folded = folded(&text);
                if !folded.is_empty() {
                    texts.fields.entry(folded).or_insert(id);
                }
            }
        }
        let mut hits = texts.rewriter.engine.find_with(&all, &texts.rewriter.index).into_iter().peekable();
        for (id, start, end) in places {
            let mut own = Vec::new();
            while let Some(hit) = hits.peek().filter(|hit| hit.start < end).copied() {
                let (from, to) = (hit.start.max(start), hit.end.min(end));
                if from < to {
                    own.push(Found { start: from - start, end: to - start, ..hit });
                }
                if hit.end > end {
                    break;
                }
                hits.next();
            }
            texts.found.insert(id, own);
        }
        Ok(Some(texts))
    }

    /// A text without what identifies in it.
    pub(super) fn clean(
        &self,
        id: NodeId,
        text: &str,
        methods: &mut Methods<'_>,
        survey: &Survey<'_>,
        table: &mut Table,
    ) -> Option<String> {
        let found = self.found.get(&id)?;
        let plain = Plain::of(text);
        let mut people = People { texts: self, id, methods, survey, table };
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for piece in self.rewriter.pieces(&plain, found, &mut people) {
            out.push_str(text.get(from..piece.start)?);
            out.push_str(&piece.with);
            from = piece.end;
        }
        out.push_str(text.get(from..)?);
        Some(out)
    }
}

/// The letters and digits of a value: names and numbers are the same however they are punctuated.
fn folded(text: &str) -> String {
    if text.len() > 200 { String::new() } else { fold_number(text) }
}

/// The people of a record, as one of its texts needs them.
struct People<'t, 'r, 'm> {
    texts: &'t Texts<'r>,
    id: NodeId,
    methods: &'t mut Methods<'m>,
    survey: &'t Survey<'t>,
    table: &'t mut Table,
}

impl Subject for People<'_, '_, '_> {
    fn keyed(&self) -> Option<&Keyed> {
        self.methods.keyed()
    }

    fn days(&mut self, shift: Shift) -> Option<i32> {
        self.methods.days(self.id, shift)
    }

    fn surrogate(&mut self, label: Label, value: &str, family: Option<bool>, drawn: bool) -> Option<String> {
        let field = self.texts.fields.get(&folded(value)).copied();
        self.methods.surrogate_in_text(self.id, field, label, value, family, drawn, self.table)
    }

    fn tells_age(&self, year: i16) -> bool {
        self.survey.tells_age(year)
    }
}

/// Whether a cleaned text still holds one of the record's own words, which the one search has overlooked.
pub(super) fn holds_own_words(clean: &str, survey: &Survey<'_>) -> bool {
    survey.words.occur_in(Plain::of(clean).text())
}
