//! What the tasks of `cargo xtask` and the tests of the program share: a screen without a monitor and one evening
//! on it.

pub mod bench;
pub mod bench_codecs;
pub mod evening;
pub mod fuzz;
pub mod screen;
