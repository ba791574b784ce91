//! Tokens ahead of the pass: which ones a record wants of a vault, in its own order. Drawn before, they let the passes of
//! many records run side by side and still be those of one after the other.

use super::people::People;
use super::policy::{Method, Policy, Treatment};
use super::reference::{self, Naming};
use super::vault::{Token, Vault};
use crate::formats::label::{Label, Whose};
use crate::formats::tree::Kind;
use crate::record::Record;
use crate::record::memo::Memo;

/// What a record wants: values in its order, each with the person whose part of the record it stands in.
#[derive(Default)]
pub(super) struct Wanted {
    people: Vec<String>,
    values: Vec<(Option<usize>, String)>,
}

/// What was drawn: tokens with their values.
#[derive(Default)]
pub(super) struct Drawn(pub(super) Vec<(Token, String)>);

/// Gathers ids in place of naming them.
#[derive(Default)]
struct Gathered(Vec<String>);

impl Naming for Gathered {
    fn name(&mut self, id: &str, _out: &mut String) {
        self.0.push(id.to_owned());
    }
}

/// Everything that a policy may draw tokens for in a record; more than the pass will ask for where a part of the record
/// goes as a whole. `named` is the patient that the caller knows.
pub(super) fn wanted(record: &Record, policy: &Policy, named: Option<&str>) -> Wanted {
    if !policy.draws_tokens() {
        return Wanted::default();
    }
    let people = People::of(record, named, policy.patient());
    let mut values = Vec::new();
    let mut seen = Memo::of(record, 64);
    for (id, node) in record.tree().iter() {
        if !matches!(node.kind(), Kind::Text | Kind::Number | Kind::Flag) {
            continue;
        }
        let (label, whose) = (node.label(), node.whose());
        let owner = || people.at(id);
        match policy.clause_of(label, whose).treatment {
            Treatment::Token => {
                let pointer = label == Label::Reference;
                let (raw, role): (_, &[u8]) = (record.raw(id), if pointer { b"pointer" } else { b"id" });
                // What a record repeats is drawn once, unless it may belong to several people.
                if !people.are_several() && seen.recall(raw, role).is_some() {
                    continue;
                }
                let Some(text) = record.text(id) else { continue };
                seen.note(raw, role, ());
                let mut gathered = Gathered::default();
                // What it would become is of no interest here.
                reference::replace(&text, &mut gathered, |name| pointer && record.is_entry_type(name));
                values.extend(gathered.0.into_iter().map(|value| (owner(), value)));
            }
            Treatment::Apply(index)
                if matches!(policy.methods(index).first(), Some(Method::Surrogate { drawn: true })) =>
            {
                let Some(text) = record.text(id) else { continue };
                let patient = owner().and_then(|at| people.keys().get(at)).map_or("", String::as_str);
                values.push((owner(), surrogate_key(label, whose, patient, &text)));
            }
            _ => {}
        }
    }
    Wanted { people: people.keys().to_vec(), values }
}

/// Under what the token stands from which a surrogate follows: of the people of a patient the patient counts as well.
pub(super) fn surrogate_key(label: Label, whose: Whose, patient: &str, text: &str) -> String {
    let patient = match whose {
        Whose::Patient | Whose::Relative => patient,
        Whose::Provider | Whose::Organisation => "",
    };
    format!("surrogate\u{0}{}\u{0}{patient}\u{0}{}", label.as_str(), text.trim().to_lowercase())
}

impl Wanted {
    /// Draws what is new, and gives what is known, in order.
    pub(super) fn draw(self, vault: &Vault) -> Drawn {
        if self.values.is_empty() {
            return Drawn::default();
        }
        let mut table = vault.lock();
        let draw = |(owner, value): (Option<usize>, String)| {
            table.belongs_to(owner.and_then(|at| self.people.get(at)).map(String::as_str));
            (table.token(&value), value)
        };
        Drawn(self.values.into_iter().map(draw).collect())
    }
}
