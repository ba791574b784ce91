//! The seam between engines and formats: what every format answers about a source that it has read.
//!
//! A format reads bytes into a labelled tree ([`Reading`]) and stays with the record as its [`Dialect`]. Engines read
//! labels and fields, and ask the dialect where the answer depends on how the format writes things: the text of a
//! leaf, the name of a place, what a removal takes with it, what stands where something is withheld.

use std::borrow::Cow;
use std::sync::Arc;

use super::edit::{Edits, Emptied};
use super::field::{EntryKind, Field};
use super::label::Label;
use super::segment::{self, Segment};
use super::tree::{ElementId, Kind, NodeId, Tree};
use super::{Irregularity, json};
use crate::text::{PartialDate, Span};

/// One entry of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryHead {
    /// The node of the whole entry.
    pub node: NodeId,
    /// What it is.
    pub kind: EntryKind,
    /// The element that stands for its type; none where the type is unknown.
    pub ty: ElementId,
}

/// A source as a format has read it.
#[derive(Clone)]
pub struct Reading {
    /// Every node with its label.
    pub tree: Tree,
    /// The entries in source order; one comes before those that it contains. One whose type is unknown is among
    /// them; what is inside of that one is not.
    pub entries: Vec<EntryHead>,
    /// What the format does not know or allow.
    pub irregularities: Vec<Irregularity>,
    /// Who answers about this source.
    pub dialect: Arc<dyn Dialect>,
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading")
            .field("tree", &self.tree)
            .field("entries", &self.entries.len())
            .finish_non_exhaustive()
    }
}

/// What a dialect looks at.
#[derive(Clone, Copy)]
pub struct Parsed<'a> {
    /// The bytes.
    pub source: &'a [u8],
    /// Their nodes.
    pub tree: &'a Tree,
    /// Their entries.
    pub entries: &'a [EntryHead],
}

impl std::fmt::Debug for Parsed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parsed")
            .field("bytes", &self.source.len())
            .field("tree", self.tree)
            .finish_non_exhaustive()
    }
}

impl<'a> Parsed<'a> {
    /// The bytes of a node's value.
    #[must_use]
    pub fn raw(&self, id: NodeId) -> &'a [u8] {
        self.tree.node(id).span().of(self.source).unwrap_or_default()
    }
}

/// What stays beside a removed child of its container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// A sibling before it.
    Before,
    /// No sibling before it, but one after it.
    After,
    /// None, or the format joins its siblings by nothing.
    Nothing,
}

/// The leaves that belong together as one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CodingParts {
    /// The code.
    pub code: Option<NodeId>,
    /// The code system, where the source writes one.
    pub system: Option<NodeId>,
    /// The text that the source gives for the code.
    pub text: Option<NodeId>,
    /// A number stands beside it: the code is that of a unit.
    pub quantity: bool,
}

impl CodingParts {
    /// The parts among the children of `container`; the last of each label.
    #[must_use]
    pub fn of(tree: &Tree, container: NodeId) -> Self {
        let mut parts = Self::default();
        for id in tree.children(container) {
            let node = tree.node(id);
            match node.label() {
                Label::Code => parts.code = Some(id),
                Label::CodeSystem => parts.system = Some(id),
                Label::CodeText => parts.text = Some(id),
                Label::Value | Label::Age if node.kind() == Kind::Number => parts.quantity = true,
                _ => {}
            }
        }
        parts
    }
}

/// Renders native paths of ascending nodes in one pass; an earlier node starts the pass again.
pub trait PathRenderer {
    /// The path of the node. Text of the source is never part of it.
    fn of(&mut self, id: NodeId) -> &str;
}

/// Which entry of the same source a pointer leads to.
pub trait References: Send + Sync {
    /// The entry, where it is in the source. `reference` is the node of the pointer or of the text in it.
    fn target(&self, parsed: Parsed<'_>, reference: NodeId) -> Option<NodeId>;
}

/// What a format answers about a source that it has read.
pub trait Dialect: Send + Sync {
    /// The field of the chart that each element is, by the number of the element; none for numbers beyond it.
    fn fields(&self) -> &[Option<Field>];

    /// The format's name for the type of an entry, such as `MedicationRequest` or `OBX`.
    fn type_name(&self, ty: ElementId) -> Option<&'static str>;

    /// Whether the format has entries of this type.
    fn is_entry_type(&self, _name: &str) -> bool {
        false
    }

    /// Whether the entry stands inside another one and has no identity of its own.
    fn is_contained(&self, _parsed: Parsed<'_>, _entry: NodeId) -> bool {
        false
    }

    /// The entry of that kind to which `entry` belongs by its place: where the format has no pointer for it.
    fn belonging(&self, _parsed: Parsed<'_>, _entry: NodeId, _kind: EntryKind) -> Option<NodeId> {
        None
    }

    /// The text of a leaf, without what the format escapes it with; none for containers and a stated nothing.
    fn text<'a>(&self, parsed: Parsed<'a>, id: NodeId) -> Option<Cow<'a, str>>;

    /// Whether equal bytes are equal texts anywhere in the source.
    fn reads_alike(&self) -> bool {
        true
    }

    /// Appends `text` as the format writes it in place of the leaf's value. `false` where the leaf cannot hold it;
    /// then nothing is appended.
    fn encode(&self, parsed: Parsed<'_>, id: NodeId, text: &str, out: &mut Vec<u8>) -> bool;

    /// The name of a member as the source writes it; none for nodes that are known by their place.
    fn name<'a>(&self, _parsed: Parsed<'a>, _id: NodeId) -> Option<Cow<'a, str>> {
        None
    }

    /// The data type of a node as the standard publishes it, such as `HumanName`; none where the format has no such
    /// types.
    fn data_type<'a>(&self, _parsed: Parsed<'a>, _id: NodeId) -> Option<Cow<'a, str>> {
        None
    }

    /// A date, or date and time, of the format's as ISO 8601 writes it; none where the text is no date.
    fn iso_date<'a>(&self, text: Cow<'a, str>) -> Option<Cow<'a, str>> {
        PartialDate::parse(&text).map(|_| text)
    }

    /// A date, or date and time, of the format's: the one that [`Self::iso_date`] writes.
    fn date(&self, text: &str) -> Option<PartialDate> {
        PartialDate::parse(&self.iso_date(text.into())?)
    }

    /// Whether the text is a time of day without a date.
    fn is_time(&self, text: &str) -> bool {
        PartialDate::parse(&format!("2000-01-01T{text}")).is_some() && !text.contains(['Z', '+', '-'])
    }

    /// The leaves that make one code together with `leaf`.
    fn coding_parts(&self, parsed: Parsed<'_>, leaf: NodeId) -> CodingParts {
        parsed.tree.parent(leaf).map(|holder| CodingParts::of(parsed.tree, holder)).unwrap_or_default()
    }

    /// Which of the codes in its container `leaf` is a part of, where a container can hold several.
    fn coding_group(&self, _parsed: Parsed<'_>, _leaf: NodeId) -> u32 {
        0
    }

    /// The code system of a code under the name that FHIR gives it, where that is known; else as the source names
    /// it. A format may know the system of a code that stands alone.
    fn system<'a>(&self, parsed: Parsed<'a>, parts: &CodingParts) -> Option<Cow<'a, str>> {
        self.text(parsed, parts.system?)
    }

    /// A renderer of native paths.
    fn paths<'a>(&'a self, parsed: Parsed<'a>) -> Box<dyn PathRenderer + 'a>;

    /// The node at a native path.
    ///
    /// # Errors
    /// How many steps of the path exist.
    fn locate(&self, parsed: Parsed<'_>, path: &str) -> Result<NodeId, usize>;

    /// Whether the children of a container are joined by separators, of which a removal takes one.
    fn joins(&self, _parsed: Parsed<'_>, _container: NodeId) -> bool {
        false
    }

    /// The bytes that go with a removed node.
    fn cut(&self, parsed: Parsed<'_>, id: NodeId, _beside: Beside) -> Span {
        parsed.tree.node(id).member_span()
    }

    /// What becomes of a container whose content was removed.
    fn emptied(&self, parsed: Parsed<'_>, id: NodeId) -> Emptied;

    /// Removes a node, or puts a statement that it is withheld in its place where its container must have one.
    /// Comes back with whether such a statement stands there.
    fn withhold(&self, edits: &mut Edits<'_>, id: NodeId) -> bool;

    /// Puts the statement that a value is withheld in place of the node's value.
    fn mask(&self, edits: &mut Edits<'_>, id: NodeId);

    /// Whether its container must have the node.
    fn is_required(&self, _parsed: Parsed<'_>, _id: NodeId) -> bool {
        false
    }

    /// Whether the format has nodes that hold what is said about a value beside them: [`Self::partner_of`].
    fn has_partners(&self) -> bool {
        false
    }

    /// Whether the node holds what is said about the value beside it, apart from it: then the node of that value,
    /// where the source has one.
    fn partner_of(&self, _parsed: Parsed<'_>, _id: NodeId) -> Option<Option<NodeId>> {
        None
    }

    /// Whether a stated nothing only marks a position, so that it goes with what the position was kept for.
    fn null_is_position(&self) -> bool {
        false
    }

    /// The parts that can be withheld each by itself, in source order.
    fn segments(&self, parsed: Parsed<'_>) -> Vec<Segment> {
        segment::of_entries(parsed)
    }

    /// The pointers of the source; none where the format has none.
    fn references(&self, _parsed: Parsed<'_>) -> Option<Box<dyn References>> {
        None
    }
}

/// The bytes that go with a removed value of JSON: one comma, and the white space on its side.
pub(crate) fn json_cut(parsed: Parsed<'_>, id: NodeId, beside: Beside) -> Span {
    let node = parsed.tree.node(id);
    match beside {
        Beside::Before => {
            Span::new(json::separator_start(parsed.source, node.lead as usize), node.end as usize)
        }
        Beside::After => Span::new(node.lead as usize, parsed.tree.node(parsed.tree.next(id)).lead as usize),
        Beside::Nothing => node.member_span(),
    }
}
