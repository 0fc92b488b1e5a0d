//! The line to a centre that is thin, late, cut and lied on: nothing hangs, nothing partial counts, no report is
//! lost. Short forms here; `cargo xtask faults` runs the long ones (`DOKUEI_LINK_SEEDS`, `DOKUEI_LINK_CUTS`,
//! `DOKUEI_LINK_ANSWERS`).

mod cuts;
mod desk;
mod floods;
mod hostile;
mod line;
mod lost;
mod matrix;
mod reframer;
mod scene;

/// How often a campaign runs: what the environment says, or once round for the suite.
fn rounds(variable: &str, short: u64) -> u64 {
    std::env::var(variable).map_or(short, |text| text.parse().unwrap_or_else(|_| panic!("{variable}={text}")))
}

/// A small generator, so that a failing run can be repeated from its seed (Numerical Recipes' ranqd1, 64 bits).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }
}
