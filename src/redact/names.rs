//! Which names say that what stands behind them is a secret: keys, fields, parameters, cookies, headers.

use std::collections::{HashMap, HashSet};

/// How much a name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// Nothing.
    Plain,
    /// The value is a secret whatever it looks like.
    Secret(&'static str),
    /// The value is a secret when it looks like one.
    Perhaps(&'static str),
}

/// Names that say it as a whole, in lower case without what stands between their words, and the rule they follow.
const WHOLE: &[(&str, &str)] = &[
    ("accesskey", "key"),
    ("accesstoken", "token"),
    ("apikey", "key"),
    ("apisecret", "secret"),
    ("appsecret", "secret"),
    ("authenticitytoken", "csrf"),
    ("authkey", "key"),
    ("authorization", "authorization"),
    ("awsaccesskeyid", "key"),
    ("backupcode", "code"),
    ("backupcodes", "code"),
    ("bearer", "token"),
    ("cardno", "card"),
    ("cardnumber", "card"),
    ("ccnumber", "card"),
    ("cccsc", "card"),
    ("clientsecret", "secret"),
    ("connectionstring", "connection"),
    ("creditcard", "card"),
    ("creditcardnumber", "card"),
    ("csrf", "csrf"),
    ("csrfmiddlewaretoken", "csrf"),
    ("cvc", "card"),
    ("cvc2", "card"),
    ("cvv", "card"),
    ("cvv2", "card"),
    ("encryptionkey", "key"),
    ("jsessionid", "session"),
    ("jwt", "token"),
    ("kennwort", "password"),
    ("masterkey", "key"),
    ("mfacode", "code"),
    ("mnemonic", "secret"),
    ("motdepasse", "password"),
    ("onetimecode", "code"),
    ("onetimepassword", "code"),
    ("otp", "code"),
    ("otpcode", "code"),
    ("pass", "password"),
    ("passcode", "password"),
    ("passphrase", "password"),
    ("passwd", "password"),
    ("password", "password"),
    ("passwort", "password"),
    ("phpsessid", "session"),
    ("pin", "code"),
    ("pincode", "code"),
    ("privatekey", "key"),
    ("proxyauthorization", "authorization"),
    ("pwd", "password"),
    ("recoverycode", "code"),
    ("recoverycodes", "code"),
    ("requestverificationtoken", "csrf"),
    ("samlresponse", "token"),
    ("sastoken", "token"),
    ("secretkey", "key"),
    ("securitycode", "card"),
    ("seedphrase", "secret"),
    ("sessiontoken", "session"),
    ("signingkey", "key"),
    ("smscode", "code"),
    ("socialsecuritynumber", "secret"),
    ("ssn", "secret"),
    ("token", "token"),
    ("totp", "code"),
    ("twofactorcode", "code"),
    ("verificationcode", "code"),
    ("xamzcredential", "key"),
    ("xamzsecuritytoken", "token"),
    ("xamzsignature", "signature"),
    ("xsrf", "csrf"),
];

/// Words that make a secret of a longer name.
const WITHIN: &[(&str, &str)] = &[
    ("password", "password"),
    ("passwd", "password"),
    ("passphrase", "password"),
    ("passwort", "password"),
    ("pwd", "password"),
    ("secret", "secret"),
    ("csrf", "csrf"),
    ("xsrf", "csrf"),
    ("token", "token"),
    ("jwt", "token"),
    ("otp", "code"),
    ("cvv", "card"),
    ("cvc", "card"),
    ("credential", "secret"),
    ("credentials", "secret"),
    ("apikey", "key"),
    ("authorization", "authorization"),
];

/// Names whose value is a secret when it looks like one.
const PERHAPS: &[(&str, &str)] = &[
    ("assertion", "token"),
    ("auth", "authorization"),
    ("clientassertion", "token"),
    ("code", "code"),
    ("codeverifier", "code"),
    ("connectsid", "session"),
    ("hmac", "signature"),
    ("invitation", "token"),
    ("invite", "token"),
    ("key", "key"),
    ("k", "key"),
    ("magic", "token"),
    ("nonce", "token"),
    ("policy", "signature"),
    ("sess", "session"),
    ("session", "session"),
    ("sessionid", "session"),
    ("sid", "session"),
    ("sig", "signature"),
    ("signature", "signature"),
    ("state", "token"),
    ("ticket", "token"),
    ("tokens", "token"),
];

/// Last words of names that tell about a secret, but not the secret.
const ABOUT: &[&str] = &[
    "address",
    "algorithm",
    "at",
    "attempts",
    "audience",
    "budget",
    "changed",
    "class",
    "color",
    "confirmed",
    "cost",
    "count",
    "counts",
    "created",
    "date",
    "decimals",
    "description",
    "disabled",
    "enabled",
    "endpoint",
    "error",
    "errors",
    "expiration",
    "expire",
    "expired",
    "expires",
    "expiry",
    "field",
    "fields",
    "format",
    "forgot",
    "help",
    "hint",
    "icon",
    "in",
    "input",
    "invalid",
    "issuer",
    "kind",
    "label",
    "length",
    "limit",
    "limits",
    "max",
    "message",
    "method",
    "min",
    "mode",
    "name",
    "names",
    "only",
    "path",
    "pattern",
    "placeholder",
    "policy",
    "position",
    "price",
    "protected",
    "provider",
    "rate",
    "required",
    "reset",
    "rules",
    "scope",
    "scopes",
    "size",
    "source",
    "start",
    "state",
    "status",
    "strength",
    "symbol",
    "text",
    "title",
    "ttl",
    "type",
    "types",
    "updated",
    "uri",
    "url",
    "usage",
    "used",
    "valid",
    "version",
    "visible",
];

/// First words of names that ask or count.
const ASKING: &[&str] = &[
    "can",
    "color",
    "completion",
    "confirmed",
    "design",
    "forgot",
    "has",
    "hide",
    "input",
    "is",
    "max",
    "min",
    "needs",
    "no",
    "num",
    "output",
    "prompt",
    "requires",
    "should",
    "show",
    "syntax",
    "total",
    "use",
    "uses",
];

/// Words before `key` that make it a secret.
const KEYS: &[&str] =
    &["access", "api", "app", "auth", "encryption", "master", "private", "secret", "signing", "subscription"];

/// Names that are remembered, so that each is judged once.
const REMEMBERED: usize = 4096;
/// Bytes of the longest name that is judged.
const LONGEST: usize = 80;

/// Judges names.
#[derive(Debug, Default)]
pub(super) struct Names {
    judged: HashMap<Box<str>, Name, std::hash::BuildHasherDefault<Quick>>,
    added: HashSet<String>,
    removed: HashSet<String>,
}

impl Names {
    pub(super) fn new(added: &[String], removed: &[String]) -> Self {
        let set = |names: &[String]| names.iter().map(|name| words(name).concat()).collect();
        Self { judged: HashMap::default(), added: set(added), removed: set(removed) }
    }

    /// What a name says.
    pub(super) fn judge(&mut self, name: &str) -> Name {
        if name.len() < 2 && name != "k" || name.len() > LONGEST {
            return Name::Plain;
        }
        if let Some(known) = self.judged.get(name) {
            return *known;
        }
        let judged = self.judge_anew(name);
        if self.judged.len() < REMEMBERED {
            self.judged.insert(name.into(), judged);
        }
        judged
    }

    fn judge_anew(&self, name: &str) -> Name {
        let words = words(name);
        let whole = words.concat();
        if self.removed.contains(&whole) {
            return Name::Plain;
        }
        if self.added.contains(&whole) {
            return Name::Secret("named");
        }
        if let Some(rule) = find(WHOLE, &whole) {
            return Name::Secret(rule);
        }
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return Name::Plain };
        let removed = |word: &str| self.removed.contains(word);
        let within = words.iter().filter(|word| !removed(word)).find_map(|word| find(WITHIN, word));
        let pair = words.windows(2).any(|pair| pair[1] == "key" && KEYS.contains(&pair[0].as_str()));
        let whole_pair = words.windows(2).find_map(|pair| find(WHOLE, &pair.concat()));
        if let Some(rule) = within.or(pair.then_some("key")).or(whole_pair) {
            if ABOUT.contains(&last.as_str()) || ASKING.contains(&first.as_str()) {
                return Name::Plain;
            }
            if ["id", "ids", "hash", "tokens", "key"].contains(&last.as_str()) && !pair {
                return Name::Perhaps(rule);
            }
            return Name::Secret(rule);
        }
        if let Some(rule) = find(PERHAPS, &whole) {
            return Name::Perhaps(rule);
        }
        match (words.len() > 1).then(|| find(PERHAPS, last)).flatten() {
            Some(rule) if last != "state" && last != "code" && last != "key" && last != "policy" => Name::Perhaps(rule),
            _ if whole.ends_with("sessionid") || whole.contains("sessid") => Name::Perhaps("session"),
            _ => Name::Plain,
        }
    }
}

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(own, _)| *own == name).map(|(_, rule)| *rule)
}

/// The words of a name in lower case: `userPassword`, `user_password` and `USER-PASSWORD` have the same two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let next_is_small = letters.peek().is_some_and(|next| next.is_lowercase());
        let starts = letter.is_uppercase()
            && (before.is_lowercase() || before.is_ascii_digit() || (before.is_uppercase() && next_is_small));
        if !letter.is_alphanumeric() || starts {
            words.push(String::new());
        }
        if letter.is_alphanumeric() {
            words.last_mut().map(|word| word.extend(letter.to_lowercase()));
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// FNV-1a, which is quick on short names. Whoever makes names collide slows down the export of their own recording.
#[derive(Debug)]
pub(super) struct Quick(u64);

impl Default for Quick {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl std::hash::Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_however_they_are_written() {
        let mut names = Names::default();
        for name in [
            "password",
            "Password",
            "userPassword",
            "new_password",
            "password_confirmation",
            "PASSWD",
            "client_secret",
            "accessToken",
            "refresh-token",
            "X-CSRF-Token",
            "apiKey",
            "API_KEY",
            "x-api-key",
            "stripeSecretKey",
            "cvv",
            "privateKey",
            "otp",
            "db_password",
            "authorization",
            "csrfmiddlewaretoken",
            "__RequestVerificationToken",
        ] {
            assert!(matches!(names.judge(name), Name::Secret(_)), "{name}: {:?}", names.judge(name));
        }
        for name in ["session_id", "sid", "code", "state", "key", "connect.sid", "sig", "tokenId"] {
            assert!(matches!(names.judge(name), Name::Perhaps(_)), "{name}: {:?}", names.judge(name));
        }
    }

    #[test]
    fn names_of_other_things_are_not() {
        let mut names = Names::default();
        for name in [
            "tokenType",
            "token_expires_in",
            "passwordPolicy",
            "isPasswordVisible",
            "max_tokens",
            "forgotPassword",
            "passwordLabel",
            "author",
            "compass",
            "monkey",
            "keyboard",
            "pinned",
            "secretary",
            "name",
            "zipCode",
            "countryCode",
            "statusCode",
            "cacheKey",
            "tokenizer",
            "passenger",
            "description",
            "html",
        ] {
            assert_eq!(names.judge(name), Name::Plain, "{name}");
        }
    }

    #[test]
    fn names_can_be_added_and_removed() {
        let mut names = Names::new(&["Kunden-Nummer".into()], &["pin".into(), "token".into()]);
        assert_eq!(names.judge("kundenNummer"), Name::Secret("named"));
        assert_eq!(names.judge("pin"), Name::Plain);
        assert_eq!(names.judge("user_token"), Name::Plain);
    }
}
