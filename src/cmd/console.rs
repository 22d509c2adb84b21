//! Where messages go: results to stdout, everything else to stderr.

use std::fmt;
use std::io::{self, IsTerminal as _, Write};

use crate::cli::{Cli, When};
use crate::error::Error;

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
        let terminal = io::stderr().is_terminal();
        let color = match cli.color {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        Self { out: Box::new(io::stdout()), err: Box::new(io::stderr()), color, terminal, quiet: false, verbose: false }
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

    /// Writes a result. A reader that went away is no error.
    pub(crate) fn result(&mut self, text: &str) -> Result<(), Error> {
        match self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::io("cannot write to", "stdout")(error))
            }
            _ => Ok(()),
        }
    }

    /// Says something that is neither result nor trouble.
    pub(crate) fn note(&mut self, text: &str) {
        if !self.quiet {
            self.say(text);
        }
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

    /// Says why the run ends.
    pub fn error(&mut self, error: &Error) {
        let label = self.paint("error:", "1;31");
        self.say(&format!("{label} {}", visible(&error.to_string())));
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

/// Names of files and titles may hold control characters, which a terminal would obey.
pub(crate) fn visible(text: &str) -> String {
    let hidden =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if hidden(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
