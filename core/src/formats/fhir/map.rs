//! The data map: which members an object of a type may have, and what each is. It is borrowed from the bytes of
//! a pack; a member is found with one hash of its name. One pack holds every release; what is the same in two of them
//! stands in it once.
//!
//! Sections of the pack: `elements` (rows of 32 bytes, row 0 is none), `types` (rows of 8 bytes, row 0 has no
//! members), `slots` (hash slots of 2 bytes holding element numbers), `names` (UTF-8, not separated) and `roots` (of
//! each release 2 bytes: the type whose members are its resources).

use once_cell::sync::OnceCell;

use crate::error::{Error, Result, codes};
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::Label;
use crate::formats::tree::{ElementId, Kind};
use crate::packs::{Pack, PackInfo};

use super::release::Release;
pub use super::rows::{DATA_TYPES, ElementRow, Key, Role, TypeId, TypeRow};

/// An element of the map, read where it is stored.
#[derive(Clone, Copy)]
pub struct Element<'m> {
    row: &'m [u8; ElementRow::SIZE],
}

impl Element<'_> {
    #[inline]
    fn bytes<const N: usize>(self, at: usize) -> [u8; N] {
        self.row.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; N])
    }

    #[inline]
    fn byte(self, at: usize) -> u8 {
        self.bytes::<1>(at)[0]
    }

    /// The type of its objects.
    #[must_use]
    #[inline]
    pub fn ty(self) -> TypeId {
        TypeId(u16::from_le_bytes(self.bytes(22)))
    }

    /// What it is.
    #[must_use]
    #[inline]
    pub fn label(self) -> Label {
        Label::ALL.get(usize::from(self.byte(24))).copied().unwrap_or_default()
    }

    /// The tag of a node that is this element, inside a container whose tag is `outer`.
    #[must_use]
    #[inline]
    pub(crate) fn tag(self, outer: u8) -> u8 {
        let whose = match self.byte(25) {
            ElementRow::INHERITED => outer & 0xc0,
            own => own << 6,
        };
        self.byte(24) | whose
    }

    /// The field of the chart.
    #[must_use]
    #[inline]
    pub fn field(self) -> Option<Field> {
        Field::from_number(self.byte(26))
    }

    #[inline]
    pub(crate) fn ordinal(self) -> u8 {
        self.byte(27)
    }

    /// Whether one of it may be a JSON value of this kind.
    #[must_use]
    #[inline]
    pub fn may_be(self, kind: Kind) -> bool {
        self.byte(28) & ElementRow::kind_bit(kind) != 0
    }

    /// Whether it is a list in JSON.
    #[must_use]
    #[inline]
    pub fn is_list(self) -> bool {
        self.byte(29) & ElementRow::LIST != 0
    }

    /// Whether its container must have one.
    #[must_use]
    pub fn is_required(self) -> bool {
        self.byte(29) & ElementRow::REQUIRED != 0
    }

    /// The published type of its values; none where the map does not store it.
    #[must_use]
    pub fn data_type(self) -> Option<&'static str> {
        DATA_TYPES.get(usize::from(self.byte(30))).copied().filter(|name| !name.is_empty())
    }

    /// Whether it is the partner of a primitive element, which holds that one's id and extensions.
    #[must_use]
    #[inline]
    pub fn is_partner(self) -> bool {
        self.byte(29) & ElementRow::PARTNER != 0
    }
}

/// The data map of a release.
#[derive(Clone, Copy)]
pub struct DataMap<'m> {
    elements: &'m [[u8; ElementRow::SIZE]],
    types: &'m [[u8; TypeRow::SIZE]],
    slots: &'m [[u8; 2]],
    names: &'m [u8],
    /// The type whose members are the resources of the release.
    root: TypeId,
}

impl std::fmt::Debug for DataMap<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DataMap").field("elements", &self.elements.len()).finish_non_exhaustive()
    }
}

impl<'m> DataMap<'m> {
    /// The type that stands for the resources, whatever the release: in R4 it is also the one whose members they
    /// are.
    pub const RESOURCES: TypeId = TypeId(1);

    /// Reads the map of a release in a pack.
    ///
    /// # Errors
    /// `pack_malformed`.
    pub fn new(pack: &'m Pack, release: Release) -> Result<Self> {
        let (roots, _) = pack.section("roots")?.as_chunks();
        let root = roots.get(release as usize).map(|root| TypeId(u16::from_le_bytes(*root)));
        Self::with_root(pack, root.ok_or_else(|| Error::new(&codes::PACK_MALFORMED))?)
    }

    /// Reads the map of a pack that holds one release alone, as that of a format other than FHIR does.
    ///
    /// # Errors
    /// `pack_malformed`.
    pub fn single(pack: &'m Pack) -> Result<Self> {
        Self::with_root(pack, Self::RESOURCES)
    }

    fn with_root(pack: &'m Pack, root: TypeId) -> Result<Self> {
        let (elements, rest_of_elements) = pack.section("elements")?.as_chunks();
        let (types, rest_of_types) = pack.section("types")?.as_chunks();
        let (slots, rest_of_slots) = pack.section("slots")?.as_chunks();
        let whole = rest_of_elements.is_empty() && rest_of_types.is_empty() && rest_of_slots.is_empty();
        if !whole || elements.is_empty() || types.is_empty() {
            return Err(Error::new(&codes::PACK_MALFORMED));
        }
        Ok(Self { elements, types, slots, names: pack.section("names")?, root })
    }

    /// The element; none for [`ElementId::NONE`].
    #[must_use]
    #[inline]
    pub fn element(&self, id: ElementId) -> Option<Element<'m>> {
        if id == ElementId::NONE {
            return None;
        }
        self.elements.get(id.index()).map(|row| Element { row })
    }

    /// The field of each element, by its number.
    #[must_use]
    pub fn fields(&self) -> Vec<Option<Field>> {
        self.elements.iter().enumerate().map(|(at, row)| Element { row }.field().filter(|_| at > 0)).collect()
    }

    /// Which elements are partners of primitives: a bit for each number.
    pub(super) fn partners(&self) -> Vec<u64> {
        let bit = |(at, row)| u64::from(Element { row }.is_partner()) << at;
        self.elements.chunks(64).map(|rows| rows.iter().enumerate().map(bit).sum()).collect()
    }

    /// The name of the element.
    #[must_use]
    pub fn name(&self, id: ElementId) -> Option<&'m str> {
        let element = self.element(id)?;
        let at = u32::from_le_bytes(element.bytes(16)) as usize;
        let len = usize::from(u16::from_le_bytes(element.bytes(20)));
        std::str::from_utf8(self.names.get(at..at + len)?).ok()
    }

    #[inline]
    fn row(&self, ty: TypeId) -> &'m [u8; TypeRow::SIZE] {
        self.types.get(usize::from(ty.0)).unwrap_or(&[0; TypeRow::SIZE])
    }

    /// What must be looked at in an object of the type.
    #[must_use]
    #[inline]
    pub fn role(&self, ty: TypeId) -> Role {
        let [.., role, _, _] = *self.row(ty);
        Role::ALL.get(usize::from(role)).copied().unwrap_or_default()
    }

    /// The kind of chart entry that a resource of the type is.
    #[must_use]
    pub fn entry_kind(&self, ty: TypeId) -> Option<EntryKind> {
        let [.., kind, _] = *self.row(ty);
        EntryKind::from_number(kind)
    }

    /// The element of that number, where it has this name.
    #[must_use]
    #[inline]
    pub fn named(&self, id: ElementId, name: &[u8]) -> Option<Element<'m>> {
        let element = self.element(id)?;
        self.is_named(id, element, Key::of(name), name).then_some(element)
    }

    #[inline]
    fn is_named(&self, id: ElementId, element: Element<'m>, key: Key, name: &[u8]) -> bool {
        u64::from_le_bytes(element.bytes(0)) == key.head
            && u64::from_le_bytes(element.bytes(8)) == key.tail
            && usize::from(u16::from_le_bytes(element.bytes(20))) == key.len
            && (key.len <= 16 || self.name(id).is_some_and(|known| known.as_bytes() == name))
    }

    /// The resource type of this name.
    #[must_use]
    #[inline]
    pub fn resource(&self, name: &[u8]) -> Option<(ElementId, Element<'m>)> {
        self.member(self.root, name)
    }

    /// The element that a member of this name is in an object of the type.
    #[must_use]
    #[inline]
    pub fn member(&self, ty: TypeId, name: &[u8]) -> Option<(ElementId, Element<'m>)> {
        let [a, b, c, d, bits, ..] = *self.row(ty);
        let first = u32::from_le_bytes([a, b, c, d]) as usize;
        if bits == 0 {
            return None;
        }
        let mask = (1usize << (bits & 31)) - 1;
        let key = Key::of(name);
        let mut slot = key.hash() as usize >> (32 - (bits & 31));
        for _ in 0..=mask {
            let id = ElementId(u16::from_le_bytes(*self.slots.get(first + slot)?));
            let element = self.element(id)?;
            if self.is_named(id, element, key, name) {
                return Some((id, element));
            }
            slot = (slot + 1) & mask;
        }
        None
    }
}

static BYTES: &[u8] = include_bytes!("../../../data/fhir.bin");
static PACK: OnceCell<Pack> = OnceCell::new();

fn pack() -> Result<&'static Pack> {
    PACK.get_or_try_init(|| Pack::embedded(BYTES))
}

/// The map of a release.
///
/// # Errors
/// `pack_malformed`, where the program was built with a pack that is none.
pub(super) fn of(release: Release) -> Result<DataMap<'static>> {
    DataMap::new(pack()?, release)
}

/// What the embedded map of FHIR says of itself.
///
/// # Errors
/// `pack_malformed`.
pub fn info() -> Result<&'static PackInfo> {
    pack().map(Pack::info)
}
