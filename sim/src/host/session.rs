//! What the acquirer holds of each terminal: its master key, its working keys and its batch.
//! Not here: what was done in the batch.

use rand_chacha::rand_core::Rng;

use serde::{Deserialize, Serialize};

use super::durable::{SealedKey, SessionState};
use super::key::{MerchantId, TerminalId};
use crate::fault::{FaultId, FaultKind};
use crate::iso8583::keys::{Delivery, Key, KeyError, WorkingKeys, check_value, unwrap, wrap};
use crate::iso8583::{Algorithm, Field, MacKey, Packet};
use crate::random::Chance;
use crate::terminal::TerminalAccount;

/// The highest batch number; the next one is 1.
const LAST_BATCH: u32 = 999_999;
/// By how much the batch goes on where the acquirer is in another one.
const SKIPPED: u32 = 3;
/// Bytes of a check value.
const CHECK: usize = 4;

/// What became of the MAC of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MacState {
    /// It is right under the key in force.
    Valid,
    /// It is right under the key before that: the terminal has not learnt of the last sign-in or
    /// sign-off. The acquirer refuses it like a wrong one.
    Superseded,
    /// It is wrong, or no key is in force.
    Invalid,
    /// There is none, and there should be.
    Absent,
    /// The operation needs none.
    NotRequired,
}

/// One registered terminal.
#[derive(Debug)]
pub(super) struct Session {
    pub terminal: TerminalId,
    pub merchant: MerchantId,
    master: Key,
    /// In force since the last sign-in; `None` before it and after a sign-off.
    pub mac: Option<MacKey>,
    /// In force before that: a terminal to which the last answer was lost still uses it.
    superseded: Option<MacKey>,
    /// The batch that is open, or closed and waiting for the sign-in that opens the next one.
    pub batch: u32,
    pub closed: bool,
    /// What the last settlement of the batch came to.
    pub balanced: Option<bool>,
    forgotten: Trouble,
    expired: Trouble,
    differs: Trouble,
}

/// A fault of keys or batch, which the next sign-in heals.
#[derive(Clone, Copy, Debug, Default)]
enum Trouble {
    #[default]
    None,
    /// Armed before the terminal ever signed in: it acts after the first sign-in, which would
    /// otherwise heal what nobody had noticed.
    Coming(FaultId),
    Acting(FaultId),
}

impl Trouble {
    const fn acting(self) -> Option<FaultId> {
        match self {
            Self::Acting(id) => Some(id),
            Self::None | Self::Coming(_) => None,
        }
    }

    const fn after_sign_in(self) -> Self {
        match self {
            Self::Coming(id) => Self::Acting(id),
            Self::None | Self::Acting(_) => Self::None,
        }
    }
}

impl Session {
    /// # Errors
    /// When the master key has no 16 bytes.
    pub fn new(account: &TerminalAccount) -> Result<Self, KeyError> {
        Ok(Self {
            terminal: TerminalId::new(account.id.as_bytes()),
            merchant: MerchantId::new(account.merchant.as_bytes()),
            master: Key::new(&account.master_key)?,
            mac: None,
            superseded: None,
            balanced: None,
            batch: account.first_batch,
            closed: false,
            forgotten: Trouble::None,
            expired: Trouble::None,
            differs: Trouble::None,
        })
    }

    /// Arms a fault of keys or batch; nothing for any other kind.
    pub fn arm(&mut self, id: FaultId, kind: FaultKind) {
        let signed_in = self.mac.is_some();
        let trouble = if signed_in {
            Trouble::Acting(id)
        } else {
            Trouble::Coming(id)
        };
        match kind {
            FaultKind::KeysForgotten => self.forgotten = trouble,
            FaultKind::KeysExpired => self.expired = trouble,
            FaultKind::BatchDiffers => {
                self.differs = trouble;
                if signed_in {
                    self.skip_batches();
                }
            }
            _ => {}
        }
    }

    /// Lifts a fault. The batch that came with one stays.
    pub fn lift(&mut self, lifted: FaultId) {
        for trouble in [&mut self.forgotten, &mut self.expired, &mut self.differs] {
            if matches!(trouble, Trouble::Coming(id) | Trouble::Acting(id) if *id == lifted) {
                *trouble = Trouble::None;
            }
        }
    }

    /// The acquirer has other keys than the terminal: which fault makes it so.
    pub const fn keys_forgotten(&self) -> Option<FaultId> {
        self.forgotten.acting()
    }

    /// The keys are too old: which fault makes them so.
    pub const fn keys_expired(&self) -> Option<FaultId> {
        self.expired.acting()
    }

    /// The acquirer went on to another batch: which fault made it do so.
    pub const fn batch_differs(&self) -> Option<FaultId> {
        self.differs.acting()
    }

    /// The terminal signs in: fresh keys, and the next batch where the last one is closed. Returns
    /// DE62 of the answer.
    ///
    /// # Errors
    /// When the keys cannot be delivered in that layout.
    pub fn sign_in(
        &mut self,
        delivery: Delivery,
        algorithm: Algorithm,
        chance: &mut Chance,
    ) -> Result<Vec<u8>, KeyError> {
        let pin = draw(chance, if delivery == Delivery::Single { 8 } else { 16 })?;
        // X9.19 alone uses a key of two halves; the place for 16 bytes holds either.
        let double = algorithm == Algorithm::X919 && delivery != Delivery::Single;
        let mac = draw(chance, if double { 16 } else { 8 })?;
        let track = match delivery {
            Delivery::Track => Some(draw(chance, 16)?),
            Delivery::Single | Delivery::Double => None,
        };
        let field = WorkingKeys { pin, mac, track }.deliver(&self.master, delivery)?;
        let fresh = MacKey::new(algorithm, mac.bytes())?;
        self.superseded = self.mac.replace(fresh).or(self.superseded.take());
        if std::mem::take(&mut self.closed) {
            self.next_batch();
        }
        self.forgotten = self.forgotten.after_sign_in();
        self.expired = self.expired.after_sign_in();
        self.differs = self.differs.after_sign_in();
        Ok(field)
    }

    /// What a sign-in that has been answered leaves behind: a batch that differs from the one in
    /// the answer, where such a fault waited for it.
    pub fn after_sign_in(&mut self) {
        if self.differs.acting().is_some() {
            self.skip_batches();
        }
    }

    /// The terminal signs off: its keys end.
    pub fn sign_off(&mut self) {
        self.superseded = self.mac.take();
    }

    /// The MAC key before the one in force.
    pub const fn superseded(&self) -> Option<&MacKey> {
        self.superseded.as_ref()
    }

    /// A working key under the master key, and its check value.
    pub fn seal(&self, key: &MacKey) -> Option<SealedKey> {
        Some(SealedKey {
            wrapped: wrap(&self.master, key.key().bytes()).ok()?.into(),
            check: check_value(key.key()).to_vec().into(),
        })
    }

    /// Keys and batch as they were.
    pub fn restore(&mut self, state: &SessionState, algorithm: Algorithm) {
        let open = |sealed: &SealedKey| {
            let key = Key::new(&unwrap(&self.master, &sealed.wrapped).ok()?).ok()?;
            let fits = check_value(&key) == *sealed.check;
            fits.then(|| MacKey::new(algorithm, key.bytes()).ok())?
        };
        let mac = state.mac.as_ref().and_then(open);
        let superseded = state.superseded.as_ref().and_then(open);
        (self.mac, self.superseded) = (mac, superseded);
        self.batch = state.batch;
        self.closed = state.closed;
        self.balanced = state.balanced;
    }

    /// What becomes of the MAC of a request under the keys.
    pub fn verify(&self, body: &[u8], packet: &Packet) -> MacState {
        let fits = |key: &Option<MacKey>| key.as_ref().is_some_and(|k| k.verify(body, packet));
        if !packet.message.has(Field::MAC) {
            MacState::Absent
        } else if fits(&self.mac) {
            MacState::Valid
        } else if fits(&self.superseded) {
            MacState::Superseded
        } else {
            MacState::Invalid
        }
    }

    /// More than one, so that a terminal which counts on by itself does not come out right.
    fn skip_batches(&mut self) {
        for _ in 0..SKIPPED {
            self.next_batch();
        }
    }

    fn next_batch(&mut self) {
        self.batch = if self.batch >= LAST_BATCH {
            1
        } else {
            self.batch + 1
        };
        self.closed = false;
        self.balanced = None;
    }
}

/// Flips a bit in the check value of one key, so that only that is wrong: of the PIN key, which
/// comes first in DE62, or of the MAC key, which comes second.
pub(super) fn spoil_check_value(keys: &mut [u8], delivery: Delivery, of_pin: bool) {
    let wrapped = match delivery {
        Delivery::Single => 8,
        Delivery::Double | Delivery::Track => 16,
    };
    let check = if of_pin {
        wrapped
    } else {
        wrapped + CHECK + wrapped
    };
    if let Some(byte) = keys.get_mut(check) {
        *byte ^= 0x01;
    }
}

/// A random key with the odd parity that DES keys have.
fn draw(chance: &mut Chance, bytes: usize) -> Result<Key, KeyError> {
    let mut key = [0; 16];
    chance.fill_bytes(&mut key);
    for byte in &mut key {
        *byte ^= u8::from(byte.count_ones().is_multiple_of(2));
    }
    Key::new(&key[..bytes])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seeds;
    use crate::terminal::Bytes;

    pub(crate) fn account() -> TerminalAccount {
        TerminalAccount {
            id: "10000001".into(),
            merchant: "898310000000001".into(),
            tpdu: Bytes(vec![0x60, 0x00, 0x03, 0x00, 0x00]),
            master_key: Bytes((1..=16).collect()),
            first_stan: 1,
            first_batch: 1,
            batch_limit: 500,
        }
    }

    fn master() -> Key {
        Key::new(&account().master_key).unwrap()
    }

    #[test]
    fn every_sign_in_delivers_fresh_keys_that_check() {
        let mut session = Session::new(&account()).unwrap();
        let mut chance = Seeds::new(1, "keys").component("host.keys");
        let mut seen = Vec::new();
        for delivery in [Delivery::Single, Delivery::Double, Delivery::Track] {
            for algorithm in [Algorithm::Ecb, Algorithm::X919] {
                let field = session.sign_in(delivery, algorithm, &mut chance).unwrap();
                let keys = WorkingKeys::receive(&master(), delivery, &field).unwrap();
                assert!(!seen.contains(&keys.mac));
                seen.push(keys.mac);
                let mine = session.mac.as_ref().unwrap();
                let theirs = MacKey::new(algorithm, keys.mac.bytes()).unwrap();
                assert_eq!(mine.mac(b"message"), theirs.mac(b"message"));
            }
        }
    }

    #[test]
    fn a_spoilt_check_value_is_the_mac_keys_and_nothing_else() {
        let mut session = Session::new(&account()).unwrap();
        let mut chance = Seeds::new(1, "keys").component("host.keys");
        for delivery in [Delivery::Single, Delivery::Double, Delivery::Track] {
            let good = session
                .sign_in(delivery, Algorithm::Ecb, &mut chance)
                .unwrap();
            let mut bad = good.clone();
            spoil_check_value(&mut bad, delivery, false);
            assert_eq!(
                WorkingKeys::receive(&master(), delivery, &bad),
                Err(KeyError::CheckValue(crate::iso8583::keys::KeyName::Mac))
            );
        }
    }

    #[test]
    fn trouble_with_keys_lasts_until_a_sign_in_and_waits_for_the_first_one() {
        let mut session = Session::new(&account()).unwrap();
        let mut chance = Seeds::new(1, "keys").component("host.keys");
        let mut sign_in = |session: &mut Session| {
            session
                .sign_in(Delivery::Double, Algorithm::Ecb, &mut chance)
                .unwrap();
            session.after_sign_in();
        };
        session.arm(FaultId(1), FaultKind::KeysForgotten);
        assert_eq!(session.keys_forgotten(), None);
        sign_in(&mut session);
        assert_eq!(session.keys_forgotten(), Some(FaultId(1)));
        sign_in(&mut session);
        assert_eq!(session.keys_forgotten(), None);
        session.arm(FaultId(2), FaultKind::KeysExpired);
        assert_eq!(session.keys_expired(), Some(FaultId(2)));
        session.lift(FaultId(2));
        assert_eq!(session.keys_expired(), None);
    }

    #[test]
    fn batches_go_on_at_the_sign_in_after_their_end_and_where_the_acquirer_skips_some() {
        let mut session = Session::new(&account()).unwrap();
        let mut chance = Seeds::new(1, "keys").component("host.keys");
        let mut sign_in = |session: &mut Session| {
            session
                .sign_in(Delivery::Double, Algorithm::Ecb, &mut chance)
                .unwrap();
        };
        sign_in(&mut session);
        assert_eq!(session.batch, 1);
        session.closed = true;
        sign_in(&mut session);
        assert_eq!((session.batch, session.closed), (2, false));
        session.arm(FaultId(1), FaultKind::BatchDiffers);
        assert_eq!(session.batch, 5);
        assert_eq!(session.batch_differs(), Some(FaultId(1)));
        sign_in(&mut session);
        assert_eq!((session.batch, session.batch_differs()), (5, None));
        session.batch = LAST_BATCH;
        session.closed = true;
        sign_in(&mut session);
        assert_eq!(session.batch, 1);
    }
}
