//! The pinned sources: which file of which registry, and the fingerprint its bytes must have.

use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::Result;

/// One pinned file.
#[derive(Debug, Deserialize)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) registry: String,
    pub(crate) package: String,
    pub(crate) version: String,
    pub(crate) file: String,
    pub(crate) sha256: String,
}

impl Source {
    /// How a pack names where it came from.
    pub(crate) fn describe(&self) -> String {
        format!("{} {} {} sha256:{}", self.registry, self.package, self.version, self.sha256)
    }
}

/// The manifest, and the folder in which its files are.
pub(crate) struct Sources {
    manifest: Vec<Source>,
    folder: PathBuf,
}

impl Sources {
    pub(crate) fn open(manifest: &Path, folder: PathBuf) -> Result<Self> {
        Ok(Self { manifest: serde_json::from_slice(&std::fs::read(manifest)?)?, folder })
    }

    /// The source of that name, and its bytes.
    ///
    /// # Errors
    /// Where the file is absent, or is not the pinned one.
    pub(crate) fn read(&self, name: &str) -> Result<(&Source, Vec<u8>)> {
        let source = self
            .manifest
            .iter()
            .find(|source| source.name == name)
            .ok_or_else(|| format!("sources.json has no {name}"))?;
        let path = self.folder.join(&source.file);
        let bytes = std::fs::read(&path)
            .map_err(|error| format!("{}: {error} (fetch.sh brings it)", path.display()))?;
        let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        if found != source.sha256 {
            return Err(format!("{} is not the pinned file: its sha256 is {found}", source.file).into());
        }
        Ok((source, bytes))
    }
}

/// The members of these names in a `.tgz`, in the order asked for.
///
/// # Errors
/// Where the archive is damaged or lacks one.
pub(crate) fn members_of_tgz(archive: &[u8], names: &[&str]) -> Result<Vec<Vec<u8>>> {
    let mut found = vec![None; names.len()];
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(archive));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        if let Some((_, slot)) = names.iter().zip(&mut found).find(|(name, _)| path == Path::new(name)) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            *slot = Some(bytes);
        }
    }
    names
        .iter()
        .zip(found)
        .map(|(name, bytes)| bytes.ok_or_else(|| format!("no {name} in it").into()))
        .collect()
}
