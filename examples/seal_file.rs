//! Seals a file as one part, and opens it again: `seal_file seal IN OUT` prints the key, `seal_file open IN OUT KEY`
//! takes it. The benchmark in `benches/seal` times it against `cp` and `age`.
//!
//! A share is more than this: see `sealcast export --encrypt`.
#![expect(clippy::print_stdout, reason = "the key is the result")]

use std::error::Error;
use std::fs::File;
use std::io::{Read, Write};

use sealcast::seal::{Key, Opener, Salt, Sealer};

/// Bytes read and written at once.
const BUFFER_BYTES: usize = 256 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["seal", input, output] => {
            let key = Key::generate()?;
            let input = File::open(input)?;
            let length = input.metadata()?.len();
            let sealer = Sealer::new(key.as_bytes(), Salt::generate()?, b"example");
            copy(sealer.seal(input, length), File::create(output)?)?;
            println!("{}", *key.to_text());
        }
        ["open", input, output, key] => {
            let opener = Opener::new(Key::parse(key)?.as_bytes(), b"example", File::open(input)?)?;
            copy(opener, File::create(output)?)?;
        }
        _ => return Err("usage: seal_file seal IN OUT | open IN OUT KEY".into()),
    }
    Ok(())
}

fn copy(mut from: impl Read, mut to: impl Write) -> std::io::Result<()> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let mut filled = 0;
        while filled < buffer.len() {
            match from.read(&mut buffer[filled..])? {
                0 => break,
                count => filled += count,
            }
        }
        to.write_all(&buffer[..filled])?;
        if filled < buffer.len() {
            return Ok(());
        }
    }
}
