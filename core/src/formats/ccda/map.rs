//! The embedded data map of CDA R2 and C-CDA R2.1, and names as it writes them.

use std::borrow::Cow;

use once_cell::sync::OnceCell;

use crate::error::Result;
use crate::formats::fhir::map::DataMap;
use crate::formats::tree::ElementId;
use crate::packs::{Pack, PackInfo};

static BYTES: &[u8] = include_bytes!("../../../data/ccda-r2.1.bin");
static PACK: OnceCell<Pack> = OnceCell::new();
static MAP: OnceCell<DataMap<'static>> = OnceCell::new();

/// The map.
///
/// # Errors
/// `pack_malformed`, where the program was built with a pack that is none.
pub(super) fn ccda() -> Result<&'static DataMap<'static>> {
    MAP.get_or_try_init(|| DataMap::single(PACK.get_or_try_init(|| Pack::embedded(BYTES))?))
}

/// What the embedded map says of itself.
///
/// # Errors
/// `pack_malformed`.
pub fn ccda_info() -> Result<&'static PackInfo> {
    PACK.get_or_try_init(|| Pack::embedded(BYTES)).map(Pack::info)
}

/// A name without its prefix, unless that is `sdtc`: how the map writes it.
pub(super) fn plain(name: &[u8]) -> Cow<'_, [u8]> {
    match name.iter().position(|byte| *byte == b':') {
        Some(at) if name.get(..at) != Some(b"sdtc") => Cow::Borrowed(name.get(at + 1..).unwrap_or_default()),
        _ => Cow::Borrowed(name),
    }
}

/// The name, where the format defines it anywhere.
#[cold]
pub(super) fn known_name(name: &[u8]) -> Option<&'static str> {
    let map = ccda().ok()?;
    let name = plain(name);
    (1..=u16::MAX)
        .map_while(|number| map.element(ElementId(number)).and_then(|_| map.name(ElementId(number))))
        .find(|known| known.as_bytes() == &*name)
}
