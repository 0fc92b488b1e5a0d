//! What can go wrong in work, each with the sentence of the room it comes from.

use std::path::{Path, PathBuf};

use super::local::LocalError;
use crate::centre::CentreError;
use crate::dicom::DicomError;
use crate::imaging::ImagingError;
use crate::imaging::measure::MeasureError;
use crate::report::ReportError;
use crate::session::Problem;
use crate::site::SiteError;
use crate::text::{Explain, Message};
use crate::vault::VaultError;

/// Why a piece of work did not end well.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The centre, or the line to it.
    #[error(transparent)]
    Centre(#[from] CentreError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The configuration.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// An object.
    #[error(transparent)]
    Dicom(#[from] DicomError),
    /// What can be made of an image.
    #[error(transparent)]
    Imaging(#[from] ImagingError),
    /// A report document.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// A shape that cannot be measured where it was drawn.
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// A file of this machine.
    #[error("file {path}: {why}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// A file, a medium or an archive that cannot be used.
    #[error(transparent)]
    Local(#[from] LocalError),
    /// A file holds something else than when it was opened.
    #[error("{path} has changed since it was opened")]
    FileChanged {
        /// Which.
        path: PathBuf,
    },
    /// There is no key store entry and no passphrase.
    #[error("no passphrase for the vault")]
    NoPassphrase,
    /// The centre asks for a password and none is known.
    #[error("no password for {centre}")]
    NoPassword {
        /// The centre's name.
        centre: String,
    },
    /// The centre asks for an access token and none is known.
    #[error("no access token for {centre}")]
    NoToken {
        /// The centre's name.
        centre: String,
    },
    /// The centre's readers sign in with the browser, and nobody has.
    #[error("nobody has signed in to {centre}")]
    NoSignIn {
        /// The centre's name.
        centre: String,
    },
    /// The reader broke the sign-in off.
    #[error("the sign-in was broken off")]
    BrokenOff,
    /// The vault does not hold this study.
    #[error("study {study} is not in the vault")]
    NotHere {
        /// Study Instance UID.
        study: String,
    },
    /// The centre does not have this study.
    #[error("the centre has no study {study}")]
    NotAtCentre {
        /// Study Instance UID.
        study: String,
    },
    /// Another reader has the study.
    #[error("another reader has taken it")]
    TakenByOther,
    /// The centre does not let a claimed study be given back.
    #[error("the centre does not take it back")]
    NotGivenBack,
    /// The centre's list of the study is not whole, so nobody can say that the study is.
    #[error("the list of instances is not whole")]
    ListCut,
    /// An image has no identifier of its own that a report could name.
    #[error("image {image} has a stand-in identifier")]
    StandIn {
        /// The stand-in, as shown by `info`.
        image: String,
    },
    /// The centre listed an instance but did not give it.
    #[error("listed but not given")]
    NotGiven,
    /// The paths or the study hold no image that fits.
    #[error("no image to show")]
    NoImage,
    /// What is there is no image, and has no pages that could be drawn.
    #[error("{what} is not an image")]
    NotAnImage {
        /// The name of its class.
        what: String,
    },
    /// An image of the open case that has not come, or a case that is not open any more.
    #[error("the image is not here yet")]
    NotYetHere,
    /// An image that a report names is not at hand.
    #[error("image {image} is not at hand")]
    NoSuchImage {
        /// SOP Instance UID.
        image: String,
    },
    /// The centre gave another object than was asked for.
    #[error("not the object asked for: {what}")]
    WrongObject {
        /// Which part differs, a fixed phrase.
        what: &'static str,
    },
    /// The centre holds another object under the report's identifier.
    #[error("the centre holds another object under the same UID")]
    Conflict,
    /// The centre stored a report with a warning and holds something else now.
    #[error("the centre changed the report (warning {reason:04X}H)")]
    ChangedThere {
        /// Warning Reason (0008,1196).
        reason: u16,
    },
    /// The images at hand are of more than one patient.
    #[error("images of more than one patient")]
    MixedPatients,
    /// More than one series fits.
    #[error("{} series fit", series.len())]
    WhichSeries {
        /// Their Series Instance UIDs.
        series: Vec<String>,
    },
    /// A study came from another centre than the report is to go to.
    #[error("the study came from another centre")]
    OtherCentre {
        /// The centre it came from, its base URL.
        from: String,
    },
    /// The plane does not meet the volume.
    #[error("the plane lies outside the volume")]
    OutsideVolume,
    /// A result would be written over what it was made from.
    #[error("{path} is one of the inputs")]
    OverInput {
        /// Which file.
        path: PathBuf,
    },
    /// Rows of the worklist are missing or unreadable.
    #[error("the worklist is cut short; {unreadable} rows cannot be read")]
    WorklistCut {
        /// Rows that cannot be read.
        unreadable: usize,
    },
    /// The centre refused a report.
    #[error("the centre refused the report (reason {reason:04X}H)")]
    Refused {
        /// Failure Reason (0008,1197).
        reason: u16,
    },
    /// The centre named the report as stored but does not give it back yet.
    #[error("stored at the centre but not given back")]
    NotReadBack,
    /// No audio device takes the sound of a new STAT.
    #[error("no audio device")]
    NoSound,
    /// The demo centre does not start.
    #[error("the demo centre does not start")]
    Demo(Message),
    /// Work ended before it answered.
    #[error("stopped before it was done")]
    Stopped,
    /// The workstation is locked and its keys are put away.
    #[error("locked")]
    Locked,
    /// Too many wrong words: nobody may try again yet.
    #[error("too many wrong words; wait {} s", wait.as_secs())]
    Guessing {
        /// For how long.
        wait: std::time::Duration,
    },
    /// Not the password that the centre accepted last.
    #[error("not the password that the centre accepted last")]
    WrongPasswordHere,
    /// Somebody else signed in than who is signed in.
    #[error("another reader signed in")]
    AnotherReader,
    /// The centre cannot be asked, and the password cannot be checked here.
    #[error("the centre cannot be asked and the password cannot be checked here")]
    NoProof,
    /// The centre took the report but does not name it in its answer.
    #[error("the centre did not name the report in its answer")]
    NotNamed,
}

impl WorkError {
    /// Somebody guessed: a passphrase or a password that is not right.
    pub(crate) fn is_wrong_word(&self) -> bool {
        matches!(
            self,
            Self::Vault(VaultError::WrongPassphrase)
                | Self::Centre(CentreError::WrongPassword { .. } | CentreError::TokenRefused { .. })
                | Self::WrongPasswordHere
        )
    }

    /// A file system error about `path`.
    pub(crate) fn file(path: &Path, why: &std::io::Error) -> Self {
        Self::File { path: path.to_owned(), why: why.to_string() }
    }
}

impl WorkError {
    /// The centre, the line to it, or the way in: not what was asked for.
    pub(crate) fn is_of_centre(&self) -> bool {
        matches!(self, Self::Centre(_) | Self::NoPassword { .. })
    }

    /// The line, or a centre that cannot answer now: what is here can be read meanwhile.
    pub(crate) fn is_no_line(&self) -> bool {
        matches!(self, Self::Centre(error) if error.is_transient())
    }
}

impl Explain for WorkError {
    fn message(&self) -> Message {
        match self {
            Self::Centre(error) => error.message(),
            Self::Vault(error) => error.message(),
            Self::Site(error) => error.message(),
            Self::Dicom(error) => error.message(),
            Self::Imaging(error) => error.message(),
            Self::Report(error) => error.message(),
            Self::Measure(error) => Message::new(measure(*error)),
            Self::NotYetHere => Message::new("work-not-yet-here"),
            Self::File { path, why } => {
                Message::new("work-file").with("path", path.display()).with("why", why)
            }
            Self::Local(error) => error.message(),
            Self::FileChanged { path } => Message::new("work-file-changed").with("path", path.display()),
            Self::NoPassphrase => Message::new("work-no-passphrase"),
            Self::NoPassword { centre } => Message::new("work-no-password").with("centre", centre),
            Self::NoToken { centre } => Message::new("work-no-token").with("centre", centre),
            Self::NoSignIn { centre } => Message::new("work-no-sign-in").with("centre", centre),
            Self::BrokenOff => Message::new("work-broken-off"),
            Self::NotHere { study } => Message::new("work-not-here").with("study", study),
            Self::NotAtCentre { study } => Message::new("work-not-at-centre").with("study", study),
            Self::ListCut => Message::new("work-list-cut"),
            Self::TakenByOther => Message::new("claim-taken-by-other"),
            Self::NotGivenBack => Message::new("claim-not-given-back"),
            Self::StandIn { image } => Message::new("work-stand-in").with("image", image),
            Self::NotGiven => Message::new("work-not-given"),
            Self::NoImage => Message::new("work-no-image"),
            Self::NotAnImage { what } => Message::new("work-not-an-image").with("what", what),
            Self::NoSuchImage { image } => Message::new("work-no-such-image").with("image", image),
            Self::WrongObject { what } => Message::new("work-wrong-object").with("what", what),
            Self::Conflict => Message::new("work-conflict"),
            Self::ChangedThere { reason } => {
                Message::new("work-changed-there").with("reason", format!("{reason:04X}H"))
            }
            Self::MixedPatients => Message::new("work-mixed-patients"),
            Self::WhichSeries { series } => {
                Message::new("work-which-series").with("series", series.join(", "))
            }
            Self::OtherCentre { from } => Message::new("work-other-centre").with("from", from),
            Self::OutsideVolume => Message::new("work-outside-volume"),
            Self::OverInput { path } => Message::new("work-over-input").with("path", path.display()),
            Self::WorklistCut { unreadable } => Message::new("work-worklist-cut").with("count", unreadable),
            Self::Refused { reason } => Message::new("work-refused").with("reason", format!("{reason:04X}H")),
            Self::NotReadBack => Message::new("work-not-read-back"),
            Self::NoSound => Message::new("work-no-sound"),
            Self::Demo(why) => why.clone(),
            Self::Stopped => Message::new("work-stopped"),
            Self::NotNamed => Message::new("work-not-named"),
            Self::Locked => Message::new("lock-locked"),
            Self::Guessing { wait } => Message::new("lock-wait").with("seconds", wait.as_secs() + 1),
            Self::WrongPasswordHere => Message::new("lock-wrong-password"),
            Self::AnotherReader => Message::new("lock-another-reader"),
            Self::NoProof => Message::new("lock-no-proof"),
        }
    }
}

/// The same findings as those of a report's measurements, said of what was just drawn.
fn measure(error: MeasureError) -> &'static str {
    match error {
        MeasureError::NoArea => "work-measure-no-extent",
        MeasureError::Crosses => "work-measure-crosses",
        MeasureError::OutsideImage => "work-measure-outside",
        MeasureError::NotAnImage | MeasureError::NoValue => "work-measure-no-value",
        MeasureError::PointCount { .. }
        | MeasureError::NotFinite
        | MeasureError::AxesApart
        | MeasureError::NotARectangle
        | MeasureError::NoSuchFrame { .. } => "work-measure-again",
    }
}

impl From<&WorkError> for Problem {
    fn from(error: &WorkError) -> Self {
        error.message().into()
    }
}
