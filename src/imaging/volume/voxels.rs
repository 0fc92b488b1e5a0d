//! The stored values of a volume in one block.

use std::sync::Arc;

use rayon::prelude::*;

use crate::dicom::Samples;
use crate::dicom::instance::{LookupTable, ModalityTransform, PixelPadding};
use crate::imaging::pipeline::table_value;
use crate::imaging::{Colours, Frame, ImagingError};

/// Stored values, slice by slice, row by row. 8-bit samples are widened; a modality table is already applied.
#[derive(Clone, PartialEq, Eq)]
pub enum Voxels {
    /// Unsigned.
    U16(Vec<u16>),
    /// Signed.
    I16(Vec<i16>),
}

impl std::fmt::Debug for Voxels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::U16(v) => write!(f, "U16({})", v.len()),
            Self::I16(v) => write!(f, "I16({})", v.len()),
        }
    }
}

/// All slices' samples in one block; the first slice decides the sign.
pub(super) fn voxels(slices: &[Arc<Frame>]) -> Result<Voxels, ImagingError> {
    let signed = |frame: &Frame| match frame.samples() {
        _ if table(frame).is_some() => Some(false),
        Samples::U8(_) | Samples::U16(_) => Some(false),
        Samples::I8(_) | Samples::I16(_) => Some(true),
        _ => None,
    };
    let kind = signed(&slices[0]).ok_or(ImagingError::UnsupportedVoxels { slice: 0 })?;
    for (slice, frame) in slices.iter().enumerate() {
        if *frame.colours() != Colours::Grey {
            return Err(ImagingError::NotMonochrome { slice });
        }
        if signed(frame) != Some(kind) {
            return Err(ImagingError::UnsupportedVoxels { slice });
        }
    }
    let per_slice = slices[0].samples().len();
    Ok(if kind {
        let mut block = vec![0_i16; per_slice * slices.len()];
        block.par_chunks_mut(per_slice).zip(slices).for_each(|(to, frame)| copy_signed(to, frame.samples()));
        Voxels::I16(block)
    } else {
        let mut block = vec![0_u16; per_slice * slices.len()];
        block.par_chunks_mut(per_slice).zip(slices).for_each(|(to, frame)| match table(frame) {
            Some(table) => copy_through(to, frame.samples(), table),
            None => copy_unsigned(to, frame.samples()),
        });
        Voxels::U16(block)
    })
}

fn copy_signed(to: &mut [i16], samples: &Samples) {
    match samples {
        Samples::I16(from) => to.copy_from_slice(from),
        Samples::I8(from) => to.iter_mut().zip(from).for_each(|(to, &from)| *to = i16::from(from)),
        _ => unreachable!("voxels() lets only signed samples of up to 16 bits through"),
    }
}

fn copy_unsigned(to: &mut [u16], samples: &Samples) {
    match samples {
        Samples::U16(from) => to.copy_from_slice(from),
        Samples::U8(from) => to.iter_mut().zip(from).for_each(|(to, &from)| *to = u16::from(from)),
        _ => unreachable!("voxels() lets only unsigned samples of up to 16 bits through"),
    }
}

/// Modality values of a table are its entries, which are unsigned and at most 16 bits wide (PS3.3 C.11.1.1.1).
fn copy_through(to: &mut [u16], samples: &Samples, table: &LookupTable) {
    for (i, to) in to.iter_mut().enumerate() {
        *to = table_value(table, samples.get(i)).unwrap_or(0.0) as u16;
    }
}

/// The padding that all slices have in common. Where a modality table has been applied the stored values are gone, and
/// none can be told.
pub(super) fn padding(slices: &[Arc<Frame>]) -> Option<PixelPadding> {
    let common = slices.first().and_then(|frame| frame.padding());
    let same = |frame: &Arc<Frame>| frame.padding() == common && table(frame).is_none();
    common.filter(|_| slices.iter().all(same))
}

fn table(frame: &Frame) -> Option<&LookupTable> {
    match &frame.attributes().modality {
        ModalityTransform::Table(table) => Some(table),
        _ => None,
    }
}
