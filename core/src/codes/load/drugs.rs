//! Drugs: RxNorm's concept names and the FDA's National Drug Code directory.

use std::collections::{BTreeMap, HashMap};

use super::archive::{is_archive, member, text};
use super::clinical::finish;
use super::csv::{Header, divided};
use super::{hcpcs, refuse, refuse_all};
use crate::codes::lists::{ListRow, ListSource};
use crate::error::Result;

/// RXNCONSO.RRF: eighteen fields and an empty one behind the last bar. Names of RxNorm itself; a synonym stands for the
/// concept only where it has no other name.
pub(super) fn rxnorm(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.ends_with("rrf/rxnconso.rrf") && !name.contains("prescribe"))?;
    let mut names: BTreeMap<String, (bool, ListRow)> = BTreeMap::new();
    for record in divided(&text(&bytes), '|') {
        if record.fields.len() != 19 {
            return Err(refuse(record.line, "a row of RXNCONSO has eighteen fields"));
        }
        if record.get(11) != "RXNORM" {
            continue;
        }
        let synonym = matches!(record.get(12), "SY" | "TMSY" | "PSN");
        let row = ListRow {
            code: record.get(0).to_owned(),
            title: record.get(14).to_owned(),
            attributes: vec![
                ("term_type".to_owned(), record.get(12).to_owned()),
                ("suppress".to_owned(), record.get(16).replace('N', "")),
            ],
            ..ListRow::default()
        };
        match names.get(&row.code) {
            Some((false, _)) => {}
            Some((true, _)) if synonym => {}
            _ => {
                names.insert(row.code.clone(), (synonym, row));
            }
        }
    }
    finish(names.into_values().map(|(_, row)| row).collect())
}

/// The directory: packages with the names of their products, under the code of claims (5-4-2).
pub(super) fn ndc(source: &[u8]) -> Result<ListSource> {
    if !is_archive(source) {
        return Err(refuse_all("the directory is a zip archive with product.txt and package.txt"));
    }
    let products = member(source, |name| name.ends_with("product.txt"))?;
    let products = text(&products);
    let mut records = divided(&products, '\t');
    let header = Header::of(&records.next().ok_or_else(|| refuse_all("product.txt is empty"))?);
    let (id, brand, generic) =
        (header.need("PRODUCTID")?, header.need("PROPRIETARYNAME")?, header.need("NONPROPRIETARYNAME")?);
    let mut names = HashMap::new();
    for record in records {
        header.whole(&record)?;
        let name = match (record.get(brand), record.get(generic)) {
            (brand, "") => brand.to_owned(),
            ("", generic) => generic.to_owned(),
            (brand, generic) if brand.eq_ignore_ascii_case(generic) => brand.to_owned(),
            (brand, generic) => format!("{brand} ({generic})"),
        };
        names.insert(record.get(id).to_owned(), name);
    }
    let packages = member(source, |name| name.ends_with("package.txt"))?;
    let packages = text(&packages);
    let mut records = divided(&packages, '\t');
    let header = Header::of(&records.next().ok_or_else(|| refuse_all("package.txt is empty"))?);
    let (id, code, said) =
        (header.need("PRODUCTID")?, header.need("NDCPACKAGECODE")?, header.need("PACKAGEDESCRIPTION")?);
    let (start, end) = (header.find("STARTMARKETINGDATE"), header.find("ENDMARKETINGDATE"));
    let mut rows = Vec::new();
    for record in records {
        header.whole(&record)?;
        let segments: Vec<&str> = record.get(code).split('-').collect();
        let [labeler, product, package] = segments.as_slice() else {
            return Err(refuse(record.line, "a package code has three segments"));
        };
        let name = names.get(record.get(id)).map_or("", String::as_str);
        let day = |at: Option<usize>| at.map_or(Ok(None), |at| hcpcs::day(record.get(at), record.line));
        rows.push(ListRow {
            code: format!("{labeler:0>5}-{product:0>4}-{package:0>2}"),
            title: format!("{name}, {}", record.get(said)),
            from: day(start)?,
            to: day(end)?,
            attributes: Vec::new(),
        });
    }
    finish(rows)
}
