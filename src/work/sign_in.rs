//! Signing in: the vault opened, the centre asked something small.

use std::sync::Arc;

use super::ground::Ground;
use crate::session::sign_in::Effect;

pub(super) async fn run(_ground: &Arc<Ground>, _effect: Effect) {}
