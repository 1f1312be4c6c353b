//! The record: everything that happened at the counter, once, in order. Assertions, checkers,
//! verdicts and reports are functions of it; nobody keeps a second account.
//!
//! Not here: judgement, and any way to change what was recorded.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use crate::link::ConnId;

use crate::fault::{Fault, FaultId};
use crate::host::{Key, MacState, Posting, ResponseCode, TerminalId};
use crate::money::Fen;
use crate::terminal::{Action, Boot, Bytes, DamageKind, Event, LinkName, Refusal, StreamEnd};
use crate::time::{Span, Time};
use crate::vocabulary::{Operation, Wallet};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, in microseconds since the Unix epoch.
    pub at: Time,
    /// What.
    #[serde(flatten)]
    pub fact: Fact,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "camelCase")]
pub enum Fact {
    /// A step of the scenario begins.
    Step {
        /// As the feature file has it.
        text: Box<str>,
        /// Line in the feature file.
        line: u32,
    },
    /// The terminal was given power.
    Boot {
        /// From scratch or restarted.
        boot: Boot,
    },
    /// The terminal's power failed.
    PowerCut {
        /// The event whose answer was lost with it.
        #[serde(skip_serializing_if = "Option::is_none")]
        instead_of_answer_to: Option<Event>,
    },
    /// The terminal was told of an event, and answered.
    Told {
        /// The event.
        event: Event,
    },
    /// The terminal does not support an event; it changed nothing.
    Unsupported {
        /// The event.
        event: Event,
    },
    /// The terminal acted.
    Did {
        /// The action.
        action: Action,
    },
    /// A connection was asked for: the terminal's number and ours.
    Dialled {
        /// Ours.
        conn: ConnId,
        /// The terminal's.
        number: u64,
        /// Over which link.
        link: LinkName,
    },
    /// The acquirer accepted a connection.
    Accepted {
        /// Which.
        conn: ConnId,
    },
    /// A connection could not be made.
    Refused {
        /// Which.
        conn: ConnId,
        /// Why.
        reason: Refusal,
    },
    /// The acquirer saw a connection end.
    Ended {
        /// Which.
        conn: ConnId,
        /// How.
        how: StreamEnd,
    },
    /// A whole frame reached the acquirer.
    Received {
        /// On which connection.
        conn: ConnId,
        /// With its two length bytes.
        frame: Bytes,
    },
    /// Bytes reached the acquirer that are no frame of the dialect.
    Stray {
        /// On which connection.
        conn: ConnId,
        /// The bytes.
        bytes: Bytes,
        /// Why they are none.
        why: Box<str>,
    },
    /// The acquirer sent bytes: a frame, or what a fault made of one.
    Sent {
        /// On which connection.
        conn: ConnId,
        /// The bytes.
        frame: Bytes,
    },
    /// The acquirer judged a request. A request that a fault swallowed is not judged; one that a
    /// fault delayed is judged when it acts.
    Judged {
        /// On which connection it came.
        conn: ConnId,
        /// What it asks for; absent where it asks for nothing of the dialect.
        #[serde(skip_serializing_if = "Option::is_none")]
        operation: Option<Operation>,
        /// The transaction that it makes.
        #[serde(skip_serializing_if = "Option::is_none")]
        key: Option<Key>,
        /// The transaction that it is about: the original of a query, void, refund or reversal.
        #[serde(skip_serializing_if = "Option::is_none")]
        about: Option<Key>,
        /// DE39 as the acquirer means it, whatever a fault makes of the answer; absent where there
        /// is no answer, because the frame does not decode.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<ResponseCode>,
        /// What became of its MAC under the key in force.
        mac: MacState,
        /// What its maker should know.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<Box<str>>,
    },
    /// The acquirer gave a terminal fresh keys: from now on they are the ones in force.
    SignedIn {
        /// Which terminal.
        terminal: TerminalId,
        /// The batch that the answer names.
        batch: u32,
    },
    /// The acquirer closed a batch.
    BatchClosed {
        /// Of which terminal.
        terminal: TerminalId,
        /// Which batch.
        batch: u32,
        /// Whether the terminal ended it as balanced (207) or not (202).
        balanced: bool,
    },
    /// What waited for the customer was closed, because nobody confirmed or scanned in time.
    Lapsed {
        /// Which transaction.
        key: Key,
    },
    /// The ledger moved. Boxed, as it is by far the largest: a record is one piece of memory that grows.
    Posted(Box<Posting>),
    /// A link changed its state.
    LinkState {
        /// Which.
        link: LinkName,
        /// Whether the modem has its network.
        up: bool,
        /// The radio profile in force.
        profile: Box<str>,
    },
    /// The terminal's storage was damaged while it had no power.
    Damaged {
        /// What became of the files.
        kind: DamageKind,
        /// How many of them changed.
        files: u32,
        /// Whether all were meant, so that no backup is left.
        all: bool,
        /// Whether the place was chosen blindly: it may be one that nobody needs.
        blind: bool,
    },
    /// The customer held a phone before the scanner.
    Presented {
        /// With which wallet.
        wallet: Wallet,
        /// The code on its screen, if any.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<Box<str>>,
    },
    /// The customer scanned the code on the terminal's screen.
    Scanned {
        /// With which wallet.
        wallet: Wallet,
        /// What was paid; `None` where the phone or the wallet does not pay for that code.
        #[serde(skip_serializing_if = "Option::is_none")]
        paid: Option<Fen>,
    },
    /// A wallet asked its customer to confirm.
    Asked {
        /// Which wallet.
        wallet: Wallet,
    },
    /// The customer answered.
    Confirmed {
        /// Yes or no.
        yes: bool,
    },
    /// A fault stands ready.
    Armed {
        /// Its number.
        id: FaultId,
        /// What it is.
        fault: Fault,
    },
    /// A fault did its work.
    Fired {
        /// Its number.
        id: FaultId,
    },
    /// A fault was lifted.
    Lifted {
        /// Its number.
        id: FaultId,
    },
    /// The suite missed an instant by more than its tolerance (live mode): it was too slow to judge.
    Late {
        /// By how much.
        by: Span,
    },
    /// The scenario is over: every fault is lifted and the counter comes to rest.
    Concluding,
    /// The counter is at rest.
    AtRest {
        /// Whether it came to rest by itself, or was stopped at the end of its time.
        quiet: bool,
        /// How long it took.
        took: Span,
    },
}

/// Everything that happened on one bench. As JSON it is the list of its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Record {
    entries: Vec<Entry>,
}

impl Record {
    /// An empty record with room for so many entries.
    pub fn with_capacity(entries: usize) -> Self {
        Self {
            entries: Vec::with_capacity(entries),
        }
    }

    /// Appends what happened at `at`, which is not before the last entry.
    pub fn push(&mut self, at: Time, fact: Fact) {
        debug_assert!(
            self.entries.last().is_none_or(|last| last.at <= at),
            "the record goes back"
        );
        self.entries.push(Entry { at, fact });
    }

    /// Everything so far, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Lets `change` work on the entries; their number stays as it is.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut [Entry])) {
        change(&mut self.entries);
    }

    /// SHA-256 of the record as JSON lines.
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut line = Vec::with_capacity(512);
        for entry in &self.entries {
            line.clear();
            write_line(entry, &mut line);
            hash.update(&line);
        }
        hash.finalize().into()
    }

    /// The record that was written as JSON lines.
    ///
    /// # Errors
    /// When a line is no entry of a record.
    pub fn from_json_lines(lines: &[u8]) -> serde_json::Result<Self> {
        serde_json::Deserializer::from_slice(lines)
            .into_iter()
            .collect()
    }

    /// The record as JSON lines.
    pub fn to_json_lines(&self) -> Vec<u8> {
        let mut lines = Vec::with_capacity(self.entries.len() * 160);
        for entry in &self.entries {
            write_line(entry, &mut lines);
        }
        lines
    }
}

impl FromIterator<Entry> for Record {
    /// The record of these entries, oldest first.
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self {
            entries: entries.into_iter().collect(),
        }
    }
}

fn write_line(entry: &Entry, to: &mut Vec<u8>) {
    // Writing to memory fails only for maps with keys that are no strings; the record has none.
    serde_json::to_writer(&mut *to, entry).expect("a record entry is JSON");
    to.push(b'\n');
}
