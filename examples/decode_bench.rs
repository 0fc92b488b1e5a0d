//! The codec door for `cargo xtask bench codecs`: decodes encoded frames and says how long it took.
//!
//! The first argument is a folder with `list.txt`. Each of its lines is a coding: a label, the transfer syntax,
//! rows, columns, samples, bits allocated, bits stored, sign, photometric interpretation, number of frames; frame
//! n of it is the file `LABEL.n`. A line on standard input asks for one measurement, a line on standard output
//! answers in seconds of processor time:
//!
//! - `one LABEL`: all frames once, on one thread;
//! - `all LABEL`: all frames once on each of as many threads as there are cores, by thread;
//! - `first LABEL`, `far LABEL`: frame 1, or frame 1000, of an object of 2000 frames, a hundred times.
#![allow(clippy::print_stdout, reason = "what is measured goes to the program that asked")]

use std::io::BufRead;
use std::path::Path;

use bytes::Bytes;
use dokuei::dicom::pixel::Photometric;
use dokuei::dicom::{PixelData, PixelFormat, Uid, codec};

type Failure = Box<dyn std::error::Error>;

/// Frames of the long object, and how often one of them is decoded.
const FRAMES: u32 = 2000;
const TIMES: usize = 100;

struct Coding {
    label: String,
    uid: Uid,
    format: PixelFormat,
    frames: Vec<PixelData>,
}

impl Coding {
    fn read(line: &str, folder: &Path) -> Result<Self, Failure> {
        let words: Vec<&str> = line.split(' ').collect();
        let &[label, uid, rows, columns, samples, allocated, stored, signed, photometric, count] =
            words.as_slice()
        else {
            return Err(format!("not a coding: {line}").into());
        };
        let bits_stored: u16 = stored.parse()?;
        let format = PixelFormat {
            rows: rows.parse()?,
            columns: columns.parse()?,
            frames: 1,
            samples_per_pixel: samples.parse()?,
            bits_allocated: allocated.parse()?,
            bits_stored,
            high_bit: bits_stored - 1,
            signed: signed == "1",
            photometric: Photometric::parse(photometric),
            planar: false,
            float: false,
        };
        let uid = Uid::parse(uid).map_err(|_| "not a transfer syntax")?;
        let native = uid.as_str() == "1.2.840.10008.1.2.1";
        let frames = (0..count.parse::<usize>()?)
            .map(|number| {
                let bytes = Bytes::from(std::fs::read(folder.join(format!("{label}.{number}")))?);
                Ok(if native {
                    PixelData::Native { value: bytes, big_endian: false }
                } else {
                    PixelData::Encapsulated { offsets: Vec::new(), fragments: vec![bytes] }
                })
            })
            .collect::<Result<_, Failure>>()?;
        Ok(Self { label: label.to_owned(), uid, format, frames })
    }

    /// Processor time of this thread for all frames.
    fn decode_all(&self) -> Result<f64, Failure> {
        let begun = thread_seconds();
        for pixels in &self.frames {
            std::hint::black_box(codec::decode(&self.format, &self.uid, pixels, 0)?);
        }
        Ok(thread_seconds() - begun)
    }

    /// The same on all cores at once, by thread.
    fn decode_on_all_cores(&self) -> Result<f64, Failure> {
        let cores = std::thread::available_parallelism()?.get();
        let spent: Vec<Result<f64, String>> = std::thread::scope(|scope| {
            let work = || self.decode_all().map_err(|error| error.to_string());
            let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|_| Err("a panic".to_owned())))
                .collect()
        });
        let all = spent.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(all.iter().sum::<f64>() / all.len() as f64)
    }

    /// One frame of an object made of these frames again and again.
    fn decode_of_many(&self, frame: u32) -> Result<f64, Failure> {
        let format = PixelFormat { frames: FRAMES, ..self.format.clone() };
        let all = self.frames.iter().cycle().take(FRAMES as usize);
        let pixels = match &self.frames[0] {
            PixelData::Native { value, .. } => {
                PixelData::Native { value: value.repeat(FRAMES as usize).into(), big_endian: false }
            }
            PixelData::Encapsulated { .. } => PixelData::Encapsulated {
                offsets: Vec::new(),
                fragments: all
                    .flat_map(|pixels| match pixels {
                        PixelData::Encapsulated { fragments, .. } => fragments.clone(),
                        PixelData::Native { .. } => Vec::new(),
                    })
                    .collect(),
            },
        };
        let begun = thread_seconds();
        let index = codec::FrameIndex::of(&format, &pixels);
        for _ in 0..TIMES {
            std::hint::black_box(codec::decode_indexed(&index, &format, &self.uid, &pixels, frame)?);
        }
        Ok(thread_seconds() - begun)
    }
}

/// Processor time of this thread, which other programs on the machine do not lengthen.
#[cfg(target_os = "linux")]
fn thread_seconds() -> f64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9
}

/// The clock on the wall where there is no portable other.
#[cfg(not(target_os = "linux"))]
fn thread_seconds() -> f64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0.0, |now| now.as_secs_f64())
}

fn main() -> Result<(), Failure> {
    let folder = std::env::args_os().nth(1).ok_or("decode_bench FOLDER")?;
    let folder = Path::new(&folder);
    let list = std::fs::read_to_string(folder.join("list.txt"))?;
    let codings = list.lines().map(|line| Coding::read(line, folder)).collect::<Result<Vec<_>, _>>()?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (what, label) = line.split_once(' ').ok_or("WHAT LABEL")?;
        let coding = codings.iter().find(|coding| coding.label == label).ok_or("no such label")?;
        // What is not decoded is said, and does not end the other measurements.
        let measured = match what {
            "one" => coding.decode_all(),
            "all" => coding.decode_on_all_cores(),
            "first" => coding.decode_of_many(0),
            "far" => coding.decode_of_many(999),
            _ => Err("one, all, first or far".into()),
        };
        match measured {
            Ok(seconds) => println!("{seconds}"),
            Err(error) => println!("not decoded: {error}"),
        }
    }
    Ok(())
}
