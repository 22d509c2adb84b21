//! The command line as typed. No I/O here: help, completions and tests share these definitions.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueHint};

use crate::language::Language;
use crate::manifest::TAKE_AWAY;

mod embed;
mod values;

pub use embed::Embed;
use values::languages;
pub use values::{BodiesArg, ProgressArg, RedactArg, When};

/// What `--no-download` alone withholds.
const SAVED: [&str; 4] = ["frame", "har", "rows", "video"];

/// Packages a screen recording and its logs into a static HTML player.
#[derive(Debug, Parser)]
#[command(name = "sealcast", version, about, long_about = None, disable_help_subcommand = true)]
#[non_exhaustive]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Colours in messages
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// The commands.
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Make a share: one HTML file, an archive or a folder that plays the recording beside its logs
    Export(Box<Export>),
    /// Show what is inside a share
    Inspect(Inspect),
    /// Turn a share back into a recording folder
    Extract(Extract),
    /// Check that a share is whole and as sealcast wrote it
    Verify(Verify),
    /// Print the link to a share, given where it is reachable
    Link(Link),
    /// Print the code that shows a share in a frame of another page, and what each of its attributes is there for
    Embed(Embed),
    /// Preview a share on this machine, with Range and the right content types
    Serve(Serve),
    /// List the formats that can be read and the layouts that can be written
    Formats(Formats),
    /// Print a completion script for a shell
    Completions(Completions),
}

/// Options of `export`.
#[derive(Clone, Debug, Args)]
#[non_exhaustive]
pub struct Export {
    /// Files and folders: a recording folder, a video, a .har, logs, captions, stills. What each is, its content decides
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<PathBuf>,
    /// Where to write: *.html = one file, *.zip = an archive, anything else = a folder, - = HTML on stdout [default: ./NAME.html after the input]
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::AnyPath)]
    pub output: Option<PathBuf>,
    /// Overrides what OUT's name says
    #[arg(long, value_name = "LAYOUT", value_parser = PossibleValuesParser::new(crate::layout::names()))]
    pub layout: Option<String>,
    /// Replace an existing OUT
    #[arg(long)]
    pub force: bool,
    /// Seal the share: who hosts it cannot read it; the key is only in the link's fragment
    #[arg(long)]
    pub encrypt: bool,
    /// Mix a password into the key, read from a file, or from stdin with - (seals the share)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub password_file: Option<PathBuf>,
    /// Read the key from a file instead of drawing a fresh one (seals the share)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub key_file: Option<PathBuf>,
    /// Also write the key to a file that only you can read
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub key_out: Option<PathBuf>,
    /// Write the link to a file that only you can read; stdout and JSON then show it without its fragment
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub link_out: Option<PathBuf>,
    /// Write a second half of the key to a file, to be put where --key-share-url says (seals the share)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "key_share_url")]
    pub key_share: Option<PathBuf>,
    /// Where the second half will be reachable; delete it there, and the share opens for nobody
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, requires = "key_share")]
    pub key_share_url: Option<String>,
    /// Cut large parts of a folder into files of at most SIZE, such as 25M or 10MiB, for hosts without Range or with a file-size limit; what is cut needs a server to play
    #[arg(long, value_name = "SIZE", value_parser = crate::size::parse_size)]
    pub split: Option<u64>,
    /// SHA-256 of files above 16 MiB too
    #[arg(long)]
    pub checksums: bool,
    /// When the page stops showing the recording: 1h 6h 12h 1d 3d 7d 14d, any duration up to 14d, an RFC 3339 time, or never
    #[arg(long, value_name = "WHEN", default_value = "1d", allow_hyphen_values = true)]
    pub expires: String,
    /// Title of the page
    #[arg(long)]
    pub title: Option<String>,
    /// A note for the reader, in the Info panel
    #[arg(long)]
    pub note: Option<String>,
    /// A JSON object to add to the Info panel
    #[arg(long, value_name = "FILE.json", value_hint = ValueHint::FilePath)]
    pub metadata: Option<PathBuf>,
    /// A value to add to the Info panel; can be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    pub meta: Vec<String>,
    /// The test to show, when the inputs hold several: its title, its folder, or a part of these
    #[arg(long, value_name = "NAME", conflicts_with = "all")]
    pub test: Option<String>,
    /// Make one share of each test; OUT is then a folder of shares named after the tests, and --json prints one object a line
    #[arg(long, requires = "output", conflicts_with_all = ["url", "key_out", "link_out", "key_share", "key_file", "title", "open", "qr"])]
    pub all: bool,
    /// The video, when several could be meant
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub video: Option<PathBuf>,
    /// A sound track apart from the video, which is put into its file where that takes it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub audio: Option<PathBuf>,
    /// Network log
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub har: Option<PathBuf>,
    /// Console log
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub console: Option<PathBuf>,
    /// User actions
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub actions: Option<PathBuf>,
    /// Backend log
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub backend: Option<PathBuf>,
    /// Captions (WebVTT)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub captions: Option<PathBuf>,
    /// Picture shown before the video plays (default: one that ffmpeg takes out of the video, when it is on PATH, with
    /// small ones for the scrub bar); none = leave both to the page
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub poster: Option<PathBuf>,
    /// When the video starts, as an RFC 3339 time or in ms since 1970: lays it among the logs
    #[arg(long, value_name = "TIME", value_parser = crate::when::moment_ms)]
    pub video_start: Option<f64>,
    /// By how many ms the video starts later (or, negative, earlier) than was found; the player's Info panel tells
    /// what fits
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    pub offset: Option<f64>,
    /// Keep only what happened from this time on, as 83.5, 1m23s or 1:23 from the video's start. Logs and sound are cut
    /// exactly; the picture begins at the keyframe before it, up to some seconds early: what it shows between the two stays
    /// in the share
    #[arg(long, value_name = "T")]
    pub from: Option<String>,
    /// Keep only what happened up to this time. A request or step still running then is kept without what came of it
    #[arg(long, value_name = "T")]
    pub to: Option<String>,
    /// Leave what media files say of place, device, author and date in them
    #[arg(long)]
    pub keep_media_metadata: bool,
    /// Have ffmpeg, found on PATH, convert a video that browsers do not play
    #[arg(long)]
    pub transcode: bool,
    /// Have ffmpeg, found on PATH, blacken a box of the video for good: in pixels or percent of the picture, for all of it or
    /// from T1 to T2 of it, as in 40,60,200,32 or 5%,10%,25%,8%@1:05-1:12; can be given several times
    #[arg(long, value_name = "X,Y,W,H[@T1-T2]", value_parser = crate::media::parse_mask)]
    pub video_mask: Vec<crate::media::Mask>,
    /// Language of the page's own words; what was recorded stays as it is
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = languages())]
    pub lang: Language,
    /// Panels to include, of console,network,actions,backend,transcript,info; the others' data is left out [default: all that have data]
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = ["console", "network", "actions", "backend", "transcript", "info"])]
    pub panels: Option<Vec<String>>,
    /// Hide ways to take something away from the page [without a list: frame,har,rows,video]; a courtesy, not a protection: who
    /// can open the share can keep what is in it
    #[arg(long, value_name = "LIST", num_args = 0..=1, require_equals = true, value_delimiter = ',', default_missing_values = SAVED, value_parser = TAKE_AWAY)]
    pub no_download: Vec<String>,
    /// Request and response bodies to include: text = JSON, text and forms up to 256 KiB each
    #[arg(long, value_name = "WHICH", default_value = "text")]
    pub bodies: BodiesArg,
    /// What to take out: standard = credentials; strict = personal data too, such as all that was typed, e-mail addresses and phone numbers; off = nothing
    #[arg(long, value_name = "LEVEL", default_value = "standard")]
    pub redact: RedactArg,
    /// Names, headers, patterns, addresses and places to take out or to leave; README, "Redaction", says how
    #[arg(long, value_name = "FILE.toml", value_hint = ValueHint::FilePath)]
    pub redact_config: Option<PathBuf>,
    /// Write nothing, and exit with 4, when there is a secret to take out; the places are listed, never the values
    #[arg(long)]
    pub fail_on_secret: bool,
    /// Where it goes: picks the layout that fits, and refuses what is too large there or of the wrong kind; s3 also prints the commands that upload it
    #[arg(long = "for", value_name = "PLACE", value_parser = PossibleValuesParser::new(crate::destination::names()))]
    pub destination: Option<String>,
    /// Refuse a share of more bytes than this, as in 25MB or 10MiB; it goes before the limits of --for and of one-file shares
    #[arg(long, value_name = "SIZE", value_parser = crate::size::parse_size)]
    pub max_size: Option<u64>,
    /// Where the share will be reachable; the printed link and embed code use it
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub url: Option<String>,
    /// Draw the link as a QR code, on stderr
    #[arg(long)]
    pub qr: bool,
    /// Open the result
    #[arg(long)]
    pub open: bool,
    /// Print what would be made of which input; write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
    /// No messages but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more: every input and every file written
    #[arg(short, long)]
    pub verbose: bool,
    /// Progress bar on exports that take longer than a second
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub progress: ProgressArg,
}

impl Export {
    /// Whether pictures may be taken out of the video: not with `--poster none`. A file of that name is `./none`.
    pub(crate) fn wants_stills(&self) -> bool {
        self.poster.as_deref() != Some(std::path::Path::new("none"))
    }
}

/// A share, and what opens it when it is sealed.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct Target {
    /// A share: an HTML file, an archive, a folder, or the link to one on a server; with the link's fragment behind it when sealed
    #[arg(value_name = "TARGET", value_hint = ValueHint::AnyPath, required_unless_present = "link_file")]
    pub path: Option<OsString>,
    /// Read TARGET with its fragment from a file, or from stdin with -
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "path")]
    pub link_file: Option<PathBuf>,
    /// Read the key from a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub key_file: Option<PathBuf>,
    /// Read the password from a file, or from stdin with -
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub password_file: Option<PathBuf>,
    /// Read the 32 bytes of the key share from a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub key_share: Option<PathBuf>,
}

/// Options of `inspect`.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct Inspect {
    /// The share, and what opens it
    #[command(flatten)]
    pub target: Target,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
    /// Print all events merged by time, one JSON object a line
    #[arg(long)]
    pub timeline: bool,
    /// Events from this time on, as 83.5, 1m23s or 1:23
    #[arg(long, value_name = "T", requires = "timeline", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Events up to this time
    #[arg(long, value_name = "T", requires = "timeline", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// Events this long before and after the first failure
    #[arg(long, value_name = "DURATION", requires = "timeline", conflicts_with_all = ["from", "to"])]
    pub around_failure: Option<String>,
}

/// Options of `extract`.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct Extract {
    /// The share, and what opens it
    #[command(flatten)]
    pub target: Target,
    /// The folder to write, which must not hold anything yet
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: PathBuf,
}

/// Options of `verify`.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct Verify {
    /// The share, and what opens it
    #[command(flatten)]
    pub target: Target,
}

/// Options of `link`.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct Link {
    /// The share, and what opens it
    #[command(flatten)]
    pub target: Target,
    /// Where the share is reachable
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub url: String,
    /// Start at this time, as 83.5, 1m23s or 1:23
    #[arg(long, value_name = "T")]
    pub at: Option<String>,
    /// Draw the link as a QR code too, on stderr
    #[arg(long)]
    pub qr: bool,
}

/// Options of `serve`.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct Serve {
    /// A share: an HTML file, an archive or a folder
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub path: PathBuf,
    /// Port on 127.0.0.1 [default: any free one]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// Open it in the browser
    #[arg(long)]
    pub open: bool,
}

/// Options of `formats`.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct Formats {
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// Options of `completions`.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_definitions_are_consistent() {
        Cli::command().debug_assert();
    }
}
