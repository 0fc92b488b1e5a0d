//! What happens to a line, once and at a byte.

/// Something that happens when so many bytes have passed one way, over all connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strike {
    /// Which way's bytes are counted.
    pub way: Way,
    /// Bytes that pass unharmed first, counted from when it was said.
    pub after: u64,
    /// What happens then.
    pub blow: Blow,
}

impl Strike {
    /// On the way from the far end.
    pub fn down(after: u64, blow: Blow) -> Self {
        Self { way: Way::Down, after, blow }
    }

    /// On the way to the far end.
    pub fn up(after: u64, blow: Blow) -> Self {
        Self { way: Way::Up, after, blow }
    }
}

/// The two ways of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the far end: requests.
    Up,
    /// From the far end: answers.
    Down,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blow {
    /// The connection that carries the byte is closed, in good order as TCP goes (`limit_data`).
    Close,
    /// It is reset (`reset_peer`).
    Reset,
    /// All that are open are reset: the line was cut, and is back at once.
    Break,
    /// The line is down and stays so until it is restored.
    Cut,
    /// One bit of the byte is turned over, below TLS.
    Flip,
}
