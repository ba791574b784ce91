//! One release from a published hierarchy in JSON: `{"tree": {"id", "description", "children"}}`, where every code,
//! completed ones too, is a node under its heading. Chapters and sections are nodes whose id is no code.
//!
//! The titles of completed codes lack the comma before what the 7th character means. It is put back where the words
//! are a meaning that a tabular list of another year defines; `category 1` of H54.1131, which is none, stays a title.

use std::collections::BTreeSet;

use chartkeeper::codes::icd10cm::{ListedCode, Release, TabularSource};
use serde::Deserialize;

use crate::Result;

#[derive(Deserialize)]
struct Document {
    tree: Node,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    children: Vec<Self>,
}

/// The release that a document is; `meanings` are those of 7th characters.
pub(super) fn hierarchy(json: &[u8], release: Release, meanings: &BTreeSet<String>) -> Result<TabularSource> {
    let document: Document = serde_json::from_slice(json)?;
    let mut listing = Vec::new();
    list(&document.tree, "", meanings, &mut listing);
    Ok(TabularSource::of_listing(release, &listing)?)
}

fn list(node: &Node, above: &str, meanings: &BTreeSet<String>, out: &mut Vec<ListedCode>) {
    let code: String = node.id.chars().filter(|c| *c != '.').collect();
    let is_code =
        (3..=7).contains(&code.len()) && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let mut title = node.description.split_whitespace().collect::<Vec<_>>().join(" ");
    if code.len() == 7
        && let Some(added) = title.strip_prefix(above).and_then(|rest| rest.strip_prefix(' '))
        && meanings.contains(added)
    {
        title = format!("{above}, {added}");
    }
    if is_code {
        out.push(ListedCode { code, billable: node.children.is_empty(), title: title.clone() });
    }
    node.children.iter().for_each(|below| list(below, &title, meanings, out));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_listed_under_their_headings() {
        let json = br#"{"tree":{"id":"root","children":[{"id":"Some (W00-W19)","children":[{"id":"W03","description":
            "Other  fall","children":[{"id":"W03.XXXA","description":"Other fall initial encounter"}]},{"id":"W05.0",
            "description":"Fall from chair"},{"id":"H54.113","description":"Blind","children":[{"id":"H54.1131",
            "description":"Blind category 1"}]}]}]},"codes":[]}"#;
        let release = Release { name: "r".into(), from: "2001-10-01".into(), to: "2002-09-30".into() };
        let meanings = BTreeSet::from(["initial encounter".to_owned()]);
        let source = hierarchy(json, release, &meanings).unwrap();
        let codes: Vec<&str> = source.rows.iter().map(|row| row.code.as_str()).collect();
        assert_eq!(codes, ["W03", "W050", "H54113", "H541131"]);
        assert_eq!(source.sevenths[0][0], ('A', "initial encounter".to_owned()));
    }
}
