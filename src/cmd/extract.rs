//! `sealcast extract`.

use super::console::{Console, visible};
use crate::cli::Extract;
use crate::error::Error;
use crate::extract::extract;
use crate::read::Opened;

pub(super) fn run(options: &Extract, console: &mut Console) -> Result<(), Error> {
    extract(&Opened::open(&options.target)?, &options.output)?;
    console.result(&format!("{}\n", visible(&options.output.to_string_lossy())))
}
