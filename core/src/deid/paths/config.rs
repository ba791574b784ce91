//! Configurations of Microsoft's Tools for Health Data Anonymization: JSON with rules by path, read member by member, so
//! that an error names the rule.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::expression::{self, Expr, Flaw};
use super::{Keys, Method, PathRules, Rule};
use crate::deid::policy::file::{Place, malformed};
use crate::error::{Error, Result};

/// The member by which such a file is known.
pub(in crate::deid) const MEMBER: &str = "fhirPathRules";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    fhir_path_rules: Vec<FileRule>,
    #[serde(default)]
    fhir_version: Option<String>,
    #[serde(default)]
    processing_errors: Option<String>,
    #[serde(default)]
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FileRule {
    path: String,
    method: String,
    #[serde(default)]
    cases: Option<Cases>,
    #[serde(default)]
    other_values: Option<String>,
    #[serde(default)]
    replace_with: Option<Value>,
    #[serde(default)]
    span: Option<f64>,
    #[serde(default)]
    range_type: Option<String>,
    #[serde(default)]
    round_to: Option<u32>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Parameters {
    date_shift_key: Option<String>,
    date_shift_scope: Option<String>,
    date_shift_fixed_offset_in_days: Option<i32>,
    crypto_hash_key: Option<String>,
    encrypt_key: Option<String>,
    enable_partial_ages_for_redact: Option<bool>,
    enable_partial_dates_for_redact: Option<bool>,
    enable_partial_zip_codes_for_redact: Option<bool>,
    restricted_zip_code_tabulation_areas: Option<Vec<String>>,
}

/// The cases of a rule, in the order in which they stand.
struct Cases(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Cases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Cases;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("expressions by the expression of their case")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> std::result::Result<Cases, M::Error> {
                let mut out = Vec::new();
                while let Some(case) = map.next_entry()? {
                    out.push(case);
                }
                Ok(Cases(out))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// Reads the rules of a configuration.
///
/// # Errors
/// `policy_malformed` with the member or rule that is wrong.
pub(in crate::deid) fn read(text: &str) -> Result<PathRules> {
    let file: File = serde_json::from_str(text).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "a member is missing, unknown or of another type",
            _ => "not valid JSON",
        };
        let note = format!("{what}, at line {}, column {}", error.line(), error.column());
        malformed(&Place::root(), note)
    })?;
    let root = Place::root();
    // The versions that the map of FHIR knows read alike.
    if let Some(version) = file.fhir_version.as_deref().filter(|version| !version.is_empty())
        && !["stu3", "r4", "r4b", "r5"].contains(&version.to_lowercase().as_str())
    {
        return Err(malformed(&root.child("fhir_version"), "Stu3, R4, R4B or R5 is needed"));
    }
    let skips_errors = match file.processing_errors.as_deref().map(str::to_lowercase).as_deref() {
        None | Some("" | "raise") => false,
        Some("skip") => true,
        Some(_) => return Err(malformed(&root.child("processing_errors"), "raise or skip is needed")),
    };
    let parameters = file.parameters.unwrap_or_default();
    let by_resource = match parameters.date_shift_scope.as_deref().map(str::to_lowercase).as_deref() {
        None | Some("" | "resource") => true,
        Some("file" | "folder") => false,
        Some(_) => return Err(malformed(&root.child("parameters"), "a scope is resource, file or folder")),
    };
    let key = |key: Option<String>| key.filter(|key| !key.is_empty());
    let mut rules = Vec::new();
    for (at, rule) in file.fhir_path_rules.into_iter().enumerate() {
        rules.push(rule.read(&root.child("rules").child_at(at))?);
    }
    Ok(PathRules {
        rules,
        skips_errors,
        by_resource,
        fixed_days: parameters.date_shift_fixed_offset_in_days,
        keys: Keys {
            shift: key(parameters.date_shift_key),
            hash: key(parameters.crypto_hash_key),
            cipher: key(parameters.encrypt_key),
        },
        partial_ages: parameters.enable_partial_ages_for_redact.unwrap_or(false),
        partial_dates: parameters.enable_partial_dates_for_redact.unwrap_or(false),
        partial_zips: parameters.enable_partial_zip_codes_for_redact.unwrap_or(false),
        restricted: parameters.restricted_zip_code_tabulation_areas.unwrap_or_default(),
    })
}

impl FileRule {
    fn read(self, place: &Place<'_>) -> Result<Rule> {
        let of = |text: &str, place: &Place<'_>| -> Result<Expr> {
            expression::read(text).map_err(|flaw: Flaw| malformed(place, flaw.text()))
        };
        let method = match self.method.to_lowercase().as_str() {
            "keep" => Method::Keep,
            "redact" => Method::Redact,
            "dateshift" => Method::ShiftDate,
            "cryptohash" => Method::Hash,
            "encrypt" => Method::Encrypt,
            "substitute" => Method::Substitute(match self.replace_with {
                Some(value) => value,
                None => return Err(needed(place, "replace_with")),
            }),
            "perturb" => {
                let span = self.span.filter(|span| *span >= 0.0 && span.is_finite());
                let proportional = match self.range_type.as_deref().map(str::to_lowercase).as_deref() {
                    None | Some("fixed") => false,
                    Some("proportional") => true,
                    Some(_) => {
                        return Err(malformed(&place.child("range_type"), "fixed or proportional is needed"));
                    }
                };
                Method::Perturb {
                    span: span.ok_or_else(|| needed(place, "span"))?,
                    proportional,
                    decimals: self.round_to.unwrap_or(2).min(12),
                }
            }
            "generalize" => {
                let Some(Cases(cases)) = self.cases else { return Err(needed(place, "cases")) };
                let keep_others = match self.other_values.as_deref().map(str::to_lowercase).as_deref() {
                    None | Some("redact") => false,
                    Some("keep") => true,
                    Some(_) => {
                        return Err(malformed(&place.child("other_values"), "redact or keep is needed"));
                    }
                };
                let place = place.child("cases");
                let read = |(case, value): &(String, String)| Ok((of(case, &place)?, of(value, &place)?));
                Method::Generalise { cases: cases.iter().map(read).collect::<Result<_>>()?, keep_others }
            }
            _ => {
                let known = "keep, redact, dateShift, cryptoHash, encrypt, substitute, perturb or generalize is needed";
                return Err(malformed(&place.child("method"), known));
            }
        };
        let path = self.path.trim();
        // A path may begin with the type of entries that it is for.
        let word = path.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(path.len());
        let (first, rest) = path.split_at(word);
        let typed =
            first.starts_with(|c: char| c.is_ascii_uppercase()) && (rest.is_empty() || rest.starts_with('.'));
        let select = match (typed, rest.strip_prefix('.')) {
            (true, None) => None,
            (true, Some(rest)) => Some(of(rest, &place.child("path"))?),
            (false, _) => Some(of(path, &place.child("path"))?),
        };
        Ok(Rule { path: path.to_owned(), only: typed.then(|| first.to_owned()), select, method })
    }
}

fn needed(place: &Place<'_>, member: &str) -> Error {
    malformed(&place.child(member), "it is needed")
}
