//! Sets a machine up and runs the demo, the tests and the judges.

fn main() {}
