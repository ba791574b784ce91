//! Notes with their identifiers marked, and notes made of them: the same forms with other names.
//!
//! `{{label|text}}` marks what identifies; a third part is a beginning of the text that does not, a fourth an end.

use std::collections::HashMap;

use chartkeeper::formats::label::Label;

use super::pool::{Pool, Random};
use crate::Result;

/// A piece of a note: its text, and its label where it identifies.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    text: String,
    label: Option<Label>,
}

/// A note as its pieces.
#[derive(Debug, Clone)]
pub(crate) struct Note {
    pieces: Vec<Piece>,
}

/// A note as text, with the bytes that identify.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) text: String,
    pub(crate) right: Vec<(usize, usize, Label)>,
}

impl Note {
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

/// The notes of a file: `%%% kind` begins one.
pub(crate) fn notes(file: &str) -> Result<Vec<Note>> {
    let mut all = Vec::new();
    for part in file.split("%%% ").skip(1) {
        let (_, body) = part.split_once('\n').ok_or("a note has no text")?;
        all.push(Note { pieces: pieces(body.trim_end())? });
    }
    Ok(all)
}

/// The pieces of one note or line.
pub(crate) fn pieces(body: &str) -> Result<Vec<Piece>> {
    let mut all = Vec::new();
    let mut plain = |text: &str, label| {
        if !text.is_empty() {
            all.push(Piece { text: text.to_owned(), label });
        }
    };
    for (at, part) in body.split("{{").enumerate() {
        let rest = if at == 0 {
            part
        } else {
            let (mark, rest) = part.split_once("}}").ok_or("a mark is not closed")?;
            let mut fields = mark.split('|');
            let (label, text) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
            let before = fields.next().unwrap_or_default();
            let after = fields.next().unwrap_or_default().trim();
            let label = label_of(label).ok_or_else(|| format!("there is no label {label}"))?;
            let inner = text.strip_prefix(before).and_then(|text| text.strip_suffix(after)).unwrap_or(text);
            plain(before, None);
            plain(inner, Some(label));
            plain(after, None);
            rest
        };
        plain(rest, None);
    }
    Ok(all)
}

/// The labels of the marks.
fn label_of(name: &str) -> Option<Label> {
    Some(match name {
        "name" => Label::Name,
        "org" => Label::OrganisationName,
        "city" => Label::City,
        "state" => Label::State,
        "street" => Label::Street,
        "zip" => Label::PostalCode,
        "date" => Label::Date,
        "dob" => Label::BirthDate,
        "age" => Label::Age,
        "phone" => Label::Phone,
        "fax" => Label::Fax,
        "email" => Label::Email,
        "url" => Label::Url,
        "ip" => Label::IpAddress,
        "ssn" => Label::SocialSecurity,
        "mrn" => Label::MedicalRecord,
        "acct" => Label::Account,
        "plan" => Label::HealthPlan,
        "lic" => Label::Licence,
        "npi" => Label::ProviderIdentifier,
        "vehicle" => Label::Vehicle,
        "device" => Label::Device,
        "id" => Label::Identifier,
        _ => return None,
    })
}

/// How a whole note is cased.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    AsItIs,
    Upper,
    Lower,
}

/// Puts pieces together, with other names, places and bodies, and sometimes in another case.
pub(crate) fn make(pieces: &[Piece], pool: &Pool, random: &mut Random) -> Made {
    let case = match random.below(100) {
        0..12 => Case::Upper,
        12..26 => Case::Lower,
        _ => Case::AsItIs,
    };
    // Some are scans that a machine has read, some are typed in haste.
    let scanned = case == Case::Upper && random.below(5) == 0;
    let hasty = case != Case::Upper && random.below(12) == 0;
    let keep = random.below(8) == 0;
    let locale = pool.locale(random);
    let mut renamed: HashMap<String, String> = HashMap::new();
    let mut made = Made { text: String::new(), right: Vec::new() };
    for piece in pieces {
        let text = match piece.label {
            Some(Label::Name) if !keep => rename(&piece.text, pool, locale, &mut renamed, random),
            Some(Label::City) if !keep && random.below(10) < 9 => cased_like(&piece.text, pool.city(random)),
            Some(Label::OrganisationName) if !keep && random.below(10) < 9 => {
                cased_like(&piece.text, &pool.organisation(random))
            }
            None => pool.vary(&piece.text, hasty, random),
            _ => piece.text.clone(),
        };
        let text = match case {
            Case::AsItIs => text,
            Case::Upper if scanned => misread(&text.to_uppercase(), random),
            Case::Upper => text.to_uppercase(),
            Case::Lower => text.to_lowercase(),
        };
        let start = made.text.len();
        made.text.push_str(&text);
        if let Some(label) = piece.label {
            made.right.push((start, made.text.len(), label));
        }
    }
    made
}

/// Capitals as a machine reads them: now and then a letter inside a word as a digit.
fn misread(text: &str, random: &mut Random) -> String {
    let letters: Vec<char> = text.chars().collect();
    let inside = |at: usize| {
        at.checked_sub(1).and_then(|at| letters.get(at)).is_some_and(|c| c.is_alphabetic())
            && letters.get(at + 1).is_some_and(|c| c.is_alphabetic())
    };
    letters
        .iter()
        .enumerate()
        .map(|(at, c)| match c {
            'O' if inside(at) && random.below(4) == 0 => '0',
            'I' if inside(at) && random.below(4) == 0 => {
                if random.below(2) == 0 {
                    '1'
                } else {
                    'l'
                }
            }
            c => *c,
        })
        .collect()
}

/// Another name of the same form: the same word becomes the same other word.
fn rename(
    text: &str,
    pool: &Pool,
    locale: usize,
    renamed: &mut HashMap<String, String>,
    random: &mut Random,
) -> String {
    let words: Vec<&str> =
        text.split([' ', ',', '.', '-', '"']).filter(|word| word.chars().count() > 1).collect();
    let reversed = text.contains(", ") || text.contains(',');
    let mut out = String::new();
    let mut at = 0;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = rest.find([' ', ',', '.', '-', '"']).unwrap_or(rest.len());
        let Some((word, tail)) = rest.split_at_checked(length) else { break };
        if word.is_empty() {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        }
        rest = tail;
        let particle = ["van", "der", "de", "la", "del", "al", "von", "bin", "St", "Jr", "III", "van", "Mac"]
            .contains(&word);
        if word.chars().count() == 1 {
            out.push(if c.is_uppercase() { random.letter() } else { c });
        } else if particle {
            out.push_str(word);
        } else {
            let key = word.to_lowercase();
            let surname = if words.len() == 1 {
                random.below(2) == 0 && !renamed.contains_key(&key)
            } else {
                (at == 0) == reversed
            };
            let new = renamed
                .entry(key)
                .or_insert_with(|| {
                    if surname { pool.surname(locale, random) } else { pool.given(locale, random) }
                })
                .clone();
            out.push_str(&cased_like(word, &new));
            at += 1;
        }
    }
    out
}

/// The second text in the case of the first.
fn cased_like(model: &str, text: &str) -> String {
    if model.chars().filter(|c| c.is_alphabetic()).count() > 1 && model.chars().all(|c| !c.is_lowercase()) {
        text.to_uppercase()
    } else if model.chars().all(|c| !c.is_uppercase()) {
        text.to_lowercase()
    } else {
        text.to_owned()
    }
}
