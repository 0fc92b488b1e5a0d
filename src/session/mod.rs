//! PURE. The application state and its only update function.
