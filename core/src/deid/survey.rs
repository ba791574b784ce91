//! The first look at a record: its own words, its latest year, and the births and deaths of its people.

use std::borrow::Cow;

use jiff::civil::Date;

use super::age::{self, Seniority};
use super::policy::Policy;
use super::words::OwnWords;
use crate::formats::label::{Label, Whose};
use crate::formats::tree::{Kind, NodeId};
use crate::record::Record;
use crate::record::memo::Memo;
use crate::text::PartialDate;

/// Dates more years than this after the day that the caller names are plans or mistakes ("no end"), and tell of no age.
const PLANS: i16 = 60;

/// The same where the caller names no day: a year that stands for "no end".
const OPEN_END: i16 = 9999;

/// A record of more bytes than this repeats so much that it is quicker to remember what was added than to add it again.
const REPEATS: usize = 32 << 10;

/// What must be known of the whole record before a part of it is judged.
pub(super) struct Survey<'r> {
    /// Its names, streets, cities and numbers.
    pub(super) words: OwnWords<'r>,
    /// The day on which the age of the living counts: the caller's, or the end of the latest year that the record tells
    /// where that is later. A record of 2024 tells the age of 2024, whatever day is named.
    pub(super) as_of: Option<Date>,
    /// Dates of this year and before would tell an age over the limit.
    cutoff: Option<i16>,
}

impl<'r> Survey<'r> {
    pub(super) fn of(record: &'r Record, policy: &Policy, as_of: Option<Date>) -> Self {
        let limit = policy.age_limit();
        let mut words = OwnWords::default();
        let mut people = Vec::new();
        let mut latest = None;
        // A long record repeats the names and numbers of those who act in it.
        let repeats = record.source().len() > REPEATS;
        let mut seen = Memo::of(record, 64);
        let tree = record.tree();
        for id in (0..tree.len() as u32).map(NodeId) {
            let (kind, label) = tree.kind_and_label(id);
            if matches!(kind, Kind::Object | Kind::List | Kind::Null) || !is_telling(label) {
                continue;
            }
            let node = tree.node(id);
            let dated = matches!(label, Label::Date | Label::BirthDate);
            // What the policy lets stand is nothing to look for.
            if !dated && policy.shows(label, node.whose()) {
                continue;
            }
            let mut text = Cow::Borrowed("");
            if !dated {
                if repeats {
                    let (raw, role) = (record.raw(id), label.as_str().as_bytes());
                    if seen.recall(raw, role).is_some() {
                        continue;
                    }
                    seen.note(raw, role, ());
                }
                text = record.text(id).unwrap_or_default();
            }
            match label {
                Label::Name => words.add_name(text),
                Label::OrganisationName
                | Label::PlaceName
                | Label::Street
                | Label::City
                | Label::District
                | Label::AddressText => words.add_phrase(text),
                Label::Date => {
                    let end = as_of.map_or(OPEN_END, |day| day.year().saturating_add(PLANS));
                    // Most are told by their first digits to be no later than the latest so far.
                    if front(record.raw(id)).is_none_or(|year| latest.is_none_or(|latest| year > latest)) {
                        latest = latest.max(year(record, id).filter(|year| *year < end));
                    }
                }
                Label::BirthDate if node.whose() == Whose::Patient => {
                    people.push((record.date(id), death_beside(record, id)));
                }
                Label::BirthDate => {}
                _ => words.add_number(text),
            }
        }
        let as_of = as_of.map(|day| {
            let end = latest.filter(|year| *year > day.year()).and_then(|year| Date::new(year, 12, 31).ok());
            end.unwrap_or(day)
        });
        Self { words, as_of, cutoff: cutoff(&people, latest, as_of, limit) }
    }

    /// Whether an event of this year tells that someone is over the limit.
    pub(super) fn tells_age(&self, year: i16) -> bool {
        self.cutoff.is_some_and(|cutoff| year <= cutoff)
    }
}

/// Whether a leaf of this label is looked at.
fn is_telling(label: Label) -> bool {
    matches!(
        label,
        Label::Name
            | Label::OrganisationName
            | Label::PlaceName
            | Label::Street
            | Label::City
            | Label::District
            | Label::AddressText
            | Label::Date
            | Label::BirthDate
            | Label::Telecom
            | Label::Phone
            | Label::Fax
            | Label::Email
            | Label::SocialSecurity
    ) || label.is_number_of_something()
}

/// The death date that stands beside a birth date.
pub(super) fn death_beside(record: &Record, birth: NodeId) -> Option<PartialDate> {
    let tree = record.tree();
    let person = tree.parent(birth)?;
    let death = tree.children(person).find(|id| tree.node(*id).label() == Label::DeathDate)?;
    record.date(death)
}

/// The number that the first four digits of a leaf are, as they are written; it is the year of every date that begins so.
fn front(raw: &[u8]) -> Option<i16> {
    let front: &[u8; 4] = raw.strip_prefix(b"\"").unwrap_or(raw).first_chunk()?;
    let digit = |year: i16, byte: &u8| byte.is_ascii_digit().then(|| year * 10 + i16::from(byte - b'0'));
    front.iter().try_fold(0, digit)
}

/// The year of a date; of one that cannot be read, the digits that stand where the year would. Most formats begin with
/// it, and then no more needs to be read.
fn year(record: &Record, id: NodeId) -> Option<i16> {
    let text = record.text(id)?;
    let front = text.get(..4).filter(|front| front.bytes().all(|byte| byte.is_ascii_digit()));
    match front {
        Some(front) => front.parse().ok(),
        None => record.date(id).map(PartialDate::year),
    }
}

/// The last year that would tell an age over the limit.
///
/// Whoever had an event in a year lived then: 90 years and more before the day that counts, the year alone says
/// that the person is over 89. The day that counts is the death of all, else `as_of`, else the latest year that
/// the record itself tells. Nothing is told where all are known to be within the limit, apart from years before
/// their birth, which are not theirs to tell.
fn cutoff(
    people: &[(Option<PartialDate>, Option<PartialDate>)],
    latest: Option<i16>,
    as_of: Option<Date>,
    limit: u16,
) -> Option<i16> {
    let deaths: Option<Vec<i16>> = people.iter().map(|(_, death)| death.map(PartialDate::year)).collect();
    let all_dead = deaths.and_then(|years| years.into_iter().max());
    let counts = all_dead.or(as_of.map(Date::year)).or(latest)?;
    let cutoff = counts.checked_sub(i16::try_from(limit).ok()?.checked_add(1)?)?;
    let within = |(birth, death): &(Option<PartialDate>, Option<PartialDate>)| {
        age::seniority(*birth, *death, as_of, limit) == Seniority::Within
    };
    if people.is_empty() || !people.iter().all(within) {
        return Some(cutoff);
    }
    let born = people.iter().filter_map(|(birth, _)| birth.map(PartialDate::year)).min()?;
    Some(cutoff.min(born.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(people: &[(&str, &str)], latest: Option<i16>, as_of: Option<&str>) -> Option<i16> {
        let people: Vec<_> = people
            .iter()
            .map(|(birth, death)| (PartialDate::parse(birth), PartialDate::parse(death)))
            .collect();
        cutoff(&people, latest, as_of.map(|day| day.parse().unwrap()), 89)
    }

    #[test]
    fn years_that_tell_an_age() {
        // Over 89: an event of 1930 or before says so by itself, one of 1940 does not.
        assert_eq!(last(&[("1925-01-01", "")], Some(2020), Some("2025-06-01")), Some(1935));
        // Within: nothing tells, but what lies before the birth is not kept for that.
        assert_eq!(last(&[("1936-01-01", "")], Some(2020), Some("2025-06-01")), Some(1935));
        assert_eq!(last(&[("1980-01-01", "")], Some(2020), Some("2025-06-01")), Some(1935));
        // Dead at 50: the years of the life stay however long ago they were.
        assert_eq!(last(&[("1880-01-01", "1930-01-01")], Some(1931), Some("2025-06-01")), Some(1840));
        // Without a day of the caller's, the record's own latest year counts.
        assert_eq!(last(&[("1925-01-01", "")], Some(2020), None), Some(1930));
        assert_eq!(last(&[], Some(2020), None), Some(1930));
        assert_eq!(last(&[], None, None), None);
        // 89, with the 90th birthday still to come this year: the birth year stays.
        assert_eq!(last(&[("1935-12-01", "")], Some(2025), Some("2025-06-01")), Some(1934));
    }
}
