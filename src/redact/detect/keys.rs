//! Keys that say by their first characters, or by a mark inside, whose they are.

use super::Finding;
use super::bytes::{HEX, Set, URL64, begins, measures, random};
use super::trigger::{Ask, Trigger};

/// How one kind of key looks.
pub(super) struct Key {
    rule: &'static str,
    literal: &'static str,
    /// The bytes behind the literal, and how many of them at least and at most.
    body: &'static Set,
    least: usize,
    most: usize,
    /// Bytes before the literal that belong to it; more than none for marks inside a key.
    before: usize,
    /// Whether the body must look random, because the literal is in other words too.
    random: bool,
}

/// No key is longer, but tokens may be.
const LONG: usize = 4_096;

static ALNUM: Set = Set::of("A-Za-z0-9");
static UPPER: Set = Set::of("A-Z0-9");
static DOTTED: Set = Set::of("A-Za-z0-9_.-");
static DOTTED_TILDE: Set = Set::of("A-Za-z0-9_.~-");
static INSIDE: Set = Set::of("A-Za-z0-9+/_.~-");
static WIDE: Set = Set::of("A-Za-z0-9+/=_.%~-");

const fn key(rule: &'static str, literal: &'static str, body: &'static Set, least: usize) -> Key {
    Key { rule, literal, body, least, most: LONG, before: 0, random: false }
}

const fn exact(rule: &'static str, literal: &'static str, body: &'static Set, length: usize) -> Key {
    Key { most: length, ..key(rule, literal, body, length) }
}

/// A key whose literal says little.
const fn vague(rule: &'static str, literal: &'static str, body: &'static Set, least: usize, most: usize) -> Key {
    Key { most, random: true, ..key(rule, literal, body, least) }
}

/// A key with a mark inside, behind so many bytes.
const fn marked(
    rule: &'static str,
    before: usize,
    literal: &'static str,
    body: &'static Set,
    least: usize,
    most: usize,
) -> Key {
    Key { before, most, random: true, ..key(rule, literal, body, least) }
}

/// After what providers publish about their keys. A key that is meant to be public (Stripe's `pk_`, PostHog's
/// `phc_`, Mapbox's `pk.`, Square's `sq0idp-`) is not here.
static KEYS: &[Key] = &[
    exact("aws-key", "AKIA", &UPPER, 16),
    exact("aws-key", "ASIA", &UPPER, 16),
    exact("aws-key", "ABIA", &UPPER, 16),
    exact("aws-key", "ACCA", &UPPER, 16),
    key("aws-key", "ABSK", &WIDE, 100),
    key("github-token", "ghp_", &ALNUM, 30),
    key("github-token", "gho_", &ALNUM, 30),
    key("github-token", "ghu_", &ALNUM, 30),
    key("github-token", "ghs_", &DOTTED, 30),
    key("github-token", "ghr_", &ALNUM, 30),
    key("github-token", "github_pat_", &URL64, 22),
    key("gitlab-token", "glpat-", &DOTTED, 20),
    key("gitlab-token", "gldt-", &DOTTED, 20),
    key("gitlab-token", "glft-", &DOTTED, 20),
    key("gitlab-token", "glrt-", &DOTTED, 20),
    key("gitlab-token", "glcbt-", &DOTTED, 20),
    key("gitlab-token", "glptt-", &DOTTED, 20),
    key("gitlab-token", "glsoat-", &DOTTED, 20),
    key("gitlab-token", "glagent-", &DOTTED, 20),
    key("gitlab-token", "gloas-", &DOTTED, 20),
    key("gitlab-token", "glimt-", &DOTTED, 20),
    key("slack-token", "xoxb-", &WIDE, 10),
    key("slack-token", "xoxp-", &WIDE, 10),
    key("slack-token", "xoxa-", &WIDE, 10),
    key("slack-token", "xoxr-", &WIDE, 10),
    key("slack-token", "xoxs-", &WIDE, 10),
    key("slack-token", "xoxc-", &WIDE, 10),
    key("slack-token", "xoxd-", &WIDE, 10),
    key("slack-token", "xoxe-", &WIDE, 10),
    key("slack-token", "xoxe.", &WIDE, 10),
    key("slack-token", "xapp-", &WIDE, 10),
    key("stripe-key", "sk_live_", &ALNUM, 10),
    key("stripe-key", "sk_test_", &ALNUM, 10),
    key("stripe-key", "rk_live_", &ALNUM, 10),
    key("stripe-key", "rk_test_", &ALNUM, 10),
    key("stripe-key", "whsec_", &WIDE, 20),
    exact("google-key", "AIza", &URL64, 35),
    key("google-token", "ya29.", &DOTTED, 20),
    key("google-secret", "GOCSPX-", &URL64, 20),
    vague("google-token", "1//0", &URL64, 30, LONG),
    key("google-key", "APA91b", &URL64, 80),
    marked("azure-secret", 3, "7Q~", &DOTTED_TILDE, 31, 34),
    marked("azure-secret", 3, "8Q~", &DOTTED_TILDE, 31, 34),
    marked("azure-secret", 3, "9Q~", &DOTTED_TILDE, 31, 34),
    marked("azure-key", 76, "+AStA", &WIDE, 5, 9),
    marked("azure-key", 44, "AzFu", &WIDE, 6, 10),
    marked("azure-key", 42, "AzSe", &WIDE, 6, 10),
    marked("azure-key", 76, "+ACDb", &WIDE, 5, 9),
    marked("azure-token", 76, "AZDO", &ALNUM, 4, 4),
    marked("azure-key", 52, "JQQJ99", &ALNUM, 20, 30),
    vague("sendgrid-key", "SG.", &DOTTED, 40, 90),
    vague("mailgun-key", "key-", &HEX, 32, 32),
    key("npm-token", "npm_", &ALNUM, 36),
    key("pypi-token", "pypi-AgE", &URL64, 50),
    key("openai-key", "sk-proj-", &URL64, 20),
    key("openai-key", "sk-svcacct-", &URL64, 20),
    key("openai-key", "sk-admin-", &URL64, 20),
    vague("openai-key", "sk-", &URL64, 20, LONG),
    key("anthropic-key", "sk-ant-", &URL64, 20),
    key("huggingface-token", "hf_", &ALNUM, 30),
    key("huggingface-token", "api_org_", &ALNUM, 30),
    vague("replicate-token", "r8_", &ALNUM, 37, 37),
    key("groq-key", "gsk_", &ALNUM, 40),
    key("xai-key", "xai-", &ALNUM, 60),
    key("perplexity-key", "pplx-", &ALNUM, 40),
    key("pinecone-key", "pcsk_", &URL64, 40),
    key("langsmith-key", "lsv2_", &URL64, 36),
    key("tavily-key", "tvly-", &URL64, 20),
    key("nvidia-key", "nvapi-", &URL64, 40),
    key("shopify-token", "shpat_", &HEX, 32),
    key("shopify-token", "shpca_", &HEX, 32),
    key("shopify-token", "shppa_", &HEX, 32),
    key("shopify-token", "shpss_", &HEX, 32),
    key("square-token", "sq0atp-", &URL64, 22),
    key("square-token", "sq0csp-", &URL64, 40),
    vague("square-token", "EAAA", &URL64, 60, 60),
    vague("facebook-token", "EAA", &ALNUM, 90, LONG),
    key("braintree-token", "access_token$production$", &Set::of("a-z0-9$"), 40),
    key("digitalocean-token", "dop_v1_", &HEX, 64),
    key("digitalocean-token", "doo_v1_", &HEX, 64),
    key("digitalocean-token", "dor_v1_", &HEX, 64),
    key("heroku-key", "HRKU-", &URL64, 30),
    key("databricks-token", "dapi", &Set::of("a-f0-9-"), 32),
    key("linear-key", "lin_api_", &ALNUM, 30),
    key("linear-key", "lin_oauth_", &ALNUM, 30),
    vague("notion-token", "secret_", &ALNUM, 43, 43),
    key("notion-token", "ntn_", &ALNUM, 40),
    key("atlassian-token", "ATATT3", &WIDE, 40),
    key("atlassian-token", "ATCTT3", &WIDE, 40),
    key("bitbucket-token", "ATBB", &ALNUM, 28),
    key("sentry-token", "sntrys_", &WIDE, 20),
    key("sentry-token", "sntryu_", &HEX, 64),
    key("posthog-key", "phx_", &URL64, 30),
    key("vault-token", "hvs.", &URL64, 20),
    key("vault-token", "hvb.", &URL64, 20),
    key("vault-token", "hvr.", &URL64, 20),
    marked("terraform-token", 14, ".atlasv1.", &WIDE, 40, 100),
    key("doppler-token", "dp.pt.", &DOTTED, 35),
    key("doppler-token", "dp.st.", &DOTTED, 35),
    key("doppler-token", "dp.ct.", &DOTTED, 35),
    key("doppler-token", "dp.sa.", &DOTTED, 35),
    key("doppler-token", "dp.scim.", &DOTTED, 35),
    key("doppler-token", "dp.audit.", &DOTTED, 35),
    key("fly-token", "fm1_", &WIDE, 50),
    key("fly-token", "fm2_", &WIDE, 50),
    key("fly-token", "fm1r_", &WIDE, 50),
    key("fly-token", "fo1_", &WIDE, 40),
    key("grafana-token", "glsa_", &URL64, 32),
    key("grafana-token", "glc_", &WIDE, 32),
    key("newrelic-key", "NRAK-", &UPPER, 27),
    key("newrelic-key", "NRII-", &URL64, 25),
    key("newrelic-key", "NRRA-", &URL64, 25),
    key("age-key", "AGE-SECRET-KEY-1", &UPPER, 50),
    key("figma-token", "figd_", &URL64, 30),
    key("postman-key", "PMAK-", &Set::of("a-f0-9-"), 50),
    key("rubygems-key", "rubygems_", &HEX, 48),
    vague("crates-token", "cio", &ALNUM, 32, 32),
    key("docker-token", "dckr_pat_", &URL64, 20),
    key("docker-token", "dckr_oat_", &URL64, 20),
    vague("dropbox-token", "sl.", &DOTTED, 100, LONG),
    key("contentful-token", "CFPAT-", &URL64, 40),
    key("typeform-token", "tfp_", &DOTTED, 40),
    key("brevo-key", "xkeysib-", &URL64, 60),
    key("brevo-key", "xsmtpsib-", &URL64, 60),
    vague("resend-key", "re_", &URL64, 33, 33),
    key("pulumi-token", "pul-", &HEX, 40),
    key("planetscale-token", "pscale_", &DOTTED, 32),
    key("prefect-key", "pnu_", &ALNUM, 36),
    key("readme-key", "rdme_", &ALNUM, 60),
    key("supabase-key", "sbp_", &HEX, 40),
    key("supabase-key", "sb_secret_", &URL64, 20),
    key("netlify-token", "nfp_", &ALNUM, 36),
    key("render-key", "rnd_", &ALNUM, 28),
    key("tailscale-key", "tskey-", &URL64, 20),
    key("mapbox-token", "sk.eyJ", &DOTTED, 40),
    vague("alibaba-key", "LTAI", &ALNUM, 12, 26),
    vague("tencent-key", "AKID", &ALNUM, 32, 32),
    key("artifactory-key", "AKCp", &ALNUM, 65),
    key("sonar-token", "squ_", &HEX, 40),
    key("sonar-token", "sqp_", &HEX, 40),
    key("sonar-token", "sqa_", &HEX, 40),
    key("circleci-token", "CCIPAT_", &URL64, 30),
    key("buildkite-token", "bkua_", &HEX, 40),
    key("dynatrace-token", "dt0c01.", &DOTTED, 80),
    vague("launchdarkly-key", "sdk-", &Set::of("a-f0-9-"), 36, 36),
    key("honeycomb-key", "hcaik_", &ALNUM, 50),
    key("flutterwave-key", "FLWSECK", &URL64, 20),
    key("plaid-token", "access-production-", &Set::of("a-f0-9-"), 36),
    key("plaid-token", "access-sandbox-", &Set::of("a-f0-9-"), 36),
    key("shippo-token", "shippo_live_", &HEX, 40),
    key("duffel-token", "duffel_live_", &URL64, 40),
    vague("easypost-key", "EZAK", &ALNUM, 54, 54),
    key("1password-token", "ops_eyJ", &URL64, 60),
    marked("telegram-token", 8, ":AA", &URL64, 33, 33),
    key("cloudflare-key", "v1.0-", &Set::of("a-f0-9-"), 160),
    key("okta-token", "SSWS ", &URL64, 20),
    vague("airtable-token", "pat", &DOTTED, 79, 79),
    key("adobe-token", "p8e-", &ALNUM, 32),
    vague("clickhouse-key", "4b1d", &ALNUM, 38, 38),
    vague("databento-key", "db-", &ALNUM, 29, 29),
    key("elevenlabs-key", "sk_", &HEX, 48),
    key("harness-token", "pat.", &DOTTED, 60),
];

/// Finds every kind.
pub(super) fn triggers() -> Vec<Trigger> {
    KEYS.iter().map(|key| Trigger { literal: key.literal, fold: false, ask: Ask::Key(key) }).collect()
}

impl Key {
    /// The key whose literal stands at a place.
    pub(super) fn find(&self, bytes: &[u8], literal: usize) -> Option<Finding> {
        let start = literal.checked_sub(self.before)?;
        if self.before == 0 && !begins(bytes, start) {
            return None;
        }
        let body = literal + self.literal.len();
        let end = self.body.end(bytes, body, self.most + 1);
        let fits = measures(&(body..end), self.least, self.most);
        if !fits || !bytes[start..literal].iter().all(|byte| INSIDE.has(*byte)) {
            return None;
        }
        let sure = !self.random || random(&bytes[start..end]);
        (sure && !self.is_shadowed(&bytes[literal..])).then(|| Finding::credential(start..end, self.rule))
    }

    /// Whether another literal says more: `sk-ant-` than `sk-`.
    fn is_shadowed(&self, bytes: &[u8]) -> bool {
        let longer =
            |other: &&Self| other.literal.len() > self.literal.len() && other.literal.starts_with(self.literal);
        KEYS.iter().filter(longer).any(|other| bytes.starts_with(other.literal.as_bytes()))
    }
}
