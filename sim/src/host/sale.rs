//! Sales with a scanned code, and orders whose code the terminal shows.

use super::book::{Standing, Transaction, Wait};
use super::ledger::PostingKind;
use super::request::Request;
use super::ruling::Ruling;
use super::switch::{Decision, Extra, Switch, fresh, n6};
use super::wallet::{Word, source};
use super::{Ask, AskId, Context, HostOutput};
use crate::emvco;
use crate::money::Fen;
use crate::phone::{Funding, Payer};
use crate::time::Span;
use crate::vocabulary::Wallet;

/// A question lapses after this.
const ASK_LAPSES: Span = Span::from_secs(60);
/// An order that nobody scans lapses after this.
const ORDER_LAPSES: Span = Span::from_secs(600);

impl Switch {
    pub fn sale(&mut self, on: &mut Context<'_>, request: &Request, code: &[u8]) -> Decision {
        if let Some((ruling, wallet)) = self.book.refuses(&request.key) {
            return Decision::with(ruling, wallet);
        }
        if request.amount == Fen::ZERO {
            return self.decline(on, request, None, Ruling::InvalidAmount);
        }
        let Some((wallet, code)) = Self::wallet_of(code) else {
            return self.decline(on, request, None, Ruling::CodeUnknown);
        };
        let word = self
            .wallets
            .pay(on, &self.ledger, wallet, code, request.amount);
        let mut decision = match word {
            Word::Pays {
                payer,
                amount,
                kept,
                says,
            } => self.charge(on, request, wallet, payer, amount, kept, says),
            Word::Asks {
                payer,
                amount,
                kept,
            } => self.ask(on, request, wallet, payer, amount, kept),
            Word::Refuses(refusal) => self.decline(on, request, Some(wallet), refusal),
        };
        decision.took = self.wallets.latency(wallet);
        decision
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the word of the wallet, taken apart"
    )]
    fn charge(
        &mut self,
        on: &mut Context<'_>,
        request: &Request,
        wallet: Wallet,
        payer: Payer,
        amount: Fen,
        kept: Ruling,
        says: Ruling,
    ) -> Decision {
        let (rrn, auth) = self.number(on.now);
        let transaction = Transaction {
            standing: approved(kept),
            amount,
            rrn,
            auth: Some(auth),
            ..paid_by(request, wallet, payer)
        };
        self.book.insert(request.key, transaction);
        self.post(
            on,
            PostingKind::Sale,
            request.key,
            &transaction,
            amount,
            true,
        );
        Decision {
            amount: (says == Ruling::Partial).then_some(amount),
            rrn: Some(rrn),
            auth: says.approves().then_some(auth),
            instalments: transaction.instalments,
            ..Decision::with(says, Some(wallet))
        }
    }

    fn ask(
        &mut self,
        on: &mut Context<'_>,
        request: &Request,
        wallet: Wallet,
        payer: Payer,
        amount: Fen,
        kept: Ruling,
    ) -> Decision {
        let id = AskId(self.next_ask);
        self.next_ask += 1;
        let wait = Wait {
            until: on.now + ASK_LAPSES,
            ask: Some(id),
            kept,
        };
        self.asks.insert(id, request.key);
        let rrn = self.wait(on, request, paid_by(request, wallet, payer), amount, wait);
        on.out.push_back(HostOutput::Ask(Ask {
            id,
            wallet,
            amount,
            key: request.key,
            until: wait.until,
        }));
        Decision {
            rrn: Some(rrn),
            ..Decision::with(Ruling::Waiting, Some(wallet))
        }
    }

    fn wait(
        &mut self,
        on: &Context<'_>,
        request: &Request,
        transaction: Transaction,
        amount: Fen,
        wait: Wait,
    ) -> [u8; 12] {
        let (rrn, _) = self.number(on.now);
        let transaction = Transaction {
            standing: Standing::Waiting(wait),
            amount,
            rrn,
            ..transaction
        };
        self.book.insert(request.key, transaction);
        self.timers.insert((wait.until, request.key));
        rrn
    }

    pub fn code_order(&mut self, on: &mut Context<'_>, request: &Request) -> Decision {
        if let Some((ruling, wallet)) = self.book.refuses(&request.key) {
            return Decision::with(ruling, wallet);
        }
        if request.amount == Fen::ZERO {
            return self.decline(on, request, None, Ruling::InvalidAmount);
        }
        let Ok(payload) = payload(request) else {
            return self.decline(on, request, None, Ruling::Malfunction);
        };
        let wait = Wait {
            until: on.now + ORDER_LAPSES,
            ask: None,
            kept: Ruling::Approved,
        };
        let rrn = self.wait(on, request, fresh(request), request.amount, wait);
        Decision {
            rrn: Some(rrn),
            extra: Extra::Payload(payload),
            ..Decision::of(Ruling::Waiting)
        }
    }
}

/// The standing that an approving ruling gives.
pub(super) fn approved(kept: Ruling) -> Standing {
    if kept == Ruling::Partial {
        Standing::Partial
    } else {
        Standing::Approved
    }
}

/// A request and who pays for it.
fn paid_by(request: &Request, wallet: Wallet, payer: Payer) -> Transaction {
    let mut transaction = fresh(request);
    set_payer(&mut transaction, wallet, payer);
    transaction
}

/// Enters who pays.
pub(super) fn set_payer(transaction: &mut Transaction, wallet: Wallet, payer: Payer) {
    transaction.wallet = Some(wallet);
    transaction.customer = Some((payer.customer, source(payer.funding)));
    transaction.instalments = match payer.funding {
        Funding::Baitiao(plan) => plan.instalments(),
        Funding::Balance | Funding::Card => 1,
    };
}

/// The content of the code for an order: `EMVCo`, dynamic, UnionPay's merchant account (two bank
/// numbers and DE42), the order's batch and STAN as its reference.
fn payload(request: &Request) -> Result<String, emvco::PayloadError> {
    let account = format!(
        "{ACQUIRER_NUMBER}{ACQUIRER_NUMBER}{:15}",
        request.merchant.to_string()
    );
    let (batch, stan) = (n6(request.key.batch), n6(request.key.stan));
    let reference: String = batch.iter().chain(&stan).copied().map(char::from).collect();
    let terminal = request.key.terminal.to_string();
    let additional =
        emvco::objects(&[(emvco::REFERENCE, &reference), (emvco::TERMINAL, &terminal)])?;
    emvco::build(&[
        (emvco::INITIATION, "12"),
        (emvco::UNIONPAY, &account),
        (emvco::CATEGORY, "5411"),
        (emvco::CURRENCY, "156"),
        (emvco::AMOUNT, &request.amount.to_string()),
        (emvco::COUNTRY, "CN"),
        (emvco::NAME, "COUNTERPROOF SHOP"),
        (emvco::CITY, "BEIJING"),
        (emvco::ADDITIONAL, &additional),
    ])
}

/// The bank number of the acquirer in a merchant account, eight digits.
const ACQUIRER_NUMBER: &str = "48020000";
