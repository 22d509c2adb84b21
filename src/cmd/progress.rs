//! The bar on stderr, for exports that take longer than a second.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::layout::Progress;

/// Exports shorter than this show no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that appears when the work takes long: first for what is read, then for what is written.
#[derive(Clone, Debug)]
pub(super) struct Bar {
    started: Instant,
    wanted: bool,
    shown: Rc<RefCell<Option<ProgressBar>>>,
}

impl Bar {
    /// A bar, or with `wanted` false none.
    pub(super) fn new(wanted: bool) -> Self {
        Self { started: Instant::now(), wanted, shown: Rc::default() }
    }

    /// Whether progress is shown.
    pub(super) const fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// Hears of bytes of events while the logs are read and sorted.
    pub(super) fn reading(&self) -> Box<dyn FnMut(u64)> {
        let (bar, mut done) = (self.clone(), 0);
        Box::new(move |bytes| {
            done += bytes;
            bar.show(done, None);
        })
    }

    /// Hears of bytes while the share is written.
    pub(super) fn writing(&self) -> Writing {
        Writing { bar: self.clone(), total: 0, done: 0 }
    }

    fn show(&self, done: u64, total: Option<u64>) {
        if !self.wanted || self.started.elapsed() < PATIENCE {
            return;
        }
        let mut shown = self.shown.borrow_mut();
        let bar = shown.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
            let template = if total.is_some() {
                "writing {wide_bar} {bytes}/{total_bytes} {eta}"
            } else {
                "reading {spinner} {bytes}"
            };
            bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        bar.set_position(done);
    }

    /// Takes the bar off the screen.
    pub(super) fn clear(&self) {
        if let Some(bar) = self.shown.borrow_mut().take() {
            bar.finish_and_clear();
        }
    }
}

/// The second half of a bar.
#[derive(Debug)]
pub(super) struct Writing {
    bar: Bar,
    total: u64,
    done: u64,
}

impl Progress for Writing {
    fn total(&mut self, bytes: u64) {
        self.total = bytes;
    }

    fn advance(&mut self, bytes: u64) {
        self.done += bytes;
        self.bar.show(self.done, Some(self.total));
    }
}
