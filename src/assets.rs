//! The player's own files, compiled in. What is in `assets/` is what ships.

/// A file of the player: name and text.
pub(crate) type Asset = (&'static str, &'static str);

macro_rules! assets {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../assets/", $folder, "/", $name)))),*]
    };
}

/// In the oldest syntax, so that it runs where the player cannot even be parsed.
pub(crate) const BOOT: &str = include_str!("../assets/boot.js");

/// The page's words; the player's own language.
pub(crate) const ENGLISH: &str = include_str!("../assets/player/labels.js");

/// The same words in German.
pub(crate) const GERMAN: &str = include_str!("../assets/labels/de.json");

/// The player's modules; each stands after those it imports.
pub(crate) const MODULES: &[Asset] = assets!("player":
    "address.js"
    "labels.js"
    "label.js"
    "states.js"
    "clock.js"
    "breath.js"
    "store.js"
    "cache.js"
    "panels.js"
    "base64.js"
    "crc32.js"
    "feed.js"
    "search.js"
    "order.js"
    "vtt.js"
    "transcript.js"
    "scan.js"
    "view.js"
    "first-picture.js"
    "video.js"
    "sync.js"
    "sound.js"
    "dom.js"
    "playback.js"
    "carrier.js"
    "inflate.js"
    "source.js"
    "header.js"
    "format.js"
    "time.js"
    "ansi.js"
    "pairs.js"
    "inert.js"
    "fragment.js"
    "events.js"
    "steps.js"
    "landing.js"
    "span.js"
    "geometry.js"
    "query.js"
    "buttons.js"
    "tab-strip.js"
    "list.js"
    "json.js"
    "app.js"
    "urls.js"
    "frames.js"
    "marks.js"
    "http.js"
    "text.js"
    "tree.js"
    "memory.js"
    "remote.js"
    "curl.js"
    "preview.js"
    "scrub.js"
    "basics.js"
    "link.js"
    "keymap.js"
    "help.js"
    "menu.js"
    "split.js"
    "toast.js"
    "words.js"
    "network-details.js"
    "fields.js"
    "rates.js"
    "near.js"
    "failure.js"
    "summary.js"
    "cells.js"
    "icons.js"
    "actions-panel.js"
    "log-details.js"
    "captions.js"
    "transcript-panel.js"
    "details.js"
    "related.js"
    "drawer.js"
    "blocks.js"
    "controls.js"
    "keys.js"
    "keep-address.js"
    "expiry.js"
    "filter-box.js"
    "guard.js"
    "topbar.js"
    "theme.js"
    "state-page.js"
    "frames-view.js"
    "masks.js"
    "stage.js"
    "network-panel.js"
    "timeline-panel.js"
    "log-panels.js"
    "nudge.js"
    "info-panel.js"
    "card.js"
    "panel.js"
    "tabs.js"
    "layout.js"
    "worker.js"
    "pieces.js"
    "part-files.js"
    "cobblestone.js"
    "download.js"
    "worded.js"
    "sealed.js"
    "schedule.js"
    "unlock.js"
    "paste.js"
    "ask.js"
    "share.js"
    "unseal.js"
    "plain.js"
    "opening.js"
    "whole.js"
    "media.js"
    "main.js"
);

/// The service worker's modules, a script of its own; each stands after those it imports.
pub(crate) const WORKER: &[Asset] = assets!("player":
    "cobblestone.js"
    "pieces.js"
    "download.js"
    "range.js"
    "sw.js"
);

/// Style sheets, in the order of the cascade.
pub(crate) const STYLES: &[Asset] = assets!("style":
    "base.css"
    "stage.css"
    "panels.css"
);
