//! The vocabulary of the Chart: what kinds of entries a record has, and which fields an entry can have.
//! It is the same for every format; a format's data map says which of its elements is which field.

use std::sync::LazyLock;

/// Declares a set of named values once: variant, stable name, meaning.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $set:ident { $($name:ident = $text:literal, $doc:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum $set {
            $(#[doc = $doc] $name,)*
        }

        impl $set {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable lower-case name, the same in every language.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The value of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$name),)* _ => None }
            }

            /// The number under which a data map stores the value: 0 is none.
            #[must_use]
            pub const fn number(value: Option<Self>) -> u8 {
                match value { Some(value) => value as u8 + 1, None => 0 }
            }

            /// The value of that number.
            #[must_use]
            pub fn from_number(number: u8) -> Option<Self> {
                Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
            }
        }

        const _: () = assert!($set::ALL.len() < 256);
    };
}

vocabulary! {
    /// What an entry of a chart is.
    EntryKind {
        Person = "person", "The patient.";
        RelatedPerson = "related_person", "A relative, guardian or other contact.";
        Practitioner = "practitioner", "A clinician, or a role that one has.";
        Organisation = "organisation", "A hospital, practice, payer or other body.";
        Location = "location", "A place of care.";
        Encounter = "encounter", "A visit or stay.";
        Episode = "episode", "An episode of care that spans encounters.";
        Condition = "condition", "A diagnosis or problem.";
        Procedure = "procedure", "A procedure that was done.";
        Medication = "medication", "A medication, its prescription, dispensing, administration or use.";
        Allergy = "allergy", "An allergy or intolerance.";
        Result = "result", "An observation: laboratory result, vital sign, finding.";
        Report = "report", "A diagnostic report.";
        Immunization = "immunization", "A vaccination.";
        Document = "document", "A document or note, or a reference to one.";
        Coverage = "coverage", "Insurance.";
        Claim = "claim", "A claim, its response, or an explanation of benefits.";
        Consent = "consent", "A consent or directive.";
        Device = "device", "A device or its use.";
        CareTeam = "care_team", "The people who care for the patient.";
        CarePlan = "care_plan", "A plan of care or a goal.";
        Order = "order", "A request for something to be done.";
        FamilyHistory = "family_history", "The history of a relative.";
        Imaging = "imaging", "An imaging study or other media.";
        Specimen = "specimen", "A specimen.";
        Questionnaire = "questionnaire", "Answers to a questionnaire.";
        Communication = "communication", "A message between people.";
        Appointment = "appointment", "An appointment or its answer.";
        AdverseEvent = "adverse_event", "An adverse event or detected issue.";
        Alert = "alert", "A flag or risk that care should heed.";
        Account = "account", "A billing account, charge, invoice or payment.";
        Provenance = "provenance", "Who made or touched an entry, and when.";
        Bundle = "bundle", "A container of entries.";
        Other = "other", "Anything else that the format defines.";
        Unrecognised = "unrecognised", "An entry of a type that the format does not define.";
    }
}

vocabulary! {
    /// What a node is in the entry that holds it.
    ///
    /// A name with a dot is a part: the node of `code` holds the nodes of `code.system` and `code.code`.
    Field {
        Id = "id", "The id of the entry in the system that made the record.";
        Updated = "updated", "When the entry last changed in that system.";
        Profile = "profile", "A profile that the entry claims to follow.";
        Security = "security", "A security label.";
        SecuritySystem = "security.system", "Its code system.";
        SecurityCode = "security.code", "Its code.";
        SecurityDisplay = "security.display", "Its text.";
        Narrative = "narrative", "A formatted text that repeats what the entry says.";

        Identifier = "identifier", "An identifier.";
        IdentifierUse = "identifier.use", "Its use.";
        IdentifierType = "identifier.type", "What kind it is of.";
        IdentifierTypeSystem = "identifier.type.system", "Code system of its kind.";
        IdentifierTypeCode = "identifier.type.code", "Code of its kind.";
        IdentifierSystem = "identifier.system", "The namespace of its value.";
        IdentifierValue = "identifier.value", "Its value.";
        Active = "active", "Whether the entry is in use.";
        Name = "name", "A name of the person, body or place.";
        NameUse = "name.use", "Its use.";
        NameText = "name.text", "The whole name as one text.";
        NameFamily = "name.family", "Family name.";
        NameGiven = "name.given", "Given or middle name.";
        NamePrefix = "name.prefix", "What stands before the name.";
        NameSuffix = "name.suffix", "What stands after the name.";
        Telecom = "telecom", "A contact point.";
        TelecomSystem = "telecom.system", "What kind it is of.";
        TelecomValue = "telecom.value", "Its value.";
        TelecomUse = "telecom.use", "Its use.";
        Sex = "sex", "Administrative sex.";
        BirthDate = "birth_date", "Date of birth.";
        Deceased = "deceased", "Whether the person is dead.";
        DeathDate = "death_date", "Date of death.";
        Address = "address", "An address.";
        AddressUse = "address.use", "Its use.";
        AddressText = "address.text", "The whole address as one text.";
        AddressLine = "address.line", "Street, number, unit.";
        AddressCity = "address.city", "City.";
        AddressDistrict = "address.district", "County or district.";
        AddressState = "address.state", "State or province.";
        AddressPostalCode = "address.postal_code", "Postal code.";
        AddressCountry = "address.country", "Country.";
        MaritalStatus = "marital_status", "Marital status.";
        MaritalStatusCode = "marital_status.code", "Its code.";
        Language = "language", "A language that the person speaks.";
        LanguageCode = "language.code", "Its code.";
        Photo = "photo", "A photograph.";
        Contact = "contact", "A relative or other contact, inside the person's own entry.";
        Relationship = "relationship", "What the related person is to the patient.";
        RelationshipSystem = "relationship.system", "Its code system.";
        RelationshipCode = "relationship.code", "Its code.";
        RelationshipText = "relationship.text", "Its text.";
        Link = "link", "Another entry about the same person.";

        Status = "status", "State of the entry.";
        StatusSystem = "status.system", "Its code system.";
        StatusCode = "status.code", "Its code.";
        Verification = "verification", "How sure it is.";
        VerificationSystem = "verification.system", "Its code system.";
        VerificationCode = "verification.code", "Its code.";
        NotDone = "not_done", "Whether it was expressly not done or not taken.";
        Intent = "intent", "Proposal, plan or order.";
        Class = "class", "Class of the encounter or coverage.";
        ClassSystem = "class.system", "Its code system.";
        ClassCode = "class.code", "Its code.";
        Category = "category", "Category of the entry.";
        CategorySystem = "category.system", "Its code system.";
        CategoryCode = "category.code", "Its code.";
        CategoryDisplay = "category.display", "The text the source gives for the code.";
        CategoryText = "category.text", "Its text.";
        Type = "type", "Type of the entry.";
        TypeSystem = "type.system", "Its code system.";
        TypeCode = "type.code", "Its code.";
        TypeDisplay = "type.display", "The text the source gives for the code.";
        TypeText = "type.text", "Its text.";
        Code = "code", "What the entry is about: diagnosis, procedure, substance, test.";
        CodeSystem = "code.system", "Its code system.";
        CodeVersion = "code.version", "The release of the code system.";
        CodeCode = "code.code", "Its code.";
        CodeDisplay = "code.display", "The text the source gives for the code.";
        CodeText = "code.text", "Its text.";
        CodeReference = "code_reference", "A pointer to the entry that says what this one is about.";
        Reason = "reason", "Why it was done.";
        ReasonSystem = "reason.system", "Its code system.";
        ReasonCode = "reason.code", "Its code.";
        ReasonDisplay = "reason.display", "The text the source gives for the code.";
        ReasonText = "reason.text", "Its text.";
        ReasonReference = "reason_reference", "A pointer to the condition or finding that is the reason.";
        Diagnosis = "diagnosis", "A diagnosis of an encounter or claim.";
        DiagnosisReference = "diagnosis.reference", "A pointer to it.";
        DiagnosisSystem = "diagnosis.system", "Its code system.";
        DiagnosisCode = "diagnosis.code", "Its code.";
        DiagnosisDisplay = "diagnosis.display", "The text the source gives for the code.";
        DiagnosisText = "diagnosis.text", "Its text.";
        DiagnosisUse = "diagnosis.use", "Its role: admission, discharge, billing.";
        DiagnosisUseCode = "diagnosis.use.code", "Code of its role.";
        DiagnosisRank = "diagnosis.rank", "Its place in the order.";
        BilledProcedure = "billed_procedure", "A procedure of a claim.";
        BilledProcedureReference = "billed_procedure.reference", "A pointer to it.";
        BilledProcedureSystem = "billed_procedure.system", "Its code system.";
        BilledProcedureCode = "billed_procedure.code", "Its code.";
        BilledProcedureDisplay = "billed_procedure.display", "The text the source gives for the code.";
        BilledProcedureDate = "billed_procedure.date", "When it was done.";
        Item = "item", "A line of a claim, account or list.";
        ItemSystem = "item.system", "Code system of the line.";
        ItemCode = "item.code", "Code of the line.";
        ItemDisplay = "item.display", "The text the source gives for the code.";
        ItemReference = "item.reference", "The entry that the line points to.";
        ItemDate = "item.date", "Date of the line.";
        Severity = "severity", "Severity.";
        SeverityCode = "severity.code", "Its code.";
        Criticality = "criticality", "Potential harm.";
        BodySite = "body_site", "Place on the body.";
        BodySiteSystem = "body_site.system", "Its code system.";
        BodySiteCode = "body_site.code", "Its code.";
        Interpretation = "interpretation", "What the result means: high, low, abnormal.";
        InterpretationCode = "interpretation.code", "Its code.";
        Disposition = "disposition", "Where the patient went at discharge.";
        DispositionSystem = "disposition.system", "Its code system.";
        DispositionCode = "disposition.code", "Its code.";
        Ingredient = "ingredient", "An ingredient.";
        IngredientSystem = "ingredient.system", "Its code system.";
        IngredientCode = "ingredient.code", "Its code.";
        Reaction = "reaction", "A reaction of an allergy or vaccine.";
        ReactionSystem = "reaction.system", "Its code system.";
        ReactionCode = "reaction.code", "Its code.";

        Value = "value", "The value of a result.";
        ValueNumber = "value.number", "Its number, as it was written.";
        ValueComparator = "value.comparator", "How its number is to be read: less than, more than.";
        ValueUnit = "value.unit", "Its unit, for people.";
        ValueSystem = "value.system", "Code system of the unit or of the coded value.";
        ValueCode = "value.code", "Code of the unit or of the coded value.";
        ValueDisplay = "value.display", "The text the source gives for the code.";
        ValueText = "value.text", "A coded value's text.";
        ValueAbsent = "value_absent", "Why there is no value.";
        ReferenceRange = "reference_range", "The normal range.";
        Component = "component", "A part of a result that has its own code and value.";
        ComponentSystem = "component.system", "Code system of the part.";
        ComponentCode = "component.code", "Code of the part.";
        ComponentDisplay = "component.display", "The text the source gives for the code.";
        ComponentText = "component.text", "Text of the part.";
        ComponentValue = "component.value", "Value of the part.";
        ComponentValueNumber = "component.value.number", "Its number.";
        ComponentValueUnit = "component.value.unit", "Its unit.";
        ComponentValueSystem = "component.value.system", "Code system of the unit or of the coded value.";
        ComponentValueCode = "component.value.code", "Code of the unit or of the coded value.";

        Start = "start", "When it began.";
        End = "end", "When it ended.";
        Onset = "onset", "When the condition or allergy began.";
        OnsetStart = "onset.start", "First of the range.";
        OnsetEnd = "onset.end", "Last of the range.";
        OnsetAge = "onset_age", "The patient's age at onset.";
        Abatement = "abatement", "When the condition ended.";
        AbatementStart = "abatement.start", "First of the range.";
        AbatementEnd = "abatement.end", "Last of the range.";
        AbatementAge = "abatement_age", "The patient's age at the end.";
        Performed = "performed", "When it was done, measured, given or happened.";
        PerformedStart = "performed.start", "First of the range.";
        PerformedEnd = "performed.end", "Last of the range.";
        Recorded = "recorded", "When it was written down.";
        Authored = "authored", "When it was ordered or signed.";
        Issued = "issued", "When it was made available.";
        Created = "created", "When the claim or document was made.";
        Expiry = "expiry", "When it expires.";

        Subject = "subject", "A pointer to whom it is about.";
        Encounter = "encounter", "A pointer to the encounter.";
        Author = "author", "A pointer to who wrote or recorded it.";
        Performer = "performer", "A pointer to who did it.";
        Requester = "requester", "A pointer to who asked for it.";
        Participant = "participant", "A pointer to who took part.";
        Custodian = "custodian", "A pointer to the organisation that is responsible.";
        Location = "location", "A pointer to the place.";
        Device = "device", "A pointer to the device.";
        Specimen = "specimen", "A pointer to the specimen.";
        ResultReference = "result", "A pointer to a result of a report.";
        BasedOn = "based_on", "A pointer to the order that it fulfils.";
        PartOf = "part_of", "A pointer to what it is part of.";
        Target = "target", "A pointer to what it speaks of.";
        Payor = "payor", "A pointer to who pays.";
        Insurance = "insurance", "A pointer to the coverage.";
        PolicyHolder = "policy_holder", "A pointer to who holds the policy.";
        Subscriber = "subscriber", "A pointer to who subscribes.";
        SubscriberId = "subscriber_id", "The subscriber's number.";

        Title = "title", "Title of a document, section or plan.";
        Text = "text", "Text that a person wrote.";
        Section = "section", "A section of a document.";
        SectionSystem = "section.system", "Code system of the section.";
        SectionCode = "section.code", "Code of the section.";
        SectionText = "section.text", "Text of the section.";
        SectionEntry = "section.entry", "A pointer to an entry that the section rests on.";
        Dosage = "dosage", "How a medication is taken.";
        DosageText = "dosage.text", "The same as one text.";
        Lot = "lot", "Lot number.";
        SerialNumber = "serial_number", "Serial number.";
        UniqueDeviceIdentifier = "unique_device_identifier", "Unique device identifier.";
        Attachment = "attachment", "A file.";
        AttachmentType = "attachment.type", "Its media type.";
        AttachmentData = "attachment.data", "Its content, in base64.";
        AttachmentUrl = "attachment.url", "Where its content is.";
        AttachmentTitle = "attachment.title", "Its title.";
        Amount = "amount", "An amount of money.";
        Provision = "provision", "What a consent permits or denies.";
        ProvisionType = "provision.type", "Permit or deny.";

        Race = "race", "Race.";
        RaceSystem = "race.system", "Its code system.";
        RaceCode = "race.code", "Its code.";
        RaceDisplay = "race.display", "The text the source gives for the code.";
        RaceText = "race.text", "Its text.";
        Ethnicity = "ethnicity", "Ethnicity.";
        EthnicitySystem = "ethnicity.system", "Its code system.";
        EthnicityCode = "ethnicity.code", "Its code.";
        EthnicityDisplay = "ethnicity.display", "The text the source gives for the code.";
        EthnicityText = "ethnicity.text", "Its text.";
        Rank = "rank", "Its place in the order of a stay's or claim's diagnoses or procedures: 1 is the principal one.";
        PresentOnAdmission = "present_on_admission", "Whether the diagnosis was present on admission.";
    }
}

/// What a part of a coded field is of its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodingPart {
    /// The code system.
    System,
    /// The release of the code system.
    Version,
    /// The code.
    Code,
    /// The text that the source gives for the code.
    Display,
}

impl Field {
    /// The field that this one is a part of: `code` of `code.system`.
    #[must_use]
    pub fn whole(self) -> Option<Self> {
        Self::from_name(self.as_str().rsplit_once('.')?.0)
    }

    /// Of which coded field this one is which part, where it is one.
    #[must_use]
    pub fn coding_part(self) -> Option<(Self, CodingPart)> {
        static PARTS: LazyLock<Vec<Option<(Field, CodingPart)>>> = LazyLock::new(|| {
            let part = |field: &Field| {
                let part = match field.as_str().rsplit_once('.')?.1 {
                    "system" => CodingPart::System,
                    "version" => CodingPart::Version,
                    "code" => CodingPart::Code,
                    "display" => CodingPart::Display,
                    _ => return None,
                };
                let coded = !matches!(field, Field::IdentifierSystem | Field::TelecomSystem);
                field.whole().filter(|_| coded).map(|whole| (whole, part))
            };
            Field::ALL.iter().map(part).collect()
        });
        PARTS.get(self as usize).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_read_back() {
        for kind in EntryKind::ALL {
            assert_eq!(EntryKind::from_name(kind.as_str()), Some(*kind));
            assert_eq!(EntryKind::from_number(EntryKind::number(Some(*kind))), Some(*kind));
        }
        for field in Field::ALL {
            assert_eq!(Field::from_name(field.as_str()), Some(*field));
            assert_eq!(Field::from_number(Field::number(Some(*field))), Some(*field));
        }
        assert_eq!(Field::from_number(0), None);
        assert_eq!(Field::from_number(255), None);
    }

    #[test]
    fn parts_of_codes_are_known() {
        assert_eq!(Field::CodeSystem.coding_part(), Some((Field::Code, CodingPart::System)));
        assert_eq!(Field::CodeCode.coding_part(), Some((Field::Code, CodingPart::Code)));
        assert_eq!(Field::ValueDisplay.coding_part(), Some((Field::Value, CodingPart::Display)));
        for other in [Field::Code, Field::CodeText, Field::TelecomSystem, Field::IdentifierSystem] {
            assert_eq!(other.coding_part(), None);
        }
    }

    #[test]
    fn a_part_has_its_whole() {
        for field in Field::ALL {
            if let Some((whole, _)) = field.as_str().rsplit_once('.') {
                assert!(Field::from_name(whole).is_some(), "{} has no {whole}", field.as_str());
            }
        }
    }
}
