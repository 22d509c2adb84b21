//! Where the files of a share lie that are not its page.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zip::ZipArchive;

use super::damaged;
use crate::error::Error;
use crate::fetch::{Answer, Fetch};
use crate::link::encode;

/// Bytes that a file on a server may have.
const FILE_LIMIT: u64 = 1 << 40;

/// The place of the files beside the page.
#[derive(Debug)]
pub(super) enum Beside {
    /// In the page's folder.
    Folder(PathBuf),
    /// In the archive that holds the page too.
    Archive(RefCell<ZipArchive<File>>),
    /// On a server; each is fetched when it is first needed.
    Remote {
        /// The page's folder, with a slash at its end.
        base: String,
        /// What every address needs behind it: a signature, or nothing.
        query: String,
        /// Where the files go.
        folder: TempDir,
    },
}

impl Beside {
    /// Reads a stretch of a file.
    ///
    /// # Errors
    /// When there is no such file, it is shorter, or cannot be read.
    pub(super) fn read(&self, name: &str, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        if let Self::Archive(archive) = self {
            let mut archive = archive.borrow_mut();
            let mut entry = archive.by_name_seek(name).map_err(|_| lacks(name))?;
            return read_at(&mut entry, offset, length).map_err(failed(name, "cannot read", Path::new(name)));
        }
        let path = self.path(name)?;
        let mut file = File::open(&path).map_err(failed(name, "cannot open", &path))?;
        read_at(&mut file, offset, length).map_err(failed(name, "cannot read", &path))
    }

    /// Length of a file in bytes.
    ///
    /// # Errors
    /// When there is no such file.
    pub(super) fn length(&self, name: &str) -> Result<u64, Error> {
        if let Self::Archive(archive) = self {
            return Ok(archive.borrow_mut().by_name_seek(name).map_err(|_| lacks(name))?.size());
        }
        let path = self.path(name)?;
        fs::metadata(&path).map(|data| data.len()).map_err(failed(name, "cannot read", &path))
    }

    /// A file on this machine; one of a server is fetched.
    fn path(&self, name: &str) -> Result<PathBuf, Error> {
        match self {
            Self::Folder(folder) => Ok(folder.join(name)),
            Self::Remote { base, query, folder } => {
                let path = folder.path().join(name);
                if path.exists() {
                    return Ok(path);
                }
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent).map_err(Error::io("cannot write", parent))?;
                }
                let url = format!("{base}{}{query}", encode(name));
                match (Fetch { url: &url, limit: FILE_LIMIT, redirects: true }).into_file(&path)? {
                    Answer::Fetched => Ok(path),
                    Answer::Status(status) => Err(Error::remote(
                        format!("the server answers {status} for {name}"),
                        "upload every file that export wrote, and check who may read them",
                    )),
                }
            }
            Self::Archive(_) => Err(damaged(&format!("{name} lies in an archive"))),
        }
    }
}

fn lacks(name: &str) -> Error {
    damaged(&format!("it lacks the file {name}"))
}

fn failed(name: &str, action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let (name, path) = (name.to_owned(), path.to_path_buf());
    move |error| match error.kind() {
        io::ErrorKind::NotFound => lacks(&name),
        io::ErrorKind::UnexpectedEof => damaged(&format!("{name} was cut short")),
        _ => Error::io(action, path)(error),
    }
}

/// Reads a stretch of a file, all of it.
pub(super) fn read_at(file: &mut (impl Read + Seek), offset: u64, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
