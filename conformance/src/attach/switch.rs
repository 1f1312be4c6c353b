//! The power of a terminal on a switched socket: a command of its owner's turns it off and on.

use std::io;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::command::CommandLine;

/// A command that is told `off` or `on` as its last argument, and is done when the power is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerSwitch(pub CommandLine);

impl PowerSwitch {
    /// Turns the power off or on within `limit`.
    ///
    /// # Errors
    /// When the command cannot be started, fails, or takes longer.
    pub fn turn(&self, on: bool, limit: Duration) -> io::Result<()> {
        let word = if on { "on" } else { "off" };
        let mut child = Command::new(&self.0.program)
            .args(&self.0.arguments)
            .arg(word)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        let deadline = Instant::now() + limit;
        loop {
            match child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => {
                    return Err(io::Error::other(format!("{} {word}: {status}", self.0)));
                }
                None if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
                None => {
                    child.kill()?;
                    child.wait()?;
                    let said = format!("{} {word}: > {limit:?}", self.0);
                    return Err(io::Error::new(io::ErrorKind::TimedOut, said));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(command: &str) -> io::Result<()> {
        let switch = PowerSwitch(CommandLine::parse(command).unwrap());
        switch.turn(false, Duration::from_millis(300))
    }

    #[test]
    fn a_switch_works_or_says_why_not() {
        turn("test off =").unwrap();
        let failed = turn("test on =").unwrap_err().to_string();
        assert!(failed.starts_with("test on = off: exit status"), "{failed}");
        assert!(turn("sleep 60").is_err());
        let slow = turn("sh -c 'sleep 60'").unwrap_err();
        assert_eq!(slow.kind(), io::ErrorKind::TimedOut);
        assert!(turn("/no/such/switch").is_err());
    }
}
