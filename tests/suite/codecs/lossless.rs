//! Our lossless JPEG decoder against a small encoder written from T.81 annex H, and against others' decoders.

use std::path::Path;

use dokuei::dicom::pixel::Photometric;
use dokuei::dicom::{PixelFormat, Samples, codec};
use proptest::prelude::*;

use super::cases::{colour, encapsulated, grey};
use crate::data;
use crate::support::judge;

const LOSSLESS: &str = "1.2.840.10008.1.2.4.57";

/// What to encode and how.
#[derive(Debug, Clone)]
struct Plan {
    rows: usize,
    columns: usize,
    components: usize,
    precision: u8,
    predictor: u8,
    point_transform: u8,
    /// Lines between restart markers; 0 for none.
    restart_lines: usize,
    /// One scan for each component.
    separate: bool,
    /// Row, column, component.
    values: Vec<u16>,
}

/// Bits with byte stuffing (T.81 F.1.2.3).
#[derive(Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
    bits: u64,
    count: u32,
}

impl Writer {
    pub(super) fn put(&mut self, value: u32, count: u32) {
        for bit in (0..count).rev() {
            self.bits = self.bits << 1 | u64::from(value >> bit & 1);
            self.count += 1;
            if self.count == 8 {
                self.bytes.push(self.bits as u8);
                if self.bits as u8 == 0xFF {
                    self.bytes.push(0);
                }
                (self.bits, self.count) = (0, 0);
            }
        }
    }

    pub(super) fn flush(&mut self) {
        while self.count > 0 {
            self.put(1, 1);
        }
    }

    /// A marker, which stands on a whole byte.
    pub(super) fn marker(&mut self, code: u8) {
        self.flush();
        self.bytes.extend([0xFF, code]);
    }
}

impl Plan {
    fn encode(&self) -> Vec<u8> {
        let mut out = vec![0xFF, 0xD8];
        let segment = |out: &mut Vec<u8>, marker: u8, body: &[u8]| {
            out.extend([0xFF, marker]);
            out.extend((body.len() as u16 + 2).to_be_bytes());
            out.extend(body);
        };
        let mut frame = vec![self.precision];
        frame.extend((self.rows as u16).to_be_bytes());
        frame.extend((self.columns as u16).to_be_bytes());
        frame.push(self.components as u8);
        (0..self.components).for_each(|c| frame.extend([c as u8 + 7, 0x11, 0]));
        segment(&mut out, 0xC3, &frame);
        // Categories 0 to 16 as codes of five bits.
        let mut table = vec![0_u8; 17];
        table[5] = 17;
        table.extend(0..=16);
        segment(&mut out, 0xC4, &table);
        if self.restart_lines > 0 {
            segment(&mut out, 0xDD, &((self.restart_lines * self.columns) as u16).to_be_bytes());
        }
        let scans: Vec<Vec<usize>> = if self.separate {
            (0..self.components).map(|c| vec![c]).collect()
        } else {
            vec![(0..self.components).collect()]
        };
        for scan in scans {
            let mut header = vec![scan.len() as u8];
            scan.iter().for_each(|&c| header.extend([c as u8 + 7, 0]));
            header.extend([self.predictor, 0, self.point_transform]);
            segment(&mut out, 0xDA, &header);
            out.extend(self.entropy(&scan));
        }
        out.extend([0xFF, 0xD9]);
        out
    }

    fn entropy(&self, scan: &[usize]) -> Vec<u8> {
        let value = |row: usize, column: usize, component: usize| {
            i32::from(
                self.values[(row * self.columns + column) * self.components + component]
                    >> self.point_transform,
            )
        };
        let mut writer = Writer::default();
        for row in 0..self.rows {
            let restarts = self.restart_lines > 0 && row % self.restart_lines == 0;
            if restarts && row > 0 {
                writer.marker(0xD0 + ((row / self.restart_lines - 1) % 8) as u8);
            }
            let first_line = row == 0 || restarts;
            for column in 0..self.columns {
                for &c in scan {
                    let predicted = match (first_line, column) {
                        (true, 0) => 1 << (self.precision - self.point_transform - 1),
                        (true, _) => value(row, column - 1, c),
                        (false, 0) => value(row - 1, 0, c),
                        (false, _) => {
                            let (ra, rb) = (value(row, column - 1, c), value(row - 1, column, c));
                            let rc = value(row - 1, column - 1, c);
                            [
                                ra,
                                rb,
                                rc,
                                ra + rb - rc,
                                ra + ((rb - rc) >> 1),
                                rb + ((ra - rc) >> 1),
                                (ra + rb) >> 1,
                            ][usize::from(self.predictor) - 1]
                        }
                    };
                    let difference = (value(row, column, c) - predicted) as i16;
                    let size = 16 - difference.unsigned_abs().leading_zeros();
                    writer.put(size, 5);
                    if size < 16 {
                        let bits =
                            if difference < 0 { i32::from(difference) - 1 } else { i32::from(difference) };
                        writer.put(bits as u32 & ((1 << size) - 1), size);
                    }
                }
            }
        }
        writer.flush();
        writer.bytes
    }

    fn format(&self) -> PixelFormat {
        let (rows, columns) = (self.rows as u32, self.columns as u32);
        let format = if self.components == 3 {
            colour(rows, columns, 16, Photometric::Rgb)
        } else {
            grey(rows, columns, 16)
        };
        PixelFormat { bits_stored: self.precision.into(), high_bit: u16::from(self.precision) - 1, ..format }
    }

    /// What must come back: the values without the bits that the point transform drops.
    fn expected(&self) -> Vec<u16> {
        self.values.iter().map(|value| value >> self.point_transform << self.point_transform).collect()
    }
}

fn plans() -> impl Strategy<Value = Plan> {
    let shape = (1_usize..12, 1_usize..12, prop::sample::select(vec![1_usize, 3]), 2_u8..=16);
    let coding = (1_u8..=7, 0_u8..3, 0_usize..4, any::<bool>());
    (shape, coding).prop_flat_map(
        |((rows, columns, components, precision), (predictor, shift, restart_lines, separate))| {
            let most = ((1_u32 << precision) - 1) as u16;
            prop::collection::vec(0..=most, rows * columns * components).prop_map(move |values| Plan {
                rows,
                columns,
                components,
                precision,
                predictor,
                point_transform: shift.min(precision - 1),
                restart_lines,
                separate,
                values,
            })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_coded_comes_back(plan in plans()) {
        let decoded = encapsulated(&plan.format(), LOSSLESS, &plan.encode()).unwrap();
        prop_assert_eq!(decoded.samples, Samples::U16(plan.expected()));
    }

    /// The encoder above is judged too: by jpeg-decoder, in what it decodes rightly.
    #[test]
    fn another_decoder_reads_the_same(plan in plans()) {
        let plan = Plan { point_transform: 0, restart_lines: 0, separate: false, ..plan };
        prop_assume!(plan.precision != 8);
        let theirs = jpeg_decoder::Decoder::new(plan.encode().as_slice()).decode().unwrap();
        let theirs: Vec<u16> = theirs.as_chunks::<2>().0.iter().map(|cell| u16::from_ne_bytes(*cell)).collect();
        prop_assert_eq!(theirs, plan.values);
    }

    #[test]
    fn a_stream_cut_short_is_whole_or_an_error(plan in plans(), keep in 0.0..1.0) {
        let whole = plan.encode();
        let cut = &whole[..(whole.len() as f64 * keep) as usize];
        for mut bytes in [cut.to_vec(), [cut, &[0xFF, 0xD9]].concat()] {
            bytes.resize(bytes.len().next_multiple_of(2), 0);
            if let Ok(decoded) = encapsulated(&plan.format(), LOSSLESS, &bytes) {
                prop_assert_eq!(decoded.samples, Samples::U16(plan.expected()));
            }
        }
    }
}

/// dcmtk encodes with every predictor and a point transform; dcmtk's own decoder says what it means.
#[test]
fn every_predictor_and_point_transform_decodes_as_dcmtk_does() {
    let work = tempfile::tempdir().unwrap();
    let run = |program: &str, arguments: &[&str], from: &Path, to: &Path| {
        let output = judge::find(program)?.args(arguments).args([from, to]).output().unwrap();
        assert!(output.status.success(), "{program}: {}", judge::text(&output));
        Some(())
    };
    for source in ["transfer-syntax/emri_small.dcm", "transfer-syntax/TestPattern_RGB.dcm"] {
        let Some(source) = data::path(source) else { continue };
        for (predictor, point_transform) in (1..=7).flat_map(|p| [(p, 0), (p, 2)]) {
            let (coded, plain) = (work.path().join("coded.dcm"), work.path().join("plain.dcm"));
            let options = ["+el", "+sv", &predictor.to_string(), "+pt", &point_transform.to_string()]
                .map(str::to_owned);
            let options: Vec<&str> = options.iter().map(String::as_str).collect();
            let judged = run("dcmcjpeg", &options, &source, &coded)
                .and_then(|()| run("dcmdjpeg", &[], &coded, &plain));
            if judged.is_none() {
                return;
            }
            let decode = |path: &Path| {
                let (format, transfer_syntax, pixels) =
                    super::cut(std::fs::read(path).unwrap()).unwrap().unwrap();
                codec::decode(&format, &transfer_syntax, &pixels, 0).unwrap()
            };
            let (ours, theirs) = (decode(&coded), decode(&plain));
            assert!(ours == theirs, "{source:?}, predictor {predictor}, point transform {point_transform}");
        }
    }
}
