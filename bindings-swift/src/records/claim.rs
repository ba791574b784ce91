//! Records about claims.

use super::Sex;
use crate::mirror::{choice, given, mirror};

choice! {
    /// Where services were given, which decides what edits hold.
    Setting {
        /// A stay in a hospital.
        Inpatient,
        /// A hospital's outpatient services.
        Outpatient,
        /// A professional's services, in any place.
        Professional,
    }
}

given! {
    /// One diagnosis of a claim.
    ClaimDiagnosis {
        /// The code, of ICD-10-CM.
        code: String,
        /// Present on admission: `Y`, `N`, `U`, `W`, or `1` for exempt.
        #[uniffi(default = None)]
        poa: Option<String>,
    }

    /// One inpatient procedure.
    ClaimProcedure {
        /// The code, of ICD-10-PCS.
        code: String,
        /// The day of the procedure, `YYYY-MM-DD`.
        #[uniffi(default = None)]
        date: Option<String>,
    }

    /// One service line.
    ClaimLine {
        /// The code, of HCPCS Level II or CPT.
        code: String,
        /// Its modifiers.
        #[uniffi(default = [])]
        modifiers: Vec<String>,
        /// Units of service; one where it is nil.
        #[uniffi(default = None)]
        units: Option<f64>,
        /// The day of the service, `YYYY-MM-DD`; the claim's first day where it is nil.
        #[uniffi(default = None)]
        date: Option<String>,
    }

    /// A claim or an encounter; the principal diagnosis and procedure stand first.
    Claim {
        /// First day of service, or admission (`YYYY-MM-DD`).
        from: String,
        /// Last day of service, or discharge; the first day where it is nil. Diagnoses are judged on this day.
        #[uniffi(default = None)]
        through: Option<String>,
        /// Where the services were given. Where it is nil, the type of bill decides.
        #[uniffi(default = None)]
        setting: Option<Setting>,
        /// The UB-04's type of bill, three or four digits.
        #[uniffi(default = None)]
        type_of_bill: Option<String>,
        /// The patient's sex.
        #[uniffi(default = None)]
        sex: Option<Sex>,
        /// The patient's age in completed years on the first day.
        #[uniffi(default = None)]
        age_years: Option<u16>,
        /// The diagnoses.
        #[uniffi(default = [])]
        diagnoses: Vec<ClaimDiagnosis>,
        /// The procedures.
        #[uniffi(default = [])]
        procedures: Vec<ClaimProcedure>,
        /// The service lines.
        #[uniffi(default = [])]
        lines: Vec<ClaimLine>,
    }
}

mirror! {
    /// One thing that a check found in a claim; never the value.
    ClaimFinding = ClaimFinding {
        /// Stable lower-case code.
        code: String,
        /// `error`, `warning` or `note`.
        severity: String,
        /// The place in the claim, such as `diagnoses[1].code`.
        path: String,
        /// The place that it stands against, where two do not agree.
        other: Option<String>,
        /// What is wrong, in words.
        message: String,
        /// The rule, list or guideline that says so.
        source: String,
        /// The release of the list or guideline.
        release: String,
    }
}
