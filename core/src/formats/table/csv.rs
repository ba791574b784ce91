//! Comma-separated values (RFC 4180) to rows and cells: quoted cells, any delimiter, any line ending, ragged rows.

use std::borrow::Cow;

use super::{HEADER, ROW, Table};
use crate::error::{Error, Result, codes};
use crate::formats::Irregularity;
use crate::formats::label::{Label, Whose};
use crate::formats::places::WIDE;
use crate::formats::tree::{ElementId, Kind, Node, NodeId, Tree};

/// Where the cell that begins at `from` ends, and whether its quotes are in order. A quote that is not closed reaches
/// to the end of the source.
fn cell_end(source: &[u8], from: usize, delimiter: u8) -> (usize, bool) {
    let ends = |byte: &u8| *byte == delimiter || matches!(byte, b'\r' | b'\n');
    let rest = source.get(from..).unwrap_or_default();
    if rest.first() != Some(&b'"') {
        return (from + rest.iter().position(ends).unwrap_or(rest.len()), true);
    }
    let mut at = 1;
    loop {
        match rest.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'"')) {
            None => return (source.len(), false),
            Some(step) if rest.get(at + step + 1) == Some(&b'"') => at += step + 2,
            Some(step) => {
                at += step + 1;
                break;
            }
        }
    }
    let after = rest.get(at..).unwrap_or_default();
    let stray = after.iter().position(ends).unwrap_or(after.len());
    (from + at + stray, stray == 0)
}

/// The cells of a row up to where `row` ends, each as a range; the last one stands after the last delimiter.
pub(super) fn cells(row: &[u8], delimiter: u8) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let from = next?;
        let (end, _) = cell_end(row, from, delimiter);
        next = (row.get(end) == Some(&delimiter)).then_some(end + 1);
        Some(from..end)
    })
}

/// The content of a cell without its quotes.
pub(super) fn unquoted(raw: &[u8]) -> Cow<'_, [u8]> {
    let Some(inner) = raw.strip_prefix(b"\"").and_then(|raw| raw.strip_suffix(b"\"")) else {
        return Cow::Borrowed(raw);
    };
    if !inner.contains(&b'"') {
        return Cow::Borrowed(inner);
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut quote = false;
    for byte in inner {
        quote = *byte == b'"' && !quote;
        if !quote {
            out.push(*byte);
        }
    }
    Cow::Owned(out)
}

/// Appends a cell, in quotes where it needs them or had them.
pub(super) fn quote(text: &[u8], delimiter: u8, quoted: bool, out: &mut Vec<u8>) {
    let special = |byte: &u8| *byte == delimiter || matches!(byte, b'"' | b'\r' | b'\n');
    let outer = [text.first(), text.last()].into_iter().flatten().any(u8::is_ascii_whitespace);
    if !quoted && !outer && !text.iter().any(special) {
        out.extend_from_slice(text);
        return;
    }
    out.push(b'"');
    for byte in text {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

/// Scans a table from byte `from` on.
pub(super) fn scan(source: &[u8], from: usize, table: &mut Table) -> Result<(Tree, Vec<Irregularity>)> {
    let mut nodes: Vec<Node> = Vec::with_capacity(source.len() / 8 + 8);
    let mut irregularities = Vec::new();
    let root = Node {
        lead: from as u32,
        start: from as u32,
        kind: Kind::List,
        tag: Label::Structure as u8,
        ..Node::default()
    };
    nodes.push(root);
    if from > 0 {
        irregularities.push(Irregularity { code: "byte_order_mark", node: NodeId::ROOT });
    }
    let mut header = table.map.header;
    let mut width = if header { 0 } else { table.map.columns.len() };
    if !header {
        table.places = (1..=table.map.columns.len() as u16).collect();
        table.know_places();
    }
    let mut taken: Vec<u32> = Vec::new();
    let mut at = from;
    while at < source.len() {
        if matches!(source.get(at), Some(b'\r' | b'\n')) {
            at += 1;
            continue;
        }
        let row = nodes.len() as u32;
        let element = if header { HEADER } else { ROW };
        let tag = Label::Structure as u8;
        nodes.push(Node {
            lead: at as u32,
            start: at as u32,
            kind: Kind::Object,
            tag,
            element,
            ..Node::default()
        });
        let mut column = 0;
        taken.clear();
        loop {
            let (end, sound) = cell_end(source, at, table.delimiter);
            if !sound && end == source.len() && !closes(source, at, end) {
                return Err(Error::new(&codes::TRUNCATED).at_offset(at).note("a quoted cell does not end"));
            }
            if header {
                let raw = source.get(at..end).unwrap_or_default();
                let name = table.map.encoding.decode(unquoted(raw)).unwrap_or_default();
                let place = table.named(name.trim());
                table.places.push(place);
            }
            if at < end {
                let (element, label, whose) = if header {
                    (0, Label::Technical, Whose::Patient)
                } else {
                    let element = table.places.get(column).copied().unwrap_or_default();
                    let described = table.column(element);
                    (element, described.label, described.whose)
                };
                let index = nodes.len() as u32;
                let kind = match label {
                    Label::Value | Label::Age if is_number(source.get(at..end).unwrap_or_default()) => {
                        Kind::Number
                    }
                    _ => Kind::Text,
                };
                let mut cell = Node {
                    lead: at as u32,
                    start: at as u32,
                    end: end as u32,
                    next: index + 1,
                    parent: row,
                    element: ElementId(element),
                    kind,
                    ..Node::default()
                };
                cell.set_tag(label, whose);
                nodes.push(cell);
                taken.push(column as u32 + 1);
                if !sound {
                    irregularities.push(Irregularity { code: "malformed_cell", node: NodeId(index) });
                }
            }
            column += 1;
            at = end;
            if source.get(at) != Some(&table.delimiter) {
                break;
            }
            at += 1;
        }
        let next = nodes.len() as u32;
        if let Some(node) = nodes.get_mut(row as usize) {
            node.end = at as u32;
            node.next = next;
        }
        if taken.len() > WIDE {
            table.wide.push(NodeId(row + 1), taken.iter().copied());
        }
        if header {
            width = column;
            table.know_places();
        } else if column != width {
            irregularities.push(Irregularity { code: "ragged_row", node: NodeId(row) });
        }
        header = false;
    }
    let next = nodes.len() as u32;
    if let Some(root) = nodes.first_mut() {
        root.end = source.len() as u32;
        root.next = next;
    }
    nodes.shrink_to_fit();
    Ok((Tree::of(nodes), irregularities))
}

/// Whether a quoted cell is closed somewhere before its end.
fn closes(source: &[u8], from: usize, end: usize) -> bool {
    let raw = source.get(from..end).unwrap_or_default();
    let quotes = raw.iter().filter(|byte| **byte == b'"').count();
    raw.first() != Some(&b'"') || quotes % 2 == 0
}

/// Whether a cell without quotes is a decimal number.
fn is_number(raw: &[u8]) -> bool {
    let digits = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E');
    let text = std::str::from_utf8(raw).ok().filter(|_| raw.iter().all(digits));
    text.is_some_and(|text| text.parse::<f64>().is_ok_and(f64::is_finite))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_and_quoted() {
        let of =
            |row: &str| cells(row.as_bytes(), b',').map(|range| row[range].to_owned()).collect::<Vec<_>>();
        assert_eq!(of(r#"a,"b,""c""",,d"#), ["a", r#""b,""c""""#, "", "d"]);
        assert_eq!(of(""), [""]);
        assert_eq!(unquoted(br#""b,""c""""#).as_ref(), br#"b,"c""#);
        for (text, quoted, out) in
            [("a b", false, "a b"), ("a,b", false, "\"a,b\""), (" a", false, "\" a\""), ("a", true, "\"a\"")]
        {
            let mut written = Vec::new();
            quote(text.as_bytes(), b',', quoted, &mut written);
            assert_eq!(written, out.as_bytes());
        }
    }
}
