//! The open case: catalogued while it comes, kept while it is read.

use std::sync::Arc;

use super::ground::Ground;
use crate::session::case::Effect;

pub(super) async fn run(_ground: &Arc<Ground>, _effect: Effect) {}
