//! The DICOMweb client (PS3.18): QIDO-RS, WADO-RS, STOW-RS, UPS-RS, multipart, sign-in.
