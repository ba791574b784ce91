//! Node bindings of Chartkeeper: the verbs and records of `chartkeeper::api` as native functions and objects, with
//! no logic of their own.
// The exporting macros ask for `pub`, though nothing of this crate is used from Rust.
#![allow(unreachable_pub)]
// In a test build the macros export nothing, and a function seems unused.
#![cfg_attr(test, allow(dead_code))]

mod chart;
mod claim;
mod codes;
mod deid;
mod error;
mod keeper;
mod ledger;
mod mirror;
mod narrative;
mod packs;
mod quality;
mod record;
mod records;
mod release;
mod risk;
mod suggested;
mod twins;
