//! Whether a document that a requester relies on is valid: every defect with its paragraph.

use serde::Serialize;

use super::decide::defects;
use super::decision::Defect;
use super::derive::{self, Documents};
use super::fact::Fact;
use super::law::{Element, Law};
use super::request::{Authority, Day, Request};
use super::tri::Tri;
use crate::error::Result;

/// What a document comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentCheck {
    /// `valid`, `invalid`, or `unknown` while an element is not known.
    pub status: &'static str,
    /// The elements that are certainly not as they must be.
    pub defects: Vec<Defect>,
    /// The elements of which it is not known how they are.
    pub unsettled: Vec<Defect>,
}

/// Checks an authorization (45 CFR 164.508(b)(2), (c)), a Part 2 consent (42 CFR 2.31), a consent of the data subject
/// (GDPR, Articles 4(11), 7, 9(2)(a)), an attestation, a data use agreement, a waiver or an administrative request
/// against the checklists of the law, on a day. `jurisdictions` are those of the holder, as in a request; without any
/// the law of the United States alone. Whether the document names the one who asks is left to the decision on a
/// request, and so is what a paragraph asks only for some requests.
///
/// ```
/// use chartkeeper::release::{Authority, Authorization, Day, Law, check_authorization};
/// let unsigned = Authorization { signed: Some(false), ..Authorization::default() };
/// let check = check_authorization(
///     &Authority::Authorization(Box::new(unsigned)),
///     Day::parse("2026-03-02")?,
///     &[],
///     Law::embedded()?,
/// )?;
/// assert_eq!((check.status, check.defects[0].citation.as_str()), ("invalid", "45 CFR 164.508(c)(1)(vi)"));
/// # Ok::<(), chartkeeper::Error>(())
/// ```
///
/// # Errors
/// `invalid_request` where the document contradicts itself.
pub fn check_authorization(
    document: &Authority,
    on: Day,
    jurisdictions: &[String],
    law: &Law,
) -> Result<DocumentCheck> {
    let mut request = Request::on(on);
    request.authority = Some(vec![document.clone()]);
    // Which law a consent is under follows from the document itself.
    let european = matches!(document, Authority::GdprConsent(_));
    request.holder.jurisdictions = match (jurisdictions.is_empty(), european) {
        (true, false) => None,
        (true, true) => Some(vec!["EU".to_owned()]),
        (false, _) => Some(jurisdictions.to_vec()),
    };
    let facts = derive::facts(&request, &Documents::of(&request)?)?;
    let asked = |element: &Element| {
        let about_requester = element.fact.as_str().ends_with(".names_requester");
        element.holds_on(on) && element.applies.evaluate(&facts) == Tri::True && !about_requester
    };
    let certain = defects(law, &facts, asked);
    let unsettled: Vec<Defect> = law
        .elements
        .iter()
        .filter(|element| facts.get(element.presented) == Tri::True && asked(element))
        .filter(|element| facts.get(element.fact) == Tri::Unknown)
        .filter(|element| element.fact != Fact::ConsentTpoRedisclosure)
        .map(Element::defect)
        .collect();
    let status = match (certain.is_empty(), unsettled.is_empty()) {
        (false, _) => "invalid",
        (true, false) => "unknown",
        (true, true) => "valid",
    };
    Ok(DocumentCheck { status, defects: certain, unsettled })
}
