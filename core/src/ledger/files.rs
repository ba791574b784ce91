//! The files of a ledger's folder, and how a failure of the operating system is told.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result, codes};

/// The folder of a ledger.
#[derive(Debug, Clone)]
pub(super) struct Files {
    folder: PathBuf,
}

/// Turns an error of the operating system on the named file into one of the catalogue.
pub(super) fn io(file: &'static str) -> impl Fn(io::Error) -> Error {
    move |error| Error::new(&codes::LEDGER_IO).note(format!("file {file}: {}", error.kind()))
}

/// An error that says which file does not hold what it must.
pub(super) fn damaged(file: &'static str) -> Error {
    Error::new(&codes::LEDGER_DAMAGED).note(format!("file {file}"))
}

impl Files {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The entries and checkpoints, in order.
    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// How much of the log is acknowledged.
    pub(super) fn head(&self) -> PathBuf {
        self.folder.join("head")
    }

    /// The nodes of the tree: made of the log, and made again where it is lost.
    pub(super) fn tree(&self) -> PathBuf {
        self.folder.join("tree")
    }

    pub(super) fn create_folder(&self) -> Result<()> {
        std::fs::create_dir_all(&self.folder).map_err(io("folder"))
    }

    /// Takes the writer's lock; it is given back when the file is closed, also by the end of the process.
    pub(super) fn lock(&self) -> Result<File> {
        let file = open_for_writing(&self.folder.join("lock"), "lock")?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Error::new(&codes::LEDGER_LOCKED)),
            Err(TryLockError::Error(error)) => Err(io("lock")(error)),
        }
    }

    /// Waits until the disk has the names of new files.
    pub(super) fn sync_folder(&self) -> Result<()> {
        if cfg!(unix) {
            File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(io("folder"))?;
        }
        Ok(())
    }
}

/// Opens a file for reading and writing; makes it where there is none.
pub(super) fn open_for_writing(path: &Path, name: &'static str) -> Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(io(name))
}
