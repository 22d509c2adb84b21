//! The bundle's header: the only thing readable without a key, byte for byte the same wherever it is made.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Version of the bundle format that this program writes, and the newest it reads.
pub const FORMAT_VERSION: u32 = 1;
/// Bytes a header may have.
pub const HEADER_LIMIT: usize = 512;
/// Suite of bundles that are not sealed.
pub const SUITE_NONE: &str = "none";

/// See FORMAT.md, "Header".
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// Bundle id.
    pub bundle: [u8; 16],
    /// Seconds since 1970.
    pub created: u64,
    /// Seconds since 1970; 0 = never.
    pub expires: u64,
}

impl Header {
    /// The header of a plain bundle.
    #[must_use]
    pub const fn plain(bundle: [u8; 16], created: u64, expires: u64) -> Self {
        Self { bundle, created, expires }
    }

    /// The bundle id as text, 22 characters.
    #[must_use]
    pub fn bundle_id(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.bundle)
    }

    /// The header's only spelling.
    #[must_use]
    pub fn to_json(&self) -> String {
        format!(
            r#"{{"v":{FORMAT_VERSION},"suite":"{SUITE_NONE}","bundle":"{}","created":{},"expires":{},"kdf":null,"share":false}}"#,
            self.bundle_id(),
            self.created,
            self.expires,
        )
    }

    /// Reads a header back; anything but its only spelling is refused.
    ///
    /// # Errors
    /// In words for the user: not a header, of a newer version, sealed, or edited.
    pub fn parse(text: &str) -> Result<Self, HeaderError> {
        if text.len() > HEADER_LIMIT {
            return Err(HeaderError::NotCanonical);
        }
        let raw: serde_json::Value = serde_json::from_str(text).map_err(|_| HeaderError::NotCanonical)?;
        let number = |key: &str| raw.get(key).and_then(serde_json::Value::as_u64).ok_or(HeaderError::NotCanonical);
        if number("v")? > u64::from(FORMAT_VERSION) {
            return Err(HeaderError::Newer(number("v")?));
        }
        let suite = raw.get("suite").and_then(serde_json::Value::as_str).ok_or(HeaderError::NotCanonical)?;
        if suite != SUITE_NONE {
            return Err(HeaderError::UnknownSuite(suite.into()));
        }
        let bundle = raw.get("bundle").and_then(serde_json::Value::as_str).ok_or(HeaderError::NotCanonical)?;
        let bundle = BASE64_URL_SAFE_NO_PAD.decode(bundle).map_err(|_| HeaderError::NotCanonical)?;
        let bundle = bundle.try_into().map_err(|_| HeaderError::NotCanonical)?;
        let header = Self::plain(bundle, number("created")?, number("expires")?);
        if header.to_json() == text { Ok(header) } else { Err(HeaderError::NotCanonical) }
    }
}

/// Why a header is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// Not the header's only spelling: edited or damaged.
    NotCanonical,
    /// Written by a newer program.
    Newer(u64),
    /// Sealed in a way this version does not know.
    UnknownSuite(String),
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
            text.replace("false", "true"),
            text.replace(",\"share\":false", ""),
            text.replace("paWl", "pa+l"),
        ] {
            assert_eq!(Header::parse(&edited), Err(HeaderError::NotCanonical), "{edited}");
        }
        assert_eq!(Header::parse(&text.replace("\"v\":1", "\"v\":2")), Err(HeaderError::Newer(2)));
    }
}
