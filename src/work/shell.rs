//! Settings into the profile, and the sound of a new STAT.

use std::sync::Arc;

use super::ground::Ground;
use crate::session::shell::Effect;

pub(super) async fn run(_ground: &Arc<Ground>, _effect: Effect) {}
