//! Sensitivity: which classes of protected information a security label, a code or a wording belongs to.
//!
//! The classes are those of HL7 v3-ActCode; a class lies within others (ETH holds SUD holds OPIOIDUD), so whatever
//! is labelled with the narrower is labelled with the wider too. Classes, codes and words are packs with a source
//! for each row.

mod compile;
mod words;

use std::collections::HashMap;

use once_cell::sync::OnceCell;

use super::fact::Fact;
use crate::error::Result;
use crate::packs::PackInfo;
use words::Words;

const EMBEDDED: &[&str] = &[
    include_str!("../../../data/sensitivity/classes.json"),
    include_str!("../../../data/sensitivity/substance-use.json"),
    include_str!("../../../data/sensitivity/psychotherapy-notes.json"),
    include_str!("../../../data/sensitivity/mental-health.json"),
    include_str!("../../../data/sensitivity/hiv.json"),
    include_str!("../../../data/sensitivity/genetic.json"),
    include_str!("../../../data/sensitivity/reproductive.json"),
    include_str!("../../../data/sensitivity/sexually-transmitted.json"),
    include_str!("../../../data/sensitivity/violence.json"),
];

/// A set of classes, as bits in the order of the class table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(in crate::release) struct Classes(u64);

impl Classes {
    pub(in crate::release) const NONE: Self = Self(0);

    pub(in crate::release) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(in crate::release) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(in crate::release) const fn among(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(in crate::release) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(in crate::release) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What a code system is to the packs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::release) struct System {
    /// Its number among the systems with code rows; 0 is none.
    rows: u8,
    /// Whether its codes say nothing without their words: no pack has its rows, or not all of them.
    needs_words: bool,
    /// Whether its codes are the classes themselves.
    is_classes: bool,
    /// Whether its codes are levels of confidentiality.
    is_confidentiality: bool,
}

impl System {
    /// Whether what a code of it says hangs on the code.
    pub(in crate::release) const fn tells_codes_apart(self) -> bool {
        self.rows > 0 || self.is_classes || self.is_confidentiality
    }
}

/// What a coding says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::release) struct Coding {
    /// The classes that it belongs to.
    pub(in crate::release) classes: Classes,
    /// The level of confidentiality that it states, for a confidentiality code.
    pub(in crate::release) confidentiality: Option<Confidentiality>,
    /// Whether the code says nothing to the packs, so that only its words can.
    pub(in crate::release) needs_words: bool,
    /// Whether it is a label of class or confidentiality rather than a clinical code.
    pub(in crate::release) is_label: bool,
}

/// HL7 v3-Confidentiality, in its order: the higher mark stands for the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[non_exhaustive]
pub enum Confidentiality {
    /// Unrestricted.
    U,
    /// Low.
    L,
    /// Moderate.
    M,
    /// Normal.
    N,
    /// Restricted.
    R,
    /// Very restricted.
    V,
}

impl Confidentiality {
    /// The code of HL7 v3-Confidentiality.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::U => "U",
            Self::L => "L",
            Self::M => "M",
            Self::N => "N",
            Self::R => "R",
            Self::V => "V",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "U" => Self::U,
            "L" => Self::L,
            "M" => Self::M,
            "N" => Self::N,
            "R" => Self::R,
            "V" => Self::V,
            _ => return None,
        })
    }
}

/// Compiled sensitivity packs.
#[derive(Clone)]
pub(in crate::release) struct Sensitivity {
    packs: Vec<PackInfo>,
    /// Code, and the bits of the class with every class that it lies within.
    classes: Vec<(String, Classes)>,
    facts: Vec<(Fact, Classes)>,
    systems: HashMap<String, System>,
    /// Sorted by system and prefix; no prefix begins with another of its system.
    prefixes: Vec<(u8, String, Classes)>,
    /// Sorted by system and code.
    exact: Vec<(u8, String, Classes)>,
    words: Words,
}

impl std::fmt::Debug for Sensitivity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sensitivity").field("classes", &self.classes.len()).finish_non_exhaustive()
    }
}

impl Sensitivity {
    pub(in crate::release) fn embedded() -> Result<&'static Self> {
        static SENSITIVITY: OnceCell<Sensitivity> = OnceCell::new();
        SENSITIVITY.get_or_try_init(|| Self::compile(EMBEDDED))
    }

    pub(in crate::release) fn packs(&self) -> &[PackInfo] {
        &self.packs
    }

    /// The facts that classes bear on, each with its classes.
    pub(in crate::release) fn facts(&self) -> &[(Fact, Classes)] {
        &self.facts
    }

    /// The class of a code alone, without those that it lies within: what lies within it counts as it.
    pub(in crate::release) fn class(&self, code: &str) -> Option<Classes> {
        own_bit(&self.classes, code)
    }

    /// What a security label is: a class alone, or a level of confidentiality; none where it is neither.
    pub(in crate::release) fn label(
        &self,
        system: &str,
        code: &str,
    ) -> Option<(Classes, Option<Confidentiality>)> {
        let known = self.systems.get(system.trim_end_matches('/'))?;
        if known.is_confidentiality {
            return Some((Classes::NONE, Some(Confidentiality::from_code(code)?)));
        }
        if known.is_classes { Some((self.class(code)?, None)) } else { None }
    }

    /// The codes of a set, in the order of the class table.
    pub(in crate::release) fn names(&self, classes: Classes) -> Vec<&str> {
        if classes.is_empty() {
            return Vec::new();
        }
        let bit = |at: usize| Classes(1 << at);
        let all = self.classes.iter().enumerate();
        all.filter(|(at, _)| classes.meets(bit(*at))).map(|(_, (code, _))| code.as_str()).collect()
    }

    /// What is known of a code system; none of one that no pack names.
    pub(in crate::release) fn system(&self, name: &str) -> Option<System> {
        self.systems.get(name.trim_end_matches('/')).copied()
    }

    /// What a code says whose system the source does not name: one that looks like a row of any system is taken for it.
    pub(in crate::release) fn code_alone(&self, code: &str) -> Coding {
        // Words such as `active` are no codes of a table; every code that matters here has a digit.
        if !code.bytes().any(|byte| byte.is_ascii_digit()) {
            return Coding::default();
        }
        let last = self.prefixes.last().map_or(0, |(number, ..)| *number);
        let classes = (1..=last).fold(Classes::NONE, |all, number| all.with(self.by_prefix(number, code)));
        Coding { classes, ..Coding::default() }
    }

    /// What a code of a system says.
    pub(in crate::release) fn coding(&self, system: Option<System>, code: &str) -> Coding {
        let Some(known) = system else { return Coding::default() };
        if known.is_confidentiality {
            let level = Confidentiality::from_code(code);
            return Coding { confidentiality: level, is_label: true, ..Coding::default() };
        }
        if known.is_classes {
            let found = self.classes.iter().find(|(class, _)| class == code);
            let classes = found.map_or(Classes::NONE, |(_, bits)| *bits);
            return Coding { classes, is_label: true, ..Coding::default() };
        }
        let classes = match known.rows {
            0 => Classes::NONE,
            number => self.exactly(number, code).unwrap_or_else(|| self.by_prefix(number, code)),
        };
        Coding { classes, needs_words: known.needs_words && classes.is_empty(), ..Coding::default() }
    }

    fn exactly(&self, system: u8, code: &str) -> Option<Classes> {
        let at = self
            .exact
            .binary_search_by(|(known, row, _)| (*known, row.as_str()).cmp(&(system, code)))
            .ok()?;
        self.exact.get(at).map(|(.., classes)| *classes)
    }

    fn by_prefix(&self, system: u8, code: &str) -> Classes {
        let bare;
        let code = if code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            code
        } else {
            bare = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
            &bare.collect::<String>()
        };
        let after =
            self.prefixes.partition_point(|(known, prefix, _)| (*known, prefix.as_str()) <= (system, code));
        match after.checked_sub(1).and_then(|at| self.prefixes.get(at)) {
            Some((known, prefix, classes)) if *known == system && code.starts_with(prefix.as_str()) => {
                *classes
            }
            _ => Classes::NONE,
        }
    }

    /// The classes whose words stand in a text.
    pub(in crate::release) fn mentions(&self, text: &[u8]) -> Classes {
        self.words.classes_in(text)
    }
}

fn own_bit(classes: &[(String, Classes)], code: &str) -> Option<Classes> {
    classes.iter().position(|(known, _)| known == code).map(|at| Classes(1 << at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(classes: Classes) -> Vec<&'static str> {
        Sensitivity::embedded().unwrap().names(classes)
    }

    fn coding(packs: &Sensitivity, system: &str, code: &str) -> Coding {
        packs.coding(packs.system(system), code)
    }

    #[test]
    fn a_class_brings_what_it_lies_within() {
        let packs = Sensitivity::embedded().unwrap();
        let label = coding(packs, "http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPIOIDUD");
        assert_eq!(names(label.classes), ["ETH", "BH", "SUD", "OPIOIDUD"]);
        let label = coding(packs, "http://terminology.hl7.org/CodeSystem/v3-ActCode", "ETH");
        assert_eq!(names(label.classes), ["ETH"]);
    }

    #[test]
    fn codes_find_their_class() {
        let packs = Sensitivity::embedded().unwrap();
        let class = |system: &str, code: &str| coding(packs, system, code).classes;
        let icd = "http://hl7.org/fhir/sid/icd-10-cm";
        assert!(names(class(icd, "F11.20")).contains(&"OPIOIDUD"));
        assert!(names(class(icd, "f1020")).contains(&"ETHUD"));
        assert!(class(icd, "F17.210").is_empty(), "nicotine is not a substance use disorder of Part 2");
        assert!(class(icd, "F1").is_empty() && class(icd, "E11.9").is_empty() && class(icd, "").is_empty());
        assert!(names(class("http://www.nlm.nih.gov/research/umls/rxnorm", "1819")).contains(&"SUD"));
        assert!(class("http://www.nlm.nih.gov/research/umls/rxnorm", "18190").is_empty());
        assert!(
            names(packs.code_alone("F11.20").classes).contains(&"OPIOIDUD"),
            "a code without its system is looked for in all"
        );
        assert!(class("http://example.org/rooms", "F11").is_empty());
        assert!(coding(packs, "http://snomed.info/sct", "5602001").needs_words);
        assert!(!coding(packs, icd, "E11.9").needs_words);
    }

    #[test]
    fn words_are_found_whole_in_any_case_and_through_markup() {
        let packs = Sensitivity::embedded().unwrap();
        for text in [
            "Started BUPRENORPHINE 8 mg",
            "opioid-use disorder",
            "<b>Opioid</b> <i>use</i>&#160;disorder",
            "alcohol\nuse\n  disorder",
            "see OUD plan",
        ] {
            assert!(names(packs.mentions(text.as_bytes())).contains(&"SUD"), "{text}");
        }
        for text in
            ["loud noise", "methylnaltrexone-free", "alcohol wipe", "Abuse-Deterrent Oxycodone", "", "ou"]
        {
            assert!(packs.mentions(text.as_bytes()).is_empty(), "{text}");
        }
        assert!(names(packs.mentions(b"Psychotherapy notes of May")).contains(&"PSYTHPN"));
    }
}
