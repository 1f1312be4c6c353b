//! The wires: terminal ⇄ links ⇄ acquirer. What the terminal's actions do, and what comes back.

use std::num::NonZeroUsize;

use super::requests::Requests;
use super::{Bench, Due, FACTS, FLOOD, SAME_INSTANT};
use crate::link::stream::{Chop, StreamFaults};
use crate::link::{Output, Side};
use crate::record::{ConnId, Fact};
use crate::terminal::{Action, Bytes, Event, LinkName, Refusal, Reply, TerminalError};
use crate::time::{Span, Time};

/// How a chopped answer arrives.
const BYTE_BY_BYTE: StreamFaults = StreamFaults {
    chop: Some(Chop {
        piece: NonZeroUsize::MIN,
        gap: Span::from_millis(2),
    }),
    flip: None,
    reset_after: None,
    sever_after: None,
    slow_close: None,
};

/// How long whoever is not the acquirer hears a terminal out.
const HEARING_OUT: Span = Span::from_millis(500);

/// A connection that the terminal asked for.
pub(super) struct Conn {
    /// The terminal's number.
    pub number: u64,
    /// Index of the link.
    pub link: usize,
    /// Which requests left.
    pub requests: Requests,
    /// Whether the terminal still has it.
    pub open: bool,
}

impl Bench {
    /// Gives the terminal an event now, or at the next whole millisecond: terminals count in
    /// milliseconds.
    pub fn give(&mut self, event: Event) {
        let at = self.now.ceil_to_millis();
        self.run_to(at);
        self.tell(event);
    }

    /// Schedules an event for the terminal.
    pub(super) fn tell_at(&mut self, at: Time, event: Event) {
        self.queue.push(at.ceil_to_millis(), Due::Tell(event));
    }

    pub(super) fn tell_of(&mut self, conn: ConnId, event: Event) {
        // After a close or a power cut no event for that connection follows.
        if !self.conns[conn.0 as usize].open {
            return;
        }
        match &event {
            Event::HostData { .. } => {
                self.tell_answer(conn, event);
            }
            Event::HostRefused { .. } | Event::HostClosed { .. } => {
                self.terminal_has_read_the_end(conn);
                self.tell(event);
            }
            _ => self.tell(event),
        }
    }

    /// A connection is over for the terminal: what may be left of it is closed, as a process does
    /// with a socket on which it has read the end.
    fn terminal_has_read_the_end(&mut self, conn: ConnId) {
        let entry = &mut self.conns[conn.0 as usize];
        entry.open = false;
        let link = entry.link;
        self.links[link].link.close(self.now, conn, Side::Terminal);
        self.drain_link(link);
    }

    /// Tells the terminal now and does what it does.
    pub(super) fn tell(&mut self, event: Event) {
        let Some(event) = self.pass_watch(event) else {
            return;
        };
        let writes = self.writes_so_far();
        if let Some(mut reply) = self.ask_terminal(&event) {
            self.note_exchange(writes, &reply);
            if self.power_fails_instead_of(&reply) {
                self.cut(Some(event));
                return;
            }
            self.record.push(self.now, Fact::Told { event });
            self.perform(&mut reply);
            self.reply = reply;
        }
    }

    /// Tells the terminal and returns what it wants to do, before any of it is done; `None` where
    /// there is nothing to be done (no power, not supported, broken).
    pub(super) fn ask_terminal(&mut self, event: &Event) -> Option<Reply> {
        if !self.powered || self.broken.is_some() {
            return None;
        }
        if self.too_much_happened() {
            return None;
        }
        let mut reply = std::mem::take(&mut self.reply);
        reply.actions.clear();
        reply.wake_at = None;
        match self.terminal.event(self.now, event, &mut reply) {
            Ok(()) => match self.check(event, &reply) {
                Ok(()) => {
                    self.wake = match self.pace {
                        Some(pace) => Some(self.now + pace.quiet),
                        None => reply.wake_at,
                    };
                    Some(reply)
                }
                Err(error) => {
                    self.broken = Some(error);
                    None
                }
            },
            Err(TerminalError::Unsupported { .. }) => {
                self.record.push(
                    self.now,
                    Fact::Unsupported {
                        event: event.clone(),
                    },
                );
                None
            }
            Err(error) => {
                self.broken = Some(error);
                None
            }
        }
    }

    /// A scenario of which there is no end breaks the terminal that it is about.
    pub(super) fn too_much_happened(&mut self) -> bool {
        let is_too_much = self.record.entries().len() > FACTS;
        if is_too_much {
            self.broken = Some(TerminalError::Broken {
                what: format!("more than {FACTS} things happened in one scenario"),
                remedy: "wait between tries: a terminal that is at rest asks for no wake".into(),
            });
        }
        is_too_much
    }

    /// What the terminal protocol asks of every answer (§6).
    fn check(&mut self, event: &Event, reply: &Reply) -> Result<(), TerminalError> {
        let broken = |what: String, remedy: &str| TerminalError::Broken {
            what,
            remedy: remedy.into(),
        };
        if reply.actions.len() > FLOOD {
            return Err(broken(
                format!(
                    "the terminal answered {} with {} actions, more than {FLOOD}",
                    event.name(),
                    reply.actions.len()
                ),
                "answer with what happens at that instant only",
            ));
        }
        match reply.wake_at {
            Some(at) if at < self.now => Err(broken(
                format!(
                    "the terminal answered {} at {} with a wakeAt of {}, which is past",
                    event.name(),
                    self.now.as_millis(),
                    at.as_millis()
                ),
                "ask to be woken at the event's own `at` or later",
            )),
            Some(at) if at == self.now => {
                self.same_instant += 1;
                if self.same_instant > SAME_INSTANT {
                    return Err(broken(
                        format!(
                            "the terminal asked more than {SAME_INSTANT} times in a row to be woken at the same instant"
                        ),
                        "do what is to be done at an instant in one answer, then ask for a later wakeAt",
                    ));
                }
                Ok(())
            }
            _ => {
                self.same_instant = 0;
                Ok(())
            }
        }
    }

    /// Does what the terminal does, in its order.
    pub(super) fn perform(&mut self, reply: &mut Reply) {
        self.screen_changes(&reply.actions);
        for action in reply.actions.drain(..) {
            self.act(&action);
            self.record.push(self.now, Fact::Did { action });
            if self.broken.is_some() {
                break;
            }
        }
        self.settle_power();
    }

    fn act(&mut self, action: &Action) {
        match action {
            Action::HostOpen { conn, link } => self.terminal_dials(*conn, link),
            Action::HostSend { conn, data } => self.terminal_writes(*conn, data),
            Action::HostClose { conn } => self.terminal_closes(*conn),
            Action::ScannerOn => self.scanner_armed(),
            Action::ScannerOff => self.device.armed = false,
            Action::ShowCode { .. }
            | Action::Display { .. }
            | Action::Outcome(_)
            | Action::Settled { .. }
            | Action::Print { .. }
            | Action::SelfTest { .. }
            | Action::DeviceLog { .. }
            | Action::Log { .. } => {}
        }
    }

    fn terminal_dials(&mut self, number: u64, link: &LinkName) {
        let Some(index) = self.links.iter().position(|l| l.name == *link) else {
            self.broken = Some(TerminalError::Broken {
                what: format!(
                    "the terminal opened a connection over the link {link:?}, which it was not given"
                ),
                remedy: "use the names of host.links of initialize".into(),
            });
            return;
        };
        if !self.numbers.insert(number) {
            self.broken = Some(TerminalError::Broken {
                what: format!(
                    "the terminal used the connection number {number} twice within one boot"
                ),
                remedy: "give every host.open a number of its own".into(),
            });
            return;
        }
        let conn = ConnId(self.conns.len() as u32);
        self.conns.push(Conn {
            number,
            link: index,
            requests: Requests::default(),
            open: true,
        });
        self.record.push(
            self.now,
            Fact::Dialled {
                conn,
                number,
                link: link.clone(),
            },
        );
        if self.meets_a_stranger() {
            self.refuses_the_stranger(conn, number);
            return;
        }
        self.refresh_listener();
        if let Some(capture) = &mut self.capture {
            capture.dialled(index);
        }
        let timeout = Span::from_millis(self.setup.timing.connect_timeout_ms);
        self.links[index].link.connect(self.now, conn, timeout);
        self.drain_link(index);
        self.note_dialled();
    }

    /// Whoever answers is not the acquirer. What the terminal still sends is seen; then it is told that
    /// there is no connection.
    fn refuses_the_stranger(&mut self, conn: ConnId, number: u64) {
        let reason = Refusal::Tls;
        self.record.push(self.now, Fact::Refused { conn, reason });
        let event = Event::HostRefused {
            conn: number,
            reason,
        };
        let at = (self.now + HEARING_OUT + self.tolerance()).ceil_to_millis();
        self.queue.push(at, Due::TellOf(conn, event));
    }

    /// The connection with the terminal's number in this boot, if the terminal still has it.
    fn own(&self, number: u64) -> Option<ConnId> {
        let index = self.conns[self.boot_conns..]
            .iter()
            .rposition(|c| c.number == number && c.open)?;
        Some(ConnId((self.boot_conns + index) as u32))
    }

    fn terminal_writes(&mut self, number: u64, data: &Bytes) {
        // Bytes for a connection that has just ended go nowhere, as on a real socket.
        let Some(conn) = self.own(number) else { return };
        let entry = &mut self.conns[conn.0 as usize];
        let link = entry.link;
        if self.triggers.is_empty() {
            entry.requests.sent(data, self.dialect);
            self.write(link, conn, Side::Terminal, data.0.clone());
            return;
        }
        let left = entry.requests.leaving(data, self.dialect);
        self.before_write(link, &left);
        self.write(link, conn, Side::Terminal, data.0.clone());
        self.note_left(&left);
    }

    fn write(&mut self, link: usize, conn: ConnId, side: Side, bytes: Vec<u8>) {
        let seen = self.capture.is_some().then(|| bytes.clone());
        let written = self.links[link].link.write(self.now, conn, side, bytes);
        // Bytes for a connection that does not stand go nowhere, as on a real socket.
        if let (Ok(()), Some(capture), Some(bytes)) = (written, &mut self.capture, seen) {
            capture.wrote(conn, side, &bytes);
        }
        self.drain_link(link);
    }

    fn terminal_closes(&mut self, number: u64) {
        let Some(conn) = self.own(number) else { return };
        let entry = &mut self.conns[conn.0 as usize];
        entry.open = false;
        let link = entry.link;
        self.links[link].link.close(self.now, conn, Side::Terminal);
        self.drain_link(link);
    }

    pub(super) fn host_writes(&mut self, conn: ConnId, bytes: Vec<u8>, chopped: bool) {
        let link = self.conns[conn.0 as usize].link;
        self.before_answer(conn);
        if chopped {
            let _ = self.links[link]
                .link
                .set_faults_of(conn, Side::Terminal, &BYTE_BY_BYTE);
        }
        self.write(link, conn, Side::Host, bytes);
    }

    pub(super) fn host_closes(&mut self, conn: ConnId) {
        let link = self.conns[conn.0 as usize].link;
        self.links[link].link.close(self.now, conn, Side::Host);
        self.drain_link(link);
    }

    pub(super) fn host_resets(&mut self, conn: ConnId) {
        let link = self.conns[conn.0 as usize].link;
        self.links[link].link.abort(self.now, conn, Side::Host);
        self.drain_link(link);
    }

    pub(super) fn drain_link(&mut self, index: usize) {
        while let Some(output) = self.links[index].link.poll() {
            match output {
                Output::Connected {
                    conn,
                    side: Side::Host,
                } => {
                    self.record.push(self.now, Fact::Accepted { conn });
                    self.host.opened(self.now, conn);
                    self.drain_host();
                }
                Output::Connected {
                    conn,
                    side: Side::Terminal,
                } => {
                    let number = self.conns[conn.0 as usize].number;
                    self.schedule_of(conn, Event::HostOpened { conn: number });
                }
                Output::Unheard { .. } => {
                    if let Some(id) = self.host.listener_fault() {
                        self.fired(id);
                    }
                }
                Output::Refused { conn, reason } => {
                    if reason == Refusal::Refused
                        && let Some(id) = self.host.listener_fault()
                    {
                        self.fired(id);
                    }
                    self.record.push(self.now, Fact::Refused { conn, reason });
                    let number = self.conns[conn.0 as usize].number;
                    self.schedule_of(
                        conn,
                        Event::HostRefused {
                            conn: number,
                            reason,
                        },
                    );
                }
                Output::Data {
                    conn,
                    to: Side::Host,
                    bytes,
                } => {
                    self.host.received(self.now, conn, &bytes);
                    self.drain_host();
                }
                Output::Data {
                    conn,
                    to: Side::Terminal,
                    bytes,
                } => {
                    let number = self.conns[conn.0 as usize].number;
                    self.schedule_of(
                        conn,
                        Event::HostData {
                            conn: number,
                            data: Bytes(bytes),
                        },
                    );
                }
                Output::Closed {
                    conn,
                    side: Side::Host,
                    reason,
                } => {
                    self.record
                        .push(self.now, Fact::Ended { conn, how: reason });
                    self.host.ended(self.now, conn, reason);
                    self.drain_host();
                    // Who has read the end closes too; else half of the connection stays for ever.
                    self.links[index].link.close(self.now, conn, Side::Host);
                }
                Output::Closed {
                    conn,
                    side: Side::Terminal,
                    reason,
                } => {
                    let number = self.conns[conn.0 as usize].number;
                    self.schedule_of(
                        conn,
                        Event::HostClosed {
                            conn: number,
                            reason,
                        },
                    );
                }
                Output::Carrier { .. } => self.carrier(index),
                Output::Packet(packet) => {
                    if let Some(capture) = &mut self.capture {
                        capture.packets.push(*packet);
                    }
                }
                Output::Fault(_) => {}
            }
        }
    }

    fn schedule_of(&mut self, conn: ConnId, event: Event) {
        self.queue
            .push(self.now.ceil_to_millis(), Due::TellOf(conn, event));
    }

    /// A link loses or regains its network; the terminal's modem notices.
    pub fn set_link(&mut self, link: &str, up: bool) {
        let Some(index) = self.links.iter().position(|l| &*l.name == link) else {
            return;
        };
        if self.links[index].link.is_up() == up {
            return;
        }
        self.links[index].link.set_up(self.now, up);
        self.drain_link(index);
    }

    /// A link changes its radio profile; the terminal's modem notices where that takes or gives
    /// the network.
    pub fn set_profile(&mut self, link: &str, profile: &'static crate::link::profiles::Profile) {
        let Some(index) = self.links.iter().position(|l| &*l.name == link) else {
            return;
        };
        self.links[index].profile = profile;
        let was_up = self.links[index].link.is_up();
        self.links[index].link.set_profile(self.now, profile);
        if self.links[index].link.is_up() == was_up {
            self.note_link(index);
        }
        self.drain_link(index);
    }

    /// The modem of a link lost or regained its network.
    fn carrier(&mut self, index: usize) {
        self.note_link(index);
        self.tell_link(index);
    }

    fn note_link(&mut self, index: usize) {
        self.tell_listeners();
        let named = &self.links[index];
        let fact = Fact::LinkState {
            link: named.name.clone(),
            up: named.link.is_up(),
            profile: named.profile.name.as_str().into(),
        };
        self.record.push(self.now, fact);
    }

    pub(super) fn tell_link(&mut self, index: usize) {
        let link = self.links[index].name.clone();
        let event = if self.links[index].link.is_up() {
            Event::LinkUp { link }
        } else {
            Event::LinkDown { link }
        };
        self.tell_at(self.now, event);
    }
}
