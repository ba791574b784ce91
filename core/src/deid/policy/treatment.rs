//! What a policy says is done with a label, and by which rule.

/// What a policy says is done with a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::deid) enum Treatment {
    /// It goes.
    Remove,
    /// It stays as it is.
    KeepAll,
    /// A name of the format itself stays.
    Keep,
    /// A state or province stays where it is recognised as one.
    KeepState,
    /// A country stays where it is recognised as one.
    KeepCountry,
    /// A time of day stays where it is one.
    KeepTime,
    /// A code stays where its system is public and it has the form of that system's codes.
    KeepCode,
    /// The name of a code system stays where it is public.
    KeepSystem,
    /// The text of a code stays where the code stays and the text holds none of the record's own words.
    KeepCodeText,
    /// A number or truth value stays, unless it tells an age over the limit.
    KeepValue,
    /// A unit stays where it has the form of one.
    KeepUnit,
    /// A postal code stays where it has the form of one.
    KeepZip,
    /// A date stays where it is one.
    KeepDate,
    /// A date becomes its year.
    Year,
    /// A birth date becomes its year, unless it tells an age over the limit.
    BirthYear,
    /// An age stays up to the limit.
    Age,
    /// A ZIP code becomes its first three digits where enough people live there.
    Zip3,
    /// An id becomes a random token.
    Token,
    /// A text that a person wrote stays without what identifies in it, as it is found in the text itself and in the
    /// rest of the record.
    CleanText,
    /// Methods with settings, one after the other: [`super::Policy::methods`].
    Apply(u8),
}

/// A treatment and the paragraph that asks for it, as an index of [`super::Policy::rule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::deid) struct Clause {
    pub(in crate::deid) treatment: Treatment,
    pub(in crate::deid) rule: RuleId,
}

/// A rule of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::deid) struct RuleId(pub(super) u16);

impl RuleId {
    /// The rule at a place of a list of rules by path.
    pub(in crate::deid) fn of(at: usize) -> Self {
        Self(u16::try_from(at).unwrap_or(u16::MAX))
    }
}
