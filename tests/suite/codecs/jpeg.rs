//! DCT processes of JPEG: one image in every order of coding, streams cut short, and dcmtk's encoder and decoder.

mod encoder;

use std::path::Path;

use dokuei::dicom::pixel::Photometric;
use dokuei::dicom::{DecodedFrame, DicomError, PixelFormat, Samples, codec};
use proptest::prelude::*;

use super::cases::{colour, encapsulated, grey};
use crate::data;
use crate::support::judge;
use encoder::{Order, Plan};

const EXTENDED: &str = "1.2.840.10008.1.2.4.51";

const ORDERS: [Order; 3] = [Order::Together, Order::Apart, Order::Progressive];

fn format(plan: &Plan) -> PixelFormat {
    let (rows, columns) = (plan.rows as u32, plan.columns as u32);
    let allocated = if plan.precision == 8 { 8 } else { 16 };
    let format = match plan.sampling.len() {
        1 => grey(rows, columns, allocated),
        _ => colour(rows, columns, allocated, Photometric::YbrFull),
    };
    PixelFormat { bits_stored: plan.precision.into(), high_bit: u16::from(plan.precision) - 1, ..format }
}

fn decode(plan: &Plan, bytes: &[u8]) -> Result<DecodedFrame, DicomError> {
    encapsulated(&format(plan), EXTENDED, bytes)
}

fn values(samples: &Samples) -> Vec<i32> {
    (0..samples.len()).map(|index| samples.get(index) as i32).collect()
}

/// Few coefficients, mostly small, as of real images; now and then none or large ones.
fn blocks() -> impl Strategy<Value = Vec<[i16; 64]>> {
    let coefficient = (0_usize..64, -9_i16..=9, prop::sample::select(vec![1_i16, 1, 1, 7]));
    let block = (-60_i16..60, prop::collection::vec(coefficient, 0..12)).prop_map(|(mean, coefficients)| {
        let mut block = [0; 64];
        coefficients.into_iter().for_each(|(at, value, scale)| block[at] = value * scale);
        block[0] = mean;
        block
    });
    prop::collection::vec(block, 1..9)
}

fn plans() -> impl Strategy<Value = Plan> {
    let sampling = prop::sample::select(vec![
        vec![(1, 1)],
        vec![(1, 1), (1, 1), (1, 1)],
        vec![(2, 1), (1, 1), (1, 1)],
        vec![(1, 2), (1, 1), (1, 1)],
        vec![(2, 2), (1, 1), (1, 1)],
        vec![(2, 2), (1, 2), (2, 1)],
        vec![(4, 1), (1, 1), (2, 1)],
        vec![(1, 1), (2, 2), (1, 1)],
        vec![(3, 1), (1, 1), (2, 1)],
    ]);
    let precision = prop::sample::select(vec![8_u8, 12]);
    (1_usize..40, 1_usize..40, precision, sampling, 1_u8..20, blocks()).prop_map(
        |(rows, columns, precision, sampling, step, blocks)| Plan {
            rows,
            columns,
            precision,
            sampling,
            step,
            blocks,
        },
    )
}

/// The samples of a grey image by the definition of the inverse transform (T.81 A.3.3), before rounding.
fn by_definition(plan: &Plan) -> Vec<f64> {
    let cosine = |x: usize, u: usize| {
        let scale = if u == 0 { 0.5_f64.sqrt() } else { 1.0 };
        scale / 2.0 * (std::f64::consts::PI * (2 * x + 1) as f64 * u as f64 / 16.0).cos()
    };
    let zigzag = zigzag();
    let most = f64::from((1 << plan.precision) - 1);
    (0..plan.rows * plan.columns)
        .map(|at| (at % plan.columns, at / plan.columns))
        .map(|(x, y)| {
            let block = plan.block(0, x / 8, y / 8);
            let sum: f64 = (0..64)
                .filter(|&place| block[place] != 0)
                .map(|place| {
                    let (u, v) = zigzag[place];
                    f64::from(block[place]) * f64::from(plan.step) * cosine(x % 8, u) * cosine(y % 8, v)
                })
                .sum();
            (sum + f64::from(1 << (plan.precision - 1))).clamp(0.0, most)
        })
        .collect()
}

/// Column and row of each place, along the diagonals to and fro (T.81 figure A.6).
fn zigzag() -> Vec<(usize, usize)> {
    let mut places: Vec<(usize, usize)> = (0..64).map(|at| (at % 8, at / 8)).collect();
    places.sort_by_key(|&(u, v)| (u + v, if (u + v) % 2 == 0 { u } else { v }));
    places
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_image_is_the_same_in_every_order_of_coding(plan in plans(), restart in 1_usize..9) {
        let reference = decode(&plan, &plan.encode(Order::Together, 0)).unwrap();
        for (order, restart) in ORDERS.iter().flat_map(|&order| [(order, 0), (order, restart)]) {
            let decoded = decode(&plan, &plan.encode(order, restart));
            prop_assert!(decoded.as_ref() == Ok(&reference), "{:?}, restart {}", order, restart);
        }
    }

    #[test]
    fn samples_are_those_of_the_transform_s_definition(plan in plans()) {
        let plan = Plan { sampling: vec![(1, 1)], ..plan };
        let decoded = decode(&plan, &plan.encode(Order::Progressive, 0)).unwrap();
        for (ours, exact) in values(&decoded.samples).into_iter().zip(by_definition(&plan)) {
            prop_assert!((f64::from(ours) - exact).abs() < 1.0, "{} for {}", ours, exact);
        }
    }

    #[test]
    fn a_stream_cut_short_is_whole_or_an_error(plan in plans(), keep in 0.0..1.0, restart in 0_usize..4) {
        for order in ORDERS {
            let stream = plan.encode(order, restart);
            let whole = decode(&plan, &stream).unwrap();
            let cut = &stream[..(stream.len() as f64 * keep) as usize];
            for end in [&[][..], &[0, 0], &[0xFF, 0xD9]] {
                if let Ok(decoded) = decode(&plan, &[cut, end].concat()) {
                    prop_assert!(decoded == whole, "{:?} cut to {} of {}", order, cut.len(), stream.len());
                }
            }
        }
    }

    #[test]
    fn damaged_streams_end_in_samples_or_an_error(
        plan in plans(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        for order in ORDERS {
            let mut stream = plan.encode(order, 2);
            // Behind the frame header, whose contradictions are tested elsewhere.
            let headers = 80;
            for (at, value) in &changes {
                let at = headers + at.index(stream.len() - headers);
                stream[at] = *value;
            }
            if let Ok(decoded) = decode(&plan, &stream) {
                prop_assert_eq!(decoded.samples.len() as u64, format(&plan).samples_per_frame());
            }
        }
    }
}

/// A progressive image of which a scan is missing is blurred, and nobody sees that it lacks something.
#[test]
fn a_progressive_image_without_one_of_its_scans_is_an_error() {
    let mut block = [0; 64];
    (block[0], block[1], block[9], block[20]) = (40, -7, 3, 1);
    let sampling = vec![(2, 1), (1, 1), (1, 1)];
    let plan = Plan { rows: 20, columns: 30, precision: 12, sampling, step: 9, blocks: vec![block] };
    let stream = plan.encode(Order::Progressive, 0);
    let starts: Vec<usize> =
        (0..stream.len() - 1).filter(|&at| stream[at..].starts_with(&[0xFF, 0xDA])).collect();
    assert_eq!(starts.len(), 14);
    assert!(decode(&plan, &stream).is_ok());
    let ends = starts[1..].iter().copied().chain([stream.len() - 2]);
    for (start, end) in starts.iter().copied().zip(ends) {
        let outcome = decode(&plan, &[&stream[..start], &stream[end..]].concat());
        assert!(
            matches!(outcome, Err(DicomError::Codestream { .. })),
            "without the scan at {start}: {outcome:?}"
        );
    }
}

/// Every block ends at once: a hundred bytes ask for the walk over a whole image a hundred times.
#[test]
fn hundreds_of_empty_scans_are_refused() {
    let plan =
        Plan { rows: 8, columns: 8, precision: 8, sampling: vec![(1, 1)], step: 1, blocks: vec![[0; 64]] };
    let stream = plan.encode(Order::Apart, 0);
    let scan = stream.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    let many = [&stream[..scan], &stream[scan..stream.len() - 2].repeat(300)].concat();
    assert!(decode(&plan, &many).is_ok(), "what follows a whole image is not looked at");
    let mut progressive = many.clone();
    let frame = progressive.windows(2).position(|pair| pair == [0xFF, 0xC1]).unwrap();
    progressive[frame + 1] = 0xC2;
    let outcome = decode(&plan, &progressive);
    assert!(matches!(outcome, Err(DicomError::Codestream { .. })), "{outcome:?}");
}

/// The processes that dcmtk encodes: its decoder says what they mean. Colours stay as they are coded.
#[test]
fn every_dct_process_decodes_as_dcmtk_does() {
    let work = tempfile::tempdir().unwrap();
    let run = |program: &str, arguments: &[&str], from: &Path, to: &Path| {
        let output = judge::find(program)?.args(arguments).args([from, to]).output().unwrap();
        assert!(output.status.success(), "{program} {arguments:?}: {}", judge::text(&output));
        Some(())
    };
    for source in ["transfer-syntax/emri_small.dcm", "transfer-syntax/TestPattern_RGB.dcm"] {
        let Some(source) = data::path(source) else { continue };
        for process in [&["+eb"][..], &["+ee"], &["+es"], &["+ep"], &["+ee", "+q", "30"], &["+ep", "+s4"]] {
            let (coded, plain) = (work.path().join("coded.dcm"), work.path().join("plain.dcm"));
            let judged = run("dcmcjpeg", process, &source, &coded)
                .and_then(|()| run("dcmdjpeg", &["+cn"], &coded, &plain));
            if judged.is_none() {
                return;
            }
            let decode = |path: &Path| {
                let (format, transfer_syntax, pixels) =
                    super::cut(std::fs::read(path).unwrap()).unwrap().unwrap();
                values(&codec::decode(&format, &transfer_syntax, &pixels, 0).unwrap().samples)
            };
            let (ours, theirs) = (decode(&coded), decode(&plain));
            assert_eq!(ours.len(), theirs.len());
            let worst = ours.iter().zip(&theirs).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(worst <= Some(1), "{source:?} {process:?}: {worst:?} levels");
        }
    }
}
