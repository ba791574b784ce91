//! A request for a patient's record, as a foreign object.

use std::sync::Arc;

use chartkeeper::api;

use crate::error::Result;

/// A request for a patient's record, read from JSON. What it leaves out is unknown, and never taken for a no.
#[derive(uniffi::Object)]
pub struct Request(pub(crate) api::Request);

#[uniffi::export]
impl Request {
    /// Reads a request from JSON.
    #[uniffi::constructor]
    pub fn parse(json: &str) -> Result<Arc<Self>> {
        Ok(Arc::new(Self(api::Request::parse(json)?)))
    }
}
