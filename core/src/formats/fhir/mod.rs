//! FHIR: labels for the span tree of a resource, from a data map compiled of the published definitions.

mod absent;
mod label;
pub mod map;
mod references;
mod siblings;

pub use absent::{emptied, is_required, mask, partner_of, withhold};
pub use label::{Labelled, Resource, label};
pub use map::is_resource_type;
pub use references::{References, is_contained};
