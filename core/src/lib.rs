//! Chartkeeper keeps patient records accurate, coded, private and releasable.
//!
//! A record goes in as bytes and comes out checked, coded, de-identified or released; every byte that changed is
//! explained. The library needs no server, no network and no clock, and keeps no global state.
#![forbid(unsafe_code)]

pub mod api;
pub mod codes;
pub mod deid;
pub mod engine;
pub mod error;
pub mod formats;
pub mod ledger;
pub mod packs;
pub mod quality;
pub mod record;
pub mod release;
pub mod text;
pub mod wire;

pub use engine::Chartkeeper;
pub use error::{Error, ErrorKind, Result};
pub use formats::Format;
pub use record::Record;
