//! Viewports, thumbnails and drawings in a window without a GPU: what the mouse does is asked for as commands,
//! and what is on screen is read by its accessible labels.

mod display;
pub(crate) mod made;
mod mouse;
mod page;
mod words;
