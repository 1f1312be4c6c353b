//! External terminals, well-behaved and hostile: every hostile one ends in one clear error within
//! its limit, and the next scenario is not the worse for it.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use counterproof::attach::{Attachment, Dock};
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::terminal::{
    Action, Boot, Event, HostAddress, HostLink, Mode, Reply, Setup, Symbology, Terminal,
    TerminalAccount, TerminalError, Timing, Tls,
};
use counterproof_sim::time::Time;
use counterproof_sim::vocabulary::Lang;

const NOW: u64 = 1_767_225_600_000;

/// Long enough for a slow machine to start an interpreter.
const LIMIT: Duration = Duration::from_secs(30);

/// Short enough to be waited for.
const SHORT: Duration = Duration::from_secs(2);

fn setup(boot: Boot) -> Setup {
    Setup {
        protocol: 1,
        mode: Mode::Lockstep,
        now: NOW,
        boot,
        terminal: TerminalAccount {
            id: "10000001".into(),
            merchant: "898310000000001".into(),
            tpdu: vec![0x60, 0, 3, 0, 0].into(),
            master_key: vec![7; 16].into(),
            first_stan: 1,
            first_batch: 1,
            batch_limit: 500,
        },
        host: HostAddress {
            dialect: "cup".into(),
            links: vec![HostLink {
                name: "cellular".into(),
                address: String::new().into(),
                tls: Tls::Off(false),
            }],
        },
        storage: "".into(),
        locale: "zh-CN".into(),
        timing: Timing::default(),
    }
}

fn script() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/attach/terminal.py")
}

fn dock_of(command: &str, limit: Duration) -> Dock {
    let attachment = Attachment::parse(command).unwrap();
    Dock::new(attachment, limit, Lang::En, Dialect::cup(), None)
}

fn dock(manner: &str, limit: Duration) -> Dock {
    dock_of(&format!("python3 '{}' {manner}", script()), limit)
}

fn tell(terminal: &mut dyn Terminal, event: &Event) -> Result<Reply, TerminalError> {
    let mut reply = Reply::default();
    terminal.event(Time::from_millis(NOW), event, &mut reply)?;
    Ok(reply)
}

/// Process id and number of sign-ins in the storage.
fn state(terminal: &mut dyn Terminal) -> (String, u32) {
    let reply = tell(terminal, &Event::Reprint).unwrap();
    let [Action::Log { text, .. }] = &reply.actions[..] else {
        panic!("{reply:?}");
    };
    let (pid, count) = text.split_once(' ').unwrap();
    (pid.into(), count.parse().unwrap())
}

fn broken(error: TerminalError) -> String {
    match error {
        TerminalError::Broken { what, remedy } => format!("{what}\n{remedy}"),
        TerminalError::Unsupported { event } => panic!("{event} is not supported"),
        TerminalError::GivenUp { what } => panic!("{what}"),
    }
}

/// What a hostile terminal ends in, at its start or at the event in which it shows its manner.
fn end(dock: &Dock) -> String {
    let mut terminal = dock.lease().unwrap();
    if let Err(error) = terminal.initialize(&setup(Boot::Factory)) {
        return broken(error);
    }
    let error = (0..2).find_map(|_| tell(&mut *terminal, &Event::Settle).err());
    let said = broken(error.expect("the terminal behaves"));
    let again = tell(&mut *terminal, &Event::Cancel).unwrap_err();
    assert_eq!(broken(again), said, "the error stays");
    said
}

#[test]
fn a_good_terminal_is_told_of_events_and_answers() {
    let dock = dock("good", LIMIT);
    let mut terminal = dock.lease().unwrap();
    let identity = terminal.initialize(&setup(Boot::Factory)).unwrap();
    assert_eq!(&*identity.name, "Fixture");
    let read = Event::ScannerRead {
        text: "6".repeat(200_000).into(),
        symbology: Symbology::Qr,
    };
    assert_eq!(
        tell(&mut *terminal, &read).unwrap().actions,
        [Action::ScannerOff]
    );
    let reply = tell(&mut *terminal, &Event::SignIn).unwrap();
    assert_eq!(reply.wake_at, Some(Time::from_millis(NOW + 1)));
    assert_eq!(
        tell(&mut *terminal, &Event::SelfTest),
        Err(TerminalError::Unsupported {
            event: "cashier.selfTest".into()
        })
    );
    assert_eq!(state(&mut *terminal).1, 1, "it goes on after that");
}

#[test]
fn what_was_durable_survives_a_power_cut_and_nothing_else_does() {
    for manner in ["good", "good no-reset"] {
        let dock = dock(manner, LIMIT);
        let mut terminal = dock.lease().unwrap();
        terminal.initialize(&setup(Boot::Factory)).unwrap();
        tell(&mut *terminal, &Event::SignIn).unwrap();
        let before = state(&mut *terminal);

        terminal.cut_power().unwrap();
        terminal.initialize(&setup(Boot::Cold)).unwrap();
        let after = state(&mut *terminal);
        assert_eq!(after.1, 1);
        assert_ne!(after.0, before.0, "another process");

        let now = Time::from_millis(NOW);
        terminal
            .cut_power_during(now, &Event::SignIn, None)
            .unwrap();
        terminal.initialize(&setup(Boot::Cold)).unwrap();
        assert_eq!(state(&mut *terminal).1, 2, "durable before the answer");

        terminal.initialize(&setup(Boot::Factory)).unwrap();
        assert_eq!(state(&mut *terminal).1, 0);
    }
}

#[test]
fn a_terminal_that_can_reset_is_one_process_for_many_scenarios() {
    for (manner, same) in [("good", true), ("good no-reset", false)] {
        let dock = dock(manner, LIMIT);
        let scenario = || {
            let mut terminal = dock.lease().unwrap();
            terminal.initialize(&setup(Boot::Factory)).unwrap();
            tell(&mut *terminal, &Event::SignIn).unwrap();
            state(&mut *terminal)
        };
        let (one, two) = (scenario(), scenario());
        assert_eq!((one.1, two.1), (1, 1), "each has a storage of its own");
        assert_eq!(one.0 == two.0, same);
        assert_eq!(dock.close(), Vec::<String>::new());
    }
}

#[test]
fn a_cold_start_of_a_new_scenario_finds_nothing() {
    let dock = dock("good", LIMIT);
    let mut terminal = dock.lease().unwrap();
    terminal.initialize(&setup(Boot::Factory)).unwrap();
    tell(&mut *terminal, &Event::SignIn).unwrap();
    drop(terminal);
    let mut terminal = dock.lease().unwrap();
    terminal.initialize(&setup(Boot::Cold)).unwrap();
    assert_eq!(state(&mut *terminal).1, 0);
}

#[test]
fn what_a_terminal_wrote_to_standard_error_is_handed_over_once() {
    let dock = dock("good", LIMIT);
    let mut terminal = dock.lease().unwrap();
    terminal.initialize(&setup(Boot::Factory)).unwrap();
    let read = Event::ScannerRead {
        text: "6212341234567891234".into(),
        symbology: Symbology::Qr,
    };
    tell(&mut *terminal, &read).unwrap();
    // It is read on a thread of its own; what comes with the end is waited for.
    let mut said = String::new();
    let deadline = Instant::now() + LIMIT;
    while said.is_empty() && Instant::now() < deadline {
        said = terminal.evidence();
    }
    assert_eq!(said, "read 6212341234567891234\n");
    assert_eq!(terminal.evidence(), "");
}

#[test]
fn a_terminal_that_writes_much_to_standard_error_does_not_block() {
    let mut terminal = dock("chatty", LIMIT).lease().unwrap();
    terminal.initialize(&setup(Boot::Factory)).unwrap();
    tell(&mut *terminal, &Event::SignIn).unwrap();
}

#[test]
fn every_hostile_terminal_ends_in_one_clear_error() {
    let cases = [
        (
            "garbage",
            "answered cashier.settle with a line that is not JSON: \"\\0\\u{1b}[31mpanic",
        ),
        ("print", "not JSON: \"debug: settling\""),
        (
            "long-line",
            "its answer to cashier.settle is a line over 1 MiB",
        ),
        ("endless", "not JSON: \"y\""),
        (
            "die",
            "ended (exit status: 7) in place of an answer to cashier.settle (its last words on standard error: \"Traceback: out of paper\")",
        ),
        ("crash", "ended (signal: 11 (SIGSEGV)"),
        (
            "hang-up",
            "closed the conversation in place of an answer to cashier.settle",
        ),
        ("batch", "answered cashier.settle with a batch"),
        ("notify", "sent the notification \"action\""),
        ("wrong-id", "which was asked with id"),
        (
            "error",
            "answered cashier.settle with error -32603: \"internal error\"",
        ),
        ("no-result", "neither result nor error"),
        ("never", "which no calendar has"),
        ("negative", "amount is -1"),
        ("float", "floating point `12.5`"),
        ("word", "string \"12.50\""),
        ("version-2", "version 2 of the terminal protocol"),
        ("live-only", "does not claim the mode lockstep"),
        ("nods", "nods at everything: it accepted probe."),
        ("other-error", "with error -32601 where -32001 is due"),
        (
            "exits",
            "ended (exit status: 0) in place of an answer to initialize",
        ),
    ];
    for (manner, expected) in cases {
        let begin = Instant::now();
        let said = end(&dock(manner, LIMIT));
        assert!(said.contains(expected), "{manner}: {said}");
        let remedy = said.split_once('\n').unwrap().1;
        assert!(remedy.len() > 20, "{manner} has no remedy");
        assert!(
            begin.elapsed() < LIMIT,
            "{manner} took {:?}",
            begin.elapsed()
        );
    }
}

#[test]
fn a_second_answer_to_one_request_is_noticed_with_the_next() {
    // Whether it is already there when the next request is written is a matter of luck.
    let said = end(&dock("twice", LIMIT));
    assert!(
        said.contains("nobody had asked for") || said.contains("with id"),
        "{said}"
    );
}

#[test]
fn silence_ends_with_the_limit() {
    for (manner, limit, expected) in [
        (
            "silent",
            10,
            "answered nothing to cashier.settle within 10s",
        ),
        ("deaf", 2, "answered nothing to initialize within 2s"),
    ] {
        let begin = Instant::now();
        let said = end(&dock(manner, Duration::from_secs(limit)));
        assert!(said.contains(expected), "{manner}: {said}");
        assert!(begin.elapsed() < LIMIT);
    }
}

#[test]
fn a_terminal_that_never_reads_cannot_hang_the_suite() {
    let dock = dock_of("sh -c 'sleep 3600'", SHORT);
    let mut large = setup(Boot::Factory);
    large.locale = "x".repeat(512 << 10).into();
    let error = dock.lease().unwrap().initialize(&large).unwrap_err();
    assert!(broken(error).contains("did not read initialize within 2s"));
}

#[test]
fn a_program_that_cannot_be_started_is_named() {
    for (command, expected) in [
        (
            "no-such-program-anywhere --x",
            "no-such-program-anywhere cannot be started: No such file",
        ),
        (script(), "cannot be started: Permission denied"),
    ] {
        let said = end(&dock_of(command, LIMIT));
        assert!(said.contains(expected), "{said}");
        assert!(said.contains("--terminal"), "{said}");
    }
}

#[test]
fn a_scenario_after_a_broken_one_gets_a_sound_terminal() {
    let dock = dock("die", LIMIT);
    for _ in 0..2 {
        assert!(end(&dock).contains("exit status: 7"));
        let mut terminal = dock.lease().unwrap();
        terminal.initialize(&setup(Boot::Factory)).unwrap();
        assert_eq!(state(&mut *terminal).1, 0);
    }
}

#[test]
fn the_power_cut_reaches_what_a_wrapper_started() {
    let dock = dock_of(&format!("sh -c 'python3 {} good; true'", script()), LIMIT);
    let mut terminal = dock.lease().unwrap();
    terminal.initialize(&setup(Boot::Factory)).unwrap();
    let (pid, _) = state(&mut *terminal);
    terminal.cut_power().unwrap();
    let gone = || !std::path::Path::new(&format!("/proc/{pid}/cwd")).exists();
    let deadline = Instant::now() + LIMIT;
    while !gone() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(gone(), "process {pid} has survived the power cut");
}

#[test]
fn a_terminal_that_does_not_end_as_it_should_is_mentioned() {
    for (manner, expected) in [("bad-end", "exit status: 3"), ("clings", "shutdown within")] {
        let dock = dock(manner, LIMIT);
        dock.lease()
            .unwrap()
            .initialize(&setup(Boot::Factory))
            .unwrap();
        let ends = dock.close();
        assert!(ends.len() == 1 && ends[0].contains(expected), "{ends:?}");
    }
}

/// An adapter on TCP.
struct Listening(Child, Dock);

impl Listening {
    fn new(words: &str) -> Self {
        let mut adapter = Command::new("python3")
            .arg(script())
            .args(words.split(' '))
            .arg("tcp")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(adapter.stdout.take().unwrap())
            .read_line(&mut port)
            .unwrap();
        let dock = dock_of(&format!("tcp:127.0.0.1:{}", port.trim()), LIMIT);
        Self(adapter, dock)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn an_adapter_on_tcp_is_a_terminal_too() {
    for words in ["good", "good no-reset"] {
        let adapter = Listening::new(words);
        for _ in 0..2 {
            let mut terminal = adapter.1.lease().unwrap();
            terminal.initialize(&setup(Boot::Factory)).unwrap();
            tell(&mut *terminal, &Event::SignIn).unwrap();
            assert_eq!(state(&mut *terminal).1, 1);
        }
    }
}

#[test]
fn an_adapter_on_tcp_loses_power_on_request_where_it_claims_so() {
    let adapter = Listening::new("good power no-reset");
    let mut terminal = adapter.1.lease().unwrap();
    terminal.initialize(&setup(Boot::Factory)).unwrap();
    tell(&mut *terminal, &Event::SignIn).unwrap();
    terminal.cut_power().unwrap();
    terminal.initialize(&setup(Boot::Cold)).unwrap();
    assert_eq!(state(&mut *terminal).1, 1);
    drop(terminal);

    let adapter = Listening::new("good");
    let mut terminal = adapter.1.lease().unwrap();
    terminal.initialize(&setup(Boot::Factory)).unwrap();
    let error = terminal.cut_power().unwrap_err();
    assert!(broken(error).contains("powerControl"));
}

#[test]
fn an_adapter_on_tcp_that_is_not_there_is_named() {
    let said = end(&dock_of("tcp:127.0.0.1:1", SHORT));
    assert!(
        said.contains("no terminal can be reached at 127.0.0.1:1"),
        "{said}"
    );
}
