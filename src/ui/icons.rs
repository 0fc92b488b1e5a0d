//! The signs on buttons: code points of the Phosphor font, which is the [`family`] and nothing else.

use egui::{FontFamily, FontId, RichText};

/// Side of a sign on a button, points.
pub const SIZE: f32 = 17.0;

/// The worklist.
pub const LIST: &str = "\u{E2F2}";
/// What has no room.
pub const MORE: &str = "\u{E1FE}";
/// Ask again.
pub const REFRESH: &str = "\u{E094}";
/// The next case.
pub const NEXT: &str = "\u{E5A6}";
/// Close.
pub const CLOSE: &str = "\u{E4F6}";
/// Open files.
pub const FILE: &str = "\u{E236}";
/// A document.
pub const DOCUMENT: &str = "\u{E23A}";
/// Open a folder.
pub const FOLDER: &str = "\u{E256}";
/// Window centre and width.
pub const WINDOW: &str = "\u{E472}";
/// Scroll.
pub const SCROLL: &str = "\u{EB04}";
/// Move.
pub const PAN: &str = "\u{E298}";
/// Enlarge.
pub const ZOOM: &str = "\u{E30C}";
/// Length.
pub const LENGTH: &str = "\u{E6B8}";
/// Two crossing lengths.
pub const BIDIRECTIONAL: &str = "\u{E0A4}";
/// Angle.
pub const ANGLE: &str = "\u{E7BC}";
/// Ellipse.
pub const ELLIPSE: &str = "\u{E18A}";
/// Rectangle.
pub const RECTANGLE: &str = "\u{E3F0}";
/// Polygon.
pub const POLYGON: &str = "\u{E6D0}";
/// The value at a point.
pub const POINT: &str = "\u{E1D6}";
/// Arrow.
pub const ARROW: &str = "\u{E092}";
/// Words on the image.
pub const TEXT: &str = "\u{E48A}";
/// Black for white.
pub const INVERT: &str = "\u{E18C}";
/// The whole image.
pub const FIT: &str = "\u{E1D0}";
/// Pixel for pixel.
pub const NATIVE: &str = "\u{E36A}";
/// A quarter turn to the left.
pub const TURN_LEFT: &str = "\u{E038}";
/// A quarter turn to the right.
pub const TURN_RIGHT: &str = "\u{E036}";
/// Left for right.
pub const MIRROR: &str = "\u{ED6A}";
/// Top for bottom.
pub const UPEND: &str = "\u{ED6C}";
/// As the image itself has it.
pub const RESET: &str = "\u{E626}";
/// Three planes.
pub const PLANES: &str = "\u{E1DA}";
/// Letters, text and drawings on images.
pub const ANNOTATIONS: &str = "\u{E220}";
/// What came with the image and lies over it.
pub const OVERLAYS: &str = "\u{E466}";
/// What the image covers around its field.
pub const SHUTTER: &str = "\u{E00A}";
/// As it was before.
pub const UNDO: &str = "\u{E08A}";
/// As it was before that.
pub const REDO: &str = "\u{E08C}";
/// Delete.
pub const DELETE: &str = "\u{E4A6}";
/// Into the report.
pub const CITE: &str = "\u{E660}";
/// Key image.
pub const KEY_IMAGE: &str = "\u{E46A}";
/// Sign.
pub const SIGN: &str = "\u{EBAC}";
/// Every command by its name.
pub const PALETTE: &str = "\u{E1C4}";
/// Help.
pub const HELP: &str = "\u{E3E8}";
/// Settings.
pub const SETTINGS: &str = "\u{E270}";
/// Another language.
pub const LANGUAGE: &str = "\u{E4A2}";
/// Another window.
pub const MONITOR: &str = "\u{E32E}";
/// How viewports are laid out.
pub const LAYOUT: &str = "\u{E464}";
/// Windows by their names.
pub const PRESETS: &str = "\u{E136}";
/// Leave.
pub const LEAVE: &str = "\u{E42A}";
/// Must be seen.
pub const WARNING: &str = "\u{E4E0}";
/// Does not work.
pub const FAULT: &str = "\u{E4E2}";
/// Good to know.
pub const NOTE: &str = "\u{E2CE}";

/// The family that has the signs.
pub fn family() -> FontFamily {
    FontFamily::Name("icons".into())
}

/// A sign as text.
pub fn icon(sign: &str) -> RichText {
    RichText::new(sign).font(FontId::new(SIZE, family()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_is_in_the_font_that_is_shipped() {
        let ctx = egui::Context::default();
        crate::ui::fonts::install(&ctx);
        ctx.run_ui(egui::RawInput::default(), |_| {}).textures_delta.clear();
        let all = [
            LIST,
            WINDOW,
            PLANES,
            SIGN,
            KEY_IMAGE,
            MIRROR,
            BIDIRECTIONAL,
            ANNOTATIONS,
            OVERLAYS,
            SHUTTER,
            POLYGON,
            FAULT,
            DOCUMENT,
        ];
        let font = FontId::new(SIZE, family());
        for sign in all.into_iter().chain([MORE]) {
            assert!(ctx.fonts_mut(|fonts| fonts.has_glyphs(&font, sign)), "{sign:?}");
        }
    }
}
