//! What one event to a child process costs us, apart from what the pipe and the child cost: the
//! same bytes go through the same pipe to the same child once as they are (the floor) and once
//! through the attachment.
//!
//! `cargo bench -p counterproof --bench lockstep`

use std::env;
use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Write as _, stdin, stdout};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use counterproof::attach::{Attachment, Dock};
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::terminal::{Boot, Event, Reply, Setup};
use counterproof_sim::time::Time;
use counterproof_sim::vocabulary::Lang;
use criterion::Criterion;

const NOW: u64 = 1_767_225_600_000;

/// Says "answer", where a good terminal would think: the child of both measurements.
const CHILD: &str = "--child";

/// What a terminal that sends a sale answers.
const RESULT: &str = r#"{"actions":[{"type":"scanner.off"},{"type":"display","lines":["正在付款","128.50"]},{"type":"host.send","conn":1,"data":"00756000030000603100000000020030200480 00c08031000000000000012850000001032000303130303030303031383938333130303030303030303031313536002141333139363235303130303030303030303030303030300013220000010006000011223344556677"}],"wakeAt":1767225661250}"#;

fn child() {
    let (mut input, mut output) = (stdin().lock(), stdout().lock());
    let mut line = String::new();
    while input.read_line(&mut line).is_ok_and(|count| count > 0) {
        let id = line
            .split(r#""id":"#)
            .nth(1)
            .and_then(|rest| rest.split(',').next());
        let id = id.unwrap_or("0");
        let written = if line.contains(r#""initialize""#) {
            writeln!(
                output,
                r#"{{"jsonrpc":"2.0","id":{id},"result":{{"protocol":1,"name":"bench","capabilities":{{"reset":true}}}}}}"#
            )
        } else if line.contains("probe.") {
            writeln!(
                output,
                r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":-32001,"message":"unsupported"}}}}"#
            )
        } else {
            let result = RESULT.replace(' ', "");
            writeln!(output, r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#)
        };
        if written.and_then(|()| output.flush()).is_err() {
            return;
        }
        line.clear();
    }
}

fn event() -> Event {
    Event::HostData {
        conn: 1,
        data: vec![0x62; 90].into(),
    }
}

/// The floor: the bytes of a request out, the bytes of an answer in, blocking, nothing else.
struct Floor {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Floor {
    fn new() -> Self {
        let mut child = Command::new(env::current_exe().expect("this program"))
            .arg(CHILD)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program again");
        let event = serde_json::to_string(&event()).expect("an event is JSON");
        let request = format!(
            r#"{{"jsonrpc":"2.0","id":1000,"method":"event","params":{{"at":{NOW},"event":{event}}}}}"#
        );
        Self {
            to: child.stdin.take().expect("piped"),
            from: BufReader::new(child.stdout.take().expect("piped")),
            child,
            request: (request + "\n").into_bytes(),
            answer: Vec::new(),
        }
    }

    fn exchange(&mut self) {
        self.to.write_all(&self.request).expect("the child reads");
        self.answer.clear();
        self.from
            .read_until(b'\n', &mut self.answer)
            .expect("the child answers");
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn setup() -> Setup {
    let json = format!(
        r#"{{"protocol":1,"mode":"lockstep","now":{NOW},"boot":"factory",
        "terminal":{{"id":"10000001","merchant":"898310000000001","tpdu":"6000030000",
        "masterKey":"0123456789abcdeffedcba9876543210","firstStan":1,"firstBatch":1,"batchLimit":500}},
        "host":{{"dialect":"cup","links":[]}},"storage":"","locale":"zh-CN",
        "timing":{{"connectTimeoutMs":1,"responseTimeoutMs":1,"reversalRetryMs":1,"reversalRoundMs":1,
        "queryIntervalMs":1,"queryForMs":1,"scanTimeoutMs":1,"showForMs":1}}}}"#
    );
    let setup: Setup = serde_json::from_str(&json).expect("a setup");
    assert_eq!(setup.boot, Boot::Factory);
    setup
}

/// Time of one call, the median over many short runs.
fn median(mut call: impl FnMut()) -> Duration {
    let mut runs: Vec<Duration> = (0..200)
        .map(|_| {
            let begin = Instant::now();
            (0..100).for_each(|_| call());
            begin.elapsed() / 100
        })
        .collect();
    runs.sort();
    runs[runs.len() / 2]
}

fn main() {
    if env::args().any(|argument| argument == CHILD) {
        return child();
    }
    let program = env::current_exe().expect("this program");
    let command = format!("'{}' {CHILD}", program.display());
    let attachment = Attachment::parse(&command).expect("a command");
    let dock = Dock::new(
        attachment,
        Duration::from_secs(10),
        Lang::En,
        Dialect::cup(),
        None,
    );
    let mut terminal = dock.lease().expect("a terminal");
    terminal.initialize(&setup()).expect("it starts");
    let mut floor = Floor::new();
    let event = event();
    let mut reply = Reply::default();
    let mut call = move || {
        reply.actions.clear();
        terminal
            .event(Time::from_millis(NOW), &event, &mut reply)
            .expect("it answers");
        black_box(&reply);
    };

    let mut criterion = Criterion::default().configure_from_args();
    criterion.bench_function("lockstep/raw echo through the pipe", |b| {
        b.iter(|| floor.exchange());
    });
    criterion.bench_function("lockstep/one event", |b| b.iter(&mut call));
    criterion.final_summary();

    // In turns, so that what else the machine does hits both alike.
    let (mut raw, mut ours) = (Duration::MAX, Duration::MAX);
    for _ in 0..5 {
        raw = raw.min(median(|| floor.exchange()));
        ours = ours.min(median(&mut call));
    }
    let own = ours.saturating_sub(raw);
    #[expect(
        clippy::print_stdout,
        reason = "a benchmark reports on standard output"
    )]
    {
        println!(
            "own cost of one event: {:.2} µs ({:.2} µs in all, of which pipe and child {:.2} µs)",
            own.as_secs_f64() * 1e6,
            ours.as_secs_f64() * 1e6,
            raw.as_secs_f64() * 1e6
        );
    }
}
