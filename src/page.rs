//! The page around the data: markup, style, script and the policy that keeps everything else out.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::{Environment, UndefinedBehavior, context};
use sha2::{Digest, Sha256};

use crate::header::Header;
use crate::language::Language;
use crate::link;
use crate::player::player;
use crate::seal::Checks;

const TEMPLATE: &str = include_str!("../templates/player.html");

/// Whether a file begins as the pages do that this program writes. 4 KiB of it are enough to tell.
#[must_use]
pub fn is_share(head: &[u8]) -> bool {
    let mark = b"<meta name=\"generator\" content=\"sealcast ";
    head.starts_with(b"<!doctype html>") && memchr::memmem::find(&head[..head.len().min(4096)], mark).is_some()
}

/// What of a page differs between bundles, apart from its data blocks.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Page<'a> {
    /// The header.
    pub header: &'a Header,
    /// The checks of a sealed bundle.
    pub checks: Option<&'a Checks>,
    /// The language of its words.
    pub language: Language,
    /// The document's title; one that has none of its own, and every sealed one, has a neutral title.
    pub title: Option<&'a str>,
    /// The origin that the key share is fetched from.
    pub share_origin: Option<&'a str>,
}

impl<'a> Page<'a> {
    /// The page of a plain bundle.
    #[must_use]
    pub const fn plain(header: &'a Header, title: &'a str) -> Self {
        Self { header, checks: None, language: Language::English, title: Some(title), share_origin: None }
    }

    /// Renders everything that stands before the data blocks. The same facts always give the same bytes.
    ///
    /// # Panics
    /// When the template is broken, which every test of a bundle would show.
    #[must_use]
    pub fn render(&self) -> String {
        let player = player();
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let context = context! {
            csp => policy(&[player.boot, player.script], player.style, self.share_origin),
            version => env!("CARGO_PKG_VERSION"),
            lang => self.language.tag(),
            labels => self.language.block(&player.labels),
            opening => self.language.label("opening"),
            no_script => self.language.label("noScript"),
            title => self.title.map_or_else(|| self.language.label("neutralTitle"), Into::into),
            style => player.style,
            boot => player.boot,
            script => player.script,
            header => self.header.to_json(),
            checks => self.checks.map(Checks::to_json),
        };
        let page = environment
            .template_from_named_str("player.html", TEMPLATE)
            .and_then(|template| template.render(context))
            .expect("the template is compiled in and tested");
        // Templates lose their last line end; every block stands on a line of its own.
        page + "\n"
    }
}

/// The origin that a page's policy lets it ask beside its own, read back from the page. Only what a writer can have
/// written: anything else might be markup.
#[must_use]
pub fn share_origin(page: &str) -> Option<&str> {
    let sources = page.split("; connect-src 'self' ").nth(1)?;
    sources.split(';').next().filter(|text| link::origin(text).is_ok_and(|origin| origin == **text))
}

/// Renders everything that stands behind the data blocks: the end block, and the page's own end.
#[must_use]
pub fn close(end: &str) -> String {
    format!("<script type=\"application/json\" id=\"end\">{end}</script>\n</body>\n</html>\n")
}

/// The content security policy: our own script and style by hash, media and data of the bundle, nothing else.
fn policy(scripts: &[&str], style: &str, share_origin: Option<&str>) -> String {
    let scripts: Vec<_> = scripts.iter().map(|text| hash(text)).collect();
    [
        "default-src 'none'",
        &format!("script-src {}", scripts.join(" ")),
        &format!("style-src {}", hash(style)),
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        &format!("connect-src 'self'{}{}", if share_origin.is_some() { " " } else { "" }, share_origin.unwrap_or("")),
        "worker-src 'self'",
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
        let page = Page::plain(&Header::plain([7; 16], 1, 0), "</title><script>alert(1)</script>").render();
        assert!(!page.contains("<script>alert"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(1)"));
    }

    #[test]
    fn a_page_of_another_language_has_the_same_script_and_says_its_language() {
        let header = Header::plain([7; 16], 1, 0);
        let english = Page::plain(&header, "t").render();
        let german = Page { language: Language::German, title: None, ..Page::plain(&header, "t") }.render();
        assert!(english.contains("<html lang=\"en\"") && english.contains("<title>t</title>"));
        assert!(german.contains("<html lang=\"de\"") && german.contains("<title>Bildschirmaufzeichnung</title>"));
        for page in [&english, &german] {
            assert_eq!(page.matches("<script type=\"application/json\" id=\"labels\">").count(), 1);
        }
        assert_eq!((Language::of_page(&english), Language::of_page(&german)), (Language::English, Language::German));
        let script = |page: &str| page.rsplit("<script>").next().unwrap().split("</script>").next().map(Into::into);
        assert_eq!(script(&english), script(&german) as Option<String>);
    }

    #[test]
    fn script_and_style_do_not_depend_on_the_bundle() {
        let one = Page::plain(&Header::plain([1; 16], 1, 0), "one").render();
        let other = Page::plain(&Header::plain([2; 16], 3, 4), "other").render();
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
        let page = Page::plain(&Header::plain([7; 16], 1, 0), "t").render();
        for (open, close) in [("<style>", "</style>"), ("<script>", "</script>")] {
            let text = page.split(open).nth(1).and_then(|rest| rest.split(close).next()).unwrap();
            assert!(page.contains(&hash(text)), "the hash of {open} is missing");
        }
    }
}
