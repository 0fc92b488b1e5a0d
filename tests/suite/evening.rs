//! An evening of reading: the real program without a screen, by its accessible names, against a demo centre at
//! the other end of a line that can be cut.

mod kill;
mod leaving;
mod lock;
mod path;
mod prefetch;
mod reader;
mod stat;
mod town;
mod trouble;
