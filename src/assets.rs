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

/// The player's modules; each stands after those it imports.
pub(crate) const MODULES: &[Asset] = assets!("player":
    "ansi.js"
    "dom.js"
    "feed.js"
    "inert.js"
    "words.js"
    "fields.js"
    "format.js"
    "frames.js"
    "http.js"
    "remote.js"
    "text.js"
    "tree.js"
    "drawer.js"
    "geometry.js"
    "view.js"
    "list.js"
    "query.js"
    "scan.js"
    "time.js"
    "panel.js"
    "console-panel.js"
    "actions-panel.js"
    "address.js"
    "panels.js"
    "span.js"
    "steps.js"
    "app.js"
    "backend-panel.js"
    "base64.js"
    "blocks.js"
    "buttons.js"
    "cache.js"
    "failure.js"
    "card.js"
    "crc32.js"
    "states.js"
    "carrier.js"
    "clock.js"
    "icons.js"
    "rates.js"
    "controls.js"
    "curl.js"
    "expiry.js"
    "fragment.js"
    "guard.js"
    "header.js"
    "keymap.js"
    "help.js"
    "inflate.js"
    "info-panel.js"
    "json.js"
    "keep-address.js"
    "marks.js"
    "keys.js"
    "landing.js"
    "scrub.js"
    "memory.js"
    "split.js"
    "stage.js"
    "layout.js"
    "link.js"
    "menu.js"
    "network-details.js"
    "network-panel.js"
    "order.js"
    "video.js"
    "playback.js"
    "source.js"
    "state-page.js"
    "store.js"
    "summary.js"
    "timeline-panel.js"
    "tabs.js"
    "theme.js"
    "toast.js"
    "topbar.js"
    "main.js"
);

/// Style sheets, in the order of the cascade.
pub(crate) const STYLES: &[Asset] = assets!("style":
    "base.css"
    "stage.css"
    "panels.css"
);
