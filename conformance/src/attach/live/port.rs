//! What a terminal that keeps its own time does, as actions, and what the acquirer does, on its sockets.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use counterproof_sim::link::Listener;
use counterproof_sim::terminal::{
    Action, Bytes, Event, LinkName, Mode, Setup, StreamEnd, Tls, Waited,
};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::Face;
use tokio::sync::mpsc::UnboundedSender;

use super::super::trouble::Trouble;
use super::super::wire::WireError;
use super::door::Door;
use super::inbox::{Inbox, Input, SharedInbox, Stamped};
use super::socket::Order;
use super::{LiveMode, lock, tls};
use crate::live::clock::Clock;
use crate::live::tls::SERVER_NAME;

/// What came while the bench waited.
#[derive(Debug)]
pub enum Came {
    /// The terminal did something on its connections.
    Action(Action),
    /// Somebody said something: an adapter, or a person.
    Line(Vec<u8>),
}

/// The host side of one terminal.
#[derive(Debug)]
pub struct Port {
    mode: LiveMode,
    clock: Clock,
    inbox: SharedInbox,
    numbers: Arc<AtomicU64>,
    doors: Vec<(LinkName, Door)>,
    /// What who connects over each link finds.
    listeners: Vec<(Listener, Option<Face>)>,
    sockets: BTreeMap<u64, UnboundedSender<Order>>,
    /// Which boot of the adapter is the one that counts.
    boot: u64,
    powered: bool,
}

impl Port {
    /// A port without a terminal.
    pub fn new(mode: LiveMode) -> Self {
        Self {
            clock: Clock::at(Time::default(), mode.scale),
            mode,
            inbox: Arc::new(Mutex::new(Inbox::new())),
            numbers: Arc::default(),
            doors: Vec::new(),
            listeners: Vec::new(),
            sockets: BTreeMap::new(),
            boot: 0,
            powered: false,
        }
    }

    /// Where everything comes in.
    pub const fn inbox(&self) -> &SharedInbox {
        &self.inbox
    }

    /// Where something is put in from outside.
    pub fn post(&self) -> Sender<Stamped> {
        lock(&self.inbox).post()
    }

    /// Another boot of the adapter begins, of which this is the number.
    pub fn next_boot(&mut self) -> u64 {
        self.boot += 1;
        self.boot
    }

    /// Puts into `setup` what is different from lockstep: where to connect, and how long things take.
    ///
    /// # Errors
    /// When this machine has no address to spare.
    pub fn prepare(&mut self, setup: &mut Setup) -> io::Result<()> {
        setup.mode = Mode::Live;
        let links = setup.host.links.len();
        self.doors.truncate(links);
        for (place, link) in setup.host.links.iter_mut().enumerate() {
            if self.doors.len() <= place {
                let (post, numbers) = (lock(&self.inbox).post(), Arc::clone(&self.numbers));
                let at = SocketAddr::new(self.mode.listen, self.mode.port_of(place)?);
                let door = Door::open(at, place, post, numbers)?;
                self.doors.push((link.name.clone(), door));
            }
            let (name, door) = &mut self.doors[place];
            name.clone_from(&link.name);
            let (listener, face) = self.listeners.get(place).copied().unwrap_or_default();
            door.set(listener, face)?;
            link.address = door.address().to_string().into();
            link.tls = match face {
                None => Tls::Off(false),
                Some(_) => Tls::On {
                    ca: tls()?.ca().into(),
                    server_name: SERVER_NAME.into(),
                },
            };
        }
        let scale = u64::from(self.mode.scale);
        let t = &mut setup.timing;
        for length in [
            &mut t.connect_timeout_ms,
            &mut t.response_timeout_ms,
            &mut t.reversal_retry_ms,
            &mut t.reversal_round_ms,
            &mut t.query_interval_ms,
            &mut t.query_for_ms,
            &mut t.scan_timeout_ms,
            &mut t.show_for_ms,
        ] {
            *length = (*length / scale).max(1);
        }
        Ok(())
    }

    /// The terminal has started, when it was `now`: time goes on from there.
    pub fn started(&mut self, now: u64) {
        self.clock = Clock::at(Time::from_millis(now), self.mode.scale);
        self.powered = true;
    }

    /// The terminal has no power any more: its connections are no more, and what it did and nobody
    /// has seen was never done.
    pub fn power_cut(&mut self) {
        self.powered = false;
        self.sockets.clear();
        lock(&self.inbox).clear();
    }

    /// How many times faster the bench's time passes.
    pub const fn scale(&self) -> u32 {
        self.mode.scale
    }

    /// How exactly instants are known, in the bench's time.
    pub fn tolerance(&self) -> Span {
        self.clock.span(self.mode.tolerance)
    }

    /// What who connects over the link of this place finds from now on.
    ///
    /// # Errors
    /// When the address is not to be had again.
    pub fn listen(
        &mut self,
        link: usize,
        listener: Listener,
        face: Option<Face>,
    ) -> io::Result<()> {
        if self.listeners.len() <= link {
            self.listeners.resize(link + 1, Default::default());
        }
        self.listeners[link] = (listener, face);
        match self.doors.get_mut(link) {
            Some((_, door)) => door.set(listener, face),
            None => Ok(()),
        }
    }

    /// Lets time pass up to `until`, or until the terminal did something.
    ///
    /// # Errors
    /// When the adapter's lines end, or one of them is not as it should be.
    pub fn wait(&mut self, until: Time) -> Result<(Waited, Option<Came>), Trouble> {
        let deadline = self.clock.instant(until);
        loop {
            let Some(stamped) = lock(&self.inbox).next(deadline) else {
                let late = self.clock.time(Instant::now()).since(until);
                return Ok((Waited { now: until, late }, None));
            };
            let at = self.clock.time(stamped.at);
            if at > until {
                // What was due before goes first.
                let late = self.clock.time(Instant::now()).since(until);
                lock(&self.inbox).put_back(stamped);
                return Ok((Waited { now: until, late }, None));
            }
            let came = self.action(stamped)?;
            if came.is_some() {
                let late = Span::ZERO;
                return Ok((Waited { now: at, late }, came));
            }
        }
    }

    /// The next line, whatever else comes; `None` when `deadline` does first.
    pub fn line(&mut self, boot: u64, deadline: Instant) -> Option<Vec<u8>> {
        lock(&self.inbox).answer(boot, deadline).ok()
    }

    /// What came, as the terminal's action; `None` where it is none, or of a terminal that is no more.
    fn action(&mut self, came: Stamped) -> Result<Option<Came>, Trouble> {
        let done = |action| Ok(Some(Came::Action(action)));
        match came.what {
            Input::Line(boot, line) if boot == self.boot && self.powered => {
                Ok(Some(Came::Line(line)))
            }
            Input::LinesEnded(boot, error) if boot == self.boot => Err(match error {
                WireError::TooLong => Trouble::TooLong,
                WireError::System(error) => Trouble::System(error),
                WireError::Ended
                | WireError::Silent
                | WireError::NotReading
                | WireError::Unasked(_) => Trouble::Closed,
            }),
            Input::Line(..) | Input::LinesEnded(..) => Ok(None),
            Input::Opened {
                number,
                link,
                orders,
            } => {
                if !self.powered {
                    return Ok(None);
                }
                self.sockets.insert(number, orders);
                let (conn, link) = (number, self.doors[link].0.clone());
                done(Action::HostOpen { conn, link })
            }
            Input::Data { number, bytes } => {
                let (conn, data) = (number, Bytes(bytes));
                let sent = Action::HostSend { conn, data };
                Ok(Some(Came::Action(sent)).filter(|_| self.powered))
            }
            Input::Ended { number } => {
                let known = self.sockets.remove(&number).is_some();
                let closed = Action::HostClose { conn: number };
                Ok(known.then_some(Came::Action(closed)))
            }
        }
    }

    /// Does on the sockets what the acquirer and the link did; whether the event was about that.
    pub fn tell(&mut self, event: &Event) -> bool {
        match event {
            Event::HostOpened { conn } => self.order(*conn, Order::Read),
            Event::HostData { conn, data } => self.order(*conn, Order::Write(data.0.clone())),
            Event::HostRefused { conn, .. } => self.last_order(*conn, Order::Reset),
            Event::HostClosed { conn, reason } => self.last_order(
                *conn,
                match reason {
                    StreamEnd::Eof => Order::Finish,
                    StreamEnd::Reset => Order::Reset,
                },
            ),
            _ => return false,
        }
        true
    }

    fn order(&self, number: u64, order: Order) {
        if let Some(orders) = self.sockets.get(&number) {
            // A socket that is over has told so, or will.
            let _ = orders.send(order);
        }
    }

    fn last_order(&mut self, number: u64, order: Order) {
        if let Some(orders) = self.sockets.remove(&number) {
            let _ = orders.send(order);
        }
    }
}
