//! The table of packs: rows, bytes, fingerprint, source and licence of each, for people and for review.

use std::fmt::Write;
use std::path::Path;

use chartkeeper::packs::Pack;

use crate::Result;

/// The table for the packs of these names in the folder.
///
/// # Errors
/// A pack that is absent or damaged.
pub(crate) fn table(folder: &Path, packs: &[&str]) -> Result<String> {
    let mut out = String::from("pack,rows,bytes,sha256,source,licence\n");
    for name in packs {
        let bytes =
            std::fs::read(folder.join(format!("{name}.bin"))).map_err(|e| format!("{name}.bin: {e}"))?;
        let len = bytes.len();
        let pack = Pack::load(bytes)?;
        let info = pack.info();
        let (source, licence) = (quoted(&info.source), quoted(&info.licence));
        writeln!(out, "{name},{},{len},{},{source},{licence}", info.rows, info.sha256)?;
    }
    Ok(out)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
