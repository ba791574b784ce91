//! What the contract tests share: where the workspace is, and where real inputs may be.

use std::path::PathBuf;

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
    page!(Records, "../../docs/guide/records.md");
    page!(Narrative, "../../docs/guide/narrative.md");
}
