//! The rows of the data map as they are stored: what the pack compiler writes and [`super::map`] reads in place.

use crate::formats::field::{EntryKind, Field};
use crate::formats::label::{Label, Whose};
use crate::formats::tree::Kind;

/// The type of an object: a number of the row that says how to find its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct TypeId(pub u16);

/// What must be looked at inside an object before or after its members are labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Role {
    /// Nothing.
    #[default]
    Plain,
    /// The members of the type are resource types; `resourceType` chooses.
    Resources,
    /// The members of the type are the URLs of extensions; `url` chooses.
    Extensions,
    /// What `value` is depends on `type` and `system`.
    Identifier,
    /// What `value` is depends on `system`.
    ContactPoint,
    /// The members of the type are names of data types; an attribute chooses.
    Choice,
    /// The members of the type are roots of template ids; the first that is known chooses.
    Templates,
}

impl Role {
    pub(super) const ALL: [Self; 7] = [
        Self::Plain,
        Self::Resources,
        Self::Extensions,
        Self::Identifier,
        Self::ContactPoint,
        Self::Choice,
        Self::Templates,
    ];
}

/// A name ready to be looked up. Names of up to 16 bytes are compared by these words alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub(super) head: u64,
    pub(super) tail: u64,
    pub(super) len: usize,
}

impl Key {
    /// The key of a name.
    #[must_use]
    #[inline]
    pub fn of(name: &[u8]) -> Self {
        let len = name.len();
        let (head, tail) = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
            (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
            _ => match (name.first_chunk::<4>(), name.last_chunk::<4>()) {
                (Some(head), Some(tail)) => {
                    (u64::from(u32::from_le_bytes(*head)), u64::from(u32::from_le_bytes(*tail)))
                }
                _ => (name.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte)), 0),
            },
        };
        Self { head, tail, len }
    }

    /// The hash that spreads names over the slots of a type; the upper bits are the good ones.
    #[must_use]
    #[inline]
    pub const fn hash(self) -> u32 {
        let mixed = (self.head ^ self.tail.rotate_left(29) ^ ((self.len as u64) << 57))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as u32
    }
}

/// One element as it is stored; the pack compiler writes these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ElementRow {
    /// Its name in JSON, the name of a resource type, or the URL of an extension.
    pub name: String,
    /// Where its name is in the section `names`.
    pub name_at: u32,
    /// The type of its objects.
    pub ty: TypeId,
    /// What it is.
    pub label: Label,
    /// Whose it is, where it is not whose its container is.
    pub whose: Option<Whose>,
    /// The field of the chart.
    pub field: Option<Field>,
    /// Its place among the members of its type; 255 and above share one number.
    pub ordinal: u8,
    /// The kinds of JSON value that one of it may be ([`Self::kind_bit`]).
    pub kinds: u8,
    /// Whether it is a list in JSON.
    pub list: bool,
    /// Whether its container must have one.
    pub required: bool,
    /// Whether it is the partner of a primitive element, which holds that one's id and extensions.
    pub partner: bool,
    /// The published type of its values: a place in [`DATA_TYPES`]; 0 where that is not stored.
    pub data_type: u8,
}

impl ElementRow {
    pub(super) const SIZE: usize = 32;
    pub(super) const INHERITED: u8 = 0xff;
    pub(super) const LIST: u8 = 1;
    pub(super) const REQUIRED: u8 = 2;
    pub(super) const PARTNER: u8 = 4;

    /// The bit of [`Self::kinds`] for a kind.
    #[must_use]
    pub const fn kind_bit(kind: Kind) -> u8 {
        1 << kind as u8
    }

    /// The row's bytes.
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let key = Key::of(self.name.as_bytes());
        let mut out = [0; Self::SIZE];
        let flags = (u8::from(self.list) * Self::LIST)
            | (u8::from(self.required) * Self::REQUIRED)
            | (u8::from(self.partner) * Self::PARTNER);
        let parts: [&[u8]; 6] = [
            &key.head.to_le_bytes(),
            &key.tail.to_le_bytes(),
            &self.name_at.to_le_bytes(),
            &(self.name.len() as u16).to_le_bytes(),
            &self.ty.0.to_le_bytes(),
            &[
                self.label as u8,
                self.whose.map_or(Self::INHERITED, |whose| whose as u8),
                Field::number(self.field),
                self.ordinal,
                self.kinds,
                flags,
                self.data_type,
            ],
        ];
        for (to, from) in out.iter_mut().zip(parts.concat()) {
            *to = from;
        }
        out
    }
}

/// The data types of the published definitions, under the numbers that rows store; 0 is none.
pub const DATA_TYPES: &[&str] = &[
    "",
    "base64Binary",
    "boolean",
    "canonical",
    "code",
    "date",
    "dateTime",
    "decimal",
    "id",
    "instant",
    "integer",
    "integer64",
    "markdown",
    "oid",
    "positiveInt",
    "string",
    "time",
    "unsignedInt",
    "uri",
    "url",
    "uuid",
    "xhtml",
    "Address",
    "Age",
    "Annotation",
    "Attachment",
    "Availability",
    "BackboneElement",
    "BackboneType",
    "Base",
    "CodeableConcept",
    "CodeableReference",
    "Coding",
    "ContactDetail",
    "ContactPoint",
    "Contributor",
    "Count",
    "DataRequirement",
    "DataType",
    "Distance",
    "Dosage",
    "Duration",
    "Element",
    "ElementDefinition",
    "Expression",
    "ExtendedContactDetail",
    "Extension",
    "HumanName",
    "Identifier",
    "MarketingStatus",
    "Meta",
    "MonetaryComponent",
    "Money",
    "Narrative",
    "ParameterDefinition",
    "Period",
    "Population",
    "ProdCharacteristic",
    "ProductShelfLife",
    "Quantity",
    "Range",
    "Ratio",
    "RatioRange",
    "Reference",
    "RelatedArtifact",
    "Resource",
    "SampledData",
    "Signature",
    "SubstanceAmount",
    "Timing",
    "TriggerDefinition",
    "UsageContext",
    "VirtualServiceDetail",
];

/// One type as it is stored; the pack compiler writes these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TypeRow {
    /// Its first slot.
    pub first: u32,
    /// It has two to the power of this many slots.
    pub bits: u8,
    /// What must be looked at.
    pub role: Role,
    /// The kind of chart entry, where the type is a resource.
    pub kind: Option<EntryKind>,
}

impl TypeRow {
    pub(super) const SIZE: usize = 8;

    /// The row's bytes.
    #[must_use]
    pub fn encode(&self) -> [u8; Self::SIZE] {
        let [a, b, c, d] = self.first.to_le_bytes();
        [a, b, c, d, self.bits, self.role as u8, EntryKind::number(self.kind), 0]
    }

    /// How many slots a type of `members` members has: at least one stays free.
    #[must_use]
    pub const fn bits_for(members: usize) -> u8 {
        (2 * members + 1).next_power_of_two().trailing_zeros() as u8
    }
}
