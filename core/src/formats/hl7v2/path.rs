//! Native paths of HL7 v2: `PID-5[1].1`, `OBX[3]-5`, `message[2].PID-3`. Segments, repetitions, components and
//! sub-components are counted from 1; the first segment of a name, and the only message of a source, go without number.
//! A segment that stands in no message, and is none of an envelope, is `source.PID`.

use std::fmt::Write;

use super::Hl7v2;
use crate::formats::dialect::{Parsed, PathRenderer};
use crate::formats::tree::{Kind, NodeId};

/// The path of the root.
const SOURCE: &str = "source";
/// The name of a message.
const MESSAGE: &str = "message";
/// Segments that stand outside of messages.
const ENVELOPE: [&str; 4] = ["FHS", "BHS", "BTS", "FTS"];

pub(super) struct Paths<'r> {
    dialect: &'r Hl7v2,
    parsed: Parsed<'r>,
    text: String,
}

impl<'r> Paths<'r> {
    pub(super) const fn new(dialect: &'r Hl7v2, parsed: Parsed<'r>) -> Self {
        Self { dialect, parsed, text: String::new() }
    }

    /// Writes the path. Writing to a string cannot fail, so its results are not looked at.
    fn write(&mut self, id: NodeId) {
        let Self { dialect, parsed, text } = self;
        text.clear();
        if id == NodeId::ROOT {
            text.push_str(SOURCE);
            return;
        }
        let several = dialect.heads.len() > 1;
        let message = dialect.message_of(id).filter(|message| !dialect.is_segment(message.node));
        if let Some(message) = message
            && (several || id == message.node)
        {
            text.push_str(MESSAGE);
            if several {
                let before = dialect.heads.partition_point(|head| *head <= message.node);
                let _ = write!(text, "[{before}]");
            }
            if id == message.node {
                return;
            }
            text.push('.');
        }
        let Some(segment) = dialect.segment_of(id) else { return };
        let name = dialect.segment_name(*parsed, segment.node, parsed.raw(segment.node));
        if message.is_none() && !dialect.heads.is_empty() && !ENVELOPE.contains(&name) {
            text.push_str(SOURCE);
            text.push('.');
        }
        text.push_str(name);
        if segment.ordinal > 1 {
            let _ = write!(text, "[{}]", segment.ordinal);
        }
        let mut way = Vec::new();
        let mut at = id;
        while at != segment.node {
            way.push(at);
            match parsed.tree.parent(at) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        let mut repetition = None;
        for (level, step) in way.into_iter().rev().enumerate() {
            let number = dialect.number(*parsed, step);
            let in_list =
                parsed.tree.parent(step).is_some_and(|parent| parsed.tree.node(parent).kind() == Kind::List);
            match level {
                0 => {
                    let _ = write!(text, "-{number}");
                    repetition = Some(1);
                }
                1 if in_list => {
                    let _ = write!(text, "[{number}]");
                    repetition = None;
                }
                _ => {
                    if repetition.take().is_some() {
                        text.push_str("[1]");
                    }
                    let _ = write!(text, ".{number}");
                }
            }
        }
    }
}

impl PathRenderer for Paths<'_> {
    fn of(&mut self, id: NodeId) -> &str {
        self.write(id);
        &self.text
    }
}

/// `name[number]`, with 1 where there is no number.
fn counted(part: &str) -> Option<(&str, usize)> {
    match part.split_once('[') {
        None => Some((part, 1)),
        Some((name, rest)) => {
            let number = rest.strip_suffix(']')?.parse().ok()?;
            Some((name, number))
        }
    }
}

/// The node at a path.
pub(super) fn locate(dialect: &Hl7v2, parsed: Parsed<'_>, path: &str) -> Result<NodeId, usize> {
    if path == SOURCE {
        return Ok(NodeId::ROOT);
    }
    let tree = parsed.tree;
    let (mut rest, mut step) = (path, 0);
    let mut within = NodeId::ROOT;
    if let Some(outside) = path.strip_prefix(SOURCE).and_then(|rest| rest.strip_prefix('.')) {
        (rest, step) = (outside, 1);
    } else if path.starts_with(MESSAGE) {
        let (head, tail) = path.split_once('.').map_or((path, None), |(head, tail)| (head, Some(tail)));
        let (_, number) = counted(head).filter(|(name, _)| *name == MESSAGE).ok_or(step)?;
        within = number.checked_sub(1).and_then(|before| dialect.heads.get(before)).copied().ok_or(step)?;
        let Some(tail) = tail else { return Ok(within) };
        (rest, step) = (tail, 1);
    } else if let Some(first) = dialect.heads.first().copied()
        && !ENVELOPE.iter().any(|name| path.starts_with(name))
    {
        within = first;
    }
    let (name, place) = rest.split_once('-').map_or((rest, None), |(name, place)| (name, Some(place)));
    let (name, ordinal) = counted(name).ok_or(step)?;
    let mut at = dialect.segment_at(parsed, within, name, ordinal).ok_or(step)?;
    let Some(place) = place else { return Ok(at) };
    for (level, part) in place.split('.').enumerate() {
        step += 1;
        let child = |at: NodeId, number: usize| dialect.numbered(parsed, at, number);
        if level > 0 {
            at = child(at, part.parse().map_err(|_| step)?).ok_or(step)?;
            continue;
        }
        let repeated = part.contains('[');
        let (field, repetition) = counted(part).ok_or(step)?;
        at = child(at, field.parse().map_err(|_| step)?).ok_or(step)?;
        if repeated && tree.node(at).kind() == Kind::List {
            at = child(at, repetition).ok_or(step)?;
        } else if repetition != 1 {
            return Err(step);
        }
    }
    Ok(at)
}
