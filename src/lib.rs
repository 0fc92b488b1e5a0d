//! Dokuei (読影): a workstation for radiologists who read at home or on call.
//!
//! # The house
//!
//! Folders are rooms. `PURE` rooms know no runtime, socket, file, clock or random source.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`dicom`] PURE | gate, Part 10 and DICOM JSON into typed modules, character sets, codecs, catalogue |
//! | [`imaging`] PURE | geometry, grey pipeline, volumes, sampling (the CPU twin), measurements, frame store |
//! | [`report`] PURE | report document, DICOM SR objects, coded concepts |
//! | [`session`] PURE | the application state and its only update function |
//! | [`text`] | every sentence a person reads, in English and Japanese |
//! | [`site`] | configuration: folders, profile, centres, certificates |
//! | [`centre`] | the DICOMweb client |
//! | [`vault`] | the encrypted local store |
//! | [`work`] | runs effects, returns events; owns the runtime, the threads, the outbox |
//! | [`render`] | wgpu: textures, passes, offscreen target |
//! | [`demo`] | a small DICOMweb centre with made-up studies on loopback |
//! | [`ui`] | egui: panels over the state, one table of actions; the canvas |
//! | [`app`] | the window: drains events, updates, draws, runs effects |
//! | [`cli`] | the command line |
//!
//! Who may use whom is data in `tests/suite/house.rs`, and a test holds every file to it.
//!
//! # One turn of the wheel
//!
//! ```text
//!              Command                               Effect { id, .. }
//!   cli, ui  ───────────►  session::update  ──────────────────────────►  work
//!      ▲                      │ &mut State                                │ tokio: network, disk
//!      │ &State               ▼                                           │ threads: decode, volume
//!      └──────────────────  State  ◄──────────── Event { id, .. } ◄───────┘ bounded inbox
//! ```
//!
//! Commands, effects and events are plain data; a recorded list of messages replays to the same state.
//! [`app`] turns the wheel for the window, also while it is made or hidden, and [`cli`] for a terminal. In the window
//! keys are applied before the panels, and what the mouse does to panels and images before the images are painted,
//! so that a notch of the wheel shows in the same frame.
//! Pixels never travel in events: workers put them in [`imaging`]'s frame store and send their key.
//!
//! # Where a study's bytes go
//!
//! ```text
//!   centre ──multipart──► work ──proven complete──► vault (sealed)
//!                                                     │
//!                       dicom (gate, parse, decode) ◄─┘
//!                         │ stored samples + typed modules
//!                         ▼
//!                       imaging (twin)  ◄── the same scene ──►  render (GPU) ──► picture, or ui's canvas
//! ```
//!
//! # Invariants (of absence)
//!
//! - The pure rooms know no tokio, reqwest, egui, wgpu, `std::fs`, clock or random source.
//! - No DICOM tag is looked up outside [`dicom`], [`report`], [`demo`] and [`centre`]'s query code.
//! - No patient data in logs, errors, file names or `Debug` output: [`dicom::Phi`] redacts itself.
//! - *Saved* means fsynced in the vault; *sent* means the centre named the instance in
//!   ReferencedSOPSequence; *confirmed* means read back and equal. Nothing is said to be one of them before.
//! - One writer a vault.
//! - Every shader function has a CPU twin in [`imaging`], written from the standard and not from the shader.

pub mod app;
pub mod centre;
pub mod cli;
pub mod demo;
pub mod dicom;
pub mod imaging;
pub mod render;
pub mod report;
pub mod session;
pub mod site;
pub mod text;
pub mod ui;
pub mod vault;
pub mod work;
