//! What `initialize` tells the terminal, checked and in the form in which it is needed.

use crate::iso8583::keys::Key;
use crate::iso8583::{Dialect, Tpdu};
use crate::terminal::{LinkName, Mode, Setup, TerminalError};
use crate::time::Span;
use crate::vocabulary::Lang;

/// The longest time that anything may take: a year.
const LONGEST_MS: u64 = 366 * 86_400_000;

/// The terminal's account and its surroundings.
#[derive(Clone, Debug)]
pub(super) struct Config {
    /// DE41.
    pub terminal: Box<str>,
    /// DE42.
    pub merchant: Box<str>,
    /// Addresses of every frame.
    pub tpdu: Tpdu,
    /// The key under which working keys come.
    pub master: Key,
    /// STAN and batch of an empty journal.
    pub first: (u32, u32),
    /// Entries that a batch holds.
    pub batch_limit: usize,
    /// Names of the links, the preferred one first.
    pub links: Vec<LinkName>,
    /// Language of screen and receipts.
    pub lang: Lang,
    /// How long things take.
    pub timing: Pace,
}

/// How long things take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// To connect.
    pub connect: Span,
    /// For an answer.
    pub response: Span,
    /// Between two sendings of a reversal in a round.
    pub retry: Span,
    /// Between two rounds.
    pub round: Span,
    /// Between two queries.
    pub query: Span,
    /// How long a payment may wait for the customer.
    pub query_for: Span,
    /// For a code to be read.
    pub scan: Span,
    /// How long a code is shown.
    pub show: Span,
}

impl Config {
    /// Takes the parameters of `initialize`.
    ///
    /// # Errors
    /// When the terminal cannot work with them; the error names the member.
    pub(super) fn take(setup: &Setup, dialect: &Dialect) -> Result<Self, TerminalError> {
        let account = &setup.terminal;
        let timing = &setup.timing;
        if setup.mode != Mode::Lockstep {
            return Err(refuse(
                "mode: only lockstep is spoken",
                "start it in lockstep",
            ));
        }
        if *setup.host.dialect != *dialect.name() {
            return Err(refuse(
                "host.dialect: another dialect than the one that the terminal was built for",
                "give the terminal that dialect",
            ));
        }
        if account.id.len() > 8 || account.merchant.len() > 15 {
            return Err(refuse(
                "terminal: the id has 8 characters at most, the merchant 15",
                "shorten it",
            ));
        }
        if !(1..=999_999).contains(&account.first_stan) || account.first_batch > 999_999 {
            return Err(refuse(
                "terminal: firstStan is 1 to 999999, firstBatch 0 to 999999",
                "give it a number of six digits",
            ));
        }
        if setup.host.links.is_empty() || setup.host.links.len() > 32 {
            return Err(refuse("host.links: 1 to 32 links", "give it a link"));
        }
        // A deadline that lies at once would never let anything happen before it.
        let span = |ms: u64| Span::from_millis(ms.clamp(1, LONGEST_MS));
        Ok(Self {
            terminal: account.id.clone(),
            merchant: account.merchant.clone(),
            tpdu: (*account.tpdu)
                .try_into()
                .map_err(|_| refuse("terminal.tpdu is not five bytes", "give ten digits"))?,
            master: Key::new(&account.master_key)
                .ok()
                .filter(|key| key.bytes().len() == 16)
                .ok_or_else(|| refuse("terminal.masterKey is not 16 bytes", "give 32 digits"))?,
            first: (account.first_stan, account.first_batch),
            batch_limit: account.batch_limit as usize,
            links: setup.host.links.iter().map(|l| l.name.clone()).collect(),
            lang: Lang::of_locale(&setup.locale),
            timing: Pace {
                connect: span(timing.connect_timeout_ms),
                response: span(timing.response_timeout_ms),
                retry: span(timing.reversal_retry_ms),
                round: span(timing.reversal_round_ms),
                query: span(timing.query_interval_ms),
                query_for: span(timing.query_for_ms),
                scan: span(timing.scan_timeout_ms),
                show: span(timing.show_for_ms),
            },
        })
    }
}

fn refuse(what: &str, remedy: &str) -> TerminalError {
    TerminalError::Broken {
        what: format!("the reference terminal does not start: {what}"),
        remedy: remedy.to_owned(),
    }
}
