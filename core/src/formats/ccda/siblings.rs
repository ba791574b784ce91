//! Labels that depend on siblings: what the extension of an identifier is, its root says; what a contact value is,
//! its scheme says.

use super::label::Pass;
use crate::formats::fhir::map::TypeId;
use crate::formats::label::Label;
use crate::formats::tree::Node;

/// Roots under which a nation numbers people and bodies: what the extension is. The name of such a namespace tells
/// nobody's own system. (HL7 OID registry.)
const NAMESPACES: &[(&str, Label)] = &[
    ("2.16.840.1.113883.4.1", Label::SocialSecurity),
    ("2.16.840.1.113883.4.6", Label::ProviderIdentifier),
    ("2.16.840.1.113883.4.572", Label::HealthPlan),
    ("2.16.840.1.113883.4.927", Label::HealthPlan),
    ("2.16.840.1.113883.4.2", Label::ProviderIdentifier),
    ("2.16.840.1.113883.4.4", Label::ProviderIdentifier),
    ("2.16.840.1.113883.4.814", Label::ProviderIdentifier),
    ("2.16.840.1.113883.3.3719", Label::Device),
    ("2.16.840.1.113883.4.3", Label::Licence),
];

/// The state's own root of driver's licences is this one with a number of the state.
const DRIVERS_LICENCES: &str = "2.16.840.1.113883.4.3.";

/// The attributes of these names directly in an element.
fn attributes<const N: usize>(pass: &Pass<'_>, at: u32, names: [&[u8]; N]) -> [Option<u32>; N] {
    let mut found = [None; N];
    let end = pass.node(at).next;
    let mut child = at + 1;
    while child < end {
        let node: Node = pass.node(child);
        let name = pass.raw_name(node, 0);
        for (slot, wanted) in found.iter_mut().zip(names) {
            if name == wanted {
                *slot = Some(child);
            }
        }
        child = node.next.max(child + 1);
    }
    found
}

/// Labels the parts of an identifier. A root that stands alone is the identifier.
pub(super) fn identifier(pass: &mut Pass<'_>, at: u32, ty: TypeId) {
    let [root, extension, absent] = attributes(pass, at, [b"root", b"extension", b"nullFlavor"]);
    let Some(root) = root else { return };
    let text = pass.text(root);
    let known = NAMESPACES
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, label)| *label)
        .or_else(|| text.starts_with(DRIVERS_LICENCES).then_some(Label::Licence));
    match (known, extension) {
        (Some(label), extension) => {
            pass.relabel(root, Label::CodeSystem);
            if let Some(extension) = extension {
                pass.relabel(extension, label);
            }
        }
        (None, None) if absent.is_none() => {
            let own = pass.map.member(ty, b"extension").map(|(_, element)| element.label());
            pass.relabel(root, own.unwrap_or(Label::Identifier));
        }
        (None, _) => {}
    }
}

/// Labels the value of a contact point by its scheme (RFC 3966, RFC 6068).
pub(super) fn contact_point(pass: &mut Pass<'_>, at: u32) {
    let [value] = attributes(pass, at, [b"value"]);
    let Some(value) = value else { return };
    let text = pass.text(value).to_ascii_lowercase();
    let label = match text.split_once(':').map(|(scheme, _)| scheme.trim()) {
        Some("tel" | "sms" | "x-text-tel") => Label::Phone,
        Some("fax" | "x-text-fax") => Label::Fax,
        Some("mailto") => Label::Email,
        Some("http" | "https" | "ftp" | "sftp" | "file" | "nfs" | "mllp") => Label::Url,
        None if text.contains('@') => Label::Email,
        _ => return,
    };
    pass.relabel(value, label);
}
