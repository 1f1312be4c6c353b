//! Voids and refunds: money of an approved payment goes back to its customer.

use super::Context;
use super::book::{Standing, Transaction};
use super::key::Key;
use super::ledger::PostingKind;
use super::request::Request;
use super::ruling::Ruling;
use super::switch::{Decision, Switch, fresh};
use crate::iso8583::{Field, Message};
use crate::money::Fen;

impl Switch {
    /// Voids a whole payment of the batch that is open.
    pub fn void(&mut self, on: &mut Context<'_>, request: &Request, message: &Message) -> Decision {
        self.give_back(on, request, message, PostingKind::Void)
    }

    /// Gives back a payment or a part of it, of whatever batch.
    pub fn refund(
        &mut self,
        on: &mut Context<'_>,
        request: &Request,
        message: &Message,
    ) -> Decision {
        self.give_back(on, request, message, PostingKind::Refund)
    }

    fn give_back(
        &mut self,
        on: &mut Context<'_>,
        request: &Request,
        message: &Message,
        kind: PostingKind,
    ) -> Decision {
        if let Some((ruling, wallet)) = self.book.refuses(&request.key) {
            return Decision::with(ruling, wallet);
        }
        let original = match self.original(request, message, kind) {
            Ok((_, original)) => original,
            Err((ruling, wallet)) => return self.decline(on, request, wallet, ruling, ruling),
        };
        let (says, took) = match self.wallets.give_back(on) {
            Ok(says) => (says, original.wallet.map(|w| self.wallets.latency(w))),
            Err(says) => {
                let kept = if says == Ruling::WalletSilent {
                    Ruling::NoOriginal
                } else if says == Ruling::WalletTimeout {
                    Ruling::NotHonoured
                } else {
                    says
                };
                return self.decline(on, request, original.wallet, kept, says);
            }
        };
        let (rrn, auth) = self.number(on.now);
        let transaction = Transaction {
            standing: Standing::Approved,
            wallet: original.wallet,
            customer: original.customer,
            payment: original.payment,
            rrn,
            auth: Some(auth),
            ..fresh(request)
        };
        self.book.insert(request.key, transaction);
        self.post(on, kind, request.key, &transaction, request.amount, false);
        if let Some(payment) = self.book.get_mut(&original.payment) {
            if kind == PostingKind::Void {
                payment.voided = true;
            } else {
                payment.refunded = payment
                    .refunded
                    .checked_add(request.amount)
                    .unwrap_or(payment.refunded);
            }
        }
        Decision {
            rrn: Some(rrn),
            auth: says.approves().then_some(auth),
            took: took.unwrap_or_default(),
            ..Decision::with(says, original.wallet)
        }
    }

    /// The payment that money is to be given back of, if it may be.
    fn original(
        &self,
        request: &Request,
        message: &Message,
        kind: PostingKind,
    ) -> Result<(Key, Transaction), (Ruling, Option<crate::vocabulary::Wallet>)> {
        let key = request.about.ok_or((Ruling::NoOriginal, None))?;
        let original = self.book.get(&key).ok_or((Ruling::NoOriginal, None))?;
        let refuse = |ruling| Err((ruling, original.wallet));
        if message.get(Field::RRN) != Some(&original.rrn) {
            return refuse(Ruling::NoOriginal);
        }
        if !original.is_payment() || !original.stands() || original.voided {
            return refuse(Ruling::Invalid);
        }
        let left = original
            .amount
            .checked_sub(original.refunded)
            .unwrap_or_default();
        let fits = if kind == PostingKind::Void {
            // A payment of an earlier batch, or one of which a part went back, can be refunded
            // only.
            if key.batch != request.key.batch || original.refunded > Fen::ZERO {
                return refuse(Ruling::Invalid);
            }
            request.amount == original.amount
        } else {
            request.amount > Fen::ZERO && request.amount <= left
        };
        if fits {
            Ok((key, *original))
        } else {
            refuse(Ruling::AmountDiffers)
        }
    }
}
