//! A counter for tests: the terminal, its links, the scripted host and the clock.

use std::collections::BTreeMap;

use super::host::{Host, Say};
use crate::pos::{Defect, ReferenceTerminal};
use crate::terminal::{
    Action, Boot, Bytes, Event, Flow, HostAddress, HostLink, Mode, Outcome, PaidOperation, Refusal,
    Reply, Setup, Status, StorageDamage, StreamEnd, Symbology, Terminal, TerminalAccount, Timing,
    Tls,
};
use crate::time::{Span, Time};
use crate::vocabulary::{Advice, Operation, Reason, Word};

/// 2026-01-01 08:00:00 in the shop.
pub(super) const START: u64 = 1_767_225_600_000;
pub(super) const CODE: &str = "131234567890123456";
pub(super) const FRESH: &str = "281234567890123456";
const MASTER: [u8; 16] = *b"master-key-16-by";

pub(super) struct Bench {
    pub terminal: ReferenceTerminal,
    pub host: Host,
    pub now: Time,
    pub wake: Option<Time>,
    /// Events on their way, by time and order.
    queue: BTreeMap<(Time, u64), Event>,
    next: u64,
    /// Everything that the terminal did, and when.
    pub did: Vec<(Time, Action)>,
    /// Everything in words, the host's part included.
    pub transcript: Vec<String>,
    links: BTreeMap<Box<str>, bool>,
    /// What becomes of a connection that is asked for over a link that is up.
    pub refusal: Option<Refusal>,
    /// Nobody says anything about connections that are asked for.
    pub deaf: bool,
    conns: Vec<u64>,
    pub setup: Setup,
    /// How often an event of any kind was handed over; a power cut can be placed at each.
    pub events: u32,
    /// The power fails at that event, after that many writes, instead of its answer.
    pub cut_at: Option<(u32, Option<u32>)>,
    pub was_cut: bool,
    equal_wakes: u32,
}

pub(super) fn setup() -> Setup {
    let link = |name: &str| HostLink {
        name: name.into(),
        address: "".into(),
        tls: Tls::Off(false),
    };
    Setup {
        protocol: 1,
        mode: Mode::Lockstep,
        now: START,
        boot: Boot::Factory,
        terminal: TerminalAccount {
            id: "10000001".into(),
            merchant: "898310000000001".into(),
            tpdu: Bytes(vec![0x60, 0x00, 0x03, 0x00, 0x00]),
            master_key: Bytes(MASTER.to_vec()),
            first_stan: 1,
            first_batch: 1,
            batch_limit: 500,
        },
        host: HostAddress {
            dialect: "cup".into(),
            links: vec![link("cellular"), link("wifi")],
        },
        storage: "".into(),
        locale: "zh-CN".into(),
        timing: Timing::default(),
    }
}

impl Bench {
    pub fn new(defects: &[Defect]) -> Self {
        Self::with_setup(defects, setup())
    }

    pub fn with_setup(defects: &[Defect], setup: Setup) -> Self {
        let mut bench = Self {
            terminal: ReferenceTerminal::with_defects(defects),
            host: Host::new(&MASTER),
            now: Time::from_millis(START),
            wake: None,
            queue: BTreeMap::new(),
            next: 0,
            did: Vec::new(),
            transcript: Vec::new(),
            links: ["cellular", "wifi"].map(|l| (l.into(), true)).into(),
            refusal: None,
            deaf: false,
            conns: Vec::new(),
            setup,
            events: 0,
            cut_at: None,
            was_cut: false,
            equal_wakes: 0,
        };
        bench.boot(Boot::Factory);
        bench
    }

    pub fn boot(&mut self, boot: Boot) {
        self.setup.now = self.now.as_millis();
        self.setup.boot = boot;
        let identity = self.terminal.initialize(&self.setup).unwrap();
        self.wake = identity.wake_at.map(Time::from_millis);
        self.transcript
            .push(format!("boot {boot:?} {:?}", self.wake));
    }

    pub fn cut_power(&mut self) {
        self.terminal.cut_power().unwrap();
        self.after_cut();
    }

    fn after_cut(&mut self) {
        self.conns.clear();
        self.queue.retain(|_, event| {
            !matches!(
                event,
                Event::HostOpened { .. }
                    | Event::HostRefused { .. }
                    | Event::HostData { .. }
                    | Event::HostClosed { .. }
            )
        });
        self.now += Span::from_millis(500);
        self.boot(Boot::Cold);
    }

    /// Hands an event over now.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "tests write events where they happen"
    )]
    pub fn tell(&mut self, event: Event) {
        self.events += 1;
        if let Some((at, writes)) = self.cut_at
            && self.events == at
        {
            self.cut_at = None;
            self.was_cut = true;
            self.transcript.push(format!("cut at {}", event.name()));
            self.terminal
                .cut_power_during(self.now, &event, writes)
                .unwrap();
            return self.after_cut();
        }
        let mut reply = Reply::default();
        self.terminal.event(self.now, &event, &mut reply).unwrap();
        assert!(reply.actions.len() < 1_000, "a flood");
        if let Some(wake) = reply.wake_at {
            assert!(wake >= self.now, "the wake {wake:?} lies in the past");
            assert_eq!(wake, wake.ceil_to_millis());
            self.equal_wakes = if wake == self.now {
                self.equal_wakes + 1
            } else {
                0
            };
            assert!(self.equal_wakes <= 100);
        }
        self.wake = reply.wake_at;
        for action in reply.actions {
            self.transcript
                .push(format!("{} {action:?}", self.now.as_millis() - START));
            self.did.push((self.now, action.clone()));
            self.act(action);
        }
        self.transcript.push(format!("wake {:?}", self.wake));
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::HostOpen { conn, link } => {
                assert!(self.conns.last().is_none_or(|last| *last < conn));
                self.conns.push(conn);
                let up = self.links.get(&link).copied().unwrap_or_default();
                let reason = if up {
                    self.refusal
                } else {
                    Some(Refusal::Unreachable)
                };
                match reason {
                    _ if self.deaf => {}
                    Some(reason) => self.later(50, Event::HostRefused { conn, reason }),
                    None => self.later(50, Event::HostOpened { conn }),
                }
            }
            Action::HostSend { conn, data } => {
                assert!(self.conns.contains(&conn), "sent over a closed connection");
                let deed = self.host.receive(self.now, &data);
                for (ms, chunk) in deed.chunks {
                    let data = Bytes(chunk);
                    self.later(ms, Event::HostData { conn, data });
                }
                if deed.closes {
                    let reason = StreamEnd::Eof;
                    self.later(100, Event::HostClosed { conn, reason });
                }
            }
            Action::HostClose { conn } => {
                self.conns.retain(|other| *other != conn);
                self.queue.retain(|_, event| match event {
                    Event::HostOpened { conn: other }
                    | Event::HostRefused { conn: other, .. }
                    | Event::HostData { conn: other, .. }
                    | Event::HostClosed { conn: other, .. } => *other != conn,
                    _ => true,
                });
            }
            _ => {}
        }
    }

    fn later(&mut self, ms: u64, event: Event) {
        self.next += 1;
        self.queue
            .insert((self.now + Span::from_millis(ms), self.next), event);
    }

    /// Lets time pass, up to that instant.
    pub fn run_until(&mut self, end: Time) {
        loop {
            let queued = self.queue.keys().next().map(|(at, _)| *at);
            // Events of one instant come before its wake.
            let next = [queued, self.wake].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= end) else {
                break;
            };
            self.now = self.now.max(next);
            if queued == Some(next) {
                let (_, event) = self.queue.pop_first().unwrap();
                if let Event::HostRefused { conn, .. } | Event::HostClosed { conn, .. } = &event {
                    self.conns.retain(|other| other != conn);
                }
                self.tell(event);
            } else {
                self.tell(Event::Wake);
            }
        }
        self.now = self.now.max(end);
    }

    pub fn run(&mut self, seconds: u64) {
        self.run_until(self.now + Span::from_secs(seconds));
    }

    pub fn link(&mut self, name: &str, up: bool) {
        self.links.insert(name.into(), up);
        let link = name.into();
        self.tell(if up {
            Event::LinkUp { link }
        } else {
            Event::LinkDown { link }
        });
    }

    pub fn order(&mut self, order: &str, amount: i64) {
        self.tell(Event::Pay {
            order: order.into(),
            amount,
            flow: Flow::Scan,
        });
    }

    /// An order whose code the terminal shows.
    pub fn show(&mut self, order: &str, amount: i64) {
        self.tell(Event::Pay {
            order: order.into(),
            amount,
            flow: Flow::Show,
        });
    }

    pub fn refund(&mut self, order: &str, amount: i64) {
        let order = order.into();
        self.tell(Event::Refund { order, amount });
    }

    pub fn void(&mut self, order: &str) {
        let order = order.into();
        self.tell(Event::Void { order });
    }

    /// The power fails, files are damaged, the power comes back.
    pub fn damage(&mut self, damage: StorageDamage) -> u32 {
        self.terminal.cut_power().unwrap();
        let changed = self.terminal.damage_storage(damage).unwrap();
        self.after_cut();
        changed.unwrap()
    }

    pub fn scan(&mut self, text: &str) {
        self.tell(Event::ScannerRead {
            text: text.into(),
            symbology: Symbology::Qr,
        });
    }

    /// An order and its scan, a second later.
    pub fn pay(&mut self, order: &str, amount: i64, code: &str) {
        self.order(order, amount);
        self.run(1);
        self.scan(code);
    }

    /// The host does this with the next messages of that operation.
    pub fn script(&mut self, operation: Operation, says: impl IntoIterator<Item = Say>) {
        self.host.next(operation, says);
    }

    pub fn outcomes(&self, order: &str) -> Vec<&Outcome> {
        self.did
            .iter()
            .filter_map(|(_, action)| match action {
                Action::Outcome(outcome) if &*outcome.order == order => Some(&**outcome),
                _ => None,
            })
            .collect()
    }

    pub fn last(&self, order: &str) -> &Outcome {
        self.outcomes(order)
            .pop()
            .unwrap_or_else(|| panic!("no word on {order}"))
    }

    /// Words on an operation of an order: status and reason.
    pub fn words(&self, order: &str, operation: PaidOperation) -> Vec<(Status, Option<Reason>)> {
        let of = self.outcomes(order).into_iter();
        of.filter(|outcome| outcome.operation == operation)
            .map(|o| (o.status, o.reason.as_ref().and_then(Word::known)))
            .collect()
    }

    /// How often the terminal did something of that kind.
    pub fn did(&self, name: &str) -> usize {
        let named = |(_, action): &&(Time, Action)| action.name() == name;
        self.did.iter().filter(named).count()
    }

    /// Statuses said of an order, repetitions left out.
    pub fn statuses(&self, order: &str) -> Vec<Status> {
        let mut statuses: Vec<_> = self.outcomes(order).iter().map(|o| o.status).collect();
        statuses.dedup();
        statuses
    }

    /// Asserts the last word on an order, and returns it.
    pub fn expect(&self, order: &str, status: Status, reason: impl Into<Option<Reason>>) {
        let last = self.last(order);
        let said = last.reason.as_ref().and_then(Word::known);
        assert_eq!((last.status, said), (status, reason.into()), "{last:?}");
    }

    pub fn advice(&self, order: &str) -> Vec<Advice> {
        let advice = &self.last(order).advice;
        advice.iter().filter_map(Word::known).collect()
    }

    /// Lines of the receipts printed so far.
    pub fn receipts(&self) -> Vec<Vec<String>> {
        self.did
            .iter()
            .filter_map(|(_, action)| match action {
                Action::Print { lines, .. } => {
                    Some(lines.iter().map(ToString::to_string).collect())
                }
                _ => None,
            })
            .collect()
    }

    /// Lines and reason of the last display.
    pub fn display(&self) -> (Vec<String>, Option<Reason>) {
        self.did
            .iter()
            .rev()
            .find_map(|(_, action)| match action {
                Action::Display { lines, reason, .. } => Some((
                    lines.iter().map(ToString::to_string).collect(),
                    reason.as_ref().and_then(Word::known),
                )),
                _ => None,
            })
            .unwrap()
    }

    /// How many connections were asked for.
    pub fn dials(&self) -> usize {
        let opens = |action: &Action| matches!(action, Action::HostOpen { .. });
        self.did.iter().filter(|(_, action)| opens(action)).count()
    }

    /// What must hold of every run of a terminal without defects: the host has understood
    /// everything, every order that did not get through has its reason, advice and a display in
    /// the shop's language, final words stay, and the money is where the terminal says it is.
    pub fn judge(&self) {
        assert_eq!(self.host.complaints, Vec::<String>::new());
        let mut last: BTreeMap<&str, &Outcome> = BTreeMap::new();
        // What went back, by DE37 of the message that gave it.
        let mut given: BTreeMap<&str, i64> = BTreeMap::new();
        let mut pending: BTreeMap<(&str, PaidOperation), Status> = BTreeMap::new();
        for (place, (at, action)) in self.did.iter().enumerate() {
            let Action::Outcome(outcome) = action else {
                continue;
            };
            pending.insert((&outcome.order, outcome.operation), outcome.status);
            if outcome.operation == PaidOperation::Pay {
                if let Some(earlier) = last.get(&*outcome.order)
                    && earlier.status == Status::Approved
                {
                    assert_eq!(*earlier, &**outcome, "a final word was changed");
                }
                last.insert(&outcome.order, outcome);
            } else if outcome.status == Status::Approved {
                let rrn = outcome.rrn.as_deref().unwrap();
                given.insert(rrn, outcome.amount.unwrap());
            }
            if outcome.status != Status::Approved {
                assert!(outcome.reason.as_ref().unwrap().known().is_some());
                assert!(!outcome.advice.is_empty());
                let chinese =
                    |line: &str| line.chars().any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c));
                let shown = self.did[place..]
                    .iter()
                    .take_while(|(then, _)| then == at)
                    .any(|(_, action)| {
                        matches!(action, Action::Display { lines, reason, .. }
                        if reason == &outcome.reason && lines.iter().any(chinese))
                    });
                assert!(shown, "no display for {outcome:?}");
            }
        }
        let said: i64 = last
            .values()
            .filter(|outcome| outcome.status == Status::Approved)
            .map(|outcome| outcome.amount.unwrap())
            .sum();
        if pending.values().all(|status| status.is_final()) {
            let said = said - given.values().sum::<i64>();
            assert_eq!(said, self.host.total(), "{last:?} {given:?}");
        }
    }
}
