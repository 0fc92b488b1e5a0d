//! Settings into the profile, and the sound of a new STAT.

use std::sync::Arc;

use super::ground::Ground;
use super::{WorkError, chime};
use crate::session::settings::Settings;
use crate::session::shell::{self, Effect};
use crate::session::{Event, Problem};
use crate::site::{Profile, Reader};

pub(super) async fn run(ground: &Arc<Ground>, effect: Effect) {
    let event = match effect {
        Effect::Remember { id, settings } => {
            let kept = ground.blocking(move |ground| remember(ground, &settings)).await;
            shell::Event::Remembered { id, outcome: kept.map_err(|error| Problem::from(&error)) }
        }
        Effect::Chime { id } => {
            let heard = ground.blocking(|_| chime::play()).await;
            shell::Event::Chimed { id, outcome: heard.map_err(|error| Problem::from(&error)) }
        }
    };
    ground.tell(Event::Shell(event)).await;
}

fn remember(ground: &Ground, settings: &Settings) -> Result<(), WorkError> {
    Ok(ground.change_profile(|profile| put(profile, settings))?)
}

fn put(profile: &mut Profile, settings: &Settings) {
    let Settings { language, reader, sound, lock_minutes } = settings;
    profile.language = Some(*language);
    profile.sound = Some(*sound);
    profile.lock.minutes = *lock_minutes;
    profile.reader = Reader {
        name: reader.name.clone(),
        id: reader.id.clone(),
        organisation: reader.organisation.clone(),
    };
}
