//! Labels: what a leaf of a record is, and whose. Engines read these and never a path.

/// Declares the label set once: variant, stable name, meaning.
macro_rules! labels {
    ($($name:ident = $text:literal, $doc:literal;)*) => {
        /// What a node of a record is.
        ///
        /// A label on a container speaks for everything inside it, unless it is [`Label::Structure`]: then the
        /// children speak for themselves.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Label {
            $(#[doc = $doc] $name,)*
            /// No data map knows it. De-identification removes it.
            #[default]
            Unrecognised,
        }

        impl Label {
            /// Every label.
            pub const ALL: &'static [Label] = &[$(Label::$name,)* Label::Unrecognised];

            /// The stable lower-case name, the same in every language.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Label::$name => $text,)* Label::Unrecognised => "unrecognised" }
            }

            /// The label of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Label> {
                match name { $($text => Some(Label::$name),)* "unrecognised" => Some(Label::Unrecognised), _ => None }
            }
        }
    };
}

labels! {
    Structure = "structure", "A container of labelled parts.";
    Technical = "technical", "A name of the format itself: resource type, profile, status of a narrative.";
    Name = "name", "A person's name or a part of one.";
    OrganisationName = "organisation_name", "The name of an organisation or employer.";
    PlaceName = "place_name", "The name of a building, ward or place.";
    Street = "street", "Street, number, unit; any address line.";
    City = "city", "City, town, village.";
    District = "district", "County, district, precinct.";
    State = "state", "State or province.";
    PostalCode = "postal_code", "ZIP or postal code.";
    Country = "country", "Country.";
    AddressText = "address_text", "A whole address as one text.";
    Coordinates = "coordinates", "Latitude, longitude, altitude.";
    Date = "date", "A date or date and time of an event.";
    Instant = "instant", "A moment whose format allows no shorter form.";
    Time = "time", "A time of day without a date.";
    BirthDate = "birth_date", "A date of birth.";
    DeathDate = "death_date", "A date of death.";
    Age = "age", "An age.";
    Telecom = "telecom", "A contact value of unknown or other kind.";
    Phone = "phone", "A telephone number.";
    Fax = "fax", "A fax number.";
    Email = "email", "An e-mail address.";
    Url = "url", "A web address that leads to a person, place or document.";
    IpAddress = "ip_address", "An Internet address.";
    Identifier = "identifier", "An identifying number of a kind that is not stated.";
    SocialSecurity = "social_security_number", "A social security number.";
    MedicalRecord = "medical_record_number", "A medical record number.";
    HealthPlan = "health_plan_number", "A health plan beneficiary number.";
    Account = "account_number", "An account number.";
    Licence = "licence_number", "A certificate or licence number.";
    Vehicle = "vehicle_identifier", "A vehicle identifier or plate.";
    Device = "device_identifier", "A device identifier or serial number.";
    ProviderIdentifier = "provider_identifier", "A number that identifies a provider, such as an NPI.";
    Biometric = "biometric", "A biometric identifier.";
    Photo = "photo", "A photograph or comparable image.";
    Attachment = "attachment", "The content of a document or file.";
    Narrative = "narrative", "A formatted text that repeats what the record says.";
    FreeText = "free_text", "Text that a person wrote.";
    ResourceId = "resource_id", "The id under which the system that made the record knows an entry.";
    Reference = "reference", "A pointer to an entry by its id.";
    ReferenceText = "reference_text", "The text that stands for a pointer's target, often a name.";
    Code = "code", "A code of a code system.";
    CodeSystem = "code_system", "The code system of a code.";
    CodeText = "code_text", "The text that the source gives for a code.";
    Value = "value", "A clinical or administrative value: number, truth value, quantity.";
    Unit = "unit", "The unit of a quantity.";
}

impl Label {
    /// Whether it is a number or code that somebody, or something of somebody's, is known by; the number of social
    /// security, which has a form of its own, is none of them.
    pub(crate) const fn is_number_of_something(self) -> bool {
        matches!(
            self,
            Self::Identifier
                | Self::MedicalRecord
                | Self::HealthPlan
                | Self::Account
                | Self::Licence
                | Self::Vehicle
                | Self::Device
                | Self::ProviderIdentifier
                | Self::Biometric
        )
    }
}

/// Whose a node is: the person or body that it tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[repr(u8)]
#[non_exhaustive]
pub enum Whose {
    /// The patient, and everything that is not said to be another's.
    #[default]
    Patient,
    /// A relative, contact, guardian, employer or household member of the patient.
    Relative,
    /// A practitioner or other person who acts for the patient.
    Provider,
    /// An organisation, facility or place.
    Organisation,
}

impl Whose {
    /// Every value.
    pub const ALL: &'static [Self] = &[Self::Patient, Self::Relative, Self::Provider, Self::Organisation];

    /// The stable lower-case name, the same in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Relative => "relative",
            Self::Provider => "provider",
            Self::Organisation => "organisation",
        }
    }

    /// The value of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|whose| whose.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for label in Label::ALL {
            assert_eq!(Label::from_name(label.as_str()), Some(*label));
        }
        for whose in Whose::ALL {
            assert_eq!(Whose::from_name(whose.as_str()), Some(*whose));
        }
    }
}
