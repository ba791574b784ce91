//! Geography under Safe Harbor: the three-digit ZIP rule of 45 CFR 164.514(b)(2)(i)(B), states and countries.
//!
//! Three digits stay where three things hold: the prefix is one of the populated prefixes of the newest census
//! (more than 20,000 people together), no census of the list restricts it, and the address is of the United
//! States. Every other ZIP code becomes `000`, and a postal code of any other form is removed: the paragraph
//! spares ZIP codes only. A prefix that no census area has (single buildings, military mail, unassigned) is in no
//! populated range and so becomes `000` too.

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use serde::Deserialize;

#[derive(Deserialize)]
struct Zip3File {
    restricted: BTreeMap<String, Vec<String>>,
    populated: Vec<String>,
}

#[derive(Deserialize)]
struct PlacesFile {
    united_states: Vec<String>,
    states: Vec<String>,
    countries: Vec<String>,
}

/// The lists, read once.
pub(super) struct Places {
    /// Prefixes 000 to 999 where enough people live.
    populated: Vec<bool>,
    /// Prefixes that a census restricts, by its year.
    restricted: BTreeMap<String, Vec<bool>>,
    united_states: HashSet<String>,
    states: HashSet<String>,
    countries: HashSet<String>,
}

/// What a postal code becomes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Zip {
    /// Its first three digits.
    Three,
    /// `000`: too few people, or a prefix that no census area has.
    Zero,
    /// Nothing: it is no ZIP code of the United States.
    Remove,
}

impl Places {
    /// The embedded lists.
    pub(super) fn embedded() -> &'static Self {
        static PLACES: OnceLock<Places> = OnceLock::new();
        PLACES.get_or_init(|| {
            // Lists that cannot be read tell nothing: every ZIP code becomes 000. The tests read them.
            let zips = serde_json::from_str(include_str!("../../data/zip3.json"));
            let places = serde_json::from_str(include_str!("../../data/policies/places.json"));
            Self::of(
                &zips.unwrap_or(Zip3File { restricted: BTreeMap::new(), populated: Vec::new() }),
                places.unwrap_or(PlacesFile {
                    united_states: Vec::new(),
                    states: Vec::new(),
                    countries: Vec::new(),
                }),
            )
        })
    }

    fn of(zips: &Zip3File, places: PlacesFile) -> Self {
        let marked = |ranges: &[String]| {
            let mut marked = vec![false; 1000];
            for range in ranges.iter().filter_map(|range| prefixes(range)) {
                marked.get_mut(range).into_iter().flatten().for_each(|slot| *slot = true);
            }
            marked
        };
        let populated = marked(&zips.populated);
        let restricted =
            zips.restricted.iter().map(|(census, list)| (census.clone(), marked(list))).collect();
        let folded = |names: Vec<String>| names.iter().map(|name| fold(name)).collect();
        Self {
            populated,
            restricted,
            united_states: folded(places.united_states),
            states: folded(places.states),
            countries: folded(places.countries),
        }
    }

    /// What becomes of a postal code, given the state and country of the same address where they are told.
    /// A prefix that one of `censuses` restricts is not told.
    pub(super) fn zip(
        &self,
        code: &str,
        state: Option<&str>,
        country: Option<&str>,
        censuses: &[String],
    ) -> Zip {
        let here = match (country, state) {
            (Some(country), _) => self.united_states.contains(&fold(country)),
            (None, Some(state)) => self.states.contains(&fold(state)),
            (None, None) => true,
        };
        let Some(prefix) = zip_prefix(code).filter(|_| here) else { return Zip::Remove };
        let Ok(number) = prefix.parse::<usize>() else { return Zip::Zero };
        let marked = |list: &Vec<bool>| list.get(number).copied().unwrap_or(true);
        let restricted = |census: &String| self.restricted.get(census).is_none_or(marked);
        // Without a census there is nothing to go by.
        if censuses.is_empty() || censuses.iter().any(restricted) {
            return Zip::Zero;
        }
        if self.populated.get(number) == Some(&true) { Zip::Three } else { Zip::Zero }
    }

    /// The years of the censuses whose lists are here.
    pub(super) fn censuses() -> Vec<String> {
        Self::embedded().restricted.keys().cloned().collect()
    }

    /// Whether it is a state or territory of the United States, by name or abbreviation.
    pub(super) fn lists_state(&self, text: &str) -> bool {
        self.states.contains(&fold(text))
    }

    /// Whether it is a country by the name that people write, or a code for the United States.
    pub(super) fn lists_country(&self, text: &str) -> bool {
        self.united_states.contains(&fold(text)) || self.countries.contains(&fold(text))
    }

    /// Whether it is a state or territory of the United States, or a code of two or three capitals (with or
    /// without its country: ISO 3166-2).
    pub(super) fn is_state(&self, text: &str) -> bool {
        let code = match text.split_once('-') {
            Some((country, part)) if country.len() == 2 && is_capitals(country) => part,
            Some(_) => return false,
            None => text,
        };
        (matches!(code.len(), 2..=3) && is_capitals(code)) || self.lists_state(text)
    }

    /// Whether it is a country's name, or a code of two or three letters (ISO 3166-1).
    pub(super) fn is_country(&self, text: &str) -> bool {
        (matches!(text.len(), 2..=3) && text.bytes().all(|byte| byte.is_ascii_alphabetic()))
            || self.lists_country(text)
    }
}

fn is_capitals(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// `036` or `009-035` as numbers.
fn prefixes(range: &str) -> Option<RangeInclusive<usize>> {
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    Some(first.parse().ok()?..=last.parse().ok()?)
}

/// The first three digits of `NNN`, `NNNNN`, `NNNNNNNNN`, `NNNNN-NNNN` or `NNNNN NNNN`. The first form is what an
/// earlier run left.
fn zip_prefix(code: &str) -> Option<&str> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let well_formed = match code.len() {
        3 | 5 | 9 => digits(code),
        10 => {
            let (area, rest) = (code.get(..5)?, code.get(5..)?);
            digits(area) && rest.strip_prefix(['-', ' ']).is_some_and(digits)
        }
        _ => false,
    };
    if well_formed { code.get(..3) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_stay_where_enough_people_live() {
        let places = Places::embedded();
        let all = Places::censuses();
        let us = |code| places.zip(code, None, Some("US"), &all);
        assert_eq!(us("02139"), Zip::Three);
        assert_eq!(us("02139-4307"), Zip::Three);
        assert_eq!(us("021394307"), Zip::Three);
        assert_eq!(us("021"), Zip::Three);
        // Restricted by the 2000 list only, by the 2020 list only, by both; unassigned; a single building.
        for code in ["06390", "83001", "20500", "75301", "03601", "00000", "99999-1234", "05501", "96201"] {
            let expected = if code.starts_with("999") { Zip::Three } else { Zip::Zero };
            assert_eq!(us(code), expected, "{code}");
        }
        assert_eq!(us("000"), Zip::Zero);
    }

    #[test]
    fn what_is_no_zip_code_goes() {
        let (places, all) = (Places::embedded(), Places::censuses());
        for code in
            ["", "2139", "0213A", "K1A 0B1", "SW1A 1AA", "02139-43", "02139x4307", "１２３４５", "021394"]
        {
            assert_eq!(places.zip(code, None, None, &all), Zip::Remove, "{code}");
        }
        assert_eq!(places.zip("80331", None, Some("DE"), &all), Zip::Remove);
        assert_eq!(places.zip("80331", Some("Bayern"), None, &all), Zip::Remove);
        assert_eq!(places.zip("02139", Some("ma"), None, &all), Zip::Three);
        assert_eq!(places.zip("02139", None, None, &all), Zip::Three);
    }

    #[test]
    fn states_and_countries_are_recognised() {
        let places = Places::embedded();
        for text in ["MA", "Massachusetts", "new york", "NSW", "CA-ON", "Puerto Rico"] {
            assert!(places.is_state(text), "{text}");
        }
        for text in ["", "Springfield", "12 Main Street", "Ma1", "Hodges", "X", "Main-MA"] {
            assert!(!places.is_state(text), "{text}");
        }
        for text in ["US", "usa", "United States", "Canada", "DEU", "The Netherlands"] {
            assert!(places.is_country(text), "{text}");
        }
        for text in ["", "Springfield", "12", "John Doe"] {
            assert!(!places.is_country(text), "{text}");
        }
    }

    #[test]
    fn the_lists_are_as_their_sources_say() {
        let zips: Zip3File = serde_json::from_str(include_str!("../../data/zip3.json")).unwrap();
        assert_eq!(zips.restricted["2000"].len(), 17);
        assert_eq!(zips.restricted["2020"].len(), 18);
        let all = Places::censuses();
        let told = (0..1000).filter(|n| {
            let code = format!("{n:03}");
            Places::embedded().zip(&code, None, None, &all) == Zip::Three
        });
        let told = told.count();
        // 876 populated prefixes of 2020, less those that only the 2000 list restricts.
        let only_2000 =
            zips.restricted["2000"].iter().filter(|p| !zips.restricted["2020"].contains(p)).count();
        assert_eq!(told, 876 - only_2000);
    }
}
