//! What the acquirer must still know after a restart, as plain values: handed out as it changes,
//! taken in at a start. Where it is kept, and in which format, is for others; none of these types needs
//! one that describes itself.
//!
//! Not here: connections, answers on their way, faults. They end with the program.

use serde::{Deserialize, Serialize};

use super::book::Transaction;
use super::key::{Key, TerminalId};
use super::ledger::Posting;
use super::wallet::Customer;
use super::{Host, session};
use crate::phone::IssuedCode;
use crate::terminal::Bytes;
use crate::vocabulary::Wallet;

/// What changed since it was asked for last; all of these one after the other, or put together, are
/// the whole. Of two values for one thing the later one counts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Durable {
    /// Reference numbers given so far, and questions asked so far.
    pub counters: (u32, u32),
    /// Movements of money, oldest first.
    pub postings: Vec<Posting>,
    /// Transactions as they stand.
    pub transactions: Vec<(Key, Transaction)>,
    /// Reversed before they were seen.
    pub reversed: Vec<Key>,
    /// Keys and batches of terminals.
    pub sessions: Vec<SessionState>,
    /// Codes that were issued, and whether they served.
    pub codes: Vec<(IssuedCode, bool)>,
    /// Customers' means as they were set up.
    pub customers: Vec<(Wallet, u32, Customer)>,
}

/// Keys and batch of a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionState {
    /// Which terminal.
    pub terminal: TerminalId,
    /// Its batch, open, or closed and waiting for the next sign-in.
    pub batch: u32,
    /// Whether it is closed.
    pub closed: bool,
    /// What the last settlement of the batch came to.
    pub balanced: Option<bool>,
    /// The MAC key in force.
    pub mac: Option<SealedKey>,
    /// The one before it.
    pub superseded: Option<SealedKey>,
}

/// A working key under the master key of its terminal, which alone opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedKey {
    /// The key, wrapped.
    pub wrapped: Bytes,
    /// Its check value.
    pub check: Bytes,
}

impl Durable {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.postings.is_empty()
            && self.transactions.is_empty()
            && self.reversed.is_empty()
            && self.sessions.is_empty()
            && self.codes.is_empty()
            && self.customers.is_empty()
    }
}

/// What changed since somebody asked; nothing is noted before anybody has.
#[derive(Debug)]
pub(super) struct Changed<T>(Option<Vec<T>>);

impl<T> Default for Changed<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Changed<T> {
    pub fn watch(&mut self) {
        self.0.get_or_insert_default();
    }

    pub fn note(&mut self, what: impl FnOnce() -> T) {
        if let Some(noted) = &mut self.0 {
            noted.push(what());
        }
    }

    pub fn take(&mut self) -> Vec<T>
    where
        T: PartialEq,
    {
        let mut noted = self.0.as_mut().map(std::mem::take).unwrap_or_default();
        noted.dedup();
        noted
    }
}

impl Host {
    /// Begins to note what changes, for [`Host::changes`].
    pub fn watch_changes(&mut self) {
        self.changed_sessions.watch();
        self.switch.book.watch();
        self.switch.wallets.watch();
        self.switch.ledger.mark();
    }

    /// What changed since the last call, or since [`Host::watch_changes`].
    pub fn changes(&mut self) -> Durable {
        let sessions = self.changed_sessions.take();
        let (transactions, reversed) = self.switch.book.changes();
        let (codes, customers) = self.switch.wallets.changes();
        Durable {
            counters: self.switch.counters(),
            postings: self.switch.ledger.since_mark().to_vec(),
            transactions,
            reversed,
            sessions: sessions
                .into_iter()
                .map(|index| self.sessions[index].state())
                .collect(),
            codes,
            customers,
        }
    }

    /// Takes in what [`Host::changes`] handed out, into a host whose terminals are registered and
    /// which has done nothing else. State of a terminal that is not registered any more is left out;
    /// working keys that its master key does not open are dropped, and the terminal signs in again.
    pub fn restore(&mut self, state: Durable) {
        let algorithm = self.dialect.algorithm();
        for session in &state.sessions {
            if let Some(index) = self.session_of.get(&session.terminal) {
                self.sessions[*index].restore(session, algorithm);
            }
        }
        self.switch.restore(state);
    }
}

impl session::Session {
    fn state(&self) -> SessionState {
        SessionState {
            terminal: self.terminal,
            batch: self.batch,
            closed: self.closed,
            balanced: self.balanced,
            mac: self.mac.as_ref().and_then(|key| self.seal(key)),
            superseded: self.superseded().and_then(|key| self.seal(key)),
        }
    }
}

/// ASCII of a fixed length, as text.
pub(super) mod ascii {
    use std::borrow::Cow;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer, const N: usize>(
        bytes: &[u8; N],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&String::from_utf8_lossy(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
        from: D,
    ) -> Result<[u8; N], D::Error> {
        let text = Cow::<'de, str>::deserialize(from)?;
        let bytes = text.as_bytes().try_into();
        bytes.map_err(|_| D::Error::custom(format_args!("not of {N} characters: {text:?}")))
    }

    /// The same where there may be none.
    pub mod option {
        use super::{Cow, Deserialize, Deserializer, Error, Serializer};

        #[expect(clippy::ref_option, reason = "serde asks like this")]
        pub fn serialize<S: Serializer, const N: usize>(
            bytes: &Option<[u8; N]>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            match bytes {
                Some(bytes) => to.serialize_some(&String::from_utf8_lossy(bytes)),
                None => to.serialize_none(),
            }
        }

        pub fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
            from: D,
        ) -> Result<Option<[u8; N]>, D::Error> {
            let Some(text) = Option::<Cow<'de, str>>::deserialize(from)? else {
                return Ok(None);
            };
            let bytes = text.as_bytes().try_into();
            let wrong = |_| D::Error::custom(format_args!("not of {N} characters: {text:?}"));
            bytes.map(Some).map_err(wrong)
        }
    }
}
