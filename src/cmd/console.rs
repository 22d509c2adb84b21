//! Where messages go: results to stdout, everything else to stderr.

use std::fmt;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::Path;

use crate::cli::{Cli, When};
use crate::error::Error;
use crate::visible::visible;

/// The two streams of a run, and how much to say.
pub struct Console {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    color: bool,
    terminal: bool,
    quiet: bool,
    verbose: bool,
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").field("color", &self.color).field("quiet", &self.quiet).finish_non_exhaustive()
    }
}

impl Console {
    /// The process's own streams.
    #[must_use]
    pub fn new(cli: &Cli) -> Self {
        Self::colored(cli.color)
    }

    /// The process's own streams, before the options are known.
    #[must_use]
    pub fn plain() -> Self {
        Self::colored(When::Auto)
    }

    fn colored(when: When) -> Self {
        let terminal = io::stderr().is_terminal();
        let color = match when {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        Self {
            out: Box::new(BufWriter::new(io::stdout())),
            err: Box::new(io::stderr()),
            color,
            terminal,
            quiet: false,
            verbose: false,
        }
    }

    /// How much to say from here on.
    pub(crate) const fn tune(&mut self, quiet: bool, verbose: bool) {
        self.quiet = quiet;
        self.verbose = verbose;
    }

    /// Whether stderr is a terminal that may be drawn on.
    pub(crate) const fn draws(&self) -> bool {
        self.terminal && !self.quiet
    }

    /// Writes a result, at once.
    pub(crate) fn result(&mut self, text: &str) -> Result<(), Error> {
        self.line(text).and_then(|()| self.out.flush().map_err(Error::io("cannot write to", "stdout")))
    }

    /// Writes one of many lines of a result; [`Self::result`] sends the last of them off.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Error> {
        self.out.write_all(text.as_bytes()).map_err(Error::io("cannot write to", "stdout"))
    }

    /// Writes a path as a result: for programs its own bytes, for people without what a terminal would obey.
    pub(crate) fn path(&mut self, path: &Path) -> Result<(), Error> {
        if io::stdout().is_terminal() {
            return self.result(&format!("{}\n", visible(&path.to_string_lossy())));
        }
        let bytes = [path.as_os_str().as_encoded_bytes(), b"\n"].concat();
        let written = self.out.write_all(&bytes).and_then(|()| self.out.flush());
        written.map_err(Error::io("cannot write to", "stdout"))
    }

    /// Says something that is neither result nor trouble.
    pub(crate) fn note(&mut self, text: &str) {
        if !self.quiet {
            self.say(text);
        }
    }

    /// Whether messages may have colours.
    pub(crate) const fn colors(&self) -> bool {
        self.color
    }

    /// Shows what was asked for by name, however little else is to be said.
    pub(crate) fn drawing(&mut self, lines: &str) {
        self.say(lines.trim_end_matches('\n'));
    }

    /// Says something for those who asked for more.
    pub(crate) fn detail(&mut self, text: &str) {
        if self.verbose {
            self.say(text);
        }
    }

    /// Says that something is odd.
    pub(crate) fn warn(&mut self, text: &str) {
        if !self.quiet {
            let label = self.paint("warning:", "33");
            self.say(&format!("{label} {}", visible(text)));
        }
    }

    /// Says why the run ends. A reader that went away knows already.
    pub fn error(&mut self, error: &Error) {
        if error.is_broken_pipe() {
            return;
        }
        let label = self.paint("error:", "1;31");
        self.say(&format!("{label} {}", lines(&error.to_string())));
        if let Some(hint) = error.hint() {
            let label = self.paint("hint:", "36");
            self.say(&format!("{label} {}", visible(&hint)));
        }
    }

    /// A word in colour, where colours are wanted.
    fn paint(&self, text: &str, code: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.into() }
    }

    fn say(&mut self, text: &str) {
        // There is nowhere to report that stderr is gone.
        let _ = writeln!(self.err, "{text}");
    }
}

/// What an error says, made fit for the terminal line by line: lists of files and tests stand below their heading.
fn lines(text: &str) -> String {
    text.split("\n  ").map(visible).collect::<Vec<_>>().join("\n  ")
}
