//! Syslog over TLS: a connection for each batch, closed in order so that its end proves something.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::trust::{self, BATCH, CONNECT};
use super::{AuditError, Delivered, Message, frame};
use crate::site::AuditTarget;

/// The port of syslog over TLS (RFC 5425 4.1).
const PORT: u16 = 6514;

/// How long a reset may be on its way after the connection's end.
const RESET: Duration = Duration::from_millis(500);

/// The way to a syslog receiver.
pub struct SyslogWay {
    host: String,
    name: ServerName<'static>,
    address: (String, u16),
    connector: TlsConnector,
}

impl fmt::Debug for SyslogWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyslogWay").field("host", &self.host).finish_non_exhaustive()
    }
}

impl SyslogWay {
    pub(super) fn new(text: &str, target: &AuditTarget) -> Result<Self, AuditError> {
        let bad = || AuditError::BadAddress { address: text.to_owned() };
        let address = address(text).ok_or_else(bad)?;
        let name = ServerName::try_from(address.0.clone()).map_err(|_| bad())?;
        let connector = TlsConnector::from(Arc::new(trust::config(target)?));
        Ok(Self { host: text.to_owned(), name, address, connector })
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// All of the batch is proven, or nothing of it.
    pub(super) async fn deliver(&self, batch: &[Message]) -> Delivered {
        match self.session(batch).await {
            Ok(()) => Delivered { proven: batch.len(), trouble: None },
            Err(trouble) => Delivered { proven: 0, trouble: Some(trouble) },
        }
    }

    async fn session(&self, batch: &[Message]) -> Result<(), AuditError> {
        let cut_off = || AuditError::CutOff { host: self.host.clone() };
        let mut line = timeout(CONNECT, self.connect()).await.map_err(|_| self.unreachable())??;
        let sent = timeout(BATCH, send(&mut line, batch)).await.map_err(|_| cut_off())?;
        sent.map_err(|error| self.of_io(&error).unwrap_or_else(cut_off))
    }

    async fn connect(&self) -> Result<TlsStream<TcpStream>, AuditError> {
        let (host, port) = &self.address;
        let line = TcpStream::connect((host.as_str(), *port)).await.map_err(|_| self.unreachable())?;
        let secured = self.connector.connect(self.name.clone(), line).await;
        secured.map_err(|error| self.of_io(&error).unwrap_or_else(|| self.unreachable()))
    }

    fn unreachable(&self) -> AuditError {
        AuditError::Unreachable { host: self.host.clone() }
    }

    /// TLS's own refusals, theirs or ours. With TLS 1.3 theirs come after the handshake.
    fn of_io(&self, error: &io::Error) -> Option<AuditError> {
        let inner = error.get_ref()?.downcast_ref::<rustls::Error>()?;
        let untrusted =
            matches!(inner, rustls::Error::InvalidCertificate(_) | rustls::Error::AlertReceived(_));
        untrusted.then(|| AuditError::Untrusted { host: self.host.clone() })
    }
}

/// Writes every frame, says that this was all (close_notify), and waits until the receiver has closed too.
async fn send(line: &mut TlsStream<TcpStream>, batch: &[Message]) -> io::Result<()> {
    for message in batch {
        line.write_all(&frame(message)).await?;
    }
    line.flush().await?;
    line.shutdown().await?;
    // A receiver has nothing to say; what it says all the same is read past, a little of it.
    let mut said = [0; 1024];
    for _ in 0..16 {
        match line.read(&mut said).await {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            // The connection's end without close_notify: rsyslog's way of closing after ours.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return closed_after_us(line).await,
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::InvalidData.into())
}

/// A receiver that had closed before it read everything (it may refuse our certificate only after TLS 1.3's
/// handshake) answers what came later with a reset: it is waited for.
async fn closed_after_us(line: &TlsStream<TcpStream>) -> io::Result<()> {
    tokio::time::sleep(RESET).await;
    line.get_ref().0.take_error()?.map_or(Ok(()), Err)
}

/// Host and port: `logs.example`, `logs.example:6514`, `[::1]:6514`.
fn address(text: &str) -> Option<(String, u16)> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
        _ => (text, PORT),
    };
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    (!bare.is_empty()).then(|| (bare.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_perhaps_a_port() {
        let good = |host: &str, port| Some((host.to_owned(), port));
        assert_eq!(address("logs.example"), good("logs.example", 6514));
        assert_eq!(address("logs.example:10514"), good("logs.example", 10514));
        assert_eq!(address("[::1]:10514"), good("::1", 10514));
        assert_eq!(address("[::1]"), good("::1", 6514));
        for bad in ["", ":6514", "logs.example:", "logs.example:port", "logs.example:70000"] {
            assert_eq!(address(bad), None, "{bad}");
        }
    }
}
