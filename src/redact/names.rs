//! Which names say that what stands behind them is a secret: keys, fields, parameters, cookies, headers.

use std::collections::HashSet;

use super::quick::Remembered;

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

/// Rules, and the names that say it as a whole, in lower case without what stands between their words.
const WHOLE: &[(&str, &[&str])] = &[
    (
        "key",
        &[
            "accesskey",
            "apikey",
            "authkey",
            "awsaccesskeyid",
            "encryptionkey",
            "masterkey",
            "privatekey",
            "secretkey",
            "signingkey",
            "xamzcredential",
        ],
    ),
    ("token", &["accesstoken", "bearer", "jwt", "samlresponse", "sastoken", "token", "xamzsecuritytoken"]),
    ("secret", &["apisecret", "appsecret", "clientsecret", "mnemonic", "seedphrase", "socialsecuritynumber", "ssn"]),
    ("csrf", &["authenticitytoken", "csrf", "csrfmiddlewaretoken", "requestverificationtoken", "xsrf"]),
    ("authorization", &["authorization", "proxyauthorization"]),
    (
        "code",
        &[
            "backupcode",
            "backupcodes",
            "mfacode",
            "onetimecode",
            "onetimepassword",
            "otp",
            "otpcode",
            "pin",
            "pincode",
            "recoverycode",
            "recoverycodes",
            "smscode",
            "totp",
            "twofactorcode",
            "verificationcode",
        ],
    ),
    (
        "card",
        &[
            "cardno",
            "cardnumber",
            "ccnumber",
            "cccsc",
            "creditcard",
            "creditcardnumber",
            "cvc",
            "cvc2",
            "cvv",
            "cvv2",
            "securitycode",
        ],
    ),
    ("connection", &["connectionstring"]),
    ("session", &["jsessionid", "phpsessid", "sessiontoken"]),
    (
        "password",
        &["kennwort", "motdepasse", "pass", "passcode", "passphrase", "passwd", "password", "passwort", "pwd"],
    ),
    ("signature", &["xamzsignature"]),
];

/// Words that make a secret of a longer name.
const WITHIN: &[(&str, &[&str])] = &[
    ("password", &["password", "passwd", "passphrase", "passwort", "pwd"]),
    ("secret", &["secret", "credential", "credentials"]),
    ("csrf", &["csrf", "xsrf"]),
    ("token", &["token", "jwt"]),
    ("code", &["otp"]),
    ("card", &["cvv", "cvc"]),
    ("key", &["apikey"]),
    ("authorization", &["authorization"]),
];

/// Names whose value is a secret when it looks like one.
const PERHAPS: &[(&str, &[&str])] = &[
    ("token", &["assertion", "clientassertion", "invitation", "invite", "magic", "nonce", "state", "ticket", "tokens"]),
    ("authorization", &["auth"]),
    ("code", &["code", "codeverifier"]),
    ("session", &["connectsid", "sess", "session", "sessionid", "sid"]),
    ("signature", &["hmac", "policy", "sig", "signature"]),
    ("key", &["key", "k"]),
];

/// Last words of names that tell about a secret, but not the secret.
#[rustfmt::skip]
const ABOUT: &[&str] = &[
    "address", "algorithm", "at", "attempts", "audience", "budget", "changed", "class", "color", "confirmed",
    "cost", "count", "counts", "created", "date", "decimals", "description", "disabled", "enabled", "endpoint",
    "error", "errors", "expiration", "expire", "expired", "expires", "expiry", "field", "fields", "forgot",
    "format", "help", "hint", "icon", "in", "input", "invalid", "issuer", "kind", "label", "length", "limit",
    "limits", "max", "message", "method", "min", "mode", "name", "names", "only", "path", "pattern", "placeholder",
    "policy", "position", "price", "protected", "provider", "rate", "required", "reset", "rules", "scope", "scopes",
    "size", "source", "start", "state", "status", "strength", "symbol", "text", "title", "ttl", "type", "types",
    "updated", "uri", "url", "usage", "used", "valid", "version", "visible",
];

/// First words of names that ask or count.
#[rustfmt::skip]
const ASKING: &[&str] = &[
    "can", "color", "completion", "confirmed", "design", "forgot", "has", "hide", "input", "is", "max", "min",
    "needs", "no", "num", "output", "prompt", "requires", "should", "show", "syntax", "total", "use", "uses",
];

/// Words before `key` that make it a secret.
#[rustfmt::skip]
const KEYS: &[&str] = &[
    "access", "api", "app", "auth", "encryption", "master", "private", "secret", "signing", "subscription",
];

/// Bytes of the longest name that is judged.
const LONGEST: usize = 80;

/// Judges names.
#[derive(Debug, Default)]
pub(super) struct Names {
    judged: Remembered<Name>,
    added: HashSet<String>,
    removed: HashSet<String>,
}

impl Names {
    pub(super) fn new(added: &[String], removed: &[String]) -> Self {
        let set = |names: &[String]| names.iter().map(|name| words(name).concat()).collect();
        Self { judged: Remembered::default(), added: set(added), removed: set(removed) }
    }

    /// What a name says.
    pub(super) fn judge(&mut self, name: &str) -> Name {
        if name.len() < 2 && name != "k" || name.len() > LONGEST {
            return Name::Plain;
        }
        if let Some(known) = self.judged.get(name) {
            return known;
        }
        let judged = self.judge_anew(name);
        self.judged.put(name, judged);
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
        let within = words.iter().filter(|word| !removed(word)).find_map(|word| within(word));
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
            Some(rule)
                if last != "state" && last != "code" && last != "key" && last != "policy" && last != "tokens" =>
            {
                Name::Perhaps(rule)
            }
            _ if whole.ends_with("sessionid") || whole.contains("sessid") => Name::Perhaps("session"),
            _ => Name::Plain,
        }
    }
}

/// The rule of a word, also of several; only tokens are counted more often than listed.
fn within(word: &str) -> Option<&'static str> {
    let one = word.strip_suffix('s').filter(|_| word != "tokens").unwrap_or_default();
    find(WITHIN, word).or_else(|| find(WITHIN, one))
}

fn find(table: &[(&'static str, &[&str])], name: &str) -> Option<&'static str> {
    table.iter().find(|(_, names)| names.contains(&name)).map(|(rule, _)| *rule)
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
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
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
