//! The WGSL sources: one file a pass, put together with what they share.

/// The passes, each with the texel type of the stored samples that it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pass {
    /// A monochrome frame.
    FrameGrey(Texel),
    /// A colour frame; samples are unsigned but for indices of a palette (PS3.3 C.7.6.3.1.2).
    FrameColour(Texel),
    /// A plane or slab through a volume.
    Plane(Texel),
}

/// The type of a stored sample in a shader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Texel {
    /// Unsigned, or the bits of a float.
    Unsigned,
    /// Signed.
    Signed,
}

const COMMON: &str = include_str!("../../shaders/common.wgsl");
const GREY: &str = include_str!("../../shaders/grey.wgsl");
const OVER: &str = include_str!("../../shaders/over.wgsl");
const FRAME_GREY: &str = include_str!("../../shaders/frame_grey.wgsl");
const FRAME_COLOUR: &str = include_str!("../../shaders/frame_colour.wgsl");
const PLACES: &str = include_str!("../../shaders/places.wgsl");
const PLANE: &str = include_str!("../../shaders/plane.wgsl");

impl Pass {
    /// Every pass there is.
    pub const ALL: [Self; 6] = [
        Self::FrameGrey(Texel::Unsigned),
        Self::FrameGrey(Texel::Signed),
        Self::FrameColour(Texel::Unsigned),
        Self::FrameColour(Texel::Signed),
        Self::Plane(Texel::Unsigned),
        Self::Plane(Texel::Signed),
    ];

    /// The texel type of the stored samples.
    pub fn texel(self) -> Texel {
        match self {
            Self::FrameGrey(texel) | Self::FrameColour(texel) | Self::Plane(texel) => texel,
        }
    }

    /// The whole source of the pass; entry points `cover` (vertex) and `draw` (fragment).
    pub fn source(self) -> String {
        let texel = match self.texel() {
            Texel::Unsigned => "alias Texel = u32;\n",
            Texel::Signed => "alias Texel = i32;\n",
        };
        let files: &[&str] = match self {
            Self::FrameGrey(_) => &[texel, COMMON, GREY, OVER, FRAME_GREY],
            Self::FrameColour(_) => &[texel, COMMON, OVER, FRAME_COLOUR],
            Self::Plane(_) => &[texel, COMMON, GREY, PLACES, PLANE],
        };
        files.concat()
    }
}
