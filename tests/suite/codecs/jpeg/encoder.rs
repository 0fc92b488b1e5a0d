//! A small DCT encoder written from T.81 (annexes F and G): any order of coding of the same coefficients.

use super::super::lossless::Writer;

/// In which order the coefficients are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Sequential, all components in one scan.
    Together,
    /// Sequential, one scan for each component, with the odd spectral selection of real encoders.
    Apart,
    /// Progressive: bands and single bits.
    Progressive,
}

/// What to encode.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// 8 or 12.
    pub(super) precision: u8,
    /// Of each component, across and down.
    pub(super) sampling: Vec<(usize, usize)>,
    /// Quantisation steps, all the same.
    pub(super) step: u8,
    /// The coefficients in zigzag order; used again and again for the blocks.
    pub(super) blocks: Vec<[i16; 64]>,
}

/// A scan: components, band and bit position before and now.
struct Scan {
    components: Vec<usize>,
    band: (usize, usize),
    high: u32,
    low: u32,
}

/// Entropy-coded data of a scan.
#[derive(Default)]
struct Coder {
    writer: Writer,
    /// Blocks that ended without a code yet, and the corrections in them.
    ended: u32,
    corrections: Vec<u32>,
}

impl Plan {
    fn most(&self) -> (usize, usize) {
        self.sampling.iter().fold((1, 1), |(a, d), own| (a.max(own.0), d.max(own.1)))
    }

    /// The coefficients of a block at `x`, `y` of a component. They differ from block to block.
    pub(super) fn block(&self, component: usize, x: usize, y: usize) -> &[i16; 64] {
        &self.blocks[(component * 7 + x * 3 + y * 5) % self.blocks.len()]
    }

    /// The stream, with `restart` units in an interval (0 for none).
    pub(super) fn encode(&self, order: Order, restart: usize) -> Vec<u8> {
        let mut out = vec![0xFF, 0xD8];
        let mut quantiser = vec![0];
        quantiser.extend([self.step; 64]);
        segment(&mut out, 0xDB, &quantiser);
        let mut frame = vec![self.precision];
        frame.extend((self.rows as u16).to_be_bytes());
        frame.extend((self.columns as u16).to_be_bytes());
        frame.push(self.sampling.len() as u8);
        for (id, (across, down)) in self.sampling.iter().enumerate() {
            frame.extend([id as u8, (across << 4 | down) as u8, 0]);
        }
        segment(&mut out, if order == Order::Progressive { 0xC2 } else { 0xC1 }, &frame);
        segment(&mut out, 0xC4, &huffman());
        if restart > 0 {
            segment(&mut out, 0xDD, &(restart as u16).to_be_bytes());
        }
        for scan in self.scans(order) {
            let mut header = vec![scan.components.len() as u8];
            scan.components.iter().for_each(|&id| header.extend([id as u8, 0]));
            let (start, end) = if order == Order::Apart { (0, 0) } else { scan.band };
            header.extend([start as u8, end as u8, (scan.high << 4 | scan.low) as u8]);
            segment(&mut out, 0xDA, &header);
            out.extend(self.entropy(&scan, order, restart));
        }
        out.extend([0xFF, 0xD9]);
        out
    }

    fn scans(&self, order: Order) -> Vec<Scan> {
        let all: Vec<usize> = (0..self.sampling.len()).collect();
        let scan =
            |components: &[usize], band, high, low| Scan { components: components.to_vec(), band, high, low };
        match order {
            Order::Together => vec![scan(&all, (0, 63), 0, 0)],
            Order::Apart => all.iter().map(|id| scan(&[*id], (0, 63), 0, 0)).collect(),
            Order::Progressive => {
                let mut scans = vec![scan(&all, (0, 0), 0, 1)];
                let own = |id: &usize| {
                    [((1, 5), 0, 2), ((6, 63), 0, 2), ((1, 63), 2, 1)]
                        .map(|(band, h, l)| scan(&[*id], band, h, l))
                };
                scans.extend(all.iter().flat_map(own));
                scans.push(scan(&all, (0, 0), 1, 0));
                scans.extend(all.iter().map(|id| scan(&[*id], (1, 63), 1, 0)));
                scans
            }
        }
    }

    fn entropy(&self, scan: &Scan, order: Order, restart: usize) -> Vec<u8> {
        let (most_across, most_down) = self.most();
        let alone = scan.components.len() == 1;
        let (across, down) = if alone {
            let (a, d) = self.sampling[scan.components[0]];
            let samples = ((self.columns * a).div_ceil(most_across), (self.rows * d).div_ceil(most_down));
            (samples.0.div_ceil(8), samples.1.div_ceil(8))
        } else {
            (self.columns.div_ceil(8 * most_across), self.rows.div_ceil(8 * most_down))
        };
        let mut coder = Coder::default();
        let mut before = vec![0; self.sampling.len()];
        for unit in 0..across * down {
            if restart > 0 && unit > 0 && unit % restart == 0 {
                coder.end();
                coder.writer.marker(0xD0 + ((unit / restart - 1) % 8) as u8);
                before.fill(0);
            }
            for &component in &scan.components {
                let (a, d) = if alone { (1, 1) } else { self.sampling[component] };
                for (dy, dx) in (0..d).flat_map(|dy| (0..a).map(move |dx| (dy, dx))) {
                    let block = self.block(component, unit % across * a + dx, unit / across * d + dy);
                    coder.block(block, scan, order, &mut before[component]);
                }
            }
        }
        coder.end();
        coder.writer.bytes
    }
}

fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend([0xFF, marker]);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend(body);
}

/// One table for DC (sizes as codes of 5 bits) and one for AC (half of the symbols with 8 bits, half with 9).
fn huffman() -> Vec<u8> {
    let mut tables = vec![0x00];
    tables.extend([0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    tables.extend(0..16);
    tables.push(0x10);
    tables.extend([0, 0, 0, 0, 0, 0, 0, 128, 128, 0, 0, 0, 0, 0, 0, 0]);
    tables.extend(0..=255);
    tables
}

impl Coder {
    /// A run of zeros and a size, or an end of block.
    fn symbol(&mut self, symbol: u32) {
        if symbol < 128 { self.writer.put(symbol, 8) } else { self.writer.put(symbol + 128, 9) }
    }

    /// Additional bits (T.81 F.1.2.1).
    fn additional(&mut self, value: i32, size: u32) {
        let bits = if value < 0 { value - 1 } else { value };
        self.writer.put(bits as u32 & ((1 << size) - 1), size);
    }

    fn difference(&mut self, value: i32) {
        let size = 32 - value.unsigned_abs().leading_zeros();
        self.writer.put(size, 5);
        self.additional(value, size);
    }

    /// An end of block for all blocks that wait for it (T.81 G.1.2.2).
    fn flush(&mut self) {
        if self.ended > 0 {
            let exponent = self.ended.ilog2();
            self.symbol(exponent << 4);
            self.writer.put(self.ended & ((1 << exponent) - 1), exponent);
            self.ended = 0;
            let corrections = std::mem::take(&mut self.corrections);
            corrections.into_iter().for_each(|bit| self.writer.put(bit, 1));
        }
    }

    fn end(&mut self) {
        self.flush();
        self.writer.flush();
    }

    fn block(&mut self, block: &[i16; 64], scan: &Scan, order: Order, before: &mut i32) {
        let dc = i32::from(block[0]) >> scan.low;
        let progressive = order == Order::Progressive;
        if scan.band.0 == 0 && scan.high > 0 {
            self.writer.put(dc as u32 & 1, 1);
        } else if scan.band.0 == 0 {
            self.difference(dc - std::mem::replace(before, dc));
        }
        if !progressive {
            self.first(&block[1..], 0, false);
        } else if scan.band.0 > 0 {
            let band = &block[scan.band.0..=scan.band.1];
            if scan.high == 0 { self.first(band, scan.low, true) } else { self.bit(band, scan.low) }
        }
    }

    /// A whole block, or the first scan of a band; `runs` puts ends of blocks together.
    fn first(&mut self, band: &[i16], low: u32, runs: bool) {
        let mut zeros = 0;
        for &coefficient in band {
            let magnitude = i32::from(coefficient.unsigned_abs() >> low);
            if magnitude == 0 {
                zeros += 1;
                continue;
            }
            self.flush();
            while zeros > 15 {
                self.symbol(0xF0);
                zeros -= 16;
            }
            let size = magnitude.ilog2() + 1;
            self.symbol(zeros << 4 | size);
            self.additional(if coefficient < 0 { -magnitude } else { magnitude }, size);
            zeros = 0;
        }
        if zeros > 0 {
            self.ended += 1;
            if !runs || self.ended == 32_767 {
                self.flush();
            }
        }
    }

    /// One more bit of a band (T.81 G.1.2.3).
    fn bit(&mut self, band: &[i16], low: u32) {
        let magnitudes: Vec<u32> = band.iter().map(|value| u32::from(value.unsigned_abs() >> low)).collect();
        let last_new = magnitudes.iter().rposition(|&magnitude| magnitude == 1);
        let (mut zeros, mut corrections) = (0, Vec::new());
        for (at, &magnitude) in magnitudes.iter().enumerate() {
            if magnitude == 0 {
                zeros += 1;
                continue;
            }
            while zeros > 15 && last_new.is_some_and(|last| at <= last) {
                self.flush();
                self.symbol(0xF0);
                corrections.drain(..).for_each(|bit| self.writer.put(bit, 1));
                zeros -= 16;
            }
            if magnitude > 1 {
                corrections.push(magnitude & 1);
                continue;
            }
            self.flush();
            self.symbol(zeros << 4 | 1);
            self.writer.put(u32::from(band[at] > 0), 1);
            corrections.drain(..).for_each(|bit| self.writer.put(bit, 1));
            zeros = 0;
        }
        if zeros > 0 || !corrections.is_empty() {
            self.ended += 1;
            self.corrections.append(&mut corrections);
        }
    }
}
