//! What a reader must have: the key of the link's fragment, and possibly a share kept elsewhere.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::random;
use crate::error::Error;

/// Bytes of a key, and of a key share.
pub const KEY_BYTES: usize = 32;
/// Characters of a key as text.
pub const KEY_CHARS: usize = 43;

/// The key K of a sealed bundle. It is wiped from memory when dropped, and never shown by `{:?}`.
pub struct Key(Zeroizing<[u8; KEY_BYTES]>);

impl Key {
    /// A fresh key.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn generate() -> Result<Self, Error> {
        generate().map(Self)
    }

    /// Reads a key as links and key files hold it: 43 base64url characters, nothing around them.
    ///
    /// # Errors
    /// When the text is no key: a link was cut or changed on its way.
    pub fn parse(text: &str) -> Result<Self, KeyTextError> {
        let count = text.chars().count();
        if count != KEY_CHARS {
            return Err(KeyTextError::Length(count));
        }
        if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
            return Err(KeyTextError::Alphabet);
        }
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        // Only the last character can still be wrong: two of its bits belong to no byte and must be zero.
        BASE64_URL_SAFE_NO_PAD.decode_slice(text, &mut *key).map_err(|_| KeyTextError::StrayBits)?;
        Ok(Self(key))
    }

    /// The key as links and key files hold it.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(*self.0))
    }

    /// The key itself. In a bundle it is never used as it is, see [`Sealing`](super::Sealing).
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

/// The key share S: kept in a place of its own, and deleted there when the bundle shall open no longer.
pub struct Share(Zeroizing<[u8; KEY_BYTES]>);

impl Share {
    /// A fresh share.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn generate() -> Result<Self, Error> {
        generate().map(Self)
    }

    /// A share as it is kept; `None` unless it has exactly 32 bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut share = Zeroizing::new([0; KEY_BYTES]);
        (bytes.len() == KEY_BYTES).then(|| share.copy_from_slice(bytes))?;
        Some(Self(share))
    }

    /// The bytes to keep.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Share")
    }
}

fn generate() -> Result<Zeroizing<[u8; KEY_BYTES]>, Error> {
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    random::fill(&mut *bytes)?;
    Ok(bytes)
}

/// Why a text is no key. The text itself is never repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyTextError {
    /// It has this many characters.
    Length(usize),
    /// It has a character that no key has.
    Alphabet,
    /// Its last character is one that no key ends with.
    StrayBits,
}

impl KeyTextError {
    /// The contract's word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        "cut-key"
    }
}

impl fmt::Display for KeyTextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(count) => write!(f, "the key has {count} characters instead of {KEY_CHARS}"),
            Self::Alphabet => f.write_str("the key has a character that no key has"),
            Self::StrayBits => f.write_str("the key ends with a character that no key ends with"),
        }
    }
}

impl std::error::Error for KeyTextError {}

impl From<KeyTextError> for Error {
    fn from(error: KeyTextError) -> Self {
        Self::locked(error.to_string(), "it was cut or changed on its way: copy the whole link again")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_spelling() {
        let text = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        let key = Key::parse(text).unwrap();
        assert_eq!(*key.as_bytes(), std::array::from_fn(|place| u8::try_from(place).unwrap()));
        assert_eq!(*key.to_text(), text);
        let put = |last: &str| format!("{}{last}", &text[..42]);
        for (text, error) in [
            ("", KeyTextError::Length(0)),
            (&text[1..], KeyTextError::Length(42)),
            (&put("8="), KeyTextError::Length(44)),
            (&put("="), KeyTextError::Alphabet),
            (&put("+"), KeyTextError::Alphabet),
            (&put("é"), KeyTextError::Alphabet),
            (&put("9"), KeyTextError::StrayBits),
            (&put("-"), KeyTextError::StrayBits),
        ] {
            assert_eq!(Key::parse(text).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let (key, share) = (Key::generate().unwrap(), Share::generate().unwrap());
        assert_eq!(format!("{key:?} {share:?}"), "Key Share");
        assert_ne!(key.as_bytes(), share.as_bytes());
        assert!(Share::from_bytes(&[0; 31]).is_none() && Share::from_bytes(&[0; 33]).is_none());
        assert_eq!(Share::from_bytes(share.as_bytes()).unwrap().as_bytes(), share.as_bytes());
    }
}
