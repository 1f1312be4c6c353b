//! Who may use the API: with a token, whoever has it; without one, programs of this machine and no page
//! of a browser.

use axum::http::{HeaderMap, header};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// The rule in force.
#[derive(Clone)]
pub struct Guard {
    /// Digest of the token, if there is one.
    token: Option<[u8; 32]>,
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// The token is missing or wrong.
    Token,
    /// The name by which the service was called is none of this machine: a page may be behind it.
    Host,
    /// A page of a browser asks.
    Origin,
}

impl Guard {
    /// A guard that asks for this token, if there is one.
    pub fn new(token: Option<&str>) -> Self {
        Self {
            token: token.map(|token| Sha256::digest(token.as_bytes()).into()),
        }
    }

    /// Whether a request with these headers may pass.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, headers: &HeaderMap) -> Result<(), Barred> {
        if headers.contains_key(header::ORIGIN) {
            return Err(Barred::Origin);
        }
        let Some(token) = &self.token else {
            let host = headers.get(header::HOST);
            let host = host.and_then(|host| host.to_str().ok());
            return match host {
                Some(host) if is_loopback(host) => Ok(()),
                _ => Err(Barred::Host),
            };
        };
        let given = headers.get(header::AUTHORIZATION);
        let given = given.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        // Digests are of one length and say nothing of how much of a guess is right.
        let digest = given.map(|given| Sha256::digest(given.trim().as_bytes()));
        let right = digest.is_some_and(|digest| digest.ct_eq(token).into());
        right.then_some(()).ok_or(Barred::Token)
    }
}

/// Whether a Host header names this machine itself.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || bare
            .parse()
            .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().cloned();
        pairs
            .map(|(name, value)| (name, HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn without_a_token_only_names_of_this_machine_pass_and_no_page() {
        let guard = Guard::new(None);
        for host in [
            "localhost",
            "LOCALHOST:8080",
            "127.0.0.1:1",
            "[::1]:80",
            "127.1.2.3",
        ] {
            assert_eq!(
                guard.check(&headers(&[(header::HOST, host)])),
                Ok(()),
                "{host}"
            );
        }
        for host in [
            "evil.example",
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "10.0.0.1",
            "localhost.evil:1",
            "",
        ] {
            assert_eq!(
                guard.check(&headers(&[(header::HOST, host)])),
                Err(Barred::Host),
                "{host}"
            );
        }
        assert_eq!(guard.check(&HeaderMap::new()), Err(Barred::Host));
        let page = headers(&[
            (header::HOST, "localhost"),
            (header::ORIGIN, "http://localhost"),
        ]);
        assert_eq!(guard.check(&page), Err(Barred::Origin));
    }

    #[test]
    fn with_a_token_whoever_has_it_passes() {
        let guard = Guard::new(Some("secret"));
        let with = |value| {
            headers(&[
                (header::AUTHORIZATION, value),
                (header::HOST, "bench.example"),
            ])
        };
        assert_eq!(guard.check(&with("Bearer secret")), Ok(()));
        for wrong in [
            "Bearer secre",
            "Bearer secrets",
            "secret",
            "Basic secret",
            "",
        ] {
            assert_eq!(guard.check(&with(wrong)), Err(Barred::Token), "{wrong}");
        }
        assert_eq!(
            guard.check(&headers(&[(header::HOST, "localhost")])),
            Err(Barred::Token)
        );
    }
}
