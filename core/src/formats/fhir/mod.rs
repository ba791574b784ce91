//! FHIR: labels for the span tree of a resource, from a data map compiled of the published definitions.

mod absent;
mod data_type;
mod label;
pub mod map;
mod path;
mod references;
mod release;
mod rows;
mod siblings;

pub(in crate::formats) use siblings::identifier_type;

use std::borrow::Cow;
use std::sync::Arc;

use once_cell::sync::OnceCell;

use super::dialect::{self, Beside, Dialect, Parsed, PathRenderer, Reading, json_cut};
use super::edit::{Edits, Emptied};
use super::field::Field;
use super::tree::{ElementId, Kind, NodeId, Tree};
use super::walk::Walk;
use super::{Irregularity, json};
use crate::error::Result;
use crate::text::{PartialDate, Span};
use map::DataMap;

pub use release::{Release, read_any};

/// FHIR in JSON, in one release: its data map, and the field of each element.
pub struct Fhir {
    map: DataMap<'static>,
    release: Release,
    fields: Vec<Option<Field>>,
    /// Which elements are partners of primitives, asked for every node: a bit for each number.
    partners: Vec<u64>,
}

impl std::fmt::Debug for Fhir {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fhir").field("release", &self.release).finish_non_exhaustive()
    }
}

impl Fhir {
    /// FHIR of a release.
    ///
    /// # Errors
    /// `pack_malformed`, where the program was built with a pack that is none.
    pub fn of(release: Release) -> Result<Arc<Self>> {
        static MAPS: [OnceCell<Arc<Fhir>>; Release::ALL.len()] = [const { OnceCell::new() }; 4];
        let build = || {
            let map = map::of(release)?;
            let (fields, partners) = (map.fields(), map.partners());
            Ok(Arc::new(Self { map, release, fields, partners }))
        };
        match MAPS.get(release as usize) {
            Some(known) => known.get_or_try_init(build).cloned(),
            None => build(),
        }
    }

    /// FHIR R4.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn r4() -> Result<Arc<Self>> {
        Self::of(Release::R4)
    }

    /// Scans and labels one resource or Bundle, from byte `from` on.
    ///
    /// # Errors
    /// Those of [`json::scan`]; `not_a_resource`, `unknown_resource_type`.
    pub fn read(self: Arc<Self>, source: &[u8], from: usize, depth: usize) -> Result<Reading> {
        self.label(source, from, json::scan(source, from, depth)?)
    }

    /// Labels a tree that was scanned.
    fn label(self: Arc<Self>, source: &[u8], from: usize, mut tree: Tree) -> Result<Reading> {
        let mut labelled = label::label(&self.map, source, &mut tree)?;
        if from > 0 {
            labelled.irregularities.push(Irregularity { code: "byte_order_mark", node: NodeId::ROOT });
        }
        let label::Labelled { resources: entries, irregularities } = labelled;
        Ok(Reading { tree, entries, irregularities, dialect: self })
    }
}

impl Dialect for Fhir {
    fn fields(&self) -> &[Option<Field>] {
        &self.fields
    }

    fn type_name(&self, ty: ElementId) -> Option<&'static str> {
        self.map.name(ty)
    }

    fn is_entry_type(&self, name: &str) -> bool {
        self.map.resource(name.as_bytes()).is_some()
    }

    fn is_contained(&self, parsed: Parsed<'_>, entry: NodeId) -> bool {
        references::is_contained(&self.map, parsed.tree, entry)
    }

    fn text<'a>(&self, parsed: Parsed<'a>, id: NodeId) -> Option<Cow<'a, str>> {
        match parsed.tree.node(id).kind() {
            Kind::Text => json::decode(parsed.raw(id)),
            Kind::Number | Kind::Flag => std::str::from_utf8(parsed.raw(id)).ok().map(Into::into),
            Kind::Object | Kind::List | Kind::Null => None,
        }
    }

    fn encode(&self, parsed: Parsed<'_>, id: NodeId, text: &str, out: &mut Vec<u8>) -> bool {
        json::encode_leaf(parsed.tree.node(id).kind(), text, out)
    }

    fn name<'a>(&self, parsed: Parsed<'a>, id: NodeId) -> Option<Cow<'a, str>> {
        json::name(parsed.source, &parsed.tree.node(id))
    }

    fn data_type<'a>(&self, parsed: Parsed<'a>, id: NodeId) -> Option<Cow<'a, str>> {
        data_type::of(&self.map, parsed, id)
    }

    fn date(&self, text: &str) -> Option<PartialDate> {
        PartialDate::parse(text)
    }

    fn paths<'a>(&'a self, parsed: Parsed<'a>) -> Box<dyn PathRenderer + 'a> {
        Box::new(Walk::new(path::Names { map: &self.map, tree: parsed.tree }, parsed.tree))
    }

    fn locate(&self, parsed: Parsed<'_>, path: &str) -> std::result::Result<NodeId, usize> {
        path::locate(parsed, path)
    }

    fn joins(&self, _parsed: Parsed<'_>, _container: NodeId) -> bool {
        true
    }

    fn cut(&self, parsed: Parsed<'_>, id: NodeId, beside: Beside) -> Span {
        json_cut(parsed, id, beside)
    }

    fn emptied(&self, parsed: Parsed<'_>, id: NodeId) -> Emptied {
        absent::emptied(&self.map, parsed.tree, id)
    }

    fn withhold(&self, edits: &mut Edits<'_>, id: NodeId) -> bool {
        absent::withhold(&self.map, edits, id)
    }

    fn mask(&self, edits: &mut Edits<'_>, id: NodeId) {
        absent::mask(edits, id);
    }

    fn is_required(&self, parsed: Parsed<'_>, id: NodeId) -> bool {
        absent::is_required(&self.map, parsed.tree, id)
    }

    fn has_partners(&self) -> bool {
        true
    }

    fn partner_of(&self, parsed: Parsed<'_>, id: NodeId) -> Option<Option<NodeId>> {
        let at = parsed.tree.mark(id)?.0.index();
        let is_partner = self.partners.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1);
        if is_partner { absent::partner_of(&self.map, parsed.tree, id) } else { None }
    }

    fn null_is_position(&self) -> bool {
        true
    }

    fn references(&self, parsed: Parsed<'_>) -> Option<Box<dyn dialect::References>> {
        Some(Box::new(references::References::of(self.map, parsed)))
    }
}
