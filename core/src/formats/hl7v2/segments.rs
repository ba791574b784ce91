//! Which segments of a message stand for something only together: the results of an order with the order, its common
//! part with its detail, whoever took part in a procedure with the procedure (HL7 v2.8.2, chapters 3, 4, 4A, 6, 7).

use super::super::dialect::Parsed;
use super::super::segment::{self, Segment};

/// Segments that others follow.
const LEADS: &[&[u8]] = &[b"OBR", b"RXO", b"RXE", b"RXD", b"RXG", b"RXA", b"PR1"];

/// Segments that go with the leading one before them. Left alone they would be read as those of the one before it.
const FOLLOW: &[&[u8]] = &[b"OBX", b"SPM", b"SAC", b"CTD", b"ROL", b"PRT", b"FT1"];

/// The segments, in source order.
pub(super) fn of(parsed: Parsed<'_>) -> Vec<Segment> {
    let mut list = segment::of_entries(parsed);
    let mut lead = None;
    let mut order = None;
    let mut message = None;
    for at in 0..list.len() {
        let Some(segment) = list.get_mut(at) else { break };
        let own = parsed.tree.parent(segment.node);
        if own != message {
            (lead, order, message) = (None, None, own);
        }
        let name = parsed.raw(segment.node).get(..3).unwrap_or_default();
        if LEADS.contains(&name) {
            lead = Some(at);
            // The common part of an order says of itself that there is one; with the only detail it goes.
            if let Some(common) = order.take().and_then(|order: usize| list.get_mut(order)) {
                common.goes_with = lead;
            }
        } else if name == b"ORC" {
            (lead, order) = (None, Some(at));
        } else if FOLLOW.contains(&name) {
            segment.goes_with = lead;
        } else {
            (lead, order) = (None, None);
        }
    }
    list
}
