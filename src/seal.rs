//! Sealing: what makes a bundle unreadable for whoever hosts it. FORMAT.md defines it.
//!
//! Every part is one message of C2SP chunked encryption, Cobblestone-256. The keys of all messages come from one
//! root, which is bound to the bundle's header: with one byte of the header changed, no part opens.
//!
//! ```
//! use std::io::{Cursor, Read};
//! use sealcast::seal::{Key, Sealing, Secrets, sealed_len, unlock};
//!
//! let key = Key::generate()?;
//! let sealing = Sealing::new([7; 16], 1_700_000_000, 0, &key, None, None)?;
//! let sealer = sealing.root.sealer(1)?;
//! let commitment = sealer.commitment();
//! let mut sealed = Vec::new();
//! sealer.seal(&b"a video"[..], 7).read_to_end(&mut sealed)?;
//! assert_eq!(sealed_len(7), Some(sealed.len() as u64));
//!
//! let root = unlock(&sealing.header, &sealing.checks, &Secrets::new(Some(&key)), None)?;
//! let mut video = [0; 5];
//! root.open_part(1, commitment, Cursor::new(sealed))?.read_at(2, &mut video)?;
//! assert_eq!(&video, b"video");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod message;
mod opener;
mod padding;
mod random;
mod refusal;
mod schedule;
mod sealer;
mod secret;
#[cfg(test)]
mod vectors;

pub use message::{
    CHUNK_BYTES, CHUNK_LIMIT, COMMITMENT_BYTES, Commitment, HEAD_BYTES, RECORD_BYTES, SALT_BYTES, Salt, TAG_BYTES,
    plain_len, sealed_len,
};
pub use opener::{Damage, OpenError, Opener};
pub use padding::{pad_json, pad_zeros, padme};
pub use refusal::Refusal;
pub use schedule::{CHECK_BYTES, Checks, Password, Root, Sealing, Secrets, unlock};
pub use sealer::{Sealer, SealingReader};
pub use secret::{KEY_BYTES, KEY_CHARS, Key, KeyTextError, Share};
