//! The command line as typed: names and shapes are the contract of DESIGN section 4.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::demo::line::Condition;
use crate::dicom::Uid;
use crate::text::Language;

/// Dokuei, a workstation for radiologists. Without a command the workstation opens.
#[derive(Debug, Parser)]
#[command(name = "dokuei", version)]
pub(crate) struct Arguments {
    /// Language of sentences: en-US or ja-JP (else the profile's, else the system's)
    #[arg(long, global = true, value_parser = language)]
    pub(crate) language: Option<Language>,
    /// Results as one JSON document on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// What to do; the window without it
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Open local files, folders, media (DICOMDIR) and ZIP archives in the window; with --json or --out, and in
    /// dokuei-cli, tell what they hold and leave a picture of each stack
    Open(Open),
    /// Start the demo centre and open the workstation signed in to it
    Demo(Demo),
    /// What instances are, one by one, and the stacks they form
    Info(Info),
    /// The stored samples of one frame
    Decode(Decode),
    /// The image as a viewport shows it
    Render(Render),
    /// What waits to be read at a centre, most urgent first
    Worklist(AtCentre),
    /// Bring a study into the vault
    Fetch(Fetch),
    /// Sign, send and follow reports
    #[command(subcommand)]
    Report(Report),
    /// Check this workstation and the way to a centre
    Doctor(Doctor),
}

/// Which centre, and as whom.
#[derive(Debug, Clone, Args)]
pub(crate) struct CentreChoice {
    /// A centre of the profile, `demo` while one runs, or a base URL
    #[arg(long)]
    pub(crate) centre: String,
    /// User name; the password is in DOKUEI_PASSWORD or asked for
    #[arg(long)]
    pub(crate) user: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AtCentre {
    #[command(flatten)]
    pub(crate) centre: CentreChoice,
    /// Print patients' names
    #[arg(long)]
    pub(crate) show_phi: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Open {
    /// Files, folders, a DICOMDIR or ZIP archives
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Where the pictures go (else dokuei-pictures); no window then
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// Print patients' names
    #[arg(long)]
    pub(crate) show_phi: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Only the centre, at this address, until interrupted
    #[arg(long, value_name = "ADDR")]
    pub(crate) serve: Option<SocketAddr>,
    /// No window: walk the whole path against the centre, from its worklist to a confirmed report
    #[arg(long, conflicts_with = "serve")]
    pub(crate) headless: bool,
    /// Where the pictures of that walk go
    #[arg(long, default_value = "dokuei-demo", requires = "headless")]
    pub(crate) out: PathBuf,
    /// Put a thin line before the centre: its rate each way and its round trip, as in 20mbit,40ms
    #[arg(long, value_name = "RATE,TIME", value_parser = line)]
    pub(crate) line: Option<Condition>,
}

#[derive(Debug, Args)]
pub(crate) struct Info {
    /// Files, folders, a DICOMDIR or ZIP archives
    #[arg(required_unless_present = "study")]
    pub(crate) paths: Vec<PathBuf>,
    /// A study in the vault instead
    #[arg(long, conflicts_with = "paths")]
    pub(crate) study: Option<Uid>,
    /// Print patients' names
    #[arg(long)]
    pub(crate) show_phi: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Decode {
    /// A DICOM file
    pub(crate) file: PathBuf,
    /// Frame number, from 0
    #[arg(long, default_value_t = 0)]
    pub(crate) frame: u32,
    /// Where the raw samples go, or the video
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// Save a video's stream as it is instead of decoding a frame
    #[arg(long, requires = "out", conflicts_with = "frame")]
    pub(crate) stream: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Render {
    /// A file, or a folder, DICOMDIR or ZIP archive that holds one series
    #[arg(required_unless_present = "study")]
    pub(crate) path: Option<PathBuf>,
    /// A study in the vault instead
    #[arg(long, conflicts_with = "path")]
    pub(crate) study: Option<Uid>,
    /// Which series of it
    #[arg(long)]
    pub(crate) series: Option<Uid>,
    /// The picture to write
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// Frame number in the stack, from 0; without it the middle one
    #[arg(long, conflicts_with = "plane")]
    pub(crate) frame: Option<u32>,
    /// Window centre and width, in modality units: `40,400`
    #[arg(long, value_parser = numbers::<2>, allow_hyphen_values = true)]
    pub(crate) window: Option<[f64; 2]>,
    /// A plane through the volume: axial, coronal, sagittal or its normal `nx,ny,nz`
    #[arg(long, value_parser = plane, allow_hyphen_values = true)]
    pub(crate) plane: Option<PlaneChoice>,
    /// A point of the plane, patient millimetres `x,y,z`; without it the volume's middle
    #[arg(long, value_parser = numbers::<3>, requires = "plane", allow_hyphen_values = true)]
    pub(crate) at: Option<[f64; 3]>,
    /// Thickness of the slab in millimetres
    #[arg(long, requires = "plane")]
    pub(crate) slab: Option<f64>,
    /// How the slab is projected
    #[arg(long, requires = "slab", default_value = "mip")]
    pub(crate) mode: ModeChoice,
    /// Size of the picture: `512x512`
    #[arg(long, value_parser = size)]
    pub(crate) size: Option<(u32, u32)>,
    /// Draw the overlay planes that the image brings
    #[arg(long)]
    pub(crate) overlay: bool,
    /// Who draws
    #[arg(long, default_value = "gpu")]
    pub(crate) device: DeviceChoice,
    /// Also write the modality values of the same pixels, NumPy float32
    #[arg(long)]
    pub(crate) values: Option<PathBuf>,
}

/// A direction to look along.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum PlaneChoice {
    Axial,
    Coronal,
    Sagittal,
    Normal([f64; 3]),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeChoice {
    Mip,
    Minip,
    Mean,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeviceChoice {
    Gpu,
    Cpu,
}

#[derive(Debug, Args)]
pub(crate) struct Fetch {
    #[command(flatten)]
    pub(crate) centre: CentreChoice,
    /// Study Instance UID
    #[arg(long)]
    pub(crate) study: Uid,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Report {
    /// Sign a report into the outbox
    Sign(Sign),
    /// Offer what has not arrived to its centre, and read it back
    Send {
        /// Only reports for this centre
        #[arg(long)]
        centre: Option<String>,
        /// User name; the password is in DOKUEI_PASSWORD or asked for
        #[arg(long)]
        user: Option<String>,
    },
    /// How far each report has come
    Status,
}

#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// The report document (TOML)
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) centre: CentreChoice,
    /// Take the images from this folder instead of the vault
    #[arg(long)]
    pub(crate) images: Option<PathBuf>,
    /// Also write the object to a file
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Check the way to this centre too
    #[arg(long)]
    pub(crate) centre: Option<String>,
    /// User name for it
    #[arg(long)]
    pub(crate) user: Option<String>,
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "en-US or ja-JP".to_owned())
}

fn numbers<const N: usize>(text: &str) -> Result<[f64; N], String> {
    let parsed: Option<Vec<f64>> =
        text.split(',').map(|part| part.trim().parse::<f64>().ok().filter(|n| n.is_finite())).collect();
    parsed.and_then(|list| list.try_into().ok()).ok_or_else(|| format!("{N} numbers separated by commas"))
}

fn plane(text: &str) -> Result<PlaneChoice, String> {
    match text {
        "axial" => Ok(PlaneChoice::Axial),
        "coronal" => Ok(PlaneChoice::Coronal),
        "sagittal" => Ok(PlaneChoice::Sagittal),
        other => match numbers::<3>(other) {
            Ok(normal) if normal.iter().any(|n| *n != 0.0) => Ok(PlaneChoice::Normal(normal)),
            _ => Err("axial, coronal, sagittal or a normal nx,ny,nz".to_owned()),
        },
    }
}

fn line(text: &str) -> Result<Condition, String> {
    Condition::parse(text)
        .ok_or_else(|| "a rate in kbit, mbit or gbit and a round trip in ms, as in 20mbit,40ms".to_owned())
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let side = |part: &str| part.parse::<u32>().ok().filter(|n| (1..=16384).contains(n));
    text.split_once('x')
        .and_then(|(width, height)| Some((side(width)?, side(height)?)))
        .ok_or_else(|| "WxH, each from 1 to 16384".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_checked_where_they_are_typed() {
        assert_eq!(plane("0,-1,0").unwrap(), PlaneChoice::Normal([0.0, -1.0, 0.0]));
        assert!(plane("0,0,0").is_err() && plane("up").is_err());
        assert_eq!(size("640x480").unwrap(), (640, 480));
        assert!(size("0x5").is_err() && size("99999x5").is_err());
        assert!(numbers::<2>("nan,4").is_err() && numbers::<2>("1").is_err());
        assert_eq!(numbers::<2>("-600, 1500").unwrap(), [-600.0, 1500.0]);
        assert!(line("20mbit,40ms").is_ok() && line("20MB").is_err());
        let parsed = Arguments::try_parse_from(["dokuei", "worklist", "--centre", "demo", "--json"]).unwrap();
        assert!(parsed.json);
    }
}
