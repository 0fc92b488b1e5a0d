//! The one integration binary: behaviour of the rooms, the house itself, and the whole path.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that meets the unexpected must stop there, loudly"
)]

mod audit;
mod canvas;
mod centre;
mod codecs;
mod data;
mod demo;
mod dicom;
mod doors;
mod evening;
mod gpu;
mod house;
mod imaging;
mod kill;
mod link;
mod lock;
mod objects;
mod panels;
mod path;
mod phantoms;
mod prefetch;
mod reading;
mod real_window;
mod report;
mod safety;
mod sign_in;
mod support;
mod trouble;
mod vault;
mod viewports;
mod window;
