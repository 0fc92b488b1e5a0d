//! Local gradients, quantised to nine regions (T.87 A.3.3).

use super::parameters::Coding;

/// Differences of 16-bit samples, raised by this, are indices.
const RAISE: i32 = 1 << 16;
const ENTRIES: usize = 1 << 17;

/// The region, -4 to 4, of every difference.
pub(super) struct Gradients(Box<[i8; ENTRIES]>);

impl Gradients {
    pub(super) fn new(coding: &Coding) -> Self {
        let mut table = Box::new([0_i8; ENTRIES]);
        let [t1, t2, t3] = coding.thresholds;
        let edges = [coding.near + 1, t1, t2, t3, coding.most + 1];
        for (region, edge) in (1_i8..).zip(edges.windows(2)) {
            table[(RAISE + edge[0]) as usize..(RAISE + edge[1]) as usize].fill(region);
            table[(RAISE - edge[1] + 1) as usize..(RAISE - edge[0] + 1) as usize].fill(-region);
        }
        Self(table)
    }

    /// The region of a difference.
    #[inline(always)]
    pub(super) fn region(&self, difference: i32) -> i32 {
        i32::from(self.0[difference.wrapping_add(RAISE) as usize & (ENTRIES - 1)])
    }

    /// The number of the neighbourhood, -364 to 364; opposite ones differ in sign.
    #[inline(always)]
    pub(super) fn neighbourhood(&self, ra: i32, rb: i32, rc: i32, rd: i32) -> i32 {
        81 * self.region(rd - rb) + 9 * self.region(rb - rc) + self.region(rc - ra)
    }
}
