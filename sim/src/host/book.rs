//! What the acquirer remembers of transactions (network.md §2): how each one stands, and what a
//! batch adds up to. Not here: money (the ledger) and the decisions (the switch).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::AskId;
use super::durable::{Changed, ascii};
use super::key::{Key, MerchantId, TerminalId};
use super::ledger::{Money, Source};
use super::ruling::Ruling;
use crate::iso8583::de48::Side;
use crate::money::Fen;
use crate::time::Time;
use crate::vocabulary::{Operation, Wallet};

/// How a transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// Money has moved, as much as was asked for.
    Approved,
    /// Money has moved, less than was asked for.
    Partial,
    /// It waits for the customer.
    Waiting(Wait),
    /// Refused or closed, for this.
    Declined(Ruling),
    /// Taken back by a reversal.
    Reversed,
}

/// What a transaction waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// When it lapses.
    pub until: Time,
    /// The question to the customer; `None` where the order waits to be scanned.
    pub ask: Option<AskId>,
    /// What it becomes with a yes: approved, wholly or in part.
    pub(super) kept: Ruling,
}

/// A sale, a code order, a void or a refund as it was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// Which of them.
    pub operation: Operation,
    /// How it stands.
    pub standing: Standing,
    /// DE4 of the request.
    pub asked: Fen,
    /// What it moves or would move.
    pub amount: Fen,
    /// The customer's wallet, once it is known.
    pub wallet: Option<Wallet>,
    /// The customer's number there and funding source, once they are known.
    pub customer: Option<(u32, Source)>,
    /// Of an approved payment: by how many instalments it is paid back.
    pub(super) instalments: u32,
    /// Who is paid.
    pub merchant: MerchantId,
    /// The payment that it belongs to: itself, or the original of a void or refund.
    pub payment: Key,
    /// DE37.
    #[serde(with = "ascii")]
    pub rrn: [u8; 12],
    /// DE38, of what is approved.
    #[serde(with = "ascii::option")]
    pub auth: Option<[u8; 6]>,
    /// Of a payment: given back by refunds.
    pub refunded: Fen,
    /// Of a payment: given back by a void.
    pub voided: bool,
}

impl Transaction {
    /// Whether money has moved for it and not been taken back.
    pub const fn stands(&self) -> bool {
        matches!(self.standing, Standing::Approved | Standing::Partial)
    }

    /// Whether it is a payment: a sale or a code order.
    pub const fn is_payment(&self) -> bool {
        matches!(self.operation, Operation::Sale | Operation::CodeOrder)
    }

    /// Its money, to or from the merchant; `None` while nobody pays.
    pub(super) fn money(&self, amount: Fen, to_merchant: bool) -> Option<Money> {
        let (customer, source) = self.customer?;
        Some(Money {
            payment: self.payment,
            wallet: self.wallet?,
            customer,
            source,
            merchant: self.merchant,
            amount,
            to_merchant,
        })
    }
}

/// All that is remembered.
#[derive(Debug, Default)]
pub(super) struct Book {
    transactions: BTreeMap<Key, Transaction>,
    /// Reversed before they were seen: networks reorder.
    reversed_unseen: BTreeSet<Key>,
    changed: Changed<Key>,
    changed_unseen: Changed<Key>,
}

impl Book {
    pub fn get(&self, key: &Key) -> Option<&Transaction> {
        self.transactions.get(key)
    }

    pub fn get_mut(&mut self, key: &Key) -> Option<&mut Transaction> {
        let found = self.transactions.get_mut(key)?;
        self.changed.note(|| *key);
        Some(found)
    }

    pub fn insert(&mut self, key: Key, transaction: Transaction) {
        self.changed.note(|| key);
        self.transactions.insert(key, transaction);
    }

    /// All of them, by key.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&Key, &Transaction)> {
        self.transactions.iter()
    }

    /// Begins to note what changes.
    pub fn watch(&mut self) {
        self.changed.watch();
        self.changed_unseen.watch();
    }

    /// What changed: transactions as they stand, and what was reversed before it was seen.
    pub fn changes(&mut self) -> (Vec<(Key, Transaction)>, Vec<Key>) {
        let changed = self.changed.take().into_iter();
        let standing = changed.filter_map(|key| Some((key, *self.transactions.get(&key)?)));
        (standing.collect(), self.changed_unseen.take())
    }

    /// Why a request with this key cannot be done, if it cannot: it was reversed before it came,
    /// or it was seen before.
    pub fn refuses(&self, key: &Key) -> Option<(Ruling, Option<Wallet>)> {
        if self.reversed_unseen.contains(key) {
            return Some((Ruling::ReversedBefore, None));
        }
        let seen = self.transactions.get(key)?;
        Some((Ruling::Duplicate, seen.wallet))
    }

    /// A reversal came whose original never did.
    pub fn reversed_before(&mut self, key: Key) {
        self.changed_unseen.note(|| key);
        self.reversed_unseen.insert(key);
    }

    /// The transactions of a batch, by STAN.
    pub fn batch(&self, terminal: TerminalId, batch: u32) -> impl Iterator<Item = &Transaction> {
        let key = |stan| Key {
            terminal,
            batch,
            stan,
        };
        self.transactions
            .range(key(0)..=key(u32::MAX))
            .map(|(_, transaction)| transaction)
    }

    /// What a batch adds up to: payments are debits, voids and refunds credits, what was reversed
    /// counts nowhere. A count above 999 is cut to its last three digits, as DE48 does.
    pub fn totals(&self, terminal: TerminalId, batch: u32) -> Side {
        let mut side = Side::default();
        for done in self.batch(terminal, batch).filter(|t| t.stands()) {
            let (sum, count) = if done.is_payment() {
                (&mut side.debit, &mut side.debits)
            } else {
                (&mut side.credit, &mut side.credits)
            };
            *sum = sum.checked_add(done.amount).unwrap_or(*sum);
            *count = (*count + 1) % 1_000;
        }
        side
    }
}
