//! A FHIR Bundle of any size: its resources are read one at a time, each as a record of its own.

use std::io::BufRead;

use super::ndjson::unreadable;
use super::{Limits, Record};
use crate::error::{Error, Result, codes};
use crate::formats::Format;
use crate::formats::json::{self, Extent};
use crate::formats::tree::{Kind, NodeId, Tree};

/// The resources of a Bundle, read one at a time; memory is bounded by the largest entry.
///
/// Each record is the resource as it stands in the Bundle, byte for byte. Entries without one (a deletion, an
/// outcome) are passed over. An entry that is no resource is an error with its byte offset in the input, and those
/// after it are still read. After an error of the Bundle itself nothing follows; that it is a Bundle is known only
/// when its `resourceType` was read, which may stand at the end.
#[derive(Debug)]
pub(super) struct BundleEntries<R> {
    input: R,
    limits: Limits,
    format: Option<Format>,
    /// How many bytes were read.
    offset: usize,
    state: State,
    is_bundle: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the Bundle's brace.
    Start,
    /// Before a member; whether it is the first.
    Members {
        first: bool,
    },
    /// Before an entry; whether it is the first.
    Entries {
        first: bool,
    },
    Over,
}

impl<R: BufRead> BundleEntries<R> {
    /// Reads within limits, of which `bytes` is that of an entry, and as that release of FHIR; without one each resource
    /// is looked at.
    pub(super) const fn new(input: R, format: Option<Format>, limits: Limits) -> Self {
        Self { input, limits, format, offset: 0, state: State::Start, is_bundle: false }
    }

    /// How many bytes of the input were read.
    pub(super) const fn bytes_read(&self) -> u64 {
        self.offset as u64
    }

    fn step(&mut self, bytes: usize) {
        self.input.consume(bytes);
        self.offset += bytes;
    }

    fn refuse<T>(&self, code: &'static crate::error::ErrorCode) -> Result<T> {
        Err(Error::new(code).at_offset(self.offset))
    }

    /// The next byte that is no white space, without taking it.
    fn peek(&mut self) -> Result<Option<u8>> {
        loop {
            let buffer = self.input.fill_buf().map_err(unreadable)?;
            let space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
            let spaces = buffer.iter().take_while(|byte| space(byte)).count();
            let found = buffer.get(spaces).copied();
            let empty = buffer.is_empty();
            self.step(spaces);
            if found.is_some() || empty {
                return Ok(found);
            }
        }
    }

    /// Takes one of these bytes.
    fn take(&mut self, allowed: &[u8]) -> Result<u8> {
        match self.peek()? {
            Some(byte) if allowed.contains(&byte) => {
                self.step(1);
                Ok(byte)
            }
            Some(_) => self.refuse(&codes::INVALID_JSON),
            None => self.refuse(&codes::TRUNCATED),
        }
    }

    /// The bytes of the next value; none of a value over the limit, which is passed over.
    fn value(&mut self) -> Result<Option<Vec<u8>>> {
        let (mut extent, mut value, mut large) = (Extent::default(), Vec::new(), false);
        loop {
            let buffer = self.input.fill_buf().map_err(unreadable)?;
            if buffer.is_empty() {
                return self.refuse(&codes::TRUNCATED);
            }
            let end = extent.feed(buffer);
            if end == Some(0) && value.is_empty() && !large {
                return self.refuse(&codes::INVALID_JSON);
            }
            let taken = end.unwrap_or(buffer.len());
            large = large || value.len() + taken > self.limits.bytes;
            if large {
                value = Vec::new();
            } else {
                value.extend_from_slice(buffer.get(..taken).unwrap_or_default());
            }
            self.step(taken);
            if end.is_some() {
                return Ok((!large).then_some(value));
            }
        }
    }

    /// A value of the Bundle's own, which must fit and be valid.
    fn small(&mut self) -> Result<(Vec<u8>, Tree)> {
        let start = self.offset;
        let value = self.value()?.ok_or_else(|| super::too_large(self.limits).at_offset(start))?;
        let tree = json::scan(&value, 0, self.limits.depth).map_err(|error| error.moved(start))?;
        Ok((value, tree))
    }

    fn start(&mut self) -> Result<()> {
        // A byte order mark, which may come in pieces.
        for mark in b"\xef\xbb\xbf" {
            if self.input.fill_buf().map_err(unreadable)?.first() == Some(mark) {
                self.step(1);
            } else if self.offset > 0 {
                return self.refuse(&codes::INVALID_UTF8);
            } else {
                break;
            }
        }
        match self.peek()? {
            Some(b'{') => self.step(1),
            Some(_) => return self.refuse(&codes::NOT_A_RESOURCE),
            None => return self.refuse(&codes::EMPTY_INPUT),
        }
        self.state = State::Members { first: true };
        Ok(())
    }

    /// Reads a member that is not `entry`, or goes into the entries.
    fn member(&mut self, first: bool) -> Result<()> {
        let ends = matches!(self.peek()?, Some(b'}'));
        if ends && first {
            return self.refuse(&codes::NOT_A_RESOURCE);
        }
        if ends {
            self.step(1);
            return self.finish();
        }
        if !first {
            self.take(b",")?;
        }
        if self.peek()? != Some(b'"') {
            return self.take(b"\"").map(drop);
        }
        let (key, _) = self.small()?;
        let key = json::decode(&key).unwrap_or_default();
        self.take(b":")?;
        self.state = State::Members { first: false };
        let lists = self.peek()? == Some(b'[');
        if key == "entry" && lists {
            self.step(1);
            self.state = State::Entries { first: true };
            return Ok(());
        }
        let start = self.offset;
        let (value, _) = self.small()?;
        if key == "resourceType" {
            if json::decode(value.trim_ascii()).as_deref() != Some("Bundle") {
                return Err(Error::new(&codes::NOT_A_RESOURCE).at_offset(start).note("a Bundle is needed"));
            }
            self.is_bundle = true;
        }
        Ok(())
    }

    /// After the last brace: nothing may follow, and the object must have said that it is a Bundle.
    fn finish(&mut self) -> Result<()> {
        self.state = State::Over;
        if self.peek()?.is_some() {
            return self.refuse(&codes::TRAILING_DATA);
        }
        let refused = Error::new(&codes::NOT_A_RESOURCE).at_offset(0).note("a Bundle is needed");
        if self.is_bundle { Ok(()) } else { Err(refused) }
    }

    /// The next entry, where it has a resource.
    fn entry(&mut self, first: bool) -> Result<Option<Result<Record>>> {
        if self.peek()? == Some(b']') {
            self.step(1);
            self.state = State::Members { first: false };
            return Ok(None);
        }
        if !first {
            self.take(b",")?;
            self.peek()?;
        }
        self.state = State::Entries { first: false };
        let start = self.offset;
        let Some(entry) = self.value()? else {
            return Ok(Some(Err(super::too_large(self.limits).at_offset(start))));
        };
        Ok(self.resource(entry).map_err(|error| error.moved(start)).transpose())
    }

    /// The resource of an entry, as a record.
    fn resource(&self, entry: Vec<u8>) -> Result<Option<Record>> {
        // The entry itself is one level more.
        let tree = json::scan(&entry, 0, self.limits.depth.saturating_add(1))?;
        let refuse = || Error::new(&codes::NOT_A_RESOURCE).at_offset(0);
        if tree.node(NodeId::ROOT).kind() != Kind::Object {
            return Err(refuse());
        }
        let named = |id: &NodeId| {
            let node = tree.node(*id);
            let lead = entry.get(node.member_span().start..node.span().start).unwrap_or_default();
            let quote = lead.iter().rposition(|byte| *byte == b'"').unwrap_or_default();
            lead.get(..=quote).and_then(json::decode).as_deref() == Some("resource")
        };
        let mut found = tree.children(NodeId::ROOT).filter(named);
        let Some(resource) = found.next() else { return Ok(None) };
        // Two of them: which one is meant cannot be known.
        if found.next().is_some() {
            return Err(refuse());
        }
        let span = tree.node(resource).span();
        let source = span.of(&entry).unwrap_or_default().to_vec();
        let record = Record::parse_resource(source, self.format, self.limits);
        record.map(Some).map_err(|error| error.moved(span.start))
    }
}

impl<R: BufRead> Iterator for BundleEntries<R> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let step = match self.state {
                State::Start => self.start(),
                State::Members { first } => self.member(first),
                State::Entries { first } => match self.entry(first) {
                    Ok(Some(item)) => return Some(item),
                    Ok(None) => Ok(()),
                    Err(error) => Err(error),
                },
                State::Over => return None,
            };
            if let Err(error) = step {
                self.state = State::Over;
                return Some(Err(error));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn read(source: &str, buffer: usize) -> Vec<std::result::Result<String, (&'static str, usize)>> {
        let limits = Limits { bytes: 200, ..Limits::default() };
        BundleEntries::new(BufReader::with_capacity(buffer, source.as_bytes()), None, limits)
            .map(|item| match item {
                Ok(record) => Ok(String::from_utf8(record.source().to_vec()).unwrap()),
                Err(error) => Err((error.code(), error.span().unwrap().start)),
            })
            .collect()
    }

    #[test]
    fn resources_come_as_they_stand() {
        let source = "\u{feff} { \"entry\" : [ {\"fullUrl\":\"x]\", \"resource\": {\"resourceType\":\"Patient\" } } ,\n\
            {\"request\":{}}, {\"resource\":{\"resourceType\":\"Ship\"}},{\"resource\":\"x\"},7,\
            {\"r\\u0065source\":{\"resourceType\":\"Group\",\"id\":\"}\"}}],\"link\":[{}],\"resourceType\":\"Bundle\"}\n";
        for buffer in [1, 2, 7, 8192] {
            let found = read(source, buffer);
            assert_eq!(found[0].as_deref(), Ok("{\"resourceType\":\"Patient\" }"));
            assert_eq!(found[1], Err(("unknown_resource_type", source.find("\"Ship").unwrap())));
            let text = source.find("{\"resource\":\"x\"}").unwrap() + 12;
            assert_eq!(found[2], Err(("not_a_resource", text)));
            assert_eq!(found[3], Err(("not_a_resource", source.find("7,").unwrap())));
            assert_eq!(found[4].as_deref(), Ok("{\"resourceType\":\"Group\",\"id\":\"}\"}"));
            assert_eq!(found.len(), 5);
        }
    }

    #[test]
    fn an_entry_over_the_limit_is_passed_over() {
        let source = format!(
            r#"{{"resourceType":"Bundle","entry":[{{"a":"{}"}},{{"resource":{{"resourceType":"Patient"}}}}]}}"#,
            "x".repeat(300)
        );
        let found = read(&source, 64);
        assert_eq!(found[0], Err(("too_large", 34)));
        assert_eq!(found[1].as_deref(), Ok(r#"{"resourceType":"Patient"}"#));
    }

    #[test]
    fn what_is_no_bundle_is_an_error() {
        for (source, code, at) in [
            ("", "empty_input", 0),
            (" [", "not_a_resource", 1),
            ("{}", "not_a_resource", 1),
            (r#"{"a":1}"#, "not_a_resource", 0),
            (r#"{"resourceType":"Patient"}"#, "not_a_resource", 16),
            (r#"{"resourceType":"Bundle"} x"#, "trailing_data", 26),
            (r#"{"resourceType":"Bundle","entry":[{}"#, "truncated", 36),
            (r#"{"resourceType":"Bundle","entry":[{},]}"#, "invalid_json", 37),
            (r#"{"resourceType":"Bundle","entry":[{}{}]}"#, "invalid_json", 36),
            (r#"{"resourceType":"Bundle",}"#, "invalid_json", 25),
            (r#"{"resourceType":"Bundle" "a":1}"#, "invalid_json", 25),
            (r#"{"resourceType":"Bundle","a":01}"#, "invalid_json", 30),
        ] {
            for buffer in [1, 8192] {
                let found = read(source, buffer);
                assert_eq!(found.last(), Some(&Err((code, at))), "{source}");
            }
        }
    }

    #[test]
    fn the_entries_of_the_fictional_patient() {
        let source = include_bytes!("../../../examples/data/patient.fhir.json");
        let whole = Record::parse(&source[..], None).unwrap();
        let resources: Vec<_> = whole
            .resources()
            .filter(|id| whole.path(*id).ends_with("resource"))
            .map(|id| whole.raw(id).to_vec())
            .collect();
        let entries = BundleEntries::new(&source[..], None, Limits::default());
        let read: Vec<_> = entries.map(|record| record.unwrap().source().to_vec()).collect();
        assert!(read.len() >= 60);
        assert_eq!(read, resources);
    }
}
