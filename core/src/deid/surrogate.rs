//! Surrogates: values that look like the ones they stand for and belong to nobody.
//!
//! Which one stands for a value follows from a secret and the value, so a person's is the same in every document. What
//! has a reserved range comes from it: telephone numbers 555-0100 to 555-0199, `example.org` (RFC 2606), 192.0.2.0/24
//! (RFC 5737), 2001:db8::/32 (RFC 3849), social security areas 900 to 999 with a group below 50, provider numbers
//! whose check digit is wrong. Streets, towns and bodies are made up. A name is a common one of the same sex and,
//! where the lists know the name, of the same language.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::formats::label::Label;

#[derive(Deserialize, Default)]
struct File {
    cultures: Vec<Culture>,
    streets: Vec<String>,
    street_kinds: Vec<String>,
    towns: Vec<String>,
    organisations: Vec<String>,
}

#[derive(Deserialize)]
struct Culture {
    female: Vec<String>,
    male: Vec<String>,
    family: Vec<String>,
}

/// The lists, with the culture and part of every name.
struct Lists {
    file: File,
    known: HashMap<String, (usize, Part)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Female,
    Male,
    Family,
}

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| {
        // Lists that cannot be read give nothing, and the value is removed. The tests read them.
        let file: File =
            serde_json::from_str(include_str!("../../data/policies/surrogates.json")).unwrap_or_default();
        let mut known = HashMap::new();
        for (at, culture) in file.cultures.iter().enumerate() {
            for (names, part) in [
                (&culture.female, Part::Female),
                (&culture.male, Part::Male),
                (&culture.family, Part::Family),
            ] {
                for name in names {
                    known.entry(name.to_lowercase()).or_insert((at, part));
                }
            }
        }
        Lists { file, known }
    })
}

/// What is known of a name besides its text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Hints {
    /// The sex that the entry tells: `female` true, `male` false.
    pub(super) female: Option<bool>,
    /// It is a family name, or a given one; none where it is a whole name.
    pub(super) family: Option<bool>,
}

/// A stream of numbers that follows from 32 bytes.
struct Draw {
    bytes: [u8; 32],
    at: usize,
}

impl Draw {
    /// A number below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        let mut number = 0usize;
        for _ in 0..4 {
            number = number << 8 | usize::from(self.bytes.get(self.at % 32).copied().unwrap_or_default());
            self.at += 1;
            // Past the end the stream goes round, changed, so that long values do not repeat their digits.
            if self.at.is_multiple_of(32) {
                self.bytes.rotate_left(7);
                self.bytes.iter_mut().for_each(|byte| *byte = byte.wrapping_mul(167).wrapping_add(13));
            }
        }
        number.checked_rem(limit).unwrap_or_default()
    }

    fn of<'l>(&mut self, list: &'l [String]) -> Option<&'l str> {
        list.get(self.below(list.len())).map(String::as_str)
    }
}

/// The surrogate of a value of this label, from 32 secret bytes that follow from the value; none where the label has
/// no form to keep.
pub(super) fn of(label: Label, value: &str, hints: Hints, secret: [u8; 32]) -> Option<String> {
    let mut draw = Draw { bytes: secret, at: 0 };
    let file = &lists().file;
    Some(match label {
        Label::Name | Label::ReferenceText => name(value, hints, &mut draw)?,
        Label::OrganisationName | Label::PlaceName => draw.of(&file.organisations)?.to_owned(),
        Label::Street => street(&mut draw)?,
        Label::City | Label::District => draw.of(&file.towns)?.to_owned(),
        Label::AddressText => format!("{}, {}", street(&mut draw)?, draw.of(&file.towns)?),
        // No ZIP code begins with 000.
        Label::PostalCode => format!("000{:02}", draw.below(100)),
        Label::Phone | Label::Fax => phone(value, &mut draw),
        Label::Telecom if value.contains('@') => email(&mut draw),
        Label::Telecom if value.bytes().any(|byte| byte.is_ascii_digit()) => phone(value, &mut draw),
        Label::Email => email(&mut draw),
        Label::Url | Label::Telecom => format!("https://example.org/{:08x}", draw.below(usize::MAX) as u32),
        Label::IpAddress if value.contains(':') => format!("2001:db8::{:x}", draw.below(0xffff) + 1),
        Label::IpAddress => format!("192.0.2.{}", draw.below(254) + 1),
        Label::SocialSecurity => {
            let dash = if value.contains('-') { "-" } else { "" };
            let (area, group, serial) = (900 + draw.below(100), 1 + draw.below(49), 1 + draw.below(9999));
            format!("{area:03}{dash}{group:02}{dash}{serial:04}")
        }
        Label::ProviderIdentifier if is_npi_form(value) => no_npi(&mut draw),
        label if label.is_number_of_something() => same_form(value, &mut draw),
        _ => return None,
    })
}

fn street(draw: &mut Draw) -> Option<String> {
    let file = &lists().file;
    Some(format!("{} {} {}", 1 + draw.below(998), draw.of(&file.streets)?, draw.of(&file.street_kinds)?))
}

/// A name of the same parts: `Family, Given`, `Given Family`, or one part.
fn name(value: &str, hints: Hints, draw: &mut Draw) -> Option<String> {
    let lists = lists();
    let known = |word: &str| lists.known.get(&word.to_lowercase()).copied();
    let words: Vec<&str> = value.split([' ', ',', '^']).filter(|word| !word.is_empty()).collect();
    let found = words.iter().find_map(|word| known(word));
    let culture = lists.file.cultures.get(found.map_or(0, |(culture, _)| culture))?;
    let told = words.iter().find_map(|word| match known(word) {
        Some((_, Part::Female)) => Some(true),
        Some((_, Part::Male)) => Some(false),
        _ => None,
    });
    let female = hints.female.or(told).unwrap_or_else(|| draw.below(2) == 0);
    let given = if female { &culture.female } else { &culture.male };
    let written = match hints.family {
        Some(true) => draw.of(&culture.family)?.to_owned(),
        Some(false) => draw.of(given)?.to_owned(),
        None if words.len() < 2 => {
            let family = matches!(found, Some((_, Part::Family)));
            draw.of(if family { &culture.family } else { given })?.to_owned()
        }
        None if value.contains(',') => format!("{}, {}", draw.of(&culture.family)?, draw.of(given)?),
        None if value.contains('^') => format!("{}^{}", draw.of(&culture.family)?, draw.of(given)?),
        None => format!("{} {}", draw.of(given)?, draw.of(&culture.family)?),
    };
    let capitals = value.chars().any(char::is_alphabetic) && !value.chars().any(char::is_lowercase);
    Some(if capitals && value.len() > 1 { written.to_uppercase() } else { written })
}

/// 555-01xx in the punctuation of the value; the area of a value with an area becomes 555 as well.
fn phone(value: &str, draw: &mut Draw) -> String {
    let last = draw.below(100);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    // An area code that no place has: x11 is a service, never an area (NANPA).
    let area = 211 + 100 * draw.below(8);
    match digits {
        0..=7 => format!("555-01{last:02}"),
        _ if value.contains('(') => format!("({area}) 555-01{last:02}"),
        _ if value.starts_with('+') => format!("+1-{area}-555-01{last:02}"),
        _ if value.contains(['-', '.', ' ']) => format!("{area}-555-01{last:02}"),
        _ => format!("{area}55501{last:02}"),
    }
}

fn email(draw: &mut Draw) -> String {
    format!("person.{:08x}@example.org", draw.below(usize::MAX) as u32)
}

fn is_npi_form(value: &str) -> bool {
    value.len() == 10 && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// Ten digits of the form of a provider number whose check digit is not the right one (45 CFR 162.406).
fn no_npi(draw: &mut Draw) -> String {
    let mut digits = vec![1 + draw.below(2)];
    digits.extend((0..8).map(|_| draw.below(10)));
    // Luhn over 80840 and the nine digits; the prefix adds 24.
    let doubled = |(at, digit): (usize, &usize)| match at % 2 {
        0 => digit * 2 / 10 + digit * 2 % 10,
        _ => *digit,
    };
    let sum: usize = 24 + digits.iter().enumerate().map(doubled).sum::<usize>();
    let right = (10 - sum % 10) % 10;
    digits.push((right + 1 + draw.below(9)) % 10);
    digits.iter().map(usize::to_string).collect()
}

/// Digits for digits, letters for letters, everything else as it is.
fn same_form(value: &str, draw: &mut Draw) -> String {
    let of = |first: char, n: usize| char::from_u32(first as u32 + n as u32).unwrap_or(first);
    value
        .chars()
        .map(|c| match c {
            '0'..='9' => of('0', draw.below(10)),
            'a'..='z' => of('a', draw.below(26)),
            'A'..='Z' => of('A', draw.below(26)),
            c if c.is_alphanumeric() => of('A', draw.below(26)),
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(label: Label, value: &str, n: u8) -> String {
        of(label, value, Hints::default(), [n; 32].map(|b: u8| b.wrapping_mul(31).wrapping_add(n))).unwrap()
    }

    #[test]
    fn what_has_a_reserved_range_comes_from_it() {
        for n in 0..=255u8 {
            let phone = make(Label::Phone, "(617) 867-5309", n);
            assert!(phone.contains("11) 555-01"), "{phone}");
            assert!(make(Label::Email, "a@b.com", n).ends_with("@example.org"));
            assert!(make(Label::IpAddress, "10.0.0.1", n).starts_with("192.0.2."));
            let ssn = make(Label::SocialSecurity, "123-45-6789", n);
            assert!(ssn.starts_with('9') && ssn[4..6].parse::<u8>().unwrap() < 50, "{ssn}");
            assert!(make(Label::PostalCode, "02139", n).starts_with("000"));
            let npi = make(Label::ProviderIdentifier, "1234567893", n);
            assert!(!luhn(&format!("80840{npi}")), "{npi} would be a real one");
        }
        assert!(luhn("808401234567893"));
    }

    fn luhn(digits: &str) -> bool {
        let sum: u32 = digits
            .bytes()
            .rev()
            .enumerate()
            .map(|(at, b)| {
                let digit = u32::from(b - b'0') * if at % 2 == 1 { 2 } else { 1 };
                digit / 10 + digit % 10
            })
            .sum();
        sum.is_multiple_of(10)
    }

    #[test]
    fn a_name_keeps_its_form_sex_and_language() {
        let lists = lists();
        for n in 0..40 {
            let secret = [n; 32];
            let spanish =
                of(Label::Name, "Carmen", Hints { female: Some(true), family: Some(false) }, secret).unwrap();
            assert!(lists.file.cultures[1].female.contains(&spanish), "{spanish}");
            let family =
                of(Label::Name, "PATEL", Hints { female: None, family: Some(true) }, secret).unwrap();
            assert_eq!(family, family.to_uppercase());
            assert!(of(Label::Name, "Doe, John", Hints::default(), secret).unwrap().contains(", "));
        }
    }

    #[test]
    fn an_id_keeps_its_form() {
        for n in 0..40 {
            let made = make(Label::MedicalRecord, "MRN-00b/42", n);
            let form = |text: &str| {
                text.chars()
                    .map(|c| match c {
                        '0'..='9' => '0',
                        'a'..='z' => 'a',
                        'A'..='Z' => 'A',
                        c => c,
                    })
                    .collect::<String>()
            };
            assert_eq!(form(&made), form("MRN-00b/42"));
        }
        assert!(of(Label::Date, "2020-01-01", Hints::default(), [0; 32]).is_none());
    }
}
