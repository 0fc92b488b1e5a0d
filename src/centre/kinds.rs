//! What differs between centres, in one table. All else is asked for as PS3.18 has it, and what a centre leaves
//! undone is done here:
//!
//! | gap | at | what we do |
//! | --- | --- | --- |
//! | fuzzymatching is accepted and ignored; a key that is not known matches everything | Orthanc | no row is believed: [`StudyQuery::matches`](super::StudyQuery) is put to each, whatever its case and width |
//! | names are matched as one value, in one order, not in kanji | Orthanc | one word of a name is sent, and only in ASCII; the rest is matched here |
//! | `includefield=all` gives no more than without | Orthanc | each field that is wanted is named |
//! | a limit that is too large is refused (Azure: 200) | cloud archives | the pages below, the largest first; a refused one is followed by a smaller one |
//! | a page is shorter than asked for, or comes twice | any | only an empty page, or one with nothing new, is the end |
//! | no UPS-RS (404, 405, 501, or 400 for the path) | Orthanc, most clouds | priorities are unknown and shown so; claims are kept here alone |
//! | no counts in a study's row | any | the instances are listed and counted |

use url::Url;

/// One kind of centre.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// The ends of its host names; none for the rest.
    hosts: &'static [&'static str],
    /// Rows a page of a search for studies or workitems, from the largest that it may take.
    pub(super) pages: &'static [usize],
    /// The same for instances, of which a study has many and each row is small.
    pub(super) instances: &'static [usize],
    /// Whether it may have UPS-RS: where it cannot, it is not asked.
    pub(super) worklist: bool,
}

/// Whoever is not named otherwise: Orthanc, dcm4chee, hospital archives. A worklist comes in one page.
const USUAL: Kind =
    Kind { hosts: &[], pages: &[5000, 1000, 200, 100], instances: &[5000, 1000, 200], worklist: true };

/// Services with limits of their own.
const KNOWN: [Kind; 3] = [
    // Azure Health Data Services: limit is 1 to 200.
    Kind {
        hosts: &[".dicom.azurehealthcareapis.com"],
        pages: &[200, 100],
        instances: &[200, 100],
        worklist: true,
    },
    // Google Cloud Healthcare: no worklist service.
    Kind {
        hosts: &["healthcare.googleapis.com"],
        pages: &[5000, 1000, 200],
        instances: &[5000, 1000, 200],
        worklist: false,
    },
    // AWS HealthImaging: 10,000 rows of a search in all; no worklist service.
    Kind { hosts: &[".amazonaws.com"], pages: &[1000, 200], instances: &[1000, 200], worklist: false },
];

impl Kind {
    /// The kind of the centre at this address.
    pub(super) fn of(base: &Url) -> &'static Self {
        let host = base.host_str().unwrap_or_default();
        let is = |kind: &&Self| kind.hosts.iter().any(|end| host.ends_with(end));
        KNOWN.iter().find(is).unwrap_or(&USUAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_centre_is_of_the_kind_of_its_host() {
        let cases = [
            ("https://pacs.example/dicom-web", &USUAL),
            ("https://ws-dicom.dicom.azurehealthcareapis.com/v2", &KNOWN[0]),
            ("https://healthcare.googleapis.com/v1/x/dicomWeb", &KNOWN[1]),
            ("https://dicom-medical-imaging.us-east-1.amazonaws.com/datastore/x", &KNOWN[2]),
            ("https://azurehealthcareapis.com.evil.example/", &USUAL),
        ];
        for (url, kind) in cases {
            assert_eq!(Kind::of(&url.parse().unwrap()), kind, "{url}");
        }
        for kind in KNOWN.iter().chain([&USUAL]) {
            assert!(kind.pages.is_sorted_by(|a, b| a > b) && kind.instances.is_sorted_by(|a, b| a > b));
        }
    }
}
