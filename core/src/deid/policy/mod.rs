//! Policies: for every label what is done with it, and which paragraph says so. A policy is data; a label that it
//! does not name is removed.
//!
//! The embedded ones are read by name. A user's own is JSON text in place of the name; it may `extends` an embedded
//! one. One that says what it conforms to (`conforms_to`) is refused where it does not.

mod conform;
pub(super) mod file;
mod method;
mod read;
mod treatment;

use std::collections::BTreeMap;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use serde::Serialize;
use serde_json::{Map, Value};

use self::file::{Place, Reader, malformed};
use self::read::{Rows, ages, patient, zip_censuses};
use super::paths::{self, PathRules};
use crate::error::{Error, Result, codes};
use crate::formats::label::{Label, Whose};

pub(super) use method::{Direction, Method, Shift};
pub(super) use treatment::{Clause, RuleId, Treatment};

/// The embedded policies, by name.
const EMBEDDED: &[(&str, &str)] = &[
    ("hipaa-safe-harbor", include_str!("../../../data/policies/hipaa-safe-harbor.json")),
    ("hipaa-limited-data-set", include_str!("../../../data/policies/hipaa-limited-data-set.json")),
    ("gdpr-pseudonymised", include_str!("../../../data/policies/gdpr-pseudonymised.json")),
    ("research-shifted", include_str!("../../../data/policies/research-shifted.json")),
    ("hipaa-safe-harbor-text", include_str!("../../../data/policies/hipaa-safe-harbor-text.json")),
];

/// The members of a policy's file.
const MEMBERS: &[&str] = &[
    "name",
    "title",
    "release",
    "source",
    "licence",
    "notice",
    "extends",
    "conforms_to",
    "domain",
    "patient",
    "keys",
    "default",
    "ages",
    "own_words",
    "zip3",
    "labels",
];

/// What makes two records the same patient's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PatientKey {
    /// By the id of the patient's entry instead of an identifier of the patient's.
    pub(super) by_entry: bool,
    /// Namespaces of identifiers that count, the most wanted first; none counts them all.
    pub(super) systems: Vec<String>,
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
    /// The standard that it says it conforms to, and that it was held against: `hipaa-safe-harbor` or
    /// `hipaa-limited-data-set`.
    pub conforms_to: Option<String>,
    /// What whoever uses its output must know.
    pub notice: Option<String>,
    /// The domain of its pseudonyms and shifts: the same key makes other ones in another domain.
    pub domain: String,
}

/// A de-identification policy, read once. Cheap to clone.
#[derive(Clone)]
pub struct Policy {
    inner: Arc<Inner>,
}

struct Inner {
    info: PolicyInfo,
    /// By [`Whose`], then by label.
    clauses: Vec<Clause>,
    default: Clause,
    rules: Vec<String>,
    methods: Vec<Vec<Method>>,
    patient: PatientKey,
    age_limit: Option<u16>,
    age_codes: BTreeMap<String, Vec<String>>,
    age_rule: RuleId,
    own_words_rule: RuleId,
    keys_accepted: bool,
    keys_rule: String,
    zip_censuses: Vec<String>,
    /// Rules by path, in place of those by label.
    paths: Option<PathRules>,
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

    /// The embedded policy of that name, or the policy that the JSON text is.
    ///
    /// ```
    /// use chartkeeper::deid::Policy;
    /// let policy = Policy::named("hipaa-safe-harbor").unwrap();
    /// assert_eq!(policy.info().source, "45 CFR 164.514(b)(2) and (c), eCFR as of 2023-11-20");
    /// assert_eq!(Policy::named("safe-harbour").unwrap_err().code(), "unknown_policy");
    ///
    /// let own = r#"{"name": "no-states", "extends": "hipaa-safe-harbor", "conforms_to": "hipaa-safe-harbor",
    ///     "labels": {"state": "remove"}}"#;
    /// assert_eq!(Policy::named(own).unwrap().info().name, "no-states");
    /// ```
    ///
    /// # Errors
    /// `unknown_policy`, whose text lists the names that are known; `policy_malformed` with the place of the rule
    /// that is wrong; `policy_nonconforming` with the paragraph.
    pub fn named(name: &str) -> Result<Self> {
        static READ: [OnceCell<Policy>; EMBEDDED.len()] = [const { OnceCell::new() }; EMBEDDED.len()];
        if name.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
            return Self::from_json(name);
        }
        let found = EMBEDDED.iter().zip(&READ).find(|((known, _), _)| *known == name);
        let Some(((_, text), cell)) = found else {
            let known: Vec<&str> = Self::names().collect();
            return Err(Error::new(&codes::UNKNOWN_POLICY).note(format!("known: {}", known.join(", "))));
        };
        cell.get_or_try_init(|| Self::from_json(text)).cloned()
    }

    /// A policy of the user's own, as JSON; or a configuration of rules by path (`fhirPathRules`) as Microsoft's Tools
    /// for Health Data Anonymization have them.
    ///
    /// # Errors
    /// `policy_malformed` with the place of the rule that is wrong; `unknown_policy` where it extends none that is
    /// known; `policy_nonconforming` with the paragraph.
    pub fn from_json(text: &str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let file = file::parse(text)?;
        if file.contains_key(paths::config::MEMBER) {
            return Self::by_path(paths::config::read(text)?);
        }
        let policy = Self::read(&Self::resolved(file)?)?;
        conform::check(&policy)?;
        Ok(policy)
    }

    /// A policy of rules by path: what none of them reaches stays.
    fn by_path(paths: PathRules) -> Result<Self> {
        const FILE: &str = include_str!("../../../data/policies/rules-by-path.json");
        let policy = Self::read(&file::parse(FILE)?)?;
        let mut inner = Arc::try_unwrap(policy.inner).map_err(|_| malformed(&Place::root(), "in use"))?;
        let own = inner.rules.get(usize::from(inner.default.rule.0)).cloned().unwrap_or_default();
        inner.rules = paths.names().collect();
        let last = u16::try_from(inner.rules.len()).ok().filter(|at| *at < u16::MAX);
        let last = last.ok_or_else(|| malformed(&Place::root(), "more than 65,534 rules"))?;
        inner.rules.push(own);
        inner.default.rule = RuleId(last);
        inner.clauses.iter_mut().for_each(|clause| clause.rule = RuleId(last));
        inner.paths = Some(paths);
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The rules by path, where it has them in place of those by label.
    pub(super) fn paths(&self) -> Option<&PathRules> {
        self.inner.paths.as_ref()
    }

    /// The file with what it extends.
    fn resolved(file: Map<String, Value>) -> Result<Map<String, Value>> {
        let Some(value) = file.get("extends").filter(|value| !value.is_null()) else { return Ok(file) };
        let base = value.as_str().unwrap_or_default();
        let Some((_, base)) = EMBEDDED.iter().find(|(known, _)| *known == base) else {
            let known: Vec<&str> = Self::names().collect();
            return Err(Error::new(&codes::UNKNOWN_POLICY)
                .in_path("extends")
                .note(format!("known: {}", known.join(", "))));
        };
        Ok(file::extended(Self::resolved(file::parse(base)?)?, file))
    }

    fn read(file: &Map<String, Value>) -> Result<Self> {
        let reader = Reader::new(file, Place::root(), MEMBERS)?;
        let name =
            reader.text("name")?.ok_or_else(|| malformed(&reader.place("name"), "a name is needed"))?;
        let or =
            |member: &str, default: &str| Ok::<_, Error>(reader.text(member)?.unwrap_or(default).to_owned());
        let info = PolicyInfo {
            title: or("title", name)?,
            release: or("release", "1")?,
            source: or("source", name)?,
            licence: or("licence", "the user's own")?,
            conforms_to: reader.text("conforms_to")?.map(str::to_owned),
            notice: reader.text("notice")?.map(str::to_owned),
            domain: or("domain", name)?,
            name: name.to_owned(),
        };
        let mut rows = Rows { own: format!("policy {name}"), rules: Vec::new(), methods: Vec::new() };
        let default = match reader.get("default") {
            Some(value) => rows.clause(value, None, &reader.place("default"))?,
            None => Clause { treatment: Treatment::Remove, rule: rows.own_rule()? },
        };
        let clauses = rows.clauses(reader.object("labels")?, &reader.place("labels"), default)?;
        let (age_limit, age_codes, age_rule) = ages(&reader, &mut rows)?;
        let own_words = match reader.object("own_words")? {
            Some(members) => Reader::new(members, reader.place("own_words"), &["rule"])?.text("rule")?,
            None => None,
        };
        let own_words_rule = rows.rule(own_words)?;
        let (keys_accepted, keys_rule) = match reader.object("keys")? {
            Some(members) => {
                let keys = Reader::new(members, reader.place("keys"), &["accepted", "rule"])?;
                (keys.flag("accepted")?.unwrap_or(false), keys.text("rule")?.unwrap_or(&rows.own).to_owned())
            }
            None => (false, rows.own.clone()),
        };
        if !keys_accepted && rows.methods.iter().flatten().any(Method::needs_key) {
            let note = "a method needs a key, and the policy accepts none";
            return Err(malformed(&reader.place("keys").child("accepted"), note));
        }
        let Rows { rules, methods, .. } = rows;
        Ok(Self {
            inner: Arc::new(Inner {
                info,
                clauses,
                default,
                rules,
                methods,
                patient: patient(&reader)?,
                age_limit,
                age_codes,
                age_rule,
                own_words_rule,
                keys_accepted,
                keys_rule,
                zip_censuses: zip_censuses(&reader)?,
                paths: None,
            }),
        })
    }

    /// Who the policy is.
    #[must_use]
    pub fn info(&self) -> &PolicyInfo {
        &self.inner.info
    }

    /// What it does with every label, for people: label, whose, action and rule, in the order of the labels.
    #[must_use]
    pub fn summary(&self) -> Vec<PolicyRow> {
        let mut out = Vec::with_capacity(Label::ALL.len());
        for label in Label::ALL {
            let all = Whose::ALL.iter().map(|whose| (whose, self.clause_of(*label, *whose)));
            let patient = self.clause_of(*label, Whose::Patient);
            for (whose, clause) in all {
                if *whose == Whose::Patient || clause != patient {
                    out.push(PolicyRow {
                        label: label.as_str(),
                        whose: (*whose != Whose::Patient).then_some(whose.as_str()),
                        actions: self.kinds(clause.treatment),
                        rule: self.rule(clause.rule).to_owned(),
                    });
                }
            }
        }
        out
    }

    /// Refuses a key where the policy accepts none, and the lack of one where a method needs it.
    ///
    /// # Errors
    /// `key_not_allowed`, with the paragraph; `key_needed`.
    pub(super) fn accepts_key(&self, key: Option<&[u8]>) -> Result<()> {
        if key.is_some() && !self.inner.keys_accepted {
            return Err(
                Error::new(&codes::KEY_NOT_ALLOWED).note(format!("{}; use a vault", self.inner.keys_rule))
            );
        }
        if key.is_none() && self.needs_key() {
            return Err(Error::new(&codes::KEY_NEEDED).in_path("key"));
        }
        Ok(())
    }

    /// Whether a method of it needs a key.
    #[must_use]
    pub fn needs_key(&self) -> bool {
        self.inner.methods.iter().flatten().any(Method::needs_key)
            || self.inner.paths.as_ref().is_some_and(PathRules::needs_key)
    }

    /// Whether what it does depends on whose patient a value is.
    pub(super) fn is_by_patient(&self) -> bool {
        let by_patient = |method: &Method| {
            matches!(method, Method::ShiftDates(_) | Method::Surrogate { .. } | Method::Perturb { .. })
        };
        self.inner.methods.iter().flatten().any(by_patient)
    }

    /// Whether it draws tokens from a vault.
    pub(super) fn draws_tokens(&self) -> bool {
        let drawn = |method: &Method| matches!(method, Method::Surrogate { drawn: true });
        self.inner.default.treatment == Treatment::Token
            || self.inner.clauses.iter().any(|clause| clause.treatment == Treatment::Token)
            || self.inner.methods.iter().flatten().any(drawn)
    }

    /// How it makes surrogates with a key and moves numbers, by label: a part of the domain of its pseudonyms, because
    /// they tell a second run what was done beside them. Nothing where it does neither.
    pub(super) fn inventions(&self) -> String {
        let mut out = String::new();
        let invents =
            |method: &Method| matches!(method, Method::Surrogate { drawn: false } | Method::Perturb { .. });
        if !self.inner.methods.iter().flatten().any(invents) {
            return out;
        }
        let places = Whose::ALL.iter().flat_map(|whose| Label::ALL.iter().map(move |label| (*label, *whose)));
        for (label, whose) in places {
            let Treatment::Apply(index) = self.clause_of(label, whose).treatment else { continue };
            let methods = self.methods(index);
            if methods.iter().any(invents) {
                out.push_str(&format!("\u{0}{}@{}={methods:?}", label.as_str(), whose.as_str()));
            }
        }
        out
    }

    /// Whether it keeps texts that people wrote, cleaned.
    pub(super) fn cleans_text(&self) -> bool {
        [Label::FreeText, Label::Narrative].iter().any(|label| {
            Whose::ALL.iter().any(|whose| self.clause_of(*label, *whose).treatment == Treatment::CleanText)
        })
    }

    /// Whether it moves dates, and how.
    pub(super) fn shift(&self) -> Option<Shift> {
        self.inner.methods.iter().flatten().find_map(|method| match method {
            Method::ShiftDates(shift) => Some(*shift),
            _ => None,
        })
    }

    /// What is done with a label of the patient's own.
    #[cfg(test)]
    pub(super) fn clause(&self, label: Label) -> Clause {
        self.clause_of(label, Whose::Patient)
    }

    /// What is done with a label of somebody's.
    pub(super) fn clause_of(&self, label: Label, whose: Whose) -> Clause {
        let at = whose as usize * Label::ALL.len() + label as usize;
        self.inner.clauses.get(at).copied().unwrap_or(self.inner.default)
    }

    /// Whether what stands under a label can be read in the output as it was.
    pub(super) fn shows(&self, label: Label, whose: Whose) -> bool {
        matches!(
            self.clause_of(label, whose).treatment,
            Treatment::KeepAll | Treatment::KeepState | Treatment::KeepCountry | Treatment::KeepZip
        )
    }

    /// Whether codes are made coarser: the text of one then says too much.
    pub(super) fn reduces_codes(&self, whose: Whose) -> bool {
        matches!(self.clause_of(Label::Code, whose).treatment, Treatment::Apply(_))
    }

    pub(super) fn default_clause(&self) -> Clause {
        self.inner.default
    }

    /// The methods of a treatment, in order.
    pub(super) fn methods(&self, index: u8) -> &[Method] {
        self.inner.methods.get(usize::from(index)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The names of what a treatment does.
    fn kinds(&self, treatment: Treatment) -> Vec<&'static str> {
        match treatment {
            Treatment::Apply(index) => self.methods(index).iter().map(Method::kind).collect(),
            plain => vec![method::name_of(plain)],
        }
    }

    pub(super) fn rule(&self, id: RuleId) -> &str {
        self.inner.rules.get(usize::from(id.0)).map(String::as_str).unwrap_or_default()
    }

    /// What makes two records the same patient's.
    pub(super) fn patient(&self) -> &PatientKey {
        &self.inner.patient
    }

    /// The censuses whose lists of ZIP prefixes count.
    pub(super) fn zip_censuses(&self) -> &[String] {
        &self.inner.zip_censuses
    }

    /// The age, in years, over which an age is not told; the highest number where every age may be.
    pub(super) fn age_limit(&self) -> u16 {
        self.inner.age_limit.unwrap_or(u16::MAX)
    }

    /// Whether a code is one beside which an age stands in any of the systems.
    pub(super) fn has_age_code(&self, code: &str) -> bool {
        self.inner.age_codes.values().flatten().any(|known| known == code)
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

/// What a policy does with a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyRow {
    /// Name of the label.
    pub label: &'static str,
    /// Whose, where it is not the same for all.
    pub whose: Option<&'static str>,
    /// What is done, in order.
    pub actions: Vec<&'static str>,
    /// The paragraph or reason.
    pub rule: String,
}

#[cfg(test)]
mod tests;
