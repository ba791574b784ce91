//! Policies: for every label what is done with it, and which paragraph says so. A policy is data; a label that it
//! does not name is removed.

use std::sync::Arc;

use once_cell::sync::OnceCell;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::error::{Error, Result, codes};
use crate::formats::label::Label;

/// The embedded policies, by name.
const EMBEDDED: &[(&str, &str)] =
    &[("hipaa-safe-harbor", include_str!("../../data/policies/hipaa-safe-harbor.json"))];

/// What a policy says is done with a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Treatment {
    /// It goes.
    Remove,
    /// A name of the format itself stays.
    Keep,
    /// A state or province stays where it is recognised as one.
    KeepState,
    /// A country stays where it is recognised as one.
    KeepCountry,
    /// A time of day stays where it is one.
    KeepTime,
    /// A code stays where its system is public and it has the form of that system's codes.
    KeepCode,
    /// The name of a code system stays where it is public.
    KeepSystem,
    /// The text of a code stays where the code stays and the text holds none of the record's own words.
    KeepCodeText,
    /// A number or truth value stays, unless it tells an age over the limit.
    KeepValue,
    /// A unit stays where it has the form of one.
    KeepUnit,
    /// A date becomes its year.
    Year,
    /// A birth date becomes its year, unless it tells an age over the limit.
    BirthYear,
    /// An age stays up to the limit.
    Age,
    /// A ZIP code becomes its first three digits where enough people live there.
    Zip3,
    /// An id becomes a random token.
    Token,
}

/// A treatment and the paragraph that asks for it, as an index of [`Policy::rules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) treatment: Treatment,
    pub(super) rule: RuleId,
}

/// A rule of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RuleId(u8);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    title: String,
    release: String,
    source: String,
    licence: String,
    keys: Keys,
    default: FileClause,
    ages: Ages,
    own_words: Words,
    labels: BTreeMap<String, FileClause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileClause {
    action: Treatment,
    rule: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    accepted: bool,
    rule: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ages {
    over: u16,
    rule: String,
    /// Codes under which a record states an age, by system: the number beside one is an age whatever its unit.
    codes: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    rule: String,
}

/// What a policy says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyInfo {
    /// Stable name, such as `hipaa-safe-harbor`.
    pub name: String,
    /// What it is, in words.
    pub title: String,
    /// Its release.
    pub release: String,
    /// The text that it puts into practice.
    pub source: String,
    /// Licence of its content.
    pub licence: String,
}

/// A de-identification policy, read once. Cheap to clone.
#[derive(Clone)]
pub struct Policy {
    inner: Arc<Inner>,
}

struct Inner {
    info: PolicyInfo,
    clauses: Vec<Clause>,
    default: Clause,
    rules: Vec<String>,
    age_limit: u16,
    age_codes: BTreeMap<String, Vec<String>>,
    age_rule: RuleId,
    own_words_rule: RuleId,
    keys_accepted: bool,
    keys_rule: String,
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Policy").field("name", &self.inner.info.name).finish_non_exhaustive()
    }
}

impl Policy {
    /// The names of the embedded policies.
    pub fn names() -> impl Iterator<Item = &'static str> {
        EMBEDDED.iter().map(|(name, _)| *name)
    }

    /// The embedded policy of that name.
    ///
    /// ```
    /// use chartkeeper::deid::Policy;
    /// let policy = Policy::named("hipaa-safe-harbor").unwrap();
    /// assert_eq!(policy.info().source, "45 CFR 164.514(b)(2) and (c), eCFR as of 2023-11-20");
    /// assert_eq!(Policy::named("safe-harbour").unwrap_err().code(), "unknown_policy");
    /// ```
    ///
    /// # Errors
    /// `unknown_policy`, whose text lists the names that are known.
    pub fn named(name: &str) -> Result<Self> {
        static READ: [OnceCell<Policy>; EMBEDDED.len()] = [const { OnceCell::new() }; EMBEDDED.len()];
        let found = EMBEDDED.iter().zip(&READ).find(|((known, _), _)| *known == name);
        let Some(((_, text), cell)) = found else {
            let known: Vec<&str> = Self::names().collect();
            return Err(Error::new(&codes::UNKNOWN_POLICY).note(format!("known: {}", known.join(", "))));
        };
        cell.get_or_try_init(|| Self::read(text)).cloned()
    }

    fn read(text: &str) -> Result<Self> {
        let malformed = |note: String| Error::new(&codes::POLICY_MALFORMED).note(note);
        let file: File = serde_json::from_str(text)
            .map_err(|error| malformed(format!("line {}, column {}", error.line(), error.column())))?;
        let mut rules = Vec::new();
        let default = clause(&file.default, &mut rules)?;
        let mut clauses = vec![default; Label::ALL.len()];
        for (name, row) in &file.labels {
            // A name of a policy is a program fact, not text of a record.
            let label = Label::from_name(name).ok_or_else(|| malformed(format!("unknown label {name}")))?;
            if let Some(slot) = clauses.get_mut(label as usize) {
                *slot = clause(row, &mut rules)?;
            }
        }
        let age_rule = rule(&file.ages.rule, &mut rules)?;
        let own_words_rule = rule(&file.own_words.rule, &mut rules)?;
        let info = PolicyInfo {
            name: file.name,
            title: file.title,
            release: file.release,
            source: file.source,
            licence: file.licence,
        };
        Ok(Self {
            inner: Arc::new(Inner {
                info,
                clauses,
                default,
                rules,
                age_limit: file.ages.over,
                age_codes: file.ages.codes,
                age_rule,
                own_words_rule,
                keys_accepted: file.keys.accepted,
                keys_rule: file.keys.rule,
            }),
        })
    }

    /// Who the policy is.
    #[must_use]
    pub fn info(&self) -> &PolicyInfo {
        &self.inner.info
    }

    /// Refuses a key where the policy accepts none.
    ///
    /// # Errors
    /// `key_not_allowed`, with the paragraph.
    pub(super) fn accepts_key(&self, key: Option<&[u8]>) -> Result<()> {
        if key.is_some() && !self.inner.keys_accepted {
            return Err(
                Error::new(&codes::KEY_NOT_ALLOWED).note(format!("{}; use a vault", self.inner.keys_rule))
            );
        }
        Ok(())
    }

    pub(super) fn clause(&self, label: Label) -> Clause {
        self.inner.clauses.get(label as usize).copied().unwrap_or(self.inner.default)
    }

    pub(super) fn default_clause(&self) -> Clause {
        self.inner.default
    }

    pub(super) fn rule(&self, id: RuleId) -> &str {
        self.inner.rules.get(usize::from(id.0)).map(String::as_str).unwrap_or_default()
    }

    /// The age, in years, over which an age is not told.
    pub(super) fn age_limit(&self) -> u16 {
        self.inner.age_limit
    }

    /// Whether the number beside this code is an age.
    pub(super) fn is_age_code(&self, system: &str, code: &str) -> bool {
        self.inner.age_codes.get(system).is_some_and(|codes| codes.iter().any(|known| known == code))
    }

    pub(super) fn age_rule(&self) -> RuleId {
        self.inner.age_rule
    }

    pub(super) fn own_words_rule(&self) -> RuleId {
        self.inner.own_words_rule
    }
}

fn clause(row: &FileClause, rules: &mut Vec<String>) -> Result<Clause> {
    Ok(Clause { treatment: row.action, rule: rule(&row.rule, rules)? })
}

fn rule(text: &str, rules: &mut Vec<String>) -> Result<RuleId> {
    let at = rules.iter().position(|known| known == text).unwrap_or_else(|| {
        rules.push(text.to_owned());
        rules.len() - 1
    });
    u8::try_from(at).map(RuleId).map_err(|_| Error::new(&codes::POLICY_MALFORMED).note("more than 256 rules"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_policy_reads_and_names_itself() {
        for name in Policy::names() {
            assert_eq!(Policy::named(name).unwrap().info().name, name);
        }
        let error = Policy::named("none").unwrap_err();
        assert_eq!(error.code(), "unknown_policy");
        assert!(error.to_string().ends_with("known: hipaa-safe-harbor"), "{error}");
    }

    #[test]
    fn safe_harbor_names_every_label_and_keeps_no_direct_identifier() {
        let policy = Policy::named("hipaa-safe-harbor").unwrap();
        let kept = [
            Label::Technical,
            Label::State,
            Label::Country,
            Label::Time,
            Label::Age,
            Label::Code,
            Label::CodeSystem,
            Label::CodeText,
            Label::Value,
            Label::Unit,
        ];
        let reduced = [Label::PostalCode, Label::Date, Label::BirthDate, Label::DeathDate];
        let replaced = [Label::ResourceId, Label::Reference];
        for label in Label::ALL {
            let treatment = policy.clause(*label).treatment;
            let expected = kept.contains(label) || reduced.contains(label) || replaced.contains(label);
            assert_eq!(treatment != Treatment::Remove, expected, "{}", label.as_str());
        }
    }

    #[test]
    fn a_label_that_a_policy_does_not_name_is_removed() {
        let (_, text) = EMBEDDED[0];
        let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
        value["labels"] = serde_json::json!({});
        let policy = Policy::read(&value.to_string()).unwrap();
        for label in Label::ALL {
            assert_eq!(policy.clause(*label).treatment, Treatment::Remove);
        }
        value["labels"] = serde_json::json!({"nome": {"action": "keep", "rule": "x"}});
        assert_eq!(Policy::read(&value.to_string()).unwrap_err().code(), "policy_malformed");
        value["labels"] = serde_json::json!({"name": {"action": "shift", "rule": "x"}});
        assert_eq!(Policy::read(&value.to_string()).unwrap_err().code(), "policy_malformed");
    }

    #[test]
    fn safe_harbor_takes_no_key() {
        let error = Policy::named("hipaa-safe-harbor").unwrap().accepts_key(Some(b"secret")).unwrap_err();
        assert_eq!(error.code(), "key_not_allowed");
        assert!(error.to_string().contains("164.514(c)(1)"));
        assert!(!error.to_string().contains("secret"));
    }
}
