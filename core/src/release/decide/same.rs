//! What tells the same as an entry that a designation withholds: another entry about it, and the same code elsewhere.

use std::collections::HashSet;

use super::super::fact::Fact;
use super::super::segment::{Part, tells_of};
use super::super::tri::Tri;
use super::Own;
use super::desk::Desk;
use crate::formats::field::EntryKind;
use crate::record::Record;

/// The designations of what an entry says. Others are about one occasion (who paid for it), or about one copy.
const OF_INFORMATION: u64 = Fact::SegmentAgreedRestriction.segment_bit()
    | Fact::SegmentPrivacyActDenial.segment_bit()
    | Fact::SegmentConfidentialSource.segment_bit()
    | Fact::SegmentDangerToLife.segment_bit()
    | Fact::SegmentHarmToOther.segment_bit()
    | Fact::SegmentHarmViaRepresentative.segment_bit()
    | Fact::SegmentRepresentativeNotRecognised.segment_bit()
    | Fact::SegmentMinorConfidential.segment_bit()
    | Fact::SegmentContraryStateLaw.segment_bit()
    | Fact::SegmentSudCounselingNotes.segment_bit();

/// Whether what such an entry is about is the patient's own state, which other entries tell as well. A result or a visit
/// tells of one day.
pub(in crate::release) const fn is_lasting(kind: EntryKind) -> bool {
    matches!(
        kind,
        EntryKind::Condition | EntryKind::Allergy | EntryKind::AdverseEvent | EntryKind::Medication
    )
}

/// Judges the entries anew that are about the same as one that a designation withholds. Comes back with those that one
/// withholds, by their places.
pub(super) fn judge(
    record: &Record,
    parts: &[Part<'_>],
    known: &mut [(String, Own)],
    places: &mut [usize],
    desk: &mut Desk<'_>,
) -> HashSet<usize> {
    let withheld = |(at, place): (usize, &usize)| {
        let designated = known.get(at).is_some_and(|(_, own)| own.holds_any(OF_INFORMATION));
        (designated && !desk.releases(*place)).then_some(at)
    };
    let found: HashSet<usize> = places.iter().enumerate().filter_map(withheld).collect();
    let mut told: HashSet<String> = HashSet::new();
    for (segment, entry) in found.iter().filter_map(|at| parts.get(*at)) {
        if let Some(entry) = entry.as_ref().filter(|_| is_lasting(segment.kind)) {
            told.extend(tells_of(record, entry));
        }
    }
    if told.is_empty() {
        return found;
    }
    for (at, (_, entry)) in parts.iter().enumerate().filter(|(at, _)| !found.contains(at)) {
        let same = entry
            .as_ref()
            .is_some_and(|entry| tells_of(record, entry).iter().any(|name| told.contains(name)));
        if let (true, Some((_, own)), Some(place)) = (same, known.get_mut(at), places.get_mut(at)) {
            own.set(Fact::SegmentSameAsDesignated, Tri::True);
            *place = desk.judge(*own);
        }
    }
    found
}
