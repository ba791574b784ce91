//! Ids and references: their form stays, the id in them becomes a token of the vault or a keyed pseudonym.

use super::keyed::Keyed;
use super::pseudonym;
use super::vault::Table;

/// What gives ids their new names.
pub(super) trait Naming {
    /// Appends the name of an id.
    fn name(&mut self, id: &str, out: &mut String);
}

impl Naming for Table {
    fn name(&mut self, id: &str, out: &mut String) {
        self.token(id).write(out);
    }
}

impl Naming for &Keyed {
    fn name(&mut self, id: &str, out: &mut String) {
        out.push_str(&pseudonym::of(self, id));
    }
}

/// The address under which every absolute reference comes out. `.invalid` can belong to nobody (RFC 2606).
const REMOVED: &str = "https://removed.invalid/";

/// What an id or a reference becomes; none where there is nothing to point with.
///
/// The id alone is the key of the token, so that `Patient/7`, `http://a.example/fhir/Patient/7`, `urn:uuid:7` and
/// the id `7` of the entry keep pointing at each other. `is_type` says whether a path segment is the name of an
/// entry type of the format; any other segment is dropped with the rest of the address.
pub(super) fn replace(text: &str, table: &mut impl Naming, is_type: impl Fn(&str) -> bool) -> Option<String> {
    let mut out = String::with_capacity(text.len().max(48));
    if let Some(id) = text.strip_prefix('#') {
        // `#` alone points at the container.
        out.push('#');
        if !id.is_empty() {
            token(id, table, &mut out);
        }
        return Some(out);
    }
    if text.trim().is_empty() {
        return None;
    }
    if let Some(id) = text.strip_prefix("urn:uuid:").or_else(|| text.strip_prefix("urn:oid:")) {
        out.push_str("urn:uuid:");
        token(id, table, &mut out);
        return Some(out);
    }
    let absolute = text.contains(':');
    if absolute {
        out.push_str(REMOVED);
    }
    let plain = !text.contains(['?', ' ']);
    let (path, fragment) = match text.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (text, None),
    };
    let mut parts = path.rsplit('/');
    let last = (parts.next(), parts.next(), parts.next(), parts.next());
    match last {
        (Some(version), Some("_history"), Some(id), Some(kind))
            if plain && is_type(kind) && !id.is_empty() =>
        {
            out.push_str(kind);
            out.push('/');
            token(id, table, &mut out);
            out.push_str("/_history/");
            token(version, table, &mut out);
        }
        (Some(id), Some(kind), ..) if plain && is_type(kind) && !id.is_empty() => {
            out.push_str(kind);
            out.push('/');
            token(id, table, &mut out);
        }
        (Some(kind), ..) if plain && !absolute && is_type(kind) && kind.len() == path.len() => {
            out.push_str(kind);
        }
        _ => {
            // A search (`Patient?identifier=...`) points by what it says of the person: all of it is the key.
            let kind = text.split(['?', '/']).next().unwrap_or_default();
            if text.contains('?') && is_type(kind) {
                out.push_str(kind);
                out.push('/');
            }
            token(path.strip_prefix(REMOVED).unwrap_or(path), table, &mut out);
        }
    }
    if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
        out.push('#');
        token(fragment, table, &mut out);
    }
    Some(out)
}

/// Appends the token of an id. A UUID is the same in capitals (RFC 9562).
fn token(id: &str, table: &mut impl Naming, out: &mut String) {
    let is_uuid = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if is_uuid && id.bytes().any(|byte| byte.is_ascii_uppercase()) {
        table.name(&id.to_ascii_lowercase(), out);
    } else {
        table.name(id, out);
    }
}

#[cfg(test)]
mod tests {
    use super::super::vault::Vault;
    use super::*;

    fn run(vault: &Vault, text: &str) -> Option<String> {
        replace(text, &mut *vault.lock(), |name| matches!(name, "Patient" | "Encounter"))
    }

    #[test]
    fn every_form_of_a_pointer_keeps_pointing() {
        let vault = Vault::from_seed([3; 32]);
        let id = run(&vault, "7").unwrap();
        for (text, expected) in [
            ("#7", format!("#{id}")),
            ("#", "#".to_owned()),
            ("urn:uuid:7", format!("urn:uuid:{id}")),
            ("urn:oid:7", format!("urn:uuid:{id}")),
            ("Patient/7", format!("Patient/{id}")),
            ("Patient/7#7", format!("Patient/{id}#{id}")),
            ("Patient/7/_history/7", format!("Patient/{id}/_history/{id}")),
            ("http://hospital.example/fhir/Patient/7", format!("https://removed.invalid/Patient/{id}")),
            ("Patient", "Patient".to_owned()),
        ] {
            assert_eq!(run(&vault, text).unwrap(), expected, "{text}");
        }
        let upper = run(&vault, "urn:uuid:F47AC10B-58CC-4372-A567-0E02B2C3D479").unwrap();
        assert_eq!(run(&vault, "urn:uuid:f47ac10b-58cc-4372-a567-0e02b2c3d479").unwrap(), upper);
    }

    #[test]
    fn nothing_of_the_source_stays() {
        let vault = Vault::from_seed([4; 32]);
        for text in [
            "Smith/John",
            "John Smith",
            "Patient?name=Smith&John",
            "Patient/Smith?John",
            "http://john.smith.example/",
            "http://john.smith.example/fhir/Smith/John?x=1#Smith",
            "mailto:john@smith.example",
            "Patient/Smith/Encounter/John/Smith",
            "/Patient//",
            "Patient/John/_history/Smith#John",
        ] {
            let out = run(&vault, text).unwrap().to_lowercase();
            assert!(!out.contains("john") && !out.contains("smith"), "{text} gives {out}");
        }
        assert_eq!(run(&vault, " "), None);
        assert_eq!(run(&vault, ""), None);
    }

    #[test]
    fn what_an_earlier_run_left_stays() {
        let vault = Vault::from_seed([5; 32]);
        for text in [
            "#7",
            "urn:oid:1.2",
            "Patient/7/_history/1",
            "http://a.example/Patient/7",
            "http://a.example/x",
            "x",
            "a?b",
        ] {
            let once = run(&vault, text).unwrap();
            assert_eq!(run(&vault, &once).unwrap(), once, "{text}");
        }
    }
}
