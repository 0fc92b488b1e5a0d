//! Why talking to a centre failed, by whose fault it was.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Which of the centre's services was spoken to (PS3.18 sections 10 and 11). The names are the same in every
/// language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Search.
    Qido,
    /// Retrieve.
    Wado,
    /// Store.
    Stow,
    /// Worklist.
    Ups,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Qido => "QIDO-RS",
            Self::Wado => "WADO-RS",
            Self::Stow => "STOW-RS",
            Self::Ups => "UPS-RS",
        })
    }
}

/// Why an exchange with a centre failed. `host` is the centre's host, with its port where it is not the
/// usual one. No patient data, no address with a query and nothing of the centre's own text in any field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CentreError {
    /// The line: no connection came about, so the centre has not seen the request.
    #[error("{host} cannot be reached: {why:?}")]
    Unreachable {
        /// The centre.
        host: String,
        /// Where it ended.
        why: UnreachableBecause,
    },
    /// The line: the connection broke during the exchange. Whether the centre acted on the request is unknown.
    #[error("connection to {host} broke after {received} bytes of the answer")]
    CutOff {
        /// The centre.
        host: String,
        /// Bytes of the answer's body that had come.
        received: u64,
    },
    /// The line: nothing, or next to nothing, moved for `secs` seconds. Whether the centre acted is unknown.
    #[error("nothing from {host} for {secs} s, after {received} bytes of the answer")]
    Stalled {
        /// The centre.
        host: String,
        /// Bytes of the answer's body that had come.
        received: u64,
        /// How long was waited, in seconds.
        secs: u64,
    },
    /// The centre, or somebody between: its certificate is not to be trusted. Nothing was sent.
    #[error("certificate of {host} is not trusted: {why:?}")]
    UntrustedCertificate {
        /// The centre.
        host: String,
        /// What is wrong with it.
        why: CertificateFault,
    },
    /// No common TLS version or cipher suite, or no TLS at all behind this port.
    #[error("no TLS connection with {host} could be agreed on")]
    TlsFailed {
        /// The centre.
        host: String,
    },
    /// The address is plain HTTP beyond this computer (PS3.15 B.12). Nothing was sent.
    #[error("{host} is not addressed by https")]
    NotEncrypted {
        /// The centre.
        host: String,
    },
    /// The sign-in: 401 to the credentials given.
    #[error("{host} does not accept the user name or the password")]
    WrongPassword {
        /// The centre.
        host: String,
    },
    /// The sign-in: 401, and no credentials were given.
    #[error("{host} wants a sign-in")]
    SignInRequired {
        /// The centre.
        host: String,
    },
    /// The sign-in: 401 to an access token that was typed.
    #[error("{host} does not accept the access token")]
    TokenRefused {
        /// The centre.
        host: String,
    },
    /// The sign-in in the browser is over: the centre refuses its token and no newer one is to be had. Somebody
    /// must sign in again.
    #[error("the sign-in at {host} has ended")]
    SignInEnded {
        /// The centre, or the identity provider.
        host: String,
    },
    /// The sign-in: 401 to a request that cannot be repeated here; a newer token is at hand by now.
    #[error("{host} wanted a newer token; it is here now")]
    SignInRenewed {
        /// The centre.
        host: String,
    },
    /// A sign-in in the browser did not come about.
    #[error("sign-in at {host} failed: {why:?}")]
    SignInFailed {
        /// The identity provider.
        host: String,
        /// Why.
        why: SignInFault,
    },
    /// The centre wants a certificate of this computer, and none was shown.
    #[error("{host} wants a client certificate")]
    CertificateRequired {
        /// The centre.
        host: String,
    },
    /// The centre does not accept the certificate of this computer.
    #[error("{host} refuses the client certificate")]
    CertificateRefused {
        /// The centre.
        host: String,
    },
    /// The sign-in: 403, the user may not do this.
    #[error("{host} forbids this user {service}")]
    Forbidden {
        /// The centre.
        host: String,
        /// What was asked.
        service: Service,
    },
    /// The centre does not have it, or does not have the service: 404, 405, 410, 501.
    #[error("{host} does not have what {service} asked for")]
    NotFound {
        /// The centre.
        host: String,
        /// What was asked.
        service: Service,
    },
    /// The centre has too much to do: 408, 425, 429, 503.
    #[error("{host} is busy, try after {retry_after:?}")]
    Busy {
        /// The centre.
        host: String,
        /// How long the centre asks to wait; see [`super::retry::delay`] for how far that is believed.
        retry_after: Option<Duration>,
    },
    /// The centre failed: another 5xx.
    #[error("{host} failed with status {status}")]
    ServerFault {
        /// The centre.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The centre does not accept the request: another 4xx.
    #[error("{host} refused the {service} request with status {status}")]
    RequestRefused {
        /// The centre.
        host: String,
        /// What was asked.
        service: Service,
        /// The HTTP status.
        status: u16,
    },
    /// The centre, or somebody between, sends us elsewhere; nobody went.
    #[error("{host} redirects to {to}")]
    Redirected {
        /// The centre.
        host: String,
        /// The host it points to, or empty.
        to: String,
    },
    /// Success, but not what DICOMweb answers: a login page, a captive portal, another service.
    #[error("{host} answered {service} with {got}")]
    NotDicomWeb {
        /// The centre.
        host: String,
        /// What was asked.
        service: Service,
        /// The media type that came, harmless characters only, or empty.
        got: String,
    },
    /// The centre ended its answer before it was complete.
    #[error("answer of {host} ends early, after {complete} complete parts")]
    Truncated {
        /// The centre.
        host: String,
        /// How many parts of it were complete and have been handed over.
        complete: usize,
    },
    /// The centre's answer breaks a rule of HTTP, MIME or PS3.18.
    #[error("answer of {host} is malformed: {what}")]
    Malformed {
        /// The centre.
        host: String,
        /// Which rule, a fixed English phrase.
        what: &'static str,
    },
    /// The centre's answer is larger than anything expected here.
    #[error("answer of {host} is larger than {limit} bytes")]
    TooLarge {
        /// The centre.
        host: String,
        /// The most that is taken, in bytes.
        limit: u64,
    },
    /// A link in the centre's data points to another origin; it was not opened.
    #[error("{host} links to {target}, which is another origin")]
    ForeignOrigin {
        /// The centre.
        host: String,
        /// The host it points to, or empty.
        target: String,
    },
    /// This computer: the file with the centre's certificates cannot be used.
    #[error("{path} holds no usable certificates", path = path.display())]
    BadCa {
        /// The file named in the profile.
        path: PathBuf,
    },
    /// This computer: the file with the withdrawn certificates cannot be used.
    #[error("{path} holds no usable revocation list", path = path.display())]
    BadCrl {
        /// The file named in the profile.
        path: PathBuf,
    },
    /// This computer: the file with its own certificate cannot be used.
    #[error("{path} holds no usable certificate with its key", path = path.display())]
    BadClientCertificate {
        /// The file named in the profile.
        path: PathBuf,
    },
    /// This computer: the file with its own certificate opens with a password.
    #[error("{path} is locked", path = path.display())]
    CertificateLocked {
        /// The file named in the profile.
        path: PathBuf,
        /// A password was given and is not the right one.
        wrong: bool,
    },
    /// This computer: key and certificate do not belong together, or are of a kind that TLS cannot use.
    #[error("the client certificate cannot be used")]
    UnusableClientCertificate,
    /// This computer: what was typed is no access token (RFC 6750 2.1).
    #[error("not an access token")]
    BadToken,
    /// This computer: the user name cannot be sent (a colon or a control character in it, RFC 7617).
    #[error("user name cannot be used for Basic sign-in")]
    BadUserName,
    /// This computer: the system's certificate store cannot be used.
    #[error("the system's certificates cannot be used")]
    NoSystemCertificates,
}

/// Why no connection came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnreachableBecause {
    /// The host's name has no address, or names cannot be looked up.
    Dns,
    /// Nothing listens there.
    Refused,
    /// No answer in time.
    Timeout,
    /// Anything else between here and there.
    Network,
}

/// What is wrong with a certificate (RFC 5280, RFC 9525).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CertificateFault {
    /// Nobody we trust has signed it.
    UnknownIssuer,
    /// Its time is over.
    Expired,
    /// Its time has not come; often a wrong clock.
    NotYetValid,
    /// It belongs to another host.
    WrongName,
    /// Its issuer has withdrawn it.
    Revoked,
    /// It is an authority's certificate and may not identify a server; many self-signed ones are made so.
    CaAsServer,
    /// A signature does not fit: its issuer has another key by now, or a key is too short to be used.
    BadSignature,
    /// It is not made for a server.
    WrongPurpose,
    /// It is signed in a way that is no longer safe, as with SHA-1.
    Weak,
    /// Its issuer may not speak for this host.
    NotAllowed,
    /// The revocation list does not tell of it, or is out of date.
    RevocationUnknown,
    /// Anything else: encoding, version.
    Other,
}

/// Why a sign-in in the browser did not come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignInFault {
    /// The identity provider said no: the reader may not, or broke it off.
    Denied,
    /// What came back does not belong to this sign-in.
    NotOurs,
    /// What the provider says of the reader cannot be believed.
    Identity {
        /// Which check failed, a fixed English phrase.
        what: &'static str,
    },
    /// The provider does not say what it must, or offers no safe way in.
    Provider {
        /// What is wrong, a fixed English phrase.
        what: &'static str,
    },
    /// Nothing came back from the browser in time.
    NoAnswer,
    /// This computer gives no port on loopback.
    NoPort,
}

impl CentreError {
    /// Whether the same request may succeed a little later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::CutOff { .. }
            | Self::Stalled { .. }
            | Self::Busy { .. }
            | Self::SignInRenewed { .. }
            | Self::Truncated { .. } => true,
            Self::ServerFault { status, .. } => matches!(status, 500 | 502 | 504),
            _ => false,
        }
    }

    /// Whether a STOW-RS request that ended so may have stored something all the same: ask the centre before
    /// sending again, and never tell the reader that it was not sent.
    pub fn may_have_stored(&self) -> bool {
        matches!(
            self,
            Self::CutOff { .. }
                | Self::Stalled { .. }
                | Self::ServerFault { .. }
                | Self::Busy { .. }
                | Self::NotDicomWeb { .. }
                | Self::Truncated { .. }
                | Self::Malformed { .. }
                | Self::TooLarge { .. }
        )
    }

    /// How long the centre asked to wait, if it did.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
