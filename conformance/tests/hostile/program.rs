//! A run of the program against a hostile adapter, watched from outside.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use counterproof::report::results::Results;

/// A run that has not ended by then hangs. No behaviour comes near it.
const HANGS: Duration = Duration::from_mins(3);
/// Processes of a run carry its marker in their environment.
const MARKER: &str = "COUNTERPROOF_HOSTILE_RUN";

/// What came of a run.
pub struct Ended {
    pub code: i32,
    pub results: Results,
    /// What it said on standard error.
    pub complaints: String,
    /// The most memory that the program itself has had, in KiB.
    pub memory: u64,
    /// Processes that are still there.
    pub left: Vec<String>,
}

/// Runs three quick scenarios against this terminal.
pub fn run(terminal: &str, limit: &str) -> Ended {
    let out = tempfile::tempdir().unwrap();
    let marker = out.path().display().to_string();
    let errors = fs::File::create(out.path().join("errors")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_counterproof"))
        .args(["run", "--terminal", terminal, "--time-limit", limit])
        .args(["--features", "tests/cli/good", "--jobs", "1"])
        .args([
            "--name",
            "payment is|cancel|receipt",
            "--lang",
            "en",
            "--out",
        ])
        .arg(out.path())
        .env(MARKER, &marker)
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::null())
        .stderr(errors)
        .spawn()
        .unwrap();
    let (code, memory) = watch(&mut child);
    let results = fs::read_to_string(out.path().join("results.json")).unwrap();
    Ended {
        code,
        results: serde_json::from_str(&results).unwrap(),
        complaints: fs::read_to_string(out.path().join("errors")).unwrap(),
        memory,
        left: marked(&marker),
    }
}

fn watch(child: &mut Child) -> (i32, u64) {
    let (begin, mut memory) = (Instant::now(), 0);
    loop {
        memory = memory.max(high_water(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            return (status.code().unwrap_or(-1), memory);
        }
        if begin.elapsed() > HANGS {
            child.kill().unwrap();
            panic!("the program hangs");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// The most memory that a process has had so far, in KiB.
pub fn high_water(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Processes with this marker. Those that were killed may take a moment to be gone.
fn marked(marker: &str) -> Vec<String> {
    let mut left = Vec::new();
    for _ in 0..200 {
        left = fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| named(&entry.ok()?.path(), marker))
            .collect();
        if left.is_empty() {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    left
}

fn named(process: &Path, marker: &str) -> Option<String> {
    let environment = fs::read(process.join("environ")).ok()?;
    let entry = format!("{MARKER}={marker}");
    let has = environment
        .split(|&b| b == 0)
        .any(|e| e == entry.as_bytes());
    has.then(|| fs::read_to_string(process.join("comm")).unwrap_or_default())
}

/// The words that start the adapter.
pub fn adapter(step: &str, manner: &str) -> String {
    format!("python3 -S '{}' {step} {manner}", script().display())
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/adapter.py")
}

/// The adapter on TCP, until it is dropped.
pub struct Listening {
    child: Child,
    pub terminal: String,
}

impl Listening {
    pub fn new(step: &str, manner: &str) -> Self {
        let mut child = Command::new("python3")
            .arg("-S")
            .arg(script())
            .args([step, manner, "--listen"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut port = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut port).unwrap();
        let terminal = format!("tcp:127.0.0.1:{}", port.trim());
        Self { child, terminal }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
