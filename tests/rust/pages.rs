//! The documentation says what the code says: the generated pages are up to date (`make docs` writes them), and
//! what the pages quote is the file that the tests run.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use chartkeeper::error::codes;
use chartkeeper::quality::CHECKS;
use chartkeeper_tests::workspace;

/// The page of all error codes, from the catalogue.
fn errors_page() -> String {
    let mut page = String::from(
        "# Errors\n\
         <!-- Generated from the catalogue in core/src/error.rs by `make docs`. -->\n\
         Every error of every language carries a `kind`, a `code` of this catalogue, and where they are known the\n\
         native `path` and the byte `span` (start, end) in the source. The message is the text below, a note made of\n\
         program facts, and the place. No error holds text of a record. Codes and kinds are stable; new ones may come.\n",
    );
    let mut kinds: Vec<&str> = Vec::new();
    for row in codes::ALL {
        if !kinds.contains(&row.kind.as_str()) {
            kinds.push(row.kind.as_str());
        }
    }
    for kind in kinds {
        write!(page, "\n## {kind}\n| Code | What happened |\n|---|---|\n").unwrap();
        for row in codes::ALL.iter().filter(|row| row.kind.as_str() == kind) {
            writeln!(page, "| `{}` | {} |", row.code, row.text).unwrap();
        }
    }
    page
}

/// The tables of the guide's chapter on quality, from the table of checks.
fn quality_tables() -> String {
    let mut tables = String::new();
    let mut groups: Vec<&str> = CHECKS.iter().map(|check| check.group).collect();
    groups.dedup();
    for group in groups {
        write!(tables, "\n### {group}\n| Code | Severity | What is wrong | Source |\n|---|---|---|---|\n")
            .unwrap();
        for check in CHECKS.iter().filter(|check| check.group == group) {
            let severity = format!("{:?}", check.severity).to_lowercase();
            writeln!(tables, "| `{}` | {severity} | {} | {} |", check.code, check.text, check.source)
                .unwrap();
        }
    }
    tables
}

/// Compares a generated page, or writes it where that was asked for.
fn generated(file: &str, page: &str) {
    let path = workspace().join(file);
    if std::env::var_os("CHARTKEEPER_WRITE").is_some() {
        fs::write(&path, page).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == page, "{file} is not what the code says: run make docs");
}

#[test]
fn the_errors_page_is_the_catalogue() {
    generated("docs/errors.md", &errors_page());
}

#[test]
fn the_chapter_on_quality_lists_the_checks() {
    const MARK: &str = "<!-- The rest is generated from core/src/quality/checks.rs by `make docs`. -->\n";
    let file = "docs/guide/quality.md";
    let page = fs::read_to_string(workspace().join(file)).unwrap();
    let (text, _) = page.split_once(MARK).unwrap();
    generated(file, &format!("{text}{MARK}{}", quality_tables()));
}

/// The `(file, code)` pairs of a page: a fence that follows a line `<!-- quote: FILE -->`.
fn quotes(page: &str) -> Vec<(&str, &str)> {
    page.match_indices("<!-- quote: ")
        .map(|(at, mark)| {
            let rest = &page[at + mark.len()..];
            let (file, rest) = rest.split_once(" -->\n```").unwrap();
            let (_, rest) = rest.split_once('\n').unwrap();
            let (code, _) = rest.split_once("```").unwrap();
            (file, code)
        })
        .collect()
}

fn markdown(folder: &Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            markdown(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            out.push(path);
        }
    }
}

#[test]
fn what_a_page_quotes_is_the_file() {
    let root = workspace();
    let mut pages = vec![root.join("README.md"), root.join("bindings-python/README.md")];
    markdown(&root.join("docs"), &mut pages);
    let mut seen = 0;
    for page in pages {
        for (file, code) in quotes(&fs::read_to_string(&page).unwrap()) {
            let held = fs::read_to_string(root.join(file)).unwrap();
            assert!(held.contains(code), "{} quotes {file} wrongly", page.display());
            seen += 1;
        }
    }
    assert!(seen > 0, "the README quotes its examples");
}

#[test]
fn links_between_pages_lead_somewhere() {
    let root = workspace();
    let alone = [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "bindings-node/README.md",
        "bindings-python/README.md",
        "bindings-swift/README.md",
    ];
    let mut pages: Vec<_> = alone.iter().map(|page| root.join(page)).collect();
    markdown(&root.join("docs"), &mut pages);
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', '#']).next().unwrap();
            if target.is_empty() || target.contains(':') {
                continue;
            }
            let place = page.parent().unwrap().join(target);
            assert!(place.exists(), "{} links to {target}", page.display());
        }
    }
}
