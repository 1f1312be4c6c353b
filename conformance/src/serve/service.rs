//! The acquirer, the phones and the faults of a standing service, in one hand: what comes in and what
//! goes out, without a socket and without a clock of its own.

use std::collections::BTreeMap;

use counterproof_sim::fault::{Fault, FaultId, Site};
use counterproof_sim::host::{AskId, Durable, Host, HostOutput, Pace, Ruling};
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::money::Fen;
use counterproof_sim::phone::{Funding, Password, PhoneOutput, Presentation};
use counterproof_sim::random::Seeds;
use counterproof_sim::record::{ConnId, Fact};
use counterproof_sim::terminal::{StreamEnd, TerminalAccount};
use counterproof_sim::time::{Span, Time};

use super::history::History;
use super::phones::{Full, Owner, Phones};

/// Most faults at once.
const FAULTS: usize = 1_000;

/// What is to be done to a connection.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    /// Bytes go out, one by one if they are chopped.
    Write(ConnId, Vec<u8>, bool),
    /// It is closed in order.
    Close(ConnId),
    /// It is torn.
    Reset(ConnId),
}

/// How the service is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How the acquirer speaks.
    pub dialect: &'static Dialect,
    /// Who may speak with it.
    pub terminals: Vec<TerminalAccount>,
    /// How long answers take.
    pub pace: Pace,
    /// After how long a silence a connection is closed.
    pub idle: Span,
    /// Seed of all chance.
    pub seed: u64,
}

/// A fault that is armed.
#[derive(Clone, Debug)]
pub struct Armed {
    /// What it is.
    pub fault: Fault,
    /// How often it did its work.
    pub fired: u64,
}

/// Why a fault cannot be armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFault {
    /// It acts at the terminal, which is not ours.
    Elsewhere(Site),
    /// There are too many.
    Full,
}

/// Acquirer, phones and faults.
#[derive(Debug)]
pub struct Service {
    host: Host,
    phones: Phones,
    setup: Setup,
    /// What happened.
    pub history: History,
    faults: BTreeMap<FaultId, Armed>,
    next_fault: u32,
    outputs: Vec<Output>,
    standing: usize,
    /// Connections that were sent away because there were too many.
    pub turned_away: u64,
}

impl Service {
    /// A service that goes on from these states.
    pub fn new(now: Time, setup: Setup, states: impl IntoIterator<Item = Durable>) -> Self {
        let seeds = Seeds::new(setup.seed, "serve");
        let mut host = Host::empty(setup.dialect, &seeds);
        for account in &setup.terminals {
            host.register(account);
        }
        host.set_pace(setup.pace);
        host.set_idle(setup.idle);
        for state in states {
            host.restore(state);
        }
        host.watch_changes();
        let mut service = Self {
            host,
            phones: Phones::new(setup.seed),
            setup,
            history: History::default(),
            faults: BTreeMap::new(),
            next_fault: 1,
            outputs: Vec::new(),
            standing: 0,
            turned_away: 0,
        };
        let waiting: Vec<_> = service.host.asks().collect();
        for ask in waiting {
            service.asked(now, &ask);
        }
        service
    }

    /// The acquirer, to be looked at.
    pub const fn host(&self) -> &Host {
        &self.host
    }

    /// How it was set up.
    pub const fn setup(&self) -> &Setup {
        &self.setup
    }

    /// How many connections stand.
    pub const fn standing(&self) -> usize {
        self.standing
    }

    /// A connection was accepted.
    pub fn opened(&mut self, now: Time, conn: ConnId) {
        self.standing += 1;
        self.history.push(now, Fact::Accepted { conn });
        self.host.opened(now, conn);
    }

    /// Bytes arrived.
    pub fn received(&mut self, now: Time, conn: ConnId, bytes: &[u8]) {
        self.host.received(now, conn, bytes);
        self.drain_host(now);
    }

    /// A connection ended.
    pub fn ended(&mut self, now: Time, conn: ConnId, how: StreamEnd) {
        self.standing = self.standing.saturating_sub(1);
        self.history.push(now, Fact::Ended { conn, how });
        self.host.ended(now, conn, how);
    }

    /// When it next wants to be woken.
    pub fn wake_at(&self) -> Option<Time> {
        [self.host.wake_at(), self.phones.wake_at()]
            .into_iter()
            .flatten()
            .min()
    }

    /// When the next answer is due that is on its way.
    pub fn answer_due(&self) -> Option<Time> {
        self.host.answer_due()
    }

    /// Does what is due.
    pub fn wake(&mut self, now: Time) {
        if self.host.wake_at().is_some_and(|at| at <= now) {
            self.host.wake(now);
        }
        self.drain_host(now);
        for output in self.phones.wake(now) {
            match output {
                PhoneOutput::Confirm { ask, yes } => self.confirm(now, ask, yes),
                PhoneOutput::Fired(id) => self.fired(now, id),
            }
        }
    }

    /// What is to be done to connections, in this order; to be asked for when everything else is done.
    pub fn outputs(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.outputs)
    }

    /// What changed and must be kept before the outputs go out.
    pub fn changes(&mut self) -> Durable {
        self.host.changes()
    }

    fn drain_host(&mut self, now: Time) {
        while let Some(output) = self.host.poll() {
            match output {
                HostOutput::Write {
                    conn,
                    bytes,
                    chopped,
                } => self.outputs.push(Output::Write(conn, bytes, chopped)),
                HostOutput::Close { conn } => self.outputs.push(Output::Close(conn)),
                HostOutput::Reset { conn } => self.outputs.push(Output::Reset(conn)),
                HostOutput::Ask(ask) => {
                    let wallet = ask.wallet;
                    self.history.push(now, Fact::Asked { wallet });
                    self.asked(now, &ask);
                }
                HostOutput::Fact(fact) => self.history.push(now, fact),
                HostOutput::Fired(id) => self.fired(now, id),
            }
        }
    }

    fn asked(&mut self, now: Time, ask: &counterproof_sim::host::Ask) {
        let transaction = self.host.transaction(&ask.key);
        if let Some((customer, _)) = transaction.and_then(|t| t.customer) {
            self.phones.asked(now, ask, customer);
        }
    }

    fn fired(&mut self, now: Time, id: FaultId) {
        if let Some(armed) = self.faults.get_mut(&id) {
            armed.fired += 1;
        }
        self.history.push(now, Fact::Fired { id });
    }
}

/// What a person at the service can do.
impl Service {
    /// A customer shows a new code.
    ///
    /// # Errors
    /// When there are too many phones.
    pub fn show_code(
        &mut self,
        now: Time,
        owner: Owner,
        funding: Option<Funding>,
        password: Option<Password>,
    ) -> Result<Presentation, Full> {
        let shown = self.phones.show(now, owner, funding, password)?;
        if let Some(code) = &shown.code {
            self.host.issue(code);
        }
        let code = shown.code.as_ref().map(|code| code.text.clone());
        let wallet = owner.0;
        self.history.push(now, Fact::Presented { wallet, code });
        Ok(shown)
    }

    /// A customer scans the code that a terminal shows, and pays it.
    ///
    /// # Errors
    /// When there are too many phones.
    pub fn pay(
        &mut self,
        now: Time,
        owner: Owner,
        funding: Option<Funding>,
        payload: &str,
    ) -> Result<Option<Result<Fen, Ruling>>, Full> {
        let payer = self.phones.scan(now, owner, funding, payload)?;
        let paid = payer.map(|payer| self.host.pay_order(now, payload, owner.0, payer));
        self.history.push(
            now,
            Fact::Scanned {
                wallet: owner.0,
                paid: paid.as_ref().and_then(|paid| paid.as_ref().ok().copied()),
            },
        );
        self.drain_host(now);
        Ok(paid)
    }

    /// A customer answers a question. Nothing happens to one that does not wait.
    pub fn confirm(&mut self, now: Time, ask: AskId, yes: bool) {
        self.history.push(now, Fact::Confirmed { yes });
        self.host.confirmed(now, ask, yes);
        self.drain_host(now);
    }

    /// A customer's means, to be set up.
    pub fn customer_mut(&mut self, owner: Owner) -> &mut counterproof_sim::host::Customer {
        self.host.customer_mut(owner.0, owner.1)
    }

    /// Whether a customer answers questions unasked.
    pub fn answers(&self, owner: Owner) -> bool {
        self.phones.answers(owner)
    }

    /// Chooses whether a customer answers questions unasked.
    pub fn set_answers(&mut self, owner: Owner, answers: bool) {
        self.phones.set_answers(owner, answers);
    }

    /// The faults that are armed.
    pub const fn faults(&self) -> &BTreeMap<FaultId, Armed> {
        &self.faults
    }

    /// Arms a fault.
    ///
    /// # Errors
    /// When it acts at the terminal, or too many are armed.
    pub fn arm(&mut self, now: Time, fault: Fault) -> Result<FaultId, NoFault> {
        if self.faults.len() >= FAULTS {
            return Err(NoFault::Full);
        }
        let id = FaultId(self.next_fault);
        let site = fault.kind.site();
        match site {
            Site::Host | Site::Wallet => self.host.arm(now, id, &fault),
            Site::Phone => self.phones.arm(now, id, &fault),
            Site::Device | Site::Link | Site::Power => return Err(NoFault::Elsewhere(site)),
        }
        self.next_fault += 1;
        let fact = Fact::Armed {
            id,
            fault: fault.clone(),
        };
        self.history.push(now, fact);
        self.faults.insert(id, Armed { fault, fired: 0 });
        self.drain_host(now);
        Ok(id)
    }

    /// Lifts a fault. Returns whether it was armed.
    pub fn lift(&mut self, now: Time, id: FaultId) -> bool {
        if self.faults.remove(&id).is_none() {
            return false;
        }
        self.host.lift(now, id);
        self.phones.lift(now, id);
        self.history.push(now, Fact::Lifted { id });
        true
    }
}
