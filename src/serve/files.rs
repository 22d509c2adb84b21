//! Which file a request is for, if any: nothing outside the bundle, whatever the path says.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::error::Error;
use crate::media;

/// What has to be encoded in a path's segment: all but the unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What is served.
#[derive(Debug)]
pub(super) enum Root {
    /// A folder with all that is in it, links out of it excepted. The path is canonical.
    Folder(PathBuf),
    /// One file, and nothing else of its folder.
    File {
        /// The file, canonical.
        path: PathBuf,
        /// Its name in the URL, not encoded.
        name: String,
    },
}

/// What a path stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// This file, which was there a moment ago.
    File(PathBuf),
    /// Ask for this instead.
    Moved(String),
    /// Nothing there, or nothing that may be seen.
    Nothing,
}

impl Root {
    /// Looks whether there is a bundle at a path.
    pub(super) fn new(path: &Path) -> Result<Self, Error> {
        let canonical = fs::canonicalize(path).map_err(Error::io("cannot open", path))?;
        if canonical.is_dir() {
            if canonical.join("index.html").is_file() {
                return Ok(Self::Folder(canonical));
            }
            return Err(Error::input(
                format!("{} holds no index.html", path.display()),
                "name a share: the folder or the .html file that `sealcast export` wrote",
            ));
        }
        let is_page = has_extension(&canonical, &["html", "htm"]);
        // The name as given, not that of what a link points to: it is what the reader typed.
        match path.file_name().or_else(|| canonical.file_name()) {
            Some(name) if is_page => Ok(Self::File { name: name.to_string_lossy().into_owned(), path: canonical }),
            _ if has_extension(&canonical, &["zip"]) => Err(Error::input(
                format!("{} is an archive", path.display()),
                "unzip it, then serve the folder it holds",
            )),
            _ => Err(Error::input(
                format!("{} is no page", path.display()),
                "name a share: the folder or the .html file that `sealcast export` wrote",
            )),
        }
    }

    /// The path at which the page is.
    pub(super) fn page(&self) -> String {
        match self {
            Self::Folder(_) => "/".into(),
            Self::File { name, .. } => format!("/{}", utf8_percent_encode(name, SEGMENT)),
        }
    }

    /// Finds what a request's target, query included, stands for.
    pub(super) fn find(&self, target: &str) -> Target {
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let Some(path) = path.strip_prefix('/') else { return Target::Nothing };
        match self {
            Self::Folder(root) => in_folder(root, path).map_or(Target::Nothing, Target::File),
            Self::File { .. } if path.is_empty() => {
                Target::Moved(self.page() + &query.map(|query| format!("?{query}")).unwrap_or_default())
            }
            Self::File { path: file, name } if percent_decode_str(path).decode_utf8_lossy() == *name => {
                Target::File(file.clone())
            }
            Self::File { .. } => Target::Nothing,
        }
    }
}

/// Follows a path into a folder. Segments are decoded one by one, so that an encoded slash cannot make two of one.
fn in_folder(root: &Path, path: &str) -> Option<PathBuf> {
    let mut file = root.to_path_buf();
    let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    for segment in path.split('/') {
        let segment = percent_decode_str(segment).decode_utf8().ok()?;
        if !is_plain_name(&segment) {
            return None;
        }
        file.push(&*segment);
    }
    // Links are followed first: one that leads out of the folder shows here.
    let file = fs::canonicalize(file).ok()?;
    (file.starts_with(root) && file.is_file()).then_some(file)
}

/// Whether a name means a file here and nothing else on any system: no way up, no hidden file, no drive, no stream.
fn is_plain_name(name: &str) -> bool {
    let leads_elsewhere = name.contains(['/', '\\', '\0']) || (cfg!(windows) && name.contains(':'));
    !name.is_empty() && !name.starts_with('.') && !leads_elsewhere
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|found| extensions.iter().any(|extension| found.eq_ignore_ascii_case(extension)))
}

/// The content type by the ending of a file's name. What is not known is not shown but saved.
pub(super) fn content_type(path: &Path) -> &'static str {
    let ending = path.extension().unwrap_or(OsStr::new("")).to_string_lossy();
    media::by_ending(&ending).unwrap_or("application/octet-stream")
}
