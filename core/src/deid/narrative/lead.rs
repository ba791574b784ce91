//! What the words before a number say that it is.

use super::cue::{Cue, Cues};
use super::token::{Block, Gap};
use crate::formats::label::Label;

/// The kinds of cue that lead to a number, and the label of the number.
const LEADS: &[(Cue, Label, &str)] = &[
    (Cue::IdSocialSecurity, Label::SocialSecurity, "social_security_cue"),
    (Cue::IdMedicalRecord, Label::MedicalRecord, "record_number_cue"),
    (Cue::IdProvider, Label::ProviderIdentifier, "provider_number_cue"),
    (Cue::IdLicence, Label::Licence, "licence_cue"),
    (Cue::IdVehicle, Label::Vehicle, "vehicle_cue"),
    (Cue::IdDevice, Label::Device, "device_cue"),
    (Cue::IdAccount, Label::Account, "account_cue"),
    (Cue::IdPlan, Label::HealthPlan, "plan_cue"),
    (Cue::Fax, Label::Fax, "fax_cue"),
    (Cue::Phone, Label::Phone, "phone_cue"),
    (Cue::IdOther, Label::Identifier, "number_cue"),
];

pub(super) const ANY_LEAD: Cues = Cues::of(&[
    Cue::IdSocialSecurity,
    Cue::IdMedicalRecord,
    Cue::IdProvider,
    Cue::IdLicence,
    Cue::IdVehicle,
    Cue::IdDevice,
    Cue::IdAccount,
    Cue::IdPlan,
    Cue::Fax,
    Cue::Phone,
    Cue::IdOther,
]);

/// What the words before a number say that it is.
#[derive(Clone, Copy)]
pub(super) enum Lead {
    Nothing,
    /// A code that identifies nobody, or a room.
    Code,
    Label(Label, &'static str),
    /// A word that means other things as well, without a sign of a number between.
    Maybe(Label, &'static str),
}

/// The cue before a number, at most five words away in the same line.
pub(super) fn lead(block: &Block<'_>, at: usize) -> Lead {
    let mut weak = Lead::Nothing;
    for by in 1..=5_isize {
        let Some(token) = block.near(at, -by).filter(|token| token.cleaned.is_none()) else { break };
        let gap = block.near(at, 1 - by).map_or(Gap(0), |next| next.gap);
        if gap.has(Gap::NEWLINE) && !(by == 1 && gap.has(Gap::COLON)) {
            break;
        }
        if gap.has(Gap::PERIOD) && by > 1 && gap.has(Gap::SPACE) && token.len() > 4 {
            break;
        }
        if token.is_any(ANY_LEAD) {
            // Titles and ordinary words that are abbreviations of numbers as well need a sign of a number between.
            let doubtful = token.is(Cue::Doubtful);
            let marked = gap.has(Gap::COLON | Gap::HASH) || by > 1;
            for (cue, label, why) in LEADS {
                if token.is(*cue) {
                    if doubtful && !marked {
                        return if matches!(weak, Lead::Nothing) { Lead::Maybe(*label, why) } else { weak };
                    }
                    if *cue == Cue::IdOther && by < 4 {
                        // `member id`, `account number`: the word before says which.
                        weak = Lead::Label(*label, why);
                        break;
                    }
                    return Lead::Label(*label, why);
                }
            }
            continue;
        }
        if token.is(Cue::Code) {
            return if matches!(weak, Lead::Nothing) || by < 3 { Lead::Code } else { weak };
        }
        // `S/N 810447221`.
        let serial = token.len() == 1
            && token.gap.only(Gap::SLASH)
            && block.str(token).eq_ignore_ascii_case("n")
            && block.near(at, -by - 1).is_some_and(|first| block.str(first).eq_ignore_ascii_case("s"));
        if serial {
            return Lead::Label(Label::Device, "device_cue");
        }
        if token.is(Cue::Filler)
            || token.is(Cue::OrgName)
            || (token.is_any(Cues::of(&[Cue::Person, Cue::Credential])) && by > 1)
            || token.len() == 1
        {
            continue;
        }
        break;
    }
    weak
}
