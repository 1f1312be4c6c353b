//! The customer's phone (network.md §5): the device, the wallet app on it, and the customer who
//! holds it before the scanner and answers what the wallet asks.
//!
//! Not here: the wallet host, which knows codes and money ([`crate::host`]), and the scanner.

pub mod code;
mod handset;

use std::collections::VecDeque;

use rand_chacha::rand_core::Rng;

pub use code::{Barred, Funding, IssuedCode, Password, Payer, Plan, mint, route};
pub use handset::{Clock, Handset, PaymentFunction, Screen, Version, WhenOutdated};

use crate::emvco::Payload;
use crate::fault::{Fault, FaultId, FaultKind};
use crate::host::AskId;
use crate::random::{Chance, Seeds};
use crate::time::{Span, Time};
use crate::vocabulary::Wallet;

/// A customer reads the question and types the password within this range.
const THINKS: (Span, Span) = (Span::from_secs(3), Span::from_secs(8));
/// A slow customer answers after this, unless the fault says otherwise: past the 45 s for which a
/// terminal asks by default.
const SLOW: Span = Span::from_secs(50);
/// By how much a wrong clock is slow unless the fault says otherwise.
const SLOW_CLOCK: Span = Span::from_secs(600);
/// How old a stale code is unless the fault says otherwise.
const STALE: Span = Span::from_secs(300);

/// What a phone does by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneOutput {
    /// The customer answered the wallet.
    Confirm {
        /// Which question.
        ask: AskId,
        /// Yes or no.
        yes: bool,
    },
    /// A fault did its work.
    Fired(FaultId),
}

/// What the customer holds before the scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presentation {
    /// The code on the screen, if there is one. The wallet host has to know of it:
    /// [`crate::host::Host::issue`].
    pub code: Option<IssuedCode>,
    /// Whether a sound scanner can read it.
    pub legible: bool,
}

/// A question of the wallet on the screen.
#[derive(Clone, Copy, Debug)]
struct Question {
    ask: AskId,
    /// When the customer answers; `None` while the question has not arrived, or for ever.
    answer: Option<(Time, bool)>,
    /// Sent while the phone was offline.
    undelivered: bool,
}

/// The customer's phone.
#[derive(Debug)]
pub struct Phone {
    wallet: Wallet,
    payer: Payer,
    handset: Handset,
    chance: Chance,
    /// The code that the app shows now.
    shown: Option<IssuedCode>,
    questions: Vec<Question>,
    faults: Vec<(FaultId, Fault)>,
    outputs: VecDeque<PhoneOutput>,
}

impl Phone {
    /// A phone on which everything works, with this wallet: customer 1, who pays from the balance,
    /// and on credit with JD Pay.
    pub fn new(wallet: Wallet, seeds: &Seeds) -> Self {
        let mut phone = Self {
            wallet,
            payer: Payer::default(),
            handset: Handset::default(),
            chance: seeds.component("phone"),
            shown: None,
            questions: Vec::new(),
            faults: Vec::new(),
            outputs: VecDeque::new(),
        };
        phone.set_wallet(wallet);
        phone
    }

    /// The wallet that the customer uses.
    pub const fn wallet(&self) -> Wallet {
        self.wallet
    }

    /// How the customer pays.
    pub const fn payer(&self) -> Payer {
        self.payer
    }

    /// The customer uses another wallet, with its usual funding source.
    pub fn set_wallet(&mut self, wallet: Wallet) {
        self.wallet = wallet;
        self.set_funding(if wallet == Wallet::Jd {
            Funding::Baitiao(Plan::One)
        } else {
            Funding::Balance
        });
    }

    /// The customer chooses a funding source; the code on the screen changes with it.
    pub fn set_funding(&mut self, funding: Funding) {
        self.payer.funding = funding;
        self.refresh();
    }

    /// When the wallet asks for the password.
    pub fn set_password(&mut self, password: Password) {
        self.payer.password = password;
        self.refresh();
    }

    /// Whether every payment needs the password, or none.
    pub fn needs_password(&mut self, needed: bool) {
        self.set_password(if needed {
            Password::Always
        } else {
            Password::Never
        });
    }

    /// Another customer of the same wallet.
    pub fn set_customer(&mut self, customer: u32) {
        self.payer.customer = customer;
        self.refresh();
    }

    /// The device, to be set up.
    pub fn handset(&mut self) -> &mut Handset {
        &mut self.handset
    }

    /// The customer refreshes the code: the next one shown is a new one.
    pub fn refresh(&mut self) {
        self.shown = None;
    }

    /// Arms a fault of the phone; it acts until it is lifted.
    pub fn arm(&mut self, _now: Time, id: FaultId, fault: &Fault) {
        self.faults.push((id, fault.clone()));
    }

    /// Lifts a fault; nothing happens where it is none of the phone's.
    pub fn lift(&mut self, now: Time, id: FaultId) {
        let before = self.faults.len();
        self.faults.retain(|(armed, _)| *armed != id);
        if self.faults.len() < before {
            self.deliver(now);
        }
    }

    /// What the customer holds before the scanner now.
    pub fn present(&mut self, now: Time) -> Presentation {
        let off = self.act(FaultKind::PaymentOffInApp).is_some()
            || self.handset.payment == PaymentFunction::OffInApp;
        let legible = self.legible();
        if off {
            return Presentation {
                code: None,
                legible,
            };
        }
        // Offline, the app draws its codes from the token that it holds: that is all that an
        // offline phone does to a payment without a password.
        self.act(FaultKind::PhoneOffline);
        let code = match self.outdated() {
            Some((WhenOutdated::NoCode, _)) => None,
            Some((WhenOutdated::StaleCode, age)) => Some(self.stale_code(now, age)),
            Some((WhenOutdated::Refused, _)) | None => Some(self.code(now)),
        };
        Presentation { code, legible }
    }

    /// The customer scans the code that a terminal shows. Returns who would pay, where the phone
    /// can: it reads a whole payload, is online, and its payment function is on. The wallet host
    /// then takes the payment: [`crate::host::Host::pay_order`].
    pub fn scan(&mut self, payload: &str) -> Option<Payer> {
        if self.act(FaultKind::PaymentOffInApp).is_some()
            || self.handset.payment == PaymentFunction::OffInApp
            || self.act(FaultKind::PhoneOffline).is_some()
            || !self.handset.online
            || Payload::parse(payload).is_err()
        {
            return None;
        }
        match self.outdated() {
            Some((WhenOutdated::NoCode | WhenOutdated::StaleCode, _)) => None,
            Some((WhenOutdated::Refused, _)) | None => Some(self.described()),
        }
    }

    /// The phone loses or regains its own network; what the wallet asked meanwhile arrives.
    pub fn set_online(&mut self, now: Time, online: bool) {
        self.handset.online = online;
        self.deliver(now);
    }

    /// The wallet asks the customer to confirm a payment.
    pub fn asked(&mut self, now: Time, ask: AskId) {
        self.act(FaultKind::PhoneOffline);
        self.questions.push(Question {
            ask,
            answer: None,
            undelivered: true,
        });
        self.deliver(now);
    }

    /// When it next wants to be woken.
    pub fn wake_at(&self) -> Option<Time> {
        self.questions
            .iter()
            .filter_map(|question| question.answer.map(|(at, _)| at))
            .min()
    }

    /// Does what is due.
    pub fn wake(&mut self, now: Time) {
        let outputs = &mut self.outputs;
        self.questions.retain(|question| match question.answer {
            Some((at, yes)) if at <= now => {
                let ask = question.ask;
                outputs.push_back(PhoneOutput::Confirm { ask, yes });
                false
            }
            _ => true,
        });
    }

    /// What it did, oldest first.
    pub fn poll(&mut self) -> Option<PhoneOutput> {
        self.outputs.pop_front()
    }

    /// Puts the questions that wait for it on the screen of a phone that is online, and decides
    /// when the customer answers.
    fn deliver(&mut self, now: Time) {
        if !self.handset.online || self.armed(FaultKind::PhoneOffline).is_some() {
            return;
        }
        for index in 0..self.questions.len() {
            if std::mem::take(&mut self.questions[index].undelivered) {
                self.questions[index].answer = self.answer(now);
            }
        }
    }

    /// When the customer answers a question that is on the screen now, and what.
    fn answer(&mut self, now: Time) -> Option<(Time, bool)> {
        let (least, most) = THINKS;
        let range = (most - least).as_micros();
        let thinks = least + Span::from_micros(self.chance.next_u64() % range);
        if self.act(FaultKind::CustomerSilent).is_some() {
            return None;
        }
        let refuses = self.act(FaultKind::CustomerRefuses).is_some();
        let takes = match self.act(FaultKind::CustomerSlow) {
            Some(by) if by > Span::ZERO => by,
            Some(_) => SLOW,
            None => thinks,
        };
        Some((now + takes, !refuses))
    }

    /// The code on the screen: the one that was there, or a new one when its time is over.
    fn code(&mut self, now: Time) -> IssuedCode {
        let clock = match self.act(FaultKind::PhoneClock) {
            Some(by) if by > Span::ZERO => Clock::Slow(by),
            Some(_) => Clock::Slow(SLOW_CLOCK),
            None => self.handset.clock,
        };
        let minted = clock.shows(now);
        let account = self.described();
        if let Some(shown) = &self.shown
            && shown.account == account
            && !shown.expired(minted)
        {
            return shown.clone();
        }
        let code = self.draw(minted, account);
        self.shown = Some(code.clone());
        code
    }

    /// A code of long ago, which the app cannot replace.
    fn stale_code(&mut self, now: Time, age: Span) -> IssuedCode {
        let account = self.described();
        if let Some(shown) = &self.shown
            && shown.expired(now)
        {
            return shown.clone();
        }
        let code = self.draw(now - age, account);
        self.shown = Some(code.clone());
        code
    }

    fn draw(&mut self, minted: Time, account: Payer) -> IssuedCode {
        IssuedCode {
            text: mint(self.wallet, &mut self.chance),
            wallet: self.wallet,
            minted,
            account,
        }
    }

    /// How the customer pays, and why the wallet must refuse this phone, if it must.
    fn described(&self) -> Payer {
        let barred = if self.handset.payment == PaymentFunction::OffAtProvider {
            Some(Barred::PaymentOff)
        } else if self.handset.outdated() == Some(WhenOutdated::Refused) {
            Some(Barred::Outdated)
        } else {
            None
        };
        Payer {
            barred,
            ..self.payer
        }
    }

    /// What the app does on a system that is too old, and how old a stale code is.
    fn outdated(&mut self) -> Option<(WhenOutdated, Span)> {
        if self.act(FaultKind::OutdatedNoCode).is_some() {
            return Some((WhenOutdated::NoCode, STALE));
        }
        match self.act(FaultKind::OutdatedStaleCode) {
            Some(by) if by > Span::ZERO => Some((WhenOutdated::StaleCode, by)),
            Some(_) => Some((WhenOutdated::StaleCode, STALE)),
            None => self.handset.outdated().map(|what| (what, STALE)),
        }
    }

    fn legible(&mut self) -> bool {
        let dark = self.act(FaultKind::DarkScreen).is_some();
        let cracked = self.act(FaultKind::CrackedScreen).is_some();
        !dark && !cracked && self.handset.screen.legible()
    }

    fn armed(&self, kind: FaultKind) -> Option<&(FaultId, Fault)> {
        self.faults.iter().find(|(_, fault)| fault.kind == kind)
    }

    /// Lets a fault of this kind act, if one is armed; returns its length of time.
    fn act(&mut self, kind: FaultKind) -> Option<Span> {
        let (id, by) = self.armed(kind).map(|(id, fault)| (*id, fault.by))?;
        self.outputs.push_back(PhoneOutput::Fired(id));
        Some(by)
    }
}

#[cfg(test)]
mod tests;
