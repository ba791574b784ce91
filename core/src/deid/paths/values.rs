//! What the methods of rules by path make of a value, in the arithmetic of the tool whose configurations they come from.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::ToSpan;
use jiff::civil::Date;
use sha2::Sha256;

use super::super::dates::Written;
use super::super::places::{Places, Zip};
use crate::text::{PartialDate, Precision};

/// Ages over this are not told.
const OLDEST: i64 = 89;

/// The keyed hash of a text in hexadecimal: HMAC-SHA256.
pub(super) fn hash(key: &[u8], text: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(text.as_bytes());
    Some(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// By how many days the dates of `name` move: from -50 to 50.
pub(super) fn days(name: &str, key: &[u8]) -> i32 {
    let bytes = name.as_bytes().iter().chain(key);
    bytes.fold(0, |sum, byte| (sum * 131 + i32::from(*byte)) % 101) - 50
}

/// A reference whose id is hashed; one of no known form is hashed whole.
pub(super) fn reference(
    text: &str,
    is_type: impl Fn(&str) -> bool,
    hash: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    if let Some(id) = text.strip_prefix('#') {
        return Some(format!("#{}", hash(id)?));
    }
    for prefix in ["urn:oid:", "urn:uuid:"] {
        if let Some(id) = text.strip_prefix(prefix) {
            return Some(format!("{prefix}{}", hash(id)?));
        }
    }
    let is_id = |text: &str| {
        (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
    };
    let (path, version) = match text.split_once("/_history/") {
        Some((path, version)) => (path, Some(version)),
        None => (text, None),
    };
    if let Some((front, id)) = path.rsplit_once('/') {
        let (base, kind) = front.rsplit_once('/').map_or(("", front), |(base, kind)| (base, kind));
        let plain = base.is_empty() || base.starts_with("http://") || base.starts_with("https://");
        if plain && is_type(kind) && is_id(id) && version.is_none_or(is_id) {
            let version = version.map(|version| format!("/_history/{version}")).unwrap_or_default();
            return Some(format!("{front}/{}{version}", hash(id)?));
        }
    }
    hash(text)
}

/// Whether a date tells of an age over 89 on the day that counts; without such a day every date does.
fn tells_age(date: PartialDate, on: Option<Date>) -> bool {
    let birthday = date.earliest().checked_add((OLDEST + 1).years());
    !matches!((birthday, on), (Ok(birthday), Some(on)) if birthday > on)
}

/// The year of a date, where years may stay and it tells no age over 89; nothing else.
pub(super) fn year(text: &str, partial: bool, on: Option<Date>) -> Option<String> {
    let date = PartialDate::parse(text).filter(|date| partial && !tells_age(*date, on))?;
    Some(format!("{:04}", date.year()))
}

/// A date moved by whole days, its time as zeros; one without a day, or that tells an age over 89, as [`year`] has it.
pub(super) fn shifted(text: &str, days: i32, partial: bool, on: Option<Date>) -> Option<String> {
    let date = PartialDate::parse(text)?;
    if date.precision() < Precision::Day || tells_age(date, on) {
        return year(text, partial, on);
    }
    let moved = Written::parse(text)?.shifted(days)?;
    // The zone stays, and with it the day that was written.
    let zone = moved.get(11..).and_then(|time| time.find(['Z', '+', '-'])).map_or(moved.len(), |at| at + 11);
    let zero = |(at, c): (usize, char)| if (11..zone).contains(&at) && c.is_ascii_digit() { '0' } else { c };
    Some(moved.char_indices().map(zero).collect())
}

/// A ZIP code of which the first three digits stay, the others are zeros; all are where few people live.
pub(super) fn zip(text: &str, partial: bool, restricted: &[String]) -> Option<String> {
    let first = text.get(..3).filter(|_| partial)?;
    let few = restricted.iter().any(|prefix| text.starts_with(prefix.as_str()))
        || Places::embedded().zip(first, None, None, &Places::censuses()) != Zip::Three;
    let kept = if few { 0 } else { 3 };
    let zero = |(at, c): (usize, char)| if at >= kept && c.is_ascii_digit() { '0' } else { c };
    Some(text.char_indices().map(zero).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arithmetic_is_the_tool_s() {
        let hashed = hash(b"123", "example").unwrap();
        assert_eq!(hashed, "698d54f0494528a759f19c8e87a9f99e75a5881b9267ee3926bcf62c992d84ba");
        assert_eq!(shifted("2015-02-07", days("dummy", b""), true, None), None);
        let on = Some(Date::constant(2020, 1, 1));
        assert_eq!(shifted("2015-02-07", days("dummy", b""), true, on).unwrap(), "2015-01-17");
        assert_eq!(
            shifted("2015-02-07T13:28:17.239-05:00", -21, true, on).unwrap(),
            "2015-01-17T00:00:00.000-05:00"
        );
        assert_eq!(shifted("2015-02", 1, true, on).unwrap(), "2015");
        assert_eq!(shifted("2015-02", 1, false, on), None);
        assert_eq!(shifted("1925-02-07", 1, true, on), None);
        assert_eq!(shifted("2015-02-30", 1, true, on), None);
        assert_eq!(year("1930-01-01", true, on), None);
        assert_eq!(year("1930-01-02", true, on).unwrap(), "1930");
    }

    #[test]
    fn references_keep_their_form() {
        let run = |text| reference(text, |name| name == "Patient", |_| Some("h".to_owned())).unwrap();
        for (text, expected) in [
            ("Patient/1", "Patient/h"),
            ("#1", "#h"),
            ("http://a.example/fhir/Patient/1/_history/2", "http://a.example/fhir/Patient/h/_history/2"),
            ("urn:uuid:1", "urn:uuid:h"),
            ("Nobody/1", "h"),
            ("Patient?name=a", "h"),
        ] {
            assert_eq!(run(text), expected, "{text}");
        }
    }

    #[test]
    fn zip_codes_of_few_people_go() {
        assert_eq!(zip("12345-6789", true, &[]).unwrap(), "12300-0000");
        assert_eq!(zip("12345", true, &["123".to_owned()]).unwrap(), "00000");
        assert_eq!(zip("03601", true, &[]).unwrap(), "00000");
        assert_eq!((zip("12345", false, &[]), zip("12", true, &[])), (None, None));
    }
}
