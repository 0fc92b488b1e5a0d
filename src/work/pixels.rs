//! Decoding what is wanted, the most urgent first, and building volumes.

use std::sync::Arc;

use super::ground::Ground;
use crate::session::pixels::Effect;

pub(super) async fn run(_ground: &Arc<Ground>, _effect: Effect) {}
