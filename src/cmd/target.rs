//! A share named on the command line, and the secrets that open it.

use std::ffi::OsString;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use crate::cli;
use crate::error::Error;
use crate::read::Opened;
use crate::seal::{Key, Secrets, Share};

/// Bytes that a key, password or link file may have.
const SECRET_LIMIT: u64 = 64 * 1024;

/// A share and what opens it.
pub(super) struct Target {
    path: PathBuf,
    pub(super) key: Option<Key>,
    password: Option<Zeroizing<String>>,
    share: Option<Share>,
    /// Where the fragment says the key share is, as it stands there.
    pub(super) share_url: Option<String>,
}

impl Target {
    pub(super) fn read(options: &cli::Target) -> Result<Self, Error> {
        let named = match (&options.path, &options.link_file) {
            (Some(path), _) => path.clone(),
            (None, Some(file)) => OsString::from(secret_text(file)?.trim()),
            (None, None) => return Err(Error::usage("no share is named", "name the file or folder that export wrote")),
        };
        let (path, fragment) = split(&named)?;
        let mut key = field(&fragment, "k").map(Key::parse).transpose()?;
        if let Some(file) = &options.key_file {
            key = Some(read_key(file)?);
        }
        let password = options.password_file.as_deref().map(read_password).transpose()?;
        let share = options.key_share.as_deref().map(read_share).transpose()?;
        let share_url = field(&fragment, "s").map(str::to_owned);
        Ok(Self { path, key, password, share, share_url })
    }

    /// Opens the share; one that is sealed must not have expired at `now`, when that is given.
    pub(super) fn open(&self, now: Option<u64>) -> Result<Opened, Error> {
        let password = self.password.as_ref().map(|password| password.as_str());
        let secrets = Secrets::new(self.key.as_ref()).password(password).share(self.share.as_ref());
        Opened::open(&self.path, &secrets, now)
    }
}

/// The path and the fragment of a target. What exists under the whole name is a path, whatever it looks like.
fn split(named: &OsString) -> Result<(PathBuf, String), Error> {
    let whole = PathBuf::from(named);
    let (Some(text), false) = (named.to_str(), whole.exists()) else { return Ok((whole, String::new())) };
    if text.starts_with("http://") || text.starts_with("https://") {
        return Err(Error::usage(
            "shares are not fetched from the network",
            "download the share, and write its path with the link's fragment behind it: share.html#k=…",
        ));
    }
    let (place, fragment) = text.split_once('#').unwrap_or((text, ""));
    let place = place.split_once("?v=").map_or(place, |(place, _)| place);
    let path = match place.strip_prefix("file://") {
        Some(url) => PathBuf::from(percent_decode_str(url).decode_utf8_lossy().into_owned()),
        None => PathBuf::from(place),
    };
    Ok((path, fragment.to_owned()))
}

/// A field of a fragment.
fn field<'f>(fragment: &'f str, name: &str) -> Option<&'f str> {
    fragment.split('&').find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
}

/// Reads a small secret text from a file, or from stdin for `-`.
pub(super) fn secret_text(path: &Path) -> Result<Zeroizing<String>, Error> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(SECRET_LIMIT).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(SECRET_LIMIT).read_to_end(&mut bytes))
    };
    read.map_err(Error::io("cannot read", path))?;
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
