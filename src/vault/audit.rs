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
    /// Appends a record, durably, and returns its sequence number.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] with [`Part::AuditTrail`] when the head of the chain is gone or refuses: a broken
    /// chain is not begun anew in silence.
    pub fn append_audit(&self, record: &[u8]) -> Result<u64, VaultError> {
        self.append_audits(&[record])
    }

    /// Appends several records in this order, all in one transaction, and returns the last sequence number.
    ///
    /// # Errors
    /// As [`Vault::append_audit`]; then none of them is there.
    pub fn append_audits(&self, records: &[&[u8]]) -> Result<u64, VaultError> {
        self.with_reserve(|| {
            self.index.write(|writer| {
                let mut head = Head::load(writer)?;
                for record in records {
                    let (next, row) = head.follow(record, &self.keys);
                    writer.put(&row)?;
                    head = next;
                }
                writer.put(&head.row())?;
                Ok(head.records)
            })
        })
    }

    /// How many records the sealed head counts.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when the head is not what was written.
    pub fn audit_length(&self) -> Result<u64, VaultError> {
        let head = self.index.get(Kind::AuditHead, &NONE)?;
        head.map_or(Ok(0), |row| Ok(Head::parse(&row)?.records))
    }

    /// Up to `at_most` records after number `after`, in order. One that is gone or refuses to open is passed over:
    /// a gap in the numbers shows it.
    ///
    /// # Errors
    /// The index's refusal.
    pub fn audit_after(&self, after: u64, at_most: usize) -> Result<Vec<AuditRecord>, VaultError> {
        let mut records = Vec::new();
        for sequence in after + 1..=self.audit_length()? {
            if records.len() == at_most {
                break;
            }
            match self.index.get(Kind::Audit, &place(sequence)) {
                Ok(Some(row)) => records.push(Link::parse(&row)?.record),
                Ok(None) | Err(VaultError::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(records)
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

    /// The end of the chain after one more record, and that record's row.
    fn follow(&self, record: &[u8], keys: &Keys) -> (Self, Row) {
        let sequence = self.records + 1;
        let body = Packer::new().number(sequence).number(now_unix_ms()).bytes(record).finish();
        let link = keys.audit_link(&self.link, &body);
        let plain = Packer::new().bytes(&self.link).bytes(&link).bytes(&body).finish();
        let row =
            Row { kind: Kind::Audit, id: place(sequence), parent: NONE, size: record.len() as u64, plain };
        (Self { records: sequence, link }, row)
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
