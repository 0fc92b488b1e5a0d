//! Three tiny studies, a centre that holds them, and a client that trusts only it.

use dicom_core::{DataElement, PrimitiveValue, VR, dicom_value};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use dokuei::demo::{Archive, Centre, Limits, Options, Priority, Running, Study};
use dokuei::dicom::Uid;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;

pub(super) const CT: &str = "1.2.826.0.1.1";
pub(super) const MR: &str = "1.2.826.0.1.2";
pub(super) const US: &str = "1.2.826.0.1.3";
pub(super) const MULTIPART_DICOM: &str = r#"multipart/related; type="application/dicom"; transfer-syntax=*"#;
pub(super) const MULTIPART_OCTETS: &str = r#"multipart/related; type="application/octet-stream""#;

/// A study of a few small images.
pub(super) struct Tiny {
    uid: Uid,
    priority: Priority,
    instances: Vec<InMemDicomObject>,
}

impl Study for Tiny {
    fn uid(&self) -> &Uid {
        &self.uid
    }
    fn priority(&self) -> Priority {
        self.priority
    }
    fn len(&self) -> usize {
        self.instances.len()
    }
    fn header(&self, i: usize) -> InMemDicomObject {
        let mut header = self.instances[i].clone();
        header.remove_element(tags::PIXEL_DATA);
        header
    }
    fn file(&self, i: usize) -> Vec<u8> {
        part10(&self.instances[i])
    }
}

/// A Part 10 file, Explicit VR Little Endian.
pub(super) fn part10(dataset: &InMemDicomObject) -> Vec<u8> {
    let meta = FileMetaTableBuilder::new().transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN);
    let mut file = Vec::new();
    dataset.clone().with_meta(meta).unwrap().write_all(&mut file).unwrap();
    file
}

/// One image: `study.series.instance` name it, its samples are its own.
fn image(study: &str, series: u16, number: u16, texts: &[(dicom_core::Tag, VR, &str)]) -> InMemDicomObject {
    let mut object = InMemDicomObject::new_empty();
    let mut text = |tag, vr, value: &str| {
        object.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
    };
    text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192");
    text(tags::STUDY_INSTANCE_UID, VR::UI, study);
    text(tags::SERIES_INSTANCE_UID, VR::UI, &format!("{study}.{series}"));
    text(tags::SOP_INSTANCE_UID, VR::UI, &format!("{study}.{series}.{number}"));
    text(tags::SERIES_NUMBER, VR::IS, &series.to_string());
    text(tags::INSTANCE_NUMBER, VR::IS, &number.to_string());
    for (tag, vr, value) in texts {
        text(*tag, *vr, value);
    }
    object
}

fn grey_pixels(object: &mut InMemDicomObject, first: i16) {
    for (tag, value) in [
        (tags::SAMPLES_PER_PIXEL, 1_u16),
        (tags::ROWS, 2),
        (tags::COLUMNS, 3),
        (tags::BITS_ALLOCATED, 16),
        (tags::BITS_STORED, 16),
        (tags::HIGH_BIT, 15),
        (tags::PIXEL_REPRESENTATION, 1),
    ] {
        object.put(DataElement::new(tag, VR::US, dicom_value!(U16, value)));
    }
    object.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"));
    object.put(DataElement::new(tags::RESCALE_SLOPE, VR::DS, "1"));
    object.put(DataElement::new(tags::RESCALE_INTERCEPT, VR::DS, "-1024"));
    object.put(DataElement::new(tags::WINDOW_CENTER, VR::DS, "0.5"));
    object.put(DataElement::new(tags::WINDOW_WIDTH, VR::DS, "256"));
    let samples: Vec<u16> = (0..6).map(|i| (first + 16 * i) as u16).collect();
    object.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(samples.into())));
}

fn colour_cine(object: &mut InMemDicomObject, frames: u16) {
    for (tag, value) in [
        (tags::SAMPLES_PER_PIXEL, 3_u16),
        (tags::PLANAR_CONFIGURATION, 0),
        (tags::ROWS, 1),
        (tags::COLUMNS, 2),
        (tags::BITS_ALLOCATED, 8),
        (tags::BITS_STORED, 8),
        (tags::HIGH_BIT, 7),
        (tags::PIXEL_REPRESENTATION, 0),
    ] {
        object.put(DataElement::new(tag, VR::US, dicom_value!(U16, value)));
    }
    object.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "RGB"));
    object.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, frames.to_string().as_str()));
    let samples: Vec<u8> = (0..6 * frames).map(|i| i as u8).collect();
    object.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(samples)));
}

/// Studies with what a search can tell apart.
pub(super) fn studies() -> Vec<Tiny> {
    let yamada = [
        (tags::PATIENT_NAME, VR::PN, "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        (tags::PATIENT_ID, VR::LO, "P001"),
        (tags::PATIENT_BIRTH_DATE, VR::DA, "19600401"),
        (tags::PATIENT_SEX, VR::CS, "M"),
        (tags::STUDY_DATE, VR::DA, "20260110"),
        (tags::STUDY_TIME, VR::TM, "031000"),
        (tags::ACCESSION_NUMBER, VR::SH, "A100"),
        (tags::STUDY_ID, VR::SH, "1"),
        (tags::STUDY_DESCRIPTION, VR::LO, "Chest CT"),
    ];
    let ct = [(tags::SOP_CLASS_UID, VR::UI, uids::CT_IMAGE_STORAGE), (tags::MODALITY, VR::CS, "CT")];
    let mut ct_instances = Vec::new();
    for (series, count) in [(1, 3), (2, 2)] {
        for number in 1..=count {
            let mut object = image(CT, series, number, &[&yamada[..], &ct].concat());
            object.put(DataElement::new(
                tags::SERIES_DESCRIPTION,
                VR::LO,
                format!("Series {series}").as_str(),
            ));
            grey_pixels(&mut object, 900 + 10 * (series * 10 + number) as i16);
            ct_instances.push(object);
        }
    }
    let suzuki = [
        (tags::PATIENT_NAME, VR::PN, "Suzuki^Hanako=鈴木^花子"),
        (tags::PATIENT_ID, VR::LO, "P002"),
        (tags::STUDY_DATE, VR::DA, "20251201"),
        (tags::STUDY_TIME, VR::TM, "101500"),
        (tags::ACCESSION_NUMBER, VR::SH, "A200"),
        (tags::STUDY_DESCRIPTION, VR::LO, "Head MR"),
        (tags::SOP_CLASS_UID, VR::UI, uids::MR_IMAGE_STORAGE),
        (tags::MODALITY, VR::CS, "MR"),
    ];
    let mut mr = image(MR, 1, 1, &suzuki);
    grey_pixels(&mut mr, 500);
    let sato = [
        (tags::PATIENT_NAME, VR::PN, "Sato^Ken"),
        (tags::PATIENT_ID, VR::LO, "P003"),
        (tags::STUDY_DATE, VR::DA, "20240501"),
        (tags::SOP_CLASS_UID, VR::UI, uids::ULTRASOUND_MULTI_FRAME_IMAGE_STORAGE),
        (tags::MODALITY, VR::CS, "US"),
    ];
    let mut us = image(US, 1, 1, &sato);
    colour_cine(&mut us, 4);
    let tiny = |uid, priority, instances| Tiny { uid: Uid::parse(uid).unwrap(), priority, instances };
    vec![
        tiny(CT, Priority::Stat, ct_instances),
        tiny(MR, Priority::Medium, vec![mr]),
        tiny(US, Priority::Read, vec![us]),
    ]
}

/// The files of the CT study, in order.
pub(super) fn ct_files() -> Vec<Vec<u8>> {
    let ct = &studies()[0];
    (0..ct.len()).map(|i| ct.file(i)).collect()
}

/// Which HTTP the client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Http {
    One,
    Two,
}

/// A centre that listens and a client that has signed in.
pub(super) struct Served {
    pub(super) running: Running,
    pub(super) client: Client,
}

/// A centre with the tiny studies.
pub(super) async fn serve() -> Served {
    serve_with(Options::default(), Http::Two).await
}

/// A centre with the tiny studies, and a client of this HTTP.
pub(super) async fn serve_with(options: Options, http: Http) -> Served {
    let studies = studies().into_iter().map(|study| Box::new(study) as Box<dyn Study>).collect();
    serve_archive(Archive::new(studies, Limits::default()), options, http).await
}

/// A centre with this archive, and a client of this HTTP.
pub(super) async fn serve_archive(archive: Archive, options: Options, http: Http) -> Served {
    let address = "127.0.0.1:0".parse().unwrap();
    let (running, serving) = Centre::bind(address, archive, options).await.unwrap();
    tokio::spawn(serving);
    let client = client(&running, http);
    Served { running, client }
}

/// A client that trusts this centre's certificate and nothing else.
pub(super) fn client(running: &Running, http: Http) -> Client {
    // Fails when another test was first, with the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let certificate = reqwest::Certificate::from_pem(running.certificate_pem.as_bytes()).unwrap();
    let builder = Client::builder().no_proxy().tls_certs_only([certificate]);
    let builder = if http == Http::One { builder.http1_only() } else { builder };
    builder.build().unwrap()
}

impl Served {
    /// The URL of a path below the base URL.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.base_url)
    }

    /// A GET that has signed in.
    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path)).basic_auth(&self.running.user, Some(&self.running.password))
    }

    /// A POST that has signed in.
    pub(super) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path)).basic_auth(&self.running.user, Some(&self.running.password))
    }

    /// A PUT that has signed in.
    pub(super) fn put(&self, path: &str) -> RequestBuilder {
        self.client.put(self.url(path)).basic_auth(&self.running.user, Some(&self.running.password))
    }

    /// The answer to a GET.
    pub(super) async fn fetch(&self, path: &str, accept: &str) -> Response {
        self.get(path).header("accept", accept).send().await.unwrap()
    }

    /// The status of a GET.
    pub(super) async fn status(&self, path: &str, accept: &str) -> u16 {
        self.fetch(path, accept).await.status().as_u16()
    }

    /// The rows of a search; none for 204.
    pub(super) async fn rows(&self, path: &str) -> Vec<Value> {
        let response = self.fetch(path, "application/dicom+json").await;
        match response.status().as_u16() {
            204 => Vec::new(),
            200 => serde_json::from_slice(&response.bytes().await.unwrap()).unwrap(),
            other => panic!("{path}: {other}"),
        }
    }

    /// The parts of an answer that must be whole.
    pub(super) async fn parts(&self, path: &str, accept: &str) -> Vec<(String, Vec<u8>)> {
        let response = self.fetch(path, accept).await;
        assert_eq!(response.status(), 200, "{path}");
        let content_type = header(&response, "content-type");
        split(&content_type, &response.bytes().await.unwrap()).unwrap_or_else(|| panic!("{path}: torn"))
    }

    /// STOWs files in one request.
    pub(super) async fn store(&self, path: &str, files: &[Vec<u8>]) -> (u16, Value) {
        let response = self
            .post(path)
            .header("content-type", r#"multipart/related; type="application/dicom"; boundary=tests"#)
            .body(message("tests", files))
            .send()
            .await
            .unwrap();
        let status = response.status().as_u16();
        let body = response.bytes().await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }
}

/// A STOW-RS message.
pub(super) fn message(boundary: &str, files: &[Vec<u8>]) -> Vec<u8> {
    let mut message = Vec::new();
    for file in files {
        message.extend(format!("--{boundary}\r\nContent-Type: application/dicom\r\n\r\n").bytes());
        message.extend(file);
        message.extend(b"\r\n");
    }
    message.extend(format!("--{boundary}--\r\n").bytes());
    message
}

/// A header as text.
pub(super) fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// Content types and bodies of a multipart message, by the Content-Length of each part; `None` unless it is
/// whole to its final boundary.
pub(super) fn split(content_type: &str, body: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let boundary = content_type.split("boundary=").nth(1)?.trim_matches('"');
    let mut rest = body;
    let mut parts = Vec::new();
    loop {
        rest = rest.strip_prefix(format!("--{boundary}").as_bytes())?;
        if rest == b"--\r\n" {
            return Some(parts);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let head_end = rest.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&rest[..head_end]).ok()?;
        let field = |name: &str| {
            head.split("\r\n").find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
        };
        let length: usize = field("Content-Length:")?.parse().ok()?;
        rest = &rest[head_end + 4..];
        parts.push((field("Content-Type:")?, rest.get(..length)?.to_vec()));
        rest = rest[length..].strip_prefix(b"\r\n")?;
    }
}

/// The first value of an attribute of a DICOM JSON object.
pub(super) fn value(row: &Value, key: &str) -> Value {
    row[key]["Value"][0].clone()
}

/// The Study Instance UIDs of rows.
pub(super) fn study_uids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| value(row, "0020000D").as_str().unwrap().to_owned()).collect()
}
