//! What `export` seals a share with, and where its secrets go.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::secret_file::SecretFile;
use super::target::{read_key, read_password};
use crate::cli::Export;
use crate::error::Error;
use crate::link::{self, joined};
use crate::seal::{Key, Sealing, Share};

/// The secrets of a share that is to be sealed.
pub(super) struct Secrets {
    key: Key,
    password: Option<Zeroizing<String>>,
    share: Option<Share>,
    share_url: Option<String>,
}

impl Secrets {
    /// Whether the options ask for a sealed share.
    pub(super) const fn wanted(options: &Export) -> bool {
        options.encrypt || options.password_file.is_some() || options.key_file.is_some() || options.key_share.is_some()
    }

    /// Reads or draws what the options ask for; `None` when the share stays plain.
    pub(super) fn of(options: &Export) -> Result<Option<Self>, Error> {
        if !Self::wanted(options) {
            if options.key_out.is_some() {
                return Err(Error::usage(
                    "there is no key to write without --encrypt",
                    "add --encrypt, or leave out --key-out",
                ));
            }
            return Ok(None);
        }
        let key = options.key_file.as_deref().map_or_else(Key::generate, read_key)?;
        let password = options.password_file.as_deref().map(read_password).transpose()?;
        let share = options.key_share.as_ref().map(|_| Share::generate()).transpose()?;
        if let Some(url) = &options.key_share_url {
            link::origin(url)?;
        }
        Ok(Some(Self { key, password, share, share_url: options.key_share_url.clone() }))
    }

    /// Begins to seal a bundle.
    pub(super) fn sealing(&self, bundle: [u8; 16], created: u64, expires: u64) -> Result<Sealing, Error> {
        let password = self.password.as_ref().map(|password| password.as_str());
        Sealing::new(bundle, created, expires, &self.key, password, self.share.as_ref())
    }

    /// The one place beside its own that the page may ask.
    pub(super) fn share_origin(&self) -> Result<Option<String>, Error> {
        self.share_url.as_ref().map(|url| link::origin(url)).transpose()
    }

    /// What follows the `#` of the link.
    pub(super) fn fragment(&self) -> Zeroizing<String> {
        let share = self.share_url.as_ref().map(|url| format!("&s={}", BASE64_URL_SAFE_NO_PAD.encode(url)));
        joined(&["k=", &self.key.to_text(), &share.unwrap_or_default()])
    }

    /// Writes key and key share aside, to appear when the share has.
    pub(super) fn files(&self, options: &Export) -> Result<Vec<SecretFile>, Error> {
        let mut files = Vec::new();
        if let Some(path) = &options.key_out {
            let text = joined(&[&self.key.to_text(), "\n"]);
            files.push(SecretFile::write(path, text.as_bytes(), options.force)?);
        }
        if let (Some(path), Some(share)) = (&options.key_share, &self.share) {
            files.push(SecretFile::write(path, share.as_bytes(), options.force)?);
        }
        Ok(files)
    }
}
