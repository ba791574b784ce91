//! The statement of methods: what was done and how it was checked, for whoever determines the risk.

use std::collections::BTreeMap;

use super::super::paths::PathRules;
use super::super::policy::{Policy, PolicyRow};
use super::search::SHORTEST_NUMBER;
use crate::record::Finding;

/// What a policy does with every label.
fn done_by_label(policy: &Policy, out: &mut String) {
    out.push_str("\n## What was done\n| Label | Whose | Done | Rule |\n|---|---|---|---|\n");
    for PolicyRow { label, whose, actions, rule } in policy.summary() {
        let whose = whose.unwrap_or("everybody's");
        out.push_str(&format!("| {label} | {whose} | {} | {rule} |\n", actions.join(", then ")));
    }
    out.push_str("| whatever no data map recognises | everybody's | as the label `unrecognised` | |\n");
}

/// What was done and how it was checked, for an expert's file.
pub(super) fn statement(policy: &Policy, searched: usize, texts: usize, findings: &[Finding]) -> String {
    let info = policy.info();
    let mut out = format!(
        "# Statement of methods\nPolicy: {} ({}), release {}, after {}.\n",
        info.name, info.title, info.release, info.source
    );
    match &info.conforms_to {
        Some(standard) => {
            out.push_str(&format!("It calls itself {standard} and was held against it rule by rule.\n"))
        }
        None => out.push_str("It does not call itself Safe Harbor or a limited data set.\n"),
    }
    if let Some(notice) = &info.notice {
        out.push_str(&format!("\n{notice}\n"));
    }
    if policy.paths().is_some() {
        out.push_str("\n## What was done\n| Rule, in this order |\n|---|\n");
        policy
            .paths()
            .into_iter()
            .flat_map(PathRules::names)
            .for_each(|rule| out.push_str(&format!("| {rule} |\n")));
    } else {
        done_by_label(policy, &mut out);
    }
    out.push_str(&format!(
        "\n## How it was checked\nEvery value that the policy hides was taken from the original with the forms in which it is commonly \
         written, {searched} in all, and looked for in each of the {texts} texts of the output, apart from the way in which the output \
         was made. Numbers of fewer than {SHORTEST_NUMBER} letters and digits were compared with whole texts only.{}\n",
        if policy.shift().is_some() {
            " Days were not looked for: where dates move, one stands where another was."
        } else {
            ""
        }
    ));
    let kinds: BTreeMap<&str, usize> = findings.iter().fold(BTreeMap::new(), |mut kinds, finding| {
        *kinds.entry(finding.code).or_default() += 1;
        kinds
    });
    if kinds.is_empty() {
        out.push_str("Nothing was found.\n");
    }
    for (code, count) in kinds {
        out.push_str(&format!("Found: {code}, {count} times.\n"));
    }
    out.push_str(
        "\n## What this does not say\nThat the risk of re-identification is very small for an anticipated recipient (45 CFR \
         164.514(b)(1)), or that nobody has actual knowledge (164.514(b)(2)(ii)): a person determines that.\n",
    );
    out
}
