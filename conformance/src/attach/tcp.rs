//! A terminal whose adapter is already running and listens on TCP.

use std::io;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use super::carrier::{Carrier, Power};
use super::trouble::Trouble;
use super::wire::Wire;

/// The adapter's address.
#[derive(Debug)]
pub struct Tcp {
    address: String,
    limit: Duration,
}

impl Tcp {
    /// `address` is `host:port`; a connection must stand within `limit`.
    pub const fn new(address: String, limit: Duration) -> Self {
        Self { address, limit }
    }

    fn connect(&self) -> io::Result<Wire> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in self.address.to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, self.limit) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    return Wire::new(stream.try_clone()?.into(), stream.into());
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

impl Carrier for Tcp {
    fn power(&self) -> Power {
        Power::OnRequest
    }

    fn open(&mut self) -> Result<Wire, Trouble> {
        self.connect().map_err(|error| Trouble::NotConnected {
            address: self.address.clone(),
            error,
        })
    }

    fn cut(&mut self) {}

    fn why_closed(&mut self) -> Trouble {
        Trouble::Closed
    }

    fn leave(&mut self, _patience: Duration) -> Option<String> {
        None
    }

    fn stderr(&mut self, _patience: Duration) -> String {
        String::new()
    }
}
