//! How names and nodes stand in XML: forms of nodes, namespaces, the characters of names.

use crate::formats::tree::{Kind, Node};

/// A namespace that the format knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Namespace {
    /// `urn:hl7-org:v3`
    V3,
    /// `urn:hl7-org:sdtc`
    Sdtc,
    /// `http://www.w3.org/2001/XMLSchema-instance`
    Instance,
    /// Another that the standards use for names of values, never for elements.
    Inert,
    /// Any other.
    Foreign,
}

impl Namespace {
    pub(super) fn of(uri: &[u8]) -> Self {
        match uri {
            b"urn:hl7-org:v3" => Self::V3,
            b"urn:hl7-org:sdtc" => Self::Sdtc,
            b"http://www.w3.org/2001/XMLSchema-instance" => Self::Instance,
            b"urn:hl7-org:v3/voc" | b"http://www.w3.org/2001/XMLSchema" => Self::Inert,
            _ => Self::Foreign,
        }
    }
}

/// A namespace that an element declares.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declaration {
    /// The element's node; the declaration holds in its subtree.
    pub(super) node: u32,
    /// The bytes of the prefix; empty for the default.
    pub(super) prefix: (u32, u32),
    pub(super) namespace: Namespace,
}

/// How a node stands in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// An element with attributes, elements or nothing in it.
    Element,
    /// An element that has nothing but text.
    Simple,
    Attribute,
    /// A text beside elements or attributes.
    Run,
    Comment,
    Instruction,
}

impl Form {
    #[inline]
    pub(super) fn of(source: &[u8], node: &Node) -> Self {
        if node.kind == Kind::Object {
            return Self::Element;
        }
        let bytes = source.get(node.lead as usize..).unwrap_or_default();
        match (node.lead < node.start, bytes.first()) {
            (true, Some(b'<')) => Self::Simple,
            (true, _) => Self::Attribute,
            (false, Some(b'<')) if bytes.starts_with(b"<!--") => Self::Comment,
            (false, Some(b'<')) if bytes.starts_with(b"<?") => Self::Instruction,
            _ => Self::Run,
        }
    }
}

/// Whether a byte can stand in a name. All bytes of other than ASCII characters can.
const fn in_name(byte: u8) -> bool {
    const ASCII: u128 = {
        let (mut set, mut byte) = (0u128, 0u8);
        while byte < 0x80 {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'-' | b'.') {
                set |= 1 << byte;
            }
            byte += 1;
        }
        set
    };
    byte >= 0x80 || (ASCII >> byte) & 1 == 1
}

/// How many bytes the name at the beginning of `bytes` has.
#[inline]
pub(super) fn name_len(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !in_name(*byte)).unwrap_or(bytes.len())
}

pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}
