//! When a document that permits a disclosure begins and ends: its date, its expiration, the year of California.

use super::request::Day;
use super::tri::Tri;

/// What an expiration clause comes to: whether one that is allowed is stated, and whether it has passed.
pub(super) struct Expiration {
    pub(super) stated: Tri,
    pub(super) passed: Tri,
}

pub(super) fn expiration(
    on: Day,
    date: Option<Day>,
    event: Option<bool>,
    occurred: Option<bool>,
    none: Option<bool>,
    none_allowed: Tri,
) -> Expiration {
    // A document that states one clause states no other unless it is said to.
    let clause = date.is_some() || event == Some(true) || none == Some(true);
    let unsaid =
        |stated: Option<bool>| if clause { stated.unwrap_or(false).into() } else { Tri::from(stated) };
    let (event, none) = (unsaid(event), unsaid(none));
    let dated = unsaid(date.map(|_| true));
    let stated = dated.or(event).or(none.and(none_allowed));
    let date_passed = date.map_or(Tri::False, |date| Tri::from(on > date));
    let event_passed = event.and(occurred.into());
    // Without any clause known, whether it has passed is as unknown as the clause.
    let passed = if clause { date_passed.or(event_passed) } else { Tri::Unknown };
    Expiration { stated, passed }
}

/// Whether a signature is dated, and not later than the request.
pub(super) fn dated(on: Day, signed_on: Option<Day>) -> Tri {
    signed_on.map(|day| day <= on).into()
}

/// Whether a document that was signed and expires on these days shows that it ends within a year.
pub(super) fn within_one_year(signed: Option<Day>, expires: Option<Day>) -> bool {
    let year = signed.and_then(|day| day.0.checked_add(jiff::Span::new().years(1)).ok());
    year.zip(expires).is_some_and(|(year, end)| end.0 <= year)
}
