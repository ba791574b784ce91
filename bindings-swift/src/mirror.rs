//! How a record of the core becomes a record of the foreign language: the same fields, owned, in types that mirror.

use chartkeeper::api;

/// What a field's type becomes on the other side.
pub(crate) trait Mirror<T> {
    /// Converts without interpreting.
    fn mirror(self) -> T;
}

macro_rules! as_it_is {
    ($($type:ty)*) => {$(
        impl Mirror<$type> for $type {
            fn mirror(self) -> $type {
                self
            }
        }
    )*};
}

as_it_is!(bool f64 String u8 u32 u64);

impl Mirror<String> for &str {
    fn mirror(self) -> String {
        self.to_owned()
    }
}

impl Mirror<u64> for usize {
    fn mirror(self) -> u64 {
        self as u64
    }
}

impl<A: Mirror<B>, B> Mirror<Option<B>> for Option<A> {
    fn mirror(self) -> Option<B> {
        self.map(A::mirror)
    }
}

impl<A: Mirror<B>, B> Mirror<Vec<B>> for Vec<A> {
    fn mirror(self) -> Vec<B> {
        self.into_iter().map(A::mirror).collect()
    }
}

/// Enums of the core whose set may grow: their stable names cross.
macro_rules! by_name {
    ($($type:ident)*) => {$(
        impl Mirror<String> for api::$type {
            fn mirror(self) -> String {
                self.as_str().to_owned()
            }
        }
    )*};
}

by_name!(LetterKind NoteKind Confidence Confidentiality Outcome SegmentOutcome Severity);

impl Mirror<String> for api::Hash {
    fn mirror(self) -> String {
        self.to_string()
    }
}

/// Declares foreign records that have the fields of the core's records, `Foreign` or `Foreign = Core`. The core's
/// record is taken apart without `..`, so that a field that is new there breaks the build until it stands here too; `Core(..)` is for
/// one that keeps fields to itself.
macro_rules! mirror {
    ($($(#[$doc:meta])* $name:ident = $core:ident $(($rest:tt))? { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, uniffi::Record)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl crate::mirror::Mirror<$name> for chartkeeper::api::$core {
            fn mirror(self) -> $name {
                let chartkeeper::api::$core { $($field,)* $($rest)? } = self;
                $name { $($field: crate::mirror::Mirror::mirror($field),)* }
            }
        }
    )*};
}

/// What a field that the caller gives becomes in the core.
pub(crate) trait Give<T> {
    /// Converts without interpreting.
    fn give(self) -> T;
}

macro_rules! given_as_it_is {
    ($($type:ty)*) => {$(
        impl Give<$type> for $type {
            fn give(self) -> $type {
                self
            }
        }
    )*};
}

given_as_it_is!(bool f32 f64 u16 u64 i32 String);

impl<A: Give<B>, B> Give<Option<B>> for Option<A> {
    fn give(self) -> Option<B> {
        self.map(A::give)
    }
}

impl<A: Give<B>, B> Give<Vec<B>> for Vec<A> {
    fn give(self) -> Vec<B> {
        self.into_iter().map(A::give).collect()
    }
}

/// Declares foreign records that the caller makes and the core's record of the same name takes. A field that is new in
/// the core breaks the build until it stands here too.
macro_rules! given {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, uniffi::Record)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl crate::mirror::Give<chartkeeper::api::$name> for $name {
            fn give(self) -> chartkeeper::api::$name {
                let Self { $($field,)* } = self;
                chartkeeper::api::$name { $($field: crate::mirror::Give::give($field),)* }
            }
        }
    )*};
}

/// Declares a foreign enum that the caller chooses from, with the variants of the core's.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, uniffi::Enum)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl crate::mirror::Give<chartkeeper::api::$name> for $name {
            fn give(self) -> chartkeeper::api::$name {
                match self {
                    $(Self::$variant => chartkeeper::api::$name::$variant,)*
                }
            }
        }
    };
}

pub(crate) use {choice, given, mirror};
