//! The shape of pixel data and the samples that come out of it (PS3.3 C.7.6.3).

/// How the pixels of an instance are laid out: the Image Pixel module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PixelFormat {
    /// Rows of a frame.
    pub rows: u32,
    /// Columns of a frame.
    pub columns: u32,
    /// Frames of the instance, at least 1.
    pub frames: u32,
    /// 1, or 3 for colour.
    pub samples_per_pixel: u16,
    /// 1, 8, 16, 32 or 64.
    pub bits_allocated: u16,
    /// Significant bits, at most `bits_allocated`.
    pub bits_stored: u16,
    /// Position of the highest significant bit.
    pub high_bit: u16,
    /// Two's complement samples.
    pub signed: bool,
    /// Which colours the samples mean.
    pub photometric: Photometric,
    /// Samples are stored plane by plane (PlanarConfiguration 1).
    pub planar: bool,
    /// Float Pixel Data (7FE0,0008) or Double Float Pixel Data (7FE0,0009).
    pub float: bool,
}

impl PixelFormat {
    /// Samples of one frame: rows x columns x samples per pixel.
    pub fn samples_per_frame(&self) -> u64 {
        u64::from(self.rows) * u64::from(self.columns) * u64::from(self.samples_per_pixel)
    }
}

/// Photometric interpretation (PS3.3 C.7.6.3.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Photometric {
    /// Low values are bright.
    Monochrome1,
    /// Low values are dark.
    Monochrome2,
    /// Indices into colour tables.
    PaletteColor,
    /// Red, green, blue.
    Rgb,
    /// CCIR 601 luminance and chrominance, full range.
    YbrFull,
    /// The same with chrominance at half the horizontal resolution.
    YbrFull422,
    /// JPEG 2000's irreversible transform.
    YbrIct,
    /// JPEG 2000's reversible transform.
    YbrRct,
    /// Anything else, by its name.
    Other(String),
}

impl Photometric {
    /// From the value of (0028,0004).
    pub fn parse(text: &str) -> Self {
        match text.trim_end_matches(['\0', ' ']) {
            "MONOCHROME1" => Self::Monochrome1,
            "MONOCHROME2" => Self::Monochrome2,
            "PALETTE COLOR" => Self::PaletteColor,
            "RGB" => Self::Rgb,
            "YBR_FULL" => Self::YbrFull,
            "YBR_FULL_422" => Self::YbrFull422,
            "YBR_ICT" => Self::YbrIct,
            "YBR_RCT" => Self::YbrRct,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The value of (0028,0004).
    pub fn as_str(&self) -> &str {
        match self {
            Self::Monochrome1 => "MONOCHROME1",
            Self::Monochrome2 => "MONOCHROME2",
            Self::PaletteColor => "PALETTE COLOR",
            Self::Rgb => "RGB",
            Self::YbrFull => "YBR_FULL",
            Self::YbrFull422 => "YBR_FULL_422",
            Self::YbrIct => "YBR_ICT",
            Self::YbrRct => "YBR_RCT",
            Self::Other(name) => name,
        }
    }

    /// One grey sample a pixel.
    pub fn is_monochrome(&self) -> bool {
        matches!(self, Self::Monochrome1 | Self::Monochrome2)
    }
}

/// Stored samples of one frame, row by row, interleaved, unused high bits removed, sign extended.
#[derive(Clone, PartialEq)]
pub enum Samples {
    /// Unsigned, at most 8 bits (1-bit data too, one byte a pixel).
    U8(Vec<u8>),
    /// Signed, at most 8 bits.
    I8(Vec<i8>),
    /// Unsigned, at most 16 bits.
    U16(Vec<u16>),
    /// Signed, at most 16 bits.
    I16(Vec<i16>),
    /// Unsigned, at most 32 bits.
    U32(Vec<u32>),
    /// Signed, at most 32 bits.
    I32(Vec<i32>),
    /// Float pixel data.
    F32(Vec<f32>),
    /// Double float pixel data, or 64-bit integers, each exactly.
    F64(Vec<f64>),
}

impl Samples {
    /// How many samples.
    pub fn len(&self) -> usize {
        match self {
            Self::U8(v) => v.len(),
            Self::I8(v) => v.len(),
            Self::U16(v) => v.len(),
            Self::I16(v) => v.len(),
            Self::U32(v) => v.len(),
            Self::I32(v) => v.len(),
            Self::F32(v) => v.len(),
            Self::F64(v) => v.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sample `i` as a number. Panics past the end, as slices do.
    pub fn get(&self, i: usize) -> f64 {
        match self {
            Self::U8(v) => f64::from(v[i]),
            Self::I8(v) => f64::from(v[i]),
            Self::U16(v) => f64::from(v[i]),
            Self::I16(v) => f64::from(v[i]),
            Self::U32(v) => f64::from(v[i]),
            Self::I32(v) => f64::from(v[i]),
            Self::F32(v) => f64::from(v[i]),
            Self::F64(v) => v[i],
        }
    }

    /// NumPy's name of the sample type, little-endian.
    pub fn dtype(&self) -> &'static str {
        match self {
            Self::U8(_) => "uint8",
            Self::I8(_) => "int8",
            Self::U16(_) => "uint16",
            Self::I16(_) => "int16",
            Self::U32(_) => "uint32",
            Self::I32(_) => "int32",
            Self::F32(_) => "float32",
            Self::F64(_) => "float64",
        }
    }

    /// The samples as little-endian bytes.
    pub fn to_le_bytes(&self) -> Vec<u8> {
        match self {
            Self::U8(v) => v.clone(),
            Self::I8(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
            Self::U16(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
            Self::I16(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
            Self::U32(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
            Self::I32(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
            Self::F32(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
            Self::F64(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
        }
    }
}

impl std::fmt::Debug for Samples {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Samples({} x {})", self.len(), self.dtype())
    }
}

/// One decoded frame: what the codec door returns.
#[derive(Debug, Clone, PartialEq)]
pub struct DecodedFrame {
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub columns: u32,
    /// Samples of a pixel, interleaved.
    pub samples_per_pixel: u16,
    /// Which colours the samples mean now: JPEG 2000's own colour transforms are undone in decoding (YBR_RCT
    /// and YBR_ICT come out as RGB), shared chrominance is given to each pixel (YBR_FULL_422 comes out as
    /// YBR_FULL), and nothing else is converted.
    pub photometric: Photometric,
    /// The samples.
    pub samples: Samples,
}

/// The pixel data element as it lies in the file, cut but not decoded. `Bytes` are views, not copies.
#[derive(Clone, PartialEq, Eq)]
pub enum PixelData {
    /// Native (unencapsulated) values, all frames in one run, in the byte order of the transfer syntax.
    Native {
        /// The value of Pixel Data, Float Pixel Data or Double Float Pixel Data.
        value: bytes::Bytes,
        /// Explicit VR Big Endian, for words: OW, and OB with more than 8 bits allocated. False for OB with
        /// 8 bits or 1 bit allocated, which byte order does not concern (PS3.5 8.1.1).
        big_endian: bool,
    },
    /// Encapsulated code streams (PS3.5 A.4).
    Encapsulated {
        /// Frame offsets from the first fragment's item tag: Basic or Extended Offset Table; may be empty.
        offsets: Vec<u64>,
        /// The fragments in order, without item headers.
        fragments: Vec<bytes::Bytes>,
    },
}

impl std::fmt::Debug for PixelData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Native { value, .. } => write!(f, "Native({} bytes)", value.len()),
            Self::Encapsulated { fragments, .. } => write!(f, "Encapsulated({} fragments)", fragments.len()),
        }
    }
}
