//! The values of what is drawn.

use std::sync::Arc;

use super::ground::Ground;
use crate::session::drawings::Effect;

pub(super) async fn run(_ground: &Arc<Ground>, _effect: Effect) {}
