//! Coded concepts as typed constants: value, scheme and meaning as PS3.16 has them.
//!
//! Headings are the LOINC codes of CID 7001 in the current standard; the DCM codes that older tables list
//! (121060 to 121180) are retired in PS3.16 Annex D in their favour.

/// A coded concept (PS3.3 8.8): who reads it compares value and scheme, never the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code {
    /// Code Value, at most 16 characters.
    pub value: &'static str,
    /// Coding Scheme Designator (PS3.16 section 8).
    pub scheme: &'static str,
    /// Code Meaning, English.
    pub meaning: &'static str,
}

const fn code(value: &'static str, scheme: &'static str, meaning: &'static str) -> Code {
    Code { value, scheme, meaning }
}

/// Coding scheme of concepts that PS3.16 has no code for; `99` marks it private (PS3.16 8.2).
pub(super) const PRIVATE_SCHEME: &str = "99DOKUEI";

// CID 7000 Diagnostic Imaging Report Document Title
pub(super) const DIAGNOSTIC_IMAGING_REPORT: Code = code("18748-4", "LN", "Diagnostic Imaging Report");

// CID 7001 Diagnostic Imaging Report Heading
pub(super) const CLINICAL_INFORMATION: Code = code("55752-0", "LN", "Clinical Information");
pub(super) const CURRENT_PROCEDURE: Code = code("55111-9", "LN", "Current Procedure Descriptions");
pub(super) const PREVIOUS_FINDINGS: Code = code("18834-2", "LN", "Previous Findings");
pub(super) const FINDINGS: Code = code("59776-5", "LN", "Findings");
pub(super) const IMPRESSIONS: Code = code("19005-8", "LN", "Impressions");
pub(super) const KEY_IMAGES: Code = code("55113-5", "LN", "Key Images");

// CID 7002 Diagnostic Imaging Report Element
pub(super) const HISTORY: Code = code("11329-0", "LN", "History");
pub(super) const PROCEDURE_DESCRIPTION: Code = code("121065", "DCM", "Procedure Description");
pub(super) const PREVIOUS_FINDING: Code = code("121069", "DCM", "Previous Finding");
pub(super) const FINDING: Code = code("121071", "DCM", "Finding");
pub(super) const IMPRESSION: Code = code("121073", "DCM", "Impression");

// CID 7003 Diagnostic Imaging Report Purpose of Reference
pub(super) const BEST_ILLUSTRATION: Code = code("121080", "DCM", "Best illustration of finding");

// TID 1204 and CID 5000 Language (RFC 5646)
pub(super) const LANGUAGE: Code = code("121049", "DCM", "Language of Content Item and Descendants");
pub(super) const ENGLISH: Code = code("en", "RFC5646", "English");
pub(super) const ENGLISH_US: Code = code("en-US", "RFC5646", "English (United States)");
pub(super) const JAPANESE: Code = code("ja", "RFC5646", "Japanese");
pub(super) const JAPANESE_JP: Code = code("ja-JP", "RFC5646", "Japanese (Japan)");

// TID 1002, 1003, 1004 Observer context
pub(super) const OBSERVER_TYPE: Code = code("121005", "DCM", "Observer Type");
pub(super) const PERSON: Code = code("121006", "DCM", "Person");
pub(super) const DEVICE: Code = code("121007", "DCM", "Device");
pub(super) const PERSON_NAME: Code = code("121008", "DCM", "Person Observer Name");
pub(super) const PERSON_LOGIN: Code = code("128774", "DCM", "Person Observer's Login Name");
pub(super) const PERSON_ORGANISATION: Code = code("121009", "DCM", "Person Observer's Organization Name");
pub(super) const DEVICE_UID: Code = code("121012", "DCM", "Device Observer UID");
pub(super) const DEVICE_NAME: Code = code("121013", "DCM", "Device Observer Name");
pub(super) const DEVICE_MANUFACTURER: Code = code("121014", "DCM", "Device Observer Manufacturer");
pub(super) const DEVICE_MODEL: Code = code("121015", "DCM", "Device Observer Model Name");

// TID 1400, 1401, 1404: what is measured
pub(super) const LENGTH: Code = code("410668003", "SCT", "Length");
pub(super) const LONG_AXIS: Code = code("103339001", "SCT", "Long axis");
pub(super) const SHORT_AXIS: Code = code("103340004", "SCT", "Short axis");
pub(super) const AREA: Code = code("131184002", "SCT", "Area of defined region");
pub(super) const ANGLE: Code = code("1483009", "SCT", "Angle");
pub(super) const ATTENUATION: Code = code("112031", "DCM", "Attenuation Coefficient");
pub(super) const MR_SIGNAL: Code = code("110852", "DCM", "MR signal intensity");
pub(super) const PET_ACTIVITY: Code = code("110821", "DCM", "Nuclear Medicine Tomographic Activity");
pub(super) const MODALITY_VALUE: Code = code("modality-value", PRIVATE_SCHEME, "Modality value");
pub(super) const PIXEL_COUNT: Code = code("pixel-count", PRIVATE_SCHEME, "Number of pixels");

// TID 300 row 4: how a value was derived
pub(super) const DERIVATION: Code = code("121401", "DCM", "Derivation");
pub(super) const MEAN: Code = code("373098007", "SCT", "Mean");
pub(super) const STANDARD_DEVIATION: Code = code("386136009", "SCT", "Standard Deviation");
pub(super) const MINIMUM: Code = code("255605001", "SCT", "Minimum");
pub(super) const MAXIMUM: Code = code("56851009", "SCT", "Maximum");

// Where it was measured, and what must be known about it
pub(super) const PATH: Code = code("121055", "DCM", "Path");
pub(super) const AREA_OUTLINE: Code = code("121056", "DCM", "Area outline");
pub(super) const IMAGE_REGION: Code = code("111030", "DCM", "Image Region");
pub(super) const COMMENT: Code = code("121106", "DCM", "Comment");

// UCUM units (CID 7460, 7461 and PS3.16 7.2.2); `{..}` is an annotated unity
pub(super) const MILLIMETRE: Code = code("mm", "UCUM", "mm");
pub(super) const SQUARE_MILLIMETRE: Code = code("mm2", "UCUM", "square millimeter");
pub(super) const DEGREE: Code = code("deg", "UCUM", "Degree");
pub(super) const HOUNSFIELD: Code = code("[hnsf'U]", "UCUM", "Hounsfield unit");
pub(super) const NO_UNITS: Code = code("1", "UCUM", "no units");
pub(super) const PIXELS: Code = code("{pixels}", "UCUM", "pixels");
pub(super) const SQUARE_PIXELS: Code = code("{square_pixels}", "UCUM", "square pixels");
