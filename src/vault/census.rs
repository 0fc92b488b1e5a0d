//! A sealed sum over all rows: tells a row that was removed, doubled or put back to an earlier state.

use super::keys::Id;
use super::pack::{Packer, Unpacker};
use super::{Part, VaultError};

/// How many rows there are, and the exclusive-or of their keyed hashes (an incremental multiset hash; rows are
/// distinct, and the sum itself is sealed, so without the key no other set of rows can be made to fit).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Census {
    rows: u64,
    sum: Id,
}

impl Census {
    /// Counts a row in.
    pub(super) fn enter(&mut self, share: &Id) {
        self.rows = self.rows.wrapping_add(1);
        self.toggle(share);
    }

    /// Counts a row out.
    pub(super) fn leave(&mut self, share: &Id) {
        self.rows = self.rows.wrapping_sub(1);
        self.toggle(share);
    }

    pub(super) fn to_bytes(self) -> Vec<u8> {
        Packer::new().number(self.rows).bytes(&self.sum).finish().to_vec()
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, VaultError> {
        let mut fields = Unpacker::new(bytes);
        let census = Self { rows: fields.number()?, sum: fields.array()? };
        if census.to_bytes() == bytes { Ok(census) } else { Err(VaultError::damaged(Part::Index)) }
    }

    fn toggle(&mut self, share: &Id) {
        for (mine, theirs) in self.sum.iter_mut().zip(share) {
            *mine ^= theirs;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_changes_does_not_matter_and_the_set_does() {
        let (mut one, mut other) = (Census::default(), Census::default());
        for share in [[1; 32], [2; 32], [3; 32]] {
            one.enter(&share);
        }
        for share in [[3; 32], [9; 32], [1; 32], [2; 32]] {
            other.enter(&share);
        }
        assert_ne!(one, other);
        other.leave(&[9; 32]);
        assert_eq!(one, other);
        assert_eq!(Census::parse(&one.to_bytes()), Ok(one));
    }
}
