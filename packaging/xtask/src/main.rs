//! `cargo xtask …`: sets a machine up and runs the demo, the tests and the long campaigns.
//!
//! Everything here is what a newcomer would otherwise have to know by heart. No dependency, so that it is
//! built in a second.

mod debian;
mod figures;
mod node;
mod python;
mod skips;
mod steps;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask demo          set up what is missing, build, open the workstation on the demo centre
cargo xtask test [NAME]   set up what the tests need, run all of them (or those whose name contains NAME)
cargo xtask bench         what the window costs, as ratios and limits of one run
cargo xtask bench codecs  decoding beside the C libraries, as ratios of one run
cargo xtask bench opening opening 1,000 files beside reading their bytes, as a ratio of one run
cargo xtask fuzz [N]      the mutation campaign: N (10000) changed copies of real files, against pydicom, GDCM and dcmtk
cargo xtask fuzz targets [SECONDS] [NAME…]
                          cargo-fuzz over what reads foreign bytes, SECONDS (600) each
cargo xtask faults [N]    the long campaigns: the line to the centre, N (1000) kills with -9 around sign and send, power
                          cuts, failing and full disks, flipped bits; a table of what was measured at its end
cargo xtask faults line   those of the line alone: 1,300 runs of the link matrix, cuts, lost answers
cargo xtask deny          licences, bans and sources of the dependencies, where cargo-deny is installed
cargo xtask setup         only install what demo and tests need
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["demo", rest @ ..] => steps::demo(rest),
        ["bench"] => steps::bench(),
        ["bench", "codecs"] => steps::bench_codecs(),
        ["bench", "opening"] => steps::bench_opening(),
        ["test", rest @ ..] => steps::test(rest),
        ["faults"] => steps::faults("1000"),
        ["faults", "line"] => steps::setup().and_then(|()| steps::line()),
        ["faults", kills] => steps::faults(kills),
        ["fuzz", "targets"] => steps::fuzz_targets("600", &[]),
        ["fuzz", "targets", seconds, names @ ..] => steps::fuzz_targets(seconds, names),
        ["fuzz"] => steps::fuzz("10000"),
        ["fuzz", copies] => steps::fuzz(copies),
        ["deny"] => steps::deny(),
        ["setup"] => steps::setup(),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}
