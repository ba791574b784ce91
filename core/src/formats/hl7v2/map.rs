//! The data map of HL7 v2: what every segment, field, component and sub-component is. It is read once from the tables
//! `segments.csv`, `types.csv` and `systems.csv`.

use std::borrow::Cow;
use std::collections::HashMap;

use once_cell::sync::OnceCell;

use crate::error::{Error, Result, codes};
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::{Label, Whose};
use crate::formats::tree::ElementId;

/// What must be looked at in a value beside its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    /// Nothing.
    #[default]
    Plain,
    /// What the number is depends on its type code.
    Identifier,
    /// What the value is depends on the equipment type.
    Telecom,
    /// The data type is said by another field of the segment.
    Observed,
}

/// A field, component or sub-component of one kind.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Element {
    pub(super) label: Label,
    /// Whose it is, where it is not whose its container is.
    pub(super) whose: Option<Whose>,
    pub(super) field: Option<Field>,
    /// The element of its first component; 0 where its type has none.
    pub(super) first: u16,
    pub(super) components: u8,
    /// Whether its text is a number.
    pub(super) number: bool,
    /// Whether it is a text in which separators of components are characters like any other.
    pub(super) opaque: bool,
    pub(super) role: Role,
    /// The HL7 table of a code without a system; 0 is none.
    pub(super) table: u16,
    /// The entry that one of it is, inside that of its segment.
    pub(super) entry: Option<EntryKind>,
}

/// What a leaf of an element is: that of the first component where its type has components.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Leaf {
    pub(super) element: ElementId,
    pub(super) label: Label,
    pub(super) number: bool,
    /// Whether nothing must be looked at beside the text: neither its type nor that it is an entry.
    pub(super) plain: bool,
    whose: Option<Whose>,
}

impl Leaf {
    /// The tag of one in a container with a tag.
    #[inline]
    pub(super) fn tag(self, outer: u8) -> u8 {
        self.label as u8 | whose(self.whose, outer)
    }
}

/// The upper bits of a tag: whose an element is inside of `outer`.
#[inline]
pub(super) fn whose(own: Option<Whose>, outer: u8) -> u8 {
    own.map_or(outer & 0xc0, |whose| (whose as u8) << 6)
}

/// What is known of a segment.
#[derive(Debug, Default)]
pub(super) struct SegmentDef {
    pub(super) name: [u8; 3],
    pub(super) element: ElementId,
    /// The entry that it is; none for the envelope.
    pub(super) kind: Option<EntryKind>,
    /// The segment that it belongs to where it stands after it; `*` is any.
    pub(super) under: Option<[u8; 3]>,
    /// Whether one that was emptied stays.
    pub(super) required: bool,
    pub(super) whose: Whose,
    /// The element of each field, by its number.
    pub(super) fields: Vec<u16>,
    /// The numbers of fields that must have a value.
    pub(super) needed: Vec<u8>,
}

/// Marks a segment that belongs to whichever stands before it.
pub(super) const ANY: [u8; 3] = *b"*  ";

/// The data map.
#[derive(Debug, Default)]
pub(super) struct Map {
    elements: Vec<Element>,
    /// By the number of the element.
    leaves: Vec<Leaf>,
    /// The name of the type of each element that can be an entry.
    names: HashMap<u16, String>,
    segments: Vec<SegmentDef>,
    /// The names of the segments as numbers, in the order of the segments.
    keys: Vec<u32>,
    /// The element of a value of each data type, for values whose type the message says.
    observed: HashMap<String, u16>,
    systems: HashMap<String, String>,
    /// The names of the tables of elements as code systems, by the number of the table.
    tables: Vec<Option<Box<str>>>,
    fields: Vec<Option<Field>>,
}

struct Component<'c> {
    of: &'c str,
    label: Option<Label>,
    whose: Option<Whose>,
    part: &'c str,
    table: u16,
}

type Types<'c> = HashMap<&'c str, Vec<Component<'c>>>;

/// The elements of the components of a type under a label and a field, made once.
type Blocks<'c> = HashMap<(&'c str, Option<Label>, Option<Field>, u16), u16>;

/// The primitive types: what one of them is of which nothing else is said.
fn primitive(name: &str) -> Option<Label> {
    Some(match name {
        "ST" | "TX" | "FT" => Label::FreeText,
        "ID" | "SI" => Label::Technical,
        // A code of a table that every site makes for itself.
        "IS" => Label::Code,
        "NM" => Label::Value,
        "DT" | "DTM" => Label::Date,
        "TM" => Label::Time,
        _ => return None,
    })
}

fn malformed(line: usize) -> Error {
    Error::new(&codes::PACK_MALFORMED).in_line(line)
}

/// The rows of a table, without comments and the row of names, each with its line.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = Result<(usize, [&'static str; N])>> {
    let lines = (1..).zip(table.lines()).filter(|(_, line)| !line.starts_with('#') && !line.is_empty());
    lines.skip(1).map(|(number, line)| {
        let mut cells = line.split(',');
        let mut row = [""; N];
        for cell in &mut row {
            *cell = cells.next().ok_or_else(|| malformed(number))?;
        }
        if cells.next().is_some() { Err(malformed(number)) } else { Ok((number, row)) }
    })
}

/// A cell that may be empty, else must be known.
fn optional<T>(cell: &str, line: usize, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>> {
    if cell.is_empty() { Ok(None) } else { read(cell).map(Some).ok_or_else(|| malformed(line)) }
}

fn code(name: &str) -> [u8; 3] {
    let mut out = *b"   ";
    for (to, from) in out.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    out
}

/// A name as a number.
const fn key([first, second, third]: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, first, second, third])
}

impl Map {
    /// The embedded map.
    ///
    /// # Errors
    /// `pack_malformed`, where the program was built with tables that are none.
    pub(super) fn embedded() -> Result<&'static Self> {
        static MAP: OnceCell<Map> = OnceCell::new();
        MAP.get_or_try_init(|| {
            Self::of(
                include_str!("../../../data/hl7v2/types.csv"),
                include_str!("../../../data/hl7v2/segments.csv"),
                include_str!("../../../data/hl7v2/systems.csv"),
            )
        })
    }

    fn of(types: &'static str, segments: &'static str, systems: &'static str) -> Result<Self> {
        let mut known = Types::new();
        for row in rows::<7>(types) {
            let (line, [ty, number, of, label, whose, part, table]) = row?;
            let list = known.entry(ty).or_default();
            if number.parse() != Ok(list.len() + 1) {
                return Err(malformed(line));
            }
            let label = optional(label, line, Label::from_name)?;
            let whose = optional(whose, line, Whose::from_name)?;
            let table = optional(table, line, |table| table.parse().ok())?.unwrap_or_default();
            list.push(Component { of, label, whose, part, table });
        }
        let mut map = Self { elements: vec![Element::default()], ..Self::default() };
        let mut blocks = Blocks::new();
        for row in rows::<8>(segments) {
            let (line, cells) = row?;
            map.row(line, &cells, &known, &mut blocks)?;
        }
        map.segments.sort_by_key(|segment| key(segment.name));
        map.keys = map.segments.iter().map(|segment| key(segment.name)).collect();
        let names: Vec<&str> =
            known.keys().copied().chain(["ST", "TX", "FT", "ID", "IS", "SI", "NM"]).collect();
        for name in names.into_iter().chain(["DT", "DTM", "TM"]) {
            let field = match name {
                "NM" => Field::ValueNumber,
                "ED" | "RP" => Field::Attachment,
                _ => Field::Value,
            };
            let element = map
                .element(name, None, None, Some(field), 0, &known, &mut blocks)
                .ok_or_else(|| malformed(0))?;
            map.observed.insert(name.to_owned(), element);
        }
        for (old, new) in
            [("CE", "CWE"), ("CNE", "CWE"), ("CF", "CWE"), ("CK", "CX"), ("PN", "XPN"), ("AD", "XAD")]
        {
            map.alias(old, new);
        }
        for (old, new) in [("TN", "XTN"), ("CN", "XCN"), ("TSP", "TS"), ("CM", "CWE")] {
            map.alias(old, new);
        }
        for row in rows::<2>(systems) {
            let (_, [name, system]) = row?;
            map.systems.insert(name.to_owned(), system.to_owned());
        }
        map.leaves = (0..map.elements.len()).map(|at| map.first_leaf(at as u16)).collect();
        for table in map.elements.iter().map(|element| element.table).filter(|table| *table != 0) {
            let at = usize::from(table);
            map.tables.resize(map.tables.len().max(at + 1), None);
            if let Some(name) = map.tables.get_mut(at) {
                name.get_or_insert_with(|| table_system(table).into());
            }
        }
        map.fields = map.elements.iter().map(|element| element.field).collect();
        Ok(map)
    }

    fn alias(&mut self, old: &str, new: &str) {
        if let Some(element) = self.observed.get(new).copied() {
            self.observed.insert(old.to_owned(), element);
        }
    }

    fn row<'c>(
        &mut self,
        line: usize,
        cells: &[&'c str; 8],
        types: &Types<'c>,
        blocks: &mut Blocks<'c>,
    ) -> Result<()> {
        let [segment, number, ty, label, whose, role, table, required] = *cells;
        let whose = optional(whose, line, Whose::from_name)?;
        let needed = required == "required";
        if number == "0" {
            let element = ElementId(self.push(Element { label: Label::Structure, ..Element::default() })?);
            self.names.insert(element.0, segment.to_owned());
            let under = (!role.is_empty()).then(|| if role == "*" { ANY } else { code(role) });
            self.segments.push(SegmentDef {
                name: code(segment),
                element,
                kind: optional(ty, line, EntryKind::from_name)?,
                under,
                required: needed,
                whose: whose.unwrap_or_default(),
                fields: vec![0],
                needed: Vec::new(),
            });
            return Ok(());
        }
        let label = optional(label, line, Label::from_name)?;
        let table = optional(table, line, |table| table.parse().ok())?.unwrap_or_default();
        let itself = role == "self";
        let field = if itself { None } else { optional(role, line, Field::from_name)? };
        let element = if ty == "?" {
            self.push(Element { role: Role::Observed, ..Element::default() })?
        } else {
            self.element(ty, label, whose, field, table, types, blocks).ok_or_else(|| malformed(line))?
        };
        if ty == "XCN"
            && !itself
            && let Some(slot) = self.elements.get_mut(usize::from(element))
        {
            slot.entry = Some(EntryKind::Practitioner);
            self.names.insert(element, ty.to_owned());
        }
        let number: u8 = number.parse().map_err(|_| malformed(line))?;
        let segment = self.segments.last_mut().filter(|last| last.name == code(segment));
        let segment = segment.ok_or_else(|| malformed(line))?;
        segment.fields.resize(usize::from(number), 0);
        segment.fields.push(element);
        if needed {
            segment.needed.push(number);
        }
        Ok(())
    }

    fn push(&mut self, element: Element) -> Result<u16> {
        let at = u16::try_from(self.elements.len()).map_err(|_| malformed(0))?;
        self.elements.push(element);
        Ok(at)
    }

    /// Makes an element of a type.
    #[allow(clippy::too_many_arguments)]
    fn element<'c>(
        &mut self,
        ty: &'c str,
        label: Option<Label>,
        whose: Option<Whose>,
        field: Option<Field>,
        table: u16,
        types: &Types<'c>,
        blocks: &mut Blocks<'c>,
    ) -> Option<u16> {
        let element = self.describe(ty, label, whose, field, table, types, blocks)?;
        self.push(element).ok()
    }

    #[allow(clippy::too_many_arguments)]
    fn describe<'c>(
        &mut self,
        ty: &'c str,
        label: Option<Label>,
        whose: Option<Whose>,
        field: Option<Field>,
        table: u16,
        types: &Types<'c>,
        blocks: &mut Blocks<'c>,
    ) -> Option<Element> {
        let Some(components) = types.get(ty) else {
            let label = label.or_else(|| primitive(ty))?;
            return Some(Element {
                label,
                whose,
                field,
                number: ty == "NM",
                opaque: label == Label::FreeText,
                table,
                ..Element::default()
            });
        };
        let first = self.block(ty, label, field, table, types, blocks)?;
        let own = self.elements.get(usize::from(first))?.field;
        Some(Element {
            label: Label::Structure,
            whose,
            // What stands for the whole is said once: by the container, or by its first part.
            field: field.filter(|field| own != Some(*field)),
            first,
            components: u8::try_from(components.len()).ok()?,
            role: match ty {
                "CX" => Role::Identifier,
                "XTN" => Role::Telecom,
                _ => Role::Plain,
            },
            ..Element::default()
        })
    }

    /// The first of the elements of the components of a type; the others follow it.
    fn block<'c>(
        &mut self,
        ty: &'c str,
        label: Option<Label>,
        field: Option<Field>,
        table: u16,
        types: &Types<'c>,
        blocks: &mut Blocks<'c>,
    ) -> Option<u16> {
        if let Some(known) = blocks.get(&(ty, label, field, table)) {
            return Some(*known);
        }
        let components = types.get(ty)?;
        let first = u16::try_from(self.elements.len()).ok()?;
        self.elements.resize(self.elements.len() + components.len(), Element::default());
        for (index, component) in components.iter().enumerate() {
            let part = match component.part.strip_prefix('=') {
                Some(absolute) => Field::from_name(absolute),
                None if component.part.is_empty() => None,
                None => {
                    field.and_then(|field| Field::from_name(&format!("{}{}", field.as_str(), component.part)))
                }
            };
            // The first part stands for the whole where it is none of its own.
            let part = if index == 0 { part.or(field) } else { part };
            let own = if index == 0 { label.or(component.label) } else { component.label };
            let table = if index == 0 && table != 0 { table } else { component.table };
            let element = self.describe(component.of, own, component.whose, part, table, types, blocks)?;
            *self.elements.get_mut(usize::from(first) + index)? = element;
        }
        blocks.insert((ty, label, field, table), first);
        Some(first)
    }

    pub(super) fn get(&self, element: u16) -> Element {
        self.elements.get(usize::from(element)).copied().unwrap_or_default()
    }

    fn first_leaf(&self, mut element: u16) -> Leaf {
        let mut found = self.get(element);
        let plain = found.role != Role::Observed && found.entry.is_none();
        while found.components > 0 {
            element = found.first;
            let whose = found.whose;
            found = self.get(element);
            found.whose = found.whose.or(whose);
        }
        let label = if element == 0 { Label::Unrecognised } else { found.label };
        Leaf { element: ElementId(element), label, number: found.number, plain, whose: found.whose }
    }

    /// What a leaf of this element is.
    pub(super) fn leaf(&self, element: u16) -> Leaf {
        self.leaves.get(usize::from(element)).copied().unwrap_or_default()
    }

    pub(super) fn segment(&self, name: [u8; 3]) -> Option<&SegmentDef> {
        self.segments.get(self.keys.binary_search(&key(name)).ok()?)
    }

    /// The element of a value of this data type.
    pub(super) fn observed(&self, ty: &[u8]) -> u16 {
        std::str::from_utf8(ty).ok().and_then(|ty| self.observed.get(ty)).copied().unwrap_or_default()
    }

    /// The name of the type of an entry.
    pub(super) fn name(&self, element: ElementId) -> Option<&str> {
        self.names.get(&element.0).map(String::as_str)
    }

    pub(super) fn fields(&self) -> &[Option<Field>] {
        &self.fields
    }

    /// What FHIR calls a code system that a message names so.
    pub(super) fn system(&'static self, name: &str) -> Option<Cow<'static, str>> {
        let name = name.trim();
        // Short names, as all known ones are, need no memory of their own.
        let mut upper = [0; 32];
        let upper = upper.get_mut(..name.len())?;
        upper.copy_from_slice(name.as_bytes());
        upper.make_ascii_uppercase();
        let name = std::str::from_utf8(upper).ok()?;
        if let Some(system) = self.systems.get(name) {
            return Some(system.as_str().into());
        }
        let digits = name.strip_prefix("HL7").map(|rest| rest.trim_start_matches(['-', ' ', '_']))?;
        Some(self.table(digits.parse().ok()?))
    }

    /// The name of an HL7 table as a code system.
    pub(super) fn table(&'static self, table: u16) -> Cow<'static, str> {
        let known = self.tables.get(usize::from(table)).and_then(Option::as_deref);
        known.map_or_else(|| table_system(table).into(), Cow::Borrowed)
    }
}

/// The name of an HL7 table as a code system.
fn table_system(table: u16) -> String {
    format!("http://terminology.hl7.org/CodeSystem/v2-{table:04}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        let map = Map::embedded().unwrap();
        assert!(map.elements.len() < 20_000, "{}", map.elements.len());
        for name in
            "MSH EVN PID PD1 NK1 PV1 PV2 ROL GT1 IN1 IN2 IN3 DG1 PR1 AL1 IAM OBR OBX ORC NTE SPM TXA MRG RXA \
                     RXO RXE RXD RXR FT1 ACC UB2 SCH AIP AIL PRD CTD STF PRA ARV CON PRT TQ1"
                .split_whitespace()
        {
            assert!(map.segment(code(name)).is_some(), "{name}");
        }
        for segment in &map.segments {
            for element in segment.fields.iter().filter(|element| **element != 0) {
                let leaf = map.leaf(*element);
                let observed = map.get(*element).role == Role::Observed;
                assert!(observed || leaf.label != Label::Unrecognised, "{}", segment.name.escape_ascii());
            }
        }
    }

    #[test]
    fn systems_have_one_name() {
        let map = Map::embedded().unwrap();
        assert_eq!(map.system("ln").unwrap(), "http://loinc.org");
        assert_eq!(map.system("HL70001").unwrap(), "http://terminology.hl7.org/CodeSystem/v2-0001");
        assert_eq!(map.system("L"), None);
        assert_eq!(map.system(&"HL7 ".repeat(20)), None);
        assert!(map.systems.keys().all(|name| name.len() <= 32));
    }
}
