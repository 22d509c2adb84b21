//! `sealcast extract`.

use super::console::Console;
use crate::cli::Extract;
use crate::error::Error;
use crate::extract::extract;
use crate::read::Opened;

pub(super) fn run(options: &Extract, console: &mut Console) -> Result<(), Error> {
    extract(&Opened::open(&options.target)?, &options.output)?;
    console.path(&options.output)
}
