//! The acquirer network (network.md §1–3): front end, switch, wallet hosts and ledger behind one
//! state machine that reads bytes and writes bytes.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `front`, `connections` | connections, frames, the order in which a request is judged |
//! | `request` | what a message asks for, and the rules of form |
//! | `session`, `manage` | keys and batch of a terminal; sign-in, echo, sign-off, end of a batch |
//! | `switch` | what is common to operations; each has a file of its name |
//! | [`wallet`] | the wallet hosts: codes, customers, credit |
//! | `book`, [`ledger`] | what is remembered of transactions, and of money |
//! | `answer` | the answer to a request |
//! | `delivery`, `mischief`, `faults` | when it goes out, and what faults make of it |
//! | `durable` | what must outlive a restart |
//!
//! Requests take effect in the order in which they arrive; only the answers take their time.
//!
//! Not here: the link between terminal and host, and the customer's phone.

mod answer;
mod book;
mod connections;
mod delivery;
mod durable;
mod faults;
mod front;
mod give_back;
mod key;
pub mod ledger;
mod manage;
mod merchant_code;
mod mischief;
mod query;
mod request;
mod reversal;
mod ruling;
mod sale;
mod session;
mod settlement;
mod switch;
mod waiting;
pub mod wallet;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

pub use book::{Standing, Transaction, Wait};
pub use durable::{Durable, SealedKey, SessionState};
pub use key::{Key, MerchantId, TerminalId};
pub use ledger::{Ledger, Posting, PostingKind};
pub use ruling::{ResponseCode, Ruling};
pub use session::MacState;
pub use wallet::Customer;

use crate::fault::{Fault, FaultId, FaultKind};
use crate::iso8583::{Dialect, Message, Packet};
use crate::link::Listener;
use crate::money::Fen;
use crate::phone::{IssuedCode, Payer};
use crate::random::{Chance, Seeds};
use crate::record::{ConnId, Fact};
use crate::terminal::TerminalAccount;
use crate::time::{Span, Time};
use crate::vocabulary::Wallet;
use connections::Connections;
use delivery::{Agenda, Parcel};
use durable::Changed;
use faults::Faults;
use session::Session;
use switch::Switch;

/// Number of a question that a wallet asks its customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AskId(pub u32);

/// A wallet asks its customer to confirm a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Its number.
    pub id: AskId,
    /// Which wallet.
    pub wallet: Wallet,
    /// How much would be paid.
    pub amount: Fen,
    /// For which transaction.
    pub key: Key,
    /// When it lapses.
    pub until: Time,
}

/// What the host does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostOutput {
    /// It writes bytes.
    Write {
        /// On which connection.
        conn: ConnId,
        /// A frame, or what a fault made of one.
        bytes: Vec<u8>,
        /// A fault cuts them into single bytes.
        chopped: bool,
    },
    /// It closes a connection in order; it hears nothing of it any more.
    Close {
        /// Which.
        conn: ConnId,
    },
    /// It tears a connection.
    Reset {
        /// Which.
        conn: ConnId,
    },
    /// A wallet asks its customer.
    Ask(Ask),
    /// Something happened that belongs into the record.
    Fact(Fact),
    /// A fault did its work.
    Fired(FaultId),
}

type Outputs = VecDeque<HostOutput>;

/// The world in which one request is handled.
struct Context<'c> {
    now: Time,
    faults: &'c Faults,
    out: &'c mut Outputs,
}

impl Context<'_> {
    /// Whether a state of this kind holds; it did its work if so.
    fn holds(&mut self, kind: FaultKind) -> bool {
        match self.faults.state(kind) {
            Some(id) => {
                self.out.push_back(HostOutput::Fired(id));
                true
            }
            None => false,
        }
    }
}

/// How long the acquirer takes for its answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// As long as front end, wallets and security module take.
    #[default]
    Simulated,
    /// No time at all, unless a fault says so.
    Prompt,
}

/// The acquirer network.
#[derive(Debug)]
pub struct Host {
    dialect: &'static Dialect,
    conns: Connections,
    /// A connection on which nothing was heard for so long is closed.
    idle: Span,
    sessions: Vec<Session>,
    /// Where in `sessions` a terminal is.
    session_of: BTreeMap<TerminalId, usize>,
    changed_sessions: Changed<usize>,
    switch: Switch,
    faults: Faults,
    agenda: Agenda,
    /// Answers that wait until another one has gone out.
    held: Vec<Parcel>,
    out: Outputs,
    pace: Pace,
    /// How long the front end takes.
    takes: Chance,
    keys: Chance,
    /// What faults draw.
    chaos: Chance,
    /// How many MACs faults have spoilt so far.
    spoilt_macs: u32,
    /// How many frames of impossible length faults have sent so far.
    impossible_lengths: u32,
    /// Kept between requests, so that none allocates them.
    packet: Option<Box<Packet>>,
    answer: Message,
}

impl Host {
    /// An acquirer that knows one terminal. A master key that is not of 16 bytes leaves the
    /// terminal unregistered.
    pub fn new(
        dialect: &'static Dialect,
        account: &TerminalAccount,
        _start: Time,
        seeds: &Seeds,
    ) -> Self {
        let mut host = Self::empty(dialect, seeds);
        host.register(account);
        host
    }

    /// An acquirer that knows no terminal.
    pub fn empty(dialect: &'static Dialect, seeds: &Seeds) -> Self {
        Self {
            dialect,
            conns: Connections::default(),
            idle: front::IDLE,
            sessions: Vec::new(),
            session_of: BTreeMap::new(),
            changed_sessions: Changed::default(),
            switch: Switch::new(seeds),
            faults: Faults::default(),
            agenda: Agenda::default(),
            held: Vec::new(),
            out: Outputs::new(),
            pace: Pace::default(),
            takes: seeds.component("host.pace"),
            keys: seeds.component("host.keys"),
            chaos: seeds.component("host.faults"),
            spoilt_macs: 0,
            impossible_lengths: 0,
            packet: None,
            answer: Message::default(),
        }
    }

    /// Registers one more terminal; of two with the same number the first one stays.
    pub fn register(&mut self, account: &TerminalAccount) {
        if let Ok(session) = Session::new(account) {
            let index = self.sessions.len();
            self.session_of.entry(session.terminal).or_insert(index);
            self.sessions.push(session);
        }
    }

    /// Chooses how long answers take.
    pub const fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
    }

    /// Chooses after how long a silence a connection is closed.
    pub const fn set_idle(&mut self, idle: Span) {
        self.idle = idle;
    }

    /// A phone drew a code; app and wallet host share the secret that it comes from.
    pub fn issue(&mut self, code: &IssuedCode) {
        self.switch.wallets.issue(code);
    }

    /// The customer answered a question. Too late, it changes nothing.
    pub fn confirmed(&mut self, now: Time, ask: AskId, yes: bool) {
        let mut on = Context {
            now,
            faults: &self.faults,
            out: &mut self.out,
        };
        self.switch.confirmed(&mut on, ask, yes);
    }

    /// A customer scanned the code that a terminal shows, and pays. Returns what was charged.
    ///
    /// # Errors
    /// Why the wallet does not pay: the payload is none of this acquirer's or its order no longer
    /// waits, or the customer's means do not bear it.
    pub fn pay_order(
        &mut self,
        now: Time,
        payload: &str,
        wallet: Wallet,
        payer: Payer,
    ) -> Result<Fen, Ruling> {
        let mut on = Context {
            now,
            faults: &self.faults,
            out: &mut self.out,
        };
        self.switch.pay_order(&mut on, payload, wallet, payer)
    }

    /// Arms a fault of acquirer or wallet. Messages are counted from here.
    pub fn arm(&mut self, _now: Time, id: FaultId, fault: &Fault) {
        self.faults.arm(id, fault);
        for (index, session) in self.sessions.iter_mut().enumerate() {
            session.arm(id, fault.kind);
            if fault.kind == FaultKind::BatchDiffers {
                self.changed_sessions.note(|| index);
            }
        }
        if fault.kind == FaultKind::HostRefusing && !self.conns.is_empty() {
            // A host that is down has torn what stood.
            self.out.push_back(HostOutput::Fired(id));
            let resets = self.conns.drain().into_iter();
            self.out
                .extend(resets.map(|conn| HostOutput::Reset { conn }));
        }
    }

    /// Lifts a fault; nothing happens where it is none of the acquirer's.
    pub fn lift(&mut self, _now: Time, id: FaultId) {
        self.faults.lift(id);
        for session in &mut self.sessions {
            session.lift(id);
        }
    }

    /// What it did, oldest first.
    pub fn poll(&mut self) -> Option<HostOutput> {
        self.out.pop_front()
    }

    /// What a new connection meets.
    pub fn listener(&self) -> Listener {
        if self.faults.state(FaultKind::HostRefusing).is_some() {
            Listener::Refusing
        } else if self.faults.state(FaultKind::HostOutage).is_some() {
            Listener::Silent
        } else {
            Listener::Accepting
        }
    }

    /// The fault that makes new connections meet something else than [`Listener::Accepting`]. The
    /// host does not see them; whoever does lets this fault fire.
    pub fn listener_fault(&self) -> Option<FaultId> {
        let refusing = self.faults.state(FaultKind::HostRefusing);
        refusing.or_else(|| self.faults.state(FaultKind::HostOutage))
    }

    /// A customer's means, to be set up.
    pub fn customer_mut(&mut self, wallet: Wallet, customer: u32) -> &mut Customer {
        self.switch.wallets.customer_mut(wallet, customer)
    }

    /// The truth about money.
    pub fn ledger(&self) -> &Ledger {
        &self.switch.ledger
    }

    /// The batch of a terminal: open, or closed and waiting for the next sign-in. `None` for a
    /// terminal that is not registered.
    pub fn batch(&self, terminal: TerminalId) -> Option<u32> {
        let index = *self.session_of.get(&terminal)?;
        Some(self.sessions[index].batch)
    }

    /// Every transaction that is remembered, by key.
    pub fn transactions(&self) -> impl DoubleEndedIterator<Item = (&Key, &Transaction)> {
        self.switch.book.all()
    }

    /// The questions that wait for their customers.
    pub fn asks(&self) -> impl Iterator<Item = Ask> {
        self.switch.pending()
    }

    /// A customer's means; what was spent since is the ledger's.
    pub fn customer(&self, wallet: Wallet, customer: u32) -> Customer {
        self.switch.wallets.customer(wallet, customer)
    }

    /// What is remembered of a transaction.
    pub fn transaction(&self, key: &Key) -> Option<&Transaction> {
        self.switch.book.get(key)
    }
}
