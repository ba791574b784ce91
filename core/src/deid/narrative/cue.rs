//! Cues: what a word says of the words beside it. Which words they are is data of the word table.

/// Declares the kinds once: variant, name in the word lists, meaning.
macro_rules! cues {
    ($($name:ident = $text:literal, $doc:literal;)*) => {
        /// A kind of cue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Cue {
            $(#[doc = $doc] $name,)*
        }

        impl Cue {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name in the word lists.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

cues! {
    Title = "title", "A title that stands before a name.";
    Credential = "credential", "Letters that stand after a name.";
    Kin = "kin", "A relative or companion.";
    Role = "role", "Who someone is in the patient's care or life.";
    Person = "person", "A word for the patient, or for a name itself.";
    Sign = "sign", "What people do to notes, and words that lead to their names.";
    Month = "month", "A month.";
    Weekday = "weekday", "A day of the week.";
    Holiday = "holiday", "A feast.";
    Season = "season", "A season.";
    Street = "street", "A word for a street that means nothing else.";
    StreetShort = "street_short", "A word for a street that means other things as well.";
    Direction = "direction", "A point of the compass.";
    Unit = "unit", "A part of a building.";
    OrgHead = "org_head", "The last word of the name of a body.";
    OrgMod = "org_mod", "A word inside the name of a body.";
    IdMedicalRecord = "id_mrn", "Leads to a medical record number.";
    IdAccount = "id_account", "Leads to an account or encounter number.";
    IdPlan = "id_plan", "Leads to a number of a health plan.";
    IdSocialSecurity = "id_ssn", "Leads to a social security number.";
    IdLicence = "id_licence", "Leads to a licence or certificate number.";
    IdProvider = "id_provider", "Leads to a provider's number.";
    IdVehicle = "id_vehicle", "Leads to a plate or vehicle number.";
    IdDevice = "id_device", "Leads to a device's number.";
    IdOther = "id_other", "Leads to a number of another kind.";
    Phone = "phone", "Leads to a telephone number.";
    Fax = "fax", "Leads to a fax number.";
    Zip = "zip", "Leads to a postal code.";
    Code = "code", "Leads to a code that identifies nobody.";
    Measure = "measure", "A unit of measure.";
    Age = "age", "Makes the number beside it an age.";
    NotDate = "not_date", "Leads to two numbers that are no date.";
    Suffix = "suffix", "Stands after a surname.";
    Particle = "particle", "Stands inside a surname.";
    MedHead = "med_head", "Follows an eponym.";
    PlaceVerb = "place_verb", "Leads to a place.";
    PlacePrep = "place_prep", "A preposition of place.";
    HolidayTail = "holiday_tail", "The last word of a feast of two words.";
    DatePrep = "date_prep", "Leads to a date.";
    Birth = "birth", "Leads to a date of birth.";
    Elder = "elder", "A number word or noun of an age over 89.";
    TopLevel = "tld", "The last part of a name of the Internet.";
    Filler = "filler", "Stands between a cue and its number.";
    Login = "login", "Leads to a user name.";
    OrgName = "org_name", "The name of a firm, an insurer, a hospital that one word or the first word tells.";
    Spoken = "spoken", "A number in words.";
    HolidayHead = "holiday_head", "The first word of a feast of two words.";
    Ordinal = "ordinal", "A day of the month in words.";
    Recurring = "recurring", "Makes the weekday behind it one of every week.";
    Doubtful = "id_doubtful", "Leads to a number only with a sign between: it means other things as well.";
    VehicleKind = "vehicle_kind", "A vehicle or its maker.";
    DeviceKind = "device_kind", "A device that has a number of its own.";
    StreetLead = "street_lead", "A word for a street that stands before its name.";
}

impl Cue {
    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cue| cue.as_str() == name)
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cues(pub u64);

impl Cues {
    /// Whether the kind is in the set.
    #[must_use]
    #[inline]
    pub const fn has(self, cue: Cue) -> bool {
        self.0 >> cue as u8 & 1 == 1
    }

    /// Whether any of the kinds is.
    #[must_use]
    #[inline]
    pub const fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The set of these kinds.
    #[must_use]
    pub const fn of(list: &[Cue]) -> Self {
        let mut bits = 0;
        let mut rest = list;
        while let [first, tail @ ..] = rest {
            bits |= 1 << *first as u8;
            rest = tail;
        }
        Self(bits)
    }

    /// Puts the kind into the set.
    pub const fn insert(&mut self, cue: Cue) {
        self.0 |= 1 << cue as u8;
    }
}
