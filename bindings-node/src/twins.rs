//! The `_json` twins: each verb from a JSON request to a JSON answer, with the field names of the records.

use chartkeeper::wire;
use napi_derive::napi;

use crate::error::{Result, failure};
use crate::keeper::Chartkeeper;

#[napi]
impl Chartkeeper {
    /// The JSON twin of `packs`: `{}` to a list of `PackInfo`.
    #[napi]
    pub fn packs_json(&self, request: String) -> Result<String> {
        wire::packs_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `Record.parse`: `{source, format?}` to `{format, bytes, nodes, resources}`.
    #[napi]
    pub fn parse_json(&self, request: String) -> Result<String> {
        wire::parse_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `Record.withReplaced`: `{source, format?, path, value}` to `{output}`.
    #[napi]
    pub fn replace_json(&self, request: String) -> Result<String> {
        wire::replace_json(&self.inner, &request).map_err(failure)
    }
}
