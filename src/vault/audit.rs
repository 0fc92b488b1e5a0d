//! The audit trail: a chain in which each link covers all before it.
//!
//! Link n is HMAC-SHA-256 under the audit key over link n-1 and record n (its number, time and bytes). A sealed
//! head counts the records and holds the last link, so that records cut off at the end are missed too; without
//! the key nobody can write another head, and an older head put back with the older rows is what
//! [`Finding::OlderIndex`](super::Finding) is for.

use zeroize::Zeroizing;

use super::index::{Kind, NONE, Row, Writer};
use super::keys::{Id, Keys};
use super::open::now_unix_ms;
use super::pack::{Packer, Unpacker};
use super::{Part, Vault, VaultError};

/// One record of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// From 1, without gaps.
    pub sequence: u64,
    /// When it was appended, in milliseconds since 1970.
    pub appended_unix_ms: u64,
    /// The caller's bytes.
    pub record: Zeroizing<Vec<u8>>,
}

/// Whether the trail is what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditVerdict {
    /// Every record is there, in order and unchanged.
    Intact {
        /// How many.
        records: u64,
    },
    /// Something was changed, removed, put in or cut off.
    Broken {
        /// The first sequence number that is not what it should be.
        sequence: u64,
    },
}

impl Vault {
    /// Appends a record, durably.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] with [`Part::AuditTrail`] when the head of the chain is gone or refuses: a broken
    /// chain is not begun anew in silence.
    pub fn append_audit(&self, record: &[u8]) -> Result<(), VaultError> {
        self.with_reserve(|| {
            self.index.write(|writer| {
                let head = Head::load(writer)?;
                let sequence = head.records + 1;
                let body = Packer::new().number(sequence).number(now_unix_ms()).bytes(record).finish();
                let link = self.keys.audit_link(&head.link, &body);
                let plain = Packer::new().bytes(&head.link).bytes(&link).bytes(&body).finish();
                let size = record.len() as u64;
                writer.put(&Row { kind: Kind::Audit, id: place(sequence), parent: NONE, size, plain })?;
                writer.put(&Head { records: sequence, link }.row())
            })
        })
    }

    /// The records that can be read, in order. Whether they are all is [`Vault::verify_audit`]'s to say.
    ///
    /// # Errors
    /// The index's refusal.
    pub fn audit(&self) -> Result<Vec<AuditRecord>, VaultError> {
        let rows = self.index.readable(Kind::Audit)?;
        let mut records =
            rows.iter().map(|row| Ok(Link::parse(row)?.record)).collect::<Result<Vec<_>, VaultError>>()?;
        records.sort_by_key(|record| record.sequence);
        Ok(records)
    }

    /// Walks the chain from its first link to its sealed head.
    ///
    /// # Errors
    /// The index's refusal.
    pub fn verify_audit(&self) -> Result<AuditVerdict, VaultError> {
        let rows = self.index.readable(Kind::Audit)?;
        let mut links = rows.iter().map(Link::parse).collect::<Result<Vec<_>, _>>()?;
        links.sort_by_key(|link| link.record.sequence);
        let head = match self.index.get(Kind::AuditHead, &NONE) {
            Ok(Some(row)) => Head::parse(&row)?,
            Ok(None) if links.is_empty() => Head::default(),
            Ok(None) | Err(VaultError::Damaged { .. }) => return Ok(AuditVerdict::Broken { sequence: 1 }),
            Err(error) => return Err(error),
        };
        let (mut previous, mut sequence) = (Id::default(), 1);
        for link in &links {
            if link.record.sequence != sequence || !link.follows(&previous, &self.keys) {
                return Ok(AuditVerdict::Broken { sequence });
            }
            previous = link.link;
            sequence += 1;
        }
        if head == (Head { records: sequence - 1, link: previous }) {
            Ok(AuditVerdict::Intact { records: head.records })
        } else {
            Ok(AuditVerdict::Broken { sequence })
        }
    }
}

/// A record with the links on both sides of it.
struct Link {
    previous: Id,
    link: Id,
    body: Zeroizing<Vec<u8>>,
    record: AuditRecord,
}

impl Link {
    fn parse(row: &Row) -> Result<Self, VaultError> {
        let mut fields = Unpacker::new(&row.plain);
        let (previous, link) = (fields.array()?, fields.array()?);
        let body = Zeroizing::new(fields.bytes()?.to_vec());
        let mut fields = Unpacker::new(&body);
        let record = AuditRecord {
            sequence: fields.number()?,
            appended_unix_ms: fields.number()?,
            record: Zeroizing::new(fields.bytes()?.to_vec()),
        };
        Ok(Self { previous, link, body, record })
    }

    fn follows(&self, previous: &Id, keys: &Keys) -> bool {
        self.previous == *previous && self.link == keys.audit_link(previous, &self.body)
    }
}

/// The end of the chain.
#[derive(Default, PartialEq, Eq)]
struct Head {
    records: u64,
    link: Id,
}

impl Head {
    fn load(writer: &Writer<'_>) -> Result<Self, VaultError> {
        let broken = VaultError::damaged(Part::AuditTrail);
        match writer.get(Kind::AuditHead, &NONE) {
            Ok(Some(row)) => Self::parse(&row).map_err(|_| broken),
            Ok(None) if !writer.has_any(Kind::Audit)? => Ok(Self::default()),
            Ok(None) | Err(VaultError::Damaged { .. }) => Err(broken),
            Err(error) => Err(error),
        }
    }

    fn parse(row: &Row) -> Result<Self, VaultError> {
        let mut fields = Unpacker::new(&row.plain);
        Ok(Self { records: fields.number()?, link: fields.array()? })
    }

    fn row(&self) -> Row {
        let plain = Packer::new().number(self.records).bytes(&self.link).finish();
        Row { kind: Kind::AuditHead, id: NONE, parent: NONE, size: plain.len() as u64, plain }
    }
}

/// Where record `sequence` lies: one row each, so that a second one with its number has no place.
fn place(sequence: u64) -> Id {
    let mut id = NONE;
    id[..8].copy_from_slice(&sequence.to_be_bytes());
    id
}
