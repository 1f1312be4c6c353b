//! A terminal that is a child process: its standard streams are the wire, SIGKILL to it and to
//! all that it started is the power cut.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::carrier::{Carrier, Power};
use super::command::CommandLine;
use super::evidence::Evidence;
use super::trouble::Trouble;
use super::wire::Wire;

/// How long a process that closed its streams may take to be gone.
const DYING: Duration = Duration::from_millis(500);

/// The process, where there is one, and how to start it.
#[derive(Debug)]
pub struct Process {
    command: CommandLine,
    child: Option<Child>,
    evidence: Evidence,
}

impl Process {
    /// Nothing is started yet.
    pub fn new(command: CommandLine) -> Self {
        Self {
            command,
            child: None,
            evidence: Evidence::default(),
        }
    }

    fn spawn(&mut self) -> io::Result<Wire> {
        let mut child = Command::new(&self.command.program)
            .args(&self.command.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A group of its own, so that the power cut reaches what a wrapper script started.
            .process_group(0)
            .spawn()?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        self.child = Some(child);
        let missing = || io::Error::other("a standard stream is missing");
        if let Some(stderr) = stderr {
            self.evidence.drain(stderr)?;
        }
        Wire::new(
            stdout.ok_or_else(missing)?.into(),
            stdin.ok_or_else(missing)?.into(),
        )
    }

    /// Ends the process and everything that it started.
    fn kill(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        // Both fail only where nobody is left to be killed.
        let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Waits until the process has ended by itself, up to `patience`.
    fn wait(&mut self, patience: Duration) -> Option<ExitStatus> {
        let child = self.child.as_mut()?;
        let deadline = Instant::now() + patience;
        let mut pause = Duration::from_micros(200);
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => thread::sleep(pause),
                Ok(None) | Err(_) => return None,
            }
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }
}

impl Carrier for Process {
    fn power(&self) -> Power {
        Power::Ours
    }

    fn open(&mut self) -> Result<Wire, Trouble> {
        self.kill();
        let wire = self.spawn().map_err(|error| Trouble::NotStarted {
            program: self.command.program.clone(),
            error,
        });
        if wire.is_err() {
            self.kill();
        }
        wire
    }

    fn cut(&mut self) -> io::Result<()> {
        self.kill();
        Ok(())
    }

    fn why_closed(&mut self) -> Trouble {
        self.wait(DYING).map_or(Trouble::Closed, Trouble::Exited)
    }

    fn leave(&mut self, patience: Duration) -> Option<String> {
        let left = match self.wait(patience) {
            Some(status) if status.success() => None,
            Some(status) => Some(status.to_string()),
            None => Some(format!("> {patience:?}")),
        };
        self.kill();
        left
    }

    fn stderr(&mut self, patience: Duration) -> String {
        self.evidence.take(patience)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
