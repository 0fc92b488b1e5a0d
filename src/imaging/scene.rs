//! What to draw: plain data, the same for the GPU and for its twin, and what comes out.

use std::sync::Arc;

use glam::DVec2;

use super::{Frame, FrameView, GreyMapping, ImagingError, Interpolation, Over, Plane, Slab, Volume};

/// What a viewport shows, without annotations.
#[derive(Debug, Clone)]
pub enum Scene {
    /// A frame as it was stored.
    Frame(FrameScene),
    /// A plane or slab through a volume.
    Plane(PlaneScene),
}

/// A frame on a picture.
#[derive(Debug, Clone)]
pub struct FrameScene {
    /// The frame.
    pub frame: Arc<Frame>,
    /// Where its pixels lie on the picture. What of the picture lies outside the frame's pixels is black.
    pub view: FrameView,
    /// Between pixels. `Linear` interpolates modality values (before VOI) or colour levels (palettes after
    /// their tables); at the border the outermost pixel fills its own area.
    pub interpolation: Interpolation,
    /// Modality values to grey; unused by colour frames.
    pub grey: GreyMapping,
    /// What of the frame's overlays and shutter is drawn over it.
    pub over: Over,
}

/// A plane or slab through a volume.
#[derive(Debug, Clone)]
pub struct PlaneScene {
    /// The volume.
    pub volume: Arc<Volume>,
    /// Where the picture's pixels lie in the patient.
    pub plane: Plane,
    /// Several samples along the normal for each pixel; `None` for one.
    pub slab: Option<Slab>,
    /// Between voxels, on modality values.
    pub interpolation: Interpolation,
    /// Modality values to grey.
    pub grey: GreyMapping,
}

impl Scene {
    /// The size of the picture that the scene gives.
    pub fn size(&self) -> PictureSize {
        match self {
            Self::Frame(scene) => scene.view.size,
            Self::Plane(scene) => scene.plane.size,
        }
    }

    /// Whether its picture has modality values.
    pub fn has_values(&self) -> bool {
        match self {
            Self::Frame(scene) => scene.frame.has_modality_values(),
            Self::Plane(_) => true,
        }
    }
}

/// Width and height of a picture, pixels: at least 1, at most [`PictureSize::MAX_SIDE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PictureSize {
    width: u32,
    height: u32,
}

impl PictureSize {
    /// The longest side of a picture: more than any display or stored frame of today, and what GPUs draw.
    pub const MAX_SIDE: u32 = 16384;

    /// A size.
    ///
    /// # Errors
    /// [`ImagingError::BadSize`] when a side is 0 or above [`Self::MAX_SIDE`].
    pub fn new(width: u32, height: u32) -> Result<Self, ImagingError> {
        let allowed = 1..=Self::MAX_SIDE;
        if allowed.contains(&width) && allowed.contains(&height) {
            Ok(Self { width, height })
        } else {
            Err(ImagingError::BadSize { width, height })
        }
    }

    /// Columns.
    pub fn width(self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(self) -> u32 {
        self.height
    }

    /// Columns and rows.
    pub fn extent(self) -> DVec2 {
        DVec2::new(f64::from(self.width), f64::from(self.height))
    }

    /// The middle, where 0,0 is the centre of the first pixel.
    pub fn middle(self) -> DVec2 {
        self.extent() / 2.0 - DVec2::splat(0.5)
    }

    /// Pixels in all.
    pub fn pixels(self) -> usize {
        self.width as usize * self.height as usize
    }
}

/// A drawn scene.
#[derive(Clone, PartialEq)]
pub struct Picture {
    /// Its size.
    pub size: PictureSize,
    /// Red, green, blue and alpha (255), row by row.
    pub rgba: Vec<u8>,
    /// The modality value of each pixel, row by row, NaN where there is no data; `None` for colour and for
    /// frames whose modality values cannot be trusted.
    pub values: Option<Vec<f32>>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let values = if self.values.is_some() { " with values" } else { "" };
        write!(f, "Picture({} x {}{values})", self.size.width, self.size.height)
    }
}
