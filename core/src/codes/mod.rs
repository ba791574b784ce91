//! Medical codes and identifiers: may this code be used on this day, why not, and what instead.
//!
//! [`Codes`] holds the code systems. A system judges a text by its form, its check digit and the releases that are
//! loaded, and answers with a [`Verdict`]: valid, invalid or unknown, a stable reason, the release that says so, and
//! codes that may have been meant. What no loaded release covers is `unknown`, never a guess.
//!
//! ```
//! use chartkeeper::codes::{CodeContext, Codes};
//!
//! let codes = Codes::embedded()?;
//! let on = CodeContext::on("2026-03-14")?;
//!
//! let verdict = codes.validate("icd10cm", "e119", &on)?;
//! assert_eq!((verdict.code(), verdict.is_valid()), (Some("E11.9"), true));
//!
//! let verdict = codes.validate("icd10cm", "T36.01A", &on)?;
//! assert_eq!(verdict.reason(), Some("placeholder_required"));
//! assert_eq!(verdict.suggestions(), ["T36.0X1A"]);
//! # Ok::<(), chartkeeper::Error>(())
//! ```

mod abbreviations;
mod claim;
mod context;
mod crosswalk;
mod diff;
mod everyday;
pub mod icd10cm;
pub mod icd10pcs;
mod identifiers;
pub mod lists;
#[cfg(feature = "load")]
pub mod load;
pub mod relations;
mod search;
mod suggested;
mod synonyms;
mod system;
mod tables;
mod terms;
mod text;
mod titles;
pub mod ucum;
mod verdict;
mod words;

pub use claim::{CLAIM_FINDINGS, Claim, ClaimDiagnosis, ClaimFinding, ClaimLine, ClaimProcedure, Setting};
pub use context::{CodeContext, Facets, FindCodesRequest, Sex, ValidateCodeRequest, ValidateCodesRequest};
pub use crosswalk::CodeRelation;
pub use relations::{Coverage, Exclusion, ExclusionStatus, Note, NoteKind};
pub use suggested::{NOTE_BYTES, NoteEvidence, SUGGESTED_CODES, SuggestedCode, SuggestedCodesRequest};
pub use ucum::{UnitConversion, UnitEntry};
pub use verdict::{
    CodeDiff, CodeEntry, CodeHit, CodeInfo, CodeName, Judgement, REASONS, Retitled, Status, Verdict,
    VerdictRecord,
};

use icd10cm::Icd10Cm;
use icd10pcs::Icd10Pcs;
use lists::Listed;
use system::CodeSystem;
use tables::Tables;
use ucum::Ucum;

use crate::error::{Error, Result, codes};
use crate::packs::{Pack, PackInfo};

/// The most hits that a search returns.
pub const FIND_LIMIT: usize = 1_000;

static ICD10CM: &[u8] = include_bytes!("../../data/icd10cm.bin");
static ICD10PCS: &[u8] = include_bytes!("../../data/icd10pcs.bin");
static MCE: &[u8] = include_bytes!("../../data/mce.bin");

/// The code systems, with the packs that they rest on. Build it once; it is `Send` and `Sync`.
#[derive(Debug)]
pub struct Codes {
    icd10cm: Icd10Cm,
    icd10pcs: Icd10Pcs,
    /// Systems of a form and, where one is loaded, a list.
    listed: Vec<Listed>,
    /// What claim edits rest on.
    tables: Tables,
    ucum: Ucum,
}

impl Default for Codes {
    /// Without any pack.
    fn default() -> Self {
        Self {
            icd10cm: Icd10Cm::default(),
            icd10pcs: Icd10Pcs::default(),
            listed: lists::all(),
            tables: Tables::default(),
            ucum: Ucum::default(),
        }
    }
}

impl Codes {
    /// The systems with the packs that are part of the library.
    ///
    /// # Errors
    /// `pack_malformed`, which the library's own tests exclude.
    pub fn embedded() -> Result<Self> {
        let mut codes = Self::default();
        for pack in [ICD10CM, ICD10PCS, MCE] {
            codes.load(Pack::embedded(pack)?)?;
        }
        Ok(codes)
    }

    /// Adds a pack to the system that it names. Where two packs cover a day, the release that began later holds.
    ///
    /// # Errors
    /// `unknown_system` where no code system takes it; `pack_malformed`.
    pub fn load(&mut self, pack: Pack) -> Result<()> {
        if pack.info().system == self.icd10cm.name() {
            return self.icd10cm.load(pack);
        }
        if pack.info().system == self.icd10pcs.name() {
            return self.icd10pcs.load(pack);
        }
        if Tables::takes(&pack.info().system) {
            let conversion = pack.info().system == crosswalk::CONVERSION;
            self.tables.load(pack)?;
            if conversion {
                self.icd10cm.succeed(crosswalk::successors(&self.tables));
            }
            return Ok(());
        }
        let listed = self.listed.iter_mut().find(|system| system.name() == pack.info().system);
        listed.ok_or_else(|| Error::new(&codes::UNKNOWN_SYSTEM))?.load(pack)
    }

    /// The packs that are loaded.
    #[must_use]
    pub fn packs(&self) -> Vec<&PackInfo> {
        self.systems().flat_map(CodeSystem::packs).chain(self.tables.packs()).collect()
    }

    /// The tables that claim edits rest on.
    pub(crate) const fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Checks a claim or an encounter: codes that must or must not stand together, first, or in its setting. See
    /// [`ClaimFinding`].
    ///
    /// # Errors
    /// `invalid_date` with the field's path; `invalid_argument` where the last day stands before the first or the type
    /// of bill is none.
    pub fn check_claim(&self, claim: &Claim) -> Result<Vec<ClaimFinding>> {
        claim::check(self, claim)
    }

    /// Reviews ICD-10-CM codes that a person or a model proposes for a note: see [`SuggestedCode`].
    ///
    /// # Errors
    /// `invalid_date`; `too_large` where the note or the list of codes is beyond what is read.
    pub fn check_suggested_codes(&self, request: &SuggestedCodesRequest) -> Result<Vec<SuggestedCode>> {
        suggested::check(self, request)
    }

    /// A value of one unit of UCUM in another.
    ///
    /// # Errors
    /// `unit_invalid` with the argument's name; `units_differ` where they do not measure the same thing.
    pub fn convert_unit(&self, value: f64, from: &str, to: &str) -> Result<UnitConversion> {
        self.ucum.convert(value, from, to)
    }

    /// What a unit of UCUM is: its name in words and its canonical form.
    ///
    /// # Errors
    /// `unit_invalid`.
    pub fn unit(&self, unit: &str) -> Result<UnitEntry> {
        self.ucum.entry(unit)
    }

    /// How rare a word (its stem) is among the titles of the newest ICD-10-CM.
    pub(crate) fn rarity_of_stem(&self, stem: &str) -> f32 {
        self.icd10cm.rarity_of_stem(stem)
    }

    /// The titles of an ICD-10-CM code and of everything below it, 7th characters apart.
    pub(crate) fn titles_within(&self, code: &str, context: &CodeContext) -> Vec<String> {
        self.icd10cm.titles_within(code, context)
    }

    /// The last day that a loaded release of ICD-10-CM covers.
    pub(crate) fn newest_day(&self) -> Option<String> {
        self.icd10cm.newest_day().map(|day| day.to_string())
    }

    /// Puts the edits of a code's context (sex, age, principal diagnosis) on a judgement that it may be used.
    fn edit(&self, judgement: &mut Judgement, context: &CodeContext) {
        let asked = context.principal || context.sex.is_some() || context.age_years.is_some();
        if asked && judgement.status == Status::Valid {
            let key = judgement.code.as_str().replace('.', "");
            if let Some(reason) = claim::edit_of(&self.tables, &key, context) {
                judgement.status = Status::Invalid;
                judgement.reason = Some(reason);
            }
        }
    }

    /// The names of the code systems.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.systems().map(CodeSystem::name)
    }

    fn systems(&self) -> impl Iterator<Item = &dyn CodeSystem> {
        let listed = self.listed.iter().map(|system| system as &dyn CodeSystem);
        // The place of a system is its number in a judgement: new ones are added at the end.
        let more = [&self.ucum as &dyn CodeSystem, &self.icd10pcs];
        std::iter::once(&self.icd10cm as &dyn CodeSystem).chain(listed).chain(more)
    }

    /// The system of a number in a [`Judgement`].
    #[inline]
    fn numbered(&self, number: u8) -> Option<&dyn CodeSystem> {
        if number == 0 { Some(&self.icd10cm) } else { self.systems().nth(usize::from(number)) }
    }

    /// The system of a name, and its number in a [`Judgement`].
    fn system(&self, name: &str) -> Result<(u8, &dyn CodeSystem)> {
        if name == "icd10cm" {
            return Ok((0, &self.icd10cm));
        }
        (0..).zip(self.systems()).find(|(_, system)| system.name() == name).ok_or_else(|| {
            let known: Vec<&str> = self.names().collect();
            Error::new(&codes::UNKNOWN_SYSTEM).note(format!("known are {}", known.join(", ")))
        })
    }

    /// Whether a code may be used on a date of service. A code that cannot be used is a verdict, not an error.
    ///
    /// # Errors
    /// `unknown_system`.
    #[inline]
    pub fn validate(&self, system: &str, code: &str, context: &CodeContext) -> Result<Verdict<'_>> {
        // The system that is asked most is asked without a detour.
        if system == "icd10cm" {
            let mut judgement = self.icd10cm.judge(code, context);
            self.edit(&mut judgement, context);
            return Ok(Verdict { codes: self, judgement });
        }
        let (number, system) = self.system(system)?;
        let mut judgement = system.judge(code, context);
        judgement.system = number;
        Ok(Verdict { codes: self, judgement })
    }

    /// The verdicts on many codes of one system, in their order.
    ///
    /// # Errors
    /// `unknown_system`.
    pub fn validate_all<'c>(
        &self,
        system: &str,
        list: impl IntoIterator<Item = &'c str>,
        context: &CodeContext,
    ) -> Result<Vec<Verdict<'_>>> {
        if system == "icd10cm" {
            let terms = self.icd10cm.term(context.on);
            let judged = list.into_iter().map(|code| self.icd10cm.judge_in(code, terms));
            return Ok(judged.map(|judgement| Verdict { codes: self, judgement }).collect());
        }
        let (number, system) = self.system(system)?;
        let judged = list.into_iter().map(|code| {
            let mut judgement = system.judge(code, context);
            judgement.system = number;
            Verdict { codes: self, judgement }
        });
        Ok(judged.collect())
    }

    /// The verdict of a judgement that these systems made.
    ///
    /// # Errors
    /// `unknown_system` where another set of systems made it.
    pub fn verdict(&self, judgement: Judgement) -> Result<Verdict<'_>> {
        self.numbered(judgement.system).ok_or_else(|| Error::new(&codes::UNKNOWN_SYSTEM))?;
        Ok(Verdict { codes: self, judgement })
    }

    /// As [`Self::find`], among the codes that the facets leave.
    ///
    /// # Errors
    /// `unknown_system`, `no_titles`.
    pub fn find_within(
        &self,
        system: &str,
        query: &str,
        context: &CodeContext,
        facets: &Facets,
        limit: usize,
    ) -> Result<Vec<CodeHit>> {
        let limit = limit.min(FIND_LIMIT);
        let system = self.system(system)?.1;
        let mut hits = system.find(query, context, facets, limit)?;
        // What people call a condition is searched in the words of the titles too; of two scores the better holds.
        if let Some(other) = everyday::rewrite(query) {
            for hit in system.find(&other, context, facets, limit)? {
                match hits.iter_mut().find(|known| known.code == hit.code) {
                    Some(known) if known.score < hit.score => *known = hit,
                    Some(_) => {}
                    None => hits.push(hit),
                }
            }
            // A stable sort: equal ones stay in the order of the list.
            hits.sort_by(|a, b| b.score.total_cmp(&a.score));
            hits.truncate(limit);
        }
        Ok(hits)
    }

    /// Codes whose titles hold the words of a query, in any order and form, the best first: at most `limit`, and
    /// never more than [`FIND_LIMIT`]. On a date that no release covers, the nearest release is searched; each hit
    /// names the release.
    ///
    /// # Errors
    /// `unknown_system`, `no_titles`.
    pub fn find(
        &self,
        system: &str,
        query: &str,
        context: &CodeContext,
        limit: usize,
    ) -> Result<Vec<CodeHit>> {
        self.find_within(system, query, context, &Facets::default(), limit)
    }

    /// Everything that the release of a date says of a code: title, place in the list, 7th characters, notes, and what
    /// loaded tables lead to. A code that only such a table has comes with an empty title; `None` where nothing has it.
    ///
    /// # Errors
    /// `unknown_system`.
    pub fn info(&self, system: &str, code: &str, context: &CodeContext) -> Result<Option<CodeInfo>> {
        let system = self.system(system)?.1;
        if let Some(mut info) = system.info(code, context) {
            info.relations = crosswalk::relations(self, info.system, &info.code, context.on);
            return Ok(Some(info));
        }
        // A code that no list has, and a table all the same: one of ICD-9-CM, or one that was retired.
        let code = system.judge(code, context).code;
        let relations = crosswalk::relations(self, system.name(), code.as_str(), context.on);
        let Some(first) = relations.first() else { return Ok(None) };
        Ok(Some(CodeInfo {
            system: system.name(),
            code: code.as_str().to_owned(),
            title: String::new(),
            billable: false,
            release: first.release.clone(),
            parents: Vec::new(),
            children: Vec::new(),
            seventh_characters: Vec::new(),
            notes: Vec::new(),
            relations,
        }))
    }

    /// What the release of a date says of a code: title, what it stands below, and what stands below it. `None`
    /// where it has no such code.
    ///
    /// # Errors
    /// `unknown_system`.
    pub fn entry(&self, system: &str, code: &str, context: &CodeContext) -> Result<Option<CodeEntry>> {
        Ok(self.system(system)?.1.entry(code, context))
    }
}
