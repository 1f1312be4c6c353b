//! What waits for a customer: confirmed, refused, paid by scanning, or lapsed.

use super::book::Standing;
use super::key::{Key, TerminalId};
use super::ledger::PostingKind;
use super::ruling::Ruling;
use super::sale::{approved, set_payer};
use super::switch::Switch;
use super::{Ask, AskId, Context, HostOutput};
use crate::emvco::{self, Payload};
use crate::money::Fen;
use crate::phone::Payer;
use crate::record::Fact;
use crate::time::Time;
use crate::vocabulary::{Operation, Wallet};

impl Switch {
    /// The customer answered a question. An answer that comes too late, or for what was reversed
    /// meanwhile, moves nothing.
    pub fn confirmed(&mut self, on: &mut Context<'_>, ask: AskId, yes: bool) {
        let Some(key) = self.asks.remove(&ask) else {
            return;
        };
        let Some(mut transaction) = self.book.get(&key).copied() else {
            return;
        };
        let Standing::Waiting(wait) = transaction.standing else {
            return;
        };
        self.timers.remove(&(wait.until, key));
        if yes {
            transaction.standing = approved(wait.kept);
            transaction.auth = Some(self.number(on.now).1);
            let amount = transaction.amount;
            self.post(on, PostingKind::Sale, key, &transaction, amount, true);
        } else {
            transaction.standing = Standing::Declined(Ruling::Lapsed);
        }
        self.book.insert(key, transaction);
    }

    /// A customer scanned the code that a terminal shows and pays the order.
    ///
    /// The payload must be one that this acquirer made for an order that still waits, and its
    /// amount the order's.
    pub fn pay_order(
        &mut self,
        on: &mut Context<'_>,
        payload: &str,
        wallet: Wallet,
        payer: Payer,
    ) -> Result<Fen, Ruling> {
        let (key, amount) = order(payload).ok_or(Ruling::CodeUnknown)?;
        let mut transaction = *self.book.get(&key).ok_or(Ruling::CodeUnknown)?;
        if transaction.operation != Operation::CodeOrder || transaction.asked != amount {
            return Err(Ruling::CodeUnknown);
        }
        let Standing::Waiting(wait) = transaction.standing else {
            return Err(Ruling::CodeUsed);
        };
        let (amount, kept) = self
            .wallets
            .pay_order(on, &self.ledger, wallet, payer, amount)?;
        self.timers.remove(&(wait.until, key));
        set_payer(&mut transaction, wallet, payer);
        transaction.amount = amount;
        transaction.standing = approved(kept);
        transaction.auth = Some(self.number(on.now).1);
        self.post(on, PostingKind::Sale, key, &transaction, amount, true);
        self.book.insert(key, transaction);
        Ok(amount)
    }

    /// Stops waiting for a customer.
    pub fn stop_waiting(&mut self, key: Key) {
        let Some(Standing::Waiting(wait)) = self.book.get(&key).map(|t| t.standing) else {
            return;
        };
        self.timers.remove(&(wait.until, key));
        if let Some(ask) = wait.ask {
            self.asks.remove(&ask);
        }
    }

    /// The questions that wait for their customers.
    pub fn pending(&self) -> impl Iterator<Item = Ask> {
        self.asks.iter().filter_map(|(id, key)| {
            let transaction = self.book.get(key)?;
            let Standing::Waiting(wait) = transaction.standing else {
                return None;
            };
            Some(Ask {
                id: *id,
                wallet: transaction.wallet?,
                amount: transaction.amount,
                key: *key,
                until: wait.until,
            })
        })
    }

    /// When something lapses next.
    pub fn wake_at(&self) -> Option<Time> {
        self.timers.first().map(|(at, _)| *at)
    }

    /// Closes what nobody confirmed or scanned in time.
    pub fn lapse(&mut self, on: &mut Context<'_>) {
        while let Some((_, key)) = self.timers.first().copied().filter(|(at, _)| *at <= on.now) {
            self.timers.pop_first();
            self.stop_waiting(key);
            if let Some(transaction) = self.book.get_mut(&key) {
                transaction.standing = Standing::Declined(Ruling::Lapsed);
            }
            on.out.push_back(HostOutput::Fact(Fact::Lapsed { key }));
        }
    }
}

/// The order that a payload is about, and its amount.
fn order(payload: &str) -> Option<(Key, Fen)> {
    let payload = Payload::parse(payload).ok()?;
    let reference = payload.inside(emvco::ADDITIONAL, emvco::REFERENCE)?;
    let terminal = payload.inside(emvco::ADDITIONAL, emvco::TERMINAL)?;
    let (batch, stan) = reference.as_bytes().split_at_checked(6)?;
    let number = |digits| Fen::from_digits(digits).map(|n| n.get() as u32);
    let key = Key {
        terminal: TerminalId::new(terminal.as_bytes()),
        batch: number(batch)?,
        stan: number(stan)?,
    };
    Some((key, payload.amount().ok()??))
}
