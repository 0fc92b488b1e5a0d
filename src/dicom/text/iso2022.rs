//! Code extensions (PS3.5 6.1.2.5): escape sequences that change what G0 and G1 mean within a value.

use super::repertoire::{CodeElement, MARK, Repertoire};
use super::{Decoded, TextKind};

const ESC: u8 = 0x1b;

/// What the two code elements hold at a point of a value.
#[derive(Clone, Copy)]
struct State {
    g0: Repertoire,
    g1: Repertoire,
    /// What G1 held on the line before.
    above: Option<Repertoire>,
}

impl State {
    /// What high bytes mean, and whether that is by rule. Korean and Chinese writers often designate G1 once for
    /// many lines, where every line begins anew (PS3.5 6.1.2.5.3, I.2): where nothing else is in G1, the line above
    /// tells.
    fn high(self) -> (Repertoire, bool) {
        match self.above {
            Some(above) if !self.g1.has_g1() => (above, false),
            _ => (self.g1, true),
        }
    }
}

/// Decodes `bytes` from the state that `first`, the first value of (0008,0005), sets up.
///
/// Every escape sequence of PS3.3 tables C.12-3 and C.12-4 is followed, also one whose set (0008,0005) does not
/// name: the bytes after it have no other meaning. An unknown one is marked and the state stays.
pub(super) fn decode(bytes: &[u8], first: Repertoire, kind: TextKind) -> Decoded {
    let (g0, g1) = first.initial();
    let initial = State { g0, g1, above: None };
    let mut state = initial;
    let mut out = Decoded { text: String::with_capacity(bytes.len()), clean: true };
    let mut rest = bytes;
    while let Some(&byte) = rest.first() {
        if byte == ESC {
            rest = escape(&rest[1..], &mut state, &mut out);
            continue;
        }
        let length = run_length(rest, state);
        let (run, after) = rest.split_at(length);
        rest = after;
        if state.g0.is_double_byte_g0() && (0x21..0x7f).contains(&byte) {
            out.clean &= state.g0.decode_double_byte(run, &mut out.text);
        } else if byte >= 0x80 {
            let (set, by_rule) = state.high();
            out.clean &= set.decode_high(run, &mut out.text) && by_rule;
        } else {
            out.text.push(char::from(byte));
            if kind.resets(byte) {
                let above = Some(state.high().0).filter(|_| byte < b' ');
                state = State { above, ..initial };
            }
        }
    }
    out
}

/// Follows one escape sequence, or marks it; returns what is left.
fn escape<'a>(rest: &'a [u8], state: &mut State, out: &mut Decoded) -> &'a [u8] {
    let Some((element, set, length)) = Repertoire::from_escape(rest) else {
        out.text.push(MARK);
        out.clean = false;
        return rest;
    };
    match element {
        CodeElement::G0 => state.g0 = set,
        CodeElement::G1 => state.g1 = set,
    }
    &rest[length..]
}

/// How many bytes from the start decode together: a run of high bytes, a run of pairs in a double-byte G0, or
/// one single-byte character.
fn run_length(rest: &[u8], state: State) -> usize {
    let high = rest[0] >= 0x80;
    let double = state.g0.is_double_byte_g0();
    let same = |byte: &u8| match (high, double) {
        (true, _) => *byte >= 0x80,
        (false, true) => (0x21..0x7f).contains(byte),
        (false, false) => false,
    };
    rest.iter().position(|byte| !same(byte)).unwrap_or(rest.len()).max(1)
}
