//! Makes `tests/vectors/v1/`, and holds what the sealer makes against it byte for byte.
//!
//! The files are frozen: a difference means that the format has changed, or the sealer no longer keeps to it.
//! `SNAPSHOTS=overwrite` writes them; that is for vectors that are new.

mod cases;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::message::CHUNK_BYTES;
use super::padding::{pad_json, pad_zeros, padme};
use super::random::fixed::with_seed;
use super::schedule::Sealing;
use super::secret::{Key, Share};
use crate::header::{FORMAT_VERSION, Header, KDF_ITERATIONS_MIN, Kdf};
use crate::manifest::{Carrier, Manifest, PartEntry};

const CREATED: u64 = 1_700_000_000;
const EXPIRES: u64 = CREATED + 86_400;
/// The password, and the same typed on a keyboard that takes its accents apart.
const PASSWORD: &str = "Zürich-Ålesund 1 ﬁn";
const PASSWORD_APART: &str = "Zu\u{308}rich-A\u{30A}lesund 1 ﬁn";

/// A vector that is being made.
#[derive(Clone)]
struct Vector {
    comment: &'static str,
    header: String,
    checks: Value,
    now: u64,
    key: Option<String>,
    password: Option<&'static str>,
    share: Option<String>,
    parts: BTreeMap<u32, Vec<u8>>,
    /// Length and hash of each part's plaintext, without padding.
    plain: BTreeMap<u32, (u64, String)>,
    class: &'static str,
}

/// What a bundle is made of.
#[derive(Clone, Copy)]
struct Plan {
    seed: &'static str,
    expires: u64,
    password: Option<&'static str>,
    share: bool,
    /// Bytes of part 2; of part 1, which is padded, there are always 33.
    video: usize,
}

const PLAN: Plan = Plan { seed: "sealcast vectors 1", expires: EXPIRES, password: None, share: false, video: 5 };
/// Part 2 has three records.
const LONG: Plan = Plan { video: 2 * CHUNK_BYTES + 5, ..PLAN };

impl Plan {
    fn bundle(&self) -> Bundle {
        with_seed(self.seed, || {
            let random = || super::random::bytes().unwrap();
            let (key, share) = (Key::generate().unwrap(), self.share.then(|| Share::generate().unwrap()));
            let kdf = self.password.map(|_| Kdf { iterations: KDF_ITERATIONS_MIN, salt: random() });
            let header = Header::sealed(random(), CREATED, self.expires, kdf, self.share);
            let sealing = Sealing::with_header(header, &key, self.password, share.as_ref());
            Bundle { plan: *self, key, share, sealing }
        })
    }

    fn vector(&self, comment: &'static str) -> Vector {
        self.bundle().vector(comment)
    }
}

struct Bundle {
    plan: Plan,
    key: Key,
    share: Option<Share>,
    sealing: Sealing,
}

impl Bundle {
    /// A vector that opens.
    fn vector(&self, comment: &'static str) -> Vector {
        let mut vector = Vector {
            comment,
            header: self.sealing.header.to_json(),
            checks: serde_json::from_str(&self.sealing.checks.to_json()).unwrap(),
            now: CREATED + 60,
            key: Some(self.key.to_text().to_string()),
            password: self.plan.password,
            share: self.share.as_ref().map(|share| BASE64_URL_SAFE_NO_PAD.encode(share.as_bytes())),
            parts: BTreeMap::new(),
            plain: BTreeMap::new(),
            class: "ready",
        };
        with_seed(&format!("{} parts", self.plan.seed), || self.seal_parts(&mut vector));
        vector
    }

    /// As an exporter does: the sealers first, then the manifest with their commitments, then the other parts.
    fn seal_parts(&self, vector: &mut Vector) {
        let log: Vec<u8> = (0..33).collect();
        let video: Vec<u8> = (0..self.plan.video).map(|place| u8::try_from(place * 31 % 251).unwrap()).collect();
        let parts = [(1, log, true), (2, video, false)];
        let sealers: Vec<_> = parts.iter().map(|part| self.sealing.root.sealer(part.0).unwrap()).collect();
        let entries = parts.iter().zip(&sealers).map(|((id, plain, _), sealer)| PartEntry {
            commitment: Some(sealer.commitment().to_text()),
            ..PartEntry::new(*id, plain.len() as u64, Carrier::Inline)
        });
        let mut manifest = Manifest {
            v: FORMAT_VERSION,
            producer: "sealcast vectors".into(),
            title: Some("A vector".into()),
            parts: entries.collect(),
            ..Manifest::default()
        };
        manifest.timeline.source = "none".into();
        let mut manifest = serde_json::to_vec(&manifest).unwrap();
        pad_json(&mut manifest);
        vector.add(0, &manifest, self.sealing.root.sealer(0).unwrap(), false);
        for ((id, plain, padded), sealer) in parts.iter().zip(sealers) {
            vector.add(*id, plain, sealer, *padded);
        }
    }

    /// The same part in the same bundle, sealed once more.
    fn again(&self, part: u32, plain: &[u8]) -> Vec<u8> {
        with_seed("again", || {
            let mut sealed = Vec::new();
            self.sealing.root.sealer(part).unwrap().seal(plain, plain.len() as u64).read_to_end(&mut sealed).unwrap();
            sealed
        })
    }
}

impl Vector {
    fn add(&mut self, id: u32, plain: &[u8], sealer: super::Sealer, padded: bool) {
        let length = plain.len() as u64;
        let mut sealed = Vec::new();
        if padded {
            sealer.seal(pad_zeros(plain, length), padme(length)).read_to_end(&mut sealed).unwrap();
        } else {
            sealer.seal(plain, length).read_to_end(&mut sealed).unwrap();
        }
        self.parts.insert(id, sealed);
        self.plain.insert(id, (length, hex(&Sha256::digest(plain))));
    }

    fn part(&mut self, id: u32) -> &mut Vec<u8> {
        self.parts.get_mut(&id).unwrap()
    }

    /// The vector with something changed, and what becomes of it.
    fn with(mut self, class: &'static str, change: impl FnOnce(&mut Self)) -> Self {
        let before = self.clone();
        change(&mut self);
        let same = self.header == before.header
            && self.checks == before.checks
            && self.parts == before.parts
            && (self.now, &self.key, self.password, &self.share)
                == (before.now, &before.key, before.password, &before.share);
        assert!(!same, "{}: nothing was changed", self.comment);
        Self { class, ..self }
    }

    fn header(self, class: &'static str, from: &str, to: &str) -> Self {
        self.with(class, |vector| vector.header = vector.header.replace(from, to))
    }

    fn to_json(&self) -> String {
        let parts = self.parts.iter().map(|(id, sealed)| json!({"id": id, "sealed": BASE64_STANDARD.encode(sealed)}));
        let mut expect = json!({"class": self.class});
        if self.class == "ready" {
            let plain =
                self.plain.iter().map(|(id, (length, hash))| json!({"id": id, "length": length, "sha256": hash}));
            expect["parts"] = plain.collect();
        }
        let vector = json!({
            "comment": self.comment,
            "header": self.header,
            "checks": self.checks,
            "now": self.now,
            "key": self.key,
            "password": self.password,
            "share": self.share,
            "parts": parts.collect::<Vec<_>>(),
            "expect": expect,
        });
        serde_json::to_string_pretty(&vector).unwrap() + "\n"
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_sealer_makes_the_frozen_vectors() {
    let folder = Path::new("tests/vectors/v1");
    let overwrite = std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite");
    let made: BTreeMap<_, _> = cases::all().into_iter().collect();
    for (name, vector) in &made {
        let path = folder.join(format!("{name}.json"));
        if overwrite {
            std::fs::write(&path, vector.to_json()).unwrap();
        }
        let frozen = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(frozen == vector.to_json(), "{} is not what the sealer makes", path.display());
    }
    let there = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(there, made.len(), "a file in {} is made by nothing", folder.display());
}
