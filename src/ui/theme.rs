//! Colours, spacing and fonts: dark, calm, dense. Nothing on screen takes a colour from elsewhere.

use egui::Color32;

/// The grid of all spacing, points.
pub const GRID: f32 = 4.0;

/// Behind images: black, as film is.
pub const FILM: Color32 = Color32::BLACK;
/// Behind panels.
pub const PANEL: Color32 = Color32::from_rgb(22, 24, 27);
/// Behind what lies on a panel: fields, rows under the mouse.
pub const RAISED: Color32 = Color32::from_rgb(34, 37, 41);
/// Between panels.
pub const LINE: Color32 = Color32::from_rgb(52, 56, 62);
/// Text that is read.
pub const TEXT: Color32 = Color32::from_rgb(222, 225, 229);
/// Text that is looked up.
pub const QUIET: Color32 = Color32::from_rgb(150, 156, 164);
/// What is chosen or active.
pub const ACCENT: Color32 = Color32::from_rgb(92, 158, 214);
/// STAT, faults.
pub const ALARM: Color32 = Color32::from_rgb(240, 96, 84);
/// Warnings, badges.
pub const WARN: Color32 = Color32::from_rgb(232, 176, 72);
/// Done, confirmed.
pub const GOOD: Color32 = Color32::from_rgb(104, 190, 132);
/// Drawings on images.
pub const DRAWN: Color32 = Color32::from_rgb(255, 214, 92);
