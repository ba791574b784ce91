//! What the holder has determined about parts of the record: restrictions, grounds for denial.

use super::fact::Fact;
use super::findings::{Designation, DesignationKind, FinderRole};
use super::request::Request;
use super::scope::Within;
use super::sensitivity::Sensitivity;
use crate::error::{Error, Result, codes};

/// The designations of a request that hold on its day: the fact that each makes true, and of what.
///
/// # Errors
/// `invalid_request` where the terms cannot be understood, or where the law leaves the finding to a licensed
/// professional and no such person's name is given.
pub(super) fn read(request: &Request, sensitivity: &Sensitivity) -> Result<Vec<(Fact, Within)>> {
    let mut out = Vec::new();
    for (at, designation) in request.designations.iter().enumerate() {
        let place = format!("designations[{at}]");
        check(designation, &place)?;
        let begun = designation.since.is_none_or(|since| since <= request.on);
        let holds = begun && designation.ended.is_none_or(|end| request.on < end);
        if holds {
            let within = Within::of(Some(&designation.terms), &format!("{place}.terms"), sensitivity)?;
            out.push((fact(designation.kind), within));
        }
    }
    Ok(out)
}

fn check(designation: &Designation, place: &str) -> Result<()> {
    use DesignationKind::{DangerToLife, HarmToOther, HarmViaRepresentative};
    let professional = matches!(designation.kind, DangerToLife | HarmToOther | HarmViaRepresentative);
    let signed = designation.by.as_deref().is_some_and(|by| !by.trim().is_empty());
    if professional && !(signed && designation.role == Some(FinderRole::LicensedProfessional)) {
        return Err(Error::new(&codes::INVALID_REQUEST)
            .in_path(place)
            .note("this ground needs the name and role of a licensed professional who found it"));
    }
    Ok(())
}

const fn fact(kind: DesignationKind) -> Fact {
    match kind {
        DesignationKind::AgreedRestriction => Fact::SegmentAgreedRestriction,
        DesignationKind::SelfPay => Fact::SegmentSelfPay,
        DesignationKind::CompiledForProceeding => Fact::SegmentCompiledForProceeding,
        DesignationKind::InmateCopyDenied => Fact::SegmentInmateCopyDenied,
        DesignationKind::ResearchInProgress => Fact::SegmentResearchInProgress,
        DesignationKind::PrivacyActDenial => Fact::SegmentPrivacyActDenial,
        DesignationKind::ConfidentialSource => Fact::SegmentConfidentialSource,
        DesignationKind::DangerToLife => Fact::SegmentDangerToLife,
        DesignationKind::HarmToOther => Fact::SegmentHarmToOther,
        DesignationKind::HarmViaRepresentative => Fact::SegmentHarmViaRepresentative,
        DesignationKind::RepresentativeNotRecognised => Fact::SegmentRepresentativeNotRecognised,
        DesignationKind::MinorConfidential => Fact::SegmentMinorConfidential,
        DesignationKind::Disputed => Fact::SegmentDisputed,
        DesignationKind::ContraryStateLaw => Fact::SegmentContraryStateLaw,
        DesignationKind::SudCounselingNotes => Fact::SegmentSudCounselingNotes,
    }
}
