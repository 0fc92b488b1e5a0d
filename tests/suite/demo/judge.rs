//! The judge: `dicomweb-client` (Python), a DICOMweb client that is not ours, does a day's work.

use super::fixture::{ct_files, serve};
use crate::support::judge;

const DAY: &str = r#"
import io, sys
import pydicom, requests
from dicomweb_client.api import DICOMwebClient
url, user, password, certificate, new_file = sys.argv[1:6]
session = requests.Session()
session.trust_env = False
session.auth = (user, password)
session.verify = certificate
client = DICOMwebClient(url, session=session)

found = client.search_for_studies(search_filters={'PatientName': 'yamada*'}, fields=['StudyDescription'])
assert len(found) == 1, found
study = pydicom.Dataset.from_json(found[0])
assert str(study.PatientName) == 'Yamada^Tarou=山田^太郎=やまだ^たろう', study.PatientName
assert study.NumberOfStudyRelatedInstances == 5 and study.StudyDescription == 'Chest CT'
uid = study.StudyInstanceUID
series = [pydicom.Dataset.from_json(s) for s in client.search_for_series(uid)]
assert [s.NumberOfSeriesRelatedInstances for s in series] == [3, 2]
assert len(client.search_for_instances(uid, limit=2, offset=4)) == 1
assert client.search_for_studies(search_filters={'PatientID': 'nobody'}) == []

metadata = client.retrieve_study_metadata(uid)
instances = client.retrieve_study(uid)
assert len(metadata) == len(instances) == 5
for m, i in zip(metadata, instances):
    d = pydicom.Dataset.from_json(m, bulk_data_uri_handler=lambda tag, vr, uri: bytes(client.retrieve_bulkdata(uri)[0]))
    for e in i:
        assert d[e.tag].value == e.value or e.tag == 0x00080005, e
    assert len(d) == len(i)
    frames = client.retrieve_instance_frames(i.StudyInstanceUID, i.SeriesInstanceUID, i.SOPInstanceUID, [1])
    assert frames[0] == i.PixelData
i = instances[0]
one = client.retrieve_instance(i.StudyInstanceUID, i.SeriesInstanceUID, i.SOPInstanceUID)
assert one == i
png = client.retrieve_instance_rendered(i.StudyInstanceUID, i.SeriesInstanceUID, i.SOPInstanceUID, media_types=('image/png',))
assert png[:4] == b'\x89PNG'

new = pydicom.dcmread(new_file)
answer = client.store_instances([new])
assert len(answer.ReferencedSOPSequence) == 1 and 'FailedSOPSequence' not in answer, answer
assert client.retrieve_instance(new.StudyInstanceUID, new.SeriesInstanceUID, new.SOPInstanceUID) == new
print('JUDGED')
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dicomweb_client_gets_through_its_day() {
    let Some(mut python) = judge::python(&["dicomweb_client", "pydicom"]) else { return };
    let served = serve().await;
    let folder = tempfile::tempdir().unwrap();
    let certificate = folder.path().join("centre.pem");
    std::fs::write(&certificate, &served.running.certificate_pem).unwrap();
    let mut object = dicom_object::from_reader(&ct_files()[0][..]).unwrap().into_inner();
    let tag = dicom_dictionary_std::tags::SOP_INSTANCE_UID;
    object.put(dicom_core::DataElement::new(tag, dicom_core::VR::UI, "1.2.826.0.9.7"));
    let new = folder.path().join("new.dcm");
    std::fs::write(&new, super::fixture::part10(&object)).unwrap();
    let (url, user, password) =
        (served.running.base_url.to_string(), served.running.user.clone(), served.running.password.clone());
    let judged = tokio::task::spawn_blocking(move || {
        python.args(["-c", DAY, &url, &user, &password]).args([&certificate, &new]).output()
    });
    let output = judged.await.unwrap().unwrap();
    assert!(output.status.success() && output.stdout.ends_with(b"JUDGED\n"), "{}", judge::text(&output));
}
