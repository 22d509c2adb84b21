//! `sealcast link`.

use super::console::Console;
use crate::cli::Link;
use crate::error::Error;
use crate::link;
use crate::read::Opened;
use crate::when;

pub(super) fn run(options: &Link, console: &mut Console) -> Result<(), Error> {
    let opened = Opened::open(&options.target)?;
    let fragment = match &options.at {
        Some(text) => {
            let ms = when::place_ms(text).ok_or_else(|| {
                Error::usage(
                    format!("--at does not understand {text:?}"),
                    "write seconds such as 83.5, or 1m23s, or 1:23",
                )
            })?;
            format!("t={}", seconds(ms))
        }
        None => String::new(),
    };
    console.result(&format!("{}\n", link::link(&options.url, &opened.page_name(), &fragment)?))
}

/// Milliseconds as seconds without needless digits.
fn seconds(ms: u64) -> String {
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
