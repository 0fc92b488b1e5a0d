//! A witness outside the index: which opening of the vault wrote last.
//!
//! The counter stands sealed in the file `generation` and in a row of the index, and both go up at every
//! opening and every orderly closing. An index (or a witness) put back from an earlier time no longer fits.
//! The file is written first as *moving*, then the row, then the file as *settled*; after a crash between them
//! the row may be one behind a moving file.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::index::{Index, Kind, NONE, Row};
use super::keys::Keys;
use super::pack::{Packer, Unpacker};
use super::{Part, VaultError, durable};

const ABOUT: &[u8] = b"dokuei generation 1";
const SETTLED: u64 = 0;
const MOVING: u64 = 1;

/// Whether index and witness belong together, and are not older than `seen`.
pub(super) fn fits(path: &Path, index: &Index, keys: &Keys, seen: Option<u64>) -> Result<bool, VaultError> {
    let row = in_index(index)?;
    Ok(belong_together(in_file(path, keys)?, row) && row >= seen)
}

/// One step up. A step that a full disk or a crash cut short is taken again, not doubled, so that it is never
/// mistaken for an old index; where the two do not fit, the step is past both, and always past `seen`.
/// Gives the generation reached.
pub(super) fn step(path: &Path, index: &Index, keys: &Keys, seen: Option<u64>) -> Result<u64, VaultError> {
    let past_seen = seen.map_or(0, |seen| seen.saturating_add(1));
    let next = following(in_file(path, keys)?, in_index(index)?).max(past_seen);
    write(path, keys, next, MOVING)?;
    let plain = Packer::new().number(next).finish();
    index.write(|writer| {
        writer.put(&Row { kind: Kind::Generation, id: NONE, parent: NONE, size: plain.len() as u64, plain })
    })?;
    write(path, keys, next, SETTLED)?;
    Ok(next)
}

fn following(file: Option<(u64, u64)>, row: Option<u64>) -> u64 {
    let from = row.unwrap_or(0);
    let last = if belong_together(file, row) { from } else { from.max(file.map_or(0, |(number, _)| number)) };
    last.saturating_add(1)
}

fn belong_together(file: Option<(u64, u64)>, row: Option<u64>) -> bool {
    let (Some((file, phase)), Some(row)) = (file, row) else { return false };
    row == file || (phase == MOVING && row.checked_add(1) == Some(file))
}

fn write(path: &Path, keys: &Keys, number: u64, phase: u64) -> Result<(), VaultError> {
    let sealed = keys.rows.seal(ABOUT, &Packer::new().number(number).number(phase).finish())?;
    durable::write(path, |file| Ok(file.write_all(&sealed)?))
}

/// `None` where the file is gone or refuses.
fn in_file(path: &Path, keys: &Keys) -> Result<Option<(u64, u64)>, VaultError> {
    let sealed = match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        read => read?,
    };
    let Some(plain) = keys.rows.open(ABOUT, &sealed) else { return Ok(None) };
    let mut fields = Unpacker::new(&plain);
    Ok(Some((fields.number()?, fields.number()?)))
}

fn in_index(index: &Index) -> Result<Option<u64>, VaultError> {
    match index.get(Kind::Generation, &NONE) {
        Ok(None) | Err(VaultError::Damaged { part: Part::Entry }) => Ok(None),
        Ok(Some(row)) => Unpacker::new(&row.plain).number().map(Some),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_cut_short_again_and_again_still_belong_together() {
        let row = Some(7);
        let mut file = Some((7, SETTLED));
        for _ in 0..5 {
            // The witness moved on, the disk was full for the row.
            file = Some((following(file, row), MOVING));
            assert!(belong_together(file, row), "{file:?}");
        }
        // The row was written, the witness not settled.
        assert!(belong_together(file, Some(8)));
        assert_eq!(following(file, Some(8)), 9);
    }

    #[test]
    fn an_older_index_an_older_witness_or_none_do_not_belong_and_the_next_step_is_past_both() {
        for (file, row) in [
            (Some((9, SETTLED)), Some(8)),
            (Some((9, MOVING)), Some(7)),
            (Some((3, SETTLED)), Some(8)),
            (Some((3, MOVING)), Some(8)),
            (None, Some(8)),
            (Some((9, SETTLED)), None),
        ] {
            assert!(!belong_together(file, row), "{file:?} {row:?}");
            let next = following(file, row);
            assert!(Some(next) > row && file.is_none_or(|(number, _)| next > number));
        }
    }
}
