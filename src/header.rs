//! The bundle's header: the only thing readable without a key, byte for byte the same wherever it is made.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

/// Version of the bundle format that this program writes, and the newest it reads.
pub const FORMAT_VERSION: u32 = 1;
/// Bytes a header may have.
pub const HEADER_LIMIT: usize = 512;
/// Suite of bundles that are not sealed.
pub const SUITE_NONE: &str = "none";
/// Suite of sealed bundles: Cobblestone-256.
pub const SUITE_C256: &str = "C256";
/// How a password is stretched: PBKDF2 with HMAC-SHA-256.
pub const KDF_NAME: &str = "pbkdf2-sha256";
/// Iterations that writers use.
pub const KDF_ITERATIONS: u32 = 600_000;
/// Iterations that readers accept at least: fewer would make a password easy to guess.
pub const KDF_ITERATIONS_MIN: u32 = 100_000;
/// Iterations that readers accept at most: more would stall them.
pub const KDF_ITERATIONS_MAX: u32 = 10_000_000;
/// The largest number that JSON readers of all languages agree on; no time is larger.
const NUMBER_LIMIT: u64 = (1 << 53) - 1;

/// See FORMAT.md, "Header".
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// How the bundle is sealed.
    pub suite: Suite,
    /// Bundle id.
    pub bundle: [u8; 16],
    /// Seconds since 1970.
    pub created: u64,
    /// Seconds since 1970; 0 = never.
    pub expires: u64,
    /// How the password is stretched, when one is needed.
    pub kdf: Option<Kdf>,
    /// Whether a key share is needed.
    pub share: bool,
}

/// How a bundle is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Suite {
    /// Not at all.
    None,
    /// With Cobblestone-256.
    C256,
}

impl Suite {
    /// Its name in the header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => SUITE_NONE,
            Self::C256 => SUITE_C256,
        }
    }
}

/// How a password is stretched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kdf {
    /// Iterations of PBKDF2.
    pub iterations: u32,
    /// Random, for this bundle only.
    pub salt: [u8; 16],
}

impl Header {
    /// The header of a plain bundle.
    #[must_use]
    pub const fn plain(bundle: [u8; 16], created: u64, expires: u64) -> Self {
        Self { suite: Suite::None, bundle, created, expires, kdf: None, share: false }
    }

    /// The header of a sealed bundle. [`Sealing`](crate::seal::Sealing) makes it match what it is sealed with.
    #[must_use]
    pub(crate) const fn sealed(bundle: [u8; 16], created: u64, expires: u64, kdf: Option<Kdf>, share: bool) -> Self {
        Self { suite: Suite::C256, bundle, created, expires, kdf, share }
    }

    /// The bundle id as text, 22 characters.
    #[must_use]
    pub fn bundle_id(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.bundle)
    }

    /// Whether the bundle is sealed.
    #[must_use]
    pub const fn is_sealed(&self) -> bool {
        matches!(self.suite, Suite::C256)
    }

    /// Whether the bundle has expired by a clock in seconds since 1970. A clock that goes before the bundle was
    /// made is wrong, and is taken to show that time.
    #[must_use]
    pub const fn expired(&self, now: u64) -> bool {
        let now = if now < self.created { self.created } else { now };
        self.expires != 0 && now >= self.expires
    }

    /// The header's only spelling.
    #[must_use]
    pub fn to_json(&self) -> String {
        let kdf = self.kdf.map_or_else(
            || "null".into(),
            |Kdf { iterations, salt }| {
                let salt = BASE64_URL_SAFE_NO_PAD.encode(salt);
                format!(r#"{{"alg":"{KDF_NAME}","iter":{iterations},"salt":"{salt}"}}"#)
            },
        );
        format!(
            r#"{{"v":{FORMAT_VERSION},"suite":"{}","bundle":"{}","created":{},"expires":{},"kdf":{kdf},"share":{}}}"#,
            self.suite.name(),
            self.bundle_id(),
            self.created,
            self.expires,
            self.share,
        )
    }

    /// Reads a header back; anything but its only spelling is refused.
    ///
    /// # Errors
    /// In words for the user: not a header, of a newer version, sealed in an unknown way, or edited.
    pub fn parse(text: &str) -> Result<Self, HeaderError> {
        if text.len() > HEADER_LIMIT {
            return Err(HeaderError::NotCanonical);
        }
        let raw: Value = serde_json::from_str(text).map_err(|_| HeaderError::NotCanonical)?;
        let version = number(&raw, "v")?;
        if version > u64::from(FORMAT_VERSION) {
            return Err(HeaderError::Newer(version));
        }
        let suite = match raw.get("suite").and_then(Value::as_str) {
            Some(SUITE_NONE) => Suite::None,
            Some(SUITE_C256) => Suite::C256,
            Some(suite) => return Err(HeaderError::UnknownSuite(suite.into())),
            None => return Err(HeaderError::NotCanonical),
        };
        let header = Self {
            suite,
            bundle: bytes(&raw, "bundle")?,
            created: number(&raw, "created")?,
            expires: number(&raw, "expires")?,
            kdf: raw.get("kdf").filter(|kdf| !kdf.is_null()).map(Kdf::parse).transpose()?,
            share: raw.get("share").and_then(Value::as_bool).ok_or(HeaderError::NotCanonical)?,
        };
        let idle = !header.is_sealed() && (header.kdf.is_some() || header.share);
        if idle || header.to_json() != text { Err(HeaderError::NotCanonical) } else { Ok(header) }
    }
}

impl Kdf {
    fn parse(raw: &Value) -> Result<Self, HeaderError> {
        let iterations = number(raw, "iter")?;
        let iterations = u32::try_from(iterations)
            .ok()
            .filter(|count| (KDF_ITERATIONS_MIN..=KDF_ITERATIONS_MAX).contains(count))
            .ok_or(HeaderError::Iterations(iterations))?;
        Ok(Self { iterations, salt: bytes(raw, "salt")? })
    }
}

fn number(raw: &Value, key: &str) -> Result<u64, HeaderError> {
    let number = raw.get(key).and_then(Value::as_u64);
    number.filter(|number| *number <= NUMBER_LIMIT).ok_or(HeaderError::NotCanonical)
}

fn bytes(raw: &Value, key: &str) -> Result<[u8; 16], HeaderError> {
    let text = raw.get(key).and_then(Value::as_str).ok_or(HeaderError::NotCanonical)?;
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| HeaderError::NotCanonical)?;
    bytes.try_into().map_err(|_| HeaderError::NotCanonical)
}

/// Why a header is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// Not the header's only spelling: edited or damaged.
    NotCanonical,
    /// A password would be stretched so often, which is too little or too much.
    Iterations(u64),
    /// Written by a newer program.
    Newer(u64),
    /// Sealed in a way this version does not know.
    UnknownSuite(String),
}

impl HeaderError {
    /// The contract's word for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Newer(_) | Self::UnknownSuite(_) => "newer-version",
            Self::NotCanonical | Self::Iterations(_) => "damaged",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_spelling_is_read_back() {
        let header = Header::plain([0xA5; 16], 1_700_000_000, 1_700_086_400);
        let text = header.to_json();
        assert_eq!(
            text,
            r#"{"v":1,"suite":"none","bundle":"paWlpaWlpaWlpaWlpaWlpQ","created":1700000000,"expires":1700086400,"kdf":null,"share":false}"#
        );
        assert_eq!(Header::parse(&text), Ok(header));
        for edited in [
            text.replace("\"v\":1", "\"v\": 1"),
            text.replace("1700086400", "01700086400"),
            text.replace("1700086400", "9007199254740992"),
            text.replace("false", "true"),
            text.replace(",\"share\":false", ""),
            text.replace("paWl", "pa+l"),
            text.replace("lpQ", "lpR"),
            text.replace("false}", "false,\"x\":1}"),
            text.replace(r#","kdf":null,"share":false"#, r#","share":false,"kdf":null"#),
        ] {
            assert_eq!(Header::parse(&edited), Err(HeaderError::NotCanonical), "{edited}");
        }
        assert_eq!(Header::parse(&text.replace("\"v\":1", "\"v\":2")), Err(HeaderError::Newer(2)));
        let unknown = HeaderError::UnknownSuite("C257".into());
        assert_eq!(Header::parse(&text.replace("none", "C257")), Err(unknown));
    }

    #[test]
    fn a_sealed_header_says_what_is_needed() {
        let kdf = Kdf { iterations: 600_000, salt: [0x5A; 16] };
        let header = Header::sealed([0xA5; 16], 1, 0, Some(kdf), true);
        let text = header.to_json();
        assert_eq!(
            text,
            r#"{"v":1,"suite":"C256","bundle":"paWlpaWlpaWlpaWlpaWlpQ","created":1,"expires":0,"kdf":{"alg":"pbkdf2-sha256","iter":600000,"salt":"WlpaWlpaWlpaWlpaWlpaWg"},"share":true}"#
        );
        assert_eq!(Header::parse(&text), Ok(header));
        for (count, verdict) in [
            (99_999, Err(HeaderError::Iterations(99_999))),
            (100_000, Ok(())),
            (10_000_000, Ok(())),
            (10_000_001, Err(HeaderError::Iterations(10_000_001))),
            (u64::from(u32::MAX) + 600_001, Err(HeaderError::Iterations(u64::from(u32::MAX) + 600_001))),
        ] {
            let edited = text.replace("600000", &count.to_string());
            assert_eq!(Header::parse(&edited).map(drop), verdict, "{count}");
        }
        let swapped = text.replace(r#""alg":"pbkdf2-sha256","iter":600000"#, r#""iter":600000,"alg":"pbkdf2-sha256""#);
        assert_eq!(Header::parse(&swapped), Err(HeaderError::NotCanonical));
        // The longest header there can be keeps to the limit.
        let kdf = Kdf { iterations: KDF_ITERATIONS_MAX, salt: [0xFF; 16] };
        let longest = Header::sealed([0xFF; 16], NUMBER_LIMIT, NUMBER_LIMIT, Some(kdf), false).to_json();
        assert!(longest.len() <= HEADER_LIMIT && Header::parse(&longest).is_ok(), "{}", longest.len());
    }

    #[test]
    fn a_clock_before_creation_does_not_count() {
        let header = Header::plain([0; 16], 100, 200);
        assert!(!header.expired(199) && header.expired(200) && !header.expired(0));
        assert!(!Header::plain([0; 16], 100, 0).expired(u64::MAX));
        assert!(Header::plain([0; 16], 300, 200).expired(0));
    }
}
