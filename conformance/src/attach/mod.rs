//! How a terminal under test is attached: the built-in one, a child process, an adapter on TCP.
//! All are the port of the simulator ([`counterproof_sim::terminal::Terminal`]); nothing else in
//! the program knows which one it talks to.
//!
//! Not here: what is done to the terminal (the bench and the scenarios) and what comes of it.

mod carrier;
mod command;
mod conversation;
mod dock;
mod evidence;
mod lines;
mod live;
mod operator;
mod process;
mod rpc;
mod storage_files;
mod switch;
mod tcp;
mod trouble;
mod wire;

use std::fmt;

use counterproof_sim::pos::Defect;

pub use command::{CommandLine, NotACommand};
pub use dock::Dock;
pub use live::LiveMode;
pub use operator::{Answers, Desk, Person, Script, ScriptError};
pub use switch::PowerSwitch;

/// A terminal under test, as `--terminal` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attachment {
    /// The built-in one, with these defects.
    Reference(Vec<Defect>),
    /// A child process.
    Process(CommandLine),
    /// An adapter that listens on `host:port`.
    Tcp(String),
    /// A device in a person's hands.
    Operator,
}

/// Why a text names no terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotATerminal {
    /// It is no command line.
    Command(NotACommand),
    /// What follows `tcp:` is not `host:port`.
    Address,
}

impl Attachment {
    /// Reads `--terminal`.
    ///
    /// # Errors
    /// When it names no terminal. Nothing is started or connected.
    pub fn parse(text: &str) -> Result<Self, NotATerminal> {
        if text == "operator" {
            return Ok(Self::Operator);
        }
        let Some(address) = text.strip_prefix("tcp:") else {
            return CommandLine::parse(text)
                .map(Self::Process)
                .map_err(NotATerminal::Command);
        };
        let port = address
            .rsplit_once(':')
            .filter(|(host, _)| !host.is_empty());
        match port.and_then(|(_, port)| port.parse::<u16>().ok()) {
            Some(1..) => Ok(Self::Tcp(address.into())),
            Some(0) | None => Err(NotATerminal::Address),
        }
    }

    /// Whether several can be had at once: an adapter that listens is one.
    pub const fn is_many(&self) -> bool {
        !matches!(self, Self::Tcp(_) | Self::Operator)
    }
}

impl fmt::Display for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reference(_) => f.write_str("reference"),
            Self::Process(command) => command.fmt(f),
            Self::Tcp(address) => write!(f, "tcp:{address}"),
            Self::Operator => f.write_str("operator"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_a_command_or_an_address() {
        assert_eq!(
            Attachment::parse("tcp:127.0.0.1:4001"),
            Ok(Attachment::Tcp("127.0.0.1:4001".into()))
        );
        assert_eq!(
            Attachment::parse("tcp:[::1]:4001"),
            Ok(Attachment::Tcp("[::1]:4001".into()))
        );
        assert!(matches!(
            Attachment::parse("./till --fast"),
            Ok(Attachment::Process(_))
        ));
        for wrong in [
            "tcp:",
            "tcp:4001",
            "tcp::4001",
            "tcp:till",
            "tcp:till:0",
            "tcp:till:65536",
        ] {
            assert_eq!(
                Attachment::parse(wrong),
                Err(NotATerminal::Address),
                "{wrong}"
            );
        }
        assert_eq!(
            Attachment::parse(""),
            Err(NotATerminal::Command(NotACommand::Empty))
        );
    }
}
