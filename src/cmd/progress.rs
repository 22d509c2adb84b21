//! The bar on stderr, for exports that take longer than a second.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::layout::Progress;

/// Exports shorter than this show no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that appears when the work takes long.
#[derive(Debug)]
pub(super) struct Bar {
    started: Instant,
    total: u64,
    done: u64,
    bar: Option<ProgressBar>,
    wanted: bool,
}

impl Bar {
    /// A bar, or with `wanted` false none.
    pub(super) fn new(wanted: bool) -> Self {
        Self { started: Instant::now(), total: 0, done: 0, bar: None, wanted }
    }

    /// Takes the bar off the screen.
    pub(super) fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn total(&mut self, bytes: u64) {
        self.total = bytes;
    }

    fn advance(&mut self, bytes: u64) {
        self.done += bytes;
        if self.wanted && self.bar.is_none() && self.started.elapsed() > PATIENCE {
            let bar = ProgressBar::with_draw_target(Some(self.total), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("writing {wide_bar} {bytes}/{total_bytes} {eta}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
    }
}
