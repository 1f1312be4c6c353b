//! The options of `run` for terminals that keep their own time.

use std::net::{AddrParseError, IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::attach::Attachment;

/// How exactly instants are known where nobody says otherwise.
pub const TOLERANCE: &str = "50ms";
/// How long a person's answer is waited for where nobody says otherwise.
pub const ANSWER_WITHIN: &str = "5m";

/// Options for terminals that keep their own time.
#[derive(Args, Debug, Default)]
pub struct LiveArgs {
    /// Who keeps the time: the suite, or the terminal, which then makes its own connections
    #[arg(long, value_enum, default_value_t, value_name = "MODE")]
    pub mode: ModeArg,
    /// In live mode: how many times faster the time passes; the terminal is given a timing that is
    /// shorter by as much [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub time_scale: Option<u32>,
    /// In live mode: terminals at once [default: as --jobs]
    #[arg(long, value_name = "N")]
    pub instances: Option<usize>,
    /// In live mode: how exactly instants are known; what misses a limit by less has not missed it
    /// [default: 50ms]
    #[arg(long, value_name = "TIME")]
    pub tolerance: Option<String>,
    /// Command that switches the power of the terminal at tcp:HOST:PORT, with off or on as its last
    /// argument
    #[arg(long, value_name = "COMMAND")]
    pub power_cmd: Option<String>,
    /// For --terminal operator: a file that answers in place of a person
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// For --terminal operator: how long an answer is waited for [default: 5m]
    #[arg(long, value_name = "TIME")]
    pub answer_within: Option<String>,
    /// In live mode: the address of this machine on which the suite listens as the acquirer; with a
    /// port, the first link has it and the others follow [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS[:PORT]", value_parser = listen)]
    pub listen: Option<(IpAddr, Option<u16>)>,
}

/// Who keeps the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ModeArg {
    /// The suite: virtual time
    #[default]
    Lockstep,
    /// The terminal: wall time
    Live,
}

/// An address, with a port or without.
fn listen(text: &str) -> Result<(IpAddr, Option<u16>), AddrParseError> {
    if let Ok(both) = text.parse::<SocketAddr>() {
        return Ok((both.ip(), Some(both.port())));
    }
    text.parse().map(|address| (address, None))
}

impl LiveArgs {
    /// Whether this terminal keeps its own time. A person is no state machine: there is no other mode.
    pub fn is_live(&self, terminal: &Attachment) -> bool {
        self.mode == ModeArg::Live || *terminal == Attachment::Operator
    }

    /// Where the suite listens as the acquirer.
    pub fn listens_at(&self) -> (IpAddr, Option<u16>) {
        self.listen.unwrap_or((Ipv4Addr::LOCALHOST.into(), None))
    }

    /// An option that was given and would mean nothing for this terminal, and what it goes with.
    pub fn misplaced(&self, terminal: &Attachment) -> Option<(&'static str, &'static str)> {
        let (live, operator, tcp) = (
            "--mode live",
            "--terminal operator",
            "--terminal tcp:HOST:PORT",
        );
        let is_live = self.is_live(terminal);
        let is_operator = *terminal == Attachment::Operator;
        let is_tcp = matches!(terminal, Attachment::Tcp(_));
        [
            ("--time-scale", self.time_scale.is_some(), is_live, live),
            ("--instances", self.instances.is_some(), is_live, live),
            ("--tolerance", self.tolerance.is_some(), is_live, live),
            ("--listen", self.listen.is_some(), is_live, live),
            ("--power-cmd", self.power_cmd.is_some(), is_tcp, tcp),
            ("--answers", self.answers.is_some(), is_operator, operator),
            (
                "--answer-within",
                self.answer_within.is_some(),
                is_operator,
                operator,
            ),
        ]
        .into_iter()
        .find(|(_, is_given, is_of_use, _)| *is_given && !is_of_use)
        .map(|(option, _, _, goes_with)| (option, goes_with))
    }
}
