//! The terminal while it has power: its parts, and how an event goes through them. What is not in
//! the journal or the session is lost with the power.
//!
//! Not here: what is done about an event – that is in [`super::pay`], [`super::desk`] and
//! [`super::engine`].

use std::sync::Arc;

use super::code::Code;
use super::config::Config;
use super::conn::Line;
use super::defects::{Defect, Defects};
use super::engine::{Asking, Exchange, Rounds, Tries};
use super::journal::{Journal, Record};
use super::notes::Note;
use super::printer::Printer;
use super::scanner::Scanner;
use super::self_test::Test;
use super::session::Session;
use super::storage::{Health, Storage};
use crate::iso8583::{Dialect, Message, Packet};
use crate::terminal::{Action, Boot, Event};
use crate::time::{Span, Time};
use crate::vocabulary::Reason;

/// Steps that may follow one another within one event. None of the engine's ways is longer.
const STEPS: usize = 64;

/// The terminal with power on.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) defects: Defects,
    pub(super) dialect: &'static Dialect,
    pub(super) config: Config,
    pub(super) journal: Journal,
    pub(super) session: Session,
    pub(super) line: Line,
    pub(super) scanner: Scanner,
    pub(super) printer: Printer,
    /// What the cashier has asked for.
    pub(super) task: Option<Task>,
    /// The one exchange with the host that is under way.
    pub(super) exchange: Option<Exchange>,
    /// The tries of the reversals that are owed.
    pub(super) tries: Tries,
    /// A sign-in by itself has failed; the next waits for an operation.
    pub(super) gave_up_sign_in: bool,
    /// The state in which the storage was found, until the cashier has been told.
    pub(super) health: Health,
    /// The code on the screen, while its order waits for the customer.
    pub(super) shown: Option<Box<str>>,
    /// Nothing has been said since the power came.
    pub(super) just_booted: bool,
    /// The program has stopped, as it does with some defects.
    pub(super) hung: bool,
    /// A defect's memory of the last credit decline.
    pub(super) grudge: Option<Reason>,
    /// A defect's memory of a code that was read twice.
    pub(super) echo: Option<Code>,
    /// When a terminal with a defect signs in again.
    pub(super) sign_in_again: Option<Time>,
    pub(super) now: Time,
    pub(super) out: Vec<Action>,
    pub(super) message: Message,
    pub(super) packet: Packet,
}

/// What the cashier has asked for. Operation, amount and request of an order are in the journal's
/// books.
#[derive(Clone, Debug)]
pub(super) enum Task {
    /// A payment, a refund or a void: the order in hand.
    Order(Stage),
    /// A look-up at the host.
    LookUp(Arc<str>),
    /// A sign-in.
    SignIn,
    /// The settlement of the batch.
    Settle(Rounds),
    /// A self-test.
    Test(Test),
}

/// How far an order has come.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stage {
    /// The customer's code is to be scanned or typed.
    Scan {
        /// The scan time-out.
        until: Time,
    },
    /// The request leaves as soon as connection, keys and older reversals allow.
    Ready {
        /// The payment code, where the customer has shown one.
        code: Option<Code>,
    },
    /// The request has left.
    Sent,
    /// The host has not decided, and is asked again.
    Asking(Asking),
}

impl Device {
    /// Power comes.
    pub(super) fn boot(
        storage: Storage,
        boot: Boot,
        config: Config,
        dialect: &'static Dialect,
        defects: Defects,
        now: Time,
    ) -> Self {
        let (stan, batch) = config.first;
        let (journal, health) = match boot {
            Boot::Factory => (Journal::found(storage, stan, batch, defects), Health::Sound),
            Boot::Cold => Journal::open(storage, defects),
        };
        let (mut journal, mut health) = match health {
            Health::Empty | Health::Lost if defects.has(Defect::LossStartsAnew) => {
                let storage = journal.into_storage();
                (Journal::found(storage, stan, batch, defects), Health::Sound)
            }
            health => (journal, health),
        };
        if boot == Boot::Cold && defects.has(Defect::StanInMemory) {
            journal.restart_numbers(stan);
        } else if !journal.books().founded {
            // Nobody knows any more which numbers were used; those of the hour hardly were.
            journal.restart_numbers(1 + now.as_millis() as u32 / 1_000 % 900_000);
        }
        let session = match boot {
            Boot::Factory => Session::found(batch, journal.storage()),
            Boot::Cold => {
                let batch = journal.books().first_batch;
                let (session, found) = Session::open(
                    journal.storage(),
                    batch,
                    &config.master,
                    dialect.algorithm(),
                    defects,
                );
                let damaged = found != Health::Sound;
                if damaged && health == Health::Sound && !defects.has(Defect::DamageUnnoticed) {
                    // A session that is lost is as good as mended: a sign-in brings another one.
                    health = Health::Mended;
                }
                session
            }
        };
        if boot == Boot::Cold {
            note_start(&mut journal, health, now);
        }
        Self {
            defects,
            dialect,
            line: Line::new(config.links.len()),
            config,
            journal,
            session,
            scanner: Scanner::default(),
            printer: Printer::default(),
            task: None,
            exchange: None,
            tries: Tries::default(),
            gave_up_sign_in: false,
            health,
            shown: None,
            just_booted: boot == Boot::Cold,
            hung: false,
            grudge: None,
            echo: None,
            sign_in_again: None,
            now,
            out: Vec::new(),
            message: Message::default(),
            packet: Packet::default(),
        }
    }

    /// Power goes; what was durable is left.
    pub(super) fn into_storage(self) -> Storage {
        self.journal.into_storage()
    }

    /// When the terminal wants to be woken for what it does by itself after a boot.
    pub(super) fn first_wake(&self) -> Option<Time> {
        (self.just_booted && self.has_boot_duties()).then_some(self.now)
    }

    /// Something happens. Actions are in `self.out` afterwards; the result is when to wake.
    pub(super) fn event(&mut self, at: Time, event: &Event) -> Option<Time> {
        self.now = at;
        if self.hung {
            return None;
        }
        self.journal.catch_up();
        if std::mem::take(&mut self.just_booted) {
            self.after_boot();
        }
        self.handle(event);
        for _ in 0..STEPS {
            if self.hung || !(self.expire() || self.advance()) {
                break;
            }
        }
        self.keep_code_shown();
        self.next_wake()
    }

    fn handle(&mut self, event: &Event) {
        match event {
            Event::Pay {
                order,
                amount,
                flow,
            } => self.pay(order, *amount, *flow),
            Event::Cancel => self.cancel(),
            Event::ManualCode { text } => self.code_typed(text),
            Event::SignIn => self.sign_in_wanted(),
            Event::Status { order } => self.look_up(order),
            Event::Refund { order, amount } => self.refund(order, *amount),
            Event::Void { order } => self.void(order),
            Event::Settle => self.settle_wanted(),
            Event::Reprint => self.reprint(),
            Event::SelfTest => self.test_wanted(),
            Event::DeviceLog => self.hand_over_notes(),
            Event::ScannerRead { text, .. } => self.code_read(text),
            Event::ScannerFault { kind } => self.scanner_reports(*kind),
            Event::LinkDown { link } => self.link_changes(link, false),
            Event::LinkUp { link } => {
                self.link_changes(link, true);
                self.link_is_up();
            }
            Event::HostOpened { conn } => self.opened(*conn),
            Event::HostRefused { conn, reason } => self.refused(*conn, *reason),
            Event::HostData { conn, data } => self.data(*conn, data),
            Event::HostClosed { conn, .. } => self.closed(*conn),
            Event::PrinterFault { kind } => self.printer_reports(*kind),
            // A wake is the deadline itself; the others are refused before they come here.
            Event::Wake | Event::ScannerImage { .. } | Event::PowerCut => {}
        }
    }

    fn link_changes(&mut self, link: &str, up: bool) {
        if self.line.set_link(&self.config.links, link, up) {
            self.note(if up { Note::LinkUp } else { Note::LinkDown });
        }
    }

    /// The next deadline, in whole milliseconds and after now.
    fn next_wake(&self) -> Option<Time> {
        if self.hung {
            return None;
        }
        let task = match &self.task {
            Some(Task::Order(Stage::Scan { until })) => Some(*until),
            Some(Task::Order(Stage::Asking(_))) if self.awaits_query() => None,
            Some(Task::Order(Stage::Asking(window))) if self.exchange.is_some() => {
                Some(window.until)
            }
            Some(Task::Order(Stage::Asking(window))) => Some(window.until.min(window.next_at)),
            Some(Task::Test(test)) if self.exchange.is_none() => Some(test.until()),
            _ => None,
        };
        let exchange = self.exchange.as_ref().map(|exchange| exchange.step.until());
        let reversal = (self.exchange.is_none() && !self.journal.books().reversals.is_empty())
            .then(|| self.tries.next_at());
        let again = self.sign_in_again;
        let next = [task, exchange, reversal, again]
            .into_iter()
            .flatten()
            .min()?;
        (next < Time::NEVER).then(|| {
            next.ceil_to_millis()
                .max((self.now + Span::from_millis(1)).ceil_to_millis())
        })
    }
}

/// A start is noted, and what it found.
fn note_start(journal: &mut Journal, health: Health, at: Time) {
    let found = match health {
        Health::Sound => None,
        Health::Mended => Some(Note::StorageMended),
        Health::Empty | Health::Lost => Some(Note::StorageLost),
    };
    for note in [Some(Note::PowerBack), found].into_iter().flatten() {
        journal.write(&Record::Noted { note, at });
    }
}
