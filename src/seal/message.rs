//! One message of C2SP chunked encryption, Cobblestone-256: its keys, its lengths, its records.
//!
//! Salt ‖ commitment ‖ records. The plaintext is cut into chunks of 16 KiB; the last chunk is always shorter,
//! which is what tells a whole message from a cut one. A record is a chunk in AES-256-GCM with its tag behind it.

use std::fmt;

use aes_gcm::aead::AeadInOut as _;
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce, Tag};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use sha2::Sha512;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::random;
use crate::error::Error;

/// Bytes of plaintext in every chunk but the last.
pub const CHUNK_BYTES: usize = 16 * 1024;
/// Bytes of the tag behind a chunk.
pub const TAG_BYTES: usize = 16;
/// Bytes of every record but the last.
pub const RECORD_BYTES: usize = CHUNK_BYTES + TAG_BYTES;
/// Bytes of a message's salt.
pub const SALT_BYTES: usize = 24;
/// Bytes of a message's commitment to its key and context.
pub const COMMITMENT_BYTES: usize = 32;
/// Bytes before the first record.
pub const HEAD_BYTES: usize = SALT_BYTES + COMMITMENT_BYTES;
/// Chunks a message may have.
pub const CHUNK_LIMIT: u64 = 1 << 38;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;
/// Names the construction to the key derivation.
const LABEL: &[u8] = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM";

/// Length of the message that a plaintext of this many bytes becomes; `None` beyond the construction's limit
/// of 4 PiB.
#[must_use]
pub const fn sealed_len(plain: u64) -> Option<u64> {
    let records = plain / CHUNK_BYTES as u64 + 1;
    if records > CHUNK_LIMIT { None } else { Some(HEAD_BYTES as u64 + plain + records * TAG_BYTES as u64) }
}

/// Length of the plaintext in a message of this many bytes; `None` when no message has that length.
#[must_use]
pub const fn plain_len(sealed: u64) -> Option<u64> {
    let Some(records) = sealed.checked_sub(HEAD_BYTES as u64) else { return None };
    let (whole, last) = (records / RECORD_BYTES as u64, records % RECORD_BYTES as u64);
    // The last record is shorter than the others, even if only its tag is left.
    if last < TAG_BYTES as u64 || whole >= CHUNK_LIMIT {
        return None;
    }
    Some(whole * CHUNK_BYTES as u64 + last - TAG_BYTES as u64)
}

/// Makes the keys of a message its own. It can be drawn before there is anything to seal; sealing takes it away,
/// because two messages under one salt would share their nonces.
pub struct Salt([u8; SALT_BYTES]);

impl Salt {
    /// A fresh salt.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn generate() -> Result<Self, Error> {
        random::bytes().map(Self)
    }

    /// The salt of a message that exists, to open it.
    pub(super) const fn of_message(bytes: [u8; SALT_BYTES]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt")
    }
}

/// What a message says of its own key, salt and context. Naming it names this very message: no other key opens
/// it, and no other message has it.
#[derive(Clone, Copy, Debug)]
pub struct Commitment(pub(super) [u8; COMMITMENT_BYTES]);

impl Commitment {
    /// As the manifest spells it: 43 base64url characters.
    #[must_use]
    pub fn to_text(self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads what the manifest spells.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        BASE64_URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

/// Compares in constant time.
impl PartialEq for Commitment {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Commitment {}

/// The keys of one message.
pub(super) struct Message {
    cipher: Aes256Gcm,
    nonce: Zeroizing<[u8; NONCE_BYTES]>,
    salt: Salt,
    commitment: Commitment,
}

impl Message {
    pub(super) fn derive(input_key: &[u8; KEY_BYTES], salt: Salt, context: &[u8]) -> Self {
        let derived = expand(input_key, &salt, context);
        let (key, rest) = derived.split_at(KEY_BYTES);
        let (base, commitment) = rest.split_at(NONCE_BYTES);
        let mut nonce = Zeroizing::new([0; NONCE_BYTES]);
        nonce.copy_from_slice(base);
        let mut committed = [0; COMMITMENT_BYTES];
        committed.copy_from_slice(&commitment[..COMMITMENT_BYTES]);
        let cipher = Aes256Gcm::new_from_slice(key).expect("the key has 32 bytes");
        Self { cipher, nonce, salt, commitment: Commitment(committed) }
    }

    pub(super) const fn commitment(&self) -> Commitment {
        self.commitment
    }

    /// What stands before the first record.
    pub(super) fn write_head(&self, head: &mut [u8]) {
        head[..SALT_BYTES].copy_from_slice(&self.salt.0);
        head[SALT_BYTES..HEAD_BYTES].copy_from_slice(&self.commitment.0);
    }

    /// Seals a chunk in place; the last 16 bytes of `record` are room for its tag.
    pub(super) fn seal_record(&self, number: u64, record: &mut [u8]) {
        let (chunk, tag) = record.split_at_mut(record.len() - TAG_BYTES);
        let made = self.cipher.encrypt_inout_detached(&self.nonce(number), &[], chunk.into());
        tag.copy_from_slice(&made.expect("a chunk is far below what GCM can take"));
    }

    /// Opens a record in place and gives its chunk. One that is not authentic is left as it is.
    pub(super) fn open_record<'r>(&self, number: u64, record: &'r mut [u8]) -> Option<&'r [u8]> {
        let (chunk, tag) = record.split_at_mut(record.len().checked_sub(TAG_BYTES)?);
        let tag = Tag::try_from(&*tag).ok()?;
        self.cipher.decrypt_inout_detached(&self.nonce(number), &[], (&mut *chunk).into(), &tag).ok()?;
        Some(chunk)
    }

    /// The base nonce XOR the record's number as a big-endian integer of the same length.
    fn nonce(&self, number: u64) -> Nonce<aes_gcm::aead::consts::U12> {
        let mut nonce = *self.nonce;
        for (byte, number) in nonce[NONCE_BYTES - 8..].iter_mut().zip(number.to_be_bytes()) {
            *byte ^= number;
        }
        nonce.into()
    }
}

/// HKDF-Expand with SHA-512, by hand: the input key is shorter than what the `hkdf` crate takes for a key
/// that is already extracted.
fn expand(input_key: &[u8; KEY_BYTES], salt: &Salt, context: &[u8]) -> Zeroizing<[u8; 128]> {
    let keyed = Hmac::<Sha512>::new_from_slice(input_key).expect("HMAC takes keys of any length");
    let info = |mac: Hmac<Sha512>, count: u8| {
        let mac = mac.chain_update(LABEL).chain_update([0]).chain_update(salt.0).chain_update(context);
        mac.chain_update([count]).finalize().into_bytes()
    };
    let mut derived = Zeroizing::new([0; 128]);
    let (first, second) = derived.split_at_mut(64);
    first.copy_from_slice(&info(keyed.clone(), 1));
    second.copy_from_slice(&info(keyed.chain_update(&*first), 2));
    derived
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_go_there_and_back() {
        for (plain, sealed) in [
            (0, 72),
            (1, 73),
            (16_383, 16_455),
            (16_384, 16_472),
            (16_385, 16_473),
            (32_768, 32_872),
            (1 << 31, 2_149_580_872),
        ] {
            assert_eq!(sealed_len(plain), Some(sealed), "{plain}");
            assert_eq!(plain_len(sealed), Some(plain), "{sealed}");
        }
        let most = (1_u64 << 52) - 1;
        assert_eq!(sealed_len(most).and_then(plain_len), Some(most));
        assert_eq!((sealed_len(most + 1), sealed_len(u64::MAX), plain_len(u64::MAX - 100)), (None, None, None));
        for no_message in [0, 55, 56, 71, 56 + 16_400, 56 + 16_415] {
            assert_eq!(plain_len(no_message), None, "{no_message}");
        }
    }

    #[test]
    fn a_commitment_has_one_spelling() {
        let commitment = Commitment([0xA5; 32]);
        let text = commitment.to_text();
        assert_eq!((text.len(), Commitment::parse(&text)), (43, Some(commitment)));
        assert_ne!(Commitment([0; 32]), commitment);
        for wrong in ["", &text[1..], &text.replace('p', "+"), &format!("{}V", &text[..42]), &format!("{text}=")] {
            assert_eq!(Commitment::parse(wrong), None, "{wrong}");
        }
    }
}
