//! The workstation's program.

fn main() {}
