//! `sealcast completions`.

use clap::CommandFactory as _;

use super::console::Console;
use crate::cli::{Cli, Completions};
use crate::error::Error;

pub(super) fn run(options: &Completions, console: &mut Console) -> Result<(), Error> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "sealcast", &mut script);
    console.result(&String::from_utf8_lossy(&script))
}
