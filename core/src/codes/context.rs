//! What a code is judged in, and the requests of the verbs as other languages write them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, codes};
use crate::text::PartialDate;

/// A patient's sex as the Medicare Code Editor and FHIR's administrative gender have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Another.
    Other,
    /// Not known.
    Unknown,
}

impl std::str::FromStr for Sex {
    type Err = Error;

    /// # Errors
    /// `invalid_argument`.
    fn from_str(name: &str) -> Result<Self> {
        match name {
            "female" => Ok(Self::Female),
            "male" => Ok(Self::Male),
            "other" => Ok(Self::Other),
            "unknown" => Ok(Self::Unknown),
            _ => Err(Error::new(&codes::INVALID_ARGUMENT)
                .in_path("sex")
                .note("known are female, male, other, unknown")),
        }
    }
}

/// The circumstances of one use of a code.
///
/// `on` chooses the release. `sex`, `age_years` and `principal` belong to claim edits: they are examined where a list
/// of the Medicare Code Editor is loaded for the date, and no verdict rests on them where none is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CodeContext {
    /// Date of service; discharge for an inpatient stay. `None` asks the newest loaded release: the library has no
    /// clock and does not know what day it is.
    pub on: Option<Date>,
    /// The patient's sex.
    pub sex: Option<Sex>,
    /// The patient's age in completed years on that day.
    pub age_years: Option<u16>,
    /// Whether it stands as the principal (first-listed) diagnosis.
    pub principal: bool,
}

impl CodeContext {
    /// The context from what a caller wrote; what is left out is not known.
    ///
    /// # Errors
    /// `invalid_date`, `invalid_argument` where the sex is none that is known.
    #[inline]
    pub fn new(on: Option<&str>, sex: Option<&str>, age_years: Option<u16>, principal: bool) -> Result<Self> {
        let sex = sex.map(str::parse).transpose()?;
        Ok(Self { on: optional_day(on)?, sex, age_years, principal })
    }

    /// The context of a date of service, `YYYY-MM-DD`.
    ///
    /// # Errors
    /// `invalid_date`.
    pub fn on(date: &str) -> Result<Self> {
        Ok(Self { on: Some(PartialDate::day(date)?), ..Self::default() })
    }
}

fn optional_day(text: Option<&str>) -> Result<Option<Date>> {
    text.map(PartialDate::day).transpose().map_err(|error| error.in_path("on"))
}

/// The request of `validate_code`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidateCodeRequest {
    /// The code system, such as `icd10cm`.
    pub system: String,
    /// The code, as someone wrote it.
    pub code: String,
    /// Date of service, `YYYY-MM-DD`.
    #[serde(default)]
    pub on: Option<String>,
    /// The patient's sex.
    #[serde(default)]
    pub sex: Option<Sex>,
    /// The patient's age in completed years.
    #[serde(default)]
    pub age_years: Option<u16>,
    /// Whether it is the principal diagnosis.
    #[serde(default)]
    pub principal: bool,
}

impl ValidateCodeRequest {
    /// The circumstances that the request names.
    ///
    /// # Errors
    /// `invalid_date`.
    pub fn context(&self) -> Result<CodeContext> {
        let on = optional_day(self.on.as_deref())?;
        Ok(CodeContext { on, sex: self.sex, age_years: self.age_years, principal: self.principal })
    }
}

/// The request of `validate_codes`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidateCodesRequest {
    /// The code system.
    pub system: String,
    /// The codes, as someone wrote them.
    pub codes: Vec<String>,
    /// Date of service of all of them, `YYYY-MM-DD`.
    #[serde(default)]
    pub on: Option<String>,
}

impl ValidateCodesRequest {
    /// The circumstances that the request names.
    ///
    /// # Errors
    /// `invalid_date`.
    pub fn context(&self) -> Result<CodeContext> {
        Ok(CodeContext { on: optional_day(self.on.as_deref())?, ..CodeContext::default() })
    }
}

/// What a search is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// Only codes that may be reported as they stand.
    pub billable_only: bool,
    /// Only codes of one chapter of ICD-10-CM, by its number (`4`); other systems have none.
    pub chapter: Option<String>,
}

/// The request of `find_codes`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindCodesRequest {
    /// The code system.
    pub system: String,
    /// Words of a title, in any order, or a code.
    pub query: String,
    /// Date of service, `YYYY-MM-DD`.
    #[serde(default)]
    pub on: Option<String>,
    /// The most hits to return.
    #[serde(default = "ten")]
    pub limit: usize,
    /// Only codes that may be reported as they stand.
    #[serde(default)]
    pub billable_only: bool,
    /// Only codes of one chapter of ICD-10-CM, by its number.
    #[serde(default)]
    pub chapter: Option<String>,
}

const fn ten() -> usize {
    10
}

impl FindCodesRequest {
    /// What the search is narrowed to.
    #[must_use]
    pub fn facets(&self) -> Facets {
        Facets { billable_only: self.billable_only, chapter: self.chapter.clone() }
    }

    /// The circumstances that the request names.
    ///
    /// # Errors
    /// `invalid_date`.
    pub fn context(&self) -> Result<CodeContext> {
        Ok(CodeContext { on: optional_day(self.on.as_deref())?, ..CodeContext::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_service_is_a_day() {
        assert!(CodeContext::on("2025-10-01").is_ok());
        for text in ["2025", "2025-10", "2025-10-01T10:00", "2025-02-30", "10/01/2025", ""] {
            assert_eq!(CodeContext::on(text).unwrap_err().code(), "invalid_date");
        }
    }

    #[test]
    fn a_context_is_read_from_what_a_caller_wrote() {
        assert_eq!(CodeContext::new(None, None, None, false).unwrap(), CodeContext::default());
        let context = CodeContext::new(Some("2026-03-14"), Some("male"), Some(70), true).unwrap();
        assert_eq!((context.sex, context.age_years, context.principal), (Some(Sex::Male), Some(70), true));
        let error = CodeContext::new(None, Some("m"), None, false).unwrap_err();
        assert_eq!((error.code(), error.path()), ("invalid_argument", Some("sex")));
        assert_eq!(CodeContext::new(Some("today"), None, None, false).unwrap_err().code(), "invalid_date");
    }

    #[test]
    fn a_request_with_an_unknown_field_is_refused() {
        let good = r#"{"system":"icd10cm","code":"E11.9","on":"2026-01-01","sex":"female","principal":true}"#;
        let request: ValidateCodeRequest = serde_json::from_str(good).unwrap();
        assert_eq!(request.context().unwrap().sex, Some(Sex::Female));
        assert!(serde_json::from_str::<ValidateCodeRequest>(r#"{"system":"a","code":"b","day":1}"#).is_err());
        let wrong: FindCodesRequest =
            serde_json::from_str(r#"{"system":"icd10cm","query":"x","on":"soon"}"#).unwrap();
        assert_eq!(wrong.context().unwrap_err().path(), Some("on"));
        assert_eq!(wrong.limit, 10);
    }
}
