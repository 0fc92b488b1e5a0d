//! Scans: lines in their order, restart intervals, and where their samples go.

use super::bits::Bits;
use super::colour;
use super::header::{EOI, Frame, Header, Interleave, SOS, Scan, Tables, segment_at};
use super::line::Decoder;
use super::parameters::{Coding, Preset, Reading};
use crate::dicom::codec::fault::Fault;

/// Code values of all components, interleaved. The geometry has been checked.
///
/// Read in another way than its encoder meant, a picture with any noise in it does not come out even. So what fails
/// by the standard may be Java's, and of the two readings of a greatest value the one that comes out even holds.
pub(super) fn decode(header: &Header, bytes: &[u8]) -> Result<Vec<u16>, Fault> {
    let (precision, preset) = (header.frame.precision, &header.tables.preset);
    let standard = decode_as(Reading::Standard, header, bytes);
    if preset.lowers_most(precision) {
        return match (standard, decode_as(Reading::CharLs, header, bytes)) {
            (Ok(standard), Ok(charls)) if standard != charls => {
                Err(Fault::Pixels("JPEG-LS with a greatest value that encoders read in two ways".to_owned()))
            }
            (Err(_), Ok(charls)) => Ok(charls),
            (standard, _) => standard,
        };
    }
    let may_be_java = *preset == Preset::default() && precision > 12;
    if may_be_java && matches!(standard, Err(Fault::Damaged(_))) {
        return decode_as(Reading::Java, header, bytes).or(standard);
    }
    standard
}

fn decode_as(reading: Reading, header: &Header, bytes: &[u8]) -> Result<Vec<u16>, Fault> {
    let (frame, mut tables) = (&header.frame, header.tables);
    let mut image = Image {
        values: vec![0; frame.rows * frame.columns * frame.components.len()],
        components: frame.components.len(),
        reading,
    };
    let mut seen = vec![false; image.components];
    let mut at = header.scans_at;
    while !seen.iter().all(|&seen| seen) {
        let segment = segment_at(bytes, at)?;
        at = match segment.marker {
            SOS => {
                let scan = Scan::parse(segment.body, frame)?;
                for &component in &scan.components {
                    if std::mem::replace(&mut seen[component], true) {
                        return Err(Fault::Damaged("a JPEG-LS component with two scans"));
                    }
                }
                image.decode_scan(frame, &tables, &scan, Bits::new(bytes, segment.end))?
            }
            EOI => return Err(Fault::Damaged("a JPEG-LS component without a scan")),
            _ => {
                tables.update(&segment)?;
                segment.end
            }
        };
    }
    Ok(image.values)
}

struct Image {
    values: Vec<u16>,
    components: usize,
    reading: Reading,
}

impl Image {
    /// Decodes one scan; where it ends.
    fn decode_scan(
        &mut self,
        frame: &Frame,
        tables: &Tables,
        scan: &Scan,
        bits: Bits<'_>,
    ) -> Result<usize, Fault> {
        if tables.transform.is_some() && !colour::possible(frame, scan) {
            return Err(Fault::Pixels(
                "JPEG-LS with a colour transform that does not fit the image".to_owned(),
            ));
        }
        let coding = Coding::new(frame.precision, scan.near, &tables.preset, self.reading)?;
        let mut decoder = Decoder::new(coding, bits);
        match (scan.interleave, scan.components.len()) {
            (Interleave::None | Interleave::Line, _) => self.lines::<1>(&mut decoder, frame, tables, scan)?,
            (Interleave::Sample, 3) => self.lines::<3>(&mut decoder, frame, tables, scan)?,
            (Interleave::Sample, count) => {
                return Err(Fault::Pixels(format!("JPEG-LS with {count} components interleaved by sample")));
            }
        }
        decoder.bits.end()
    }

    /// All lines of a scan. A pixel has `N` samples; where it has one, there is a line for each component.
    fn lines<const N: usize>(
        &mut self,
        decoder: &mut Decoder<'_>,
        frame: &Frame,
        tables: &Tables,
        scan: &Scan,
    ) -> Result<(), Fault> {
        let start = || vec![Planes::<N>::new(frame.columns); scan.components.len() / N];
        let mut planes = start();
        for (row, values) in self.values.chunks_exact_mut(frame.columns * self.components).enumerate() {
            if row > 0 && tables.restart_lines > 0 && row.is_multiple_of(tables.restart_lines) {
                decoder.restart(((row / tables.restart_lines - 1) % 8) as u8)?;
                planes = start();
            }
            for (plane, components) in planes.iter_mut().zip(scan.components.chunks_exact(N)) {
                put(values, self.components, components, plane.next(decoder)?);
            }
            if let Some(transform) = tables.transform {
                colour::undo(transform, frame.precision, values);
            }
        }
        Ok(())
    }
}

/// Puts a line's samples in their places in a row of `of` interleaved components.
fn put<const N: usize>(row: &mut [u16], of: usize, components: &[usize], line: &[[u16; N]]) {
    if of == N && components.is_sorted() {
        row.copy_from_slice(line.as_flattened());
        return;
    }
    for (i, &component) in components.iter().enumerate() {
        let cells = row[component..].iter_mut().step_by(of);
        cells.zip(line).for_each(|(cell, pixel)| *cell = pixel[i]);
    }
}

/// The last two lines of a component, or of several that are coded by the pixel; with a pixel more at each end.
#[derive(Clone)]
struct Planes<const N: usize> {
    above: Vec<[u16; N]>,
    line: Vec<[u16; N]>,
    run_index: usize,
}

impl<const N: usize> Planes<N> {
    fn new(columns: usize) -> Self {
        let line = vec![[0; N]; columns + 2];
        Self { above: line.clone(), line, run_index: 0 }
    }

    /// Decodes the next line and returns it. Left of it stands the pixel above its first, right of the line above
    /// that line's last (T.87 A.2.1).
    fn next(&mut self, decoder: &mut Decoder<'_>) -> Result<&[[u16; N]], Fault> {
        std::mem::swap(&mut self.above, &mut self.line);
        let end = self.line.len() - 1;
        self.above[end] = self.above[end - 1];
        self.line[0] = self.above[1];
        decoder.line(&self.above, &mut self.line, &mut self.run_index)?;
        Ok(&self.line[1..end])
    }
}
