//! The headers whose values may stay: standard ones that hold no secret. Of all others the name stays and the value goes.

use base64::Engine as _;

use super::path::Path;
use super::shape::{self, Sure};
use super::text::{Form, Kind};
use super::{Redactor, names::Name};

/// Headers that hold no secret by what they are for, in lower case and in order. Their values are still looked
/// through: an address in them may hold one.
#[rustfmt::skip]
const LISTED: &[&str] = &[
    ":authority", ":method", ":path", ":protocol", ":scheme", ":status", "accept", "accept-ch", "accept-charset",
    "accept-datetime", "accept-encoding", "accept-language", "accept-patch", "accept-post", "accept-ranges",
    "access-control-allow-credentials", "access-control-allow-headers", "access-control-allow-methods",
    "access-control-allow-origin", "access-control-allow-private-network", "access-control-expose-headers",
    "access-control-max-age", "access-control-request-headers", "access-control-request-method",
    "access-control-request-private-network", "age", "allow", "alt-svc", "alt-used", "apigw-requestid", "b3",
    "baggage", "cache-control", "cache-status", "cdn-cache-control", "cf-cache-status", "cf-ray", "clear-site-data",
    "connection", "content-digest", "content-disposition", "content-dpr", "content-encoding", "content-language",
    "content-length", "content-location", "content-md5", "content-range", "content-security-policy",
    "content-security-policy-report-only", "content-type", "correlation-id", "critical-ch",
    "cross-origin-embedder-policy", "cross-origin-embedder-policy-report-only", "cross-origin-opener-policy",
    "cross-origin-opener-policy-report-only", "cross-origin-resource-policy", "date", "deprecation",
    "device-memory", "digest", "dnt", "document-policy", "downlink", "dpr", "early-data", "ect", "etag", "expect",
    "expect-ct", "expires", "feature-policy", "grpc-accept-encoding", "grpc-encoding", "grpc-message",
    "grpc-status", "grpc-timeout", "host", "idempotency-key", "if-match", "if-modified-since", "if-none-match",
    "if-range", "if-unmodified-since", "keep-alive", "last-event-id", "last-modified", "link", "location",
    "max-forwards", "mime-version", "nel", "origin", "origin-agent-cluster", "origin-trial", "p3p",
    "permissions-policy", "pragma", "prefer", "preference-applied", "priority", "proxy-connection", "proxy-status",
    "purpose", "range", "ratelimit", "ratelimit-limit", "ratelimit-policy", "ratelimit-remaining",
    "ratelimit-reset", "referer", "referrer-policy", "refresh", "report-to", "reporting-endpoints", "request-id",
    "retry-after", "rtt", "save-data", "sec-ch-device-memory", "sec-ch-dpr", "sec-ch-prefers-color-scheme",
    "sec-ch-prefers-reduced-motion", "sec-ch-ua", "sec-ch-ua-arch", "sec-ch-ua-bitness", "sec-ch-ua-form-factors",
    "sec-ch-ua-full-version", "sec-ch-ua-full-version-list", "sec-ch-ua-mobile", "sec-ch-ua-model",
    "sec-ch-ua-platform", "sec-ch-ua-platform-version", "sec-ch-ua-wow64", "sec-ch-viewport-height",
    "sec-ch-viewport-width", "sec-ch-width", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site",
    "sec-fetch-storage-access", "sec-fetch-user", "sec-gpc", "sec-purpose", "sec-websocket-accept",
    "sec-websocket-extensions", "sec-websocket-key", "sec-websocket-protocol", "sec-websocket-version",
    "sentry-trace", "server", "server-timing", "service-worker", "service-worker-allowed",
    "service-worker-navigation-preload", "source-map", "sourcemap", "speculation-rules", "status",
    "strict-transport-security", "sunset", "surrogate-control", "te", "timing-allow-origin", "tk", "traceparent",
    "tracestate", "trailer", "transfer-encoding", "upgrade", "upgrade-insecure-requests", "user-agent", "vary",
    "via", "viewport-width", "want-digest", "warning", "width", "www-authenticate", "x-amz-cf-id", "x-amz-cf-pop",
    "x-amz-id-2", "x-amz-request-id", "x-amzn-requestid", "x-amzn-trace-id", "x-b3-flags", "x-b3-parentspanid",
    "x-b3-sampled", "x-b3-spanid", "x-b3-traceid", "x-cache", "x-cache-hits", "x-cloud-trace-context",
    "x-content-type-options", "x-correlation-id", "x-dns-prefetch-control", "x-download-options",
    "x-envoy-upstream-service-time", "x-frame-options", "x-http-method-override", "x-ms-request-id",
    "x-permitted-cross-domain-policies", "x-powered-by", "x-ratelimit-limit", "x-ratelimit-remaining",
    "x-ratelimit-reset", "x-request-id", "x-requested-with", "x-response-time", "x-robots-tag", "x-runtime",
    "x-served-by", "x-timer", "x-trace-id", "x-ua-compatible", "x-vercel-cache", "x-vercel-id", "x-xss-protection",
];

/// Headers that hold secrets by what they are for, in lower case and in order, and the rules they follow.
const SECRET: &[(&str, &str)] = &[
    ("api-key", "key"),
    ("apikey", "key"),
    ("authentication", "authorization"),
    ("authorization", "authorization"),
    ("cf-access-client-secret", "secret"),
    ("cf-access-jwt-assertion", "token"),
    ("cookie", "cookie"),
    ("cookie2", "cookie"),
    ("ocp-apim-subscription-key", "key"),
    ("private-token", "token"),
    ("proxy-authorization", "authorization"),
    ("set-cookie", "set-cookie"),
    ("set-cookie2", "set-cookie"),
    ("x-amz-security-token", "token"),
    ("x-api-key", "key"),
    ("x-auth", "authorization"),
    ("x-auth-token", "token"),
    ("x-authorization", "authorization"),
    ("x-functions-key", "key"),
    ("x-goog-api-key", "key"),
    ("x-hub-signature", "signature"),
    ("x-hub-signature-256", "signature"),
    ("x-vault-token", "token"),
];

/// Orders a name of any case among names in lower case.
fn order(own: &str, name: &str) -> std::cmp::Ordering {
    own.bytes().cmp(name.bytes().map(|byte| byte.to_ascii_lowercase()))
}

pub(super) fn is_listed(name: &str) -> bool {
    LISTED.binary_search_by(|own| order(own, name)).is_ok()
}

fn secret(name: &str) -> Option<&'static str> {
    SECRET.binary_search_by(|(own, _)| order(own, name)).ok().map(|place| SECRET[place].1)
}

/// What a header is by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// Its value stays.
    Listed,
    /// Its value holds a secret by what it is for.
    Secret(&'static str),
    /// Its value is a secret by what it is called.
    Named(&'static str),
    /// Nobody knows it.
    Unlisted,
}

impl Redactor {
    /// Removes a header's value, or what of it is secret.
    pub(super) fn header(&mut self, name: &str, value: &mut String, path: &Path<'_>) {
        self.tally.looked_at += 1;
        match self.of_header(name) {
            Header::Secret("cookie") => self.cookie_header(value, path),
            Header::Secret("set-cookie") => self.set_cookie_header(value, path),
            Header::Secret(rule) => self.credentials(value, rule, path),
            Header::Listed => self.text(value, Kind::Any, path),
            Header::Named(_) | Header::Unlisted if shape::is_stand_in(value) => {}
            Header::Named(rule) => self.credentials(value, rule, path),
            Header::Unlisted if self.config.leaves(value) => {}
            Header::Unlisted => self.unlisted(value),
        }
    }

    /// What a header is.
    pub(super) fn of_header(&mut self, name: &str) -> Header {
        if let Some(known) = self.headers.get(name) {
            return known;
        }
        let plain = name.trim().trim_end_matches(':');
        let allowed = self.config.allows(plain);
        let header = match secret(plain).filter(|_| !allowed) {
            Some(rule) => Header::Secret(rule),
            None if allowed || is_listed(plain) && !self.config.denies(plain) => Header::Listed,
            None => match self.names.judge(plain) {
                Name::Secret(rule) | Name::Perhaps(rule) => Header::Named(rule),
                Name::Plain => Header::Unlisted,
            },
        };
        self.headers.put(name, header);
        header
    }

    /// Removes the value of a header that nobody vouched for.
    fn unlisted(&mut self, value: &mut String) {
        self.tally.headers_not_listed += 1;
        *value = self.tags.of(value, "header-not-listed").text();
    }

    /// Removes credentials behind the word that says of which scheme they are.
    fn credentials(&mut self, value: &mut String, rule: &'static str, path: &Path<'_>) {
        let scheme = value
            .find(' ')
            .filter(|end| *end <= 20 && value[..*end].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
        let start = scheme.filter(|_| rule == "authorization").map_or(0, |end| end + 1);
        if shape::is_stand_in(&value[start..]) || self.config.leaves(&value[start..]) {
            return;
        }
        let secret = value.split_off(start);
        if value.eq_ignore_ascii_case("basic ") {
            self.basic(&secret);
        }
        let tag = self.remove(&secret, rule, Sure::Yes, path);
        value.push_str(&tag.shown(Form::Text));
    }

    /// Remembers the password inside of basic credentials too.
    fn basic(&mut self, secret: &str) {
        let decoded = base64::prelude::BASE64_STANDARD.decode(secret.trim()).ok();
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some((_, password)) = decoded.as_deref().and_then(|text| text.split_once(':')) {
            self.remember(password, "basic-auth", Sure::Yes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_order() {
        assert!(LISTED.is_sorted() && LISTED.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(SECRET.is_sorted());
        assert!(SECRET.iter().all(|(name, _)| !is_listed(name)));
    }

    #[test]
    fn case_does_not_matter() {
        assert!(is_listed("Content-Type") && is_listed("USER-AGENT") && !is_listed("X-Tenant"));
        assert_eq!(
            (secret("Authorization"), secret("X-API-Key"), secret("Accept")),
            (Some("authorization"), Some("key"), None)
        );
    }
}
