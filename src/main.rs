//! The `sealcast` program: parse, run, say what went wrong, exit.
#![expect(clippy::print_stderr, reason = "a broken handler is said on stderr")]

use std::process::ExitCode;

use clap::Parser as _;
use sealcast::cli::Cli;
use sealcast::cmd::{self, Console};

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Err(error) = ctrlc::set_handler(sealcast::interrupt::request) {
        eprintln!("warning: Ctrl-C will leave temporary files behind: {error}");
    }
    let mut console = Console::new(&cli);
    match cmd::run(cli, &mut console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console.error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}
