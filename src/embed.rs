//! The code that shows a share in a frame of another page, and what each of its attributes is there for.

use zeroize::Zeroizing;

use crate::error::Error;
use crate::header::Header;
use crate::link::joined;

/// What a share needs of the frame around it.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Needs {
    /// Its own origin: it fetches files beside the page, or the second half of its key.
    pub origin: bool,
    /// A form: it asks for a password, or offers to try again.
    pub form: bool,
}

impl Needs {
    /// What a share with this header needs; `beside` when parts of it are files beside the page.
    #[must_use]
    pub const fn of(header: &Header, beside: bool) -> Self {
        Self { origin: beside || header.share, form: header.kdf.is_some() || header.share }
    }
}

/// A frame as it is wanted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Frame {
    /// What the share needs.
    pub needs: Needs,
    /// Options of the player, beside `embed=1`, as the fragment writes them.
    pub options: Vec<String>,
    /// Keeps the share apart even from its own origin.
    pub isolated: bool,
    /// Width in px at most; as wide as its place when it is `None`.
    pub width: Option<u32>,
    /// Width and height that the frame's sides relate like.
    pub aspect: (u32, u32),
}

impl Default for Frame {
    fn default() -> Self {
        Self { needs: Needs::default(), options: Vec::new(), isolated: false, width: None, aspect: (16, 9) }
    }
}

/// An attribute of the frame.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// Its value, not escaped.
    pub value: Zeroizing<String>,
    /// What it is there for.
    pub why: String,
}

/// The attributes of a frame that shows a share.
///
/// # Errors
/// When the share does not work in the frame that is wanted.
pub fn attributes(link: &str, title: &str, frame: &Frame) -> Result<Vec<Attribute>, Error> {
    let (sandbox, sandbox_why) = sandbox(frame)?;
    let attribute = |name, value: Zeroizing<String>, why: &str| Attribute { name, value, why: why.into() };
    Ok(vec![
        attribute("src", address(link, &frame.options), &address_why(link, &frame.options)),
        attribute("title", joined(&[title]), "what screen readers call the frame"),
        attribute(
            "style",
            joined(&[&style(frame)]),
            "its size; below 500 px of width the player shows the video and a button for the events",
        ),
        attribute("loading", joined(&["lazy"]), "nothing is fetched before the reader comes near it"),
        attribute(
            "allow",
            joined(&["fullscreen *; clipboard-write *; autoplay *"]),
            "full screen, copying links, and starting without a click inside, which frames of other sites may not do unasked",
        ),
        Attribute { name: "sandbox", value: joined(&[&sandbox]), why: sandbox_why },
        attribute("referrerpolicy", joined(&["no-referrer"]), "who hosts the share does not learn which page shows it"),
    ])
}

/// The code of a frame with these attributes.
#[must_use]
pub fn html(attributes: &[Attribute]) -> Zeroizing<String> {
    let values: Vec<_> = attributes.iter().map(|one| (one.name, escape(&one.value))).collect();
    let list: Vec<&str> = values.iter().flat_map(|(name, value)| [" ", name, "=\"", value, "\""]).collect();
    joined(&[&["<iframe"], &list[..], &["></iframe>"]].concat())
}

fn address(link: &str, options: &[String]) -> Zeroizing<String> {
    let options: String = options.iter().flat_map(|option| ["&", option]).collect();
    joined(&[link, if link.contains('#') { "&" } else { "#" }, "embed=1", &options])
}

fn address_why(link: &str, options: &[String]) -> String {
    let fragment = link.split_once('#').map_or("", |(_, fragment)| fragment);
    let mut why = vec!["the player; embed=1 leaves out its own title bar".to_owned()];
    for field in fragment.split('&').chain(options.iter().map(String::as_str)) {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        why.push(match name {
            "k" => "k= is the key of the recording".into(),
            "s" => "s= says where the second half of the key is".into(),
            "t" => format!("t={value} starts it at that second"),
            "autoplay" => "autoplay=1 plays at once".into(),
            "muted" => "muted=1 starts it without sound".into(),
            "loop" => "loop=1 starts it again at its end".into(),
            "controls" => "controls=0 leaves out bar and buttons".into(),
            "panels" => "panels=0 leaves out the events".into(),
            "theme" => format!("theme={value} whatever the reader's system has"),
            _ => continue,
        });
    }
    why.join(", ")
}

fn style(frame: &Frame) -> String {
    let width = frame.width.map_or_else(|| "width:100%".into(), |width| format!("width:{width}px;max-width:100%"));
    format!("{width};aspect-ratio:{}/{};border:0", frame.aspect.0, frame.aspect.1)
}

/// What the frame may do, and why.
fn sandbox(frame: &Frame) -> Result<(String, String), Error> {
    let Needs { origin, form } = frame.needs;
    if frame.isolated && origin {
        return Err(Error::usage(
            "the share fetches files beside its page or its key, which an isolated frame may not",
            "leave out --isolated, or embed a share of one file without a key share",
        ));
    }
    let mut tokens = "allow-scripts".to_owned();
    let mut why = "the frame may run the player".to_owned();
    if !frame.isolated {
        tokens += " allow-same-origin";
        why +=
            if origin { ", fetch the files beside it" } else { ", ask its server for the time and answer player.js" };
    }
    tokens += " allow-popups allow-popups-to-escape-sandbox";
    why += " and open itself in a new tab";
    if form {
        tokens += " allow-forms";
        why += ", and take a password or another try";
    }
    why += "; it may not lead your page elsewhere, nor show dialogs";
    if !frame.isolated {
        why += ". Serve the share from another origin than your page: on the same one a sandbox holds nothing back";
    }
    Ok((tokens, why))
}

/// An attribute's value. What a terminal or an editor would obey has no place in one.
fn escape(text: &str) -> Zeroizing<String> {
    let pieces = text.split_inclusive(|letter: char| letter.is_control() || "&\"<>".contains(letter));
    let escaped = pieces.flat_map(|piece| {
        let (head, last) = piece.char_indices().next_back().map_or((piece, ' '), |(at, last)| (&piece[..at], last));
        match last {
            '&' => [head, "&amp;"],
            '"' => [head, "&quot;"],
            '<' => [head, "&lt;"],
            '>' => [head, "&gt;"],
            _ if last.is_control() => [head, " "],
            _ => [piece, ""],
        }
    });
    joined(&escaped.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_a_title_begins_anew() {
        assert_eq!(*escape("a\nb\u{1b}[2J&"), "a b [2J&amp;");
    }

    fn made(link: &str, title: &str, frame: &Frame) -> Zeroizing<String> {
        html(&attributes(link, title, frame).unwrap())
    }

    #[test]
    fn values_stay_inside_their_attributes() {
        let code = made("a.html?v=1&b=\"", "\"><script>alert(1)</script>", &Frame::default());
        assert!(code.contains("title=\"&quot;&gt;&lt;script&gt;"), "{}", code.as_str());
        assert!(code.starts_with("<iframe src=\"a.html?v=1&amp;b=&quot;#embed=1\""), "{}", code.as_str());
        assert_eq!(code.matches(['<', '>']).count(), 4, "{}", code.as_str());
    }

    #[test]
    fn options_follow_the_key() {
        let frame = Frame { options: vec!["autoplay=1".into(), "muted=1".into()], ..Frame::default() };
        let found = attributes("https://b.example/x.html?v=1#k=KEY&t=90", "t", &frame).unwrap();
        assert_eq!(found[0].value.as_str(), "https://b.example/x.html?v=1#k=KEY&t=90&embed=1&autoplay=1&muted=1");
        assert!(found[0].why.contains("t=90 starts it at") && found[0].why.contains("autoplay=1"), "{}", found[0].why);
        assert!(found.iter().all(|one| !one.why.contains("KEY")));
    }

    #[test]
    fn the_sandbox_has_what_the_share_needs_and_no_more() {
        let tokens = |frame: &Frame| sandbox(frame).map(|(tokens, _)| tokens);
        let popups = "allow-popups allow-popups-to-escape-sandbox";
        let beside = Needs { origin: true, ..Needs::default() };
        let form = Needs { form: true, ..Needs::default() };
        let usual = Frame::default();
        assert_eq!(tokens(&usual).unwrap(), format!("allow-scripts allow-same-origin {popups}"));
        let isolated = Frame { isolated: true, ..Frame::default() };
        assert_eq!(tokens(&isolated).unwrap(), format!("allow-scripts {popups}"));
        assert_eq!(
            tokens(&Frame { needs: form, ..isolated.clone() }).unwrap(),
            format!("allow-scripts {popups} allow-forms")
        );
        assert_eq!(tokens(&Frame { needs: beside, ..isolated }).unwrap_err().exit_code(), 2);
    }

    #[test]
    fn the_size_is_as_asked() {
        assert_eq!(style(&Frame::default()), "width:100%;aspect-ratio:16/9;border:0");
        let frame = Frame { width: Some(640), aspect: (4, 3), ..Frame::default() };
        assert_eq!(style(&frame), "width:640px;max-width:100%;aspect-ratio:4/3;border:0");
    }
}
