//! Newline-delimited JSON to rows and cells: each line one object, each key a column.

use super::{ROW, Table};
use crate::error::{Error, Result, codes};
use crate::formats::label::{Label, Whose};
use crate::formats::tree::{ElementId, Kind, Node, NodeId, Tree};
use crate::formats::{Irregularity, json};

/// Scans a table from byte `from` on.
pub(super) fn scan(
    source: &[u8],
    from: usize,
    depth: usize,
    table: &Table,
) -> Result<(Tree, Vec<Irregularity>)> {
    let mut irregularities = Vec::new();
    let tag = Label::Structure as u8;
    let mut nodes =
        vec![Node { lead: from as u32, start: from as u32, kind: Kind::List, tag, ..Node::default() }];
    if from > 0 {
        irregularities.push(Irregularity { code: "byte_order_mark", node: NodeId::ROOT });
    }
    let (mut at, mut line) = (from, 0u32);
    // The line in which a column stood last, by its element.
    let mut seen = vec![0; table.columns.len()];
    for text in source.get(from..).unwrap_or_default().split_inclusive(|byte| *byte == b'\n') {
        line += 1;
        let start = at;
        at += text.len();
        let blank = |byte: &u8| byte.is_ascii_whitespace();
        let Some(first) = text.iter().position(|byte| !blank(byte)) else { continue };
        let length = text.iter().rposition(|byte| !blank(byte)).map_or(0, |last| last + 1);
        let end = start + length;
        let tree = json::scan(source.get(..end).unwrap_or_default(), start + first, depth)
            .map_err(|error| error.in_line(line as usize))?;
        let base = nodes.len() as u32;
        if tree.node(NodeId::ROOT).kind() != Kind::Object {
            return Err(Error::new(&codes::INVALID_JSON)
                .at_offset(start + first)
                .in_line(line as usize)
                .note("a row is an object"));
        }
        for node in &tree.nodes {
            let mut node = *node;
            node.next += base;
            node.parent = if node.parent == 0 { base } else { node.parent + base };
            nodes.push(node);
        }
        if let Some(row) = nodes.get_mut(base as usize) {
            row.parent = 0;
            row.element = ROW;
            row.set_tag(Label::Structure, Whose::Patient);
        }
        label(source, &tree, (base, line), &mut nodes, (table, &mut seen), &mut irregularities);
    }
    let next = nodes.len() as u32;
    if let Some(root) = nodes.first_mut() {
        root.end = source.len() as u32;
        root.next = next;
    }
    Ok((Tree::of(nodes), irregularities))
}

/// Labels the cells of a row.
fn label(
    source: &[u8],
    tree: &Tree,
    (base, line): (u32, u32),
    nodes: &mut [Node],
    (table, seen): (&Table, &mut [u32]),
    irregularities: &mut Vec<Irregularity>,
) {
    for cell in tree.children(NodeId::ROOT) {
        let at = cell.0 + base;
        let name = json::name(source, &tree.node(cell)).unwrap_or_default();
        let element = table.named(&name);
        let described = table.column(element);
        let Some(node) = nodes.get_mut(at as usize) else { return };
        if matches!(node.kind, Kind::Object | Kind::List) && element != 0 {
            irregularities.push(Irregularity { code: "malformed_cell", node: NodeId(at) });
            continue;
        }
        let before = seen.get_mut(usize::from(element)).map(|last| std::mem::replace(last, line));
        if element != 0 && before == Some(line) {
            irregularities.push(Irregularity { code: "duplicate_key", node: NodeId(at) });
        }
        node.element = ElementId(element);
        node.set_tag(described.label, described.whose);
    }
}
