//! `sealcast link`.

use zeroize::Zeroizing;

use super::console::Console;
use super::qr;
use super::target::Target;
use crate::cli::Link;
use crate::error::Error;
use crate::link::{self, joined};
use crate::when;

pub(super) fn run(options: &Link, console: &mut Console) -> Result<(), Error> {
    let mut target = Target::read(&options.target)?;
    let opened = target.open(Some(when::now()))?;
    if opened.header.share && target.share_in_link.is_none() {
        return Err(Error::usage(
            "the link would not say where the key share is",
            "give the link that export wrote, with what follows its #, or --link-file",
        ));
    }
    let mut fields = Vec::new();
    if let (true, Some(key)) = (opened.header.is_sealed(), &target.key) {
        fields.push(joined(&["k=", &key.to_text()]));
        fields.extend(target.share_in_link.map(|url| joined(&["s=", &url])));
    }
    if let Some(text) = &options.at {
        let ms = when::place_ms(text).ok_or_else(|| {
            Error::usage(format!("--at does not understand {text:?}"), "write seconds such as 83.5, or 1m23s, or 1:23")
        })?;
        fields.push(joined(&["t=", &seconds(ms)]));
    }
    let fields: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
    let fragment = Zeroizing::new(fields.join("&"));
    let link = link::link(&options.url, &opened.page_name(), &fragment)?;
    if options.qr {
        qr::warning(&link).iter().for_each(|warning| console.warn(warning));
        qr::show(&link, console);
    }
    console.result(&joined(&[&link, "\n"]))
}

/// Milliseconds as seconds without needless digits.
fn seconds(ms: u64) -> String {
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
