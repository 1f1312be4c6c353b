//! A host that knows only TLS 1.0: it answers a `ClientHello` with that version, whatever was
//! offered, and shows the certificate that is in order. A terminal that minds the version ends the
//! handshake there; one that does not reads on and is found out by what it says next. The handshake
//! goes no further: rustls does not speak so old a version, and nothing could be sent before its
//! end.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::rustls::AlertDescription;
use tokio_rustls::rustls::pki_types::CertificateDer;

use super::accept::Refusal;

/// The first byte of a record that carries a handshake, and so of every connection over TLS.
pub const HANDSHAKE: u8 = 22;
const ALERT: u8 = 21;
const TLS_1_0: [u8; 2] = [3, 1];
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
const CERTIFICATE: u8 = 11;
const SERVER_HELLO_DONE: u8 = 14;
/// Longer ones there are none.
const MOST_OF_HELLO: usize = 64 << 10;
/// The extension that current clients insist on, and the suite that stands for it.
const RENEGOTIATION: u16 = 0xff01;
const RENEGOTIATION_SUITE: u16 = 0x00ff;
/// The suites of that time.
const OLD_SUITES: [u16; 8] = [
    0xc009, 0xc00a, 0xc013, 0xc014, 0x0033, 0x0039, 0x002f, 0x0035,
];
/// Sent by clients that have gone on past the version: complaints about the certificate or about
/// what comes after it.
const PAST_THE_VERSION: [AlertDescription; 7] = [
    AlertDescription::UnexpectedMessage,
    AlertDescription::BadCertificate,
    AlertDescription::UnsupportedCertificate,
    AlertDescription::CertificateExpired,
    AlertDescription::CertificateUnknown,
    AlertDescription::UnknownCA,
    AlertDescription::DecryptError,
];

/// Answers with TLS 1.0 and says what the terminal did then.
pub(super) async fn meet<S>(mut stream: S, chain: &[CertificateDer<'_>]) -> Refusal
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let hello = match read_hello(&mut stream).await {
        Ok(Some(hello)) => hello,
        Ok(None) => return Refusal::Handshake("no ClientHello that can be read".to_owned()),
        Err(_) => return Refusal::Left,
    };
    // What cannot be written any more was refused, and the reason may still be there to be read.
    let _ = stream.write_all(&flight(&hello, chain)).await;
    match read_record(&mut stream).await {
        Ok((ALERT, said)) => match said.get(1).map(|&code| AlertDescription::from(code)) {
            Some(alert) if PAST_THE_VERSION.contains(&alert) => Refusal::WentOnWithOldVersion,
            Some(alert) => Refusal::Alert(alert),
            None => Refusal::Left,
        },
        Ok(_) => Refusal::WentOnWithOldVersion,
        Err(_) => Refusal::Left,
    }
}

/// What is needed of a `ClientHello`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hello {
    suites: Vec<u16>,
    renegotiation: bool,
}

async fn read_hello(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Hello>> {
    let mut message = Vec::new();
    while message.len() < MOST_OF_HELLO {
        let (kind, payload) = read_record(stream).await?;
        if kind != HANDSHAKE {
            break;
        }
        message.extend(payload);
        if let Some(body) = whole_message(&message, CLIENT_HELLO) {
            return Ok(parse_hello(body));
        }
    }
    Ok(None)
}

async fn read_record(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<(u8, Vec<u8>)> {
    let mut header = [0; 5];
    stream.read_exact(&mut header).await?;
    let [kind, _, _, high, low] = header;
    let mut payload = vec![0; usize::from(u16::from_be_bytes([high, low]))];
    stream.read_exact(&mut payload).await?;
    Ok((kind, payload))
}

/// The body of a message of the handshake, once all of it is there.
fn whole_message(bytes: &[u8], kind: u8) -> Option<&[u8]> {
    let (head, rest) = bytes.split_first_chunk::<4>()?;
    let len = u32::from_be_bytes([0, head[1], head[2], head[3]]) as usize;
    (head[0] == kind).then(|| rest.get(..len))?
}

fn parse_hello(body: &[u8]) -> Option<Hello> {
    // Version and random.
    let mut rest = body.get(34..)?;
    vector::<1>(&mut rest)?;
    let suites = pairs(vector::<2>(&mut rest)?);
    vector::<1>(&mut rest)?;
    let mut renegotiation = suites.contains(&RENEGOTIATION_SUITE);
    let mut extensions = vector::<2>(&mut rest).unwrap_or_default();
    while let Some((kind, more)) = extensions.split_first_chunk::<2>() {
        extensions = more;
        renegotiation |= u16::from_be_bytes(*kind) == RENEGOTIATION;
        vector::<2>(&mut extensions)?;
    }
    Some(Hello {
        suites,
        renegotiation,
    })
}

/// A vector behind its length of so many bytes.
fn vector<'a, const BYTES: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, more) = rest.split_first_chunk::<BYTES>()?;
    let len = len
        .iter()
        .fold(0, |len, &byte| len << 8 | usize::from(byte));
    let (vector, more) = more.split_at_checked(len)?;
    *rest = more;
    Some(vector)
}

fn pairs(bytes: &[u8]) -> Vec<u16> {
    let pairs = bytes.chunks_exact(2);
    pairs
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .collect()
}

/// Everything the host says before it is the client's turn, in one record.
fn flight(hello: &Hello, chain: &[CertificateDer<'_>]) -> Vec<u8> {
    let known = |suite: &&u16| OLD_SUITES.contains(suite);
    let suite = hello.suites.iter().find(known).unwrap_or(&OLD_SUITES[0]);
    let mut server_hello = TLS_1_0.to_vec();
    // A random number of a host that does not go on needs not be one. No session.
    server_hello.extend([0x10; 32]);
    server_hello.push(0);
    server_hello.extend(suite.to_be_bytes());
    server_hello.push(0);
    if hello.renegotiation {
        server_hello.extend([0, 5]);
        server_hello.extend(RENEGOTIATION.to_be_bytes());
        server_hello.extend([0, 1, 0]);
    }
    let certificates: Vec<u8> = chain.iter().flat_map(|der| counted(der)).collect();
    let messages = [
        message(SERVER_HELLO, &server_hello),
        message(CERTIFICATE, &counted(&certificates)),
        message(SERVER_HELLO_DONE, &[]),
    ]
    .concat();
    let mut record = vec![HANDSHAKE];
    record.extend(TLS_1_0);
    record.extend((messages.len() as u16).to_be_bytes());
    record.extend(messages);
    record
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut message = vec![kind];
    message.extend(counted(body));
    message
}

/// Behind their length in three bytes.
fn counted(bytes: &[u8]) -> Vec<u8> {
    let mut counted = (bytes.len() as u32).to_be_bytes()[1..].to_vec();
    counted.extend(bytes);
    counted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse_hello(&bytes);
            let _ = whole_message(&bytes, CLIENT_HELLO);
        }
    }
}
