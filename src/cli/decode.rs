//! `dokuei decode`: the stored samples of one frame.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::args::Decode;
use super::context::{Context, Failure};
use super::output;
use crate::work::local;

pub(crate) fn run(context: &Context, args: &Decode) -> Result<(), Failure> {
    let object = local::read_file(&args.file)??;
    let frame = object.decode(args.frame)?;
    let bytes = frame.samples.to_le_bytes();
    if let Some(path) = &args.out {
        output::write(path, &bytes, std::slice::from_ref(&args.file))?;
    }
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
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
