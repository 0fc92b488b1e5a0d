//! The numbers of one painting, as the shaders' `Params` (shaders/common.wgsl) lays them out.

use super::shaders::Texel;
use crate::imaging::pipeline::neutral_chrominance;
use crate::imaging::{
    Colours, Frame, FrameScene, GreyMapping, Interpolation, ModalityTransform, PixelPadding, PlaneInGrid,
    PlaneScene, Samples, SlabMode, VoiCurve, VoiFunction, marks,
};

/// Field for field the struct `Params` of the shaders: scalars of four bytes, no padding.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default, bytemuck::Pod, bytemuck::Zeroable)]
pub(super) struct Params {
    target_x: i32,
    target_y: i32,
    columns: i32,
    rows: i32,
    slices: i32,
    nearest: i32,
    modality_kind: i32,
    float_bits: i32,
    slope: f32,
    intercept: f32,
    modality_first: i32,
    modality_last: i32,
    voi_kind: i32,
    voi_first: i32,
    voi_last: i32,
    invert: i32,
    voi_center: f32,
    voi_width: f32,
    voi_full: f32,
    colour_kind: i32,
    colour_full: f32,
    neutral: f32,
    depths: i32,
    slab_mode: i32,
    padding_kind: i32,
    padding_low: i32,
    padding_high: i32,
    padding_low_float: f32,
    padding_high_float: f32,
    mark_kinds: i32,
    mark_reach: i32,
    hidden_red: f32,
    hidden_green: f32,
    hidden_blue: f32,
    supplemented: i32,
    colour_first: i32,
    colour_last: i32,
    uneven: i32,
    unused: [i32; 2],
}

impl Params {
    /// For a frame whose picture starts at `target` (column, row) of the target.
    pub(super) fn of_frame(scene: &FrameScene, target: [i32; 2]) -> Self {
        let frame = &*scene.frame;
        let mut params = Self {
            target_x: target[0],
            target_y: target[1],
            columns: frame.columns() as i32,
            rows: frame.rows() as i32,
            slices: 1,
            nearest: nearest(scene.interpolation),
            depths: 1,
            ..Self::default()
        };
        match frame.colours() {
            Colours::Grey => params.set_modality(frame),
            colours => params.set_colours(colours, frame.bits_stored()),
        }
        params.set_grey(&scene.grey);
        params.set_padding(frame.padding());
        params.set_over(scene);
        params.set_supplement(frame);
        params
    }

    fn set_padding(&mut self, padding: Option<PixelPadding>) {
        let Some(padding) = padding else { return };
        let (low, high) = (padding.value.min(padding.limit), padding.value.max(padding.limit));
        self.padding_kind = if self.float_bits == 1 { 2 } else { 1 };
        (self.padding_low, self.padding_high) = (low.ceil() as i32, high.floor() as i32);
        (self.padding_low_float, self.padding_high_float) = (low as f32, high as f32);
    }

    fn set_over(&mut self, scene: &FrameScene) {
        let kinds = scene.over.kinds();
        self.mark_kinds = if kinds != 0 && scene.frame.marks().is_some() { i32::from(kinds) } else { 0 };
        self.mark_reach = marks::reach(&scene.view) as i32;
        [self.hidden_red, self.hidden_green, self.hidden_blue] = scene.frame.hidden_rgb().map(f32::from);
    }

    fn set_supplement(&mut self, frame: &Frame) {
        let Some(levels) = frame.supplement() else { return };
        self.supplemented = 1;
        self.colour_first = levels.first();
        self.colour_last = levels.first().saturating_add(levels.entries().len().saturating_sub(1) as i32);
    }

    /// For a plane whose picture starts at `target` (column, row) of the target.
    pub(super) fn of_plane(scene: &PlaneScene, plane: &PlaneInGrid, target: [i32; 2]) -> Self {
        let [columns, rows, slices] = scene.volume.size().map(|n| n as i32);
        let mut params = Self {
            target_x: target[0],
            target_y: target[1],
            columns,
            rows,
            slices,
            nearest: nearest(scene.interpolation),
            uneven: i32::from(scene.volume.places().is_some()),
            depths: 2 * plane.depth_reach as i32 + 1,
            slab_mode: match scene.slab.map_or(SlabMode::Mean, |slab| slab.mode()) {
                SlabMode::Mip => 0,
                SlabMode::MinIp => 1,
                SlabMode::Mean => 2,
            },
            ..Self::default()
        };
        params.set_grey(&scene.grey);
        params.set_padding(scene.volume.padding());
        params
    }

    fn set_modality(&mut self, frame: &Frame) {
        self.float_bits = i32::from(matches!(frame.samples(), Samples::F32(_) | Samples::F64(_)));
        (self.slope, self.intercept) = (1.0, 0.0);
        match &frame.attributes().modality {
            ModalityTransform::Identity | ModalityTransform::Broken => {}
            ModalityTransform::Rescale { slope, intercept, .. } => {
                (self.slope, self.intercept) = (*slope as f32, *intercept as f32);
            }
            ModalityTransform::Table(table) => {
                self.modality_kind = 1;
                self.set_table_range(table.first, table.entries.len());
            }
        }
    }

    fn set_colours(&mut self, colours: &Colours, bits_stored: u16) {
        // Samples beyond 16 bits go up as their 16 most significant.
        let bits = bits_stored.min(16);
        self.colour_full = ((1_u32 << bits) - 1) as f32;
        self.neutral = neutral_chrominance(bits) as f32;
        match colours {
            Colours::Rgb | Colours::Grey => self.colour_kind = 0,
            Colours::YbrFull => self.colour_kind = 1,
            Colours::Palette(levels) => {
                self.colour_kind = 2;
                self.set_table_range(levels.first(), levels.entries().len());
            }
        }
    }

    fn set_table_range(&mut self, first: i32, entries: usize) {
        self.modality_first = first;
        self.modality_last = first.saturating_add(entries.saturating_sub(1) as i32);
    }

    fn set_grey(&mut self, grey: &GreyMapping) {
        self.invert = i32::from(grey.invert);
        match &grey.voi {
            VoiCurve::Window(window) => {
                self.voi_kind = match window.function() {
                    VoiFunction::Linear => 0,
                    VoiFunction::LinearExact => 1,
                    VoiFunction::Sigmoid => 2,
                };
                (self.voi_center, self.voi_width) = (window.center() as f32, window.width() as f32);
            }
            VoiCurve::Table(table) => {
                self.voi_kind = 3;
                self.voi_first = table.first;
                self.voi_last = table.entries.len().saturating_sub(1) as i32;
                self.voi_full = ((1_u32 << table.bits.clamp(1, 16)) - 1) as f32;
            }
        }
    }
}

/// The texel type that the stored samples of a grey frame go up as.
pub(super) fn texel(samples: &Samples) -> Texel {
    match samples {
        Samples::I8(_) | Samples::I16(_) | Samples::I32(_) => Texel::Signed,
        Samples::U8(_) | Samples::U16(_) | Samples::U32(_) | Samples::F32(_) | Samples::F64(_) => {
            Texel::Unsigned
        }
    }
}

fn nearest(interpolation: Interpolation) -> i32 {
    i32::from(interpolation == Interpolation::Nearest)
}

#[cfg(test)]
mod tests {
    use super::Params;

    #[test]
    fn the_struct_has_as_many_fields_as_the_shaders_and_fills_whole_vectors() {
        let shader = include_str!("../../shaders/common.wgsl");
        let body = shader.split("struct Params {").nth(1).and_then(|rest| rest.split('}').next()).unwrap();
        let fields = body.lines().filter(|line| line.contains(": i32,") || line.contains(": f32,")).count();
        assert_eq!(size_of::<Params>(), 4 * fields);
        assert_eq!(size_of::<Params>() % 16, 0);
    }
}
