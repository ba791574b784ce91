//! How a record of the core becomes a JavaScript object: field by field, so that a new field in the core does not
//! compile here until Node has it too.

use chartkeeper::api;
use napi_derive::napi;

/// A value of the core as the value that JavaScript sees.
pub(crate) trait Mirror<T> {
    fn mirror(self) -> T;
}

/// Types that are the same on both sides.
macro_rules! same {
    ($($kind:ty),*) => {
        $(impl Mirror<$kind> for $kind {
            fn mirror(self) -> $kind {
                self
            }
        })*
    };
}
same!(String, &'static str, bool, f64, u32);

/// Counts of rows and entries in memory or on disk: far below 2^53, up to which JavaScript is exact.
impl Mirror<i64> for u64 {
    fn mirror(self) -> i64 {
        i64::try_from(self).unwrap_or(i64::MAX)
    }
}

impl Mirror<i64> for usize {
    fn mirror(self) -> i64 {
        i64::try_from(self).unwrap_or(i64::MAX)
    }
}

/// Names that a growing set of the core has on the wire.
macro_rules! named {
    ($($kind:ident),*) => {
        $(impl Mirror<&'static str> for api::$kind {
            fn mirror(self) -> &'static str {
                self.as_str()
            }
        })*
    };
}
named!(Confidence, NoteKind, LetterKind, Outcome, SegmentOutcome, Severity);

impl Mirror<String> for api::Hash {
    fn mirror(self) -> String {
        self.to_string()
    }
}

impl<Core: Mirror<Native>, Native> Mirror<Vec<Native>> for Vec<Core> {
    fn mirror(self) -> Vec<Native> {
        self.into_iter().map(Mirror::mirror).collect()
    }
}

impl<Core: Mirror<Native>, Native> Mirror<Option<Native>> for Option<Core> {
    fn mirror(self) -> Option<Native> {
        self.map(Mirror::mirror)
    }
}

/// Bytes `start..end` of a source; `end` is not included.
#[napi(object, object_from_js = false)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset of the byte after the last.
    pub end: u32,
}

/// A source is shorter than 4 GiB, so its offsets are always exact.
impl Mirror<Span> for api::Span {
    fn mirror(self) -> Span {
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Span { start: offset(self.start), end: offset(self.end) }
    }
}

/// Declares how a record of `chartkeeper::api` becomes the object of the same name.
macro_rules! mirror {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::mirror::Mirror<$name> for chartkeeper::api::$name {
            fn mirror(self) -> $name {
                let Self { $($field),* } = self;
                $name { $($field: $crate::mirror::Mirror::mirror($field)),* }
            }
        }
    };
}
pub(crate) use mirror;
