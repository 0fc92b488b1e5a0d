//! The room `dicom` without the pages of encapsulated PDFs, whose library would double the build and has fuzzers of its
//! own. As in `src/dicom/mod.rs`: a module that is added there and used by others is added here.

#[path = "../../src/dicom/age.rs"]
pub mod age;
#[path = "../../src/dicom/catalogue/mod.rs"]
pub mod catalogue;
#[path = "../../src/dicom/codec/mod.rs"]
pub mod codec;
#[path = "../../src/dicom/dicomdir.rs"]
pub mod dicomdir;
#[path = "../../src/dicom/display.rs"]
pub mod display;
#[path = "../../src/dicom/document.rs"]
pub mod document;
#[path = "../../src/dicom/error.rs"]
pub mod error;
#[path = "../../src/dicom/gate/mod.rs"]
mod gate;
#[path = "../../src/dicom/instance.rs"]
pub mod instance;
#[path = "../../src/dicom/json/mod.rs"]
pub mod json;
#[path = "../../src/dicom/names.rs"]
pub mod names;
#[path = "../../src/dicom/parse/mod.rs"]
pub mod parse;
#[path = "../../src/dicom/part10.rs"]
pub mod part10;
#[path = "../../src/dicom/person_name.rs"]
pub mod person_name;
#[path = "../../src/dicom/phi.rs"]
pub mod phi;
#[path = "../../src/dicom/pixel.rs"]
pub mod pixel;
#[path = "../../src/dicom/sop_class.rs"]
pub mod sop_class;
#[path = "../../src/dicom/structured.rs"]
pub mod structured;
#[path = "../../src/dicom/text/mod.rs"]
mod text;
#[path = "../../src/dicom/uid.rs"]
pub mod uid;
#[path = "../../src/dicom/write.rs"]
pub mod write;

pub use age::{Age, AgeAtStudy};
pub use error::{DicomError, Warning};
pub use instance::Instance;
pub use person_name::PersonName;
pub use phi::Phi;
pub use pixel::{DecodedFrame, PixelData, PixelFormat, Samples};
pub(crate) use text::neutralise;
pub use uid::Uid;
