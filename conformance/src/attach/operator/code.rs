//! Payment codes as a person can hold them before a scanner: drawn in the terminal window, and as a
//! picture for a phone.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

/// Pixels of a module in the picture.
const MODULE: usize = 8;
/// Modules of white around a code (ISO/IEC 18004).
const QUIET: usize = 4;

/// The code in characters, two rows of modules in one; empty where the text is too long for a code.
pub(super) fn draw(text: &str) -> String {
    let drawn = QrCode::new(text).map(|code| {
        // Most windows are dark: what is drawn is the white of the code.
        let mut renderer = code.render::<Dense1x2>();
        renderer
            .dark_color(Dense1x2::Light)
            .light_color(Dense1x2::Dark)
            .build()
    });
    drawn.unwrap_or_default()
}

/// The code as a PNG.
///
/// # Errors
/// When the text is too long for a code, or the file cannot be written.
pub(super) fn save(text: &str, path: &Path) -> io::Result<()> {
    let code = QrCode::new(text).map_err(io::Error::other)?;
    let width = code.width();
    let side = (width + 2 * QUIET) * MODULE;
    let colors = code.to_colors();
    let mut pixels = vec![u8::MAX; side * side];
    for (place, pixel) in pixels.iter_mut().enumerate() {
        let (x, y) = (place % side / MODULE, place / side / MODULE);
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < width);
        if let (Some(x), Some(y)) = (inside(x), inside(y))
            && colors[y * width + x] == qrcode::Color::Dark
        {
            *pixel = 0;
        }
    }
    let side = u32::try_from(side).map_err(io::Error::other)?;
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(io::Error::other)?;
    writer.write_image_data(&pixels).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_code_can_be_drawn_and_saved() {
        let drawn = draw("6250101234567890123");
        assert!(drawn.lines().count() > 10, "{drawn}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("code.png");
        save("6250101234567890123", &path).unwrap();
        let decoder = png::Decoder::new(io::BufReader::new(File::open(path).unwrap()));
        let reader = decoder.read_info().unwrap();
        assert_eq!(reader.info().width, (21 + 8) * 8);
    }
}
