//! The vectors: one thing a file, and the contract's word for what becomes of it.

use super::super::message::{CHUNK_BYTES, HEAD_BYTES, RECORD_BYTES};
use super::{
    CREATED, EXPIRES, Header, KDF_ITERATIONS_MIN, LONG, PASSWORD, PASSWORD_APART, PLAN, Plan, Sealing, Vector,
};

/// A vector and its file's name.
type Case = (&'static str, Vector);

/// Every vector.
pub(super) fn all() -> Vec<Case> {
    let mut vectors = ready();
    vectors.extend(secrets());
    vectors.extend(headers());
    vectors.extend(parts());
    vectors
}

fn ready() -> Vec<Case> {
    let never = Plan { expires: 0, ..PLAN };
    let password = Plan { password: Some(PASSWORD), ..PLAN };
    let all = Plan { share: true, ..password };
    vec![
        ("ready", LONG.vector("opens; part 1 is padded with zero bytes, part 2 has three records")),
        ("ready-never-expires", never.vector("opens at any time").with("ready", |vector| vector.now = EXPIRES * 2)),
        (
            "ready-chunk-border",
            Plan { video: CHUNK_BYTES, ..PLAN }.vector("part 2 fills its chunk: an empty one follows"),
        ),
        ("ready-empty-part", Plan { video: 0, ..PLAN }.vector("part 2 is empty: one record, which is a tag")),
        (
            "ready-clock-behind",
            PLAN.vector("a clock before creation shows creation").with("ready", |vector| vector.now = 1),
        ),
        ("ready-password", password.vector("opens with a password")),
        (
            "ready-password-apart",
            password
                .vector("the password with its accents taken apart: NFC puts them together, and leaves the ligature")
                .with("ready", |vector| vector.password = Some(PASSWORD_APART)),
        ),
        ("ready-share", Plan { share: true, ..PLAN }.vector("opens with a key share")),
        ("ready-password-share", all.vector("opens with password and key share")),
    ]
}

fn secrets() -> Vec<Case> {
    let plain = |comment| PLAN.vector(comment);
    let password = |comment| Plan { password: Some(PASSWORD), ..PLAN }.vector(comment);
    let share = |comment| Plan { share: true, ..PLAN }.vector(comment);
    let other = || Plan { seed: "another", share: true, ..PLAN }.vector("");
    let cut = |vector: &mut Vector, text: fn(String) -> String| vector.key = vector.key.take().map(text);
    vec![
        ("expired", plain("its time is over to the second").with("expired", |vector| vector.now = EXPIRES)),
        (
            "expired-before-wrong-key",
            plain("its time is over, and the key is another bundle's: expired comes first").with("expired", |vector| {
                vector.now = EXPIRES;
                vector.key = other().key;
            }),
        ),
        (
            "expired-before-cut-key",
            plain("its time is over, and the key is cut: expired comes first").with("expired", |vector| {
                vector.now = EXPIRES;
                cut(vector, |text| text[..42].into());
            }),
        ),
        ("needs-key", plain("no key").with("needs-key", |vector| vector.key = None)),
        ("wrong-key", plain("another bundle's key").with("wrong-key", |vector| vector.key = other().key)),
        (
            "wrong-key-before-damaged",
            plain("another bundle's key, and the header edited: wrong-key comes first").with("wrong-key", |vector| {
                vector.key = other().key;
                vector.header = vector.header.replace(&EXPIRES.to_string(), "0");
            }),
        ),
        (
            "key-of-42-characters",
            plain("the last character of the key is missing")
                .with("cut-key", |vector| cut(vector, |text| text[..42].into())),
        ),
        (
            "key-of-44-characters",
            plain("the key has one character more").with("cut-key", |vector| cut(vector, |text| text + "A")),
        ),
        (
            "key-with-stray-bits",
            plain("the key's last character has bits that belong to no byte: the same bytes, spelt in another way")
                .with("cut-key", |vector| cut(vector, stray)),
        ),
        (
            "key-of-other-alphabet",
            plain("a character that base64url has not")
                .with("cut-key", |vector| cut(vector, |text| format!("{}+{}", &text[..20], &text[21..]))),
        ),
        ("needs-password", password("no password").with("needs-password", |vector| vector.password = None)),
        (
            "wrong-password",
            password("a letter of the password in the other case")
                .with("wrong-password", |vector| vector.password = Some("zürich-Ålesund 1 ﬁn")),
        ),
        (
            "wrong-password-compatible",
            password("a password that is the same in NFKC, but not in NFC")
                .with("wrong-password", |vector| vector.password = Some("Zürich-Ålesund 1 fin")),
        ),
        ("needs-share", share("no key share").with("needs-share", |vector| vector.share = None)),
        ("wrong-share", share("another bundle's key share").with("damaged", |vector| vector.share = other().share)),
    ]
}

/// The same key with the lowest bit of its last character set.
fn stray(text: String) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = ALPHABET.iter().position(|byte| text.ends_with(char::from(*byte))).unwrap();
    format!("{}{}", &text[..42], char::from(ALPHABET[last + 1]))
}

fn headers() -> Vec<Case> {
    let plain = |comment| PLAN.vector(comment);
    let password = |comment| Plan { password: Some(PASSWORD), ..PLAN }.vector(comment);
    let expires = EXPIRES.to_string();
    let later = (EXPIRES + 1).to_string();
    let iterations = format!("\"iter\":{KDF_ITERATIONS_MIN}");
    let order = r#","kdf":null,"share":false"#;
    let limit = |count: u32| format!("\"iter\":{count}");
    // Whoever has the key can make the checks fit an edited header; the parts still do not open.
    let made_to_fit = plain("the expiry is a second later, and the checks are made to fit").with("damaged", |vector| {
        let bundle = PLAN.bundle();
        let header = Header { expires: EXPIRES + 1, ..bundle.sealing.header };
        let sealing = Sealing::with_header(header, &bundle.key, None, None);
        vector.header = sealing.header.to_json();
        vector.checks = serde_json::from_str(&sealing.checks.to_json()).unwrap();
    });
    vec![
        ("edited-expiry", plain("the expiry is a second later").header("damaged", &expires, &later)),
        ("edited-expiry-never", plain("the expiry is taken away").header("damaged", &expires, "0")),
        ("edited-expiry-and-checks", made_to_fit),
        ("edited-created", plain("made a second later").header("damaged", &CREATED.to_string(), "1700000001")),
        ("edited-kdf", password("one iteration more").header("damaged", &iterations, &limit(KDF_ITERATIONS_MIN + 1))),
        (
            "kdf-too-fast",
            password("fewer iterations than readers accept").header(
                "damaged",
                &iterations,
                &limit(KDF_ITERATIONS_MIN - 1),
            ),
        ),
        (
            "kdf-too-slow",
            password("more iterations than readers accept").header("damaged", &iterations, &limit(10_000_001)),
        ),
        ("edited-share", plain("a key share is asked for").header("damaged", "false", "true")),
        ("reordered-header", plain("share before kdf").header("damaged", order, r#","share":false,"kdf":null"#)),
        ("spaced-header", plain("a space behind the first colon").header("damaged", "\"v\":", "\"v\": ")),
        ("unknown-header-field", plain("a member that no header has").header("damaged", "false}", "false,\"x\":1}")),
        ("double-header-field", plain("a member twice").header("damaged", "{\"v\":1", "{\"v\":1,\"v\":1")),
        ("newer-version", plain("of the next version").header("newer-version", "\"v\":1", "\"v\":2")),
        ("unknown-suite", plain("sealed in an unknown way").header("newer-version", "C256", "C257")),
    ]
}

fn parts() -> Vec<Case> {
    const FIRST: usize = HEAD_BYTES;
    const SECOND: usize = FIRST + RECORD_BYTES;
    const THIRD: usize = SECOND + RECORD_BYTES;
    let damaged = |plan: Plan, comment, change: &dyn Fn(&mut Vector)| plan.vector(comment).with("damaged", change);
    let short = |comment, change: &dyn Fn(&mut Vector)| damaged(PLAN, comment, change);
    let long = |comment, change: &dyn Fn(&mut Vec<u8>)| damaged(LONG, comment, &|vector| change(vector.part(2)));
    let other = || Plan { seed: "another", ..PLAN }.vector("");
    vec![
        (
            "swapped-parts",
            short("parts 1 and 2 in each other's place", &|vector| {
                let first = std::mem::take(vector.part(1));
                let second = std::mem::replace(vector.part(2), first);
                *vector.part(1) = second;
            }),
        ),
        (
            "part-of-another-bundle",
            short("part 2 of another bundle", &|vector| *vector.part(2) = other().part(2).clone()),
        ),
        (
            "manifest-of-another-bundle",
            short("the manifest of another bundle", &|vector| *vector.part(0) = other().part(0).clone()),
        ),
        (
            "part-sealed-again",
            short("part 2 sealed again under the same keys: not the one that the manifest names", &|vector| {
                *vector.part(2) = PLAN.bundle().again(2, b"again");
            }),
        ),
        ("missing-part", short("part 2 is not there", &|vector| drop(vector.parts.remove(&2)))),
        ("missing-manifest", short("part 0 is not there", &|vector| drop(vector.parts.remove(&0)))),
        ("changed-salt", short("one bit of part 2's salt", &|vector| vector.part(2)[0] ^= 1)),
        ("changed-commitment", short("one bit of part 2's commitment", &|vector| vector.part(2)[55] ^= 1)),
        ("changed-manifest", short("one bit of the manifest", &|vector| vector.part(0)[100] ^= 1)),
        ("changed-tag", short("one bit of part 2's tag", &|vector| *vector.part(2).last_mut().unwrap() ^= 1)),
        ("changed-bit", long("one bit in the first record of part 2", &|part| part[FIRST + 1_000] ^= 0x80)),
        (
            "reordered-records",
            long("the first two records of part 2 in each other's place", &|part| {
                let (first, second) = part[FIRST..THIRD].split_at_mut(RECORD_BYTES);
                first.swap_with_slice(second);
            }),
        ),
        (
            "doubled-record",
            long("the first record of part 2 in place of the second", &|part| {
                part.copy_within(FIRST..SECOND, SECOND);
            }),
        ),
        ("cut-at-a-record", long("part 2 without its last record", &|part| part.truncate(THIRD))),
        ("cut-inside-a-record", long("part 2 cut inside its second record", &|part| part.truncate(THIRD - 1_000))),
        ("cut-inside-the-head", short("part 2 cut inside its commitment", &|vector| vector.part(2).truncate(40))),
        ("empty-part", short("part 2 has no bytes at all", &|vector| vector.part(2).clear())),
        ("trailing-byte", short("a byte behind part 2", &|vector| vector.part(2).push(0))),
        (
            "trailing-record",
            long("the first record of part 2 once more behind it", &|part| {
                part.extend_from_within(FIRST..SECOND);
            }),
        ),
    ]
}
