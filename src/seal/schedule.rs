//! From what a reader has to the key of the bundle's parts: root, checks, and the order in which they speak.

use std::fmt;
use std::io::{Read, Seek};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::message::{Commitment, Salt};
use super::opener::{Damage, OpenError, Opener};
use super::random;
use super::refusal::Refusal;
use super::sealer::Sealer;
use super::secret::{KEY_BYTES, Key, Share};
use crate::error::Error;
use crate::header::{Header, KDF_ITERATIONS, Kdf};

/// Bytes of a check.
pub const CHECK_BYTES: usize = 16;

const ROOT: &[u8] = b"sealcast/1 root";
const CHECK_KEY: &[u8] = b"sealcast/1 check key";
const CHECK_HEADER: &[u8] = b"sealcast/1 check header";
const CHECK_PASSWORD: &[u8] = b"sealcast/1 check password";
/// Context of the manifest.
const MANIFEST: &[u8] = b"manifest";
/// Context of the other parts, before their ids.
const PART: &[u8] = b"part";
/// Stands between the fields of an info or a context.
const ZERO: &[u8] = &[0];

type Secret = Zeroizing<[u8; KEY_BYTES]>;
type Check = [u8; CHECK_BYTES];

/// The key that the keys of all parts are derived from.
pub struct Root(Secret);

impl fmt::Debug for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Root")
    }
}

impl Root {
    /// The keys to seal a part with; part 0 is the manifest. Its commitment goes into the manifest before any
    /// part is written.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn sealer(&self, part: u32) -> Result<Sealer, Error> {
        Ok(Sealer::new(&self.0, Salt::generate()?, &context(part)))
    }

    /// Opens the manifest.
    ///
    /// # Errors
    /// When it cannot be read, or is not the bundle's manifest as it was written.
    pub fn open_manifest<S: Read + Seek>(&self, source: S) -> Result<Opener<S>, OpenError> {
        Opener::new(&self.0, &context(0), source)
    }

    /// Opens a part; `commitment` is what the manifest says of it.
    ///
    /// # Errors
    /// When it cannot be read, or is not the part that the manifest names.
    pub fn open_part<S: Read + Seek>(
        &self,
        part: u32,
        commitment: Commitment,
        source: S,
    ) -> Result<Opener<S>, OpenError> {
        let opener = Opener::new(&self.0, &context(part), source)?;
        if opener.commitment() == commitment { Ok(opener) } else { Err(Damage::Commitment.into()) }
    }
}

/// What a message is for.
fn context(part: u32) -> Vec<u8> {
    if part == 0 { MANIFEST.into() } else { [PART, ZERO, part.to_string().as_bytes()].concat() }
}

/// What a reader may have.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Secrets<'a> {
    /// The key of the link's fragment.
    pub key: Option<&'a Key>,
    /// The password.
    pub password: Option<Password<'a>>,
    /// The key share.
    pub share: Option<&'a Share>,
}

/// A password, never shown by `{:?}`.
#[derive(Clone, Copy)]
pub struct Password<'a>(pub(super) &'a str);

impl fmt::Debug for Password<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

impl<'a> Secrets<'a> {
    /// A key alone.
    #[must_use]
    pub const fn new(key: Option<&'a Key>) -> Self {
        Self { key, password: None, share: None }
    }

    /// And a password.
    #[must_use]
    pub const fn password(mut self, password: Option<&'a str>) -> Self {
        self.password = match password {
            Some(password) => Some(Password(password)),
            None => None,
        };
        self
    }

    /// And a key share.
    #[must_use]
    pub const fn share(mut self, share: Option<&'a Share>) -> Self {
        self.share = share;
        self
    }
}

/// A bundle about to be sealed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Sealing {
    /// Its header.
    pub header: Header,
    /// What stands beside the header.
    pub checks: Checks,
    /// Seals its parts.
    pub root: Root,
}

impl Sealing {
    /// Begins to seal a bundle; times are seconds since 1970, `expires` 0 = never. The header says which of
    /// password and share are needed.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn new(
        bundle: [u8; 16],
        created: u64,
        expires: u64,
        key: &Key,
        password: Option<&str>,
        share: Option<&Share>,
    ) -> Result<Self, Error> {
        let kdf = password.map(|_| Ok::<_, Error>(Kdf { iterations: KDF_ITERATIONS, salt: random::bytes()? }));
        let header = Header::sealed(bundle, created, expires, kdf.transpose()?, share.is_some());
        Ok(Self::with_header(header, key, password, share))
    }

    pub(super) fn with_header(header: Header, key: &Key, password: Option<&str>, share: Option<&Share>) -> Self {
        let stretched = header.kdf.zip(password).map(|(kdf, password)| stretch(password, &kdf));
        let checks = Checks {
            key: key_check(&header, key),
            header: header_check(&header, key),
            password: stretched.as_ref().map(|stretched| password_check(&header, key, stretched)),
        };
        let root = root(&header, key, stretched.as_ref(), share);
        Self { header, checks, root }
    }
}

/// Gives the key of a bundle's parts, or the first word of the contract that applies. `now` is in seconds since
/// 1970; `None` leaves the expiry aside, as verifying a bundle wants.
///
/// # Errors
/// When the bundle has expired, something needed is not given or is wrong, or the header was changed.
pub fn unlock(header: &Header, checks: &Checks, secrets: &Secrets<'_>, now: Option<u64>) -> Result<Root, Refusal> {
    if now.is_some_and(|now| header.expired(now)) {
        return Err(Refusal::Expired(header.expires));
    }
    let key = secrets.key.ok_or(Refusal::NeedsKey)?;
    if !equal(&key_check(header, key), &checks.key) {
        return Err(Refusal::WrongKey);
    }
    let consistent = checks.password.is_some() == header.kdf.is_some();
    if !equal(&header_check(header, key), &checks.header) || !consistent {
        return Err(Refusal::Damaged);
    }
    let mut stretched = None;
    if let Some((kdf, expected)) = header.kdf.as_ref().zip(checks.password.as_ref()) {
        let Password(password) = secrets.password.ok_or(Refusal::NeedsPassword)?;
        let made = stretched.insert(stretch(password, kdf));
        if !equal(&password_check(header, key, made), expected) {
            return Err(Refusal::WrongPassword);
        }
    }
    let share = if header.share { Some(secrets.share.ok_or(Refusal::NeedsShare)?) } else { None };
    Ok(root(header, key, stretched.as_ref(), share))
}

/// 16 bytes each that stand beside the header and choose words only: acceptance rests on commitments and tags.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checks {
    /// Whether the key is the bundle's.
    pub key: Check,
    /// Whether the header is as it was written.
    pub header: Check,
    /// Whether the password is right; present when there is one.
    pub password: Option<Check>,
}

impl Checks {
    /// The checks' only spelling.
    #[must_use]
    pub fn to_json(&self) -> String {
        let text = |check: &Check| format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(check));
        let password = self.password.as_ref().map_or_else(|| "null".into(), text);
        format!(r#"{{"key":{},"header":{},"password":{password}}}"#, text(&self.key), text(&self.header))
    }

    /// Reads checks back; `None` for anything but their only spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let raw: serde_json::Value = serde_json::from_str(text).ok()?;
        let check = |name: &str| -> Option<Check> {
            BASE64_URL_SAFE_NO_PAD.decode(raw.get(name)?.as_str()?).ok()?.try_into().ok()
        };
        let checks = Self { key: check("key")?, header: check("header")?, password: check("password") };
        (checks.to_json() == text).then_some(checks)
    }
}

fn root(header: &Header, key: &Key, stretched: Option<&Secret>, share: Option<&Share>) -> Root {
    let mut ikm = Zeroizing::new(Vec::with_capacity(3 * KEY_BYTES));
    ikm.extend_from_slice(key.as_bytes());
    ikm.extend(stretched.iter().flat_map(|stretched| stretched.iter()));
    ikm.extend(share.iter().flat_map(|share| share.as_bytes()));
    Root(derive(&ikm, header, &[ROOT, ZERO, header.to_json().as_bytes()]))
}

fn key_check(header: &Header, key: &Key) -> Check {
    *derive(key.as_bytes(), header, &[CHECK_KEY])
}

fn header_check(header: &Header, key: &Key) -> Check {
    *derive(key.as_bytes(), header, &[CHECK_HEADER, ZERO, header.to_json().as_bytes()])
}

fn password_check(header: &Header, key: &Key, stretched: &Secret) -> Check {
    let mut ikm = Zeroizing::new([0; 2 * KEY_BYTES]);
    ikm[..KEY_BYTES].copy_from_slice(key.as_bytes());
    ikm[KEY_BYTES..].copy_from_slice(&**stretched);
    *derive(&*ikm, header, &[CHECK_PASSWORD, ZERO, header.to_json().as_bytes()])
}

/// HKDF with SHA-256, salted with the bundle id.
fn derive<const N: usize>(ikm: &[u8], header: &Header, info: &[&[u8]]) -> Zeroizing<[u8; N]> {
    let mut derived = Zeroizing::new([0; N]);
    let hkdf = Hkdf::<Sha256>::new(Some(&header.bundle), ikm);
    hkdf.expand_multi_info(info, &mut *derived).expect("so few bytes are within HKDF's limit");
    derived
}

/// P: the password, in whatever way its accents were typed, made slow to guess.
fn stretch(password: &str, kdf: &Kdf) -> Secret {
    // Composing makes a text at most three times as long: no reallocation leaves a copy behind.
    let mut composed = Zeroizing::new(String::with_capacity(3 * password.len()));
    composed.extend(password.nfc());
    let mut stretched = Zeroizing::new([0; KEY_BYTES]);
    pbkdf2::pbkdf2_hmac::<Sha256>(composed.as_bytes(), &kdf.salt, kdf.iterations, &mut *stretched);
    stretched
}

fn equal(a: &Check, b: &Check) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_have_one_spelling() {
        for password in [None, Some([3; 16])] {
            let checks = Checks { key: [1; 16], header: [2; 16], password };
            let text = checks.to_json();
            assert_eq!(Checks::parse(&text), Some(checks));
            for edited in [
                text.replace(":", ": "),
                text.replace("}", ",\"x\":1}"),
                text.replace("AQEB", "AQE"),
                text.replace("\"key\"", "\"kee\""),
            ] {
                assert_eq!(Checks::parse(&edited), None, "{edited}");
            }
        }
    }

    #[test]
    fn nothing_secret_is_shown() {
        let (key, share) = (Key::generate().unwrap(), Share::generate().unwrap());
        let secrets = Secrets::new(Some(&key)).password(Some("pass")).share(Some(&share));
        assert_eq!(format!("{secrets:?}"), "Secrets { key: Some(Key), password: Some(Password), share: Some(Share) }");
        let sealing = Sealing::new([0; 16], 1, 0, &key, None, Some(&share)).unwrap();
        let shown = format!("{sealing:?} {:?} {:?}", sealing.root.sealer(1).unwrap(), Salt::generate().unwrap());
        assert!(shown.contains("root: Root }") && shown.ends_with(" Sealer Salt"), "{shown}");
    }

    #[test]
    fn a_bundle_says_what_it_needs() {
        let (key, share) = (Key::generate().unwrap(), Share::generate().unwrap());
        let sealing = Sealing::new([0; 16], 1, 0, &key, Some("pass"), Some(&share)).unwrap();
        assert_eq!((sealing.header.kdf.unwrap().iterations, sealing.header.share), (KDF_ITERATIONS, true));
        assert_eq!(Header::parse(&sealing.header.to_json()).unwrap(), sealing.header);
        let open = |secrets: &Secrets<'_>| unlock(&sealing.header, &sealing.checks, secrets, Some(0)).map(drop);
        let all = Secrets::new(Some(&key)).password(Some("pass")).share(Some(&share));
        assert_eq!(open(&all), Ok(()));
        assert_eq!(open(&all.share(None)), Err(Refusal::NeedsShare));
        assert_eq!(open(&all.password(None)), Err(Refusal::NeedsPassword));
        // Without the header's word for it, a password check is a changed one.
        let checks = Checks { password: None, ..sealing.checks.clone() };
        assert_eq!(unlock(&sealing.header, &checks, &all, None).unwrap_err(), Refusal::Damaged);
    }
}
