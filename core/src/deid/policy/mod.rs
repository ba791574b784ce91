//! Policies: for every label what is done with it, and which paragraph says so. A policy is data; a label that it
//! does not name is removed.
//!
//! The embedded ones are read by name. A user's own is JSON text in place of the name; it may `extends` an embedded
//! one. One that says what it conforms to (`conforms_to`) is refused where it does not.

mod conform;
mod file;
mod method;

use std::collections::BTreeMap;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use serde::Serialize;
use serde_json::{Map, Value};

use self::file::{Place, Reader, malformed};
use crate::error::{Error, Result, codes};
use crate::formats::label::{Label, Whose};

pub(super) use method::{Direction, Method, Shift};

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

/// What a policy says is done with a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Treatment {
    /// It goes.
    Remove,
    /// It stays as it is.
    KeepAll,
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
    /// A postal code stays where it has the form of one.
    KeepZip,
    /// A date stays where it is one.
    KeepDate,
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
    /// A text that a person wrote stays without what identifies in it, as it is found in the text itself and in the
    /// rest of the record.
    CleanText,
    /// Methods with settings, one after the other: [`Policy::methods`].
    Apply(u8),
}

/// A treatment and the paragraph that asks for it, as an index of [`Policy::rule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) treatment: Treatment,
    pub(super) rule: RuleId,
}

/// A rule of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RuleId(u8);

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
        if name.trim_start().starts_with('{') {
            return Self::from_json(name);
        }
        let found = EMBEDDED.iter().zip(&READ).find(|((known, _), _)| *known == name);
        let Some(((_, text), cell)) = found else {
            let known: Vec<&str> = Self::names().collect();
            return Err(Error::new(&codes::UNKNOWN_POLICY).note(format!("known: {}", known.join(", "))));
        };
        cell.get_or_try_init(|| Self::from_json(text)).cloned()
    }

    /// A policy of the user's own, as JSON.
    ///
    /// # Errors
    /// `policy_malformed` with the place of the rule that is wrong; `unknown_policy` where it extends none that is
    /// known; `policy_nonconforming` with the paragraph.
    pub fn from_json(text: &str) -> Result<Self> {
        let policy = Self::read(&Self::resolved(text)?)?;
        conform::check(&policy)?;
        Ok(policy)
    }

    /// The file with what it extends.
    fn resolved(text: &str) -> Result<Map<String, Value>> {
        let file = file::parse(text)?;
        let Some(value) = file.get("extends").filter(|value| !value.is_null()) else { return Ok(file) };
        let base = value.as_str().unwrap_or_default();
        let Some((_, base)) = EMBEDDED.iter().find(|(known, _)| *known == base) else {
            let known: Vec<&str> = Self::names().collect();
            return Err(Error::new(&codes::UNKNOWN_POLICY)
                .in_path("extends")
                .note(format!("known: {}", known.join(", "))));
        };
        Ok(file::extended(Self::resolved(base)?, file))
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

/// The rules and methods of a policy while it is read.
struct Rows {
    /// The rule of a clause that names none.
    own: String,
    rules: Vec<String>,
    methods: Vec<Vec<Method>>,
}

impl Rows {
    fn clauses(
        &mut self,
        labels: Option<&Map<String, Value>>,
        place: &Place<'_>,
        default: Clause,
    ) -> Result<Vec<Clause>> {
        let mut out = vec![default; Whose::ALL.len() * Label::ALL.len()];
        let rows = || labels.into_iter().flatten();
        // What is said of everybody's comes first, what is said of somebody's overrules it.
        let general = rows().filter(|(name, _)| !name.contains('@'));
        for (name, value) in general.chain(rows().filter(|(name, _)| name.contains('@'))) {
            let (label_name, whose_name) = match name.split_once('@') {
                Some((label, whose)) => (label, Some(whose)),
                None => (name.as_str(), None),
            };
            let label = Label::from_name(label_name).ok_or_else(|| {
                place.unknown("label", label_name, Label::ALL.iter().map(|label| label.as_str()))
            })?;
            let whose = whose_name.map(|name| {
                Whose::from_name(name).ok_or_else(|| {
                    place.unknown("owner", name, Whose::ALL.iter().map(|whose| whose.as_str()))
                })
            });
            let clause = self.clause(value, Some(label), &place.child(name))?;
            let only = whose.transpose()?;
            for whose in Whose::ALL.iter().filter(|whose| only.is_none_or(|only| only == **whose)) {
                if let Some(slot) = out.get_mut(*whose as usize * Label::ALL.len() + label as usize) {
                    *slot = clause;
                }
            }
        }
        Ok(out)
    }

    /// An action with its rule, or an action alone.
    fn clause(&mut self, value: &Value, label: Option<Label>, place: &Place<'_>) -> Result<Clause> {
        let (action, rule, place) = match value {
            Value::Object(members) if members.contains_key("action") => {
                let reader = Reader::new(members, place.clone(), &["action", "rule"])?;
                (reader.get("action"), reader.text("rule")?, place.child("action"))
            }
            other => (Some(other), None, place.clone()),
        };
        let action = action.ok_or_else(|| malformed(&place, "an action is needed"))?;
        let treatment = match method::read(action, label, &place)? {
            // A name of the format is never kept unread.
            method::Action::Plain(Treatment::KeepAll) if label == Some(Label::Technical) => Treatment::Keep,
            method::Action::Plain(treatment) => treatment,
            method::Action::Methods(methods) => {
                let at = self.methods.iter().position(|known| *known == methods).unwrap_or_else(|| {
                    self.methods.push(methods);
                    self.methods.len() - 1
                });
                Treatment::Apply(u8::try_from(at).map_err(|_| malformed(&place, "more than 256 methods"))?)
            }
        };
        Ok(Clause { treatment, rule: self.rule(rule)? })
    }

    fn own_rule(&mut self) -> Result<RuleId> {
        self.rule(None)
    }

    fn rule(&mut self, text: Option<&str>) -> Result<RuleId> {
        let text = text.unwrap_or(&self.own);
        let at = match self.rules.iter().position(|known| known == text) {
            Some(at) => at,
            None => {
                self.rules.push(text.to_owned());
                self.rules.len() - 1
            }
        };
        u8::try_from(at).map(RuleId).map_err(|_| malformed(&Place::root(), "more than 256 rules"))
    }
}

type Ages = (Option<u16>, BTreeMap<String, Vec<String>>, RuleId);

fn ages(reader: &Reader<'_>, rows: &mut Rows) -> Result<Ages> {
    let Some(members) = reader.object("ages")? else { return Ok((None, BTreeMap::new(), rows.own_rule()?)) };
    let place = reader.place("ages");
    let ages = Reader::new(members, place.clone(), &["over", "rule", "codes"])?;
    let over = ages.get("over").and_then(Value::as_u64).and_then(|years| u16::try_from(years).ok());
    let over = over
        .filter(|years| (1..=150).contains(years))
        .ok_or_else(|| malformed(&place.child("over"), "a number of years from 1 to 150 is needed"))?;
    let mut codes = BTreeMap::new();
    if let Some(members) = ages.object("codes")? {
        let place = place.child("codes");
        for (system, list) in members {
            let list = list.as_array().and_then(|items| {
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
            });
            codes.insert(system.clone(), list.ok_or_else(|| malformed(&place, "lists of codes are needed"))?);
        }
    }
    Ok((Some(over), codes, rows.rule(ages.text("rule")?)?))
}

fn patient(reader: &Reader<'_>) -> Result<PatientKey> {
    let Some(members) = reader.object("patient")? else { return Ok(PatientKey::default()) };
    let place = reader.place("patient");
    let patient = Reader::new(members, place.clone(), &["by", "systems"])?;
    let by_entry = match patient.text("by")?.unwrap_or("identifier") {
        "identifier" => false,
        "entry" => true,
        _ => return Err(malformed(&place.child("by"), "identifier or entry is needed")),
    };
    Ok(PatientKey { by_entry, systems: patient.texts("systems")? })
}

/// The censuses of the ZIP rule: all that there are, unless the policy names one.
fn zip_censuses(reader: &Reader<'_>) -> Result<Vec<String>> {
    let known = super::places::Places::censuses();
    let Some(members) = reader.object("zip3")? else { return Ok(known) };
    let place = reader.place("zip3");
    let zip = Reader::new(members, place.clone(), &["census"])?;
    match zip.text("census")?.unwrap_or("union") {
        "union" => Ok(known),
        one if known.iter().any(|census| census == one) => Ok(vec![one.to_owned()]),
        _ => {
            Err(malformed(&place.child("census"), format!("union or one of {} is needed", known.join(", "))))
        }
    }
}

#[cfg(test)]
mod tests;
