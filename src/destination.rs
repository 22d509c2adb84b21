//! Where shares go, and what is known to fit there.

use crate::error::Error;
use crate::layout::{self, Limit, Target};
use crate::link;

/// A place that takes shares.
#[derive(Debug)]
pub(crate) struct Destination {
    pub(crate) name: &'static str,
    /// As in “… does not fit GitHub issues”.
    title: &'static str,
    /// The layouts that fit, the best one first.
    layouts: &'static [&'static str],
    /// Why others do not.
    why: &'static str,
    /// Whether it is given a file, and goes by its ending.
    attached: bool,
    /// Whether it is given files by commands.
    pub(crate) uploads: bool,
    /// Whether it shows the page in a frame.
    pub(crate) frames: bool,
    limit: Option<Limit>,
}

/// Every destination. Limits are those that are documented, in the stricter reading where units or plans differ
/// (1 MB = 1,000,000 bytes); whoever knows better writes `--max-size`.
const DESTINATIONS: &[Destination] = &[
    // docs.github.com, “Attaching files”: 25 MB; .zip everywhere, .html and .htm on github.com and on Enterprise
    // Server after 3.18, so the archive comes first.
    Destination {
        name: "github",
        title: "GitHub issues",
        layouts: &["zip", "html"],
        why: "an attachment is one file",
        attached: true,
        uploads: false,
        frames: false,
        limit: Some(Limit::of(
            "what GitHub issues take",
            25_000_000,
            "leave something out (--bodies none, --panels), or put the share on a web server: --for s3",
        )),
    },
    // Jira: the administrator sets the limit, GET /rest/api/3/attachment/meta tells it as `uploadLimit`; 10 MB is
    // what Jira Server and Data Center begin with (`webwork.multipart.maxSize`), Cloud begins with more.
    Destination {
        name: "jira",
        title: "Jira issues",
        layouts: &["zip", "html"],
        why: "an attachment is one file",
        attached: true,
        uploads: false,
        frames: false,
        limit: Some(Limit::of(
            "what Jira takes as it comes",
            10_000_000,
            "yours may take more: /rest/api/3/attachment/meta says how much; pass that as --max-size",
        )),
    },
    // support.zendesk.com, “Attachment size limits”: 50 MB a file, fixed. Out of tickets, by mail, files above
    // 7 MB become links. Administrators may forbid endings.
    Destination {
        name: "zendesk",
        title: "Zendesk tickets",
        layouts: &["zip", "html"],
        why: "an attachment is one file",
        attached: true,
        uploads: false,
        frames: false,
        limit: Some(Limit::of(
            "what Zendesk takes",
            50_000_000,
            "leave something out (--bodies none, --panels), or put the share on a web server: --for s3",
        )),
    },
    // Gmail (support.google.com/mail/answer/6584): 25 MB a message, in which base64 makes 57 bytes 78: 18 MB of
    // files. It bounces archives with .js inside, which ours never have; other gateways strip .html.
    Destination {
        name: "email",
        title: "mail",
        layouts: &["zip", "html"],
        why: "an attachment is one file",
        attached: true,
        uploads: false,
        frames: false,
        limit: Some(Limit::of(
            "what fits into a message of 25 MB",
            18_000_000,
            "send a link instead: --for s3; or pass --max-size when both sides' servers take more",
        )),
    },
    // Objects may have terabytes.
    Destination {
        name: "s3",
        title: "an object store",
        layouts: &["dir", "html"],
        why: "readers would have to download and unpack an archive",
        attached: false,
        uploads: true,
        frames: false,
        limit: None,
    },
    Destination {
        name: "iframe",
        title: "an iframe",
        layouts: &["dir", "html"],
        why: "a frame shows a page, not an archive",
        attached: false,
        uploads: false,
        frames: true,
        limit: None,
    },
];

/// The names of all destinations, for help and completions.
pub(crate) fn names() -> Vec<&'static str> {
    DESTINATIONS.iter().map(|destination| destination.name).collect()
}

impl Destination {
    /// The destination of this name.
    pub(crate) fn find(name: &str) -> Result<&'static Self, Error> {
        DESTINATIONS.iter().find(|destination| destination.name == name).ok_or_else(|| {
            Error::usage(format!("there is no destination {name}"), format!("destinations: {}", names().join(", ")))
        })
    }

    /// The layout that fits best.
    pub(crate) const fn layout(&self) -> &'static str {
        self.layouts[0]
    }

    /// The most bytes that it takes.
    pub(crate) const fn limit(&self) -> Option<Limit> {
        self.limit
    }

    /// Refuses a target that does not fit in kind.
    pub(crate) fn check(&self, target: &Target, layout: &str) -> Result<(), Error> {
        if !self.layouts.contains(&layout) {
            return Err(Error::usage(
                format!("a share of layout {layout} does not fit {}", self.title),
                format!("{}; leave out -o and --layout, or choose {}", self.why, self.layouts.join(" or ")),
            ));
        }
        if target.is_stdout() {
            return if self.uploads {
                Err(Error::usage("what goes to stdout cannot be uploaded as a file", "name a file or folder with -o"))
            } else {
                Ok(())
            };
        }
        if self.attached && target.layout_name() != layout {
            return Err(Error::usage(
                format!("{} does not fit {}, which goes by the ending", target.path.display(), self.title),
                format!("name a file with -o that ends in .{}", layout::endings(layout)?.join(" or .")),
            ));
        }
        Ok(())
    }

    /// Refuses an address that does not fit.
    pub(crate) fn check_url(&self, url: &str) -> Result<(), Error> {
        if self.frames && link::origin(url).is_err() {
            return Err(Error::usage(
                "browsers show no http page in the frame of an https page",
                "serve the share by https, and write that URL",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(name: &str, out: &str, layout: &str) -> Result<(), u8> {
        let target = Target::new(out.into(), false);
        Destination::find(name).unwrap().check(&target, layout).map_err(|error| error.exit_code())
    }

    #[test]
    fn the_best_layout_fits_under_its_own_name() {
        for destination in DESTINATIONS {
            let layout = destination.layout();
            let out = format!("bug{}", layout::suffix(layout).unwrap());
            assert_eq!(checked(destination.name, &out, layout), Ok(()), "{}", destination.name);
        }
    }

    #[test]
    fn attachments_are_files_that_end_in_what_they_are() {
        for name in ["github", "jira", "zendesk", "email"] {
            assert_eq!(checked(name, "bug.zip", "zip"), Ok(()));
            assert_eq!(checked(name, "bug.html", "html"), Ok(()));
            assert_eq!(checked(name, "-", "html"), Ok(()));
            assert_eq!(checked(name, "bug", "dir"), Err(2));
            assert_eq!(checked(name, "bug.bin", "zip"), Err(2));
            assert_eq!(checked(name, "bug.html", "zip"), Err(2));
        }
    }

    #[test]
    fn pages_are_no_archives() {
        for name in ["s3", "iframe"] {
            assert_eq!(checked(name, "bug.zip", "zip"), Err(2));
            assert_eq!(checked(name, "bug", "html"), Ok(()));
            assert_eq!(checked(name, "bug", "dir"), Ok(()));
        }
        assert_eq!(checked("s3", "-", "html"), Err(2));
        let iframe = Destination::find("iframe").unwrap();
        assert!(iframe.check_url("http://wiki.example/x/").is_err());
        assert!(iframe.check_url("https://wiki.example/x/").is_ok());
        assert!(iframe.check_url("http://127.0.0.1:8000/x/").is_ok());
    }
}
