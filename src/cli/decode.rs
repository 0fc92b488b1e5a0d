//! `dokuei decode`: the stored samples of one frame, or a video's stream as it is.

use std::path::PathBuf;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::args::Decode;
use super::context::{Context, Failure};
use super::output;
use crate::dicom::codec;
use crate::text::{Explain, Message};
use crate::work::loaded::Loaded;
use crate::work::local;

/// Only a video has a stream.
struct NotVideo(PathBuf);

impl Explain for NotVideo {
    fn message(&self) -> Message {
        Message::new("cli-not-video").with("path", self.0.display())
    }
}

pub(crate) fn run(context: &Context, args: &Decode) -> Result<(), Failure> {
    let object = local::read_file(&args.file)??;
    if args.stream { save_stream(context, args, &object) } else { decode_frame(context, args, &object) }
}

fn decode_frame(context: &Context, args: &Decode, object: &Loaded) -> Result<(), Failure> {
    let frame = object.decode(args.frame)?;
    let bytes = frame.samples.to_le_bytes();
    if let Some(path) = &args.out {
        output::write(path, &bytes, std::slice::from_ref(&args.file))?;
    }
    let hash = sha256(&bytes);
    let json = json!({
        "rows": frame.rows,
        "columns": frame.columns,
        "samples": frame.samples_per_pixel,
        "dtype": frame.samples.dtype(),
        "sha256": hash,
    });
    let line = format!(
        "{} x {} x {} {}  sha256 {hash}",
        frame.rows,
        frame.columns,
        frame.samples_per_pixel,
        frame.samples.dtype()
    );
    context.out.result(&json, &[line])
}

fn save_stream(context: &Context, args: &Decode, object: &Loaded) -> Result<(), Failure> {
    let stream = object.video_stream().ok_or_else(|| NotVideo(args.file.clone()))?;
    if let Some(path) = &args.out {
        output::write(path, &stream, std::slice::from_ref(&args.file))?;
    }
    let (bytes, hash) = (stream.len(), sha256(&stream));
    let container = codec::video_extension(&object.transfer_syntax, &stream);
    let json = json!({
        "transfer_syntax": object.transfer_syntax.as_str(),
        "container": container,
        "bytes": bytes,
        "sha256": hash,
    });
    context.out.result(&json, &[format!("{container}, {bytes} bytes  sha256 {hash}")])
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
