//! `sealcast verify`.

use super::console::Console;
use super::target::Target;
use crate::cli::Verify;
use crate::error::Error;
use crate::verify::{PageVerdict, verify};
use crate::when;

pub(super) fn run(options: &Verify, console: &mut Console) -> Result<(), Error> {
    let mut target = Target::read(&options.target)?;
    let opened = target.open(None)?;
    let verdict = verify(&opened, target.share_origin()?.as_deref())?;
    let page = match verdict.page {
        PageVerdict::Same => "page as this version writes it".into(),
        PageVerdict::NotCompared { page, worker } => {
            let worker = worker.map_or_else(String::new, |hash| format!(", of sw.js {hash}"));
            let producer = &opened.manifest.producer;
            format!("page not compared: {producer} made it; SHA-256 outside the blocks {page}{worker}")
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
