//! `sealcast verify`.

use super::console::Console;
use super::target::Target;
use crate::cli::Verify;
use crate::error::Error;
use crate::verify::{PageVerdict, verify};
use crate::when;

pub(super) fn run(options: &Verify, console: &mut Console) -> Result<(), Error> {
    let opened = Target::read(&options.target)?.open(None)?;
    let verdict = verify(&opened)?;
    let page = match verdict.page {
        PageVerdict::Same => "page as this version writes it".into(),
        PageVerdict::NotCompared(hash) => {
            format!("page not compared: {} made it; SHA-256 outside the blocks {hash}", opened.manifest.producer)
        }
    };
    console.result(&format!("{} parts whole, {page}\n", verdict.parts))?;
    match opened.header.expires {
        0 => Ok(()),
        at if at > when::now() => Ok(()),
        at => {
            Err(Error::expired(format!("the share expired {}", when::rfc3339(at)), "ask whoever made it for a new one"))
        }
    }
}
