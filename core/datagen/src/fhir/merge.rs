//! Joins the types of several releases: what is the same in two of them is stored once.
//!
//! Two types are the same where their members are, and the types of those. That is decided by refining: at first all
//! types with the same members are taken for one, and those whose members lead to different types are told apart,
//! until nothing changes. What a resource may contain depends on the release in hand and not on the type.

use std::collections::BTreeMap;

use chartkeeper::formats::fhir::map::{DataMap, ElementRow, TypeId};
use chartkeeper::formats::field::EntryKind;

use super::compile::Type;
use crate::Result;

/// The joined types, and the number of the type of each release whose members are its resources.
///
/// # Errors
/// More types than there are numbers.
pub(crate) fn merge(releases: Vec<Vec<Type>>) -> Result<(Vec<Type>, Vec<TypeId>)> {
    let mut all: Vec<Type> = Vec::new();
    let mut firsts = Vec::new();
    for release in releases {
        firsts.push(all.len());
        all.extend(release);
    }
    let first_of = |at: usize| firsts.iter().rev().find(|first| **first <= at).copied().unwrap_or_default();
    // Where a member of the type at a place leads; 0 is nowhere, 1 to the resources, else the place and 2.
    let target = |at: usize, row: &ElementRow| match row.ty {
        TypeId(0) => 0,
        DataMap::RESOURCES => 1,
        TypeId(number) => first_of(at) + usize::from(number) + 1,
    };
    let shapes: Vec<Vec<u8>> = all.iter().map(shape).collect();
    let mut classes = numbered(shapes.iter());
    loop {
        let leads = |at: usize, row: &ElementRow| match target(at, row) {
            place @ 0..=1 => place,
            place => classes.get(place - 2).map_or(0, |class| class + 2),
        };
        let keys: Vec<(usize, Vec<usize>)> = all
            .iter()
            .zip(&classes)
            .enumerate()
            .map(|(at, (ty, class))| (*class, ty.members.iter().map(|row| leads(at, row)).collect()))
            .collect();
        let finer = numbered(keys.iter());
        let (before, after) = (classes.iter().max(), finer.iter().max());
        if before == after {
            break;
        }
        classes = finer;
    }
    let class_of = |place: usize| classes.get(place).copied().unwrap_or_default();
    let number = |class: usize| u16::try_from(class + 1).map(TypeId);
    let roots = firsts.iter().map(|first| number(class_of(*first))).collect::<std::result::Result<_, _>>()?;
    let mut out: Vec<Type> = Vec::new();
    for (at, mut ty) in all.into_iter().enumerate() {
        // The first of a class stands for it; classes are numbered in the order of their firsts.
        if class_of(at) != out.len() {
            continue;
        }
        for row in &mut ty.members {
            row.ty = match row.ty {
                TypeId(0) | DataMap::RESOURCES => row.ty,
                TypeId(own) => number(class_of(first_of(at) + usize::from(own) - 1))?,
            };
        }
        out.push(ty);
    }
    Ok((out, roots))
}

/// All of a type apart from where its members lead.
fn shape(ty: &Type) -> Vec<u8> {
    let mut out = vec![ty.role as u8, EntryKind::number(ty.kind)];
    for row in &ty.members {
        out.extend(ElementRow { ty: TypeId(0), name_at: 0, ..row.clone() }.encode());
        out.extend(row.name.as_bytes());
        out.push(0);
    }
    out
}

/// Numbers equal keys alike, in the order in which they first appear.
fn numbered<'k, K: Ord + 'k>(keys: impl Iterator<Item = &'k K>) -> Vec<usize> {
    let mut known = BTreeMap::new();
    keys.map(|key| {
        let next = known.len();
        *known.entry(key).or_insert(next)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ty(members: &[(&str, u16)]) -> Type {
        let row = |(name, ty): &(&str, u16)| ElementRow {
            name: (*name).to_owned(),
            ty: TypeId(*ty),
            ..ElementRow::default()
        };
        Type { members: members.iter().map(row).collect(), ..Type::default() }
    }

    #[test]
    fn what_is_the_same_is_stored_once() {
        // In both releases: 1 the resources, 2 a resource, 3 and 4 data types, of which 4 leads to itself.
        let one = vec![
            ty(&[("A", 2)]),
            ty(&[("x", 3), ("y", 4), ("contained", 1)]),
            ty(&[("text", 0)]),
            ty(&[("deeper", 4)]),
        ];
        let other = vec![
            ty(&[("A", 2), ("B", 3)]),
            ty(&[("x", 4), ("y", 5), ("contained", 1)]),
            ty(&[("x", 5)]),
            ty(&[("text", 0)]),
            ty(&[("deeper", 5)]),
        ];
        let (types, roots) = merge(vec![one, other]).unwrap();
        assert_eq!(roots, [TypeId(1), TypeId(5)]);
        assert_eq!(types.len(), 6);
        let leads = |at: usize| types[at].members.iter().map(|row| row.ty.0).collect::<Vec<_>>();
        assert_eq!(leads(0), [2]);
        assert_eq!(leads(1), [3, 4, 1]);
        assert_eq!(leads(3), [4]);
        assert_eq!(leads(4), [2, 6]);
        assert_eq!(leads(5), [4]);
    }

    #[test]
    fn types_that_lead_elsewhere_are_told_apart() {
        let one = vec![ty(&[("A", 2)]), ty(&[("x", 3)]), ty(&[("text", 0)])];
        let other = vec![ty(&[("A", 2)]), ty(&[("x", 3)]), ty(&[("number", 0)])];
        let (types, roots) = merge(vec![one, other]).unwrap();
        assert_eq!((types.len(), roots), (6, vec![TypeId(1), TypeId(4)]));
    }
}
