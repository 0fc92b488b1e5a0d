//! PURE. The report: its document, its DICOM SR object (PS3.16 TID 2000), coded concepts.
