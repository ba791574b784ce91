//! The two documents by which a patient permits a disclosure, element by element.

use serde::{Deserialize, Serialize};

use super::request::{Day, Scope};

/// An authorization, element by element (45 CFR 164.508(c)), with what makes one defective (paragraph (b)(2)).
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Authorization {
    /// Whether it describes the information specifically and meaningfully: (c)(1)(i). True where `terms` are given.
    pub describes_information: Option<bool>,
    /// The information that it describes, as a scope.
    pub terms: Option<Scope>,
    /// Whether it identifies who may disclose: (c)(1)(ii).
    pub identifies_discloser: Option<bool>,
    /// Whether it identifies who may receive: (c)(1)(iii). True where `recipient` is given.
    pub identifies_recipient: Option<bool>,
    /// The recipient that it names, compared with the requester's name.
    pub recipient: Option<String>,
    /// Whether the requester is the recipient, or of the class, that it identifies; asked for where `recipient` does
    /// not settle it.
    pub names_requester: Option<bool>,
    /// Whether it describes each purpose: (c)(1)(iv).
    pub describes_purpose: Option<bool>,
    /// The day on which it expires: (c)(1)(v). It still holds on that day.
    pub expires_on: Option<Day>,
    /// Whether it states an expiration event that relates to the individual or the purpose: (c)(1)(v).
    pub expiration_event: Option<bool>,
    /// Whether that event is known to have occurred: (b)(2)(i).
    pub expiration_event_occurred: Option<bool>,
    /// Whether it says "none" or the like, which is enough for research only: (c)(1)(v).
    pub expiration_none: Option<bool>,
    /// Whether it is signed: (c)(1)(vi).
    pub signed: Option<bool>,
    /// The date of the signature: (c)(1)(vi).
    pub signed_on: Option<Day>,
    /// Whether a personal representative signed.
    pub signed_by_representative: Option<bool>,
    /// Whether the representative's authority is described: (c)(1)(vi).
    pub describes_representative_authority: Option<bool>,
    /// Whether it states the right to revoke: (c)(2)(i).
    pub states_right_to_revoke: Option<bool>,
    /// Whether it states the ability or inability to condition care on it: (c)(2)(ii).
    pub states_conditioning: Option<bool>,
    /// Whether it states that the recipient may redisclose: (c)(2)(iii).
    pub states_redisclosure: Option<bool>,
    /// Whether the disclosure brings the holder remuneration: (a)(3)(ii), (a)(4).
    pub remuneration_involved: Option<bool>,
    /// Whether it states that remuneration: (a)(3)(ii), (a)(4)(ii).
    pub states_remuneration: Option<bool>,
    /// Whether it is in plain language: (c)(3).
    pub plain_language: Option<bool>,
    /// Whether it is known to be revoked: (b)(2)(iii).
    pub revoked: Option<bool>,
    /// Whether it is combined with another document against (b)(3).
    pub compound: Option<bool>,
    /// Whether care was conditioned on it against (b)(4).
    pub conditioned: Option<bool>,
    /// Whether material information in it is known to be false: (b)(2)(v).
    pub known_false: Option<bool>,
    /// Whether it is for psychotherapy notes, and for nothing else: (a)(2), (b)(3)(ii).
    pub psychotherapy_notes: Option<bool>,
    /// Whether the expiration is a specific date (California Civil Code 56.11(h)). True where `expires_on` is given.
    pub specific_expiration_date: Option<bool>,
    /// Whether it ends within one year of its signature, or longer where the law lets it (California Civil Code 56.11
    /// since 2024). True where `signed_on` and `expires_on` show the year.
    pub limited_to_one_year: Option<bool>,
    /// Whether it states the recipient's uses and limits (California Civil Code 56.11(d), (g)).
    pub states_use_limits: Option<bool>,
    /// Whether type and signature are as California Civil Code 56.11(a)-(b) asks.
    pub typeface_and_separate_signature: Option<bool>,
    /// Whether it tells of the right to a copy (California Civil Code 56.11(i)).
    pub right_to_copy: Option<bool>,
    /// Whether it tells of the right to inspect and copy the information (740 ILCS 110/5(b)(4)).
    pub right_to_inspect: Option<bool>,
    /// Whether someone who can attest to the signer's identity witnessed the signature (740 ILCS 110/5(b)).
    pub witnessed: Option<bool>,
    /// Whether it states that it covers HIV related information (New York Public Health Law 2780(5)).
    pub names_hiv: Option<bool>,
    /// Whether it states that it covers mental health information, and the consequences of a refusal
    /// (740 ILCS 110/5(b)).
    pub names_mental_health: Option<bool>,
    /// Whether it is for this electronic disclosure (Texas Health and Safety Code 181.154).
    pub separate_electronic: Option<bool>,
}

/// A consent to disclose Part 2 records, element by element (42 CFR 2.31(a), 2.31(c)).
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Part2Consent {
    /// Whether it names the patient: (a)(1).
    pub names_patient: Option<bool>,
    /// Whether it identifies who may disclose: (a)(2).
    pub identifies_discloser: Option<bool>,
    /// Whether it describes the information specifically and meaningfully: (a)(3). True where `terms` are given.
    pub describes_information: Option<bool>,
    /// The information that it describes, as a scope.
    pub terms: Option<Scope>,
    /// Whether it identifies who may receive: (a)(4)(i). True where `recipient` is given.
    pub identifies_recipient: Option<bool>,
    /// The recipient that it names, compared with the requester's name.
    pub recipient: Option<String>,
    /// Whether the requester is a recipient that it identifies; asked for where `recipient` does not settle it.
    pub names_requester: Option<bool>,
    /// Whether the recipient is an intermediary.
    pub recipient_is_intermediary: Option<bool>,
    /// Whether the intermediary's participants are named or designated: (a)(4)(ii).
    pub names_participants: Option<bool>,
    /// Whether it is a consent for treatment, payment and health care operations.
    pub treatment_payment_operations: Option<bool>,
    /// Whether it states the redisclosure that HIPAA permits to a covered entity: (a)(4)(iii).
    pub states_redisclosure: Option<bool>,
    /// Whether it states the purpose: (a)(5).
    pub describes_purpose: Option<bool>,
    /// Whether it states the right to revoke: (a)(6).
    pub states_right_to_revoke: Option<bool>,
    /// Whether it states what a refusal to sign leads to, as one for treatment, payment and operations must:
    /// (a)(10)(ii).
    pub states_refusal_consequences: Option<bool>,
    /// The day on which it expires: (a)(7). It still holds on that day.
    pub expires_on: Option<Day>,
    /// Whether it states an expiration event or condition: (a)(7).
    pub expiration_event: Option<bool>,
    /// Whether that event is known to have occurred.
    pub expiration_event_occurred: Option<bool>,
    /// Whether it says "none", which is enough for treatment, payment and operations only: (a)(7).
    pub expiration_none: Option<bool>,
    /// Whether it is signed: (a)(8).
    pub signed: Option<bool>,
    /// The date of the signature: (a)(9).
    pub signed_on: Option<Day>,
    /// Whether it is known to be revoked: (c)(3).
    pub revoked: Option<bool>,
    /// Whether it is known to be materially false, or on its face deficient: (c)(2), (c)(4).
    pub known_false: Option<bool>,
    /// Whether it is for proceedings against the patient, and for nothing else: (d).
    pub for_proceedings: Option<bool>,
    /// Whether it is for counselling notes, and for nothing else: (b).
    pub counseling_notes: Option<bool>,
}
