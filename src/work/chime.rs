//! The sound of a new STAT: two soft tones, made here. It says that something is urgent and nothing else.

use std::f32::consts::TAU;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, TryLockError};
use std::time::Duration;

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{FromSample, SampleFormat, SizedSample, StreamConfig};

use super::WorkError;

/// The two tones, Hz: E5, then A5.
const TONES_HZ: [f32; 2] = [659.26, 880.0];
/// The second tone begins before the first has died away, s.
const APART_SECS: f32 = 0.18;
/// How long each lasts, s.
const TONE_SECS: f32 = 0.42;
/// From silence to full, s: no click.
const ATTACK_SECS: f32 = 0.02;
/// Of full scale: heard in a quiet room, not startling.
const LOUDNESS: f32 = 0.25;
/// What the device may still hold when the last sample was given to it.
const REST: Duration = Duration::from_millis(200);
/// A device that takes no sound for so long takes none.
const PATIENCE: Duration = Duration::from_secs(4);

/// One sound at a time: two STATs at once are heard as one.
static SOUNDING: Mutex<()> = Mutex::new(());

/// Plays the sound on the system's output. Blocks until it has been heard.
pub(super) fn play() -> Result<(), WorkError> {
    let _sounding = match SOUNDING.try_lock() {
        Ok(guard) => guard,
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
    };
    let device = cpal::default_host().default_output_device().ok_or(WorkError::NoSound)?;
    let wanted = device.default_output_config().map_err(|_| WorkError::NoSound)?;
    let config = wanted.config();
    match wanted.sample_format() {
        SampleFormat::F32 => play_as::<f32>(&device, config),
        SampleFormat::F64 => play_as::<f64>(&device, config),
        SampleFormat::I16 => play_as::<i16>(&device, config),
        SampleFormat::I32 => play_as::<i32>(&device, config),
        SampleFormat::U8 => play_as::<u8>(&device, config),
        SampleFormat::U16 => play_as::<u16>(&device, config),
        _ => Err(WorkError::NoSound),
    }
}

fn play_as<T: SizedSample + FromSample<f32>>(
    device: &cpal::Device,
    config: StreamConfig,
) -> Result<(), WorkError> {
    let channels = usize::from(config.channels.max(1));
    let sound = sound(config.sample_rate as f32);
    let (ended, end) = sync_channel(1);
    let broken = ended.clone();
    let mut next = 0;
    let fill = move |data: &mut [T], _: &cpal::OutputCallbackInfo| {
        for frame in data.chunks_mut(channels) {
            frame.fill(T::from_sample(sound.get(next).copied().unwrap_or_default()));
            next += 1;
        }
        if next >= sound.len() {
            tell(&ended, true);
        }
    };
    let fault = move |error: cpal::Error| {
        if !matches!(error.kind(), cpal::ErrorKind::Xrun | cpal::ErrorKind::RealtimeDenied) {
            tell(&broken, false);
        }
    };
    let stream = device.build_output_stream(config, fill, fault, Some(PATIENCE));
    let stream = stream.map_err(|_| WorkError::NoSound)?;
    stream.play().map_err(|_| WorkError::NoSound)?;
    match end.recv_timeout(PATIENCE) {
        Ok(true) => {
            std::thread::sleep(REST);
            Ok(())
        }
        _ => Err(WorkError::NoSound),
    }
}

/// The first word counts; nobody waits for another.
fn tell(ended: &SyncSender<bool>, well: bool) {
    let _ = ended.try_send(well);
}

/// The samples of one channel, from -1 to 1, at `rate` samples a second.
fn sound(rate: f32) -> Vec<f32> {
    let length = ((APART_SECS + TONE_SECS) * rate) as usize;
    let at = |secs: f32| -> f32 {
        let tones = TONES_HZ.iter().enumerate();
        tones.map(|(n, hz)| tone(*hz, secs - n as f32 * APART_SECS)).sum()
    };
    (0..length).map(|n| LOUDNESS * at(n as f32 / rate)).collect()
}

/// A tone that rises softly and fades out, `secs` after its beginning; half of full scale at most.
fn tone(hz: f32, secs: f32) -> f32 {
    if !(0.0..TONE_SECS).contains(&secs) {
        return 0.0;
    }
    let rise = (secs / ATTACK_SECS).min(1.0);
    let fall = 1.0 - secs / TONE_SECS;
    0.5 * (TAU * hz * secs).sin() * rise * fall * fall
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sound_is_short_soft_and_without_a_click() {
        for rate in [8000.0_f32, 44_100.0, 48_000.0, 192_000.0] {
            let sound = sound(rate);
            let secs = sound.len() as f32 / rate;
            assert!((0.5..0.7).contains(&secs), "{secs} s at {rate} Hz");
            let loudest = sound.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
            assert!((0.05..=LOUDNESS).contains(&loudest), "{loudest}");
            let ends = sound.iter().take(3).chain(sound.iter().rev().take(3));
            assert!(ends.into_iter().all(|sample| sample.abs() < 0.005), "it begins and ends in silence");
        }
    }

    #[test]
    fn it_has_two_tones_the_second_higher() {
        let rate = 48_000.0;
        let sound = sound(rate);
        let crossings = |from: f32, to: f32| {
            let part = &sound[(from * rate) as usize..(to * rate) as usize];
            let count = part.windows(2).filter(|pair| pair[0] <= 0.0 && pair[1] > 0.0).count();
            count as f32 / (to - from)
        };
        assert!((crossings(0.02, 0.17) - TONES_HZ[0]).abs() < 15.0);
        assert!((crossings(0.45, 0.57) - TONES_HZ[1]).abs() < 15.0);
    }
}
