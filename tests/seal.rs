//! What is sealed comes back, at every length; what was changed does not, in any way it is read.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::io::{self, Cursor, Read};

use sealcast::seal::{
    CHUNK_BYTES, Damage, HEAD_BYTES, OpenError, Opener, RECORD_BYTES, Salt, Sealer, plain_len, sealed_len,
};

const KEY: [u8; 32] = [7; 32];

/// Lengths around the borders of chunks.
fn lengths() -> impl Iterator<Item = usize> {
    (0..4).flat_map(|chunks| {
        let border = chunks * CHUNK_BYTES;
        [border.checked_sub(1), Some(border), Some(border + 1)].into_iter().flatten()
    })
}

fn plaintext(length: usize) -> Vec<u8> {
    (0..length).map(|place| u8::try_from((place * 31 + place / 256) % 251).unwrap()).collect()
}

fn seal(plain: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::new();
    let sealer = Sealer::new(&KEY, Salt::generate().unwrap(), b"test");
    sealer.seal(plain, plain.len() as u64).read_to_end(&mut sealed).unwrap();
    sealed
}

fn open(sealed: &[u8]) -> Result<Opener<Cursor<&[u8]>>, OpenError> {
    Opener::new(&KEY, b"test", Cursor::new(sealed))
}

#[track_caller]
fn damage<T>(result: Result<T, OpenError>) -> Damage {
    match result {
        Err(OpenError::Damaged(damage)) => damage,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it went well"),
    }
}

#[test]
fn every_length_goes_there_and_back() {
    for length in lengths() {
        let plain = plaintext(length);
        let sealed = seal(&plain);
        assert_eq!(sealed_len(length as u64), Some(sealed.len() as u64), "{length}");
        assert_eq!(plain_len(sealed.len() as u64), Some(length as u64), "{length}");
        let mut opener = open(&sealed).unwrap();
        assert_eq!((opener.len(), opener.is_empty()), (length as u64, length == 0));
        let mut opened = Vec::new();
        opener.read_to_end(&mut opened).unwrap();
        assert_eq!(opened, plain, "{length}");
        for offset in lengths().filter(|offset| *offset <= length) {
            for wanted in [0, 1, 2, CHUNK_BYTES, length - offset] {
                let wanted = wanted.min(length - offset);
                let mut stretch = vec![0; wanted];
                opener.read_at(offset as u64, &mut stretch).unwrap();
                assert_eq!(stretch, plain[offset..offset + wanted], "{wanted} from {offset} of {length}");
            }
        }
        assert!(matches!(opener.read_at(length as u64, &mut [0]), Err(OpenError::Range)));
        assert!(matches!(opener.read_at(u64::MAX, &mut [0]), Err(OpenError::Range)));
    }
}

#[test]
fn sealing_does_not_depend_on_the_buffers() {
    for length in lengths() {
        let plain = plaintext(length);
        for buffer in [1, 100, RECORD_BYTES - 1, RECORD_BYTES, RECORD_BYTES + 1, 50_000] {
            let sealer = Sealer::new(&KEY, Salt::generate().unwrap(), b"test");
            let commitment = sealer.commitment();
            let mut reader = sealer.seal(Trickle(&plain), length as u64);
            let (mut sealed, mut buffer) = (Vec::new(), vec![0; buffer]);
            loop {
                let count = reader.read(&mut buffer).unwrap();
                sealed.extend_from_slice(&buffer[..count]);
                if count == 0 {
                    break;
                }
            }
            let mut opener = open(&sealed).unwrap();
            assert!(opener.commitment() == commitment);
            let mut opened = Vec::new();
            opener.read_to_end(&mut opened).unwrap();
            assert_eq!(opened, plain);
        }
    }
}

/// Gives few bytes at a time.
struct Trickle<'p>(&'p [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(5_000);
        self.0.read(&mut into[..most])
    }
}

#[test]
fn a_plaintext_of_another_length_is_not_sealed() {
    for length in lengths() {
        let plain = plaintext(length);
        for (declared, fact) in [(length as u64 + 1, "shorter"), ((length as u64).wrapping_sub(1), "longer")] {
            if declared == u64::MAX {
                continue;
            }
            let sealer = Sealer::new(&KEY, Salt::generate().unwrap(), b"test");
            let mut reader = sealer.seal(&plain[..], declared);
            let mut sealed = Vec::new();
            let error = reader.read_to_end(&mut sealed).unwrap_err();
            assert!(error.to_string().contains(fact), "{error}");
            assert!(reader.read(&mut [0; RECORD_BYTES]).is_err(), "it failed and went on");
            // What came out of it is not a whole message.
            assert!(open(&sealed).is_err());
        }
    }
}

#[test]
fn every_cut_and_every_surplus_is_noticed() {
    let sealed = seal(&plaintext(2 * CHUNK_BYTES + 5));
    let record = |number: usize| HEAD_BYTES + number * RECORD_BYTES;
    for cut in [0, 1, 55, 56, 57, record(1) - 1, record(1), record(1) + 16, record(2), record(2) + 20] {
        assert!(open(&sealed[..cut]).is_err(), "{cut}");
    }
    for surplus in [1, 16, RECORD_BYTES] {
        assert!(open(&[&sealed[..], &vec![0; surplus]].concat()).is_err(), "{surplus}");
    }
}

#[test]
fn every_changed_byte_is_noticed_where_it_matters() {
    let plain = plaintext(CHUNK_BYTES + 5);
    let sealed = seal(&plain);
    let first = HEAD_BYTES..HEAD_BYTES + RECORD_BYTES;
    for place in (0..HEAD_BYTES).chain(first.clone().step_by(997)).chain(first.end..sealed.len()) {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        if place < HEAD_BYTES {
            assert_eq!(damage(open(&changed)), Damage::Commitment, "{place}");
        } else if first.contains(&place) {
            let mut opener = open(&changed).unwrap();
            let mut end = [0; 5];
            opener.read_at(CHUNK_BYTES as u64, &mut end).unwrap();
            assert_eq!(end, plain[CHUNK_BYTES..]);
            let mut start = [0; 5];
            assert_eq!(damage(opener.read_at(3, &mut start)), Damage::Record(0), "{place}");
            assert_eq!(start, [0; 5], "nothing unauthentic is given out");
            assert_eq!(damage(opener.read_at(CHUNK_BYTES as u64, &mut end)), Damage::Record(0), "it goes on");
            assert!(opener.read(&mut end).is_err());
        } else {
            assert_eq!(damage(open(&changed)), Damage::Record(1), "{place}");
        }
    }
}

#[test]
fn a_message_belongs_to_its_key_and_context() {
    let sealed = seal(b"text");
    assert_eq!(damage(Opener::new(&[8; 32], b"test", Cursor::new(&sealed))), Damage::Commitment);
    assert_eq!(damage(Opener::new(&KEY, b"tess", Cursor::new(&sealed))), Damage::Commitment);
}

#[test]
fn damage_that_passes_through_readers_is_told_from_failures() {
    let mut sealed = seal(&plaintext(CHUNK_BYTES));
    sealed[HEAD_BYTES] ^= 1;
    let error = open(&sealed).unwrap().read_to_end(&mut Vec::new()).unwrap_err();
    let error = sealcast::Error::io("cannot read", "part 3")(error);
    assert_eq!(
        (error.exit_code(), error.to_string().as_str()),
        (7, "part 3 is damaged: record 0 was changed, moved or cut")
    );
}
