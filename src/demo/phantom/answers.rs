//! What is known about the phantoms before anybody measures: the answers a test or a newcomer holds the
//! workstation to. Places are patient coordinates (x to the left, y to the back, z to the head) in mm.

/// Centre of the lung nodule in the current chest CT, patient mm.
pub const NODULE_CENTRE_MM: [f64; 3] = [-86.0, -18.0, 122.0];
/// Diameter of the nodule in the current chest CT, mm.
pub const NODULE_MM: f64 = 9.0;
/// Diameter of the nodule in the prior, mm.
pub const NODULE_PRIOR_MM: f64 = 6.0;
/// How the prior's patient lay differently: a place in the current study plus this is the same anatomy in the
/// prior, patient mm (another frame of reference).
pub const PRIOR_FROM_CURRENT_MM: [f64; 3] = [4.0, -6.0, 11.0];
/// The nodule, HU.
pub const NODULE_HU: f64 = 38.0;
/// Lung at y = 0, HU; it gets 0.35 HU heavier a millimetre towards the back.
pub const LUNG_HU: f64 = -862.0;
/// Liver away from its vessels, HU.
pub const LIVER_HU: f64 = 106.0;
/// A place in the liver with no large vessel within a few millimetres, patient mm.
pub const LIVER_PLACE_MM: [f64; 3] = [-108.0, 10.0, -40.0];
/// Standard deviation of the noise in the chest CT, HU.
pub const CT_NOISE_HU: f64 = 11.0;
/// Pixel Spacing (both directions) of the chest CT, mm.
pub const CT_PIXEL_MM: f64 = 0.75;
/// Distance between slices of the chest CT, mm.
pub const CT_SLICE_MM: f64 = 1.0;
/// Slices of the chest CT.
pub const CT_SLICES: u32 = 360;
/// The bleed of the STAT head CT touches the inner table here, patient mm (left temporal).
pub const BLEED_OUTER_MM: [f64; 3] = [62.0, -2.0, 12.0];
/// Radius of the bleed's outer face, a sphere, mm.
pub const BLEED_OUTER_RADIUS_MM: f64 = 86.0;
/// Radius of the bleed's inner face, a sphere, mm.
pub const BLEED_INNER_RADIUS_MM: f64 = 50.0;
/// Radius of the circle in which the two faces meet, mm.
pub const BLEED_RIM_MM: f64 = 33.0;
/// The bleed, HU.
pub const BLEED_HU: f64 = 66.0;
/// Volume of the bleed, ml: two spherical caps, pi h^2 (3 r - h) / 3 each.
pub const BLEED_ML: f64 = 33.7;
/// Imager Pixel Spacing of the chest radiograph: at the detector, mm.
pub const FILM_PIXEL_MM: f64 = 0.168;
/// Estimated Radiographic Magnification Factor of the chest radiograph.
pub const FILM_MAGNIFICATION: f64 = 1.08;
/// Centimetres a pixel of the ultrasound clip, both directions.
pub const ECHO_PIXEL_CM: f64 = 0.036;
/// Diameter of the cyst in the ultrasound clip, cm.
pub const ECHO_CYST_CM: f64 = 2.4;
/// Centre of the cyst in the first frame: right of the sector's axis and below the probe's face, cm.
pub const ECHO_CYST_CENTRE_CM: [f64; 2] = [3.2, 7.0];
/// Standard deviation of the noise in the head CT, HU.
pub const HEAD_CT_NOISE_HU: f64 = 3.5;
/// A place in the left lateral ventricle of the head MR, patient mm: bright in T2, dark in T1 and FLAIR.
pub const VENTRICLE_MM: [f64; 3] = [10.5, 4.0, 18.0];
/// A place in the white matter of the head MR, patient mm.
pub const WHITE_MATTER_MM: [f64; 3] = [27.0, 0.0, 27.0];
/// Tilt of the FLAIR slices from the axial plane about the patient's x, degrees.
pub const FLAIR_TILT_DEG: f64 = 17.0;
