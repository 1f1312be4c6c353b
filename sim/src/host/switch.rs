//! The switch: takes a request whose form, keys and batch are right, asks the wallet host, moves
//! the money and remembers. What each operation does is in the file of its name.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Book, Standing, Transaction};
use super::durable::Durable;
use super::key::Key;
use super::ledger::{Ledger, PostingKind};
use super::request::Request;
use super::ruling::{Forced, ResponseCode, Ruling};
use super::wallet::{Refusal, Wallets};
use super::{AskId, Context, HostOutput};
use crate::iso8583::Message;
use crate::iso8583::de48::{self, Totals};
use crate::money::Fen;
use crate::phone::route;
use crate::random::Seeds;
use crate::record::Fact;
use crate::time::{Span, Time};
use crate::vocabulary::{Operation, Wallet};

/// The switch and what stands behind it.
#[derive(Debug)]
pub(super) struct Switch {
    pub book: Book,
    pub ledger: Ledger,
    pub wallets: Wallets,
    /// When what waits for a customer lapses.
    pub timers: BTreeSet<(Time, Key)>,
    /// Which transaction a question is about.
    pub asks: BTreeMap<AskId, Key>,
    pub next_ask: u32,
    /// Requests that were given a reference number.
    numbered: u32,
}

/// What comes of a request.
#[derive(Debug)]
pub(super) struct Decision {
    pub ruling: Ruling,
    pub wallet: Option<Wallet>,
    /// DE4 of the answer; `None`: that of the request, if it has one.
    pub amount: Option<Fen>,
    /// DE37 of the answer; `None`: a new one.
    pub rrn: Option<[u8; 12]>,
    /// DE38.
    pub auth: Option<[u8; 6]>,
    /// 60.2 of the answer; `None`: that of the request.
    pub batch: Option<u32>,
    pub extra: Extra,
    /// What is answered as a fault wants it, whatever the ruling.
    pub forced: Option<Forced>,
    /// By how many instalments an approved payment is paid back.
    pub instalments: u32,
    /// How long it took behind the front end.
    pub took: Span,
    /// What its maker should know about the request.
    pub note: Option<&'static str>,
}

/// What only one operation answers.
#[derive(Debug)]
pub(super) enum Extra {
    None,
    /// The content of the code that the terminal is to show.
    Payload(String),
    /// DE62.
    Keys(Vec<u8>),
    /// DE48.
    Totals(Totals),
}

impl Decision {
    pub const fn of(ruling: Ruling) -> Self {
        Self {
            ruling,
            wallet: None,
            amount: None,
            rrn: None,
            auth: None,
            batch: None,
            extra: Extra::None,
            forced: None,
            instalments: 1,
            took: Span::ZERO,
            note: None,
        }
    }

    /// Nothing is done and a code is answered.
    pub const fn forced(answer: Forced) -> Self {
        let mut decision = Self::of(Ruling::Malfunction);
        decision.forced = Some(answer);
        decision
    }

    /// DE39.
    pub fn code(&self) -> ResponseCode {
        self.forced.map_or(self.ruling.code(), |forced| forced.code)
    }

    /// What stands behind DE39 as far as the terminal is told.
    pub fn told(&self) -> Option<Ruling> {
        match self.forced {
            Some(forced) => forced.told,
            None => Some(self.ruling),
        }
    }

    /// Of a settlement: whether the totals agree.
    pub fn balanced(&self) -> Option<bool> {
        match &self.extra {
            Extra::Totals(totals) => Some(totals.domestic.code == de48::BALANCED),
            _ => None,
        }
    }

    pub const fn with(ruling: Ruling, wallet: Option<Wallet>) -> Self {
        let mut decision = Self::of(ruling);
        decision.wallet = wallet;
        decision
    }
}

impl Switch {
    pub fn new(seeds: &Seeds) -> Self {
        Self {
            book: Book::default(),
            ledger: Ledger::default(),
            wallets: Wallets::new(seeds),
            timers: BTreeSet::new(),
            asks: BTreeMap::new(),
            next_ask: 0,
            numbered: 0,
        }
    }

    /// Reference numbers given so far, and questions asked so far.
    pub const fn counters(&self) -> (u32, u32) {
        (self.numbered, self.next_ask)
    }

    /// Takes in what was remembered; what waits for a customer waits on.
    pub fn restore(&mut self, state: Durable) {
        (self.numbered, self.next_ask) = state.counters;
        for posting in state.postings {
            self.ledger.enter(posting);
        }
        for key in state.reversed {
            self.book.reversed_before(key);
        }
        for (key, transaction) in state.transactions {
            self.stop_waiting(key);
            if let Standing::Waiting(wait) = transaction.standing {
                self.timers.insert((wait.until, key));
                self.asks.extend(wait.ask.map(|ask| (ask, key)));
            }
            self.book.insert(key, transaction);
        }
        for (code, used) in state.codes {
            self.wallets.restore_code(code, used);
        }
        for (wallet, number, means) in state.customers {
            *self.wallets.customer_mut(wallet, number) = means;
        }
    }

    /// Does what a request asks for. `code` is the payment code that it carries.
    pub fn handle(
        &mut self,
        on: &mut Context<'_>,
        request: &Request,
        message: &Message,
        code: Option<&[u8]>,
    ) -> Decision {
        match request.operation {
            Operation::Sale => self.sale(on, request, code.unwrap_or_default()),
            Operation::CodeOrder => self.code_order(on, request),
            Operation::Query => self.query(request),
            Operation::Void => self.void(on, request, message),
            Operation::Refund => self.refund(on, request, message),
            Operation::Reversal => self.reversal(on, request),
            Operation::Settlement => self.settlement(on, request, message),
            // Sign-in, echo, sign-off and what closes a batch change the terminal's session; the
            // front end does them.
            Operation::SignIn
            | Operation::Echo
            | Operation::SignOff
            | Operation::BatchDetail
            | Operation::BatchEnd => Decision::of(Ruling::Approved),
        }
    }

    /// DE37 and, for what is approved, DE38: the host's time and a running number, so that no two
    /// are the same.
    pub fn number(&mut self, now: Time) -> ([u8; 12], [u8; 6]) {
        self.numbered = (self.numbered + 1) % 1_000_000;
        let mut rrn = [0; 12];
        rrn[..6].copy_from_slice(&now.civil().hhmmss());
        rrn[6..].copy_from_slice(&n6(self.numbered));
        // Spread, so that authorisation codes do not look like a counter.
        (
            rrn,
            n6(((u64::from(self.numbered) * 7_919 + 271_828) % 1_000_000) as u32),
        )
    }

    /// Moves the money of a transaction and records it; nothing where nobody pays.
    pub fn post(
        &mut self,
        on: &mut Context<'_>,
        kind: PostingKind,
        key: Key,
        transaction: &Transaction,
        amount: Fen,
        to_merchant: bool,
    ) {
        if let Some(money) = transaction.money(amount, to_merchant) {
            let posting = self.ledger.post(kind, key, &money);
            on.out
                .push_back(HostOutput::Fact(Fact::Posted(posting.into())));
        }
    }

    /// Remembers a request that came to nothing, and answers it.
    pub fn decline(
        &mut self,
        on: &Context<'_>,
        request: &Request,
        wallet: Option<Wallet>,
        refusal: impl Into<Refusal>,
    ) -> Decision {
        let Refusal { kept, says } = refusal.into();
        let (rrn, _) = self.number(on.now);
        let transaction = Transaction {
            standing: Standing::Declined(kept),
            wallet,
            rrn,
            ..fresh(request)
        };
        self.book.insert(request.key, transaction);
        Decision {
            rrn: Some(rrn),
            ..Decision::with(says, wallet)
        }
    }

    /// The wallet of a payment code.
    pub fn wallet_of(code: &[u8]) -> Option<(Wallet, &str)> {
        let code = str::from_utf8(code).ok()?;
        route(code).map(|wallet| (wallet, code))
    }
}

/// A transaction of which nothing is known but its request.
pub(super) const fn fresh(request: &Request) -> Transaction {
    Transaction {
        operation: request.operation,
        standing: Standing::Declined(Ruling::Invalid),
        asked: request.amount,
        amount: request.amount,
        wallet: None,
        customer: None,
        instalments: 1,
        merchant: request.merchant,
        payment: request.key,
        rrn: [b' '; 12],
        auth: None,
        refunded: Fen::ZERO,
        voided: false,
    }
}

/// A number as six digits.
pub(super) fn n6(number: u32) -> [u8; 6] {
    let digits = Fen::new(number.into()).n12();
    *digits.last_chunk().unwrap_or(b"000000")
}
