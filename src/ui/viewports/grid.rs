//! Where the viewports of a window lie.

use egui::{Context, Id, Rect, Vec2, pos2};

use crate::session::viewer::{ImageWindow, Layout, Viewer, ViewportId};

/// Between two viewports, points.
const GAP: f32 = 1.0;

/// The viewports of a window and the part of `area` that each fills. One that fills the window alone stands for
/// all of them: the active one.
pub(crate) fn cells(ctx: &Context, viewer: &Viewer, window: u8, area: Rect) -> Vec<(ViewportId, Rect)> {
    let Some(shown) = viewer.windows.get(usize::from(window)) else { return Vec::new() };
    let count = if shown.mpr.is_some() { 3 } else { shown.viewports.len() };
    if is_alone(ctx, window) {
        let place = if viewer.active.window == window { viewer.active.place } else { 0 };
        return vec![(ViewportId { window, place: place.min(count.saturating_sub(1) as u8) }, area)];
    }
    let rects = if shown.mpr.is_some() { planes(area) } else { table(shown, area) };
    rects.into_iter().take(count).zip(0..).map(|(rect, place)| (ViewportId { window, place }, rect)).collect()
}

/// Three planes: the axial one large on the left, the others beside it one above the other; in a tall window
/// one below the other.
fn planes(area: Rect) -> Vec<Rect> {
    if area.height() > area.width() * 1.2 {
        return split(area, Layout { columns: 1, rows: 3 });
    }
    let left = (area.width() * 0.58).round();
    let (axial, rest) = area.split_left_right_at_x(area.left() + left);
    let mut rects = vec![axial];
    let rest = Rect::from_min_max(rest.min + Vec2::new(GAP, 0.0), rest.max);
    rects.extend(split(rest, Layout { columns: 1, rows: 2 }));
    rects
}

fn table(window: &ImageWindow, area: Rect) -> Vec<Rect> {
    split(area, window.layout)
}

fn split(area: Rect, layout: Layout) -> Vec<Rect> {
    let count = |sides: u8| f32::from(sides.max(1));
    let (columns, rows) = (count(layout.columns), count(layout.rows));
    let size = (area.size() + Vec2::splat(GAP)) / Vec2::new(columns, rows);
    let cell = |column: u8, row: u8| {
        let corner = area.min + Vec2::new(f32::from(column), f32::from(row)) * size;
        Rect::from_min_max(corner, pos2(corner.x + size.x - GAP, corner.y + size.y - GAP))
    };
    (0..layout.rows.max(1))
        .flat_map(|row| (0..layout.columns.max(1)).map(move |column| cell(column, row)))
        .collect()
}

fn alone_id(window: u8) -> Id {
    Id::unique(("viewport alone", window))
}

/// Whether the active viewport fills its window alone. How a window is looked at for a moment, not how the
/// case is laid out: it is not kept.
pub fn is_alone(ctx: &Context, window: u8) -> bool {
    ctx.data(|data| data.get_temp(alone_id(window))).unwrap_or(false)
}

/// Lets the active viewport fill its window alone, or no longer.
pub fn set_alone(ctx: &Context, window: u8, alone: bool) {
    ctx.data_mut(|data| data.insert_temp(alone_id(window), alone));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viewports_fill_the_area_without_overlap() {
        let area = Rect::from_min_size(pos2(10.0, 20.0), Vec2::new(640.0, 400.0));
        for (columns, rows) in [(1, 1), (2, 1), (3, 3)] {
            let cells = split(area, Layout { columns, rows });
            assert_eq!(cells.len(), usize::from(columns * rows));
            let whole = cells.iter().fold(Rect::NOTHING, |all, cell| all.union(*cell));
            assert!((whole.min - area.min).length() < 0.01 && (whole.max - area.max).length() < 0.01);
            for (i, a) in cells.iter().enumerate() {
                assert!(cells[i + 1..].iter().all(|b| !a.shrink(0.1).intersects(*b)), "{columns} x {rows}");
            }
        }
        assert_eq!(planes(area).len(), 3);
    }
}
