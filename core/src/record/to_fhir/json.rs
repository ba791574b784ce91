//! The JSON that is written: members keep their order, numbers their digits.

use crate::formats::json;

/// A value of JSON.
pub(super) enum Json {
    /// Bytes that are a value already.
    Raw(Vec<u8>),
    Text(String),
    List(Vec<Json>),
    Object(Object),
}

/// The members of an object, in the order in which they came.
#[derive(Default)]
pub(super) struct Object(Vec<(&'static str, Json)>);

impl Object {
    pub(super) fn put(&mut self, name: &'static str, value: impl Into<Json>) {
        self.0.push((name, value.into()));
    }

    /// Adds a member where there is a value.
    pub(super) fn put_some(&mut self, name: &'static str, value: Option<impl Into<Json>>) -> bool {
        let some = value.is_some();
        if let Some(value) = value {
            self.put(name, value);
        }
        some
    }

    /// Adds a list where it has elements.
    pub(super) fn put_list(&mut self, name: &'static str, list: Vec<Json>) -> bool {
        let some = !list.is_empty();
        if some {
            self.0.push((name, Json::List(list)));
        }
        some
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == name)
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn some(self) -> Option<Json> {
        (!self.is_empty()).then_some(Json::Object(self))
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Json {
    fn from(flag: bool) -> Self {
        Self::Raw(if flag { b"true".to_vec() } else { b"false".to_vec() })
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl From<Vec<Json>> for Json {
    fn from(list: Vec<Json>) -> Self {
        Self::List(list)
    }
}

impl Json {
    /// Appends the value.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Raw(bytes) => out.extend_from_slice(bytes),
            Self::Text(text) => json::encode(text, out),
            Self::List(list) => {
                out.push(b'[');
                for (at, value) in list.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    value.write(out);
                }
                out.push(b']');
            }
            Self::Object(Object(members)) => {
                out.push(b'{');
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    json::encode(name, out);
                    out.push(b':');
                    value.write(out);
                }
                out.push(b'}');
            }
        }
    }
}
