//! The authority and the certificates of every face, made afresh when the suite starts: nothing is
//! installed, nothing expires in a drawer, and no key outlives the run.

use std::sync::Arc;
use std::time::SystemTime;

use counterproof_sim::vocabulary::Face;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use time::{Duration, OffsetDateTime};
use tokio_rustls::rustls;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// The name of the acquirer in its certificates: what a terminal is told to expect.
pub const SERVER_NAME: &str = "acquirer.test";
/// The name in the certificate that is for somebody else.
const OTHER_NAME: &str = "another-acquirer.test";

/// Certificates or keys could not be made.
#[derive(Debug, thiserror::Error)]
#[error("certificates: {0}")]
#[non_exhaustive]
pub enum MaterialError {
    /// By `rcgen`.
    Make(#[from] rcgen::Error),
    /// By rustls, which is to use them.
    Use(#[from] rustls::Error),
}

/// An authority, which certificates are signed with.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// From when and until when a certificate is valid, in days from now.
#[derive(Clone, Copy)]
struct Valid(i64, i64);

impl Valid {
    // A terminal may look at its own clock, which the suite has set to a day of its own, or at the
    // machine's: years are far enough from both.
    const NOW: Self = Self(-1_825, 1_825);
    const PAST: Self = Self(-3_650, -1_825);
    const FUTURE: Self = Self(1_825, 3_650);
    /// Longer than any certificate below it.
    const AUTHORITY: Self = Self(-7_300, 7_300);
}

impl Authority {
    /// All authorities have the same name: a terminal that looks only at that takes one for the
    /// other.
    pub fn new(now: SystemTime) -> Result<Self, MaterialError> {
        let mut params = named("counterproof test authority", now, Valid::AUTHORITY);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        Ok(Self(issuer))
    }

    /// Its own certificate, as terminals are given it.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// The chain and the key that a face shows.
    pub fn identity(&self, face: Face, now: SystemTime) -> Result<Identity, MaterialError> {
        let key = KeyPair::generate()?;
        let chain = match face {
            Face::Good | Face::OldVersion | Face::PlainText => {
                vec![self.sign(&host(SERVER_NAME, now, Valid::NOW)?, &key)?]
            }
            Face::WrongName => vec![self.sign(&host(OTHER_NAME, now, Valid::NOW)?, &key)?],
            Face::Expired => vec![self.sign(&host(SERVER_NAME, now, Valid::PAST)?, &key)?],
            Face::NotYetValid => vec![self.sign(&host(SERVER_NAME, now, Valid::FUTURE)?, &key)?],
            Face::Untrusted => {
                // With its authority, which a terminal must not believe because it came along.
                let other = Self::new(now)?;
                let leaf = other.sign(&host(SERVER_NAME, now, Valid::NOW)?, &key)?;
                vec![leaf, other.0.der().clone()]
            }
            Face::SelfSigned => {
                let own = host(SERVER_NAME, now, Valid::NOW)?.self_signed(&key)?;
                vec![own.der().clone()]
            }
        };
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        Ok(Identity { chain, key })
    }

    fn sign(
        &self,
        params: &CertificateParams,
        key: &KeyPair,
    ) -> Result<CertificateDer<'static>, MaterialError> {
        Ok(params.signed_by(key, &self.0)?.der().clone())
    }
}

/// What a host shows of itself, and how it proves that.
pub(super) struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

impl Identity {
    /// TLS 1.2 and 1.3 with this identity.
    pub fn config(self) -> Result<Arc<ServerConfig>, MaterialError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(self.chain, self.key)?;
        Ok(Arc::new(config))
    }
}

/// The certificate of a host.
fn host(name: &str, now: SystemTime, valid: Valid) -> Result<CertificateParams, MaterialError> {
    let mut params = named(name, now, valid);
    params.subject_alt_names = CertificateParams::new([name.to_owned()])?.subject_alt_names;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

fn named(name: &str, now: SystemTime, Valid(from, until): Valid) -> CertificateParams {
    let now = OffsetDateTime::from(now);
    let mut params = CertificateParams::default();
    params.not_before = now + Duration::days(from);
    params.not_after = now + Duration::days(until);
    params.distinguished_name.push(DnType::CommonName, name);
    params
}
