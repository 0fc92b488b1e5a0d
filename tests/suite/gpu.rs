//! Shaders against their CPU twins.
