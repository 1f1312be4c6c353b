//! The bench: one queue, one clock, one seed, one record, and the parts of the counter wired to
//! them. It jumps from event to event; nothing waits, unless the terminal keeps its own time.
//!
//! Here: the clock and the loop ([`Bench::run_until`]). What a terminal's actions do is in
//! `wiring`, the pace of the wall in `pace`, power in `power`, cuts at every point in `cuts`, the customer, scanner and printer in
//! `counter`, faults in `faults`, which requests left in `requests`.
//! Not here: what a scenario expects, and any judgement.

mod counter;
mod cuts;
mod faults;
mod pace;
mod power;
mod queue;
mod requests;
mod setup;
mod wiring;

use std::collections::BTreeSet;

pub use cuts::{CutMoment, CutPoint};
pub use setup::BenchSetup;

use crate::capture::Capture;
use crate::fault::FaultId;
use crate::host::{Host, HostOutput};
use crate::iso8583::Dialect;
use crate::link::Link;
use crate::link::profiles::Profile;
use crate::phone::{Phone, PhoneOutput};
use crate::record::{ConnId, Entry, Fact, Record};
use crate::terminal::{Event, Identity, LinkName, Reply, Setup, Terminal, TerminalError};
use crate::time::{Span, Time};
use counter::Device;
use cuts::Watch;
use faults::Trigger;
use pace::Pace;
use queue::Queue;
use wiring::Conn;

/// How often in a row a terminal may ask to be woken at the instant it is told of (terminal
/// protocol §6).
const SAME_INSTANT: u32 = 100;
/// How many actions one answer may hold (terminal protocol §6).
const FLOOD: usize = 1_000;
/// How many entries a record may have. A scenario of a terminal that behaves has some hundreds; one
/// that never comes to rest must not go on for ever.
const FACTS: usize = 50_000;
/// Entries of a record for which there is room from the start.
const USUAL: usize = 128;

/// A counter: terminal, customer, links and acquirer.
pub struct Bench {
    now: Time,
    record: Record,
    terminal: Box<dyn Terminal>,
    identity: Option<Identity>,
    setup: Setup,
    power_off: Span,
    patience: Span,
    /// Where the terminal keeps its own time.
    pace: Option<Pace>,
    /// Whether connections are secured.
    secured: bool,
    powered: bool,
    /// A fault cuts the power when the terminal's answer is done.
    cut_pending: bool,
    wake: Option<Time>,
    same_instant: u32,
    broken: Option<TerminalError>,
    reply: Reply,
    queue: Queue<Due>,
    host: Host,
    phone: Phone,
    links: Vec<NamedLink>,
    conns: Vec<Conn>,
    boot_conns: usize,
    /// The terminal's numbers of connections in this boot.
    numbers: BTreeSet<u64>,
    device: Device,
    triggers: Vec<Trigger>,
    watch: Watch,
    next_fault: u32,
    dialect: &'static Dialect,
    /// What goes over the links, where somebody asked for it.
    capture: Option<Box<Capture>>,
}

/// One link of the terminal.
struct NamedLink {
    name: LinkName,
    link: Link,
    profile: &'static Profile,
}

/// What the bench itself has to do at an instant.
#[derive(Debug)]
enum Due {
    /// Tell the terminal.
    Tell(Event),
    /// Tell the terminal about a connection, if that connection is still its own.
    TellOf(ConnId, Event),
    /// Power comes back.
    Restart,
    /// The scanner sees what is held before it.
    Scan,
    /// A step's own mark: time passes up to here.
    Mark,
    /// A link gets its network back.
    LinkUp(LinkName),
    /// A fault of limited length ends.
    Lift(FaultId),
}

impl Bench {
    /// A counter that stands and has no power yet.
    pub fn new(setup: BenchSetup, mut terminal: Box<dyn Terminal>) -> Self {
        let pace = terminal.live().map(|live| Pace {
            quiet: setup.quiet(),
            tolerance: live.tolerance(),
            scale: live.scale(),
        });
        let initialize = setup.to_initialize();
        let host = Host::new(setup.dialect, &setup.account, setup.start, &setup.seeds);
        let phone = Phone::new(setup.wallet, &setup.seeds);
        let links: Vec<NamedLink> = setup
            .links
            .iter()
            .map(|(name, profile)| {
                let mut link = Link::new(setup.start, name, profile, &setup.seeds);
                link.set_tracing(setup.capture);
                NamedLink {
                    name: name.clone(),
                    link,
                    profile,
                }
            })
            .collect();
        let names = || links.iter().map(|named| named.name.clone());
        let capture = setup
            .capture
            .then(|| Box::new(Capture::of(names().collect())));
        Self {
            now: setup.start,
            record: Record::with_capacity(USUAL),
            terminal,
            identity: None,
            power_off: setup.power_off,
            patience: setup.patience(),
            pace,
            secured: setup.secured,
            powered: false,
            cut_pending: false,
            wake: None,
            same_instant: 0,
            broken: None,
            reply: Reply::default(),
            queue: Queue::new(),
            host,
            phone,
            links,
            conns: Vec::new(),
            boot_conns: 0,
            numbers: BTreeSet::new(),
            device: Device::default(),
            triggers: Vec::new(),
            watch: Watch::default(),
            next_fault: 0,
            dialect: setup.dialect,
            capture,
            setup: initialize,
        }
    }

    /// The instant that it is.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Everything that happened so far.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// What the terminal said of itself at its last start.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    /// What the terminal is started with.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Why the terminal could not be talked to any more; from then on nothing happens.
    pub fn broken(&self) -> Option<&TerminalError> {
        self.broken.as_ref()
    }

    /// How the acquirer speaks.
    pub fn dialect(&self) -> &'static Dialect {
        self.dialect
    }

    /// The names of the terminal's links, preferred first.
    pub fn link_names(&self) -> Vec<LinkName> {
        self.links.iter().map(|named| named.name.clone()).collect()
    }

    /// The acquirer.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The customer's phone.
    pub fn phone_mut(&mut self) -> &mut Phone {
        &mut self.phone
    }

    /// The longest that an order may stay without a final word once faults are over.
    pub fn patience(&self) -> Span {
        self.patience
    }

    /// Notes in the record that a step of the scenario begins.
    pub fn step(&mut self, text: &str, line: u32) {
        self.record.push(
            self.now,
            Fact::Step {
                text: text.into(),
                line,
            },
        );
    }

    /// What went over the links so far, where the setup asked for it; nothing more is kept.
    pub fn take_capture(&mut self) -> Option<Capture> {
        let mut capture = *self.capture.take()?;
        // Links are asked one after the other, each for all that it did up to an instant.
        capture.packets.sort_by_key(|packet| packet.at);
        Some(capture)
    }

    /// Takes the bench apart: its record, and the terminal to be used again.
    pub fn into_parts(self) -> (Record, Box<dyn Terminal>) {
        (self.record, self.terminal)
    }

    /// Runs until something happens that `wanted` accepts, and returns its index in the record;
    /// `None` when `limit` comes first or the terminal broke. Looks at entries from `from` on, so
    /// that what happened already counts. At `limit` everything that is due then has happened.
    pub fn run_until(
        &mut self,
        from: usize,
        limit: Time,
        mut wanted: impl FnMut(&Entry) -> bool,
    ) -> Option<usize> {
        let mut seen = from;
        loop {
            while let Some(entry) = self.record.entries().get(seen) {
                if wanted(entry) {
                    // What others do is not waited for: the next step may be about just this instant.
                    if matches!(entry.fact, Fact::Did { .. }) {
                        self.let_finish();
                    }
                    return Some(seen);
                }
                seen += 1;
            }
            if !self.advance(limit) {
                return None;
            }
        }
    }

    /// Lets time pass up to `until`, whatever happens meanwhile.
    pub fn run_to(&mut self, until: Time) {
        self.queue.push(until, Due::Mark);
        while self.advance(until) {}
    }

    /// Runs until nothing is due any more, or up to `limit`. Whether it came to rest.
    pub fn run_to_rest(&mut self, limit: Time) -> bool {
        while self.advance(limit) {}
        self.broken.is_some() || self.next_due().is_none()
    }

    /// The scenario is over: lifts every fault, gives every link its network back and lets the
    /// counter come to rest, at most for as long as TXN-05 allows.
    pub fn conclude(&mut self) {
        let began = self.now;
        self.record.push(began, Fact::Concluding);
        self.lift_everything();
        let quiet = self.run_to_rest(began + self.patience);
        if self.broken.is_none() {
            self.broken = self.terminal.at_rest().err();
        }
        let took = self.now.since(began);
        self.record.push(self.now, Fact::AtRest { quiet, took });
    }

    /// When something is due next.
    fn next_due(&self) -> Option<Time> {
        Time::earlier(self.other_due(), self.wake)
    }

    /// Handles what is due next, if it is due by `limit`. Whether anything was.
    fn advance(&mut self, limit: Time) -> bool {
        if self.broken.is_some() {
            return false;
        }
        if self.pace.is_some() {
            return self.advance_by_the_wall(limit);
        }
        let Some(due) = self.next_due().filter(|due| *due <= limit) else {
            return false;
        };
        self.now = self.now.max(due);
        self.happen();
        true
    }

    /// Handles everything that is due now.
    fn happen(&mut self) {
        let now = self.now;
        for index in 0..self.links.len() {
            if self.links[index].link.wake_at().is_some_and(|at| at <= now) {
                self.links[index].link.wake(now);
                self.drain_link(index);
            }
        }
        if self.host.wake_at().is_some_and(|at| at <= now) {
            self.host.wake(now);
            self.drain_host();
        }
        if self.phone.wake_at().is_some_and(|at| at <= now) {
            self.phone.wake(now);
            self.drain_phone();
        }
        while self.broken.is_none() {
            let Some(due) = self.queue.pop(now) else {
                break;
            };
            self.handle(due);
        }
        // Events of one instant come before the wake of that instant.
        if self.broken.is_none()
            && self.wake.is_some_and(|at| at <= now)
            && self.other_due().is_none_or(|at| at > now)
        {
            self.wake = None;
            match self.pace {
                None => self.tell(Event::Wake),
                // A terminal that keeps its own time asks for none. It is at rest, unless it owes
                // somebody a word.
                Some(pace) if self.owes_a_word() => self.wake = Some(now + pace.quiet),
                Some(_) => {}
            }
        }
    }

    /// When anything but the terminal's own wake is due.
    fn other_due(&self) -> Option<Time> {
        let parts = [self.queue.due(), self.host.wake_at(), self.phone.wake_at()];
        let links = self.links.iter().map(|named| named.link.wake_at());
        links.chain(parts).fold(None, Time::earlier)
    }

    fn handle(&mut self, due: Due) {
        match due {
            Due::Tell(event) => self.tell(event),
            Due::TellOf(conn, event) => self.tell_of(conn, event),
            Due::Restart => self.restart(),
            Due::Scan => self.scan(),
            Due::Mark => {}
            Due::LinkUp(link) => self.set_link(&link, true),
            Due::Lift(id) => self.lift(id),
        }
    }

    fn drain_host(&mut self) {
        while let Some(output) = self.host.poll() {
            match output {
                HostOutput::Write {
                    conn,
                    bytes,
                    chopped,
                } => self.host_writes(conn, bytes, chopped),
                HostOutput::Close { conn } => self.host_closes(conn),
                HostOutput::Reset { conn } => self.host_resets(conn),
                HostOutput::Ask(ask) => {
                    self.record
                        .push(self.now, Fact::Asked { wallet: ask.wallet });
                    self.phone.asked(self.now, ask.id);
                    self.drain_phone();
                }
                HostOutput::Fact(fact) => self.record.push(self.now, fact),
                HostOutput::Fired(id) => self.fired(id),
            }
        }
    }

    fn drain_phone(&mut self) {
        while let Some(output) = self.phone.poll() {
            match output {
                PhoneOutput::Confirm { ask, yes } => {
                    self.record.push(self.now, Fact::Confirmed { yes });
                    self.host.confirmed(self.now, ask, yes);
                    self.drain_host();
                }
                PhoneOutput::Fired(id) => self.fired(id),
            }
        }
    }

    /// What a new connection meets at the acquirer's end.
    fn refresh_listener(&mut self) {
        let listener = self.host.listener();
        for named in &mut self.links {
            named.link.set_listener(listener);
        }
        self.tell_listeners();
    }
}
