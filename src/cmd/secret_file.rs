//! Files that only their owner may read: keys, links, key shares.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::Error;

/// A secret written aside, that appears under its name when all else is done.
#[derive(Debug)]
pub(super) struct SecretFile {
    file: NamedTempFile,
    path: PathBuf,
    force: bool,
}

impl SecretFile {
    /// Writes a secret aside. Temporary files are their owner's alone, which is what the file stays.
    pub(super) fn write(path: &Path, secret: &[u8], force: bool) -> Result<Self, Error> {
        if !force && path.symlink_metadata().is_ok() {
            return Err(Error::OutputExists(path.to_path_buf()));
        }
        // A rename would put the secret in the place of a device or a folder.
        if path.exists() && !path.is_file() {
            return Err(Error::failed(
                format!("{} is not a file", path.display()),
                "name a file of its own for each secret",
            ));
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let mut file = NamedTempFile::new_in(parent).map_err(Error::io("cannot write in", parent))?;
        file.write_all(secret).map_err(Error::io("cannot write", path))?;
        Ok(Self { file, path: path.to_path_buf(), force })
    }

    /// Gives the file its name.
    pub(super) fn keep(self) -> Result<(), Error> {
        let Self { file, path, force } = self;
        let kept = if force { file.persist(&path) } else { file.persist_noclobber(&path) };
        kept.map(drop).map_err(|error| match error.error.kind() {
            std::io::ErrorKind::AlreadyExists => Error::OutputExists(path.clone()),
            _ => Error::io("cannot write", &path)(error.error),
        })
    }
}
