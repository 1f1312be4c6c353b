//! One connection of the terminal: bytes in, bytes out, on tokio. What it reads waits in the system until
//! the link has made the connection, however early the terminal wrote it.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use counterproof_sim::vocabulary::Face;
use futures::{SinkExt as _, StreamExt as _};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;
use tokio_util::bytes::Bytes;
use tokio_util::codec::Framed;

use super::inbox::{Input, Stamped};
use super::pieces::Pieces;
use super::stream::Stream;
use crate::live::tls::{Refusal, Tls};

/// How long a handshake may take by the wall clock: who never goes on with it must not hold a socket
/// of the machine for ever.
const HANDSHAKE: Duration = Duration::from_secs(30);

/// What is to be done with a connection.
#[derive(Debug)]
pub enum Order {
    /// It stands: read what the terminal sends.
    Read,
    /// Write bytes to the terminal.
    Write(Vec<u8>),
    /// The acquirer has closed its end.
    Finish,
    /// Tear it.
    Reset,
}

/// Where one connection tells what comes.
pub(super) struct Teller {
    pub number: u64,
    pub post: Sender<Stamped>,
}

impl Teller {
    fn tell(&self, what: Input) {
        let at = Instant::now();
        // Nobody listens any more when the run is over.
        let _ = self.post.send(Stamped { at, what });
    }
}

/// Who is met on a link that is secured.
#[derive(Clone)]
pub(super) struct Meets {
    pub tls: Arc<Tls>,
    pub face: Face,
}

impl fmt::Debug for Meets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meets")
            .field("face", &self.face)
            .finish_non_exhaustive()
    }
}

/// Serves a connection over the link of this place until one of its ends has had enough.
pub(super) async fn serve(socket: TcpStream, link: usize, meets: Option<Meets>, teller: Teller) {
    let (orders, mut ordered) = unbounded_channel();
    let number = teller.number;
    let opened = Input::Opened {
        number,
        link,
        orders,
    };
    let stream = match &meets {
        None => Stream::Plain(socket),
        Some(Meets { tls, face }) => match timeout(HANDSHAKE, tls.accept(socket, *face))
            .await
            .unwrap_or(Err(Refusal::Left))
        {
            Ok(met) => Stream::Met(met),
            Err(refusal) => {
                teller.tell(opened);
                if let Refusal::SpokeInClear(bytes) = refusal {
                    teller.tell(Input::Data { number, bytes });
                }
                teller.tell(Input::Ended { number });
                return;
            }
        },
    };
    teller.tell(opened);
    let mut framed = Framed::new(stream, Pieces::default());
    // Whoever is not the acquirer hears what the terminal says at once.
    let is_stranger = meets.is_some_and(|meets| meets.face != Face::Good);
    if !is_stranger && !stands(&mut framed, &mut ordered, &teller).await {
        return;
    }
    loop {
        tokio::select! {
            order = ordered.recv() => match order {
                Some(order) => if !obey(&mut framed, order).await { return },
                None => return,
            },
            read = framed.next() => if let Some(Ok(bytes)) = read {
                teller.tell(Input::Data { number, bytes: bytes.to_vec() });
            } else {
                teller.tell(Input::Ended { number });
                // What the acquirer still sends goes nowhere; its end is waited for.
                while let Some(order) = ordered.recv().await {
                    if !obey(&mut framed, order).await { return }
                }
                return;
            },
        }
    }
}

/// Waits for the link; whether the connection stands.
async fn stands(
    framed: &mut Framed<Stream, Pieces>,
    ordered: &mut UnboundedReceiver<Order>,
    teller: &Teller,
) -> bool {
    match ordered.recv().await {
        Some(Order::Read) => true,
        Some(Order::Write(_) | Order::Finish | Order::Reset) => {
            // The terminal may have written to a connection that never came to stand.
            let early = timeout(Duration::ZERO, framed.next()).await;
            if let Ok(Some(Ok(bytes))) = early {
                let (number, bytes) = (teller.number, bytes.to_vec());
                teller.tell(Input::Data { number, bytes });
            }
            tear(framed.get_ref().socket());
            false
        }
        None => {
            tear(framed.get_ref().socket());
            false
        }
    }
}

/// Does what is to be done; whether the connection is still of use.
async fn obey(framed: &mut Framed<Stream, Pieces>, order: Order) -> bool {
    let done: io::Result<()> = match order {
        Order::Read => Ok(()),
        Order::Write(bytes) => framed.send(Bytes::from(bytes)).await,
        Order::Finish => framed.get_mut().shutdown().await,
        Order::Reset => {
            tear(framed.get_ref().socket());
            return false;
        }
    };
    done.is_ok()
}

/// Lets the system answer with a reset when the socket is dropped.
fn tear(stream: &TcpStream) {
    let linger = rustix::net::sockopt::set_socket_linger(stream, Some(Duration::ZERO));
    debug_assert!(linger.is_ok());
}
