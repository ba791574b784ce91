//! The documents that a requester can rely on beside authorization and consent: orders, process, agreements, waivers.

use serde::{Deserialize, Serialize};

use super::fact::Fact;
use super::facts::Facts;
use super::request::Scope;

/// A document whose elements are facts of the same name: a structure of what is said of it, and how that is read.
macro_rules! document {
    ($(#[$about:meta])* $name:ident = $group:literal { $($(#[$doc:meta])* $field:ident,)* }
     $(and { $($(#[$other_doc:meta])* $other:ident: $kind:ty,)* })?) => {
        $(#[$about])*
        #[derive(Clone, Default, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<bool>,)*
            $($($(#[$other_doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $other: Option<$kind>,)*)?
        }

        impl $name {
            /// Sets the facts of this document, which was presented.
            pub(super) fn tell(&self, facts: &mut Facts) {
                if let Some(presented) = Fact::from_name(concat!($group, ".presented")) {
                    facts.set(presented, true);
                }
                $(if let Some(fact) = Fact::from_name(concat!($group, ".", stringify!($field))) {
                    facts.set(fact, self.$field);
                })*
            }
        }
    };
}

document! {
    /// A subpoena, discovery request or other lawful process that no order accompanies (45 CFR 164.512(e)(1)(ii)).
    Subpoena = "subpoena" {
        /// The party shows a good faith attempt to notify the individual in writing: (iii)(A).
        notice_attempted,
        /// The notice said enough of the proceeding to raise an objection: (iii)(B).
        notice_sufficient,
        /// The time for objections has elapsed: (iii)(C).
        objection_time_elapsed,
        /// No objections were filed, or all were resolved in favour of the disclosure: (iii)(C)(1)-(2).
        objections_settled,
        /// A qualified protective order was agreed to and presented, or was asked for: (iv).
        protective_order_sought,
        /// It forbids any other use: (v)(A).
        order_limits_use,
        /// It requires return or destruction: (v)(B).
        order_returns,
    } and {
        /// Who issued it.
        issued_by: String,
    }
}

document! {
    /// An order of a court or administrative tribunal.
    CourtOrder = "court_order" {
        /// Whether it was entered under 42 CFR part 2, subpart E.
        under_part2,
        /// Whether it authorizes use against the patient (42 CFR 2.65).
        against_patient,
        /// Whether it states that the criteria of 42 CFR 2.64 or 2.65 are met.
        recites_criteria,
        /// Whether it was entered under section 2785 of the New York Public Health Law.
        under_phl_2785,
    } and {
        /// Who entered it.
        issued_by: String,
        /// What it expressly covers.
        terms: Scope,
    }
}

document! {
    /// A warrant, a judicial officer's subpoena or summons, or a grand jury subpoena.
    Warrant = "warrant" {} and {
        /// Who issued it.
        issued_by: String,
        /// What it covers.
        terms: Scope,
    }
}

document! {
    /// An administrative request of a law enforcement agency (45 CFR 164.512(f)(1)(ii)(C)).
    AdministrativeRequest = "administrative_request" {
        /// The information is relevant and material to a legitimate inquiry: (1).
        relevant_and_material,
        /// The request is specific and limited in scope: (2).
        specific_and_limited,
        /// De-identified information could not reasonably be used: (3).
        deidentified_insufficient,
    }
}

document! {
    /// A data use agreement (45 CFR 164.514(e)(4)(ii)).
    DataUseAgreement = "data_use_agreement" {
        /// It establishes the permitted uses: (A).
        permitted_uses,
        /// It establishes who may use or receive the data: (B).
        who_may_use,
        /// No other use: (C)(1).
        no_other_use,
        /// Safeguards: (C)(2).
        safeguards,
        /// Reports of other uses: (C)(3).
        reports,
        /// Agents are bound: (C)(4).
        agents,
        /// Individuals are not identified or contacted: (C)(5).
        no_contact,
    }
}

document! {
    /// The documentation of a waiver of authorization for research (45 CFR 164.512(i)(2)).
    Waiver = "waiver" {
        /// The board and the date of approval: (i).
        board_and_date,
        /// The board's finding that the criteria are met: (ii).
        criteria,
        /// The information found necessary: (iii).
        needed_information,
        /// Normal or expedited review: (iv).
        procedure,
        /// Signed by the chair or a designated member: (v).
        signature,
    }
}

document! {
    /// An attestation (45 CFR 164.509, vacated).
    Attestation = "attestation" {
        /// Every element of 164.509(c), and nothing false.
        elements,
        /// Signed and dated.
        signature,
    }
}

document! {
    /// A consent of the data subject under the General Data Protection Regulation.
    GdprConsent = "gdpr_consent" {
        /// Freely given: Article 4(11), 7(4).
        freely_given,
        /// Specific: Article 4(11).
        specific,
        /// Informed: Article 4(11).
        informed,
        /// A clear affirmative act: Article 4(11).
        unambiguous,
        /// Explicit as to health data: Article 9(2)(a).
        explicit,
        /// Distinguishable, in plain language: Article 7(2).
        distinguishable,
        /// The right to withdraw was told: Article 7(3).
        withdrawal_told,
        /// The controller can demonstrate it: Article 7(1).
        demonstrable,
        /// It was withdrawn: Article 7(3).
        withdrawn,
        /// It covers the one who asks: Article 4(11), specific.
        names_requester,
    }
}
