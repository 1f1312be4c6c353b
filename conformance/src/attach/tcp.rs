//! A terminal whose adapter is already running and listens on TCP.

use std::io;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::thread;
use std::time::{Duration, Instant};

use super::carrier::{Carrier, Power};
use super::switch::PowerSwitch;
use super::trouble::Trouble;
use super::wire::Wire;

/// The adapter's address.
#[derive(Debug)]
pub struct Tcp {
    address: String,
    limit: Duration,
    switch: Option<PowerSwitch>,
    /// The power is off.
    is_off: bool,
}

/// Between two tries to reach a device that starts.
const AGAIN: Duration = Duration::from_millis(50);

impl Tcp {
    /// `address` is `host:port`; a connection must stand within `limit`. With a switch the power is
    /// cut without the terminal's help.
    pub const fn new(address: String, limit: Duration, switch: Option<PowerSwitch>) -> Self {
        Self {
            address,
            limit,
            switch,
            is_off: false,
        }
    }

    /// Turns the power on where it is off, and waits for the adapter to be there.
    fn start(&mut self) -> io::Result<Wire> {
        let Some(switch) = self.switch.as_ref().filter(|_| self.is_off) else {
            return self.connect();
        };
        switch.turn(true, self.limit)?;
        self.is_off = false;
        let deadline = Instant::now() + self.limit;
        loop {
            match self.connect() {
                Err(_) if Instant::now() < deadline => thread::sleep(AGAIN),
                done => return done,
            }
        }
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
        match self.switch {
            Some(_) => Power::Ours,
            None => Power::OnRequest,
        }
    }

    fn open(&mut self) -> Result<Wire, Trouble> {
        let started = self.start();
        started.map_err(|error| Trouble::NotConnected {
            address: self.address.clone(),
            error,
        })
    }

    fn cut(&mut self) -> io::Result<()> {
        if let Some(switch) = self.switch.as_ref().filter(|_| !self.is_off) {
            switch.turn(false, self.limit)?;
            self.is_off = true;
        }
        Ok(())
    }

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
