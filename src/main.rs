//! The `sealcast` program: parse, run, say what went wrong, exit.
#![expect(clippy::print_stderr, reason = "a broken handler is said on stderr")]

use std::process::ExitCode;

use clap::Parser as _;
use sealcast::cli::Cli;
use sealcast::cmd::{self, Console};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
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

/// Help and version are answers; everything else is a usage error in our own form.
fn refuse(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        error.exit();
    }
    let error = cmd::usage_error(error);
    Console::plain().error(&error);
    ExitCode::from(error.exit_code())
}
