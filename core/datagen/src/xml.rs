//! XML as a tree of elements, for sources that are small enough to hold.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::Result;

/// One element: name, attributes, its own text (spaces run together), the elements in it.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// The elements of a name directly in it.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element of a name directly in it.
    pub(crate) fn first(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first element of a name, or an error that names both.
    pub(crate) fn text_of(&self, name: &str) -> Result<&str> {
        let found = self.first(name).filter(|child| !child.text.is_empty());
        found.map(|child| child.text.as_str()).ok_or_else(|| format!("a {} without {name}", self.name).into())
    }

    /// Calls `each` with this element and all below it.
    pub(crate) fn walk<'a>(&'a self, each: &mut impl FnMut(&'a Self)) {
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

/// The character of a reference: `#233` or `#xE9`.
fn character(reference: &str) -> Option<char> {
    let number = reference.strip_prefix('#')?;
    let code = match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code)
}

fn open(start: &BytesStart<'_>) -> Result<Element> {
    let mut element = Element { name: start.name().as_ref().to_owned(), ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute?;
        element.attributes.insert(attribute.key.as_ref().to_owned(), attribute.value.into_owned());
    }
    Ok(element)
}

/// Reads a document. Entities other than the five of XML are refused.
pub(crate) fn parse(source: &str) -> Result<Element> {
    let mut reader = Reader::from_str(source);
    let mut stack = vec![Element::default()];
    let mut pending = String::new();
    loop {
        let event = reader.read_event()?;
        match &event {
            Event::Text(text) => pending.push_str(text),
            Event::GeneralRef(name) => pending.push_str(match &**name {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                "apos" => "'",
                other if other.starts_with('#') => {
                    pending.push(character(other).ok_or("a character reference that is none")?);
                    continue;
                }
                other => return Err(format!("the entity {other} is not known here").into()),
            }),
            Event::CData(_) | Event::DocType(_) => return Err("CDATA or DOCTYPE is not known here".into()),
            _ => {
                if let Some(top) = stack.last_mut() {
                    top.push_text(&pending);
                }
                pending.clear();
            }
        }
        match event {
            Event::Start(start) => stack.push(open(&start)?),
            Event::Empty(start) => {
                let element = open(&start)?;
                stack.last_mut().ok_or("an element outside")?.children.push(element);
            }
            Event::End(_) => {
                let element = stack.pop().ok_or("an end without a start")?;
                stack.last_mut().ok_or("an end without a start")?.children.push(element);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let mut top = stack.pop().ok_or("no document")?;
    if !stack.is_empty() {
        return Err("the document ends before its elements do".into());
    }
    top.children.pop().ok_or_else(|| "no element".into())
}
