//! `counterproof serve` as a process: sockets, the API, limits, kills. What is done to its port is the
//! table of the hostile clients.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod api;
mod kill;
mod limits;
#[path = "../hostile/port.rs"]
mod port;
mod sessions;
mod terminal;
#[path = "../hostile/wire.rs"]
mod wire;

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use terminal::{MERCHANT, http};

/// A service that runs, or ran.
pub struct Served {
    child: Child,
    /// Where terminals connect.
    pub listen: SocketAddr,
    /// Where the API is.
    pub api: SocketAddr,
}

/// A directory with a file of terminals in it.
pub fn place(terminals: usize) -> TempDir {
    let place = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for number in 0..terminals {
        let id = 10_000_000 + number;
        text += &format!(
            "[[terminal]]\nid = \"{id}\"\nmerchant = \"{MERCHANT}\"\nmaster-key = \"0102030405060708090A0B0C0D0E0F10\"\n"
        );
    }
    std::fs::write(place.path().join("terminals.toml"), text).unwrap();
    place
}

/// The command for the place.
pub fn command(place: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_counterproof"));
    command
        .args([
            "serve",
            "--json",
            "--listen",
            "127.0.0.1:0",
            "--api",
            "127.0.0.1:0",
        ])
        .arg("--data")
        .arg(place.join("data"))
        .arg("--terminals")
        .arg(place.join("terminals.toml"))
        .args(options)
        .env_remove("COUNTERPROOF_API_TOKEN")
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    command
}

impl Served {
    /// Starts the service in a place, on the data that is there.
    pub fn start(place: &TempDir, options: &[&str]) -> Self {
        let mut child = command(place.path(), options)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let addresses: Value = serde_json::from_str(&line).unwrap();
        let address = |value: &Value| value.as_str().unwrap().parse().unwrap();
        Self {
            child,
            listen: address(&addresses["listen"][0]),
            api: address(&addresses["api"]),
        }
    }

    /// A connection of a terminal.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.listen).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    /// Reads from the API.
    pub fn get(&self, path: &str) -> Value {
        let (status, body) = http(self.api, "GET", path, &[], None).unwrap();
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Does something by the API; returns status and answer.
    pub fn ask(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let body = (!body.is_null()).then(|| body.to_string());
        let (status, body) = http(self.api, method, path, &[], body.as_deref()).unwrap();
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let id = i32::try_from(self.child.id()).unwrap();
        let id = rustix::process::Pid::from_raw(id).unwrap();
        rustix::process::kill_process(id, signal).unwrap();
    }

    /// Kills it on the spot.
    pub fn kill_now(&self) {
        self.signal(rustix::process::Signal::KILL);
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        self.signal(rustix::process::Signal::TERM);
    }

    /// How it ended.
    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
