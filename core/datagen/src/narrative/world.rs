//! Given names and surnames of about 80 languages and countries, from the lists of a generator of test data.

use std::io::{Cursor, Read};

use crate::Result;
use crate::sources::Sources;

/// The names of one locale.
#[derive(Default)]
pub(crate) struct Locale {
    /// Its code, such as `vi_VN`.
    pub(crate) code: String,
    pub(crate) given: Vec<String>,
    pub(crate) surnames: Vec<String>,
}

/// The locales in the order of their codes.
pub(crate) fn locales(sources: &Sources) -> Result<Vec<Locale>> {
    let (_, wheel) = sources.read("world-names")?;
    let mut archive = zip::ZipArchive::new(Cursor::new(wheel))?;
    let mut all = Vec::new();
    for at in 0..archive.len() {
        let mut member = archive.by_index(at)?;
        let name = member.name()?.into_owned();
        let Some(code) = name
            .strip_prefix("faker/providers/person/")
            .and_then(|rest| rest.strip_suffix("/__init__.py"))
            .map(str::to_owned)
        else {
            continue;
        };
        let mut text = String::new();
        member.read_to_string(&mut text)?;
        let locale = read(code, &text);
        if !locale.given.is_empty() || !locale.surnames.is_empty() {
            all.push(locale);
        }
    }
    all.sort_by(|a, b| a.code.cmp(&b.code));
    if all.len() < 60 {
        return Err(format!("only {} locales were read", all.len()).into());
    }
    Ok(all)
}

/// Reads the quoted words of the lists whose names say what they hold.
fn read(code: String, source: &str) -> Locale {
    let mut locale = Locale { code, ..Locale::default() };
    // Which list the lines belong to: given names, surnames, or neither.
    let mut list = None;
    for line in source.lines() {
        let body = line.trim_start();
        if let Some((name, rest)) = body.split_once(['=', ':'])
            && !name.contains(['"', '\''])
            && !name.trim().is_empty()
        {
            let name = name.trim();
            list = if name.contains("kana") || name.contains("pairs") || name.contains("format") {
                None
            } else if name.starts_with("first_") || name.starts_with("middle_names") {
                Some(true)
            } else if name.starts_with("last_") {
                Some(false)
            } else {
                None
            };
            if !rest.contains(['"', '\'']) {
                continue;
            }
        }
        let Some(given) = list else { continue };
        let into = if given { &mut locale.given } else { &mut locale.surnames };
        into.extend(quoted(body));
    }
    for names in [&mut locale.given, &mut locale.surnames] {
        names.retain(|name| name.chars().count() > 1 && name.chars().next().is_some_and(char::is_alphabetic));
        names.sort();
        names.dedup();
    }
    locale
}

/// The texts between double quotes in a line.
fn quoted(line: &str) -> impl Iterator<Item = String> + '_ {
    line.split('"').skip(1).step_by(2).filter(|text| !text.contains("{{")).map(str::to_owned)
}
