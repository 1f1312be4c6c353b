//! What a bench starts from: the counter before anything went wrong.

use crate::iso8583::Dialect;
use crate::link::profiles::{self, Profile};
use crate::random::Seeds;
use crate::terminal::{
    Boot, Bytes, HostAddress, HostLink, Mode, Setup, TerminalAccount, Timing, Tls,
};
use crate::time::{Span, Time};
use crate::vocabulary::Wallet;

/// What a bench starts from.
#[derive(Clone, Debug)]
pub struct BenchSetup {
    /// When the scenario begins.
    pub start: Time,
    /// Where all chance comes from.
    pub seeds: Seeds,
    /// How the acquirer speaks.
    pub dialect: &'static Dialect,
    /// Name and radio profile of each link of the terminal, preferred first.
    pub links: Vec<(Box<str>, &'static Profile)>,
    /// Who the terminal is to the acquirer.
    pub account: TerminalAccount,
    /// How long things take.
    pub timing: Timing,
    /// Language of the display.
    pub locale: Box<str>,
    /// The wallet on the customer's phone.
    pub wallet: Wallet,
    /// How long the power stays off after a cut.
    pub power_off: Span,
    /// Whether the terminal's connections are secured with TLS, where it makes its own.
    pub secured: bool,
    /// Whether what goes over the links is kept, for [`super::Bench::take_capture`].
    pub capture: bool,
}

/// The network of a shop where nobody complains.
pub(super) fn usual_profile() -> &'static Profile {
    profiles::find("good").expect("the data file has it")
}

/// 2026-01-01 08:00 at UTC+8: the shop opens.
const OPENING: Time = Time::from_millis(1_767_225_600_000);

impl BenchSetup {
    /// The counter as it is unless a scenario says otherwise.
    pub fn new(seeds: Seeds) -> Self {
        let good = usual_profile();
        Self {
            start: OPENING,
            seeds,
            dialect: Dialect::cup(),
            links: vec![("cellular".into(), good), ("wifi".into(), good)],
            account: TerminalAccount {
                id: "10000001".into(),
                merchant: "898310000000001".into(),
                tpdu: Bytes(vec![0x60, 0x00, 0x03, 0x00, 0x00]),
                master_key: Bytes(
                    (0..8)
                        .map(|n| n * 0x22 + 1)
                        .chain((0..8).map(|n| 0xFE - n * 0x22))
                        .collect(),
                ),
                first_stan: 1,
                first_batch: 1,
                batch_limit: 500,
            },
            timing: Timing::default(),
            locale: "zh-CN".into(),
            wallet: Wallet::Jd,
            power_off: Span::from_secs(5),
            secured: false,
            capture: false,
        }
    }

    /// The parameters of `initialize`.
    pub(super) fn to_initialize(&self) -> Setup {
        Setup {
            protocol: 1,
            mode: Mode::Lockstep,
            now: self.start.as_millis(),
            boot: Boot::Factory,
            terminal: self.account.clone(),
            host: HostAddress {
                dialect: self.dialect.name().into(),
                links: self
                    .links
                    .iter()
                    .enumerate()
                    .map(|(port, (name, _))| HostLink {
                        name: name.clone(),
                        address: format!("127.0.0.1:{}", 41_001 + port).into(),
                        tls: Tls::Off(false),
                    })
                    .collect(),
            },
            storage: "".into(),
            locale: self.locale.clone(),
            timing: self.timing,
        }
    }

    /// How long a terminal that keeps its own time does nothing before it is taken to be at rest: longer than
    /// any pause between two steps of something that goes on.
    pub(super) fn quiet(&self) -> Span {
        let t = &self.timing;
        let pauses = [
            t.connect_timeout_ms,
            t.response_timeout_ms,
            t.reversal_retry_ms,
            t.reversal_round_ms,
            t.query_interval_ms,
            t.scan_timeout_ms,
        ];
        let longest = pauses.into_iter().max().unwrap_or_default();
        Span::from_millis(longest + longest / 10)
    }

    /// The longest that an order may stay without a final word once faults are over (TXN-05,
    /// edges 30).
    pub fn patience(&self) -> Span {
        let t = &self.timing;
        Span::from_millis(
            2 * t.response_timeout_ms
                + t.query_for_ms.max(t.show_for_ms)
                + 3 * t.reversal_retry_ms
                + 2 * t.reversal_round_ms
                + 2 * t.connect_timeout_ms
                + 60_000,
        )
    }
}
