//! Code systems whose codes may stay: public ones, by name and by the form of their codes.
//!
//! A code of a local system can be a number of one patient, one device or one study. It stays only where the
//! system is published and the code has the form that its publisher gives it.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;

use super::words::looks_personal;

#[derive(Deserialize)]
struct File {
    systems: Vec<System>,
    /// Namespaces of numbers of people or bodies that are a nation's: their name tells nobody's own server.
    namespaces: Vec<String>,
    hl7: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct System {
    system: String,
    codes: String,
}

/// The public code systems, read once.
pub(super) struct Systems {
    known: HashMap<String, Form>,
    namespaces: Vec<String>,
}

/// The form of a system's codes.
pub(super) enum Form {
    /// A pattern of the publisher's.
    Pattern { source: String, compiled: OnceLock<Option<Regex>> },
    /// Names without white space, as HL7 writes its own.
    Mnemonic,
}

impl Form {
    /// Whether `code` has this form.
    pub(super) fn admits(&self, code: &str) -> bool {
        match self {
            Self::Pattern { source, compiled } => {
                let pattern = compiled.get_or_init(|| Regex::new(&format!("^(?:{source})$")).ok());
                pattern.as_ref().is_some_and(|pattern| pattern.is_match(code))
            }
            Self::Mnemonic => is_mnemonic(code),
        }
    }
}

impl Systems {
    /// The embedded list.
    pub(super) fn embedded() -> &'static Self {
        static SYSTEMS: OnceLock<Systems> = OnceLock::new();
        SYSTEMS.get_or_init(|| {
            // A list that cannot be read knows no system: every code goes. The tests read it.
            let file = serde_json::from_str(include_str!("../../data/policies/public-systems.json"));
            Self::of(file.unwrap_or(File {
                systems: Vec::new(),
                namespaces: Vec::new(),
                hl7: BTreeMap::new(),
            }))
        })
    }

    fn of(file: File) -> Self {
        let mut known = HashMap::new();
        for (base, names) in &file.hl7 {
            for name in names {
                known.insert(format!("{base}{name}"), Form::Mnemonic);
            }
        }
        for row in file.systems {
            known.insert(row.system, Form::Pattern { source: row.codes, compiled: OnceLock::new() });
        }
        Self { known, namespaces: file.namespaces }
    }

    /// Whether a name of a system tells nothing of who uses it.
    pub(super) fn is_public(&self, system: &str) -> bool {
        self.known.contains_key(system) || self.namespaces.iter().any(|name| name == system)
    }

    /// The form of the system's codes, where the system is public.
    pub(super) fn form(&self, system: &str) -> Option<&Form> {
        self.known.get(system)
    }
}

/// A code without a system, or of HL7's own: printing characters, single spaces, at most 64 bytes, and nothing
/// that has the form of a number of a person.
pub(super) fn is_mnemonic(code: &str) -> bool {
    let bytes = code.as_bytes();
    if bytes.len() > 64 || matches!(bytes.first(), None | Some(b' ')) || bytes.last() == Some(&b' ') {
        return false;
    }
    let (mut before, mut digits, mut marks) = (0, 0, false);
    for byte in bytes {
        if !(b' '..=b'~').contains(byte) || (*byte == b' ' && before == b' ') {
            return false;
        }
        digits += usize::from(byte.is_ascii_digit());
        marks |= matches!(byte, b'@' | b':' | b'.');
        before = *byte;
    }
    // Nothing of fewer digits and without these marks has the form of a number or an address.
    (digits < 7 && !marks) || !looks_personal(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_systems_admit_their_codes() {
        for (system, code, admitted) in [
            ("http://snomed.info/sct", "419474003", true),
            ("http://snomed.info/sct", "John Doe", false),
            ("http://loinc.org", "8302-2", true),
            ("http://loinc.org", "LA6576-8", true),
            ("http://loinc.org", "123-45-6789", false),
            ("http://www.nlm.nih.gov/research/umls/rxnorm", "310965", true),
            ("http://hl7.org/fhir/sid/icd-10-cm", "E11.9", true),
            ("http://unitsofmeasure.org", "mm[Hg]", true),
            ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB", true),
            ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "999-12-3456", false),
            ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "john@example.org", false),
        ] {
            assert_eq!(Systems::embedded().form(system).unwrap().admits(code), admitted, "{system} {code}");
        }
    }

    #[test]
    fn other_systems_are_not_known() {
        for system in [
            "",
            "http://hospital.example.org/codes",
            "http://hl7.org/fhir/sid/us-ssn",
            "http://terminology.hl7.org/CodeSystem/john-doe",
            "urn:oid:1.2.3.4",
        ] {
            assert!(Systems::embedded().form(system).is_none(), "{system}");
        }
    }

    proptest::proptest! {
        /// What one look at each byte tells is what all the rules tell.
        #[test]
        fn a_mnemonic_is_looked_at_once(code in "[ -~é\t]{0,12}|[0-9@:. w/-]{0,14}| ?[A-Z]{60,66}") {
            let inner = |byte: u8| (b'!'..=b'~').contains(&byte) || byte == b' ';
            let expected = !code.is_empty()
                && code.len() <= 64
                && code.bytes().all(inner)
                && code.trim_matches(' ') == code
                && !code.contains("  ")
                && !looks_personal(&code);
            proptest::prop_assert_eq!(is_mnemonic(&code), expected);
        }
    }

    #[test]
    fn every_pattern_compiles_and_is_anchored() {
        let systems = Systems::embedded();
        assert!(systems.known.len() > 1000);
        for (name, form) in &systems.known {
            if let Form::Pattern { source, .. } = form {
                assert!(Regex::new(source).is_ok(), "{name}");
                assert!(!form.admits("Mary Smith lives in 12 Main Street"), "{name}");
            }
        }
    }
}
