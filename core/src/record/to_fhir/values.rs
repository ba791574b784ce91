//! Values as FHIR R4 writes them: dates, numbers, statements of absence, and codes that it fixes.

use super::json::{Json, Object};
use crate::text::PartialDate;

/// The extension that says why a value is absent.
pub(super) fn absent(why: &'static str) -> Object {
    let mut extension = Object::default();
    extension.put("url", "http://hl7.org/fhir/StructureDefinition/data-absent-reason");
    extension.put("valueCode", why);
    let mut out = Object::default();
    out.put("extension", vec![Json::Object(extension)]);
    out
}

/// A `dateTime`: with a time it needs seconds and an offset. Without an offset only the day is told, and whether
/// that was so comes back.
pub(super) fn date_time(iso: &str) -> Option<(String, bool)> {
    PartialDate::parse(iso)?;
    let Some((day, time)) = iso.split_once('T') else { return Some((iso.to_owned(), false)) };
    let zone_at = time.find(['Z', '+', '-']);
    let Some((clock, zone)) = zone_at.and_then(|at| time.split_at_checked(at)) else {
        return Some((day.to_owned(), true));
    };
    // FHIR knows no hour 24.
    if clock.starts_with("24") {
        return Some((day.to_owned(), true));
    }
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    Some((format!("{day}T{clock}{seconds}{zone}"), false))
}

/// A `date`.
pub(super) fn date(iso: &str) -> Option<(String, bool)> {
    PartialDate::parse(iso)?;
    let (day, timed) = iso.split_once('T').map_or((iso, false), |(day, _)| (day, true));
    Some((day.to_owned(), timed))
}

/// A number in the digits that were written, where JSON can hold them.
pub(super) fn number(text: &str) -> Option<Json> {
    let number = serde_json::from_str::<&serde_json::value::RawValue>(text).ok()?;
    let digits = number.get();
    let numeric = digits.bytes().next().is_some_and(|byte| byte == b'-' || byte.is_ascii_digit());
    (numeric && digits == text).then(|| Json::Raw(text.as_bytes().to_vec()))
}

/// `string`s of FHIR hold at least one character that is no white space, and none that controls.
pub(super) fn string(text: &str) -> Option<Json> {
    let held = |c: char| c >= ' ' || matches!(c, '\t' | '\r' | '\n');
    let text: String = text.chars().filter(|c| held(*c)).collect();
    (!text.trim().is_empty()).then(|| Json::Text(text.trim().to_owned()))
}

/// `code`s of FHIR: no white space at the ends, single spaces inside.
pub(super) fn code(text: &str) -> Option<Json> {
    let good =
        !text.is_empty() && !text.contains("  ") && text.trim() == text && !text.contains(['\t', '\r', '\n']);
    good.then(|| text.into())
}

/// A `uri` of FHIR holds no white space.
pub(super) fn uri(text: &str) -> Option<Json> {
    (!text.is_empty() && !text.contains(char::is_whitespace)).then(|| text.into())
}

/// A file in base64: what is that already without its white space, else the text encoded.
pub(super) fn base64(data: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let packed: String = data.split_whitespace().collect();
    if STANDARD.decode(&packed).is_ok() { packed } else { STANDARD.encode(data) }
}

/// The value beside a key, whatever the case of the key.
pub(super) fn mapped(table: &'static [(&str, &str)], key: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, value)| *value)
}

/// Administrative sex: HL7 v2 table 0001, v3 AdministrativeGender, and FHIR's own.
pub(super) const SEX: &[(&str, &str)] = &[
    ("M", "male"),
    ("F", "female"),
    ("O", "other"),
    ("A", "other"),
    ("UN", "other"),
    ("N", "other"),
    ("U", "unknown"),
    ("UNK", "unknown"),
    ("male", "male"),
    ("female", "female"),
    ("other", "other"),
    ("unknown", "unknown"),
];

/// The schemes of CDA and the equipment types of HL7 v2 (table 0202): `ContactPoint.system`.
pub(super) const SCHEMES: &[(&str, &str)] = &[
    ("tel", "phone"),
    ("sms", "sms"),
    ("fax", "fax"),
    ("mailto", "email"),
    ("http", "url"),
    ("https", "url"),
    ("PH", "phone"),
    ("CP", "phone"),
    ("FX", "fax"),
    ("BP", "pager"),
    ("Internet", "email"),
    ("X.400", "email"),
    ("phone", "phone"),
    ("email", "email"),
    ("pager", "pager"),
    ("url", "url"),
];

/// Uses of addresses and contact points: v3 AddressUse, HL7 v2 tables 0190 and 0201.
pub(super) const USES: &[(&str, &str)] = &[
    ("H", "home"),
    ("HP", "home"),
    ("HV", "home"),
    ("PRN", "home"),
    ("WP", "work"),
    ("DIR", "work"),
    ("PUB", "work"),
    ("WPN", "work"),
    ("B", "work"),
    ("O", "work"),
    ("MC", "mobile"),
    ("PRS", "mobile"),
    ("TMP", "temp"),
    ("C", "temp"),
    ("BAD", "old"),
    ("BA", "old"),
    ("home", "home"),
    ("work", "work"),
    ("mobile", "mobile"),
    ("temp", "temp"),
    ("old", "old"),
];

/// Uses of names: v3 EntityNameUse, HL7 v2 table 0200.
pub(super) const NAME_USES: &[(&str, &str)] = &[
    ("L", "usual"),
    ("C", "official"),
    ("OR", "official"),
    ("A", "nickname"),
    ("P", "nickname"),
    ("N", "nickname"),
    ("M", "maiden"),
    ("B", "maiden"),
    ("D", "usual"),
    ("S", "anonymous"),
    ("usual", "usual"),
    ("official", "official"),
    ("nickname", "nickname"),
    ("maiden", "maiden"),
];
