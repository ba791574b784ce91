//! The file of a policy: JSON, checked member by member, so that an error names the rule that is wrong.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::error::{Error, Result, codes};

/// Where something stands in a policy, such as `labels.date.action`.
#[derive(Clone)]
pub(in crate::deid) struct Place<'a>(Cow<'a, str>);

impl<'a> Place<'a> {
    pub(in crate::deid) const fn root() -> Self {
        Self(Cow::Borrowed(""))
    }

    /// The member of that name.
    pub(in crate::deid) fn child(&self, name: &str) -> Place<'a> {
        let name = if is_word(name) { name } else { "?" };
        if self.0.is_empty() {
            Place(name.to_owned().into())
        } else {
            Place(format!("{}.{name}", self.0).into())
        }
    }

    /// The element at that place of a list.
    pub(in crate::deid) fn child_at(&self, at: usize) -> Place<'a> {
        Place(format!("{}[{at}]", self.0).into())
    }

    /// An error: `name` is none of the known ones. The nearest of them is told.
    pub(super) fn unknown<'k>(&self, what: &str, name: &str, known: impl Iterator<Item = &'k str>) -> Error {
        let known: Vec<&str> = known.collect();
        let near = known.iter().map(|word| (distance(name, word), *word)).min().filter(|(far, _)| *far <= 3);
        let told = if is_word(name) { format!("unknown {what} {name}") } else { format!("unknown {what}") };
        let note = match near {
            Some((_, word)) => format!("{told}; did you mean {word}?"),
            None if known.is_empty() => format!("{told}; it takes none"),
            None => format!("{told}; known: {}", known.join(", ")),
        };
        malformed(self, note)
    }
}

/// An error of a policy that cannot be read.
pub(in crate::deid) fn malformed(place: &Place<'_>, note: impl Into<Cow<'static, str>>) -> Error {
    let error = Error::new(&codes::POLICY_MALFORMED).note(note);
    if place.0.is_empty() { error } else { error.in_path(place.0.as_ref()) }
}

/// A word of a policy's vocabulary: only such are told in an error, because somebody may hand a record over where a
/// policy belongs.
fn is_word(name: &str) -> bool {
    name.len() <= 40
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_@-".contains(&byte))
}

/// How many letters must change, come or go (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    if a.len() > 40 {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (to, above) in b.iter().zip(row.iter().skip(1)) {
            let cost = (corner + usize::from(from != *to)).min(left + 1).min(above + 1);
            corner = *above;
            left = cost;
            next.push(cost);
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

/// Reads the text of a policy.
pub(super) fn parse(text: &str) -> Result<Map<String, Value>> {
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(malformed(&Place::root(), "a policy is a JSON object")),
        Err(error) => {
            let note = format!("not valid JSON at line {}, column {}", error.line(), error.column());
            Err(malformed(&Place::root(), note))
        }
    }
}

/// Members that an extension does not take over: what a policy says of itself.
const OWN: &[&str] = &["name", "title", "release", "licence", "conforms_to", "extends", "notice"];

/// `file` on top of `base`: labels one by one, everything else as a whole.
pub(super) fn extended(mut base: Map<String, Value>, file: Map<String, Value>) -> Map<String, Value> {
    base.retain(|name, _| !OWN.contains(&name.as_str()));
    for (name, value) in file {
        match (base.get_mut(&name), value) {
            (Some(Value::Object(below)), Value::Object(above)) if name == "labels" => below.extend(above),
            (_, value) => {
                base.insert(name, value);
            }
        }
    }
    base
}

/// An object of a policy that is read member by member.
pub(super) struct Reader<'a> {
    members: &'a Map<String, Value>,
    place: Place<'a>,
}

impl<'a> Reader<'a> {
    /// Refuses members that are not known.
    pub(super) fn new(members: &'a Map<String, Value>, place: Place<'a>, known: &[&str]) -> Result<Self> {
        match members.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(place.unknown("member", name, known.iter().copied())),
            None => Ok(Self { members, place }),
        }
    }

    pub(super) fn place(&self, name: &str) -> Place<'a> {
        self.place.child(name)
    }

    /// The member, where it stands and is not null.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text)),
            Some(_) => Err(malformed(&self.place(name), "a text is needed")),
        }
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(malformed(&self.place(name), "true or false is needed")),
        }
    }

    pub(super) fn object(&self, name: &str) -> Result<Option<&'a Map<String, Value>>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(members)),
            Some(_) => Err(malformed(&self.place(name), "an object is needed")),
        }
    }

    /// A list of texts; none is an empty one.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>> {
        let wrong = || malformed(&self.place(name), "a list of texts is needed");
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
            }
            Some(_) => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_is_told_with_the_word_that_was_meant() {
        let error =
            Place::root().child("labels").unknown("label", "brith_date", ["birth_date", "date"].into_iter());
        assert!(
            error.to_string().ends_with("unknown label brith_date; did you mean birth_date?, in labels"),
            "{error}"
        );
        let error = Place::root().unknown("member", "Mary O'Hara", ["name"].into_iter());
        assert!(!error.to_string().contains("Mary"), "{error}");
    }

    #[test]
    fn distances() {
        assert_eq!((distance("date", "date"), distance("dtae", "date"), distance("", "abc")), (0, 2, 3));
    }
}
