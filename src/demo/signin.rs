//! Sign-in by HTTP Basic (RFC 7617), over TLS only.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::header::{AUTHORIZATION, HeaderMap};

use super::DemoError;

/// What `WWW-Authenticate` says with a 401.
pub(super) const CHALLENGE: &str = r#"Basic realm="Dokuei demo centre", charset="UTF-8""#;

/// Random bytes in a made-up password: 128 bits, out of reach of guessing.
const PASSWORD_BYTES: usize = 16;

/// Who may enter.
pub(super) struct SignIn {
    expected: Vec<u8>,
}

impl SignIn {
    /// One user with one password.
    pub(super) fn new(user: &str, password: &str) -> Self {
        Self { expected: format!("{user}:{password}").into_bytes() }
    }

    /// Whether the request carries that user and password.
    pub(super) fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(text) = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()) else {
            return false;
        };
        let Some((scheme, credentials)) = text.split_once(' ') else { return false };
        if !scheme.eq_ignore_ascii_case("basic") {
            return false;
        }
        STANDARD.decode(credentials.trim()).is_ok_and(|given| same(&given, &self.expected))
    }
}

/// Equality whose time does not tell how many leading bytes agree.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differences, (x, y)| differences | (x ^ y)) == 0
}

/// A password for one run.
///
/// # Errors
/// [`DemoError::NoRandomness`] when the system gives no random bytes.
pub(super) fn random_password() -> Result<String, DemoError> {
    let mut bytes = [0; PASSWORD_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| DemoError::NoRandomness)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_user_with_the_right_password_enters() {
        let door = SignIn::new("reader", "s3cret:with colon");
        let admits = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, value.parse().unwrap());
            door.admits(&headers)
        };
        let right = STANDARD.encode("reader:s3cret:with colon");
        assert!(admits(&format!("Basic {right}")));
        assert!(admits(&format!("basic {right}")));
        for wrong in ["reader:s3cret", "reader:", "", "Reader:s3cret:with colon", "reader:s3cret:with colon "]
        {
            assert!(!admits(&format!("Basic {}", STANDARD.encode(wrong))), "{wrong:?}");
        }
        for broken in ["Basic", "Basic ", "Basic !!!", "Bearer abc", &format!("Bearer {right}")] {
            assert!(!admits(broken), "{broken:?}");
        }
        assert!(!door.admits(&HeaderMap::new()));
    }
}
