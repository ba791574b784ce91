//! Settings: what the place, the body, the encounter or the document in which something was made says of it.

use super::super::sensitivity::Classes;
use super::Part;
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};
use crate::record::{Entry, Record};

/// Carries labels from a setting to what is made in it: from an organisation or a place to the places, people and
/// encounters that it stands for, from an encounter to its entries, from a medicine to its prescriptions.
///
/// An encounter hands on its security labels and those of its place, not what its diagnoses say: an ordinary visit
/// of someone with an alcohol use disorder is not treatment of it.
pub(super) fn carry(record: &Record, segments: &mut [Part<'_>]) {
    from_frame(segments);
    use EntryKind::{CareTeam, Encounter, Episode, Location, Medication, Organisation, Practitioner};
    let mut hands_on: Vec<Classes> = segments
        .iter()
        .map(|(segment, _)| match segment.kind {
            Organisation | Location | Medication => segment.classes,
            Encounter | Episode => segment.labelled,
            _ => Classes::NONE,
        })
        .collect();
    let passes: [(&[EntryKind], &[EntryKind]); 4] = [
        (&[Organisation], &[Location, Practitioner]),
        (&[Organisation, Location], &[Encounter, Episode]),
        (&[Medication], &[Medication]),
        (&[Encounter, Episode], &[]),
    ];
    for (from, to) in passes {
        let sources = segments.iter().zip(&hands_on);
        if !sources
            .into_iter()
            .any(|((segment, _), classes)| from.contains(&segment.kind) && !classes.is_empty())
        {
            continue;
        }
        for at in 0..segments.len() {
            let Some((segment, Some(entry))) = segments.get(at) else { continue };
            let takes = if to.is_empty() {
                !matches!(
                    segment.kind,
                    Organisation | Location | Practitioner | Encounter | Episode | CareTeam
                )
            } else {
                to.contains(&segment.kind)
            };
            if !takes {
                continue;
            }
            let found = handed_on(record, segments, &hands_on, entry, from, to.is_empty());
            if let (Some((segment, _)), Some(own)) = (segments.get_mut(at), hands_on.get_mut(at)) {
                segment.classes = segment.classes.with(found);
                *own = own.with(found);
            }
        }
    }
}

/// Carries what the header of a document says of it, and the organisations and places that its header names, to all of
/// the document: who keeps the records of a treatment programme keeps no others in them.
fn from_frame(segments: &mut [Part<'_>]) {
    let Some((frame, rest)) = segments.split_first() else { return };
    if !frame.0.is_frame {
        return;
    }
    let of_header = rest.iter().map(|(segment, _)| segment).filter(|segment| {
        segment.goes_with == Some(0) && matches!(segment.kind, EntryKind::Organisation | EntryKind::Location)
    });
    let classes = of_header.fold(frame.0.classes, |all, segment| all.with(segment.classes));
    if !classes.is_empty() {
        segments.iter_mut().for_each(|(segment, _)| segment.classes = segment.classes.with(classes));
    }
}

/// The classes that an entry takes from the entries of kinds `from` that it points to; with `as_encounter`, only
/// from those that it names as its encounter.
fn handed_on(
    record: &Record,
    segments: &[Part<'_>],
    hands_on: &[Classes],
    entry: &Entry<'_>,
    from: &[EntryKind],
    as_encounter: bool,
) -> Classes {
    let tree = record.tree();
    let mut found = Classes::NONE;
    let mut take = |reference: NodeId| {
        let Some(target) = record.resolve(reference) else { return };
        let Ok(at) = segments.binary_search_by_key(&target, |(segment, _)| segment.node) else { return };
        if segments.get(at).is_some_and(|(segment, _)| from.contains(&segment.kind)) {
            found = found.with(hands_on.get(at).copied().unwrap_or_default());
        }
    };
    if as_encounter {
        entry
            .all(Field::Encounter)
            .filter(|node| tree.node(*node).kind() == Kind::Object)
            .for_each(&mut take);
    } else {
        let inside = tree.descendants(entry.node());
        inside.filter(|node| tree.node(*node).label() == Label::Reference).for_each(&mut take);
    }
    found
}
