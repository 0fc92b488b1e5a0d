//! Behaviour of the room `dicom`.
