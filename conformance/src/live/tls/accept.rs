//! A connection of a terminal, secured as a face has it; or what the terminal did instead.
//!
//! A terminal that completes the handshake with a face that is not the acquirer has believed it. It
//! has not sent anything yet: what it sends comes out of the stream, and only that breaks NET-07.
//! Time limits are the caller's.

use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use counterproof_sim::vocabulary::{Face, Vocabulary};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{AlertDescription, Error, ServerConfig};
use tokio_rustls::server::TlsStream;

use super::certificates::{Authority, MaterialError};
use super::old;
use super::prefix::Prefixed;

/// Everything the acquirer needs for TLS, in order and not.
pub struct Tls {
    ca: String,
    /// In the order of the vocabulary.
    configs: Vec<Arc<ServerConfig>>,
    good_chain: Vec<CertificateDer<'static>>,
}

/// A connection that data can come over.
#[derive(Debug)]
pub enum Accepted<S> {
    /// A handshake was completed: the terminal believes who it speaks to.
    Secured(Box<TlsStream<Prefixed<S>>>),
    /// The terminal speaks in clear, to a face that takes it: everything it sends, it sends in
    /// clear.
    Clear(Prefixed<S>),
}

/// What a terminal did instead of completing a handshake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It refused, and told why by an alert.
    #[error("the terminal refused: {0:?}")]
    Alert(AlertDescription),
    /// It ended the connection without a word, or never went on.
    #[error("the terminal ended the connection during the handshake")]
    Left,
    /// It went on with a version of TLS that is given up.
    #[error("the terminal went on with TLS 1.0")]
    WentOnWithOldVersion,
    /// It asked for TLS of a face that has none, and was sent away.
    #[error("the terminal asked for TLS where there is none")]
    SentAway,
    /// It spoke in clear where TLS is offered: these are its first bytes.
    #[error("the terminal spoke in clear")]
    SpokeInClear(Vec<u8>),
    /// Its handshake cannot be understood, or offers nothing that is known here.
    #[error("the terminal's handshake: {0}")]
    Handshake(String),
}

impl Refusal {
    /// Whether the terminal sent data of the application all the same.
    pub const fn sent_data(&self) -> bool {
        matches!(self, Self::SpokeInClear(_))
    }
}

impl Tls {
    /// Makes all keys and certificates, valid around `now`.
    ///
    /// # Errors
    /// [`MaterialError`] where the system has no randomness.
    pub fn new(now: SystemTime) -> Result<Self, MaterialError> {
        let authority = Authority::new(now)?;
        let config = |face: &Face| authority.identity(*face, now)?.config();
        Ok(Self {
            ca: authority.pem(),
            configs: Face::ALL.iter().map(config).collect::<Result<_, _>>()?,
            good_chain: authority.identity(Face::Good, now)?.chain,
        })
    }

    /// The authority that terminals are to trust, in PEM.
    pub fn ca(&self) -> &str {
        &self.ca
    }

    /// Meets a connection with this face.
    ///
    /// # Errors
    /// [`Refusal`]: what the terminal did instead.
    pub async fn accept<S>(&self, mut stream: S, face: Face) -> Result<Accepted<S>, Refusal>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut first = vec![0; FIRST_READ];
        let read = stream.read(&mut first).await.unwrap_or(0);
        first.truncate(read);
        let wants_tls = match first.first() {
            None => return Err(Refusal::Left),
            Some(&kind) => kind == old::HANDSHAKE,
        };
        if !wants_tls && face != Face::PlainText {
            return Err(Refusal::SpokeInClear(first));
        }
        let stream = Prefixed::new(first, stream);
        match face {
            Face::PlainText if wants_tls => Err(Refusal::SentAway),
            Face::PlainText => Ok(Accepted::Clear(stream)),
            Face::OldVersion => Err(old::meet(stream, &self.good_chain).await),
            _ => self.secure(stream, face).await,
        }
    }

    async fn secure<S>(&self, stream: Prefixed<S>, face: Face) -> Result<Accepted<S>, Refusal>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let config = Arc::clone(&self.configs[face as usize]);
        match TlsAcceptor::from(config).accept(stream).await {
            Ok(stream) => Ok(Accepted::Secured(Box::new(stream))),
            Err(error) => Err(why(&error)),
        }
    }
}

/// Read before it is known what it is; a `ClientHello` may well be longer.
const FIRST_READ: usize = 512;

fn why(error: &io::Error) -> Refusal {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(Error::AlertReceived(alert)) => Refusal::Alert(*alert),
        Some(other) => Refusal::Handshake(other.to_string()),
        None => Refusal::Left,
    }
}
