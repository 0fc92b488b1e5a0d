//! Signed reports on their way to the centre.

use zeroize::Zeroizing;

use super::index::{Kind, Row, Writer};
use super::keys::Id;
use super::open::now_unix_ms;
use super::pack::{Packer, Unpacker};
use super::{Part, Vault, VaultError};
use crate::dicom::Uid;

/// How far a report has come. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportState {
    /// Flushed to this disk.
    Saved = 1,
    /// The last attempt failed; it can be tried again.
    Failed = 2,
    /// The centre named it in ReferencedSOPSequence (PS3.18 section 10.5.3).
    Sent = 3,
    /// Read back from the centre and equal. Final.
    Confirmed = 4,
}

impl ReportState {
    /// The states only go on: `Confirmed` stays, and nothing becomes `Saved` again. `Sent` may still turn out
    /// to be `Failed`, when it cannot be read back.
    pub fn may_become(self, next: Self) -> bool {
        match next {
            Self::Saved => self == Self::Saved,
            Self::Failed | Self::Sent => self != Self::Confirmed,
            Self::Confirmed => true,
        }
    }

    fn parse(number: u64) -> Result<Self, VaultError> {
        [Self::Saved, Self::Failed, Self::Sent, Self::Confirmed]
            .into_iter()
            .find(|state| *state as u64 == number)
            .ok_or(VaultError::damaged(Part::Entry))
    }
}

/// A signed report to be kept and sent.
#[derive(Debug, Clone)]
pub struct OutboxEntry<'a> {
    /// SOP Instance UID of the report.
    pub sop: Uid,
    /// Study Instance UID of the study it reports.
    pub study: Uid,
    /// The centre that it goes to.
    pub centre: String,
    /// The object (Part 10).
    pub object: &'a [u8],
}

/// A report in the outbox, without its object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedReport {
    /// SOP Instance UID of the report.
    pub sop: Uid,
    /// Study Instance UID of the study it reports.
    pub study: Uid,
    /// The centre that it goes to.
    pub centre: String,
    /// How far it has come.
    pub state: ReportState,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last attempt failed, as the caller put it.
    pub error: Option<String>,
    /// Bytes of the object.
    pub object_bytes: u64,
    /// When it was signed into the outbox, in seconds since 1970.
    pub enqueued_unix: u64,
    /// When its state was last set, in seconds since 1970.
    pub changed_unix: u64,
    /// Its place in the queue: the order of signing, whatever the clock does.
    place: u64,
}

impl Vault {
    /// Puts a signed report into the outbox as [`ReportState::Saved`]. When this returns `Ok`, report and entry
    /// are flushed to the disk, both in one transaction. The same object again changes nothing.
    ///
    /// # Errors
    /// [`VaultError::AlreadyQueued`] for another object with the same SOP Instance UID: a signed report is
    /// never overwritten. [`VaultError::DiskFull`] only when even the reserve did not suffice.
    pub fn enqueue_report(&self, entry: &OutboxEntry<'_>) -> Result<(), VaultError> {
        let parent = self.study_id(&entry.study);
        let object_id = self.report_object_id(&entry.sop);
        let object = Row {
            kind: Kind::ReportObject,
            id: object_id,
            parent,
            size: entry.object.len() as u64,
            plain: Zeroizing::new(entry.object.to_vec()),
        };
        self.with_reserve(|| {
            self.index.write(|writer| {
                if let Some(known) = writer.get(Kind::ReportObject, &object_id)? {
                    let same = known.plain == object.plain && known.parent == parent;
                    return if same { Ok(()) } else { Err(VaultError::AlreadyQueued) };
                }
                let report = QueuedReport::new(entry, next_place(writer)?);
                writer.put(&object)?;
                writer.put(&self.report_row(&report))
            })
        })
    }

    /// All reports in the order of signing.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when a row is not what was written.
    pub fn outbox(&self) -> Result<Vec<QueuedReport>, VaultError> {
        let rows = self.index.all(Kind::Report)?;
        let mut reports = rows.iter().map(QueuedReport::parse).collect::<Result<Vec<_>, _>>()?;
        reports.sort_by_key(|report| report.place);
        Ok(reports)
    }

    /// The object of a report, as it was signed.
    ///
    /// # Errors
    /// [`VaultError::NotQueued`]; [`VaultError::Damaged`] when it is not what was written.
    pub fn report_object(&self, sop: &Uid) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let row = self.index.get(Kind::ReportObject, &self.report_object_id(sop))?;
        row.map(|row| row.plain).ok_or(VaultError::NotQueued)
    }

    /// Sets how far a report has come, durably. `attempts` never goes down.
    ///
    /// # Errors
    /// [`VaultError::NotQueued`]; [`VaultError::StateGoesBack`] where [`ReportState::may_become`] says no.
    pub fn set_report_state(
        &self,
        sop: &Uid,
        state: ReportState,
        error: Option<&str>,
        attempts: u32,
    ) -> Result<(), VaultError> {
        let id = self.report_id(sop);
        self.with_reserve(|| {
            self.index.write(|writer| {
                let row = writer.get(Kind::Report, &id)?.ok_or(VaultError::NotQueued)?;
                let mut report = QueuedReport::parse(&row)?;
                if !report.state.may_become(state) {
                    return Err(VaultError::StateGoesBack { from: report.state, to: state });
                }
                report.state = state;
                report.error = error.map(str::to_owned);
                report.attempts = report.attempts.max(attempts);
                report.changed_unix = now_unix_ms() / 1000;
                writer.put(&self.report_row(&report))
            })
        })
    }

    /// Removes a confirmed report from the outbox: the centre has it.
    ///
    /// # Errors
    /// [`VaultError::NotQueued`]; [`VaultError::NotConfirmed`] for any other state.
    pub fn forget_report(&self, sop: &Uid) -> Result<(), VaultError> {
        let (id, object_id) = (self.report_id(sop), self.report_object_id(sop));
        self.index.write(|writer| {
            let row = writer.get(Kind::Report, &id)?.ok_or(VaultError::NotQueued)?;
            if QueuedReport::parse(&row)?.state != ReportState::Confirmed {
                return Err(VaultError::NotConfirmed);
            }
            writer.delete(Kind::Report, &id)?;
            writer.delete(Kind::ReportObject, &object_id)
        })
    }

    fn report_row(&self, report: &QueuedReport) -> Row {
        let plain = report.pack();
        let (id, parent) = (self.report_id(&report.sop), self.study_id(&report.study));
        Row { kind: Kind::Report, id, parent, size: plain.len() as u64, plain }
    }

    fn report_id(&self, sop: &Uid) -> Id {
        self.keys.id(Kind::Report, &[sop.as_str()])
    }

    fn report_object_id(&self, sop: &Uid) -> Id {
        self.keys.id(Kind::ReportObject, &[sop.as_str()])
    }
}

fn next_place(writer: &Writer<'_>) -> Result<u64, VaultError> {
    let mut last = 0;
    for row in writer.all(Kind::Report)? {
        last = last.max(QueuedReport::parse(&row)?.place);
    }
    Ok(last + 1)
}

impl QueuedReport {
    fn new(entry: &OutboxEntry<'_>, place: u64) -> Self {
        let now = now_unix_ms() / 1000;
        Self {
            sop: entry.sop.clone(),
            study: entry.study.clone(),
            centre: entry.centre.clone(),
            state: ReportState::Saved,
            attempts: 0,
            error: None,
            object_bytes: entry.object.len() as u64,
            enqueued_unix: now,
            changed_unix: now,
            place,
        }
    }

    fn pack(&self) -> Zeroizing<Vec<u8>> {
        Packer::new()
            .text(self.sop.as_str())
            .text(self.study.as_str())
            .text(&self.centre)
            .number(self.state as u64)
            .number(self.attempts.into())
            .number(self.error.is_some().into())
            .text(self.error.as_deref().unwrap_or_default())
            .number(self.object_bytes)
            .number(self.enqueued_unix)
            .number(self.changed_unix)
            .number(self.place)
            .finish()
    }

    pub(super) fn parse(row: &Row) -> Result<Self, VaultError> {
        let mut fields = Unpacker::new(&row.plain);
        Ok(Self {
            sop: fields.uid()?,
            study: fields.uid()?,
            centre: fields.text()?.to_owned(),
            state: ReportState::parse(fields.number()?)?,
            attempts: u32::try_from(fields.number()?).unwrap_or(u32::MAX),
            error: {
                let there = fields.number()? == 1;
                Some(fields.text()?.to_owned()).filter(|_| there)
            },
            object_bytes: fields.number()?,
            enqueued_unix: fields.number()?,
            changed_unix: fields.number()?,
            place: fields.number()?,
        })
    }
}
