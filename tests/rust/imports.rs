//! The import rule: a room imports rooms of lower floors only, bindings import the public face only.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

use chartkeeper_tests::workspace;

/// Rooms by floor, highest first. A room may import rooms of floors below its own, and itself.
const FLOORS: &[&[&str]] = &[
    &["api", "wire"],
    &["engine"],
    &["quality", "identity", "deid", "release", "ledger"],
    &["codes"],
    &["record"],
    &["formats"],
    &["packs"],
    &["text"],
    &["error"],
];

/// The two pairs that may look sideways or up: errors carry a span, and the twins sit on the verbs.
const ALLOWED: &[(&str, &str)] = &[("error", "text"), ("wire", "api")];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            out.push(path);
        }
    }
}

/// The rooms of the crate that a file names after `root` (`crate::` inside the core).
fn imports(source: &str, root: &str) -> Vec<String> {
    let code: String =
        source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices(root) {
        let rest = &code[at + root.len()..];
        let names = match rest.strip_prefix('{') {
            Some(group) => top_level_names(group),
            None => vec![rest],
        };
        for name in names {
            let name: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            rooms.push(name);
        }
    }
    rooms
}

/// The items of a `{...}` import group, without what is nested in them.
fn top_level_names(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut names) = (0usize, 0usize, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    names
}

fn offence(room: &str, import: &str) -> bool {
    let (Some(from), Some(to)) = (floor(room), floor(import)) else { return false };
    room != import && to <= from && !ALLOWED.contains(&(room, import))
}

#[test]
fn rooms_import_downwards_only() {
    let source = workspace().join("core/src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    assert!(files.len() > 10, "the core's sources were found");
    let mut offences = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&source).unwrap();
        let room = relative
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        if room == "lib" {
            continue;
        }
        assert!(floor(&room).is_some(), "{room} has no floor: add it to the design and to this test");
        for import in imports(&fs::read_to_string(&file).unwrap(), "crate::") {
            if offence(&room, &import) {
                offences.push(format!("{} imports {import}", relative.display()));
            }
        }
    }
    assert!(offences.is_empty(), "{offences:#?}");
}

#[test]
fn bindings_import_the_public_face_only() {
    for binding in ["bindings-python", "bindings-node", "bindings-swift"] {
        let mut files = Vec::new();
        rust_files(&workspace().join(binding).join("src"), &mut files);
        for file in files {
            for import in imports(&fs::read_to_string(&file).unwrap(), "chartkeeper::") {
                assert!(
                    ["api", "wire", "Error"].contains(&import.as_str()),
                    "{} imports chartkeeper::{import}",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn the_rule_sees_an_offence() {
    assert_eq!(
        imports(
            "use crate::{text::Span, codes::{A, B}};\nlet x = crate::engine::Y; // crate::api",
            "crate::"
        ),
        ["text", "codes", "engine"]
    );
    assert!(offence("codes", "engine"));
    assert!(offence("deid", "release"));
    assert!(offence("formats", "record"));
    assert!(!offence("engine", "deid"));
    assert!(!offence("error", "text"));
}
