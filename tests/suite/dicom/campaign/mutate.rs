//! Changed copies of a file, the same in every run: bits, lengths, tags, VRs, values, fragments, cuts; headers more
//! often than the rest.

/// Numbers that are the same in every run (splitmix64).
pub(super) struct Seeded(u64);

impl Seeded {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `n`, which may be 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Where an element or an item lies in a little-endian file.
#[derive(Debug, Clone, Copy)]
struct Place {
    at: usize,
    /// Where the VR is, if one is written.
    vr_at: Option<usize>,
    length_at: usize,
    length_width: usize,
    value_at: usize,
    end: usize,
    group: u16,
    fragment: bool,
}

/// The elements of a file, sequences and fragments entered, as far as they can be followed.
fn places(bytes: &[u8]) -> Vec<Place> {
    let implicit = bytes.windows(18).any(|w| w == b"1.2.840.10008.1.2\0");
    let mut at = if bytes.get(128..132) == Some(b"DICM") { 132 } else { 0 };
    let mut all = Vec::new();
    let mut in_fragments = false;
    while let Some(head) = bytes.get(at..at + 8) {
        let word = |i: usize| u16::from_le_bytes([head[i], head[i + 1]]);
        let (group, element) = (word(0), word(2));
        let has_vr = group != 0xfffe && (!implicit || group == 2);
        let vr = has_vr.then(|| [head[4], head[5]]);
        let long = vr.is_some_and(|vr| {
            [b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"SQ", b"UN", b"UT", b"UC", b"UR"].contains(&&vr)
        });
        let (length_at, length_width) = match (has_vr, long) {
            (true, true) => (at + 8, 4),
            (true, false) => (at + 6, 2),
            (false, _) => (at + 4, 4),
        };
        let Some(field) = bytes.get(length_at..length_at + length_width) else { break };
        let length = field.iter().rev().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
        let value_at = length_at + length_width;
        let undefined = length == 0xffff_ffff;
        let enter = undefined || vr == Some(*b"SQ") || (group == 0xfffe && !in_fragments);
        let end = if enter { value_at } else { value_at + length };
        if end > bytes.len() {
            break;
        }
        let fragment = in_fragments && group == 0xfffe;
        all.push(Place {
            at,
            vr_at: has_vr.then_some(at + 4),
            length_at,
            length_width,
            value_at,
            end,
            group,
            fragment,
        });
        in_fragments = (in_fragments && element != 0xe0dd) || (group == 0x7fe0 && undefined);
        at = end;
    }
    all
}

/// A changed copy.
pub(super) fn mutant(original: &[u8], seed: u64) -> Vec<u8> {
    let mut numbers = Seeded::new(seed);
    let mut bytes = original.to_vec();
    for _ in 0..=numbers.below(2) {
        change(&mut bytes, &mut numbers);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, numbers: &mut Seeded) {
    let places = places(bytes);
    if places.is_empty() || bytes.len() < 200 {
        return flip(bytes, numbers);
    }
    let any = numbers.one_of(&places);
    let fragments: Vec<Place> = places.iter().copied().filter(|place| place.fragment).collect();
    let telling: Vec<Place> = places
        .iter()
        .copied()
        .filter(|p| matches!(p.group, 2 | 8 | 0x10 | 0x20 | 0x28) && p.end > p.value_at)
        .collect();
    match numbers.below(12) {
        0 => flip(bytes, numbers),
        1 => bytes.truncate(numbers.below(bytes.len())),
        2 | 3 => length(bytes, any, numbers),
        4 => tag(bytes, any, numbers),
        5 => vr(bytes, any, numbers),
        6 | 7 if !telling.is_empty() => value(bytes, numbers.one_of(&telling), numbers),
        8 => {
            let copy = bytes[any.at..any.end].to_vec();
            let to = numbers.one_of(&places).at;
            bytes.splice(to..to, copy);
        }
        9 => drop(bytes.drain(any.at..any.end)),
        _ if !fragments.is_empty() => fragment(bytes, numbers.one_of(&fragments), numbers),
        _ => flip(bytes, numbers),
    }
}

/// One byte or bit; two times of three near the beginning.
fn flip(bytes: &mut [u8], numbers: &mut Seeded) {
    let within = if numbers.below(3) > 0 { bytes.len().min(2000) } else { bytes.len() };
    let at = numbers.below(within);
    if let Some(byte) = bytes.get_mut(at) {
        *byte =
            if numbers.below(2) == 0 { *byte ^ (1 << numbers.below(8)) } else { numbers.below(256) as u8 };
    }
}

fn length(bytes: &mut [u8], place: Place, numbers: &mut Seeded) {
    let field = place.length_at..place.length_at + place.length_width;
    let old = bytes[field.clone()].iter().rev().fold(0_u64, |length, byte| length << 8 | u64::from(*byte));
    let new = match numbers.below(9) {
        0 => 0,
        1 => old + 1,
        2 => old.wrapping_sub(1),
        3 => old + 2,
        4 => old.wrapping_sub(2),
        5 => old * 2,
        6 => u64::MAX,
        7 => 0xffff_fff0,
        _ => numbers.below(70_000) as u64,
    };
    bytes[field].copy_from_slice(&new.to_le_bytes()[..place.length_width]);
}

fn tag(bytes: &mut [u8], place: Place, numbers: &mut Seeded) {
    const OTHERS: [[u16; 2]; 12] = [
        [0x8, 0x5],
        [0x8, 0x18],
        [0x10, 0x10],
        [0x10, 0x20],
        [0x28, 0x8],
        [0x28, 0x10],
        [0x28, 0x11],
        [0x28, 0x1053],
        [0x7fe0, 0x10],
        [0xfffe, 0xe000],
        [0xfffe, 0xe00d],
        [0xfffe, 0xe0dd],
    ];
    if numbers.below(2) == 0 {
        let [group, element] = numbers.one_of(&OTHERS);
        bytes[place.at..place.at + 2].copy_from_slice(&group.to_le_bytes());
        bytes[place.at + 2..place.at + 4].copy_from_slice(&element.to_le_bytes());
    } else {
        bytes[place.at + numbers.below(4)] ^= 1 << numbers.below(8);
    }
}

fn vr(bytes: &mut [u8], place: Place, numbers: &mut Seeded) {
    const VRS: [&[u8; 2]; 16] = [
        b"AT", b"CS", b"DS", b"FD", b"IS", b"LO", b"OB", b"OW", b"PN", b"SL", b"SQ", b"SS", b"UI", b"UL",
        b"UN", b"US",
    ];
    let Some(at) = place.vr_at else { return flip(bytes, numbers) };
    let new = if numbers.below(5) == 0 { [numbers.below(256) as u8, b'Z'] } else { *numbers.one_of(&VRS) };
    bytes[at..at + 2].copy_from_slice(&new);
}

/// A value of the groups that say what the picture is and whose: numbers near its own and at the edges, letters.
fn value(bytes: &mut [u8], place: Place, numbers: &mut Seeded) {
    let value = &mut bytes[place.value_at..place.end];
    if value.len() == 2 && numbers.below(4) > 0 {
        let old = u16::from_le_bytes([value[0], value[1]]);
        let edge = numbers.one_of(&[0, 1, 2, 3, 7, 8, 12, 15, 16, 17, 32, 255, 256, 65_535]);
        let new = numbers.one_of(&[
            old.wrapping_add(1),
            old.wrapping_sub(1),
            old / 2,
            old.wrapping_mul(2),
            edge,
            edge,
        ]);
        value.copy_from_slice(&new.to_le_bytes());
        return;
    }
    let at = numbers.below(value.len());
    value[at] = match numbers.below(3) {
        0 => numbers.one_of(b"0123456789.\\^= -eENaI,\0\x1b"),
        1 => value[at] ^ (1 << numbers.below(8)),
        _ => numbers.below(256) as u8,
    };
}

/// Bytes of a code stream, most often of its header.
fn fragment(bytes: &mut [u8], place: Place, numbers: &mut Seeded) {
    let stream = &mut bytes[place.value_at..place.end];
    let within = if numbers.below(3) > 0 { stream.len().min(150) } else { stream.len() };
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(within);
        if let Some(byte) = stream.get_mut(at) {
            *byte = if numbers.below(2) == 0 {
                *byte ^ (1 << numbers.below(8))
            } else {
                numbers.below(256) as u8
            };
        }
    }
}
