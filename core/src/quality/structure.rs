//! Structure: what the format found irregular while it read the source.

use super::case::Case;
use super::checks::CHECKS;
use super::report::Report;

/// An irregularity without a check of its code is no fault: an extension that is not published, for example.
pub(super) fn check(case: &Case<'_>, report: &mut Report) {
    for irregularity in case.record.irregularities() {
        let check = CHECKS.iter().find(|check| check.group == "structure" && check.code == irregularity.code);
        if let Some(check) = check {
            report.add(check, irregularity.node);
        }
    }
}
