//! Adapters over the terminal protocol, in lockstep. The step at which they misbehave comes in one of
//! three scenarios only, unless it stands in the table: the other two have to pass.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use counterproof::report::results::ResultVerdict;

use super::program::{Ended, Listening, adapter, run};

/// The most memory that the program may take, in KiB: what it takes for a sound terminal in a build
/// for tests, and the longest line twice over.
const MOST_MEMORY: u64 = 160 << 10;
/// Behaviours at a time; many only wait.
const AT_ONCE: usize = 8;

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ends {
    /// The scenario in which it comes is broken off with this message.
    Error(&'static str),
    /// So are all scenarios, because it comes in each.
    AllError(&'static str),
    /// The terminal has said nothing that is not allowed, and fails the scenario.
    Fail(&'static str),
    /// Every scenario is over by then; it is mentioned.
    Mentioned(&'static str),
}
use Ends::{AllError, Error, Fail, Mentioned};

/// Where nothing else is said, the misbehaviour comes when the cashier cancels.
const CANCEL: &str = "cashier.cancel";

const NOT_JSON: Ends = Error("answered cashier.cancel with a line that is not JSON");
const TOO_LONG: Ends = Error("flooded: its answer to cashier.cancel is a line over 1 MiB");
const SILENT: Ends = Error("answered nothing to cashier.cancel within 5s");
const DIED: Ends = Error("ended (exit status: 7) in place of an answer to cashier.cancel");
const AT_RESULT: Ends = Error("answer to cashier.cancel is wrong at result");
const AT_ACTION: Ends = Error("answer to cashier.cancel is wrong at actions[0]");
const WRONG_ID: Ends = Error("which was asked with id");
const UNASKED: Ends = Error("at the end of the scenario that nobody had asked for");

/// Step, manner, end.
const OVER_STANDARD_STREAMS: &[(&str, &str, Ends)] = &[
    // Dying, at every step.
    (
        "initialize",
        "die",
        AllError("in place of an answer to initialize"),
    ),
    (
        "probe",
        "die",
        AllError("in place of an answer to initialize"),
    ),
    (
        "cashier.signIn",
        "die",
        AllError("in place of an answer to cashier.signIn"),
    ),
    (
        "host.opened",
        "die",
        AllError("in place of an answer to host.opened"),
    ),
    (
        "host.data",
        "die",
        AllError("in place of an answer to host.data"),
    ),
    (
        "cashier.pay",
        "die",
        AllError("in place of an answer to cashier.pay"),
    ),
    (CANCEL, "die", DIED),
    ("shutdown", "die", Mentioned("did not end as it should")),
    (
        CANCEL,
        "end-in-order",
        Error("ended (exit status: 0) in place of an answer"),
    ),
    (CANCEL, "die-in-the-middle-of-a-line", DIED),
    (CANCEL, "killed", Error("ended (signal: 9 (SIGKILL))")),
    (CANCEL, "crash", Error("ended (signal: 11 (SIGSEGV)")),
    (
        CANCEL,
        "hang-up",
        Error("closed the conversation in place of an answer"),
    ),
    (
        CANCEL,
        "stop-reading",
        Error("at the end of the scenario, unasked"),
    ),
    (CANCEL, "children-keep-the-pipes", DIED),
    (CANCEL, "children-without-end", DIED),
    // Saying nothing, too little, too much.
    (
        "initialize",
        "silent",
        AllError("answered nothing to initialize within 5s"),
    ),
    (CANCEL, "silent", SILENT),
    (CANCEL, "half-a-line", SILENT),
    (CANCEL, "no-line-end", SILENT),
    (CANCEL, "carriage-return-only", SILENT),
    (CANCEL, "drip", SILENT),
    (CANCEL, "answer-twice", UNASKED),
    (CANCEL, "speak-unasked", UNASKED),
    (CANCEL, "flood-of-lines", UNASKED),
    (CANCEL, "flood-without-lines", TOO_LONG),
    (CANCEL, "flood-on-standard-error", DIED),
    (CANCEL, "long-line", TOO_LONG),
    (CANCEL, "long-answer", TOO_LONG),
    // Lines that are no JSON.
    (
        "initialize",
        "no-json",
        AllError("answered initialize with a line that is not JSON"),
    ),
    (CANCEL, "empty-line", NOT_JSON),
    (CANCEL, "blank-line", NOT_JSON),
    (CANCEL, "no-json", NOT_JSON),
    (CANCEL, "control-characters", NOT_JSON),
    (CANCEL, "not-utf8", NOT_JSON),
    (CANCEL, "byte-order-mark", NOT_JSON),
    (CANCEL, "utf-16", NOT_JSON),
    (CANCEL, "two-objects", NOT_JSON),
    (CANCEL, "trailing-comma", NOT_JSON),
    (CANCEL, "single-quotes", NOT_JSON),
    (CANCEL, "http", NOT_JSON),
    (CANCEL, "content-length", NOT_JSON),
    (CANCEL, "deep-nesting", NOT_JSON),
    (CANCEL, "deep-result", NOT_JSON),
    (CANCEL, "huge-number", NOT_JSON),
    (CANCEL, "nan", NOT_JSON),
    (CANCEL, "infinity", NOT_JSON),
    (CANCEL, "lone-surrogate", NOT_JSON),
    // JSON that is no answer.
    (
        "initialize",
        "deep-nesting",
        AllError("answered initialize with a line that is not JSON"),
    ),
    (
        "initialize",
        "null-result",
        AllError("answer to initialize is wrong at result"),
    ),
    (
        CANCEL,
        "batch",
        Error("answered cashier.cancel with a batch"),
    ),
    (
        CANCEL,
        "empty-batch",
        Error("answered cashier.cancel with a batch"),
    ),
    (
        CANCEL,
        "request-back",
        Error("has neither result nor error"),
    ),
    (
        CANCEL,
        "notification",
        Error("sent the notification \"action\""),
    ),
    (CANCEL, "wrong-id", WRONG_ID),
    (CANCEL, "old-id", WRONG_ID),
    (CANCEL, "text-id", WRONG_ID),
    (CANCEL, "no-id", WRONG_ID),
    (CANCEL, "duplicate-id", AT_RESULT),
    (
        CANCEL,
        "result-and-error",
        Error("has neither result nor error"),
    ),
    (
        CANCEL,
        "neither-result-nor-error",
        Error("has neither result nor error"),
    ),
    (
        CANCEL,
        "internal-error",
        Error("with error -32603: \"no paper\""),
    ),
    (
        CANCEL,
        "error-without-code",
        Error("is wrong at error.code"),
    ),
    (
        CANCEL,
        "error-as-a-novel",
        Error("with error -32603: \"aaa"),
    ),
    // Results that are none.
    (CANCEL, "null-result", AT_RESULT),
    (CANCEL, "list-result", AT_RESULT),
    (CANCEL, "no-actions", AT_RESULT),
    (CANCEL, "actions-as-object", AT_RESULT),
    (CANCEL, "many-members", AT_RESULT),
    (CANCEL, "duplicate-member", AT_RESULT),
    (CANCEL, "float-time", AT_RESULT),
    (CANCEL, "negative-time", AT_RESULT),
    (CANCEL, "text-time", AT_RESULT),
    (CANCEL, "unknown-action", AT_ACTION),
    (CANCEL, "action-without-type", AT_ACTION),
    (CANCEL, "null-action", AT_ACTION),
    (CANCEL, "amount-negative", AT_ACTION),
    (CANCEL, "amount-float", AT_ACTION),
    (CANCEL, "amount-text", AT_ACTION),
    (CANCEL, "amount-huge", AT_ACTION),
    (CANCEL, "send-half-a-byte", AT_ACTION),
    (CANCEL, "send-no-hex", AT_ACTION),
    (
        CANCEL,
        "too-many-actions",
        Error("with 1001 actions, more than 1000"),
    ),
    (
        CANCEL,
        "open-on-no-link",
        Error("over the link \"carrier-pigeon\", which it was not given"),
    ),
    (CANCEL, "send-on-no-connection", Fail("seen no word at all")),
    (CANCEL, "deep-unknown-member", Fail("seen no word at all")),
    // Time.
    (CANCEL, "wake-in-the-past", Error("which is past")),
    (CANCEL, "wake-never", Error("which no calendar has")),
    (
        CANCEL,
        "wake-at-once",
        Error("more than 100 times in a row"),
    ),
    // The start.
    (
        "initialize",
        "protocol-2",
        AllError("version 2 of the terminal protocol"),
    ),
    (
        "initialize",
        "protocol-text",
        AllError("answer to initialize is wrong at result"),
    ),
    (
        "initialize",
        "live-only",
        AllError("does not claim the mode lockstep"),
    ),
    (
        "initialize",
        "boots-into-the-past",
        AllError("a wakeAt that is past"),
    ),
    (
        "initialize",
        "hang-up",
        AllError("closed the conversation in place of an answer"),
    ),
    (
        "initialize",
        "drip",
        AllError("answered nothing to initialize within 5s"),
    ),
    ("probe", "nods", AllError("nods at everything")),
    (
        "probe",
        "method-not-found",
        AllError("with error -32601 where -32001 is due"),
    ),
];

/// Over TCP a conversation ends, and not a process.
const OVER_TCP: &[(&str, &str, Ends)] = &[
    (
        CANCEL,
        "die",
        Error("closed the conversation in place of an answer"),
    ),
    (
        CANCEL,
        "end-in-order",
        Error("closed the conversation in place of an answer"),
    ),
    (
        CANCEL,
        "die-in-the-middle-of-a-line",
        Error("closed the conversation in place of an answer"),
    ),
    (
        CANCEL,
        "hang-up",
        Error("closed the conversation in place of an answer"),
    ),
    (CANCEL, "silent", SILENT),
    (CANCEL, "drip", SILENT),
    (CANCEL, "answer-twice", UNASKED),
    (CANCEL, "flood-without-lines", TOO_LONG),
    (CANCEL, "long-line", TOO_LONG),
    (CANCEL, "http", NOT_JSON),
    (CANCEL, "deep-nesting", NOT_JSON),
    (
        CANCEL,
        "batch",
        Error("answered cashier.cancel with a batch"),
    ),
    (
        "initialize",
        "end-in-order",
        AllError("closed the conversation"),
    ),
    (
        "initialize",
        "http",
        AllError("answered initialize with a line that is not JSON"),
    ),
];

/// As long as waiting is what it is about, and long enough for a slow machine otherwise.
fn limit(ends: Ends) -> &'static str {
    match ends {
        Error(text) | AllError(text) if text.contains("within 5s") => "5s",
        _ => "30s",
    }
}

/// What is wrong with how it ended.
fn judge(ends: Ends, ended: &Ended) -> Result<(), String> {
    let bad: Vec<_> = ended
        .results
        .scenarios
        .iter()
        .filter(|scenario| scenario.verdict != ResultVerdict::Pass)
        .collect();
    let messages: Vec<_> = bad.iter().map(|scenario| &scenario.message).collect();
    let wrong = |what: &str| Err(format!("{what}: {messages:#?}\n{}", ended.complaints));
    let (code, verdict, all, expected) = match ends {
        Error(expected) => (3, ResultVerdict::Error, 1, expected),
        AllError(expected) => (3, ResultVerdict::Error, 3, expected),
        Fail(expected) => (1, ResultVerdict::Fail, 1, expected),
        Mentioned(expected) if !ended.complaints.contains(expected) => return wrong("not said"),
        Mentioned(_) => (0, ResultVerdict::Pass, 0, ""),
    };
    if (ended.code, bad.len()) != (code, all) {
        return wrong(&format!("exit code {}", ended.code));
    }
    for scenario in bad {
        // The message is for people.
        let clear = scenario.message.contains(expected) && scenario.message.len() < 1_000;
        let mine = all > 1 || scenario.id.contains("cancels");
        if !clear || !mine || scenario.verdict != verdict {
            return wrong(&scenario.id);
        }
    }
    if ended.memory == 0 || ended.memory > MOST_MEMORY {
        return Err(format!("{} KiB of memory", ended.memory));
    }
    if !ended.left.is_empty() {
        return Err(format!("processes are left behind: {:?}", ended.left));
    }
    Ok(())
}

/// Plays a table, a few behaviours at a time, and tells everything that went wrong.
fn play(table: &[(&str, &str, Ends)], one: impl Fn(&str, &str, Ends) -> Ended + Sync) {
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(row) = table.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (step, manner, ends) = *row;
                    if let Err(what) = judge(ends, &one(step, manner, ends)) {
                        let what = format!("{step} {manner}: {what}");
                        wrong.lock().unwrap().push(what);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_hostile_adapter_ends_in_a_verdict_and_spoils_nothing_else() {
    play(OVER_STANDARD_STREAMS, |step, manner, ends| {
        run(&adapter(step, manner), limit(ends))
    });
}

#[test]
fn every_hostile_adapter_on_tcp_ends_in_a_verdict_and_spoils_nothing_else() {
    play(OVER_TCP, |step, manner, ends| {
        let adapter = Listening::new(step, manner);
        run(&adapter.terminal, limit(ends))
    });
}
