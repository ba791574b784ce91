//! Lays the compiled types out as the sections that the library reads.

use std::collections::BTreeMap;

use chartkeeper::formats::fhir::map::{ElementRow, Key, TypeRow};

use super::compile::Type;
use crate::Result;

/// The sections of the pack.
pub(crate) struct Sections {
    pub(crate) rows: usize,
    pub(crate) elements: Vec<u8>,
    pub(crate) types: Vec<u8>,
    pub(crate) slots: Vec<u8>,
    pub(crate) names: Vec<u8>,
}

/// Numbers the elements, interns their names and hashes them into slots.
///
/// # Errors
/// More elements or types than their numbers allow.
pub(crate) fn lay_out(types: Vec<Type>) -> Result<Sections> {
    // Row 0 of elements and types is none.
    let mut elements = ElementRow::default().encode().to_vec();
    let mut rows = TypeRow::default().encode().to_vec();
    let (mut slots, mut names, mut known) = (Vec::new(), Vec::new(), BTreeMap::new());
    let (mut next, mut count) = (1u16, 0);
    for ty in types {
        let bits = if ty.members.is_empty() { 0 } else { TypeRow::bits_for(ty.members.len()) };
        let row = TypeRow { first: u32::try_from(slots.len() / 2)?, bits, role: ty.role, kind: ty.kind };
        rows.extend(row.encode());
        let mut table = vec![0u16; if bits == 0 { 0 } else { 1 << bits }];
        for (index, mut member) in ty.members.into_iter().enumerate() {
            member.ordinal = u8::try_from(index).unwrap_or(u8::MAX);
            member.name_at = match known.get(&member.name) {
                Some(at) => *at,
                None => {
                    let at = u32::try_from(names.len())?;
                    names.extend(member.name.as_bytes());
                    known.insert(member.name.clone(), at);
                    at
                }
            };
            elements.extend(member.encode());
            let mut slot = Key::of(member.name.as_bytes()).hash() as usize >> (32 - bits);
            while table.get(slot).is_some_and(|taken| *taken != 0) {
                slot = (slot + 1) % table.len();
            }
            if let Some(free) = table.get_mut(slot) {
                *free = next;
            }
            next = next.checked_add(1).ok_or("more than 65535 elements")?;
            count += 1;
        }
        slots.extend(table.iter().flat_map(|id| id.to_le_bytes()));
    }
    Ok(Sections { rows: count, elements, types: rows, slots, names })
}
