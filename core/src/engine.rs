//! Chartkeeper: the rooms joined into one object that is built once and shared by every thread.

mod disclosure;
mod reidentify;

use std::path::Path;

use serde::Serialize;

#[cfg(feature = "load")]
use crate::codes::load::{self, PackRequest};
use crate::codes::{Claim, ClaimFinding, CodeContext, CodeHit, Codes, Judgement, Verdict};
use crate::codes::{CodeDiff, CodeInfo, Facets, SuggestedCode, SuggestedCodesRequest, UnitConversion};
use crate::deid::narrative::{self, DeidentifiedText, IdentifierSpan, Known, Rewriter, TextOptions};
use crate::deid::risk::{self, AnonymizeTableRequest, AnonymizedTable, AssessRiskRequest, RiskReport};
use crate::deid::{self, Deidentified, FolderProgress, FolderReport, Policy, Vault, Verification};
use crate::error::Result;
use crate::formats;
use crate::ledger::{Ledger, Receipt};
use crate::packs::{Pack, PackInfo};
use crate::quality;
use crate::record::{Finding, Record};
use crate::release::{self, CopyForm, Decision, Law, Outcome, Request};
use crate::release::{Authority, Day, DocumentCheck, LawDiff, Letter, LetterFacts, LetterKind};
use crate::text::PartialDate;

pub use reidentify::{Reidentified, ReidentifyRequest};

/// The library's knowledge, ready for use. `Send + Sync`, without global state; build it once and share it.
#[derive(Debug)]
pub struct Chartkeeper {
    codes: Codes,
    /// The law with the user's own packs; none where the embedded law alone decides, which is compiled when it is
    /// first asked.
    law: Option<Law>,
}

/// What a de-identification depends on besides the record and the policy.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeidentifyOptions<'a> {
    /// The day (`YYYY-MM-DD`) on which the age of the living counts. Without it no birth year of a living person is
    /// kept, because it might tell of an age over 89.
    pub as_of: Option<&'a str>,
    /// The table of random tokens; records that are given the same one keep pointing at each other.
    pub vault: Option<&'a Vault>,
    /// A secret key of 32 bytes or more, for policies that make codes with one. Safe Harbor accepts none.
    pub key: Option<&'a [u8]>,
    /// The patient, where the caller knows better than the record: what is done by patient (date shifts, surrogates)
    /// is the same for every record of the same name.
    pub patient: Option<&'a str>,
    /// By how many days dates move, in place of the offset that follows from the key and the patient.
    pub shift_days: Option<i32>,
}

impl<'a> DeidentifyOptions<'a> {
    fn read(&self) -> Result<deid::Options<'a>> {
        let Self { as_of, vault, key, patient, shift_days } = *self;
        let as_of = as_of.map(PartialDate::day).transpose().map_err(|error| error.in_path("as_of"))?;
        Ok(deid::Options { as_of, vault, key, patient, shift_days })
    }
}

/// What the de-identification of a text depends on besides the text and the policy.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeidentifyTextOptions<'a> {
    /// The day (`YYYY-MM-DD`) on which ages count. Without it no birth year is kept.
    pub as_of: Option<&'a str>,
    /// A secret key of 32 bytes or more, for policies that make codes and surrogates with one. Safe Harbor accepts none.
    pub key: Option<&'a [u8]>,
    /// What is known before: names, places and numbers, and a site's own patterns and words.
    pub known: Option<&'a Known>,
    /// The patient of the text, so that surrogates are the same in every text of the patient.
    pub patient: Option<&'a str>,
}

/// The answer to a request that may be released: the copy, the decision, and the proof that it was recorded.
#[derive(Debug, Clone, Serialize)]
pub struct Released {
    /// The copy; nothing where the decision withholds everything or needs information.
    #[serde(skip)]
    pub output: Option<Vec<u8>>,
    /// What was decided, segment by segment.
    pub decision: Decision,
    /// The ledger's receipt for the entry that was written before the copy was handed out; nothing without a copy.
    pub receipt: Option<Receipt>,
}

impl Chartkeeper {
    /// With the embedded packs.
    ///
    /// # Errors
    /// `pack_malformed` where the program itself is damaged.
    pub fn new() -> Result<Self> {
        Ok(Self { codes: Codes::embedded()?, law: None })
    }

    /// With the embedded packs, and with packs that the user brings as bytes: packs of codes, and law packs (JSON),
    /// such as a facility's own policies. A law pack that has the name of one that is loaded takes its place.
    ///
    /// # Errors
    /// `pack_malformed`, `pack_damaged`, `unknown_system` where no room takes the pack.
    pub fn with_packs(packs: Vec<Vec<u8>>) -> Result<Self> {
        let mut keeper = Self::new()?;
        for pack in packs {
            match law_pack(&pack) {
                Some(text) => keeper.law = Some(keeper.law()?.replacing(text)?),
                None => keeper.codes.load(Pack::load(pack)?)?,
            }
        }
        Ok(keeper)
    }

    /// Who every loaded pack is: name, release, effective dates, rows, licence, source, fingerprint.
    ///
    /// # Errors
    /// `pack_malformed` where the program itself is damaged.
    pub fn packs(&self) -> Result<Vec<PackInfo>> {
        let mut all: Vec<PackInfo> = self.codes.packs().into_iter().cloned().collect();
        all.extend(formats::packs()?.into_iter().cloned());
        all.extend(self.law()?.packs().iter().cloned());
        all.extend(narrative::packs()?);
        Ok(all)
    }

    /// Whether a code may be used on a date of service, why not, and what to use instead.
    ///
    /// # Errors
    /// `unknown_system`.
    #[inline]
    pub fn validate_code(&self, system: &str, code: &str, context: &CodeContext) -> Result<Verdict<'_>> {
        self.codes.validate(system, code, context)
    }

    /// The verdict of a judgement that this object made: what a host keeps of a [`Verdict`], which borrows from here.
    ///
    /// # Errors
    /// `unknown_system` where another object made it.
    #[inline]
    pub fn verdict(&self, judgement: Judgement) -> Result<Verdict<'_>> {
        self.codes.verdict(judgement)
    }

    /// The verdicts on many codes of one system, in their order.
    ///
    /// # Errors
    /// `unknown_system`.
    pub fn validate_codes<'c>(
        &self,
        system: &str,
        list: impl IntoIterator<Item = &'c str>,
        context: &CodeContext,
    ) -> Result<Vec<Verdict<'_>>> {
        self.codes.validate_all(system, list, context)
    }

    /// Codes whose titles hold the words of `query`, the best first.
    ///
    /// # Errors
    /// `unknown_system`, `no_titles`.
    pub fn find_codes(
        &self,
        system: &str,
        query: &str,
        context: &CodeContext,
        limit: usize,
    ) -> Result<Vec<CodeHit>> {
        self.codes.find(system, query, context, limit)
    }

    /// As [`Self::find_codes`], among the codes that the facets leave: only billable ones, or those of one chapter.
    ///
    /// # Errors
    /// `unknown_system`, `no_titles`.
    pub fn find_codes_within(
        &self,
        system: &str,
        query: &str,
        context: &CodeContext,
        facets: &Facets,
        limit: usize,
    ) -> Result<Vec<CodeHit>> {
        self.codes.find_within(system, query, context, facets, limit)
    }

    /// Codes that a person or a model proposes for a note: whether each is valid, specific, said by the note (with spans),
    /// contradicted by it, or in conflict with another.
    ///
    /// # Errors
    /// `invalid_date`, `too_large`.
    pub fn check_suggested_codes(&self, request: &SuggestedCodesRequest) -> Result<Vec<SuggestedCode>> {
        self.codes.check_suggested_codes(request)
    }

    /// A value of one unit of measure (UCUM) in another.
    ///
    /// # Errors
    /// `unit_invalid`, `units_differ`.
    pub fn convert_unit(&self, value: f64, from: &str, to: &str) -> Result<UnitConversion> {
        self.codes.convert_unit(value, from, to)
    }

    /// The bytes of the pack that an agency's own file makes, for [`Self::with_packs`].
    ///
    /// # Errors
    /// `unknown_format`, `unknown_system`, `invalid_date`, `source_malformed` with the line.
    #[cfg(feature = "load")]
    pub fn compile_pack(source: &[u8], request: &PackRequest) -> Result<Vec<u8>> {
        load::compile(source, request)
    }

    /// Codes of a claim or an encounter that must or must not stand together, first, or in its setting; each finding
    /// cites its list and release.
    ///
    /// # Errors
    /// `invalid_date`, `invalid_argument`.
    pub fn check_claim(&self, claim: &Claim) -> Result<Vec<ClaimFinding>> {
        self.codes.check_claim(claim)
    }

    /// Everything that the release of a date says of a code: title, place in the list, 7th characters, notes. `None`
    /// where it has no such code.
    ///
    /// # Errors
    /// `unknown_system`.
    pub fn code(&self, system: &str, code: &str, context: &CodeContext) -> Result<Option<CodeInfo>> {
        self.codes.info(system, code, context)
    }

    /// What changed between two releases of a code system, each by the name that a verdict gives it.
    ///
    /// # Errors
    /// `unknown_system`; `invalid_argument` where no loaded pack has the release.
    pub fn diff_codes(&self, system: &str, release_a: &str, release_b: &str) -> Result<CodeDiff> {
        self.codes.diff(system, release_a, release_b)
    }

    /// How likely rows of a table can be attributed to a person.
    ///
    /// # Errors
    /// Those of [`risk::assess_risk`].
    pub fn assess_risk(&self, request: &AssessRiskRequest) -> Result<RiskReport> {
        risk::assess_risk(request)
    }

    /// A table generalised so far that it meets the demands, with the least loss that was found.
    ///
    /// # Errors
    /// Those of [`risk::anonymize_table`].
    pub fn anonymize_table(&self, request: &AnonymizeTableRequest) -> Result<AnonymizedTable> {
        risk::anonymize_table(request)
    }

    /// What a document that a requester relies on comes to on a day (`YYYY-MM-DD`): every element that is not as the
    /// law wants it, with its paragraph.
    ///
    /// # Errors
    /// `invalid_date`.
    pub fn check_authorization(
        &self,
        authorization: &Authority,
        on: &str,
        jurisdictions: &[String],
    ) -> Result<DocumentCheck> {
        let on = Day::parse(on).map_err(|error| error.in_path("on"))?;
        release::check_authorization(authorization, on, jurisdictions, self.law()?)
    }

    /// The letter of that kind about a request for a record.
    ///
    /// # Errors
    /// Those of [`Chartkeeper::decide`] and [`release::letter`].
    pub fn letter(
        &self,
        request: &Request,
        record: &Record,
        kind: LetterKind,
        facts: &LetterFacts,
    ) -> Result<Letter> {
        release::letter(request, &self.decide(request, record)?, kind, facts)
    }

    /// Which of these requests another set of law packs, as texts, would answer differently.
    ///
    /// # Errors
    /// `pack_malformed` with the rule, and those of [`Chartkeeper::decide`].
    pub fn diff_laws<'c>(
        &self,
        packs: &[&str],
        cases: impl IntoIterator<Item = (&'c Request, &'c Record)>,
    ) -> Result<Vec<LawDiff>> {
        let before = self.law()?;
        let mut after = before.clone();
        for pack in packs {
            after = after.replacing(pack)?;
        }
        release::diff_laws(before, &after, cases)
    }

    /// What is wrong or missing in a record, as of a day (`YYYY-MM-DD`).
    ///
    /// # Errors
    /// `invalid_date`.
    pub fn check(&self, record: &Record, as_of: &str) -> Result<Vec<Finding>> {
        quality::check(record, &self.codes, as_of)
    }

    /// De-identifies a record under a policy, and accounts for every change. `policy` is a name
    /// (`hipaa-safe-harbor`, `hipaa-limited-data-set`, `gdpr-pseudonymised`, `research-shifted`), or the JSON text of
    /// a policy of the user's own.
    ///
    /// # Errors
    /// `unknown_policy`, `policy_malformed`, `policy_nonconforming`, `invalid_date`, and those of
    /// [`deid::deidentify`].
    pub fn deidentify(
        &self,
        record: &Record,
        policy: &str,
        options: &DeidentifyOptions<'_>,
    ) -> Result<Deidentified> {
        deid::deidentify(record, &Policy::named(policy)?, &options.read()?)
    }

    /// De-identifies the records of a folder into another, by several threads; see [`deid::deidentify_folder`].
    /// `progress` is told how far the run has come, and says whether it is to go on.
    ///
    /// # Errors
    /// Those of [`Chartkeeper::deidentify`] that are not of single records; `file_unreadable`, `file_unwritable`.
    pub fn deidentify_folder(
        &self,
        input: impl AsRef<Path>,
        output: impl AsRef<Path>,
        policy: &str,
        options: &DeidentifyOptions<'_>,
        threads: usize,
        progress: &mut dyn FnMut(FolderProgress) -> bool,
    ) -> Result<FolderReport> {
        let options = options.read()?;
        let (input, output) = (input.as_ref(), output.as_ref());
        deid::deidentify_folder(input, output, &Policy::named(policy)?, &options, threads, progress)
    }

    /// Everything in a text that identifies somebody, in its order, without overlaps. `known` is what is known before.
    ///
    /// # Errors
    /// `invalid_argument` for facts that cannot be used.
    pub fn find_identifiers(&self, text: &str, known: Option<&Known>) -> Result<Vec<IdentifierSpan>> {
        narrative::find_identifiers(text, known)
    }

    /// The identifiers of many texts, in their order.
    ///
    /// # Errors
    /// As [`Chartkeeper::find_identifiers`].
    pub fn find_identifiers_in<'t>(
        &self,
        texts: impl IntoIterator<Item = &'t str>,
        known: Option<&Known>,
    ) -> Result<Vec<Vec<IdentifierSpan>>> {
        narrative::find_identifiers_in(texts, known)
    }

    /// Takes the identifiers out of a text under a policy, and accounts for every change. `policy` is as in
    /// [`Chartkeeper::deidentify`].
    ///
    /// # Errors
    /// `unknown_policy`, `policy_malformed`, `policy_nonconforming`, `invalid_date`, and those of
    /// [`narrative::deidentify_text`].
    pub fn deidentify_text(
        &self,
        text: &str,
        policy: &str,
        options: &DeidentifyTextOptions<'_>,
    ) -> Result<DeidentifiedText> {
        let mut all = self.deidentify_texts([text], policy, options)?;
        all.pop().ok_or_else(|| crate::error::Error::new(&crate::error::codes::EMPTY_INPUT))
    }

    /// Takes the identifiers out of many texts of one patient or of nobody in particular, in their order.
    ///
    /// # Errors
    /// As [`Chartkeeper::deidentify_text`].
    pub fn deidentify_texts<'t>(
        &self,
        texts: impl IntoIterator<Item = &'t str>,
        policy: &str,
        options: &DeidentifyTextOptions<'_>,
    ) -> Result<Vec<DeidentifiedText>> {
        let as_of =
            options.as_of.map(PartialDate::day).transpose().map_err(|error| error.in_path("as_of"))?;
        let policy = Policy::named(policy)?;
        let DeidentifyTextOptions { key, known, patient, .. } = *options;
        let rewriter = Rewriter::new(&policy, &TextOptions { key, as_of, known, patient })?;
        Ok(texts.into_iter().map(|text| rewriter.rewrite(text)).collect())
    }

    /// Searches an output for what a policy should have hidden of its original, by other means than the ones that
    /// hid it; no findings mean that nothing of it can be read. `policy` is as in [`Chartkeeper::deidentify`].
    ///
    /// # Errors
    /// `unknown_policy`, `policy_malformed`, `policy_nonconforming`.
    pub fn verify_deidentified(
        &self,
        original: &Record,
        output: &Record,
        policy: &str,
    ) -> Result<Verification> {
        deid::verify_deidentified(original, output, &Policy::named(policy)?)
    }

    /// Looks up what a token of a vault stands for, and writes the ledger before the value is handed out.
    ///
    /// # Errors
    /// `token_unknown`, `invalid_argument` where the request names nobody or no purpose, and those of the ledger; with
    /// an error no value is handed out.
    pub fn reidentify(
        &self,
        vault: &Vault,
        request: &ReidentifyRequest,
        ledger: &Ledger,
    ) -> Result<Reidentified> {
        reidentify::reidentify(vault, request, ledger)
    }

    /// The value of a text that a policy encrypted with a key; the ledger has it in writing before the value is handed
    /// out. `request.token` is the text as it stands in an output (`enc1.…`).
    ///
    /// # Errors
    /// `token_unknown` where the text was not encrypted with this key in the domain of the policy; `key_not_allowed`,
    /// `key_too_short`, and those of [`Chartkeeper::reidentify`]; with an error no value is handed out.
    pub fn decrypt(
        &self,
        policy: &str,
        key: &[u8],
        request: &ReidentifyRequest,
        ledger: &Ledger,
    ) -> Result<Reidentified> {
        let value = deid::decrypt(&request.token, &Policy::named(policy)?, key)?;
        reidentify::handed_out(value, None, request, ledger)
    }

    /// Decides a request segment by segment, without cutting a copy.
    ///
    /// # Errors
    /// `pack_malformed` where the program itself is damaged.
    pub fn decide(&self, request: &Request, record: &Record) -> Result<Decision> {
        release::decide(request, record, self.law()?)
    }

    /// The law that decides: the embedded packs, and those that the user brought.
    fn law(&self) -> Result<&Law> {
        match &self.law {
            Some(law) => Ok(law),
            None => Law::embedded(),
        }
    }

    /// The copy in the form that was asked for, through the same door as any de-identification.
    fn in_form(&self, form: CopyForm, copy: Vec<u8>, record: &Record) -> Result<Vec<u8>> {
        let policy = match form {
            CopyForm::LimitedDataSet => "hipaa-limited-data-set",
            CopyForm::Deidentified => "hipaa-safe-harbor",
            _ => return Ok(copy),
        };
        let copy = Record::parse(copy, Some(record.format()))?;
        Ok(self.deidentify(&copy, policy, &DeidentifyOptions::default())?.output)
    }

    /// Decides a request, cuts the copy, writes the ledger, and only then hands the copy out.
    ///
    /// The disclosure is kept under [`Record::patient_reference`]. A request that releases nothing writes nothing.
    ///
    /// # Errors
    /// `release_incomplete` where the accounting of disclosures could not be kept: the request does not name who
    /// receives the copy, or the record has nothing to know its patient by. Any error of the ledger. No copy is
    /// handed out with an error.
    pub fn release(&self, request: &Request, record: &Record, ledger: &Ledger) -> Result<Released> {
        let decision = self.decide(request, record)?;
        if !matches!(decision.outcome, Outcome::MustRelease | Outcome::Release | Outcome::ReleasePartial) {
            return Ok(Released { output: None, decision, receipt: None });
        }
        let output = release::redact(record, &decision)?.apply(record.source());
        let output = self.in_form(request.copy, output, record)?;
        let receipt = ledger.append(&disclosure::entry(request, record, &decision, &output)?)?;
        Ok(Released { output: Some(output), decision, receipt: Some(receipt) })
    }
}

/// The text of a pack that is a law pack: law is JSON, packs of codes are not.
fn law_pack(pack: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(pack).ok()?;
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{').then_some(text)
}
