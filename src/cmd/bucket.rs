//! Which object of which bucket a share's page will be, told from where it shall be reachable.

use percent_encoding::percent_decode_str;

/// What stands for a bucket that the URL does not name.
pub(super) const UNKNOWN: &str = "YOUR-BUCKET";

/// A page's place in an object store.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bucket {
    pub(super) name: String,
    pub(super) region: Option<String>,
    /// Key of the page.
    pub(super) key: String,
}

impl Bucket {
    /// The place of a page that nothing is known of but its path.
    pub(super) fn unknown(page: &str) -> Self {
        Self { name: UNKNOWN.into(), region: None, key: page.into() }
    }

    /// The place of the page behind a link. Amazon's own hosts name bucket and region; of any other the path is
    /// kept, because names put before a bucket (a CDN, a domain) mostly keep it.
    pub(super) fn of(link: &str, page_name: &str) -> Self {
        let place = link.split(['?', '#']).next().unwrap_or_default();
        let rest = place.split_once("://").map_or(place, |(_, rest)| rest);
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let path = percent_decode_str(path).decode_utf8_lossy().into_owned();
        // A URL with a query is taken as it is, even if it names no file.
        let path = if path.is_empty() || path.ends_with('/') { path + page_name } else { path };
        let Some((bucket, region)) = amazon(host) else { return Self::unknown(&path) };
        match bucket {
            Some(name) => Self { name, region, key: path },
            None => match path.split_once('/') {
                Some((name, key)) if !name.is_empty() => Self { name: name.into(), region, key: key.into() },
                _ => Self { region, ..Self::unknown(&path) },
            },
        }
    }
}

/// Bucket and region that a host of Amazon names: `BUCKET.s3.REGION.amazonaws.com`, `s3.REGION.amazonaws.com`,
/// and their older forms with `s3-REGION`, `s3-website-REGION`, `dualstack`, or no region.
fn amazon(host: &str) -> Option<(Option<String>, Option<String>)> {
    let host = host.strip_suffix(".cn").unwrap_or(host);
    let labels: Vec<_> = host.strip_suffix(".amazonaws.com")?.split('.').collect();
    // Buckets may have dots and be called s3 themselves: the last such label is Amazon's.
    let at = labels.iter().rposition(|label| *label == "s3" || label.starts_with("s3-"))?;
    let after = labels[at + 1..].iter().copied().find(|label| *label != "dualstack");
    let inside = labels[at].strip_prefix("s3-").map(|rest| rest.strip_prefix("website-").unwrap_or(rest));
    let inside = inside.filter(|rest| !matches!(*rest, "website" | "accelerate"));
    let region = after.or(inside).map(str::to_owned);
    let bucket = labels[..at].join(".");
    Some(((!bucket.is_empty()).then_some(bucket), region))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amazons_hosts_name_bucket_and_region() {
        for (link, name, region, key) in [
            ("https://b.s3.eu-central-1.amazonaws.com/x/index.html?v=1", "b", Some("eu-central-1"), "x/index.html"),
            ("https://b.s3.eu-central-1.amazonaws.com/index.html?v=1#k=1", "b", Some("eu-central-1"), "index.html"),
            ("https://b.s3.amazonaws.com/x/index.html", "b", None, "x/index.html"),
            ("https://b.c.s3-eu-west-1.amazonaws.com/i.html", "b.c", Some("eu-west-1"), "i.html"),
            ("http://b.s3-website-us-east-1.amazonaws.com/i.html", "b", Some("us-east-1"), "i.html"),
            ("http://b.s3-website.us-east-2.amazonaws.com/i.html", "b", Some("us-east-2"), "i.html"),
            ("https://b.s3.dualstack.us-west-2.amazonaws.com/i.html", "b", Some("us-west-2"), "i.html"),
            ("https://b.s3-accelerate.amazonaws.com/i.html", "b", None, "i.html"),
            ("https://b.s3.cn-north-1.amazonaws.com.cn/i.html", "b", Some("cn-north-1"), "i.html"),
            ("https://s3.eu-central-1.amazonaws.com/b/x/y/i.html", "b", Some("eu-central-1"), "x/y/i.html"),
            ("https://s3.amazonaws.com/b/i.html", "b", None, "i.html"),
            ("https://b.s3.eu-central-1.amazonaws.com/a%20b/i.html", "b", Some("eu-central-1"), "a b/i.html"),
            ("https://b.s3.eu-central-1.amazonaws.com/x/?X-Amz-Signature=1", "b", Some("eu-central-1"), "x/i.html"),
            ("https://cdn.example/x/i.html?v=1", UNKNOWN, None, "x/i.html"),
            ("https://amazonaws.com.evil.example/x/i.html", UNKNOWN, None, "x/i.html"),
        ] {
            let region = region.map(str::to_owned);
            assert_eq!(Bucket::of(link, "i.html"), Bucket { name: name.into(), region, key: key.into() }, "{link}");
        }
    }
}
