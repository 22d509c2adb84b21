//! A folder for what inputs unpack to, deleted when the last that needs it is gone.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::TempDir;

use crate::error::Error;

/// Bytes that all inputs of a run may unpack to.
pub(crate) const ROOM: u64 = 2 << 30;

/// One folder for a run, made when first asked for. Clones share it; media that lie in it hold one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    folder: Mutex<Option<TempDir>>,
    /// Folders made in it.
    count: AtomicU64,
    /// Bytes written to it.
    used: AtomicU64,
}

impl Scratch {
    /// Makes a new empty folder in it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn folder(&self) -> Result<PathBuf, Error> {
        let number = self.inner.count.fetch_add(1, Ordering::Relaxed);
        let mut folder = self.inner.folder.lock().unwrap_or_else(PoisonError::into_inner);
        let root = match &mut *folder {
            Some(root) => root,
            // The default name is hidden, and what is hidden is not looked at.
            none => none.insert(tempfile::Builder::new().prefix("sealcast-").tempdir().map_err(failed(Path::new("")))?),
        };
        let path = root.path().join(number.to_string());
        std::fs::create_dir(&path).map_err(failed(&path))?;
        Ok(path)
    }

    /// Fills a file of it from a reader.
    ///
    /// # Errors
    /// When the file cannot be written, or the run was interrupted.
    pub(crate) fn fill(&self, from: &mut dyn Read, file: &mut File, path: &Path) -> Result<Filled, Error> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            crate::interrupt::check()?;
            let count = match from.read(&mut buffer) {
                Ok(0) => return Ok(Filled::Whole),
                Ok(count) => count,
                Err(error) => return Ok(Filled::Broken(error)),
            };
            if !self.take(count as u64) {
                return Ok(Filled::Full);
            }
            file.write_all(&buffer[..count]).map_err(failed(path))?;
        }
    }

    /// Takes room for so many bytes; says whether there was enough.
    pub(crate) fn take(&self, bytes: u64) -> bool {
        self.inner.used.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes) <= ROOM
    }
}

/// How a file became full.
#[derive(Debug)]
pub(crate) enum Filled {
    /// With all there was to read.
    Whole,
    /// There is no room for the rest.
    Full,
    /// With what could be read before this.
    Broken(io::Error),
}

/// For `map_err` while something is written there; an empty path stands for the folder of all temporary files.
pub(crate) fn failed(path: &Path) -> impl FnOnce(io::Error) -> Error + use<> {
    let path = if path.as_os_str().is_empty() { std::env::temp_dir() } else { path.to_path_buf() };
    Error::io("cannot write a temporary file in", path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_lives_as_long_as_its_last_holder() {
        let scratch = Scratch::default();
        let [a, b] = [scratch.folder().unwrap(), scratch.clone().folder().unwrap()];
        assert!(a != b && a.is_dir() && b.is_dir());
        let last = scratch.clone();
        drop(scratch);
        assert!(a.is_dir());
        drop(last);
        assert!(!a.exists() && !b.exists());
    }

    #[test]
    fn room_is_shared_and_ends() {
        let scratch = Scratch::default();
        assert!(scratch.clone().take(ROOM) && !scratch.take(1));
    }
}
