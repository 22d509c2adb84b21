//! Boxes of a picture that nobody shall see: as they are written on the command line, and as shares of the picture.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::when::place_ms;

/// A box as it is asked for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Mask {
    /// Left edge, upper edge, width and height.
    sides: [Side; 4],
    /// From when until when it is there, in ms of the video; the whole of it when absent.
    time: Option<(u64, u64)>,
    /// As it was written.
    text: String,
}

/// A length along one side of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Pixels(f64),
    Percent(f64),
}

/// A box that was made black, in shares of the picture's width and height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Masked {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// When it begins, in ms of the video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
    /// When it ends, in ms of the video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<u64>,
}

const FORM: &str = "write X,Y,W,H in pixels of the video or in percent, as in 40,60,200,32 or 5%,10%,25%,8%, and @T1-T2 behind it for a part of the time";

/// Reads `X,Y,W,H[@T1-T2]`.
///
/// # Errors
/// When it is none, in words for the command line.
pub(crate) fn parse(text: &str) -> Result<Mask, String> {
    let (place, time) = text.split_once('@').map_or((text, None), |(place, time)| (place, Some(time)));
    let sides: Option<Vec<Side>> = place.split(',').map(side).collect();
    let sides: [Side; 4] = sides.and_then(|sides| sides.try_into().ok()).ok_or(FORM)?;
    if sides[2..].iter().any(|side| matches!(side, Side::Pixels(0.0) | Side::Percent(0.0))) {
        return Err("a box needs a width and a height".into());
    }
    let time = time.map(|time| {
        let (from, to) = time.split_once('-').and_then(|(from, to)| place_ms(from).zip(place_ms(to))).ok_or(FORM)?;
        if from < to { Ok((from, to)) } else { Err("a box ends after it begins") }
    });
    Ok(Mask { sides, time: time.transpose()?, text: text.into() })
}

fn side(text: &str) -> Option<Side> {
    let text = text.trim();
    let number = |digits: &str| digits.trim().parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    match text.strip_suffix('%') {
        Some(digits) => number(digits).filter(|percent| *percent <= 100.0).map(Side::Percent),
        None => number(text).map(Side::Pixels),
    }
}

impl Mask {
    /// The box on a picture of so many pixels, as shares of it; it covers every pixel that it touches.
    ///
    /// # Errors
    /// When it lies beside the picture.
    pub(crate) fn on(&self, width: u32, height: u32) -> Result<Masked, Error> {
        let [width, height] = [width, height].map(f64::from);
        let pixels = |side: Side, whole: f64| match side {
            Side::Pixels(pixels) => pixels,
            Side::Percent(percent) => whole * percent / 100.0,
        };
        let [x, y, w, h] = self.sides;
        let (left, top) = (pixels(x, width), pixels(y, height));
        let (right, bottom) =
            ((left + pixels(w, width)).min(width).ceil(), (top + pixels(h, height)).min(height).ceil());
        let (left, top) = (left.floor(), top.floor());
        if left >= width || top >= height {
            return Err(Error::usage(
                format!("the box {} of --video-mask lies beside the picture of {width} × {height} pixels", self.text),
                "measure it from the picture's upper left corner",
            ));
        }
        let (from, to) = self.time.unzip();
        Ok(Masked {
            x: left / width,
            y: top / height,
            width: (right - left) / width,
            height: (bottom - top) / height,
            from,
            to,
        })
    }
}

impl Masked {
    /// Moves its times, as what was before a time in ms is cut off; whether anything of it is left.
    pub(crate) fn come_earlier(&mut self, ms: f64) -> bool {
        // Casts stop at the ends of the range.
        let earlier = |time: u64| (time as f64 - ms).round().max(0.0) as u64;
        (self.from, self.to) = (self.from.map(earlier), self.to.map(earlier));
        self.to != Some(0)
    }

    /// What draws it black, in the words of ffmpeg's filters, on a picture of so many pixels.
    pub(crate) fn filter(&self, width: u32, height: u32) -> String {
        let [x, w] = [self.x, self.width].map(|share| (share * f64::from(width)).round());
        let [y, h] = [self.y, self.height].map(|share| (share * f64::from(height)).round());
        let seconds = |ms: u64| format!("{}.{:03}", ms / 1000, ms % 1000);
        let time = self
            .from
            .zip(self.to)
            .map_or_else(String::new, |(from, to)| format!(":enable='between(t,{},{})'", seconds(from), seconds(to)));
        format!("drawbox=x={x}:y={y}:w={w}:h={h}:color=black:t=fill{time}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_read_in_pixels_and_percent_and_cover_what_they_touch() {
        let on = |text: &str| parse(text).unwrap().on(1280, 720).unwrap();
        assert_eq!(on("128,72,256,144"), Masked { x: 0.1, y: 0.1, width: 0.2, height: 0.2, from: None, to: None });
        assert_eq!(on("10%,10%,20%,20%"), on("128,72,256,144"));
        assert_eq!(
            on("0,0,100%,50%@1:05-70"),
            Masked { width: 1.0, height: 0.5, from: Some(65_000), to: Some(70_000), ..Masked::default() }
        );
        assert_eq!(on("1270,0,500,9").filter(1280, 720), "drawbox=x=1270:y=0:w=10:h=9:color=black:t=fill");
        assert_eq!(on("0.5,0,1,1").filter(1280, 720), "drawbox=x=0:y=0:w=2:h=1:color=black:t=fill");
        let timed = on("0,0,9,9@1.5-2").filter(1280, 720);
        assert!(timed.ends_with(":enable='between(t,1.500,2.000)'"), "{timed}");
    }

    #[test]
    fn what_is_no_box_is_refused() {
        for text in [
            "",
            "1,2,3",
            "1,2,3,4,5",
            "a,b,c,d",
            "-1,0,2,2",
            "0,0,0,5",
            "0,0,5,101%",
            "0,0,5,5@3",
            "0,0,5,5@3-2",
            "0,0,nan,5",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("2000,0,5,5").unwrap().on(1280, 720).unwrap_err().exit_code(), 2);
    }
}
