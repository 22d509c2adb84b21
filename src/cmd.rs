//! The commands: options in, library calls, text out.

mod bucket;
mod completions;
mod console;
mod each;
mod embed;
mod export;
mod extra;
mod extract;
mod facts;
mod formats;
mod inspect;
mod link;
mod names;
mod plan;
mod progress;
mod qr;
mod redaction;
mod report;
mod sealing;
mod secret_file;
mod serve;
mod span;
mod target;
mod upload;
mod usage;
mod verify;

pub use console::Console;
pub use usage::usage_error;

use crate::cli::{Cli, Command};
use crate::error::Error;

/// Runs a command.
///
/// # Errors
/// Whatever ends it early; the caller prints it and exits with its code.
pub fn run(cli: Cli, console: &mut Console) -> Result<(), Error> {
    match cli.command {
        Command::Export(options) => export::run(*options, console),
        Command::Extract(options) => extract::run(&options, console),
        Command::Verify(options) => verify::run(&options, console),
        Command::Inspect(options) => inspect::run(&options, console),
        Command::Serve(options) => serve::run(&options, console),
        Command::Embed(options) => embed::run(&options, console),
        Command::Link(options) => link::run(&options, console),
        Command::Formats(options) => formats::run(&options, console),
        Command::Completions(options) => completions::run(&options, console),
    }
}
