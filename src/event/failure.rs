//! Which events are failures, and how bad each is.

use serde::Serialize;

use super::{Level, NetworkRow, Row};

/// What makes an event a failure, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum FailureKind {
    /// An error nothing caught.
    Uncaught,
    /// A document, fetch or XHR request that failed.
    Request,
    /// An error written to the console.
    Console,
    /// Any other request that failed.
    Resource,
    /// An icon or image that failed to load.
    Image,
}

impl FailureKind {
    /// All kinds, worst first.
    pub const ALL: [Self; 5] = [Self::Uncaught, Self::Request, Self::Console, Self::Resource, Self::Image];

    /// The name used in the manifest.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uncaught => "uncaught",
            Self::Request => "request",
            Self::Console => "console",
            Self::Resource => "resource",
            Self::Image => "image",
        }
    }
}

impl Row {
    /// Whether, and how, this event is a failure: an uncaught error, a console error, a response of
    /// 400 or more, or a request without response that was not cancelled.
    #[must_use]
    pub fn failure(&self) -> Option<FailureKind> {
        match self {
            Self::Console(row) if row.uncaught => Some(FailureKind::Uncaught),
            Self::Console(row) if row.level == Level::Error => Some(FailureKind::Console),
            Self::Network(row) if row.failed() => Some(match row.kind.as_str() {
                // What was answered to a browser's own request for an icon may look like a document.
                _ if row.is_icon() => FailureKind::Image,
                "document" | "fetch" | "xhr" => FailureKind::Request,
                "image" => FailureKind::Image,
                _ => FailureKind::Resource,
            }),
            _ => None,
        }
    }
}

impl NetworkRow {
    /// Whether the URL names an icon: `favicon.…`, or anything that ends in `.ico`.
    fn is_icon(&self) -> bool {
        let path = self.url.split(['?', '#']).next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        name.starts_with("favicon.") || name.ends_with(".ico")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Ids;

    fn failure(kind: &str, url: &str) -> Option<FailureKind> {
        let row = NetworkRow {
            method: "GET".into(),
            url: url.into(),
            status: 404,
            kind: kind.into(),
            mime: None,
            duration: None,
            wait: None,
            phases: Vec::new(),
            size: None,
            error: None,
            canceled: false,
            from: None,
            ids: Ids::default(),
        };
        Row::Network(row).failure()
    }

    #[test]
    fn icons_and_images_fail_last() {
        assert_eq!(failure("image", "http://a/b"), Some(FailureKind::Image));
        assert_eq!(failure("document", "http://a/favicon.png?v=1"), Some(FailureKind::Image));
        assert_eq!(failure("other", "http://a/touch/icon.ICO#x"), Some(FailureKind::Image));
        assert_eq!(failure("document", "http://favicon.example/"), Some(FailureKind::Request));
        assert_eq!(failure("xhr", "http://a/?x=/favicon.ico"), Some(FailureKind::Request));
        assert_eq!(failure("script", "http://a/b.js"), Some(FailureKind::Resource));
        assert!(FailureKind::ALL.is_sorted());
    }

    #[test]
    fn names_are_those_that_are_written() {
        for kind in FailureKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }
}
