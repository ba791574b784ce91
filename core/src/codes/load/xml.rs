//! XML as a tree of elements, for files that are small enough to hold; every element with its line.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::refuse;
use crate::error::Result;

/// The deepest that a published file nests is below twenty.
const DEEPEST: usize = 64;

/// One element: name, attributes, its own text (spaces run together), the elements in it.
#[derive(Debug, Default)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
    /// Its own text, without that of the elements in it.
    pub text: String,
    /// The elements in it.
    pub children: Vec<Element>,
    /// The line on which it begins, counted from 1.
    pub line: usize,
}

impl Element {
    /// The elements of a name directly in it.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element of a name directly in it.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first element of a name.
    ///
    /// # Errors
    /// `source_malformed` with the line where there is none, or it is empty.
    pub fn text_of(&self, name: &str) -> Result<&str> {
        let found = self.first(name).filter(|child| !child.text.is_empty());
        found
            .map(|child| child.text.as_str())
            .ok_or_else(|| refuse(self.line, "an element without the text that it must have"))
    }

    /// An attribute.
    ///
    /// # Errors
    /// `source_malformed` with the line where there is none.
    pub fn attribute(&self, name: &str) -> Result<&str> {
        let found = self.attributes.get(name).map(String::as_str);
        found.ok_or_else(|| refuse(self.line, "an element without the attribute that it must have"))
    }

    /// Calls `each` with this element and all below it.
    pub fn walk<'a>(&'a self, each: &mut impl FnMut(&'a Self)) {
        each(self);
        self.children.iter().for_each(|child| child.walk(each));
    }

    fn push_text(&mut self, text: &str) {
        for word in text.split_whitespace() {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
    }
}

/// The character that a reference names: `amp`, `#233`, `#xE9`.
pub(super) fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        other => {
            let number = other.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

fn open(start: &BytesStart<'_>, line: usize) -> Result<Element> {
    let mut element = Element { name: start.name().as_ref().to_owned(), line, ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| refuse(line, "an attribute that is none"))?;
        let value = attribute.value;
        let value = match value.contains('&') {
            false => value.into_owned(),
            true => replaced(&value).ok_or_else(|| refuse(line, "a reference that is not known here"))?,
        };
        element.attributes.insert(attribute.key.as_ref().to_owned(), value);
    }
    Ok(element)
}

/// A text with its references replaced.
fn replaced(text: &str) -> Option<String> {
    let mut parts = text.split('&');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';')?;
        out.push(entity(name)?);
        out.push_str(rest);
    }
    Some(out)
}

/// Reads a document. Entities other than the five of XML, CDATA and a DOCTYPE are refused.
///
/// # Errors
/// `source_malformed` with the line where the XML is not well formed, ends too soon, or nests too deep.
pub fn parse(source: &str) -> Result<Element> {
    let mut reader = Reader::from_str(source);
    let mut stack = vec![Element::default()];
    let mut pending = String::new();
    let (mut line, mut counted) = (1, 0);
    loop {
        let before = line;
        let event = reader.read_event();
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(source.len());
        let passed = source.as_bytes().get(counted..at).unwrap_or_default();
        line += passed.iter().filter(|byte| **byte == b'\n').count();
        counted = at;
        let event = event.map_err(|_| refuse(line, "the XML is not well formed"))?;
        match &event {
            Event::Text(text) => pending.push_str(text),
            Event::GeneralRef(name) => {
                pending.push(entity(name).ok_or_else(|| refuse(line, "a reference that is not known here"))?);
                continue;
            }
            Event::CData(_) | Event::DocType(_) => {
                return Err(refuse(line, "CDATA or a DOCTYPE is not known here"));
            }
            _ => {
                if let Some(top) = stack.last_mut() {
                    top.push_text(&pending);
                }
                pending.clear();
            }
        }
        let outside = || refuse(line, "the XML is not well formed");
        match event {
            Event::Start(start) if stack.len() < DEEPEST => stack.push(open(&start, before)?),
            Event::Start(_) => return Err(refuse(line, "the XML nests too deep")),
            Event::Empty(start) => {
                let element = open(&start, before)?;
                stack.last_mut().ok_or_else(outside)?.children.push(element);
            }
            Event::End(_) => {
                let element = stack.pop().ok_or_else(outside)?;
                stack.last_mut().ok_or_else(outside)?.children.push(element);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let mut top = stack.pop().unwrap_or_default();
    if !stack.is_empty() {
        return Err(refuse(line, "the XML ends before its root does"));
    }
    top.children.pop().ok_or_else(|| refuse(line, "the file holds no element"))
}
