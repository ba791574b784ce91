//! The twin of the verb that compiles packs.

use serde::{Deserialize, Serialize};

use super::{read, write};
use crate::api::{Chartkeeper, Error, PackRequest, Result};
use crate::error::codes;

/// `compile_pack`: `{source, request}` to `{pack}`. `source` is the file and `pack` the pack, both in base64; `request` is
/// `{format, release, effective_from?, effective_to?, system?, licence?}`.
///
/// # Errors
/// `invalid_request`, and those of [`Chartkeeper::compile_pack`].
pub fn compile_pack_json(_: &Chartkeeper, request: &str) -> Result<String> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        source: String,
        request: PackRequest,
    }
    #[derive(Serialize)]
    struct Answer {
        pack: String,
    }
    let Request { source, request } = read(request)?;
    let source = STANDARD
        .decode(source)
        .map_err(|_| Error::new(&codes::INVALID_REQUEST).in_path("source").note("base64 is needed"))?;
    write(&Answer { pack: STANDARD.encode(Chartkeeper::compile_pack(&source, &request)?) })
}
