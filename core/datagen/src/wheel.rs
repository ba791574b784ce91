//! Members of a Python wheel, which is a zip archive.

use std::io::{Cursor, Read};

use crate::Result;

/// The bytes of one member.
///
/// # Errors
/// Where the archive is damaged or lacks the member.
pub(crate) fn member_of_wheel(archive: &[u8], name: &str) -> Result<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive))?;
    let mut member = archive.by_name(name).map_err(|error| format!("{name}: {error}"))?;
    let mut bytes = Vec::new();
    member.read_to_end(&mut bytes)?;
    Ok(bytes)
}
