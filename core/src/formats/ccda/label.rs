//! The labelling pass: one walk over the span tree that gives every node its element of the data map, its label and
//! whose it is. What the map does not know keeps the label that the scanner gave it: unrecognised.

use std::borrow::Cow;

use memchr::memchr;

use super::characters::decode;
use super::form::{Declaration, Form, Namespace, name_len};
use super::scan::Scanned;
use super::siblings;
use crate::error::{Error, Result, codes};
use crate::formats::Irregularity;
use crate::formats::dialect::EntryHead;
use crate::formats::fhir::map::{DataMap, Element, Role, TypeId};
use crate::formats::label::Label;
use crate::formats::tree::{ElementId, Kind, Node, NodeId};

/// What labelling found besides the labels.
#[derive(Debug, Default)]
pub(super) struct Labelled {
    pub(super) entries: Vec<EntryHead>,
    pub(super) irregularities: Vec<Irregularity>,
}

/// Labels every node of a scanned source.
///
/// # Errors
/// `not_a_document` where the root is neither a CDA document nor a part of one.
pub(super) fn label(
    map: &'static DataMap<'static>,
    source: &[u8],
    scanned: &mut Scanned,
) -> Result<Labelled> {
    let mut pass = Pass {
        map,
        source,
        nodes: &mut scanned.tree.nodes,
        declarations: &scanned.declarations,
        next: 0,
        scope: Vec::new(),
        default: None,
        told: false,
        encoded: u32::MAX,
        found: Labelled::default(),
    };
    pass.root(scanned.root)?;
    Ok(pass.found)
}

/// The walk in hand.
pub(super) struct Pass<'p> {
    pub(super) map: &'static DataMap<'static>,
    source: &'p [u8],
    nodes: &'p mut [Node],
    declarations: &'p [Declaration],
    /// The declaration that comes next.
    next: usize,
    /// The declarations that hold here, the innermost last.
    scope: Vec<(&'p [u8], Namespace)>,
    /// The namespace of names without a prefix.
    default: Option<Namespace>,
    /// Whether a prefix that is customary but not declared was told.
    told: bool,
    /// The element whose text is in base64.
    encoded: u32,
    found: Labelled,
}

impl<'p> Pass<'p> {
    #[inline]
    pub(super) fn node(&self, at: u32) -> Node {
        self.nodes.get(at as usize).copied().unwrap_or_default()
    }

    #[inline]
    fn mark(&mut self, at: u32, element: ElementId, tag: u8) {
        if let Some(node) = self.nodes.get_mut(at as usize) {
            node.element = element;
            node.tag = tag;
        }
    }

    pub(super) fn relabel(&mut self, at: u32, label: Label) {
        if let Some(node) = self.nodes.get_mut(at as usize) {
            node.set_tag(label, node.whose());
        }
    }

    #[cold]
    fn irregular(&mut self, code: &'static str, at: u32) {
        self.found.irregularities.push(Irregularity { code, node: NodeId(at) });
    }

    /// The name of an element or attribute as it is written.
    #[inline]
    pub(super) fn raw_name(&self, node: Node, skip: usize) -> &'p [u8] {
        let rest = self.source.get(node.lead as usize + skip..).unwrap_or_default();
        rest.get(..name_len(rest)).unwrap_or_default()
    }

    /// The decoded text of a leaf.
    pub(super) fn text(&self, at: u32) -> Cow<'p, str> {
        let node = self.node(at);
        self.source.get(node.start as usize..node.end as usize).and_then(decode).unwrap_or_default()
    }

    fn raw(&self, node: Node) -> &'p [u8] {
        self.source.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    fn root(&mut self, lead: u32) -> Result<()> {
        let refuse = || Error::new(&codes::NOT_A_DOCUMENT).at_offset(lead as usize);
        self.enter(0);
        let name = self.raw_name(Node { lead, ..Node::default() }, 1);
        let key = self.key(name, 0).ok_or_else(refuse)?;
        let (id, element) = self.map.member(DataMap::RESOURCES, &key).ok_or_else(refuse)?;
        if self.default.is_none() && memchr(b':', name).is_none() {
            self.irregular("missing_namespace", 0);
        }
        let tag = element.tag(0);
        self.element(0, id, element, tag);
        Ok(())
    }

    /// Takes up the declarations of an element; how many held before comes back.
    #[inline]
    fn enter(&mut self, at: u32) -> usize {
        let before = self.scope.len();
        while let Some(declaration) = self.declarations.get(self.next)
            && declaration.node <= at
        {
            if declaration.node == at {
                let (start, end) = declaration.prefix;
                let prefix = self.source.get(start as usize..end as usize).unwrap_or_default();
                self.scope.push((prefix, declaration.namespace));
                self.set_default();
            }
            self.next += 1;
        }
        before
    }

    #[inline]
    fn leave(&mut self, before: usize) {
        if self.scope.len() > before {
            self.scope.truncate(before);
            self.set_default();
        }
    }

    #[cold]
    fn set_default(&mut self) {
        self.default = self.scope.iter().rev().find(|(prefix, _)| prefix.is_empty()).map(|(_, known)| *known);
    }

    /// An element's name as the map writes it; none where it is in a namespace that the format does not know.
    #[inline]
    fn key(&mut self, name: &'p [u8], at: u32) -> Option<Cow<'p, [u8]>> {
        match memchr(b':', name) {
            None => match self.default {
                None | Some(Namespace::V3) => Some(Cow::Borrowed(name)),
                Some(Namespace::Sdtc) => Some(Cow::Owned([b"sdtc:", name].concat())),
                Some(_) => None,
            },
            Some(colon) => self.prefixed(name, colon, at),
        }
    }

    fn prefixed(&mut self, name: &'p [u8], colon: usize, at: u32) -> Option<Cow<'p, [u8]>> {
        let (prefix, local) = (name.get(..colon)?, name.get(colon + 1..)?);
        match self.namespace(prefix, at)? {
            Namespace::V3 => Some(Cow::Borrowed(local)),
            Namespace::Sdtc if prefix == b"sdtc" => Some(Cow::Borrowed(name)),
            Namespace::Sdtc => Some(Cow::Owned([b"sdtc:", local].concat())),
            Namespace::Instance if prefix == b"xsi" => Some(Cow::Borrowed(name)),
            Namespace::Instance => Some(Cow::Owned([b"xsi:", local].concat())),
            Namespace::Inert | Namespace::Foreign => None,
        }
    }

    /// What a prefix stands for. The customary ones are understood where a part of a document lacks their
    /// declarations.
    fn namespace(&mut self, prefix: &[u8], at: u32) -> Option<Namespace> {
        let declared = self.scope.iter().rev().find(|(known, _)| *known == prefix).map(|(_, known)| *known);
        if declared.is_some() {
            return declared;
        }
        let customary = match prefix {
            b"sdtc" => Namespace::Sdtc,
            b"xsi" => Namespace::Instance,
            _ => return None,
        };
        if !self.told {
            self.told = true;
            self.irregular("undeclared_prefix", at);
        }
        Some(customary)
    }

    /// An element with all that is in it. `slot` is its place in the map, `tag` what it is.
    fn element(&mut self, at: u32, slot: ElementId, known: Element<'static>, tag: u8) {
        let Some((id, element)) = self.chosen(at, slot, known) else {
            self.mark(at, slot, Label::Unrecognised as u8 | (tag & 0xc0));
            self.irregular("unknown_type", at);
            self.skip(at);
            return;
        };
        let ty = element.ty();
        self.mark(at, id, tag);
        if let Some(kind) = self.map.entry_kind(ty) {
            self.found.entries.push(EntryHead { node: NodeId(at), kind, ty: slot });
        }
        self.members(at, ty, tag);
        match self.map.role(ty) {
            Role::Identifier => siblings::identifier(self, at, ty),
            Role::ContactPoint => siblings::contact_point(self, at),
            _ => {}
        }
    }

    /// The element of the map that says what stands here: where its type depends on an attribute or on a template,
    /// the one that they choose.
    fn chosen(
        &mut self,
        at: u32,
        slot: ElementId,
        known: Element<'static>,
    ) -> Option<(ElementId, Element<'static>)> {
        let ty = known.ty();
        match self.map.role(ty) {
            Role::Choice => match self.instance_type(at) {
                Some(name) => self.map.member(ty, name),
                None => self.map.member(ty, b""),
            },
            Role::Templates => {
                let template = self.templates(at).find_map(|root| self.map.member(ty, root));
                template.or_else(|| self.map.member(ty, b""))
            }
            _ => Some((slot, known)),
        }
    }

    /// The nodes directly in an element.
    fn children(&self, at: u32) -> impl Iterator<Item = (u32, Node)> {
        let end = self.node(at).next;
        let mut child = at + 1;
        std::iter::from_fn(move || {
            let this = child;
            let node = self.node(this);
            child = node.next.max(this + 1);
            (this < end).then_some((this, node))
        })
    }

    /// The name in `xsi:type`, without a prefix.
    fn instance_type(&mut self, at: u32) -> Option<&'p [u8]> {
        let mut found = None;
        for (_, node) in self.children(at) {
            if Form::of(self.source, &node) != Form::Attribute {
                break;
            }
            let name = self.raw_name(node, 0);
            if name.ends_with(b":type") {
                found = Some((name, node));
            }
        }
        let (name, node) = found?;
        let prefix = name.get(..name.len() - b":type".len()).unwrap_or_default();
        if self.namespace(prefix, at) != Some(Namespace::Instance) {
            return None;
        }
        let value = self.raw(node).trim_ascii();
        Some(memchr(b':', value).and_then(|colon| value.get(colon + 1..)).unwrap_or(value))
    }

    /// The roots of an element's template ids.
    fn templates(&self, at: u32) -> impl Iterator<Item = &'p [u8]> {
        self.children(at)
            .filter(|(_, node)| {
                node.kind == Kind::Object && *super::map::plain(self.raw_name(*node, 1)) == *b"templateId"
            })
            .filter_map(|(id, _)| {
                let mut attributes = self.children(id);
                attributes
                    .find(|(_, node)| self.raw_name(*node, 0) == b"root")
                    .map(|(_, node)| self.raw(node))
            })
    }

    /// Passes over the declarations inside an element that is not looked into.
    fn skip(&mut self, at: u32) {
        let end = self.node(at).next;
        while self.declarations.get(self.next).is_some_and(|declaration| declaration.node < end) {
            self.next += 1;
        }
    }

    fn members(&mut self, at: u32, ty: TypeId, tag: u8) {
        let end = self.node(at).next;
        let mut child = at + 1;
        while child < end {
            let node = self.node(child);
            match Form::of(self.source, &node) {
                Form::Element | Form::Simple => self.child(child, node, ty, tag),
                Form::Attribute => self.attribute(at, child, node, ty, tag),
                Form::Run => self.run(at, child, ty, tag),
                Form::Comment => self.mark(child, ElementId::NONE, Label::FreeText as u8 | (tag & 0xc0)),
                Form::Instruction => {}
            }
            child = node.next.max(child + 1);
        }
    }

    #[inline]
    fn child(&mut self, at: u32, node: Node, ty: TypeId, outer: u8) {
        let before = self.enter(at);
        let name = self.raw_name(node, 1);
        let known = self
            .key(name, at)
            .and_then(|key| self.map.member(ty, &key))
            .filter(|(_, element)| element.may_be(Kind::Object));
        match known {
            None => {
                self.irregular("unknown_element", at);
                self.skip(at);
            }
            Some((id, element)) if node.kind == Kind::Object => {
                let tag = element.tag(outer);
                self.element(at, id, element, tag);
            }
            Some((id, element)) => self.simple(at, id, element, outer),
        }
        self.leave(before);
    }

    /// An element that is nothing but text.
    #[inline]
    fn simple(&mut self, at: u32, slot: ElementId, known: Element<'static>, outer: u8) {
        let tag = known.tag(outer);
        if known.label() != Label::Structure {
            self.mark(at, slot, tag);
            return;
        }
        let ty = match self.map.role(known.ty()) {
            Role::Choice | Role::Templates => {
                self.map.member(known.ty(), b"").map(|(_, element)| element.ty())
            }
            _ => Some(known.ty()),
        };
        match ty.and_then(|ty| self.map.member(ty, b"#")) {
            Some((id, text)) => self.mark(at, id, text.tag(tag)),
            None => {
                self.mark(at, slot, Label::Unrecognised as u8 | (tag & 0xc0));
                self.irregular("unexpected_text", at);
            }
        }
    }

    fn run(&mut self, holder: u32, at: u32, ty: TypeId, outer: u8) {
        match self.map.member(ty, b"#") {
            Some((id, text)) => {
                self.mark(at, id, text.tag(outer));
                if self.encoded == holder {
                    self.relabel(at, Label::Attachment);
                }
            }
            None => self.irregular("unexpected_text", at),
        }
    }

    #[inline]
    fn attribute(&mut self, holder: u32, at: u32, node: Node, ty: TypeId, outer: u8) {
        let name = self.raw_name(node, 0);
        let known = if memchr(b':', name).is_some() {
            if name.starts_with(b"xmlns:") {
                self.irregular("foreign_namespace", at);
                return;
            }
            if self.qualified(name, at, outer) {
                return;
            }
            self.key(name, at).and_then(|key| self.map.member(ty, &key))
        } else {
            self.map.member(ty, name)
        };
        let known =
            known.filter(|(_, element)| !element.may_be(Kind::Object)).or_else(|| self.map.member(ty, b"*"));
        let Some((id, element)) = known.filter(|_| name != b"xmlns") else {
            self.irregular("unknown_attribute", at);
            return;
        };
        self.mark(at, id, element.tag(outer));
        let value = self.raw(node);
        if element.may_be(Kind::Number) && is_number(value) {
            self.set_kind(at, Kind::Number);
        } else if element.may_be(Kind::Flag) && matches!(value, b"true" | b"false") {
            self.set_kind(at, Kind::Flag);
        }
        if name == b"representation" && value == b"B64" {
            self.encoded = holder;
        }
    }

    fn set_kind(&mut self, at: u32, kind: Kind) {
        if let Some(node) = self.nodes.get_mut(at as usize) {
            node.kind = kind;
        }
    }

    /// Attributes of XML itself and of schema instances, which every element may have.
    fn qualified(&mut self, name: &'p [u8], at: u32, outer: u8) -> bool {
        let label = match name {
            b"xml:lang" | b"xml:space" => Label::Technical,
            _ => match self.key(name, at).as_deref() {
                Some(b"xsi:type" | b"xsi:nil") => Label::Technical,
                Some(b"xsi:schemaLocation" | b"xsi:noNamespaceSchemaLocation") => Label::Url,
                _ => return false,
            },
        };
        self.mark(at, ElementId::NONE, label as u8 | (outer & 0xc0));
        true
    }
}

/// A number as XML Schema's decimal and double write one.
fn is_number(value: &[u8]) -> bool {
    let shaped = value.iter().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte));
    shaped && std::str::from_utf8(value).is_ok_and(|text| text.parse::<f64>().is_ok())
}
