//! Every vector of `tests/vectors/v1/` ends as it says: it opens, or is refused with the right word.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::collections::HashMap;
use std::io::{Cursor, Read};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use sealcast::header::Header;
use sealcast::manifest::Manifest;
use sealcast::seal::{Checks, Commitment, Key, Opener, Root, Secrets, Share, unlock};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Plaintexts of the parts, without padding.
type Parts = HashMap<u64, Vec<u8>>;

#[test]
fn every_vector_ends_as_it_says() {
    let mut count = 0;
    for entry in std::fs::read_dir("tests/vectors/v1").unwrap() {
        let path = entry.unwrap().path();
        let vector: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let (expect, name) = (&vector["expect"], path.display());
        match open(&vector) {
            Ok(parts) => {
                assert_eq!(expect["class"], "ready", "{name}");
                let expected = expect["parts"].as_array().unwrap();
                assert_eq!(parts.len(), expected.len(), "{name}");
                for part in expected {
                    let bytes = &parts[&part["id"].as_u64().unwrap()];
                    assert_eq!(part["length"], bytes.len(), "{name}");
                    assert_eq!(part["sha256"], hex(&Sha256::digest(bytes)), "{name}");
                }
            }
            Err(class) => assert_eq!(expect["class"], class, "{name}"),
        }
        count += 1;
    }
    assert!(count >= 50, "{count} vectors");
}

/// Opens a vector as a reader does, in this order; gives the word for what went wrong.
fn open(vector: &Value) -> Result<Parts, &'static str> {
    let text = |name: &str| vector[name].as_str();
    let header = Header::parse(text("header").unwrap()).map_err(|error| error.word())?;
    let checks = Checks::parse(&vector["checks"].to_string()).ok_or("damaged")?;
    // The expiry is looked at even before the key's spelling.
    let now = vector["now"].as_u64().unwrap();
    if header.expired(now) {
        return Err("expired");
    }
    let key = text("key").map(Key::parse).transpose().map_err(|error| error.word())?;
    let share = text("share").map(|text| Share::from_bytes(&BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap());
    let secrets = Secrets::new(key.as_ref()).password(text("password")).share(share.as_ref());
    let root = unlock(&header, &checks, &secrets, Some(now)).map_err(|refusal| refusal.word())?;
    open_parts(vector, &root).ok_or("damaged")
}

fn open_parts(vector: &Value, root: &Root) -> Option<Parts> {
    let sealed: HashMap<_, _> = vector["parts"].as_array()?.iter().map(|part| (part["id"].as_u64(), part)).collect();
    let sealed = |id: u32| {
        let part = sealed.get(&Some(u64::from(id)))?;
        Some(Cursor::new(BASE64_STANDARD.decode(part["sealed"].as_str()?).unwrap()))
    };
    let manifest = both_ways(|| root.open_manifest(sealed(0)?).ok())?;
    let entries = serde_json::from_slice::<Manifest>(&manifest).unwrap().parts;
    let mut parts = Parts::from([(0, manifest)]);
    for entry in entries {
        let commitment = Commitment::parse(&entry.commitment?)?;
        let mut plain = both_ways(|| root.open_part(entry.id, commitment, sealed(entry.id)?).ok())?;
        let padding = plain.split_off(usize::try_from(entry.length).unwrap());
        assert!(padding.iter().all(|byte| *byte == 0));
        parts.insert(u64::from(entry.id), plain);
    }
    Some(parts)
}

/// Reads a part whole and in stretches, which must give the same.
fn both_ways(open: impl Fn() -> Option<Opener<Cursor<Vec<u8>>>>) -> Option<Vec<u8>> {
    let mut opener = open()?;
    let mut plain = vec![0; usize::try_from(opener.len()).unwrap()];
    let stretches = plain.chunks_mut(5_000).enumerate().rev();
    let read: Vec<_> =
        stretches.map(|(number, stretch)| opener.read_at(number as u64 * 5_000, stretch).is_ok()).collect();
    let mut whole = Vec::new();
    let streamed = open()?.read_to_end(&mut whole).is_ok();
    assert_eq!(streamed, read.iter().all(|ok| *ok));
    streamed.then(|| assert_eq!(whole, plain))?;
    Some(whole)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
