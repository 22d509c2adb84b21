//! Wycheproof's vectors: Cobblestone-256 whole and by random access, and the primitives of the key schedule.
//!
//! They lie in `tests/vectors/wycheproof/`; `SEALCAST_VECTORS` names another folder with the same files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::io::{Cursor, Read};
use std::path::PathBuf;

use flate2::read::ZlibDecoder;
use hkdf::Hkdf;
use sealcast::seal::{CHUNK_BYTES, Opener};
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha512};

/// Sizes of the buffers that messages are read with.
const BUFFERS: [usize; 5] = [1, 1_000, CHUNK_BYTES - 1, CHUNK_BYTES, 100_000];

#[test]
fn wycheproof_cobblestone_256_as_a_stream() {
    each_case("c2sp_chunked_encryption_aes_256_gcm_test.json", 35, |case| {
        for buffer in BUFFERS {
            let (read, ended) = stream(case, buffer);
            judge(case, &read, ended, &format!("buffer of {buffer}"));
        }
    });
}

#[test]
fn wycheproof_cobblestone_256_by_random_access() {
    each_case("c2sp_chunked_encryption_aes_256_gcm_test.json", 35, |case| {
        let (read, whole) = backwards(case);
        judge(case, &read, whole, "backwards");
    });
}

#[test]
fn wycheproof_hkdf_sha256() {
    each_case("hkdf_sha256_test.json", 86, |case| {
        let mut okm = vec![0; usize::try_from(case["size"].as_u64().unwrap()).unwrap()];
        let hkdf = Hkdf::<Sha256>::new(Some(&bytes(case, "salt")), &bytes(case, "ikm"));
        let fits = hkdf.expand(&bytes(case, "info"), &mut okm).is_ok();
        assert_eq!(fits && okm == bytes(case, "okm"), case["result"] == "valid", "{case}");
    });
}

#[test]
fn wycheproof_pbkdf2_hmac_sha256() {
    each_case("pbkdf2_hmacsha256_test.json", 60, |case| {
        let mut key = vec![0; usize::try_from(case["dkLen"].as_u64().unwrap()).unwrap()];
        let iterations = u32::try_from(case["iterationCount"].as_u64().unwrap()).unwrap();
        pbkdf2::pbkdf2_hmac::<Sha256>(&bytes(case, "password"), &bytes(case, "salt"), iterations, &mut key);
        assert_eq!(key == bytes(case, "dk"), case["result"] == "valid", "{case}");
    });
}

/// Runs all cases of a file, of which there must be so many.
fn each_case(file: &str, count: usize, test: impl Fn(&Value)) {
    let folder = std::env::var_os("SEALCAST_VECTORS").map_or_else(|| "tests/vectors/wycheproof".into(), PathBuf::from);
    let path = folder.join(file);
    let text = std::fs::read(&path).unwrap_or_else(|error| {
        panic!("{} cannot be read ({error}): point SEALCAST_VECTORS to the folder that has it", path.display())
    });
    let file: Value = serde_json::from_slice(&text).unwrap();
    let groups = file["testGroups"].as_array().unwrap();
    let cases: Vec<_> = groups.iter().flat_map(|group| group["tests"].as_array().unwrap()).collect();
    assert_eq!(cases.len(), count);
    for case in cases {
        test(case);
    }
}

fn bytes(case: &Value, name: &str) -> Vec<u8> {
    let text = case[name].as_str().unwrap();
    text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Opens a case's message; `None` when that is refused already.
fn open(case: &Value) -> Option<Opener<Cursor<Vec<u8>>>> {
    let key = <[u8; 32]>::try_from(bytes(case, "key"));
    let has_flag = |flag: &str| case["flags"].as_array().unwrap().iter().any(|has| has == flag);
    assert_eq!(key.is_err(), has_flag("InvalidKeySize"), "{}", case["tcId"]);
    let mut message = Vec::new();
    ZlibDecoder::new(&bytes(case, "ct")[..]).read_to_end(&mut message).unwrap();
    let opened = Opener::new(&key.ok()?, &bytes(case, "ctx"), Cursor::new(message)).ok();
    assert!(opened.is_none() || !has_flag("HeaderFailure"), "{}", case["tcId"]);
    opened
}

/// Reads from start to end; gives what came, and whether the end was reached.
fn stream(case: &Value, buffer: usize) -> (Vec<u8>, bool) {
    let Some(mut opener) = open(case) else { return (Vec::new(), false) };
    let (mut read, mut buffer) = (Vec::new(), vec![0; buffer]);
    loop {
        match opener.read(&mut buffer) {
            Ok(0) => return (read, true),
            Ok(count) => read.extend_from_slice(&buffer[..count]),
            Err(_) => break,
        }
    }
    for _ in 0..3 {
        assert!(opener.read(&mut buffer).is_err(), "{}: it failed and went on", case["tcId"]);
    }
    assert!(opener.read_at(0, &mut [0]).is_err(), "{}: it failed and went on", case["tcId"]);
    (read, false)
}

/// Reads stretches that cross the borders of chunks, the last first; gives the longest authentic start, and
/// whether all was authentic.
fn backwards(case: &Value) -> (Vec<u8>, bool) {
    const STRETCH: u64 = 10_007;
    let Some(opener) = open(case) else { return (Vec::new(), false) };
    let length = opener.len();
    let mut plain = vec![0; usize::try_from(length).unwrap()];
    let mut good = length;
    let mut opener = Some(opener);
    for number in (0..length.div_ceil(STRETCH)).rev() {
        let range = number * STRETCH..length.min((number + 1) * STRETCH);
        let into = &mut plain[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()];
        // A failed opener stays failed, so a new one goes on.
        if opener.get_or_insert_with(|| open(case).unwrap()).read_at(range.start, into).is_err() {
            good = range.start;
            opener = None;
        }
    }
    let mut opener = open(case).unwrap();
    assert!(opener.read_at(length, &mut []).is_ok() && opener.read_at(length, &mut [0]).is_err());
    plain.truncate(usize::try_from(good).unwrap());
    (plain, good == length)
}

/// A valid case gives its plaintext; an invalid one fails, having given authentic plaintext at most.
fn judge(case: &Value, read: &[u8], whole: bool, how: &str) {
    let how = format!("case {}, {how}", case["tcId"]);
    assert_eq!(whole, case["result"] == "valid", "{how}");
    let most = case["msgLength"].as_u64().map_or(0, |length| usize::try_from(length).unwrap());
    if whole || read.len() == most && most > 0 {
        assert_eq!(read.len(), most, "{how}");
        assert_eq!(Sha512::digest(read)[..], bytes(case, "msgSha512"), "{how}");
    } else {
        assert!(read.len() <= most, "{how}: gave {} bytes", read.len());
    }
}
