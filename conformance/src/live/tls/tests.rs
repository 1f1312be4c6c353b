//! Every face met by a careful client (rustls), by a careless one (rustls, believing anything), and
//! by OpenSSL as Python has it.

use std::io;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use counterproof_sim::vocabulary::{Face, Vocabulary};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    self, AlertDescription, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};

use super::*;

/// What a face saw of a client that sends `PAYMENT` where it can.
#[derive(Debug, PartialEq)]
enum Seen {
    Data { secured: bool },
    Nothing(Refusal),
}

const PAYMENT: &[u8] = b"\x00\x02\x60\x00";

fn runtime() -> Runtime {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime")
}

fn tls() -> Tls {
    Tls::new(SystemTime::now()).expect("certificates")
}

async fn watch<S>(tls: &Tls, stream: S, face: Face) -> Seen
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let mut data = [0; PAYMENT.len()];
    let (read, secured) = match tls.accept(stream, face).await {
        Ok(Accepted::Secured(mut stream)) => (stream.read_exact(&mut data).await, true),
        Ok(Accepted::Clear(mut stream)) => (stream.read_exact(&mut data).await, false),
        Err(refusal) => return Seen::Nothing(refusal),
    };
    assert_eq!((read.ok(), data.as_slice()), (Some(PAYMENT.len()), PAYMENT));
    Seen::Data { secured }
}

/// A client that connects over TLS and sends at once.
fn met_by(config: ClientConfig, tls: &Tls, face: Face) -> Seen {
    runtime().block_on(async {
        let (near, far) = duplex(1 << 16);
        let name = ServerName::try_from(SERVER_NAME).expect("a name");
        let client = async move {
            let connector = TlsConnector::from(Arc::new(config));
            let mut stream = connector.connect(name, near).await?;
            stream.write_all(PAYMENT).await?;
            stream.flush().await?;
            // Until the other end has seen it.
            stream.read_u8().await
        };
        let (seen, _) = tokio::join!(watch(tls, far, face), client);
        seen
    })
}

fn careful(tls: &Tls) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let ca = CertificateDer::from_pem_slice(tls.ca().as_bytes()).expect("PEM");
    roots.add(ca).expect("an authority");
    builder()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

fn careless() -> ClientConfig {
    builder()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Believer))
        .with_no_client_auth()
}

fn builder() -> rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
}

/// Believes every certificate.
#[derive(Debug)]
struct Believer;

impl ServerCertVerifier for Believer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

#[test]
fn a_careful_client_sends_only_to_the_acquirer() {
    use AlertDescription::{
        BadCertificate, CertificateExpired, DecryptError, ProtocolVersion, UnknownCA,
    };
    let tls = tls();
    let nothing = |alert| Seen::Nothing(Refusal::Alert(alert));
    let expected = [
        (Face::Good, Seen::Data { secured: true }),
        (Face::WrongName, nothing(BadCertificate)),
        (Face::Expired, nothing(CertificateExpired)),
        (Face::NotYetValid, nothing(CertificateExpired)),
        // The authority has the right name and the wrong key.
        (Face::Untrusted, nothing(DecryptError)),
        (Face::SelfSigned, nothing(UnknownCA)),
        (Face::OldVersion, nothing(ProtocolVersion)),
        (Face::PlainText, Seen::Nothing(Refusal::SentAway)),
    ];
    assert_eq!(expected.len(), Face::ALL.len());
    for (face, expected) in expected {
        assert_eq!(met_by(careful(&tls), &tls, face), expected, "{face}");
    }
}

#[test]
fn a_careless_client_is_heard_through_every_wrong_certificate() {
    let tls = tls();
    for face in [
        Face::WrongName,
        Face::Expired,
        Face::NotYetValid,
        Face::Untrusted,
        Face::SelfSigned,
    ] {
        let seen = met_by(careless(), &tls, face);
        assert_eq!(seen, Seen::Data { secured: true }, "{face}");
    }
}

#[test]
fn who_speaks_in_clear_is_noticed_at_every_face() {
    let tls = tls();
    runtime().block_on(async {
        for face in Face::ALL {
            let (mut near, far) = duplex(64);
            near.write_all(PAYMENT).await.expect("room");
            let seen = watch(&tls, far, *face).await;
            let refused = Refusal::SpokeInClear(PAYMENT.to_vec());
            assert!(refused.sent_data());
            match face {
                Face::PlainText => assert_eq!(seen, Seen::Data { secured: false }),
                _ => assert_eq!(seen, Seen::Nothing(refused), "{face}"),
            }
        }
    });
}

#[test]
fn who_leaves_without_a_word_has_sent_nothing() {
    let tls = tls();
    runtime().block_on(async {
        for face in Face::ALL {
            for said in [&[][..], &[old::HANDSHAKE, 3, 1]] {
                let (mut near, far) = duplex(64);
                near.write_all(said).await.expect("room");
                drop(near);
                let seen = watch(&tls, far, *face).await;
                let sent_away = *face == Face::PlainText && !said.is_empty();
                let left = if sent_away {
                    Refusal::SentAway
                } else {
                    Refusal::Left
                };
                assert!(!left.sent_data());
                assert_eq!(seen, Seen::Nothing(left), "{face}");
            }
        }
    });
}

/// Connects with Python's OpenSSL and sends; `context` are lines that make a context `c` of `ca`.
fn met_by_openssl(tls: &Tls, face: Face, context: &str) -> io::Result<Seen> {
    let dir = tempfile::tempdir()?;
    let ca = dir.path().join("ca.pem");
    std::fs::write(&ca, tls.ca())?;
    let program = format!(
        "import socket, ssl, sys\n\
         {context}\n\
         s = socket.create_connection(('127.0.0.1', int(sys.argv[2])))\n\
         s = c.wrap_socket(s, server_hostname='{SERVER_NAME}')\n\
         s.sendall(bytes.fromhex('00026000'))\n\
         s.recv(1)\n"
    );
    runtime().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port().to_string();
        let mut child = Command::new("python3")
            .args(["-W", "ignore", "-c", &program])
            .arg(&ca)
            .arg(port)
            .stderr(std::process::Stdio::null())
            .spawn()?;
        let limit = Duration::from_secs(30);
        let (stream, _) = tokio::time::timeout(limit, listener.accept()).await??;
        let seen = tokio::time::timeout(limit, watch(tls, stream, face)).await?;
        child.wait()?;
        Ok(seen)
    })
}

const CAREFUL: &str = "c = ssl.create_default_context(cafile=sys.argv[1])";
const BELIEVING: &str = "c = ssl._create_unverified_context()";
const OLD: &str = "c = ssl._create_unverified_context()\n\
                   c.minimum_version = ssl.TLSVersion.TLSv1\n\
                   c.set_ciphers('ALL:@SECLEVEL=0')";

fn has_python() -> bool {
    let tried = Command::new("python3").args(["-c", "import ssl"]).status();
    tried.is_ok_and(|status| status.success())
}

#[test]
fn openssl_sees_every_face_as_rustls_does() {
    if !has_python() {
        return;
    }
    let tls = tls();
    for face in Face::ALL {
        let seen = met_by_openssl(&tls, *face, CAREFUL).expect("Python");
        let data = matches!(seen, Seen::Data { .. });
        assert_eq!(data, *face == Face::Good, "{face}: {seen:?}");
        if let Seen::Nothing(refusal) = seen {
            assert!(!refusal.sent_data(), "{face}: {refusal}");
            assert_ne!(refusal, Refusal::WentOnWithOldVersion);
        }
        let certificates = !matches!(face, Face::OldVersion | Face::PlainText);
        if certificates {
            let seen = met_by_openssl(&tls, *face, BELIEVING).expect("Python");
            assert_eq!(seen, Seen::Data { secured: true }, "{face}");
        }
    }
}

#[test]
fn openssl_that_goes_on_with_an_old_version_is_found_out() {
    if !has_python() {
        return;
    }
    let seen = met_by_openssl(&tls(), Face::OldVersion, OLD).expect("Python");
    assert_eq!(seen, Seen::Nothing(Refusal::WentOnWithOldVersion));
}
