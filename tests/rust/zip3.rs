//! The ZIP list against the census file it comes from, where that is beside the checkout.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use chartkeeper_tests::{lines, workspace};
use serde_json::Value;

fn prefixes(list: &Value) -> BTreeSet<u32> {
    let ranges = list.as_array().unwrap().iter().map(|range| range.as_str().unwrap());
    ranges
        .flat_map(|range| {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            first.parse().unwrap()..=last.parse().unwrap()
        })
        .collect()
}

#[test]
fn the_2020_list_is_what_the_census_says() {
    let Some(lines) = lines("deid/zcta_population_2020.csv.gz") else { return };
    let mut people: BTreeMap<u32, u64> = BTreeMap::new();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let (area, count) = line.split_once(',').unwrap();
        *people.entry(area[..3].parse().unwrap()).or_insert(0) += count.trim().parse::<u64>().unwrap();
    }
    let list: Value =
        serde_json::from_slice(&std::fs::read(workspace().join("core/data/zip3.json")).unwrap()).unwrap();
    let few: BTreeSet<u32> =
        people.iter().filter(|(_, n)| **n <= 20_000).map(|(prefix, _)| *prefix).collect();
    let many: BTreeSet<u32> =
        people.iter().filter(|(_, n)| **n > 20_000).map(|(prefix, _)| *prefix).collect();
    assert_eq!(prefixes(&list["restricted"]["2020"]), few);
    assert_eq!(prefixes(&list["populated"]), many);
}
