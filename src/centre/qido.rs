//! QIDO-RS: searching (PS3.18 10.6).

use super::kinds::Kind;
use super::paging::Search;
use super::rows::{InstanceRow, SeriesRow, StudyRow, instance_row, series_row, study_row};
use super::{CentreError, Client, Rows, Service, StudyQuery};
use crate::dicom::Uid;

impl Client {
    /// What is known of the centre's kind.
    pub(super) fn kind(&self) -> &'static Kind {
        Kind::of(&self.shared.base)
    }

    /// The studies that answer `query`, to the last page, without doubles. Rows that do not answer it are
    /// dropped here: centres ignore keys that they do not know.
    ///
    /// # Errors
    /// [`CentreError`] when a page fails; a single bad row is a warning.
    pub async fn search_studies(&self, query: &StudyQuery) -> Result<Rows<StudyRow>, CentreError> {
        let mut url = self.url(["studies"]);
        query.write(&mut url);
        // Beyond what table 10.6.3-3 requires of every answer.
        for field in ["StudyDescription", "IssuerOfPatientID", "PatientAge", "ModalitiesInStudy"] {
            url.query_pairs_mut().append_pair("includefield", field);
        }
        self.pages(Search {
            service: Service::Qido,
            url,
            pages: self.kind().pages,
            at_most: query.at_most,
            one: query.study.is_some(),
            read: &study_row,
            key: |row| &row.study.uid,
            keep: &|row| query.matches(row),
        })
        .await
    }

    /// The series of a study.
    ///
    /// # Errors
    /// [`CentreError`]; [`CentreError::NotFound`] where the centre tells an unknown study from an empty one.
    pub async fn series(&self, study: &Uid) -> Result<Rows<SeriesRow>, CentreError> {
        let mut url = self.url(["studies", study.as_str(), "series"]);
        for field in ["BodyPartExamined", "FrameOfReferenceUID"] {
            url.query_pairs_mut().append_pair("includefield", field);
        }
        self.pages(Search {
            service: Service::Qido,
            url,
            pages: self.kind().instances,
            at_most: None,
            one: false,
            read: &series_row,
            key: |row| &row.series.uid,
            keep: &|_| true,
        })
        .await
    }

    /// The instances of a study: the list that a complete study is held against.
    ///
    /// # Errors
    /// As [`Client::series`].
    pub async fn instances(&self, study: &Uid) -> Result<Rows<InstanceRow>, CentreError> {
        self.instances_at(&["studies", study.as_str(), "instances"]).await
    }

    /// The instances of one series.
    ///
    /// # Errors
    /// As [`Client::series`].
    pub async fn series_instances(
        &self,
        study: &Uid,
        series: &Uid,
    ) -> Result<Rows<InstanceRow>, CentreError> {
        self.instances_at(&["studies", study.as_str(), "series", series.as_str(), "instances"]).await
    }

    async fn instances_at(&self, path: &[&str]) -> Result<Rows<InstanceRow>, CentreError> {
        self.pages(Search {
            service: Service::Qido,
            url: self.url(path.iter().copied()),
            pages: self.kind().instances,
            at_most: None,
            one: false,
            read: &instance_row,
            key: |row| &row.sop_instance,
            keep: &|_| true,
        })
        .await
    }
}
