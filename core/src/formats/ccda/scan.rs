//! XML to a span tree: elements, attributes and texts, each with its bytes. Nothing outside of the source is ever
//! read, and the only entities are the five that XML itself defines.
//!
//! How a node stands in the source follows from its bytes, see [`super::form::Form`]: an element that has nothing but text is
//! one leaf; any other element is an object of its attributes, texts and elements. Comments and processing
//! instructions are leaves, because what a person wrote in one must not outlive a de-identification. The root stands
//! for the whole document, what comes before and after its element included. Declarations of namespaces that the
//! format knows, white space between elements and the XML declaration are bytes that no node owns.

use memchr::{memchr, memchr2, memchr3, memmem};

use super::characters::{encoding, forbidden, reference};
use super::form::{Declaration, Form, Namespace, is_space, name_len};
use crate::error::{Error, ErrorCode, Result, codes};
use crate::formats::tree::{Kind, Node, Tree};

/// The most attributes of one element: their names are compared pair by pair.
const ATTRIBUTES: usize = 64;

/// A scanned source.
pub(super) struct Scanned {
    pub(super) tree: Tree,
    pub(super) declarations: Vec<Declaration>,
    /// Where the root element begins; its node begins where the document does.
    pub(super) root: u32,
}

/// Scans one XML document that must fill `source` from byte `from` on.
///
/// # Errors
/// `empty_input`, `too_large`, `too_deep`, `invalid_utf8`, `unsupported_encoding`, `truncated`, `invalid_xml`,
/// `mismatched_tag`, `doctype_refused`, `trailing_data`; each with the byte offset, and the path where it is inside
/// the root.
pub(super) fn scan(source: &[u8], from: usize, max_depth: usize) -> Result<Scanned> {
    if u32::try_from(source.len()).is_err() {
        return Err(Error::new(&codes::TOO_LARGE).note("limit 4294967295 bytes"));
    }
    let text = source.get(from..).unwrap_or_default();
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return Err(Error::new(&codes::UNSUPPORTED_ENCODING).at_offset(from).note("UTF-16"));
    }
    if text.iter().all(|byte| is_space(*byte)) {
        return Err(Error::new(&codes::EMPTY_INPUT).at_offset(from));
    }
    encoding(text).map_err(|error| error.moved(from))?;
    if let Err(error) = std::str::from_utf8(text) {
        return Err(Error::new(&codes::INVALID_UTF8).at_offset(from + error.valid_up_to()));
    }
    if let Some(at) = forbidden(text) {
        return Err(Error::new(&codes::INVALID_XML).at_offset(from + at).note("a control character"));
    }
    let mut scanner = Scanner {
        source,
        at: from,
        nodes: Vec::with_capacity(text.len() / 40 + 8),
        declarations: Vec::new(),
        open: Vec::new(),
        names: Vec::new(),
        max_depth,
        root: None,
    };
    match scanner.document(from) {
        Ok(root) => {
            let mut nodes = scanner.nodes;
            if nodes.capacity() > nodes.len() + nodes.len() / 8 {
                nodes.shrink_to_fit();
            }
            Ok(Scanned { tree: Tree::of(nodes), declarations: scanner.declarations, root })
        }
        Err((code, at, note)) => {
            let error = Error::new(code).at_offset(at);
            let error = if note.is_empty() { error } else { error.note(note) };
            let path = scanner.path();
            Err(if path.is_empty() { error } else { error.in_path(path) })
        }
    }
}

/// What went wrong, at which byte, and a note.
type Fault = (&'static ErrorCode, usize, &'static str);
type Step<T> = std::result::Result<T, Fault>;

/// An element whose end tag has not come yet.
struct Open {
    node: u32,
    name: (u32, u32),
    /// It has neither attributes nor declarations.
    bare: bool,
}

struct Scanner<'s> {
    source: &'s [u8],
    at: usize,
    nodes: Vec<Node>,
    declarations: Vec<Declaration>,
    open: Vec<Open>,
    /// The attribute names of the element in hand.
    names: Vec<&'s [u8]>,
    max_depth: usize,
    root: Option<u32>,
}

impl<'s> Scanner<'s> {
    #[inline]
    fn rest(&self) -> &'s [u8] {
        self.source.get(self.at..).unwrap_or_default()
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.source.get(self.at).copied()
    }

    fn cut_off<T>(&self) -> Step<T> {
        Err((&codes::TRUNCATED, self.source.len(), ""))
    }

    fn invalid<T>(&self, at: usize, note: &'static str) -> Step<T> {
        Err((&codes::INVALID_XML, at, note))
    }

    #[inline]
    fn skip_space(&mut self) -> bool {
        let from = self.at;
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
        self.at > from
    }

    /// The document; where its root element begins comes back.
    fn document(&mut self, from: usize) -> Step<u32> {
        self.nodes.push(Node {
            lead: from as u32,
            start: from as u32,
            end: self.source.len() as u32,
            kind: Kind::Object,
            ..Node::default()
        });
        if self.rest().starts_with(b"<?xml") && self.source.get(from + 5).copied().is_some_and(is_space) {
            self.at = self.find(b"?>", from)?;
        }
        while self.root.is_none() || !self.open.is_empty() {
            if self.open.is_empty() {
                self.skip_space();
            }
            match self.peek() {
                None => return self.cut_off(),
                Some(b'<') => self.markup()?,
                Some(_) if self.open.is_empty() => return self.invalid(self.at, "text before the root"),
                Some(_) => self.text()?,
            }
        }
        loop {
            self.skip_space();
            match self.rest() {
                [] => break,
                [b'<', b'!', b'-', b'-', ..] | [b'<', b'?', ..] => self.markup()?,
                _ => return Err((&codes::TRAILING_DATA, self.at, "")),
            }
        }
        let next = self.nodes.len() as u32;
        if let Some(root) = self.nodes.first_mut() {
            root.next = next;
        }
        self.root.ok_or((&codes::TRUNCATED, self.source.len(), ""))
    }

    /// Where what ends with `mark` is over.
    fn find(&self, mark: &[u8], from: usize) -> Step<usize> {
        let rest = self.source.get(from..).unwrap_or_default();
        match memmem::find(rest, mark) {
            Some(at) => Ok(from + at + mark.len()),
            None => self.cut_off(),
        }
    }

    #[inline]
    fn markup(&mut self) -> Step<()> {
        match self.source.get(self.at + 1).copied() {
            Some(b'/') => self.end_tag(),
            Some(b'!') => self.exclamation(),
            Some(b'?') => {
                let end = self.find(b"?>", self.at + 2)?;
                if self.rest().get(2..5).is_some_and(|target| target.eq_ignore_ascii_case(b"xml"))
                    && self.source.get(self.at + 5).copied().is_some_and(is_space)
                {
                    return self.invalid(self.at, "an XML declaration that is not at the beginning");
                }
                self.leaf(self.at, self.at, end);
                self.at = end;
                Ok(())
            }
            Some(_) => self.start_tag(),
            None => self.cut_off(),
        }
    }

    #[cold]
    fn exclamation(&mut self) -> Step<()> {
        let rest = self.rest();
        if rest.starts_with(b"<!--") {
            let end = self.find(b"--", self.at + 4)?;
            match self.source.get(end) {
                Some(b'>') => {}
                Some(_) => return self.invalid(end, "two hyphens in a comment"),
                None => return self.cut_off(),
            }
            self.leaf(self.at, self.at, end + 1);
            self.at = end + 1;
            Ok(())
        } else if rest.starts_with(b"<![CDATA[") && !self.open.is_empty() {
            self.text()
        } else if rest.get(2..9).is_some_and(|word| word.eq_ignore_ascii_case(b"DOCTYPE")) {
            Err((&codes::DOCTYPE_REFUSED, self.at, ""))
        } else if rest.len() < 9 {
            self.cut_off()
        } else {
            self.invalid(self.at, "markup that no document may hold")
        }
    }

    /// The parent of what comes next.
    #[inline]
    fn parent(&self) -> u32 {
        self.open.last().map_or(0, |open| open.node)
    }

    fn leaf(&mut self, lead: usize, start: usize, end: usize) {
        let (parent, next) = (self.parent(), self.nodes.len() as u32 + 1);
        self.nodes.push(Node {
            lead: lead as u32,
            start: start as u32,
            end: end as u32,
            next,
            parent,
            kind: Kind::Text,
            ..Node::default()
        });
    }

    /// Character data and CDATA sections up to the next tag, comment or instruction: one text without the white
    /// space around it, none where there is nothing else.
    #[inline]
    fn text(&mut self) -> Step<()> {
        let start = self.at;
        let mut end = start;
        loop {
            let rest = self.rest();
            let Some(tag) = memchr(b'<', rest) else { return self.cut_off() };
            let data = rest.get(..tag).unwrap_or_default();
            if memchr2(b'&', b']', data).is_some() {
                self.references(data, self.at)?;
            }
            if let Some(last) = data.iter().rposition(|byte| !is_space(*byte)) {
                end = self.at + last + 1;
            }
            self.at += tag;
            if self.source.get(self.at + 1) != Some(&b'!') || !self.rest().starts_with(b"<![CDATA[") {
                break;
            }
            self.at = self.find(b"]]>", self.at + 9)?;
            end = self.at;
        }
        if end > start {
            let run = self.source.get(start..end).unwrap_or_default();
            let begin = start + run.iter().position(|byte| !is_space(*byte)).unwrap_or_default();
            self.leaf(begin, begin, end);
        }
        Ok(())
    }

    /// Checks the references in character data or an attribute's value.
    #[cold]
    fn references(&self, data: &[u8], at: usize) -> Step<()> {
        let mut from = 0;
        while let Some(found) = data.get(from..).and_then(|rest| memchr(b'&', rest)) {
            let begin = from + found;
            let rest = data.get(begin + 1..).unwrap_or_default();
            let name = memchr(b';', rest).and_then(|end| rest.get(..end)).unwrap_or_default();
            if reference(name).is_none() {
                return self
                    .invalid(at + begin, "only the five predefined entities and characters are known");
            }
            from = begin + 1 + name.len();
        }
        match memmem::find(data, b"]]>") {
            Some(end) => self.invalid(at + end, "the end of a CDATA section that did not begin"),
            None => Ok(()),
        }
    }

    fn start_tag(&mut self) -> Step<()> {
        let lead = self.at;
        self.at += 1;
        let name = self.name()?;
        if self.open.len() >= self.max_depth {
            return Err((&codes::TOO_DEEP, lead, ""));
        }
        let node = if self.root.is_none() {
            self.root = Some(lead as u32);
            0
        } else {
            let (index, parent) = (self.nodes.len() as u32, self.parent());
            self.nodes.push(Node {
                lead: lead as u32,
                start: lead as u32,
                parent,
                kind: Kind::Object,
                ..Node::default()
            });
            index
        };
        self.open.push(Open { node, name: ((lead + 1) as u32, (lead + 1 + name) as u32), bare: true });
        loop {
            let spaced = self.skip_space();
            match self.peek() {
                Some(b'>') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'/') => {
                    if self.source.get(self.at + 1) != Some(&b'>') {
                        return match self.source.get(self.at + 1) {
                            Some(_) => self.invalid(self.at, "a slash inside a tag"),
                            None => self.cut_off(),
                        };
                    }
                    self.at += 2;
                    self.close();
                    return Ok(());
                }
                Some(_) if spaced => self.attribute(node)?,
                Some(_) => return self.invalid(self.at, "a tag that goes on without white space"),
                None => return self.cut_off(),
            }
        }
    }

    /// A name; its length comes back.
    #[inline]
    fn name(&mut self) -> Step<usize> {
        let rest = self.rest();
        let len = name_len(rest);
        let starts = rest.first().is_some_and(|byte| !matches!(byte, b'0'..=b'9' | b'-' | b'.' | b':'));
        if len == rest.len() {
            return self.cut_off();
        }
        if len == 0 || !starts {
            return self.invalid(self.at, "a name is missing");
        }
        self.at += len;
        Ok(len)
    }

    #[inline]
    fn attribute(&mut self, node: u32) -> Step<()> {
        let lead = self.at;
        let len = self.name()?;
        self.skip_space();
        if self.peek() != Some(b'=') {
            return match self.peek() {
                Some(_) => self.invalid(self.at, "an attribute without a value"),
                None => self.cut_off(),
            };
        }
        self.at += 1;
        self.skip_space();
        let quote = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => quote,
            Some(_) => return self.invalid(self.at, "an attribute's value without quotes"),
            None => return self.cut_off(),
        };
        self.at += 1;
        let start = self.at;
        loop {
            match memchr3(quote, b'<', b'&', self.rest()) {
                Some(found) => self.at += found,
                None => return self.cut_off(),
            }
            match self.peek() {
                Some(b'<') => return self.invalid(self.at, "a tag inside an attribute's value"),
                Some(b'&') => {
                    let rest = self.source.get(self.at + 1..).unwrap_or_default();
                    let end = rest.iter().take(12).position(|byte| *byte == b';').unwrap_or_default();
                    if reference(rest.get(..end).unwrap_or_default()).is_none() {
                        return self
                            .invalid(self.at, "only the five predefined entities and characters are known");
                    }
                    self.at += end + 1;
                }
                _ => break,
            }
        }
        let end = self.at;
        self.at += 1;
        let name = self.source.get(lead..lead + len).unwrap_or_default();
        self.unique(name, lead)?;
        if let Some(open) = self.open.last_mut() {
            open.bare = false;
        }
        let prefix = match name {
            b"xmlns" => Some((0, 0)),
            _ if name.starts_with(b"xmlns:") => Some(((lead + 6) as u32, (lead + len) as u32)),
            _ => None,
        };
        if let Some(prefix) = prefix {
            let namespace = Namespace::of(self.source.get(start..end).unwrap_or_default());
            self.declarations.push(Declaration { node, prefix, namespace });
            if namespace != Namespace::Foreign {
                return Ok(());
            }
        }
        self.leaf(lead, start, end);
        Ok(())
    }

    /// Refuses a second attribute of the same name.
    #[inline]
    fn unique(&mut self, name: &'s [u8], at: usize) -> Step<()> {
        if self.open.last().is_some_and(|open| open.bare) {
            self.names.clear();
        }
        if self.names.contains(&name) {
            return self.invalid(at, "an attribute that stands twice");
        }
        if self.names.len() == ATTRIBUTES {
            return Err((&codes::TOO_LARGE, at, "limit 64 attributes of one element"));
        }
        self.names.push(name);
        Ok(())
    }

    fn end_tag(&mut self) -> Step<()> {
        let lead = self.at;
        self.at += 2;
        let Some(open) = self.open.last() else {
            return Err((&codes::MISMATCHED_TAG, lead, ""));
        };
        let name = self.source.get(open.name.0 as usize..open.name.1 as usize).unwrap_or_default();
        let rest = self.rest();
        if !rest.starts_with(name) {
            return if name.starts_with(rest) {
                self.cut_off()
            } else {
                Err((&codes::MISMATCHED_TAG, lead, ""))
            };
        }
        self.at += name.len();
        self.skip_space();
        match self.peek() {
            Some(b'>') => {
                self.at += 1;
                self.close();
                Ok(())
            }
            Some(_) => Err((&codes::MISMATCHED_TAG, lead, "")),
            None => self.cut_off(),
        }
    }

    /// Ends the innermost element; the scanner stands after it.
    #[inline]
    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let index = open.node as usize;
        if index == 0 {
            return;
        }
        // An element that has nothing but one text is that text.
        if open.bare && self.nodes.len() == index + 2 {
            let only = self.nodes.last().copied().unwrap_or_default();
            if Form::of(self.source, &only) == Form::Run {
                self.nodes.pop();
                if let Some(node) = self.nodes.last_mut() {
                    (node.start, node.end, node.kind) = (only.start, only.end, Kind::Text);
                    node.next = index as u32 + 1;
                }
                return;
            }
        }
        let next = self.nodes.len() as u32;
        if let Some(node) = self.nodes.get_mut(index) {
            node.end = self.at as u32;
            node.next = next;
        }
    }

    /// The path of the element that is open, in names that the format defines.
    fn path(&self) -> String {
        let names: Vec<&str> = self
            .open
            .iter()
            .map(|open| self.source.get(open.name.0 as usize..open.name.1 as usize).unwrap_or_default())
            .map(|name| super::map::known_name(name).unwrap_or("?"))
            .collect();
        names.join("/")
    }
}
