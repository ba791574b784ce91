//! Collecting findings, and giving them path, span and line in one pass over the source.

use super::checks::Check;
use crate::formats::tree::NodeId;
use crate::record::{Finding, Record, Severity};

/// What was found, in any order.
#[derive(Default)]
pub(super) struct Report {
    found: Vec<Found>,
}

struct Found {
    node: NodeId,
    check: &'static Check,
    severity: Severity,
    note: Option<&'static str>,
}

impl Report {
    pub(super) fn add(&mut self, check: &'static Check, node: NodeId) {
        self.found.push(Found { node, check, severity: check.severity, note: None });
    }

    /// Adds a finding that is less certain than its check usually is, and says why.
    pub(super) fn add_less_certain(
        &mut self,
        check: &'static Check,
        node: NodeId,
        severity: Severity,
        note: &'static str,
    ) {
        self.found.push(Found { node, check, severity: check.severity.min(severity), note: Some(note) });
    }

    /// The findings in source order.
    pub(super) fn finish(mut self, record: &Record) -> Vec<Finding> {
        self.found.sort_by_key(|found| (found.node, found.check.code));
        self.found.dedup_by_key(|found| (found.node, found.check.code));
        let mut paths = record.paths();
        let (mut line, mut counted) = (1, 0);
        self.found
            .into_iter()
            .map(|Found { node, check, severity, note }| {
                let span = record.tree().node(node).span();
                let between = record.source().get(counted..span.start).unwrap_or_default();
                line += between.iter().filter(|byte| **byte == b'\n').count();
                counted = counted.max(span.start);
                Finding {
                    code: check.code,
                    severity,
                    path: paths.of(node).to_owned(),
                    span,
                    line,
                    message: note
                        .map_or_else(|| check.text.to_owned(), |note| format!("{}: {note}", check.text)),
                    source: check.source,
                }
            })
            .collect()
    }
}
