//! QR codes for terminals.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

use super::console::Console;

/// Black on white whatever the terminal's theme makes of its first 16 colours.
const BLACK_ON_WHITE: &str = "\x1b[38;5;16;48;5;231m";

/// Draws a text as a QR code with its quiet zone, two modules a character; `None` when the text is too long.
///
/// A code must be dark on light. With colours that is what is drawn. Without them only the terminal knows which
/// of its colours is the light one; most are dark with light letters, so the light modules are made letters and
/// the dark ones left blank. On a terminal with dark letters the code comes out inverted, which phones read by now.
pub(super) fn draw(text: &str, colored: bool) -> Option<String> {
    // The screen does not get dirty: the lowest correction gives the smallest code.
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let mut image = code.render::<Dense1x2>();
    if colored {
        let image = image.build();
        return Some(image.lines().map(|line| format!("{BLACK_ON_WHITE}{line}\x1b[0m\n")).collect());
    }
    Some(image.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build() + "\n")
}

/// Draws a link on stderr, if it fits.
pub(super) fn show(link: &str, console: &mut Console) {
    if let Some(code) = draw(link, console.colors()) {
        console.drawing(&code);
    }
}

/// What to say of a link that no code holds.
pub(super) fn warning(link: &str) -> Option<String> {
    let said = || format!("the link has {} bytes, more than a QR code holds, so none is drawn", link.len());
    draw(link, false).is_none().then(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pixels that one module gets in each direction, as on a screen.
    const SCALE: usize = 6;

    /// What a phone reads off a terminal whose letters have one brightness and whose ground another.
    fn read(drawn: &str, letters: u8, ground: u8) -> String {
        let rows: Vec<Vec<char>> = drawn.lines().map(|line| line.chars().collect()).collect();
        let lit = |x: usize, y: usize| match rows[y / 2][x] {
            '█' => true,
            '▀' => y.is_multiple_of(2),
            '▄' => !y.is_multiple_of(2),
            ' ' => false,
            other => panic!("{other:?} is no half block"),
        };
        // Around the code is the terminal, whose ground is dark where letters are light.
        let (width, height) = (rows[0].len() + 20, rows.len() * 2 + 20);
        let brightness = |x: usize, y: usize| {
            let (x, y) = (x / SCALE, y / SCALE);
            let inside = (10..width - 10).contains(&x) && (10..height - 10).contains(&y);
            if inside && lit(x - 10, y - 10) { letters } else { ground }
        };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width * SCALE, height * SCALE, brightness);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1, "one code in\n{drawn}");
        grids[0].decode().unwrap().1
    }

    #[test]
    fn a_phone_reads_the_link_off_a_dark_terminal() {
        let link = format!("https://bucket.example/bug/index.html?v=1#k={}", "aZ0-_".repeat(9));
        let drawn = draw(&link, false).unwrap();
        assert_eq!(read(&drawn, 255, 0), link);
        assert!(!drawn.contains('\x1b'));
        // The quiet zone is light as well: four modules, two lines and four columns.
        let lines: Vec<_> = drawn.lines().collect();
        assert!(lines[..2].iter().all(|line| line.chars().all(|letter| letter == '█')));
        assert!(lines.iter().take(lines.len() - 1).all(|line| line.starts_with("████") && line.ends_with("████")));
    }

    #[test]
    fn with_colours_it_is_black_on_white_in_every_theme() {
        let drawn = draw("https://bucket.example/", true).unwrap();
        assert!(drawn.lines().all(|line| line.starts_with(BLACK_ON_WHITE) && line.ends_with("\x1b[0m")));
        let bare = drawn.replace(BLACK_ON_WHITE, "").replace("\x1b[0m", "");
        assert_eq!(read(&bare, 0, 255), "https://bucket.example/");
    }

    #[test]
    fn what_does_not_fit_is_not_drawn() {
        assert!(draw(&"x".repeat(2953), false).is_some());
        assert!(draw(&"x".repeat(2954), false).is_none());
    }
}
