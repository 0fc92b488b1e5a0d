//! The listener, its connections, and the way of a request through them.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::answer::{Ask, Holdings};
use super::archive::Archive;
use super::body::{Line, LineCut, impaired};
use super::error::DemoError;
use super::faults::{Damage, FaultKind, Faults};
use super::reply::{Refusal, Reply, faulty_status, login_page, sign_in_first};
use super::requests::RequestLog;
use super::route::BASE_PATH;
use super::signin::{SignIn, random_password};
use super::tls::{Identity, identity};
use super::ups::Worklist;
use crate::dicom::Uid;

/// Connections at one time; more wait in the system's queue.
const CONNECTIONS: usize = 256;

/// A handshake that takes longer is given up.
const HANDSHAKE_TIME: Duration = Duration::from_secs(20);

/// An HTTP/1.1 connection without a request for this long is closed: later than clients let go of it (90 s is
/// usual), so that none meets a closed door.
const IDLE_TIME: Duration = Duration::from_secs(120);

/// How long requests under way may take to end when the centre stops.
const GRACE: Duration = Duration::from_secs(2);

/// How long a lost answer holds its request before the connection's end is noticed.
const LOST: Duration = Duration::from_secs(60);

/// How a centre is to be.
#[derive(Clone)]
pub struct Options {
    /// The one user.
    pub user: String,
    /// The user's password; a random one if none is given.
    pub password: Option<String>,
    /// Rows of one answer to a search, whatever the client asks for.
    pub page_limit: usize,
    /// Bytes of one STOW-RS request.
    pub body_limit: usize,
    /// The port under which clients reach it, where that is not its own: that of a [`super::line::Line`].
    pub reached_by: Option<u16>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            user: "reader".to_owned(),
            password: None,
            page_limit: 1000,
            body_limit: 512 << 20,
            reached_by: None,
        }
    }
}

/// A demo centre.
pub struct Centre;

/// The way into a centre that listens. Dropping it stops the centre.
pub struct Running {
    /// As in `https://localhost:8443/dicom-web`.
    pub base_url: Url,
    /// Where it listens.
    pub address: SocketAddr,
    /// Who signs in.
    pub user: String,
    /// With what.
    pub password: String,
    /// The certificate to trust for this centre, as PEM.
    pub certificate_pem: String,
    /// What shall go wrong.
    pub faults: Faults,
    /// What was asked.
    pub requests: RequestLog,
    archive: Arc<Archive>,
    stop: watch::Sender<bool>,
}

impl Running {
    /// Ends the centre: no new connections, requests under way may end. The future given by
    /// [`Centre::bind`] then completes, within some seconds.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// The objects that were stored since the start, as files, in the order of their arrival.
    pub fn stored(&self) -> Vec<(Uid, Bytes)> {
        self.archive.stored_files()
    }
}

impl Centre {
    /// Listens on `address` (loopback only; port 0 takes a free one). When this returns, connections are
    /// accepted by the system; they are served by the future, which the caller spawns and which ends when
    /// the centre is stopped. Needs a tokio runtime with IO and time.
    ///
    /// # Errors
    /// [`DemoError`] when it cannot listen or cannot make its certificate or password.
    pub async fn bind(
        address: SocketAddr,
        archive: Archive,
        options: Options,
    ) -> Result<(Running, impl Future<Output = ()> + Send + 'static), DemoError> {
        if !address.ip().is_loopback() {
            return Err(DemoError::NotLoopback { address });
        }
        let refused = |e: std::io::Error| DemoError::Listen { address, kind: e.kind() };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let now = chrono::Local::now();
        let Identity { config, certificate_pem } = identity(now.date_naive())?;
        let password = options.password.map_or_else(random_password, Ok)?;
        let base_url = base_url(options.reached_by.unwrap_or(address.port()));
        let archive = Arc::new(archive);
        let scheduled = now.format("%Y%m%d%H%M%S").to_string();
        let worklist = Arc::new(Worklist::of(&archive, &scheduled, base_url.as_str()));
        let (stop, stopped) = watch::channel(false);
        let running = Running {
            base_url: base_url.clone(),
            address,
            user: options.user.clone(),
            password: password.clone(),
            certificate_pem,
            faults: Faults::default(),
            requests: RequestLog::default(),
            archive: archive.clone(),
            stop,
        };
        let house = Arc::new(House {
            holdings: Holdings {
                archive,
                worklist,
                page_limit: options.page_limit.max(1),
                body_limit: options.body_limit,
            },
            base_url,
            door: SignIn::new(&options.user, &password),
            faults: running.faults.clone(),
            requests: running.requests.clone(),
        });
        Ok((running, serve(listener, TlsAcceptor::from(config), house, stopped)))
    }
}

/// The base URL by the name that the certificate speaks for on every system.
fn base_url(port: u16) -> Url {
    let text = format!("https://localhost:{port}{BASE_PATH}");
    Url::parse(&text).expect("made of a port number and constants")
}

/// Everything that requests share.
struct House {
    holdings: Holdings,
    base_url: Url,
    door: SignIn,
    faults: Faults,
    requests: RequestLog,
}

/// Accepts connections until stopped, then waits for those that are open.
async fn serve(
    listener: TcpListener,
    tls: TlsAcceptor,
    house: Arc<House>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            // Also when `Running` is dropped.
            _ = stopped.changed() => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept(), if connections.len() < CONNECTIONS => match accepted {
                Ok((tcp, _)) => {
                    connections.spawn(attend(tcp, tls.clone(), house.clone(), stopped.clone()));
                }
                // Out of file handles, mostly: wait for some to be closed.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
        }
    }
    let all_ended = async { while connections.join_next().await.is_some() {} };
    // Dropping the set ends what has not ended by itself.
    let _ = timeout(GRACE, all_ended).await;
}

/// One connection from its handshake to its end.
async fn attend(tcp: TcpStream, tls: TlsAcceptor, house: Arc<House>, mut stopped: watch::Receiver<bool>) {
    // Small answers should not wait for more to come.
    let _ = tcp.set_nodelay(true);
    let Ok(Ok(stream)) = timeout(HANDSHAKE_TIME, tls.accept(tcp)).await else { return };
    let line = Line::default();
    let service = service_fn(|request| through(house.clone(), line.clone(), request));
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(IDLE_TIME);
    builder.http2().timer(TokioTimer::new());
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let mut stopping = false;
    loop {
        tokio::select! {
            _ = connection.as_mut() => break,
            () = line.was_cut() => break,
            _ = stopped.changed(), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// The way of a request: the log, the door, the faults, the answer, and the faults again.
async fn through(house: Arc<House>, line: Line, request: Request<Incoming>) -> Result<Reply, LineCut> {
    let path = request.uri().path();
    let below = path.strip_prefix(BASE_PATH).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let path = below.unwrap_or(path).to_owned();
    let here = below.is_some();
    let ticket = house.requests.open(&request, &path);
    if !house.door.admits(request.headers()) {
        house.requests.answered(ticket, StatusCode::UNAUTHORIZED);
        return Ok(sign_in_first());
    }
    let faults = house.faults.take(request.method(), &path);
    let reply = match instead(&faults).await {
        Some(reply) => reply,
        None if !here => Refusal::NotFound.reply(),
        None => {
            let (head, body) = request.into_parts();
            let ask = Ask::new(&head, &house.base_url, Damage::of(&faults));
            let answered = house.holdings.answer(&head, &path, body, &ask).await;
            answered.unwrap_or_else(|refusal| refusal.reply())
        }
    };
    if faults.contains(&FaultKind::LostAnswer) {
        line.cut();
        sleep(LOST).await;
        return Err(LineCut);
    }
    house.requests.answered(ticket, reply.status());
    Ok(reply.map(|body| impaired(body, &faults, line)))
}

/// Waits where a fault says so; the answer that a fault gives in the place of the right one.
async fn instead(faults: &[FaultKind]) -> Option<Reply> {
    for fault in faults {
        match fault {
            FaultKind::Delay(time) => sleep(*time).await,
            FaultKind::Status { code, retry_after_secs } => {
                return Some(faulty_status(*code, *retry_after_secs));
            }
            FaultKind::LoginPage => return Some(login_page()),
            _ => {}
        }
    }
    None
}
