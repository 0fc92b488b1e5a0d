//! A stack's frames made one volume.

use std::collections::HashSet;
use std::sync::Arc;

use crate::imaging::{FrameKey, Volume, VolumeKey};
use crate::work::ground::Ground;
use crate::work::loaded::Loaded;
use crate::work::reading::OpenCase;
use crate::work::{WorkError, loaded, threads};

/// Decodes on all cores what is not in the store, and builds.
///
/// # Errors
/// [`WorkError::NotYetHere`] when an image has not come; what keeps one from being decoded, or them from being
/// a volume.
pub(super) async fn build(
    ground: &Arc<Ground>,
    volume: VolumeKey,
    frames: Vec<FrameKey>,
) -> Result<(), WorkError> {
    let case = ground.reading().case().ok_or(WorkError::NotYetHere)?;
    ground.blocking(move |ground| build_here(ground, &case, volume, &frames)).await
}

fn build_here(
    ground: &Ground,
    case: &OpenCase,
    volume: VolumeKey,
    frames: &[FrameKey],
) -> Result<(), WorkError> {
    let one = |key: &FrameKey| super::frame(ground, case, key);
    let stopped = || Err(loaded::stopped(0).into());
    let files = of_several_frames(ground, case, frames)?;
    let slices = threads::map("volume", frames, one, stopped).into_iter().collect::<Result<Vec<_>, _>>()?;
    drop(files);
    let built = Volume::from_slices(&slices)?;
    ground.reading().pool().keep_volume(case, volume, built)
}

/// Instances that have several frames to decode, read once and held while they are needed.
fn of_several_frames(
    ground: &Ground,
    case: &OpenCase,
    frames: &[FrameKey],
) -> Result<Vec<Arc<Loaded>>, WorkError> {
    let mut seen = HashSet::new();
    let missing = frames.iter().filter(|key| !ground.stores().frames.contains(key));
    let sources = missing.filter_map(|key| case.source(&key.sop_instance));
    let several = sources.filter(|source| {
        let frames = source.instance.image.as_ref().map_or(0, |image| image.format.frames);
        frames > 1 && seen.insert(source.instance.sop_instance.clone())
    });
    several.map(|source| ground.reading().pool().load(case, &source)).collect()
}
