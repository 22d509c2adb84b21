//! `sealcast extract`.

use super::console::Console;
use super::target::Target;
use crate::cli::Extract;
use crate::error::Error;
use crate::extract::extract;
use crate::when;

pub(super) fn run(options: &Extract, console: &mut Console) -> Result<(), Error> {
    extract(&Target::read(&options.target)?.open(Some(when::now()))?, &options.output)?;
    console.path(&options.output)
}
