//! The wallet hosts: codes that their apps issued, customers and their means, and what goes wrong
//! there. A wallet host says whether a customer pays; the switch books it.

mod customer;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use foldhash::fast::FixedState;
use rand_chacha::rand_core::Rng;

pub use customer::{Baitiao, CreditState, Customer, PASSWORD_ABOVE};

use super::Context;
use super::durable::Changed;
use super::ledger::{Account, Ledger, Source};
use super::ruling::Ruling;
use crate::fault::FaultKind;
use crate::money::Fen;
use crate::phone::{Barred, Funding, IssuedCode, Password, Payer};
use crate::random::{Chance, Seeds};
use crate::time::{Span, Time};
use crate::vocabulary::{Vocabulary, Wallet};

/// What a wallet host says to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// The customer pays that much.
    Pays {
        payer: Payer,
        amount: Fen,
        /// Approved, wholly or in part.
        kept: Ruling,
        /// What the acquirer gets to hear, if it is something else.
        says: Ruling,
    },
    /// The customer has to confirm first.
    Asks {
        payer: Payer,
        amount: Fen,
        /// What a yes will make of it.
        kept: Ruling,
    },
    /// No money moves.
    Refuses(Refusal),
}

/// A wallet host's no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// How the transaction stands from now on.
    pub kept: Ruling,
    /// What the acquirer gets to hear.
    pub says: Ruling,
}

impl From<Ruling> for Refusal {
    /// It is what it says.
    fn from(ruling: Ruling) -> Self {
        Self {
            kept: ruling,
            says: ruling,
        }
    }
}

/// A code that a wallet's app issued.
struct Known {
    code: IssuedCode,
    used: bool,
}

/// One wallet host.
#[derive(Default)]
struct WalletHost {
    /// Looked up and never walked through: there may be millions.
    codes: HashMap<Box<str>, Known, FixedState>,
    customers: BTreeMap<u32, Customer>,
}

impl fmt::Debug for WalletHost {
    /// How many codes, not which.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WalletHost")
            .field("codes", &self.codes.len())
            .field("customers", &self.customers)
            .finish()
    }
}

impl WalletHost {
    fn customer(&self, number: u32) -> Customer {
        self.customers.get(&number).copied().unwrap_or_default()
    }

    /// Whose code this is. Asking uses it up: a code is good for one attempt.
    fn redeem(&mut self, code: &str, now: Time) -> Result<Payer, Ruling> {
        let known = self.codes.get_mut(code).ok_or(Ruling::CodeUnknown)?;
        if std::mem::replace(&mut known.used, true) {
            Err(Ruling::CodeUsed)
        } else if known.code.expired(now) {
            Err(Ruling::CodeExpired)
        } else {
            Ok(known.code.account)
        }
    }
}

/// All wallet hosts.
#[derive(Debug)]
pub(super) struct Wallets {
    hosts: [WalletHost; Wallet::ALL.len()],
    chance: Chance,
    changed_codes: Changed<(Wallet, Box<str>)>,
    changed_customers: Changed<(Wallet, u32)>,
}

impl Wallets {
    pub fn new(seeds: &Seeds) -> Self {
        Self {
            hosts: Default::default(),
            chance: seeds.component("host.wallet"),
            changed_codes: Changed::default(),
            changed_customers: Changed::default(),
        }
    }

    /// An app issued a code. One that is known already stays as it is, used or not.
    pub fn issue(&mut self, code: &IssuedCode) {
        let codes = &mut self.hosts[code.wallet as usize].codes;
        if !codes.contains_key(&code.text) {
            let known = Known {
                code: code.clone(),
                used: false,
            };
            codes.insert(code.text.clone(), known);
            self.changed_codes.note(|| (code.wallet, code.text.clone()));
        }
    }

    /// Begins to note what changes.
    pub fn watch(&mut self) {
        self.changed_codes.watch();
        self.changed_customers.watch();
    }

    /// What changed: codes and whether they served, customers' means.
    pub fn changes(&mut self) -> (Vec<(IssuedCode, bool)>, Vec<(Wallet, u32, Customer)>) {
        let codes = self.changed_codes.take().into_iter();
        let codes = codes.filter_map(|(wallet, code)| {
            let known = self.hosts[wallet as usize].codes.get(&code)?;
            Some((known.code.clone(), known.used))
        });
        let codes = codes.collect();
        let customers = self.changed_customers.take().into_iter();
        let customers =
            customers.map(|(wallet, number)| (wallet, number, self.customer(wallet, number)));
        (codes, customers.collect())
    }

    /// Takes in a code and whether it served.
    pub fn restore_code(&mut self, code: IssuedCode, used: bool) {
        let codes = &mut self.hosts[code.wallet as usize].codes;
        codes.insert(code.text.clone(), Known { code, used });
    }

    /// A customer's means.
    pub fn customer(&self, wallet: Wallet, number: u32) -> Customer {
        self.hosts[wallet as usize].customer(number)
    }

    /// A customer's means, to be set up.
    pub fn customer_mut(&mut self, wallet: Wallet, number: u32) -> &mut Customer {
        self.changed_customers.note(|| (wallet, number));
        self.hosts[wallet as usize]
            .customers
            .entry(number)
            .or_default()
    }

    /// How long a wallet host takes for its word.
    pub fn latency(&mut self, wallet: Wallet) -> Span {
        let (least, most): (u64, u64) = match wallet {
            Wallet::WeChat => (80, 250),
            Wallet::Alipay => (60, 220),
            Wallet::UnionPay => (40, 180),
            Wallet::Jd => (120, 400),
            Wallet::Ecny => (50, 160),
        };
        let range = (most - least) * 1_000;
        Span::from_micros(least * 1_000 + self.chance.next_u64() % range)
    }

    /// A payment with a code that a terminal scanned.
    pub fn pay(
        &mut self,
        on: &mut Context<'_>,
        ledger: &Ledger,
        wallet: Wallet,
        code: &str,
        amount: Fen,
    ) -> Word {
        if let Some(refusal) = unreachable_host(on) {
            return Word::Refuses(refusal);
        }
        self.changed_codes.note(|| (wallet, code.into()));
        let payer = match self.hosts[wallet as usize].redeem(code, on.now) {
            Ok(payer) => payer,
            Err(ruling) => return Word::Refuses(ruling.into()),
        };
        let (amount, kept) = match self.fund(on, ledger, wallet, payer, amount) {
            Ok(funded) => funded,
            Err(ruling) => return Word::Refuses(ruling.into()),
        };
        let asks = match payer.password {
            Password::Always => true,
            Password::Never => false,
            Password::ByWallet => {
                let customer = self.hosts[wallet as usize].customer(payer.customer);
                amount > customer.password_above
            }
        };
        if asks {
            return Word::Asks {
                payer,
                amount,
                kept,
            };
        }
        let says = if on.holds(FaultKind::WalletSilentAfter) {
            Ruling::WalletSilent
        } else {
            kept
        };
        Word::Pays {
            payer,
            amount,
            kept,
            says,
        }
    }

    /// A customer pays an order whose code a terminal shows. The password was typed in the app.
    pub fn pay_order(
        &mut self,
        on: &mut Context<'_>,
        ledger: &Ledger,
        wallet: Wallet,
        payer: Payer,
        amount: Fen,
    ) -> Result<(Fen, Ruling), Ruling> {
        if let Some(refusal) = unreachable_host(on) {
            return Err(refusal.says);
        }
        self.fund(on, ledger, wallet, payer, amount)
    }

    /// Whether a wallet takes part in giving money back, by a void or a refund, and what it says
    /// to it.
    pub fn give_back(on: &mut Context<'_>) -> Result<Ruling, Refusal> {
        match unreachable_host(on) {
            Some(refusal) => Err(refusal),
            None if on.holds(FaultKind::WalletSilentAfter) => Ok(Ruling::WalletSilent),
            None => Ok(Ruling::Approved),
        }
    }

    /// How much of a payment the customer's funding source bears, and as what it is approved.
    fn fund(
        &self,
        on: &mut Context<'_>,
        ledger: &Ledger,
        wallet: Wallet,
        payer: Payer,
        amount: Fen,
    ) -> Result<(Fen, Ruling), Ruling> {
        let customer = self.hosts[wallet as usize].customer(payer.customer);
        if on.holds(FaultKind::PaymentOffAtProvider) || payer.barred == Some(Barred::PaymentOff) {
            return Err(Ruling::PaymentOff);
        }
        if on.holds(FaultKind::OutdatedRefused) || payer.barred == Some(Barred::Outdated) {
            return Err(Ruling::PhoneOutdated);
        }
        if on.holds(FaultKind::UsedElsewhere) {
            return Err(Ruling::CodeUsed);
        }
        if on.holds(FaultKind::WalletRefuses) {
            return Err(Ruling::NotHonoured);
        }
        if on.holds(FaultKind::WalletLimit)
            || customer.payment_limit.is_some_and(|limit| amount > limit)
        {
            return Err(Ruling::OverLimit);
        }
        let account = Account::Customer {
            wallet,
            customer: payer.customer,
            source: source(payer.funding),
        };
        let left = |opening: Fen| opening.get().cast_signed() + ledger.balance(&account);
        let bears = |opening: Fen| left(opening) >= amount.get().cast_signed();
        match payer.funding {
            Funding::Baitiao(_) => lend(on, &customer.baitiao, bears)?,
            Funding::Balance | Funding::Card => {
                let opening = if payer.funding == Funding::Card {
                    customer.card
                } else {
                    customer.balance
                };
                if on.holds(FaultKind::BalanceLow) || !bears(opening) {
                    return Err(Ruling::BalanceLow);
                }
            }
        }
        let half = Fen::new(amount.get() / 2);
        if half > Fen::ZERO && on.holds(FaultKind::WalletPartial) {
            Ok((half, Ruling::Partial))
        } else {
            Ok((amount, Ruling::Approved))
        }
    }
}

/// Whether Baitiao lends the amount that `bears` knows of.
fn lend(
    on: &mut Context<'_>,
    baitiao: &Baitiao,
    bears: impl Fn(Fen) -> bool,
) -> Result<(), Ruling> {
    if on.holds(FaultKind::CreditNotActivated) || baitiao.state == CreditState::NotActivated {
        Err(Ruling::CreditNotActivated)
    } else if on.holds(FaultKind::CreditOverdue) || baitiao.state == CreditState::Overdue {
        Err(Ruling::CreditOverdue)
    } else if on.holds(FaultKind::CreditRisk) || baitiao.state == CreditState::Risk {
        Err(Ruling::CreditRisk)
    } else if on.holds(FaultKind::CreditLimitLow) || !bears(baitiao.limit) {
        Err(Ruling::CreditLimit)
    } else {
        Ok(())
    }
}

/// What comes of a request that reaches no wallet host. After a silence the host has never seen
/// the payment; after a time-out it decides later, and against it.
fn unreachable_host(on: &mut Context<'_>) -> Option<Refusal> {
    if on.holds(FaultKind::WalletMaintenance) {
        Some(Ruling::Maintenance.into())
    } else if on.holds(FaultKind::WalletSilent) {
        Some(Refusal {
            kept: Ruling::NoOriginal,
            says: Ruling::WalletSilent,
        })
    } else if on.holds(FaultKind::WalletTimeout) {
        Some(Refusal {
            kept: Ruling::NotHonoured,
            says: Ruling::WalletTimeout,
        })
    } else {
        None
    }
}

/// The account that a funding source is booked on.
pub(super) const fn source(funding: Funding) -> Source {
    match funding {
        Funding::Balance => Source::Balance,
        Funding::Card => Source::Card,
        Funding::Baitiao(_) => Source::Baitiao,
    }
}
