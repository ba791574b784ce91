//! Dates and times as HL7 v2 and CDA write them: `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`
//! (HL7 v2.8.2, chapter 2A, data type DTM).

use std::borrow::Cow;

use crate::text::{PartialDate, Precision};

/// The date that [`iso_date`] writes, without writing it: most are digits alone, or digits and a zone.
pub(in crate::formats) fn read(text: &str) -> Option<PartialDate> {
    let all = text.as_bytes();
    let two = |bytes: &[u8], at: usize| {
        let pair: &[u8; 2] = bytes.get(at..)?.first_chunk()?;
        Some((pair[0].wrapping_sub(b'0')).wrapping_mul(10).wrapping_add(pair[1].wrapping_sub(b'0')))
    };
    let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    let (bytes, zone) = match all.last_chunk::<5>() {
        Some([b'+' | b'-', zone @ ..]) => (all.get(..all.len() - 5).unwrap_or_default(), &zone[..]),
        _ => (all, &[][..]),
    };
    if !matches!(bytes.len(), 4 | 6 | 8 | 12 | 14) || !digits(bytes) || !digits(zone) {
        return PartialDate::parse(&iso_date(text.into())?);
    }
    let year = i16::from(two(bytes, 0)?) * 100 + i16::from(two(bytes, 2)?);
    let (month, day) = (two(bytes, 4).unwrap_or(1), two(bytes, 6).unwrap_or(1));
    // The clock of ISO 8601: midnight at the end of a day, a second that was put in.
    let clock = |bytes: &[u8], at: usize| Some(two(bytes, at)? <= 24 && two(bytes, at + 2)? <= 59);
    let precision = match bytes.len() {
        4 => Precision::Year,
        6 => Precision::Month,
        8 => Precision::Day,
        _ if clock(bytes, 8)? && two(bytes, 12).unwrap_or(0) <= 60 && clock(zone, 0).unwrap_or(true) => {
            Precision::Time
        }
        _ => return None,
    };
    PartialDate::of(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?, precision)
}

/// The date as ISO 8601 writes it; none where it is no date. An hour without minutes is left out, because ISO 8601 as
/// FHIR uses it cannot say it. What is in the form of ISO 8601 already is taken as it is.
pub(in crate::formats) fn iso_date(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if text.as_bytes().get(4) == Some(&b'-') && text.len() != 9 {
        return PartialDate::parse(&text).map(|_| text);
    }
    let zone_at = text.find(['+', '-']).unwrap_or(text.len());
    let (moment, zone) = text.split_at(zone_at);
    let (digits, fraction) = moment.split_once('.').unwrap_or((moment, ""));
    let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let part = |from: usize| digits.get(from..from + 2).unwrap_or_default();
    let mut iso = digits.get(..4).unwrap_or_default().to_owned();
    match digits.len() {
        4 | 6 | 8 | 10 | 12 | 14 if numeric(digits) && numeric(fraction) => {}
        _ => return None,
    }
    for from in [4, 6].into_iter().filter(|from| digits.len() > *from) {
        iso.push('-');
        iso.push_str(part(from));
    }
    let zone = match zone.as_bytes() {
        [] => String::new(),
        [sign, rest @ ..] if rest.len() == 4 && rest.iter().all(u8::is_ascii_digit) => {
            let (hours, minutes) = zone.get(1..)?.split_at(2);
            format!("{}{hours}:{minutes}", char::from(*sign))
        }
        _ => return None,
    };
    if digits.len() >= 12 {
        iso.push('T');
        iso.push_str(part(8));
        iso.push(':');
        iso.push_str(part(10));
        if digits.len() == 14 {
            iso.push(':');
            iso.push_str(part(12));
            if !fraction.is_empty() {
                iso.push('.');
                iso.push_str(fraction);
            }
        }
        iso.push_str(&zone);
    } else if digits.len() == 10 && !matches!(part(8).parse::<u8>(), Ok(0..=23)) {
        return None;
    }
    PartialDate::parse(&iso).map(|_| Cow::Owned(iso))
}

/// `HH[MM[SS[.SSSS]]]` without a zone.
pub(in crate::formats) fn is_time(text: &str) -> bool {
    let (digits, fraction) = text.split_once('.').unwrap_or((text, ""));
    let below = |at: usize, limit: u8| {
        digits.get(at..at + 2).is_none_or(|pair| pair.parse::<u8>().is_ok_and(|number| number < limit))
    };
    matches!(digits.len(), 2 | 4 | 6)
        && digits.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
        && below(0, 24)
        && below(2, 60)
        && below(4, 61)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_one_form() {
        for (text, iso) in [
            ("1967", Some("1967")),
            ("196703", Some("1967-03")),
            ("19670314", Some("1967-03-14")),
            ("19670314-0600", Some("1967-03-14")),
            ("1967031409", Some("1967-03-14")),
            ("196703140905", Some("1967-03-14T09:05")),
            ("202401020304+0215", Some("2024-01-02T03:04+02:15")),
            ("20240102030405.1234-0500", Some("2024-01-02T03:04:05.1234-05:00")),
            ("2024-01-02", Some("2024-01-02")),
            ("2024-0500", Some("2024")),
            ("20240230", None),
            ("00000000", None),
            ("2024013", None),
            ("1967031425", None),
            ("20240102+5", None),
            ("12/24/2024", None),
            ("", None),
        ] {
            assert_eq!(iso_date(text.into()).as_deref(), iso, "{text}");
        }
    }

    proptest::proptest! {
        /// What is read at once is what is read by way of ISO 8601.
        #[test]
        fn both_ways_read_the_same(
            text in "[0-9]{3,15}|(19|20)[0-9]{2}(0[0-9]|1[0-3])?([0-3][0-9])?([0-2][0-9][0-6][0-9])?([0-6][0-9])?([.][0-9]{0,4})?([+-][0-3][0-9][0-7][0-9])?",
        ) {
            let iso = iso_date(text.as_str().into()).and_then(|iso| PartialDate::parse(&iso));
            proptest::prop_assert_eq!(read(&text), iso);
        }
    }

    #[test]
    fn times_have_one_form() {
        for (text, valid) in [
            ("09", true),
            ("0905", true),
            ("090559.25", true),
            ("2505", false),
            ("9", false),
            ("09:05", false),
        ] {
            assert_eq!(is_time(text), valid, "{text}");
        }
    }
}
