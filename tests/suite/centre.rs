//! Behaviour of the room `centre`: against hostile servers made here, against TLS servers, and against Orthanc.

mod hostile;
mod oidc;
mod orthanc;
mod paging;
mod raw_server;
mod redirects;
mod tls;
mod truncation;

use std::time::Duration;

use dokuei::centre::{CentreError, Client, Credentials, Timeouts};
use dokuei::dicom::Uid;
use dokuei::site::Centre;
use dokuei::text::{Explain, Language, say};

/// Short enough for a test, long enough for a busy machine.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    answer: Duration::from_millis(2500),
    idle: Duration::from_millis(2500),
};

fn uid(text: &str) -> Uid {
    Uid::parse(text).unwrap()
}

fn credentials(user: &str, password: &str) -> Option<Credentials> {
    Some(Credentials { user: user.to_owned(), password: password.to_owned().into() })
}

/// A signed-in client of the server at `url`.
fn client(url: &str) -> Client {
    let centre = Centre::at(url.parse().unwrap());
    Client::with_timeouts(&centre, credentials("reader", "s3cret"), TIMEOUTS).unwrap()
}

/// The same with the patience of the product, for a real server on a busy machine.
fn patient_client(url: &str) -> Client {
    Client::new(&Centre::at(url.parse().unwrap()), credentials("reader", "s3cret")).unwrap()
}

/// Whatever is told of an error, in logs and on screen.
fn told(error: &CentreError) -> String {
    let sentences = Language::ALL.map(|language| say(language, &error.message())).join("\n");
    assert!(!sentences.contains("{$") && !sentences.contains("{ $"), "{sentences}");
    format!("{error}\n{error:?}\n{sentences}")
}
