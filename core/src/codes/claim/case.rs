//! A claim with its dates read and its codes judged, and the findings as they are made.

use jiff::civil::Date;

use super::{Claim, ClaimFinding, Setting};
use crate::codes::context::CodeContext;
use crate::codes::icd10cm::Standing;
use crate::codes::lists::{CodeList, fiscal_year};
use crate::codes::verdict::Verdict;
use crate::codes::{Codes, tables};
use crate::error::{Error, Result, codes as catalogue};
use crate::record::Severity;
use crate::text::PartialDate;

/// A diagnosis that was judged.
pub(super) struct Judged<'c> {
    /// Its place among the claim's diagnoses.
    pub(super) at: usize,
    pub(super) verdict: Verdict<'c>,
    /// The code without its dot, or nothing.
    pub(super) key: String,
    /// The code in the tabular list, with its notes, where the release has it.
    pub(super) standing: Option<Standing<'c>>,
}

impl Judged<'_> {
    pub(super) fn is_principal(&self) -> bool {
        self.at == 0
    }

    pub(super) fn path(&self) -> String {
        format!("diagnoses[{}].code", self.at)
    }

    /// Whether the code is one of a category or subcategory, written without its dot.
    pub(super) fn below(&self, prefix: &str) -> bool {
        self.key.starts_with(prefix)
    }
}

/// What a finding says, before its place.
pub(super) struct Said {
    pub(super) code: &'static str,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) source: String,
    pub(super) release: String,
}

/// The claim under examination.
pub(super) struct Case<'c> {
    pub(super) codes: &'c Codes,
    pub(super) claim: &'c Claim,
    pub(super) from: Date,
    /// The day on which the diagnoses are judged.
    pub(super) through: Date,
    pub(super) setting: Option<Setting>,
    pub(super) diagnoses: Vec<Judged<'c>>,
    pub(super) findings: Vec<ClaimFinding>,
}

impl<'c> Case<'c> {
    pub(super) fn of(codes: &'c Codes, claim: &'c Claim) -> Result<Self> {
        let from = day(&claim.from, || "from".to_owned())?;
        let through = claim.through.as_deref().map_or(Ok(from), |text| day(text, || "through".to_owned()))?;
        if through < from {
            return Err(Error::new(&catalogue::INVALID_ARGUMENT)
                .in_path("through")
                .note("the last day stands before the first"));
        }
        let setting = match (claim.setting, claim.type_of_bill.as_deref()) {
            (Some(setting), _) => Some(setting),
            (None, Some(bill)) => Some(setting_of(bill)?),
            (None, None) => None,
        };
        let context = CodeContext { on: Some(through), ..CodeContext::default() };
        let judged = claim.diagnoses.iter().enumerate().map(|(at, diagnosis)| {
            let verdict = codes.validate("icd10cm", &diagnosis.code, &context)?;
            let key = verdict.code().unwrap_or_default().replace('.', "");
            let standing = codes.standing(&key, &context);
            Ok(Judged { at, verdict, key, standing })
        });
        let diagnoses = judged.collect::<Result<_>>()?;
        Ok(Self { codes, claim, from, through, setting, diagnoses, findings: Vec::new() })
    }

    pub(super) fn is_inpatient(&self) -> bool {
        self.setting == Some(Setting::Inpatient)
    }

    pub(super) fn principal(&self) -> Option<&Judged<'c>> {
        self.diagnoses.first()
    }

    /// The name of the guidelines that hold on the day of the claim.
    pub(super) fn guidelines(&self) -> String {
        fiscal_year(self.through)
    }

    pub(super) fn find(&mut self, path: String, other: Option<String>, said: Said) {
        let Said { code, severity, message, source, release } = said;
        self.findings.push(ClaimFinding { code, severity, path, other, message, source, release });
    }

    /// A finding of the Official Guidelines, by paragraph.
    pub(super) fn find_guideline(
        &mut self,
        (code, severity): (&'static str, Severity),
        (path, other): (String, Option<String>),
        paragraph: &str,
        message: impl Into<String>,
    ) {
        let release = self.guidelines();
        let source = format!("ICD-10-CM Official Guidelines for Coding and Reporting, section {paragraph}");
        self.find(path, other, Said { code, severity, message: message.into(), source, release });
    }

    /// The tables of a name for the day of the claim.
    pub(super) fn tables(&self, name: &'static str) -> Vec<&'c CodeList> {
        self.codes.tables().covering(name, self.through).collect()
    }

    /// Says that a rule was not examined, because no list of its kind covers the day.
    pub(super) fn not_examined(&mut self, path: &str, list: &str) {
        let said = Said {
            code: "not_examined",
            severity: Severity::Note,
            message: format!("not examined: no loaded {list} covers the day of the claim"),
            source: list.to_owned(),
            release: String::new(),
        };
        self.find(path.to_owned(), None, said);
    }
}

pub(super) fn day(text: &str, path: impl FnOnce() -> String) -> Result<Date> {
    PartialDate::day(text).map_err(|error| error.in_path(path()))
}

/// The setting of a type of bill (UB-04, form locator 4): the kind of facility and the class of its bill.
fn setting_of(bill: &str) -> Result<Setting> {
    let refuse = || {
        Error::new(&catalogue::INVALID_ARGUMENT)
            .in_path("type_of_bill")
            .note("three or four digits are needed")
    };
    let digits = bill.trim();
    let digits = if digits.len() == 4 { digits.strip_prefix('0').ok_or_else(refuse)? } else { digits };
    if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse());
    }
    Ok(match digits.get(..2) {
        Some("11" | "12" | "18" | "21" | "22" | "28" | "41" | "65" | "66" | "86") => Setting::Inpatient,
        _ => Setting::Outpatient,
    })
}

/// The name of the MCE table, for those who look.
pub(super) const MCE: &str = tables::MCE;
