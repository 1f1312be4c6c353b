//! The phones of all customers: one for each customer of a wallet, made when it is first needed.

use std::collections::{BTreeMap, BTreeSet};

use counterproof_sim::fault::{Fault, FaultId};
use counterproof_sim::host::Ask;
use counterproof_sim::phone::{Funding, Password, Payer, Phone, PhoneOutput, Presentation};
use counterproof_sim::random::Seeds;
use counterproof_sim::time::Time;
use counterproof_sim::vocabulary::Wallet;

/// Most phones at once; the memory of a program that runs for weeks has to end somewhere.
const MOST: usize = 100_000;

/// Whose phone.
pub type Owner = (Wallet, u32);

/// All phones.
#[derive(Debug)]
pub struct Phones {
    all: BTreeMap<Owner, Phone>,
    /// Those that may have something to do or to say.
    busy: BTreeSet<Owner>,
    /// Customers who answer questions only when they are told to.
    by_hand: BTreeSet<Owner>,
    faults: Vec<(FaultId, Fault)>,
    seed: u64,
}

/// Too many phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl Phones {
    /// No phone yet.
    pub const fn new(seed: u64) -> Self {
        Self {
            all: BTreeMap::new(),
            busy: BTreeSet::new(),
            by_hand: BTreeSet::new(),
            faults: Vec::new(),
            seed,
        }
    }

    fn of(&mut self, now: Time, owner: Owner) -> Result<&mut Phone, Full> {
        if !self.all.contains_key(&owner) {
            if self.all.len() >= MOST {
                return Err(Full);
            }
            let (wallet, customer) = owner;
            let seeds = Seeds::new(self.seed, &format!("phone/{wallet}/{customer}"));
            let mut phone = Phone::new(wallet, &seeds);
            phone.set_customer(customer);
            for (id, fault) in &self.faults {
                phone.arm(now, *id, fault);
            }
            self.all.insert(owner, phone);
        }
        self.busy.insert(owner);
        self.all.get_mut(&owner).ok_or(Full)
    }

    /// The customer opens the app and shows a new code.
    ///
    /// # Errors
    /// When there are too many phones.
    pub fn show(
        &mut self,
        now: Time,
        owner: Owner,
        funding: Option<Funding>,
        password: Option<Password>,
    ) -> Result<Presentation, Full> {
        let phone = self.of(now, owner)?;
        set(phone, owner, funding, password);
        Ok(phone.present(now))
    }

    /// Who pays when the customer scans a code that a terminal shows; `None` where the app does not
    /// pay for it.
    ///
    /// # Errors
    /// When there are too many phones.
    pub fn scan(
        &mut self,
        now: Time,
        owner: Owner,
        funding: Option<Funding>,
        payload: &str,
    ) -> Result<Option<Payer>, Full> {
        let phone = self.of(now, owner)?;
        set(phone, owner, funding, None);
        Ok(phone.scan(payload))
    }

    /// A wallet asks its customer.
    pub fn asked(&mut self, now: Time, ask: &Ask, customer: u32) {
        let owner = (ask.wallet, customer);
        if self.answers(owner)
            && let Ok(phone) = self.of(now, owner)
        {
            phone.asked(now, ask.id);
        }
    }

    /// Whether a customer answers questions by himself.
    pub fn answers(&self, owner: Owner) -> bool {
        !self.by_hand.contains(&owner)
    }

    /// Chooses whether a customer answers questions by himself.
    pub fn set_answers(&mut self, owner: Owner, answers: bool) {
        if answers {
            self.by_hand.remove(&owner);
        } else {
            self.by_hand.insert(owner);
        }
    }

    /// Arms a fault of phones, of those to come too.
    pub fn arm(&mut self, now: Time, id: FaultId, fault: &Fault) {
        self.faults.push((id, fault.clone()));
        for phone in self.all.values_mut() {
            phone.arm(now, id, fault);
        }
    }

    /// Lifts a fault.
    pub fn lift(&mut self, now: Time, id: FaultId) {
        self.faults.retain(|(armed, _)| *armed != id);
        for (owner, phone) in &mut self.all {
            phone.lift(now, id);
            self.busy.insert(*owner);
        }
    }

    /// When one of them next wants to be woken.
    pub fn wake_at(&self) -> Option<Time> {
        let busy = self.busy.iter().filter_map(|owner| self.all.get(owner));
        busy.filter_map(Phone::wake_at).min()
    }

    /// Does what is due and returns what they did.
    pub fn wake(&mut self, now: Time) -> Vec<PhoneOutput> {
        let mut outputs = Vec::new();
        let phones = &mut self.all;
        self.busy.retain(|owner| {
            let Some(phone) = phones.get_mut(owner) else {
                return false;
            };
            if phone.wake_at().is_some_and(|at| at <= now) {
                phone.wake(now);
            }
            outputs.extend(std::iter::from_fn(|| phone.poll()));
            phone.wake_at().is_some()
        });
        outputs
    }
}

/// The customer chooses how to pay; a new code comes of it.
fn set(phone: &mut Phone, owner: Owner, funding: Option<Funding>, password: Option<Password>) {
    // The wallet's usual source, unless another one is asked for.
    phone.set_wallet(owner.0);
    if let Some(funding) = funding {
        phone.set_funding(funding);
    }
    phone.set_password(password.unwrap_or_default());
}
