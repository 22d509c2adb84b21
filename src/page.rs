//! The page around the data: markup, style, script and the policy that keeps everything else out.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::{Environment, UndefinedBehavior, context};
use sha2::{Digest, Sha256};

use crate::header::Header;
use crate::player::player;

const TEMPLATE: &str = include_str!("../templates/player.html");

/// Title of a page that has none of its own, and of every sealed one.
pub const NEUTRAL_TITLE: &str = "Screen recording";

/// Whether a file begins as the pages do that this program writes. 4 KiB of it are enough to tell.
#[must_use]
pub fn is_share(head: &[u8]) -> bool {
    let mark = b"<meta name=\"generator\" content=\"sealcast ";
    head.starts_with(b"<!doctype html>") && memchr::memmem::find(&head[..head.len().min(4096)], mark).is_some()
}

/// Renders everything of the page that stands before the data blocks. The same header and title always
/// give the same bytes.
///
/// # Panics
/// When the template is broken, which every test of a bundle would show.
#[must_use]
pub fn render(header: &Header, title: &str) -> String {
    let player = player();
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let context = context! {
        csp => policy(&[&player.boot, &player.script], &player.style),
        version => env!("CARGO_PKG_VERSION"),
        title => title,
        style => player.style,
        boot => player.boot,
        script => player.script,
        header => header.to_json(),
    };
    let page = environment
        .template_from_named_str("player.html", TEMPLATE)
        .and_then(|template| template.render(context))
        .expect("the template is compiled in and tested");
    // Templates lose their last line end; every block stands on a line of its own.
    page + "\n"
}

/// Renders everything that stands behind the data blocks: the end block, and the page's own end.
#[must_use]
pub fn close(end: &str) -> String {
    format!("<script type=\"application/json\" id=\"end\">{end}</script>\n</body>\n</html>\n")
}

/// The content security policy: our own script and style by hash, media and data of the bundle, nothing else.
fn policy(scripts: &[&str], style: &str) -> String {
    let scripts: Vec<_> = scripts.iter().map(|text| hash(text)).collect();
    [
        "default-src 'none'",
        &format!("script-src {}", scripts.join(" ")),
        &format!("style-src {}", hash(style)),
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types sealcast",
    ]
    .join("; ")
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_never_markup() {
        let page = render(&Header::plain([7; 16], 1, 0), "</title><script>alert(1)</script>");
        assert!(!page.contains("<script>alert"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(1)"));
    }

    #[test]
    fn script_and_style_do_not_depend_on_the_bundle() {
        let one = render(&Header::plain([1; 16], 1, 0), "one");
        let other = render(&Header::plain([2; 16], 3, 4), "other");
        let pieces = |page: &str| -> Vec<String> {
            page.split("<s")
                .filter(|piece| piece.starts_with("tyle>") || piece.starts_with("cript>"))
                .map(Into::into)
                .collect()
        };
        assert_eq!(pieces(&one).len(), 3);
        assert_eq!(pieces(&one), pieces(&other));
        assert!(is_share(one.as_bytes()));
    }

    #[test]
    fn the_policy_hashes_what_the_page_carries() {
        let page = render(&Header::plain([7; 16], 1, 0), "t");
        for (open, close) in [("<style>", "</style>"), ("<script>", "</script>")] {
            let text = page.split(open).nth(1).and_then(|rest| rest.split(close).next()).unwrap();
            assert!(page.contains(&hash(text)), "the hash of {open} is missing");
        }
    }
}
