//! What is shown at a centre's door, as one typed thing: nothing, a password, a token, the tokens of a browser
//! sign-in; and the certificate of this computer. None of it is ever printed, all of it is wiped when dropped.

use std::fmt;

use base64::Engine;
use http::HeaderValue;
use zeroize::Zeroizing;

use super::CentreError;
use super::certificate::ClientCertificate;
use super::oidc::Tokens;

/// User name and password for Basic sign-in (RFC 7617).
#[derive(Clone)]
pub struct Credentials {
    /// The user's name at the centre.
    pub user: String,
    /// The password, wiped from memory when dropped.
    pub password: Zeroizing<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// Everything that opens one centre's door.
#[derive(Clone, Default)]
pub struct Access {
    /// What a request carries.
    pub authorization: Authorization,
    /// What the connection shows.
    pub certificate: Option<ClientCertificate>,
}

/// What a request carries in its `Authorization` field.
#[derive(Clone, Default)]
pub enum Authorization {
    /// Nothing.
    #[default]
    Nothing,
    /// User name and password.
    Basic(Credentials),
    /// A token that was given out to be typed (RFC 6750).
    Bearer(Zeroizing<String>),
    /// Tokens of a sign-in in the browser: they change while requests run.
    Tokens(Tokens),
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Access(..)")
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authorization(..)")
    }
}

impl From<Authorization> for Access {
    fn from(authorization: Authorization) -> Self {
        Self { authorization, certificate: None }
    }
}

impl From<Option<Credentials>> for Access {
    fn from(credentials: Option<Credentials>) -> Self {
        credentials.map(Authorization::Basic).unwrap_or_default().into()
    }
}

/// What a client puts on its requests.
pub(super) enum Door {
    Nothing,
    Basic(Zeroizing<String>),
    Bearer(Zeroizing<String>),
    Tokens(Tokens),
}

/// What one request carries, and which of the changing tokens that is.
pub(super) struct Pass {
    pub(super) value: HeaderValue,
    pub(super) turn: u64,
}

impl Door {
    pub(super) fn new(authorization: Authorization) -> Result<Self, CentreError> {
        Ok(match authorization {
            Authorization::Nothing => Self::Nothing,
            Authorization::Basic(credentials) => Self::Basic(basic(&credentials)?),
            Authorization::Bearer(token) => Self::Bearer(bearer(&token)?),
            Authorization::Tokens(tokens) => Self::Tokens(tokens),
        })
    }

    /// What the next request carries. `refused` is the turn that the centre has just refused: then a newer one
    /// is fetched, or its absence told.
    pub(super) async fn pass(&self, refused: Option<u64>) -> Result<Option<Pass>, CentreError> {
        let (text, turn) = match self {
            Self::Nothing => return Ok(None),
            Self::Basic(text) | Self::Bearer(text) => (text.clone(), 0),
            Self::Tokens(tokens) => {
                let (token, turn) = tokens.current(refused).await?;
                (bearer(&token)?, turn)
            }
        };
        Ok(Some(Pass { value: sensitive(&text)?, turn }))
    }

    /// Whether a request that was refused may be let in with a newer token.
    pub(super) fn changes(&self) -> bool {
        matches!(self, Self::Tokens(_))
    }

    /// What a 401 means.
    pub(super) fn refused(&self, host: String) -> CentreError {
        match self {
            Self::Nothing => CentreError::SignInRequired { host },
            Self::Basic(_) => CentreError::WrongPassword { host },
            Self::Bearer(_) => CentreError::TokenRefused { host },
            Self::Tokens(_) => CentreError::SignInEnded { host },
        }
    }
}

fn basic(credentials: &Credentials) -> Result<Zeroizing<String>, CentreError> {
    if credentials.user.contains(|c: char| c == ':' || c.is_control()) {
        return Err(CentreError::BadUserName);
    }
    let pair = Zeroizing::new(format!("{}:{}", credentials.user, *credentials.password));
    let encoded = Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(pair.as_bytes()));
    Ok(Zeroizing::new(format!("Basic {}", *encoded)))
}

/// RFC 6750 2.1: a token is made of these and of nothing that could begin another field.
fn bearer(token: &str) -> Result<Zeroizing<String>, CentreError> {
    let bare = token.trim_end_matches('=');
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
    if bare.is_empty() || !bare.chars().all(allowed) {
        return Err(CentreError::BadToken);
    }
    Ok(Zeroizing::new(format!("Bearer {token}")))
}

fn sensitive(text: &str) -> Result<HeaderValue, CentreError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| CentreError::BadUserName)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(authorization: Authorization) -> Result<String, CentreError> {
        let door = Door::new(authorization)?;
        let pass = pollster::block_on(door.pass(None))?.unwrap();
        assert!(!format!("{:?}", pass.value).contains("s3cret"));
        Ok(pass.value.to_str().unwrap().to_owned())
    }

    fn credentials(user: &str) -> Authorization {
        let password = Zeroizing::new("s3cret-päss".to_owned());
        Authorization::Basic(Credentials { user: user.to_owned(), password })
    }

    #[test]
    fn passwords_and_tokens_are_written_as_others_write_them() {
        // RFC 7617 with UTF-8, as any other implementation encodes it.
        assert_eq!(shown(credentials("reader")).unwrap(), "Basic cmVhZGVyOnMzY3JldC1ww6Rzcw==");
        let token = |text: &str| Authorization::Bearer(Zeroizing::new(text.to_owned()));
        assert_eq!(shown(token("mF_9.B5f-4.1JqM==")).unwrap(), "Bearer mF_9.B5f-4.1JqM==");
        for bad in ["a:b", "a\nb"] {
            assert_eq!(shown(credentials(bad)).unwrap_err(), CentreError::BadUserName);
        }
        for bad in ["", "=", "two words", "a\r\nX-Y: z", "a=b", "トークン"] {
            assert_eq!(shown(token(bad)).unwrap_err(), CentreError::BadToken, "{bad:?}");
        }
    }

    #[test]
    fn nothing_of_it_is_printed() {
        let access = Access::from(credentials("s3cret"));
        assert!(!format!("{access:?} {:?}", access.authorization).contains("s3cret"));
    }
}
