//! Where a share goes.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::{Entry, LAYOUTS, Limit, entry};
use crate::error::Error;

/// Where a share goes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Target {
    /// Path, or `-` for stdout.
    pub path: PathBuf,
    /// Whether something already there is replaced.
    pub force: bool,
    /// Whether files above [`SHA256_LIMIT`] are hashed too.
    pub checksums: bool,
    /// Length in bytes above which parts are cut into files that long; at least [`SPLIT_MIN`].
    pub split: Option<u64>,
    /// The most bytes that the share may have.
    pub limit: Option<Limit>,
}

/// The least length in bytes that parts can be cut to: the list of the files is held in memory, and in every reader's.
pub const SPLIT_MIN: u64 = 64 * 1024;

impl Target {
    /// A target.
    #[must_use]
    pub const fn new(path: PathBuf, force: bool) -> Self {
        Self { path, force, checksums: false, split: None, limit: None }
    }

    /// Whether the share goes to stdout.
    #[must_use]
    pub fn is_stdout(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    /// The layout that the target's name asks for.
    #[must_use]
    pub fn layout_name(&self) -> &'static str {
        let ending = self.path.extension().map(|ending| ending.to_ascii_lowercase());
        let asked = |entry: &&Entry| {
            let ending = if self.is_stdout() { Some("html") } else { ending.as_deref().and_then(OsStr::to_str) };
            ending.is_some_and(|ending| entry.endings.contains(&ending))
        };
        LAYOUTS.iter().find(asked).or(LAYOUTS.last()).map_or("", |entry| entry.name)
    }

    /// The file to open, and its path relative to the folder that the share lies in.
    ///
    /// # Errors
    /// When there is no such layout.
    pub fn page(&self, layout: &str) -> Result<(PathBuf, String), Error> {
        let name = self.file_name();
        Ok(match entry(layout)?.page {
            Some(page) => (self.path.join(page), format!("{name}/{page}")),
            None => (self.path.clone(), name),
        })
    }

    /// Refuses what is there already, unless it shall be replaced.
    ///
    /// # Errors
    /// [`Error::OutputExists`].
    pub fn check_free(&self) -> Result<(), Error> {
        if self.is_stdout() {
            return Ok(());
        }
        if self.path.file_name().is_none() {
            return Err(Error::usage(
                format!("{} has no name of its own", self.path.display()),
                "name a file or folder with -o",
            ));
        }
        if !self.force && self.path.symlink_metadata().is_ok() {
            return Err(Error::OutputExists(self.path.clone()));
        }
        self.parent().metadata().map(drop).map_err(Error::io("cannot write in", self.parent()))
    }

    /// Refuses to cut parts where a layout has no files to cut, or into too many.
    ///
    /// # Errors
    /// [`Error::Usage`], or when there is no such layout.
    pub fn check_split(&self, layout: &str) -> Result<(), Error> {
        let Some(size) = self.split else { return Ok(()) };
        if let Some(why) = entry(layout)?.uncut {
            return Err(Error::usage(
                format!("--split cuts the files of a folder, and this is layout {layout}: {why}"),
                "leave out --split, or write a folder: -o NAME without ending, or --layout dir",
            ));
        }
        if size < SPLIT_MIN {
            return Err(Error::usage(
                format!("--split {size} would cut parts into too many files"),
                format!("write {} KiB or more, as in --split 25M", SPLIT_MIN >> 10),
            ));
        }
        Ok(())
    }

    /// Refuses a target that cannot become a file.
    pub(super) fn check_file(&self) -> Result<(), Error> {
        self.check_free()?;
        // A rename would put the share in the place of a device or a folder.
        if self.path.exists() && !self.path.is_file() {
            return Err(Error::failed(
                format!("{} is not a file", self.path.display()),
                "name a file with -o, or pass --layout dir for a folder",
            ));
        }
        Ok(())
    }

    /// The target's own name.
    pub(super) fn file_name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The folder that holds the target, where temporary files go so that a rename suffices.
    pub(super) fn parent(&self) -> &Path {
        self.path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
    }
}
