//! Conformity: a policy that says what it conforms to is held against that standard, rule by rule.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::{Clause, Policy, Treatment};
use crate::error::{Error, Result, codes};
use crate::formats::label::{Label, Whose};

/// What the standards allow, as data.
const TABLE: &str = include_str!("../../../data/policies/conformity.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    standards: BTreeMap<String, Standard>,
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "release")]
    _release: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "licence")]
    _licence: String,
}

/// What a standard allows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Standard {
    keys: Keys,
    ages_over: Option<Ages>,
    default: Row,
    /// Methods that no rule may use, with the paragraph.
    never: BTreeMap<String, String>,
    /// Labels that the standard says nothing about where they are a provider's.
    provider_exempt: Vec<String>,
    labels: BTreeMap<String, Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    accepted: bool,
    paragraph: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ages {
    most: u16,
    paragraph: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(default)]
    allows: Vec<String>,
    #[serde(default)]
    any: bool,
    paragraph: String,
}

fn table() -> Result<&'static Table> {
    static READ: OnceLock<Option<Table>> = OnceLock::new();
    let read = READ.get_or_init(|| serde_json::from_str(TABLE).ok());
    // A table that cannot be read lets no policy call itself anything. The tests read it.
    read.as_ref()
        .ok_or_else(|| Error::new(&codes::POLICY_NONCONFORMING).note("the table of standards is damaged"))
}

/// Refuses a policy that does not conform to what it calls itself.
///
/// # Errors
/// `policy_nonconforming`, with the rule and the paragraph.
pub(super) fn check(policy: &Policy) -> Result<()> {
    let Some(name) = &policy.info().conforms_to else { return Ok(()) };
    let table = table()?;
    let Some(standard) = table.standards.get(name) else {
        let known: Vec<&str> = table.standards.keys().map(String::as_str).collect();
        return Err(Error::new(&codes::POLICY_MALFORMED)
            .in_path("conforms_to")
            .note(format!("known: {}", known.join(", "))));
    };
    if policy.inner.keys_accepted && !standard.keys.accepted {
        return Err(refuse("keys.accepted", &standard.keys.paragraph, "no key may be accepted"));
    }
    if let Some(ages) = &standard.ages_over
        && policy.inner.age_limit.is_none_or(|over| over > ages.most)
    {
        let note = format!("ages over {} may not be told", ages.most);
        return Err(refuse("ages.over", &ages.paragraph, &note));
    }
    standard.admits(policy, policy.inner.default, &standard.default, "default")?;
    for label in Label::ALL {
        let row = standard.labels.get(label.as_str()).unwrap_or(&standard.default);
        for whose in Whose::ALL {
            let exempt = standard.provider_exempt.iter().any(|name| name == label.as_str());
            if exempt && *whose == Whose::Provider {
                continue;
            }
            let place = format!("labels.{}", label.as_str());
            standard.admits(policy, policy.clause_of(*label, *whose), row, &place)?;
        }
    }
    Ok(())
}

impl Standard {
    /// Whether a clause does what a row allows: one of its steps must, and none may be forbidden.
    fn admits(&self, policy: &Policy, clause: Clause, row: &Row, place: &str) -> Result<()> {
        let kinds = policy.kinds(clause.treatment);
        if let Some((kind, paragraph)) = kinds.iter().find_map(|kind| Some((kind, self.never.get(*kind)?))) {
            return Err(refuse(place, paragraph, &format!("{kind} does not conform")));
        }
        let allowed = |kind: &str| row.allows.iter().any(|known| known == kind);
        if row.any || clause.treatment == Treatment::Remove || kinds.iter().any(|kind| allowed(kind)) {
            return Ok(());
        }
        let note = format!("{} does not conform; {} does", kinds.join(" then "), row.allows.join(", "));
        Err(refuse(place, &row.paragraph, &note))
    }
}

fn refuse(place: &str, paragraph: &str, note: &str) -> Error {
    Error::new(&codes::POLICY_NONCONFORMING).in_path(place).note(format!("{paragraph}: {note}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_and_names_labels_that_are() {
        for standard in table().unwrap().standards.values() {
            for name in standard.labels.keys().chain(&standard.provider_exempt) {
                assert!(Label::from_name(name).is_some(), "{name}");
            }
        }
    }
}
