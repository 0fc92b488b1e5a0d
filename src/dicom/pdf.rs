//! Pages of an encapsulated PDF (PS3.3 A.45.1) as pictures.
//!
//! A PDF is a program that someone else wrote: it may fail, and it may take for ever. Callers catch panics and
//! bound the time; here size and number of pages are bounded. Nothing in it is run, opened or fetched: the
//! library draws and does nothing else.

use std::sync::Arc;

use bytes::Bytes;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use super::instance::ImageModule;
use super::pixel::Photometric;
use super::{DecodedFrame, DicomError, Samples, parse};

/// The most pages that are shown of one document.
pub const MOST_PAGES: u32 = 2_000;
/// The most pixels of a page.
pub const MOST_PIXELS: u32 = 4_000_000;
/// The longest side of a page, pixels.
const LONGEST_SIDE: f64 = 4096.0;
/// As printers of letters have it: 200 dots an inch, of which a point is the 72nd part.
const PIXELS_A_POINT: f64 = 200.0 / 72.0;

/// How many pages there are, at most [`MOST_PAGES`].
///
/// # Errors
/// [`DicomError::Malformed`] where it is no PDF, damaged or under a password.
pub fn pages(document: &Bytes) -> Result<u32, DicomError> {
    let count = open(document)?.pages().len();
    if count == 0 {
        return Err(malformed("a PDF without pages"));
    }
    Ok(u32::try_from(count).unwrap_or(u32::MAX).min(MOST_PAGES))
}

/// A page (from 0) in colour on white, and the module that describes it.
///
/// # Errors
/// As [`pages`]; [`DicomError::NoSuchFrame`].
pub fn page(document: &Bytes, number: u32) -> Result<(DecodedFrame, ImageModule), DicomError> {
    let pdf = open(document)?;
    let all = pdf.pages();
    let count = u32::try_from(all.len()).unwrap_or(u32::MAX).min(MOST_PAGES);
    let page = all.get(number as usize).filter(|_| number < count);
    let page = page.ok_or(DicomError::NoSuchFrame { frame: number, frames: count })?;
    let (width, height) = page.render_dimensions();
    let scale =
        scale(f64::from(width), f64::from(height)).ok_or_else(|| malformed("a page without a size"))?;
    #[allow(clippy::cast_possible_truncation, reason = "a scale is small")]
    let settings = PixmapSettings { x_scale: scale as f32, y_scale: scale as f32, bg_color: WHITE };
    let pixmap = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let (rows, columns) = (u32::from(pixmap.height()), u32::from(pixmap.width()));
    let rgb = pixmap.data_as_u8_slice().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]);
    let decoded = DecodedFrame {
        rows,
        columns,
        samples_per_pixel: 3,
        photometric: Photometric::Rgb,
        samples: Samples::U8(rgb.collect()),
    };
    Ok((decoded, parse::colour_picture(rows, columns)?))
}

fn open(document: &Bytes) -> Result<Pdf, DicomError> {
    Pdf::new(Arc::new(document.clone())).map_err(|error| match error {
        LoadPdfError::Decryption(_) => malformed("the PDF is under a password"),
        LoadPdfError::Invalid => malformed("not a PDF, or a damaged one"),
    })
}

/// Pixels for a point, so that the page stays within its bounds; `None` for a page that has no size, or one
/// so long that nothing of it could be read.
fn scale(width: f64, height: f64) -> Option<f64> {
    let usable = |side: f64| side.is_finite() && side >= 1.0;
    if !usable(width) || !usable(height) {
        return None;
    }
    let by_area = (f64::from(MOST_PIXELS) / (width * height)).sqrt();
    let by_side = LONGEST_SIDE / width.max(height);
    let scale = PIXELS_A_POINT.min(by_area).min(by_side);
    (scale * width.min(height) >= 1.0).then_some(scale)
}

fn malformed(what: &'static str) -> DicomError {
    DicomError::Malformed { tag: "(0042,0011)".to_owned(), what }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PDF of so many empty pages of that size, written by hand; readers mend its missing index.
    fn made(pages: usize, size: &str) -> Bytes {
        let kids: Vec<String> = (0..pages).map(|n| format!("{} 0 R", n + 3)).collect();
        let mut text = format!(
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
             2 0 obj<</Type/Pages/Count {pages}/Kids[{}]>>endobj\n",
            kids.join(" ")
        );
        for n in 0..pages {
            let content = "0 0 1 rg 0 0 10 10 re f";
            text += &format!(
                "{} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]/Contents {} 0 R>>endobj\n",
                n + 3,
                n + 3 + pages
            );
            text += &format!(
                "{} 0 obj<</Length {}>>stream\n{content}\nendstream endobj\n",
                n + 3 + pages,
                content.len()
            );
        }
        text += "trailer<</Root 1 0 R>>\n%%EOF";
        text.into_bytes().into()
    }

    #[test]
    fn a_page_is_a_colour_picture_with_its_origin_at_the_bottom_left() {
        let document = made(3, "72 36");
        assert_eq!(pages(&document), Ok(3));
        let (page, module) = page(&document, 2).unwrap();
        assert_eq!((page.rows, page.columns), (100, 200));
        assert_eq!((module.format.rows, module.format.columns), (100, 200));
        let at = |column: usize, row: usize| {
            let first = (row * 200 + column) * 3;
            [0, 1, 2].map(|k| page.samples.get(first + k))
        };
        assert_eq!(at(2, 97), [0.0, 0.0, 255.0]);
        assert_eq!(at(2, 2), [255.0, 255.0, 255.0]);
    }

    #[test]
    fn there_is_no_page_after_the_last_and_none_in_what_is_no_pdf() {
        assert_eq!(page(&made(2, "72 72"), 2).err(), Some(DicomError::NoSuchFrame { frame: 2, frames: 2 }));
        for bytes in [&b""[..], b"%PDF-1.4", b"<html></html>"] {
            assert!(matches!(pages(&Bytes::from_static(bytes)), Err(DicomError::Malformed { .. })));
        }
    }

    #[test]
    fn no_page_is_larger_than_its_bounds() {
        for (width, height) in [(612.0, 792.0), (14_400.0, 14_400.0), (3.0, 9_000.0), (1.0, 1.0)] {
            let scale = scale(width, height).unwrap();
            assert!(scale * width <= LONGEST_SIDE && scale * height <= LONGEST_SIDE);
            assert!(scale * width * scale * height <= f64::from(MOST_PIXELS) * 1.001);
        }
        for (width, height) in [(0.0, 5.0), (f64::NAN, 5.0), (f64::INFINITY, 5.0), (1.0, 1e9)] {
            assert_eq!(scale(width, height), None);
        }
    }
}
