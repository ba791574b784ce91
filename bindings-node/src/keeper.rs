//! `Chartkeeper`: the verbs.

use std::sync::Arc;

use chartkeeper::api;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use crate::error::{Result, failure};
use crate::mirror::Mirror;
use crate::packs::PackInfo;

/// The library's knowledge, ready for use. Build it once and share it: it never changes.
#[napi]
pub struct Chartkeeper {
    pub(crate) inner: Arc<api::Chartkeeper>,
}

#[napi]
impl Chartkeeper {
    /// With the embedded packs, and with `packs` that you bring, each as the bytes of its file.
    ///
    /// Throws a `ChartkeeperError` of kind `pack`.
    #[napi(constructor)]
    pub fn new(packs: Option<Vec<Buffer>>) -> Result<Self> {
        let packs = packs.unwrap_or_default().into_iter().map(Into::into).collect();
        Ok(Self { inner: Arc::new(api::Chartkeeper::with_packs(packs).map_err(failure)?) })
    }

    /// Who every loaded pack is.
    #[napi]
    pub fn packs(&self) -> Vec<PackInfo> {
        self.inner.packs().mirror()
    }
}
