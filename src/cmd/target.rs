//! A share named on the command line, and the secrets that open it.

use std::ffi::OsStr;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use crate::cli;
use crate::error::Error;
use crate::fetch::{Answer, Fetch, is_url};
use crate::link;
use crate::read::{Opened, Source};
use crate::seal::{KEY_BYTES, Key, Secrets, Share};

/// Bytes that a key, password or link file may have.
const SECRET_LIMIT: u64 = 64 * 1024;

/// Where a share is.
enum Place {
    Path(PathBuf),
    /// An address without its fragment.
    Url(String),
}

/// A share and what opens it.
pub(super) struct Target {
    place: Place,
    pub(super) key: Option<Key>,
    password: Option<Zeroizing<String>>,
    share: Option<Share>,
    /// Where the fragment says the key share is, as it stands there.
    pub(super) share_in_link: Option<String>,
}

impl Target {
    pub(super) fn read(options: &cli::Target) -> Result<Self, Error> {
        let (mut place, fragment) = match (&options.path, &options.link_file) {
            (Some(path), _) => split(path),
            (None, Some(file)) => split(OsStr::new(secret_text(file)?.trim())),
            (None, None) => return Err(Error::usage("no share is named", "name the file or folder that export wrote")),
        };
        if let (Place::Path(path), Some(file)) = (&mut place, &options.link_file) {
            // A link that export wrote names the share as it is called beside it.
            let beside = file.parent().map(|folder| folder.join(&*path));
            if let Some(beside) = beside.filter(|beside| !path.exists() && beside.exists()) {
                *path = beside;
            }
        }
        let mut key = field(&fragment, "k").map(Key::parse).transpose()?;
        if let Some(file) = &options.key_file {
            key = Some(read_key(file)?);
        }
        let password = options.password_file.as_deref().map(read_password).transpose()?;
        let share = options.key_share.as_deref().map(read_share).transpose()?;
        let share_in_link = field(&fragment, "s").map(str::to_owned);
        Ok(Self { place, key, password, share, share_in_link })
    }

    /// Opens the share; one that is sealed must not have expired at `now`, when that is given.
    pub(super) fn open(&mut self, now: Option<u64>) -> Result<Opened, Error> {
        let source = match &self.place {
            Place::Path(path) => Source::local(path)?,
            Place::Url(url) => Source::remote(url)?,
        };
        // Only where nothing else stands in the way: no server shall hear of a link that cannot be opened.
        if source.lacks_share_only(&self.secrets(), now)?
            && let Some(url) = self.share_url()?
        {
            self.share = Some(fetch_share(&url, source.share_origin())?);
        }
        Opened::open(source, &self.secrets(), now)
    }

    fn secrets(&self) -> Secrets<'_> {
        let password = self.password.as_ref().map(|password| password.as_str());
        Secrets::new(self.key.as_ref()).password(password).share(self.share.as_ref())
    }

    /// Where the link says that the key share is.
    fn share_url(&self) -> Result<Option<String>, Error> {
        let Some(text) = &self.share_in_link else { return Ok(None) };
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
        let url = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| {
            Error::usage("the link's s= is not an address", "copy the whole link again, as it was sent to you")
        })?;
        Ok(Some(url))
    }

    /// The origin of the place that the link names for the key share.
    pub(super) fn share_origin(&self) -> Result<Option<String>, Error> {
        self.share_url()?.map(|url| link::origin(&url)).transpose()
    }
}

/// Fetches the key share from where the link says it is, if that is where the page would ask too: whoever changed
/// the link shall not make us ask elsewhere.
fn fetch_share(url: &str, allowed: Option<&str>) -> Result<Share, Error> {
    if Some(link::origin(url)?.as_str()) != allowed {
        return Err(Error::damaged(
            "the link was changed: it names a place for the key share that the page does not",
            "copy the whole link again, as it was sent to you",
        ));
    }
    let (answer, bytes) = (Fetch { url, limit: KEY_BYTES as u64, redirects: false }).into_memory()?;
    match answer {
        Answer::Fetched => Share::from_bytes(&bytes).ok_or_else(|| {
            Error::damaged(
                "what lies in the place of the key share is not the half that the share was sealed with",
                "ask whoever made it to put it there again, or name a copy with --key-share",
            )
        }),
        Answer::Status(403 | 404 | 410) => Err(Error::remote(
            "the key share is not there any more: the share was taken back",
            "ask whoever made it, or name a copy of the key share with --key-share",
        )),
        Answer::Status(status) => Err(Error::remote(
            format!("the server answers {status} for the key share"),
            "try again later, or name a copy of the key share with --key-share",
        )),
    }
}

/// The place and the fragment of a target. What exists under the whole name is a path, whatever it looks like.
///
/// The fragment is held once, and wiped: what the operating system keeps of the command line is not ours to wipe.
fn split(named: &OsStr) -> (Place, Zeroizing<String>) {
    let whole = Path::new(named);
    let (Some(text), false) = (named.to_str(), whole.exists()) else {
        return (Place::Path(whole.to_path_buf()), Zeroizing::default());
    };
    let (place, fragment) = text.split_once('#').unwrap_or((text, ""));
    let fragment = Zeroizing::new(fragment.to_owned());
    if is_url(text) {
        return (Place::Url(place.into()), fragment);
    }
    let place = place.split_once("?v=").map_or(place, |(place, _)| place);
    let path = match place.strip_prefix("file://") {
        // Before a drive's letter the slash belongs to the URL.
        Some(url) => {
            let path = percent_decode_str(url).decode_utf8_lossy().into_owned();
            let drive = cfg!(windows) && path.as_bytes().get(2) == Some(&b':');
            PathBuf::from(if drive { path[1..].to_owned() } else { path })
        }
        None => PathBuf::from(place),
    };
    (Place::Path(path), fragment)
}

/// A field of a fragment.
fn field<'f>(fragment: &'f str, name: &str) -> Option<&'f str> {
    fragment.split('&').find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
}

/// Reads a small secret text from a file, or from stdin for `-`.
pub(super) fn secret_text(path: &Path) -> Result<Zeroizing<String>, Error> {
    let mut bytes = Zeroizing::new(Vec::new());
    let most = SECRET_LIMIT + 1;
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    if read.map_err(Error::io("cannot read", path))? as u64 == most {
        let fact = format!("{} has more than {SECRET_LIMIT} bytes", path.display());
        return Err(Error::usage(fact, "name the file with the key, password or link"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| {
        Error::usage(format!("{} is not UTF-8 text", path.display()), "save it as UTF-8, or name another file")
    })?;
    Ok(Zeroizing::new(text.to_owned()))
}

pub(super) fn read_key(path: &Path) -> Result<Key, Error> {
    let text = secret_text(path)?;
    Key::parse(text.trim()).map_err(|_| {
        Error::usage(format!("{} does not hold a key", path.display()), "a key is 43 letters, digits, - and _")
    })
}

/// One line end at the end is not part of a password.
pub(super) fn read_password(path: &Path) -> Result<Zeroizing<String>, Error> {
    let text = secret_text(path)?;
    let password = text.strip_suffix('\n').unwrap_or(&text);
    let password = password.strip_suffix('\r').unwrap_or(password);
    if password.is_empty() {
        return Err(Error::usage("the password is empty", "write one into the file, or leave out --password-file"));
    }
    Ok(Zeroizing::new(password.to_owned()))
}

fn read_share(path: &Path) -> Result<Share, Error> {
    let bytes = Zeroizing::new(fs::read(path).map_err(Error::io("cannot read", path))?);
    Share::from_bytes(&bytes).ok_or_else(|| {
        Error::usage(format!("{} is not a key share", path.display()), "a key share has exactly 32 bytes")
    })
}
