//! What made notes are filled with: names weighted as people bear them, places, bodies, clinical words.

use std::collections::BTreeSet;

use super::bodies::Bodies;
use super::{census, given, lists, words, world};
use crate::Result;
use crate::sources::Sources;

/// Numbers that look random and are the same in every run (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }

    pub(crate) fn letter(&mut self) -> char {
        char::from(b'A' + self.below(26) as u8)
    }

    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }
}

/// Words with their weights, added up.
struct Weighted {
    words: Vec<String>,
    sums: Vec<u64>,
}

impl Weighted {
    fn new(list: Vec<(String, u64)>) -> Self {
        let mut total = 0;
        let (mut words, mut sums) = (Vec::new(), Vec::new());
        for (word, weight) in list {
            total += weight;
            words.push(word);
            sums.push(total);
        }
        Self { words, sums }
    }

    fn pick(&self, random: &mut Random) -> &str {
        let total = self.sums.last().copied().unwrap_or(1).max(1);
        let wanted = random.next() % total;
        let at = self.sums.partition_point(|sum| *sum <= wanted);
        self.words.get(at).map_or("", String::as_str)
    }
}

/// Everything that a note may be filled with.
pub(crate) struct Pool {
    given: Weighted,
    surnames: Weighted,
    rare_given: Vec<String>,
    rare_surnames: Vec<String>,
    locales: Vec<world::Locale>,
    cities: Weighted,
    eponyms: Vec<&'static str>,
    eponym_set: BTreeSet<&'static str>,
    substances: Vec<String>,
    substance_set: BTreeSet<String>,
    titles: Vec<String>,
    bodies: Bodies,
}

impl Pool {
    pub(crate) fn new(sources: &Sources) -> Result<Self> {
        let given = given::given_names(sources)?;
        let surnames = census::surnames(sources)?;
        let substances = words::substances(sources)?;
        let eponyms: Vec<&str> = lists::eponyms().filter(|word| word.len() > 3).collect();
        let mut locales = world::locales(sources)?;
        // Scripts other than Latin stand in few English notes.
        locales.retain(|locale| {
            let latin =
                |names: &[String]| names.first().is_some_and(|name| name.chars().all(|c| c < '\u{370}'));
            latin(&locale.given) && latin(&locale.surnames)
        });
        let cities = words::cities(sources)?
            .into_iter()
            .filter(|city| city.countrycode == "US" && city.population > 1_000 || city.population > 300_000)
            .filter(|city| city.name.chars().all(|c| c < '\u{250}'))
            .map(|city| (city.name, (city.population as f64).sqrt() as u64))
            .collect();
        Ok(Self {
            rare_given: given.keys().cloned().collect(),
            given: Weighted::new(
                given.into_iter().map(|(name, years)| (name, u64::from(years).pow(2))).collect(),
            ),
            rare_surnames: surnames.iter().map(|(name, _)| title(name)).collect(),
            surnames: Weighted::new(
                surnames.into_iter().map(|(name, count)| (title(&name), count)).collect(),
            ),
            locales,
            cities: Weighted::new(cities),
            eponym_set: eponyms.iter().copied().collect(),
            eponyms,
            substance_set: substances.clone(),
            substances: substances.into_iter().collect(),
            titles: words::all_titles(sources)?,
            bodies: Bodies::read()?,
        })
    }

    /// A locale for the people of one note; beyond the list, the United States.
    pub(crate) fn locale(&self, random: &mut Random) -> usize {
        random.below(self.locales.len() * 5 / 3)
    }

    pub(crate) fn given(&self, locale: usize, random: &mut Random) -> String {
        let name = match (random.below(10), self.locales.get(locale)) {
            (0..6, Some(locale)) if locale.given.len() > 3 => {
                random.pick(&locale.given).cloned().unwrap_or_default()
            }
            (8, _) => random.pick(&self.rare_given).cloned().unwrap_or_default(),
            _ => self.given.pick(random).to_owned(),
        };
        spoiled(first_word(&name), random)
    }

    pub(crate) fn surname(&self, locale: usize, random: &mut Random) -> String {
        let name = match (random.below(10), self.locales.get(locale)) {
            (0..6, Some(locale)) if locale.surnames.len() > 3 => {
                random.pick(&locale.surnames).cloned().unwrap_or_default()
            }
            (8, _) => random.pick(&self.rare_surnames).cloned().unwrap_or_default(),
            _ => self.surnames.pick(random).to_owned(),
        };
        spoiled(first_word(&name), random)
    }

    pub(crate) fn city(&self, random: &mut Random) -> &str {
        self.cities.pick(random)
    }

    /// The name of a hospital, clinic, home, school, plan or firm.
    pub(crate) fn organisation(&self, random: &mut Random) -> String {
        self.bodies.name(self, random)
    }

    /// A surname as often as people of the United States bear it.
    pub(crate) fn common_surname(&self, random: &mut Random) -> String {
        self.surnames.pick(random).to_owned()
    }

    /// A given name as often as it was given in the United States.
    pub(crate) fn common_given(&self, random: &mut Random) -> String {
        self.given.pick(random).to_owned()
    }

    /// The same text with other eponyms and drugs where it has some.
    /// `hasty`: with more slips of the pen.
    pub(crate) fn vary(&self, text: &str, hasty: bool, random: &mut Random) -> String {
        let mut out = String::with_capacity(text.len());
        let mut word = String::new();
        for c in text.chars().chain(std::iter::once('\0')) {
            if c.is_alphabetic() {
                word.push(c);
                continue;
            }
            if !word.is_empty() {
                let other = if self.eponym_set.contains(word.as_str()) && random.below(3) == 0 {
                    random.pick(&self.eponyms).map(|word| (*word).to_owned())
                } else if word.len() > 4
                    && self.substance_set.contains(&word.to_lowercase())
                    && random.below(3) == 0
                {
                    let new = random.pick(&self.substances).cloned().unwrap_or_default();
                    Some(if word.starts_with(char::is_uppercase) { title(&new) } else { new })
                } else if word.len() > 5 && random.below(if hasty { 6 } else { 60 }) == 0 {
                    // Slips of the pen are no names.
                    Some(slipped(&word, random))
                } else {
                    None
                };
                out.push_str(&other.unwrap_or_else(|| word.clone()));
                word.clear();
            }
            if c != '\0' {
                out.push(c);
            }
        }
        out
    }

    /// A list of titles of diseases.
    pub(crate) fn problems(&self, random: &mut Random) -> String {
        const LEADS: &[&str] =
            &["Assessment: ", "Problem List: ", "PMH: ", "Diagnoses:\n", "Impression: ", "dx: ", ""];
        const JOINS: &[&str] = &["; ", ", ", "\n", ". ", "\n- "];
        let join = random.pick(JOINS).copied().unwrap_or_default();
        let count = 4 + random.below(8);
        let all: Vec<String> = (0..count).filter_map(|_| random.pick(&self.titles).cloned()).collect();
        format!("{}{}", random.pick(LEADS).copied().unwrap_or_default(), all.join(join))
    }
}

/// One time in twelve names are misspelt.
fn spoiled(name: &str, random: &mut Random) -> String {
    if name.chars().count() > 4 && random.below(12) == 0 { slipped(name, random) } else { name.to_owned() }
}

/// A word of five letters or more with one left out, doubled or exchanged.
fn slipped(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + random.below(letters.len().saturating_sub(2));
    match random.below(3) {
        0 => _ = letters.remove(at),
        1 => letters.insert(at, letters.get(at).copied().unwrap_or('a')),
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}

fn first_word(name: &str) -> &str {
    name.split([' ', '/']).find(|word| word.chars().count() > 1).unwrap_or(name)
}

/// A word in lower case with its first letter large.
fn title(word: &str) -> String {
    let lower = word.to_lowercase();
    let mut letters = lower.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
