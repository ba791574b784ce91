//! Law packs: rules as data, with the days on which they hold, their source, and how sure they are.
//!
//! A pack is a JSON file that a privacy officer can read. It is compiled when it is opened; a rule that names a fact
//! that does not exist, lacks a citation, or cannot be understood is refused with its place, and a law that was
//! refused decides nothing.

mod book;
mod compile;
pub(in crate::release) mod expr;
mod file;

use std::borrow::Cow;

use once_cell::sync::OnceCell;
use serde::Serialize;

use super::fact::Fact;
use super::request::Day;
use super::sensitivity::Sensitivity;
use crate::error::{Error, Result, codes};
use crate::packs::PackInfo;
pub(in crate::release) use book::Book;
pub(in crate::release) use compile::fingerprint;
pub use file::Confidence;
pub(in crate::release) use file::{Clock, Effect, Occasion};

use expr::Expr;

/// What a pack of law is listed as.
const SYSTEM: &str = "law";

/// The packs that are part of the program.
const EMBEDDED: &[&str] = &[
    include_str!("../../../data/law/hipaa-privacy.json"),
    include_str!("../../../data/law/part2.json"),
    include_str!("../../../data/law/house.json"),
    include_str!("../../../data/law/information-blocking.json"),
    include_str!("../../../data/law/hipaa-reproductive-2024.json"),
    include_str!("../../../data/law/us-ca.json"),
    include_str!("../../../data/law/us-tx.json"),
    include_str!("../../../data/law/us-ny.json"),
    include_str!("../../../data/law/us-il.json"),
    include_str!("../../../data/law/gdpr.json"),
];

/// Something that must be done with a release or a denial.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Obligation {
    /// Stable name.
    pub code: String,
    /// What must be done, in words.
    pub text: String,
    /// The paragraph that says so.
    pub citation: String,
    /// How sure that is: `V` primary text read, `S` secondary source, `R` recalled.
    pub confidence: Confidence,
    /// The rule that brought it.
    pub rule: String,
}

/// A compiled rule.
#[derive(Debug, Clone)]
pub(in crate::release) struct Rule {
    pub(in crate::release) id: String,
    /// The pack that it stands in.
    pub(in crate::release) pack: String,
    pub(in crate::release) title: String,
    pub(in crate::release) effect: Effect,
    pub(in crate::release) when: Expr,
    pub(in crate::release) citation: String,
    pub(in crate::release) confidence: Confidence,
    pub(in crate::release) effective_from: Option<Day>,
    pub(in crate::release) vacated_on: Option<Day>,
    pub(in crate::release) even_if_required: bool,
    pub(in crate::release) occasion: Occasion,
    pub(in crate::release) obligations: Vec<Obligation>,
    pub(in crate::release) accounting: bool,
    pub(in crate::release) due: Option<Clock>,
    /// What must hold for the pack to apply at all.
    pub(in crate::release) applies: Expr,
    /// The facts of segments that the condition names, a bit each.
    pub(in crate::release) of_segment: u64,
    /// The last day on which the pack as a whole holds.
    pub(in crate::release) effective_to: Option<Day>,
}

impl Rule {
    /// Whether the rule held on that day.
    pub(in crate::release) fn holds_on(&self, day: Day) -> bool {
        self.effective_from.is_none_or(|from| from <= day)
            && self.vacated_on.is_none_or(|end| day < end)
            && self.effective_to.is_none_or(|last| day <= last)
    }
}

/// An element that a document must have.
#[derive(Debug, Clone)]
pub(in crate::release) struct Element {
    pub(in crate::release) document: String,
    pub(in crate::release) fact: Fact,
    pub(in crate::release) must_be: bool,
    pub(in crate::release) citation: String,
    pub(in crate::release) confidence: Confidence,
    effective_from: Option<Day>,
    vacated_on: Option<Day>,
    /// The pack that asks for it.
    pub(in crate::release) pack: String,
    /// The fact that the document was presented.
    pub(in crate::release) presented: Fact,
    /// What must hold for the pack that asks for it to apply.
    pub(in crate::release) applies: Expr,
}

impl Element {
    /// Whether it was asked for on that day.
    pub(in crate::release) fn holds_on(&self, day: Day) -> bool {
        self.effective_from.is_none_or(|from| from <= day) && self.vacated_on.is_none_or(|end| day < end)
    }

    /// The element as a defect of its document.
    pub(in crate::release) fn defect(&self) -> super::Defect {
        super::Defect {
            document: self.document.clone(),
            fact: self.fact.as_str(),
            citation: self.citation.clone(),
            confidence: self.confidence,
        }
    }
}

/// The law that decides: compiled law packs, and the sensitivity packs that label segments.
#[derive(Clone)]
pub struct Law {
    packs: Vec<PackInfo>,
    /// In the order of their ids.
    pub(in crate::release) rules: Vec<Rule>,
    pub(in crate::release) book: Book,
    pub(in crate::release) elements: Vec<Element>,
    pub(in crate::release) sensitivity: Cow<'static, Sensitivity>,
}

impl std::fmt::Debug for Law {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.packs.iter().map(|pack| pack.name.as_str()).collect();
        f.debug_struct("Law").field("packs", &names).field("rules", &self.rules.len()).finish_non_exhaustive()
    }
}

impl Law {
    /// The law packs that are part of the program: the HIPAA Privacy Rule, 42 CFR Part 2, and the house's own safety
    /// rules. Compiled at the first call.
    ///
    /// ```
    /// let law = chartkeeper::release::Law::embedded()?;
    /// let names: Vec<&str> = law.packs().iter().map(|pack| pack.name.as_str()).collect();
    /// assert!(names.contains(&"hipaa-privacy"));
    /// # Ok::<(), chartkeeper::Error>(())
    /// ```
    ///
    /// # Errors
    /// `pack_malformed`, which the tests rule out.
    pub fn embedded() -> Result<&'static Self> {
        static LAW: OnceCell<Law> = OnceCell::new();
        LAW.get_or_try_init(|| Self::compile(EMBEDDED))
    }

    /// Compiles law packs from their texts, beside the embedded sensitivity packs. Without a pack nothing is ever
    /// released: the default is to withhold.
    ///
    /// # Errors
    /// `pack_malformed` with the place: the rule, and where in its condition.
    pub fn compile(packs: &[&str]) -> Result<Self> {
        let sensitivity = Sensitivity::embedded()?;
        let mut law = Self {
            packs: sensitivity.packs().to_vec(),
            rules: Vec::new(),
            book: Book::default(),
            elements: Vec::new(),
            sensitivity: Cow::Borrowed(sensitivity),
        };
        for pack in packs {
            law.add(pack)?;
        }
        Ok(law)
    }

    /// This law and one pack more, such as a facility's own rules.
    ///
    /// # Errors
    /// `pack_malformed` with the place; also where a rule of that id is in force already.
    pub fn with(&self, pack: &str) -> Result<Self> {
        let mut law = self.clone();
        law.add(pack)?;
        Ok(law)
    }

    /// This law with one pack more, or with it in place of the pack that has its name: an amended law, a newer release
    /// of a facility's policy.
    ///
    /// # Errors
    /// As [`Law::with`].
    pub fn replacing(&self, pack: &str) -> Result<Self> {
        let mut law = self.clone();
        let name = compile::compile(pack, &law.sensitivity)?.info.name;
        law.packs.retain(|known| known.name != name || known.system != SYSTEM);
        law.rules.retain(|rule| rule.pack != name);
        law.elements.retain(|element| element.pack != name);
        law.add(pack)?;
        Ok(law)
    }

    fn add(&mut self, pack: &str) -> Result<()> {
        let compiled = compile::compile(pack, &self.sensitivity)?;
        for rule in &compiled.rules {
            if self.rules.binary_search_by(|known| known.id.cmp(&rule.id)).is_ok() {
                return Err(Error::new(&codes::PACK_MALFORMED)
                    .in_path(rule.id.as_str())
                    .note("another pack has a rule of this id"));
            }
        }
        self.packs.push(compiled.info);
        self.rules.extend(compiled.rules);
        self.rules.sort_by(|one, other| one.id.cmp(&other.id));
        self.book = Book::of(&self.rules);
        self.elements.extend(compiled.elements);
        Ok(())
    }

    /// Every pack: name, release, the days on which it holds, licence, source, fingerprint.
    #[must_use]
    pub fn packs(&self) -> &[PackInfo] {
        &self.packs
    }
}
