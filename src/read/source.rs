//! Where a share is opened from: a file, a folder, an archive, or a server.

use std::cell::RefCell;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::archive;
use super::beside::Beside;
use super::head;
use super::scan::Scan;
use crate::error::Error;
use crate::fetch::{Answer, Fetch};
use crate::page;
use crate::seal::{Refusal, Secrets, unlock};

/// Bytes that a page on a server may have: what browsers open, with room.
const PAGE_LIMIT: u64 = 1 << 30;

/// A share whose page was found, and not opened yet.
#[derive(Debug)]
pub struct Source {
    /// What errors name.
    pub(super) named: String,
    pub(super) page: PathBuf,
    pub(super) file: File,
    pub(super) beside: Beside,
    pub(super) scan: Scan,
}

impl Source {
    /// An HTML file, an archive, or a folder with an `index.html`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn local(target: &Path) -> Result<Self, Error> {
        let page = if target.is_dir() { target.join("index.html") } else { target.to_path_buf() };
        let beside = Beside::Folder(page.parent().unwrap_or_else(|| Path::new("")).to_path_buf());
        Self::of(target.display().to_string(), page, beside)
    }

    /// A share on a server, by the address of its page or archive, without fragment. Its page is fetched at once,
    /// everything else when it is needed.
    ///
    /// # Errors
    /// When it cannot be fetched.
    pub fn remote(url: &str) -> Result<Self, Error> {
        let folder = tempfile::tempdir().map_err(Error::io("cannot write in", std::env::temp_dir()))?;
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let slash = place.rfind('/').map_or(place.len(), |slash| slash + 1);
        let name = Some(&place[slash..]).filter(|name| !name.is_empty() && place.matches('/').count() > 2);
        // A name out of an address may mean anything to a file system.
        let plain = |name: &&str| {
            name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) && !name.starts_with('.')
        };
        let page = folder.path().join(name.filter(plain).unwrap_or("index.html"));
        match (Fetch { url, limit: PAGE_LIMIT, redirects: true }).into_file(&page)? {
            Answer::Fetched => {}
            Answer::Status(status) => {
                return Err(Error::remote(
                    format!("the server answers {status} for {place}"),
                    "check the link, and whether it may still be read",
                ));
            }
        }
        // The page's own version is no signature.
        let query = if query.is_empty() || query.starts_with("v=") { String::new() } else { format!("?{query}") };
        let base = if name.is_some() { place[..slash].into() } else { format!("{}/", place.trim_end_matches('/')) };
        Self::of(place.into(), page, Beside::Remote { base, query, folder })
    }

    fn of(named: String, page: PathBuf, mut beside: Beside) -> Result<Self, Error> {
        let mut file = File::open(&page).map_err(Error::io("cannot open", &page))?;
        if archive::is_archive(&mut file).map_err(Error::io("cannot read", &page))? {
            let (unpacked, archive) = archive::open(file, &page)?;
            file = unpacked;
            beside = Beside::Archive(RefCell::new(archive));
        }
        let scan = Scan::of(&page, &file)?;
        Ok(Self { named, page, file, beside, scan })
    }

    /// The one origin beside its own that the page may ask, for the key share.
    #[must_use]
    pub fn share_origin(&self) -> Option<&str> {
        page::share_origin(str::from_utf8(&self.scan.around).ok()?)
    }

    /// Whether nothing but the key share is missing to open it with these secrets.
    ///
    /// # Errors
    /// When it is no share, or of a newer version.
    pub fn lacks_share_only(&self, secrets: &Secrets<'_>, now: Option<u64>) -> Result<bool, Error> {
        let (header, checks) = head(&self.scan, &self.named)?;
        let Some(checks) = checks.filter(|_| header.share) else { return Ok(false) };
        Ok(matches!(unlock(&header, &checks, secrets, now), Err(Refusal::NeedsShare)))
    }
}
