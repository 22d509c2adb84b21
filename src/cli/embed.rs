//! Options of `sealcast embed`.

use clap::{Args, ValueHint};

use super::Target;

/// Options of `embed`.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct Embed {
    /// The share, and what opens it
    #[command(flatten)]
    pub target: Target,
    /// Where the share is reachable
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub url: String,
    /// Start at this time, as 83.5, 1m23s or 1:23
    #[arg(long, value_name = "T")]
    pub at: Option<String>,
    /// Play at once; without sound, as browsers let nothing sound by itself
    #[arg(long)]
    pub autoplay: bool,
    /// Start without sound
    #[arg(long)]
    pub muted: bool,
    /// Start again at the end
    #[arg(long = "loop")]
    pub looped: bool,
    /// Leave out the bar and the buttons
    #[arg(long)]
    pub no_controls: bool,
    /// Leave out the events: the video alone
    #[arg(long)]
    pub no_panels: bool,
    /// Light or dark, whatever the reader's system has
    #[arg(long, value_name = "THEME", value_parser = ["light", "dark"])]
    pub theme: Option<String>,
    /// What screen readers call the frame [default: the recording's title; of a sealed one, Screen recording]
    #[arg(long)]
    pub title: Option<String>,
    /// Width in px at most [default: all there is]
    #[arg(long, value_name = "PX", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub width: Option<u32>,
    /// How the frame's sides relate, such as 16:9 [default: 16:9; with --no-panels, like the video's]
    #[arg(long, value_name = "W:H", value_parser = crate::size::parse_aspect)]
    pub aspect_ratio: Option<(u32, u32)>,
    /// Keep the share apart even from its own origin, for a share on the same origin as the page around it; the player.js client then cannot talk to it
    #[arg(long)]
    pub isolated: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}
