//! The demo centre's made-up studies and their known answers.
