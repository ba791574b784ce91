//! Errors of the core on their way to JavaScript, where `index.js` makes a `ChartkeeperError` of them.

use chartkeeper::wire;
use napi::bindgen_prelude::Buffer;

/// What verbs return. The status marks an error of the core; the reason is its JSON form.
pub(crate) type Result<T> = std::result::Result<T, napi::Error<&'static str>>;

/// The status by which `index.js` knows an error of the core.
const STATUS: &str = "ChartkeeperError";

/// Carries an error of the core over the boundary.
pub(crate) fn failure(error: chartkeeper::Error) -> napi::Error<&'static str> {
    napi::Error::new(STATUS, wire::error_json(&error))
}

/// A record of the core from the JSON document that JavaScript gives.
pub(crate) fn document<T: serde::de::DeserializeOwned>(given: &serde_json::Value) -> Result<T> {
    chartkeeper::api::document(&given.to_string()).map_err(failure)
}

/// A record of the core as the JSON document that JavaScript sees.
pub(crate) fn give(record: &impl serde::Serialize) -> Result<serde_json::Value> {
    let json = chartkeeper::api::to_json(record).map_err(failure)?;
    serde_json::from_str(&json).map_err(|_| napi::Error::new("GenericFailure", "not JSON".to_owned()))
}

/// The 32 bytes of a key or a seed.
pub(crate) fn key(bytes: Buffer) -> Result<[u8; 32]> {
    <[u8; 32]>::try_from(&*bytes)
        .map_err(|_| napi::Error::new("InvalidArg", "32 bytes are needed".to_owned()))
}
