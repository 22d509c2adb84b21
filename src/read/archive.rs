//! A share in an archive: the page is unpacked aside, media are read where they are stored.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use zip::ZipArchive;

use crate::error::Error;

/// Bytes a page may have once unpacked: what browsers open, with room.
const PAGE_LIMIT: u64 = 1 << 30;

/// Whether a file begins as an archive does; leaves it at its start.
pub(super) fn is_archive(file: &mut File) -> io::Result<bool> {
    let mut head = [0; 4];
    let count = file.read(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(&head[..count] == b"PK\x03\x04")
}

/// Unpacks the page into a temporary file.
pub(super) fn open(file: File, path: &Path) -> Result<(File, ZipArchive<File>), Error> {
    let damaged = |error| {
        Error::damaged(format!("{} is a damaged archive: {error}", path.display()), "get it again from whoever made it")
    };
    let mut archive = ZipArchive::new(file).map_err(damaged)?;
    let mut page = tempfile::tempfile().map_err(Error::io("cannot write a temporary file in", std::env::temp_dir()))?;
    let entry = archive.by_name("index.html").map_err(|_| {
        Error::input(
            format!("{} holds no index.html, so it is not a share made by sealcast", path.display()),
            "name the archive that sealcast export wrote",
        )
    })?;
    // Declared sizes may lie; what comes out is what counts.
    let count = io::copy(&mut entry.take(PAGE_LIMIT + 1), &mut page).map_err(|error| damaged(error.into()))?;
    if count > PAGE_LIMIT {
        return Err(Error::refused(
            format!("{} unpacks to more than {} MiB", path.display(), PAGE_LIMIT >> 20),
            "it is no share made by sealcast; do not open it",
        ));
    }
    page.flush().and_then(|()| page.seek(SeekFrom::Start(0))).map_err(Error::io("cannot read", path))?;
    Ok((page, archive))
}
