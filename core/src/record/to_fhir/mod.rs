//! The Chart of a record of any format as a FHIR R4 Bundle, with the place in the source that each resource comes
//! from, and a report of what the Bundle does not carry.
//!
//! A Bundle in FHIR R4 is its own answer, byte for byte; any other resource of FHIR R4 becomes the one entry of a
//! Bundle. Of other formats each entry of the Chart becomes a resource. Nothing is guessed: a code that FHIR needs
//! and the source does not give is said to be absent (`data-absent-reason`), a fact that FHIR could only say with
//! another meaning is left out and reported.

mod concepts;
mod groups;
mod json;
mod parts;
mod resources;
mod values;

use std::collections::HashSet;

use serde::{Serialize, Serializer, ser::SerializeStruct};
use sha2::{Digest, Sha256};

use super::Record;
use crate::error::Result;
use crate::formats::Format;
use crate::formats::field::EntryKind;
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};
use crate::text::Span;
use json::{Json, Object};
use parts::Parts;

/// Who is named as the agent of the Provenance: the program, which is no person's.
const AGENT: &str = "Chartkeeper";

/// A record as a FHIR R4 Bundle. Serialised, `output` is text.
#[derive(Clone)]
pub struct FhirCopy {
    /// The Bundle, in UTF-8.
    pub output: Vec<u8>,
    /// Where in the source each resource comes from, in the order of the Bundle.
    pub origins: Vec<Origin>,
    /// What of the source the Bundle does not carry, in source order.
    pub losses: Vec<Loss>,
}

/// The place that a resource of the Bundle comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The resource: its `fullUrl` in the Bundle, else its path there.
    pub resource: String,
    /// Native path of the entry in the source.
    pub path: String,
    /// Bytes of the entry in the source.
    pub span: Span,
}

/// A part of the source that the Bundle does not carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// Native path; everything below it is lost as well.
    pub path: String,
    /// Bytes of the source.
    pub span: Span,
    /// Stable code: `unrecognised` (no data map knows it), `not_charted` (the Chart has no field for it),
    /// `narrative` (formatted text that repeats the entries), `not_written` (a field that this resource is not given),
    /// `no_resource` (no resource is written for entries of this kind), `negation` (it says that something is not so,
    /// which the resource cannot say), `link` (that one entry points to another).
    pub why: &'static str,
}

impl Serialize for FhirCopy {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("FhirCopy", 3)?;
        record.serialize_field("output", &String::from_utf8_lossy(&self.output))?;
        record.serialize_field("origins", &self.origins)?;
        record.serialize_field("losses", &self.losses)?;
        record.end()
    }
}

impl std::fmt::Debug for FhirCopy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FhirCopy")
            .field("output", &self.output.len())
            .field("origins", &self.origins.len())
            .field("losses", &self.losses.len())
            .finish()
    }
}

impl Record {
    /// The record as a FHIR R4 Bundle of type `collection`, with the losses.
    ///
    /// ```
    /// use chartkeeper::Record;
    /// let source = r#"<recordTarget xmlns="urn:hl7-org:v3"><patientRole><patient>
    ///   <name><given>Jo</given><family>Doe</family></name><birthTime value="195001"/></patient></patientRole></recordTarget>"#;
    /// let copy = Record::parse(source, None)?.to_fhir()?;
    /// let bundle = Record::parse(copy.output, None)?;
    /// let birth = bundle.locate("Bundle.entry[0].resource.birthDate")?;
    /// assert_eq!(bundle.text(birth).as_deref(), Some("1950-01"));
    /// assert!(copy.losses.is_empty());
    /// # Ok::<(), chartkeeper::Error>(())
    /// ```
    ///
    /// # Errors
    /// None today; a format without a Chart would be one.
    pub fn to_fhir(&self) -> Result<FhirCopy> {
        if self.format() == Format::FhirR4Json {
            return Ok(as_it_is(self));
        }
        Ok(Writer::new(self).run())
    }
}

/// FHIR R4 itself.
fn as_it_is(record: &Record) -> FhirCopy {
    let root = record.chart().entries().next();
    let whole = record.tree().node(NodeId::ROOT).span();
    let bundle = root.is_some_and(|entry| entry.kind() == EntryKind::Bundle);
    let path = record.path(NodeId::ROOT);
    let (output, resource) = if bundle {
        (record.source().to_vec(), path.clone())
    } else {
        let before: &[u8] = br#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":"#;
        ([before, record.raw(NodeId::ROOT), b"}]}"].concat(), "Bundle.entry[0].resource".to_owned())
    };
    FhirCopy { output, origins: vec![Origin { resource, path, span: whole }], losses: Vec::new() }
}

/// The work in hand.
struct Writer<'r> {
    record: &'r Record,
    parts: Parts<'r>,
    /// The SHA-256 of the source.
    digest: String,
}

impl<'r> Writer<'r> {
    fn new(record: &'r Record) -> Self {
        let digest: String =
            Sha256::digest(record.source()).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { record, parts: Parts::of(record, &digest), digest }
    }

    fn run(mut self) -> FhirCopy {
        let record = self.record;
        let mut paths = record.paths();
        let (mut bundled, mut origins, mut targets) = (Vec::new(), Vec::new(), Vec::new());
        for index in 0..self.parts.entries.len() {
            let Some(entry) = self.parts.entries.get(index).copied() else { continue };
            let Some(resource) = resources::write(&mut self.parts, index) else { continue };
            let Some(url) = self.parts.url(index) else { continue };
            let span = record.tree().node(entry.node()).span();
            let path = paths.of(entry.node()).to_owned();
            let mut holder = Object::default();
            holder.put("fullUrl", url.as_str());
            holder.put("resource", self.with_source(resource, span));
            bundled.push(holder.into());
            let mut target = Object::default();
            target.put("reference", url.as_str());
            targets.push(Json::Object(target));
            origins.push(Origin { resource: url, path, span });
        }
        if !targets.is_empty() {
            bundled.push(self.provenance(targets).into());
        }
        let mut bundle = Object::default();
        bundle.put("resourceType", "Bundle");
        bundle.put("type", "collection");
        bundle.put_list("entry", bundled);
        let mut output = Vec::new();
        Json::Object(bundle).write(&mut output);
        FhirCopy { output, origins, losses: self.losses() }
    }

    /// The resource with `meta.source`: the fingerprint of the source, and the bytes in it.
    fn with_source(&self, (ty, body): (&'static str, Object), span: Span) -> Object {
        let mut meta = Object::default();
        meta.put("source", format!("urn:sha256:{}#bytes={}-{}", self.digest, span.start, span.end));
        let mut out = Object::default();
        out.put("resourceType", ty);
        out.put("meta", meta);
        out.append(body);
        out
    }

    /// Who made the resources of what. When is not known here, and the resource says so.
    fn provenance(&self, targets: Vec<Json>) -> Object {
        let mut what = Object::default();
        let mut identifier = Object::default();
        identifier.put("system", "urn:ietf:rfc:3986");
        identifier.put("value", format!("urn:sha256:{}", self.digest));
        what.put("identifier", identifier);
        let mut entity = Object::default();
        entity.put("role", "source");
        entity.put("what", what);
        let mut who = Object::default();
        who.put("display", AGENT);
        let mut agent = Object::default();
        agent.put("who", who);
        let mut body = Object::default();
        body.put("resourceType", "Provenance");
        body.put("target", targets);
        body.put("_recorded", values::absent("unknown"));
        body.put("agent", vec![Json::Object(agent)]);
        body.put("entity", vec![Json::Object(entity)]);
        let mut holder = Object::default();
        holder.put("fullUrl", parts::uuid(&self.digest, usize::MAX));
        holder.put("resource", body);
        holder
    }

    /// What no resource took: the outermost nodes that hold nothing which one took.
    fn losses(&self) -> Vec<Loss> {
        let (record, tree) = (self.record, self.record.tree());
        let mut taken = vec![false; tree.len()];
        for node in &self.parts.used {
            let mut at = Some(*node);
            while let Some(id) = at
                && let Some(slot) = taken.get_mut(id.index())
                && !std::mem::replace(slot, true)
            {
                at = tree.parent(id);
            }
        }
        let fields: HashSet<NodeId> =
            record.chart().entries().flat_map(|entry| entry.fields().map(|(_, node)| node)).collect();
        let (mut paths, mut out) = (record.paths(), Vec::new());
        let (mut at, end) = (NodeId::ROOT, tree.next(NodeId::ROOT));
        while at < end {
            if taken.get(at.index()).copied().unwrap_or_default() {
                at = NodeId(at.0 + 1);
                continue;
            }
            if let Some(why) = self.why(at, &fields) {
                out.push(Loss { path: paths.of(at).to_owned(), span: tree.node(at).span(), why });
            }
            at = tree.next(at);
        }
        out.extend(self.parts.links_left().into_iter().map(|node| Loss {
            path: paths.of(node).to_owned(),
            span: tree.node(node).span(),
            why: "link",
        }));
        out.sort_by_key(|loss| (loss.span.start, loss.span.end));
        out
    }

    /// Why a node was not taken; none where it holds only names of the format.
    fn why(&self, at: NodeId, fields: &HashSet<NodeId>) -> Option<&'static str> {
        let tree = self.record.tree();
        let refused = &self.parts.refused;
        let next = refused.partition_point(|(entry, _)| *entry < at);
        if let Some((_, why)) = refused.get(next).filter(|(entry, _)| tree.is_within(*entry, at)) {
            return Some(why);
        }
        let mut outer = Some(at);
        while let Some(holder) = outer {
            if let Ok(found) = refused.binary_search_by_key(&holder, |(entry, _)| *entry) {
                return refused.get(found).map(|(_, why)| *why);
            }
            outer = tree.parent(holder);
        }
        let mut told: Option<&'static str> = None;
        for id in std::iter::once(at).chain(tree.descendants(at)) {
            let node = tree.node(id);
            let leaf =
                matches!(node.kind(), Kind::Text | Kind::Number | Kind::Flag) && !node.span().is_empty();
            let why = match node.label() {
                Label::Technical | Label::CodeSystem => continue,
                _ if !leaf => continue,
                Label::Unrecognised => "unrecognised",
                Label::Narrative => "narrative",
                _ if fields.contains(&id) => "not_written",
                _ => "not_charted",
            };
            // A charted field that was left out says more than a part that has no field.
            if told.is_none() || why == "not_written" {
                told = Some(why);
            }
        }
        told
    }
}
