//! What the contract tests share: where the workspace is, and where real inputs may be.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;

use flate2::read::GzDecoder;

/// The root of the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or(here.clone(), PathBuf::from)
}

/// A file of the real inputs kept beside the project, or `None` (said on standard error) where it is absent.
///
/// They are looked for in `$CHARTKEEPER_SHARED`, then in `../shared/data` from the workspace.
#[must_use]
#[allow(clippy::print_stderr)]
pub fn shared(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CHARTKEEPER_SHARED")
        .map_or_else(|| workspace().join("../shared/data"), PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: real input {file} is not beside this checkout");
    None
}

/// The bytes of a compressed real input; `None` where it is absent.
#[must_use]
#[allow(clippy::unwrap_used)]
pub fn unpacked(file: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(File::open(shared(file)?).unwrap()).read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

/// The lines of a compressed real input; `None` where it is absent.
#[allow(clippy::unwrap_used)]
pub fn lines(file: &str) -> Option<impl Iterator<Item = String>> {
    let file = File::open(shared(file)?).unwrap();
    Some(BufReader::new(GzDecoder::new(file)).lines().map(Result::unwrap))
}

/// The files of an archive of real inputs by their names, in its order; `None` where it is absent.
#[must_use]
#[allow(clippy::unwrap_used)]
pub fn archive(file: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = tar::Archive::new(GzDecoder::new(File::open(shared(file)?).unwrap()));
    let mut out = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.header().entry_type().is_file() {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            out.push((entry.path().unwrap().to_string_lossy().into_owned(), bytes));
        }
    }
    Some(out)
}

/// The guide's pages, so that the code which they show is run as doctests. A page more is a line more.
#[cfg(doctest)]
mod guide {
    macro_rules! page {
        ($name:ident, $path:literal) => {
            #[doc = include_str!($path)]
            struct $name;
        };
    }

    page!(Ccda, "../../docs/guide/ccda.md");
    page!(Codes, "../../docs/guide/codes.md");
    page!(NextRelease, "../../docs/guide/next-release.md");
    page!(Records, "../../docs/guide/records.md");
    page!(Narrative, "../../docs/guide/narrative.md");
}

/// A series of numbers that is the same every time (SplitMix64).
pub fn series(mut state: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below.max(1) as u64) as usize
    }
}
