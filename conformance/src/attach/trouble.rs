//! What can break in the conversation with a terminal under test, and how it is said: what
//! happened, where, and what its vendor can do, in both languages.
//!
//! Not here: anything that a terminal does wrong at the counter. That is a verdict's business.

use std::fmt::Write as _;
use std::process::ExitStatus;
use std::time::Duration;

use counterproof_scenarios::verdict::Sentence;
use counterproof_sim::terminal::{Mode, TerminalError};
use counterproof_sim::vocabulary::Lang;

/// Characters of a terminal's own words that a message quotes.
const QUOTED: usize = 120;

/// What broke.
#[derive(Debug)]
pub enum Trouble {
    /// The program could not be started.
    NotStarted {
        /// As asked for.
        program: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// Nobody listens at the address.
    NotConnected {
        /// As asked for.
        address: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The suite's own side failed: a full disk, too many open files.
    System(std::io::Error),
    /// No answer within the limit.
    Silent(Duration),
    /// It does not take the request from the pipe.
    NotReading(Duration),
    /// The process ended.
    Exited(ExitStatus),
    /// It closed the conversation and goes on running.
    Closed,
    /// A line without end.
    TooLong,
    /// A line that is not JSON.
    NotJson(String),
    /// It wrote although nothing had been asked.
    Unasked(String),
    /// It wrote although everything asked was answered and the scenario over.
    NotAtRest(String),
    /// It ended, or closed the conversation, although nothing was asked of it any more.
    GoneAtRest(Option<ExitStatus>),
    /// Several answers in one array.
    Batch,
    /// Something of its own accord.
    Notification(String),
    /// An answer to another request.
    WrongId {
        /// Of the request.
        expected: u64,
        /// Of the answer, as JSON.
        found: String,
    },
    /// An answer that is neither a result nor an error.
    NoResult(String),
    /// A result that is not as the protocol has it.
    BadResult {
        /// Which member: `actions[2] (display)`.
        place: String,
        /// Why not.
        why: String,
    },
    /// An error other than "unsupported".
    ErrorAnswer {
        /// JSON-RPC code.
        code: i64,
        /// The terminal's words.
        message: String,
    },
    /// It wants to be woken at an instant that no calendar has.
    WakesNever(u64),
    /// It takes an event with a random name for granted.
    Nods(String),
    /// It refuses an unknown event in another way than the protocol's.
    RefusesOtherwise {
        /// The random name.
        name: String,
        /// JSON-RPC code.
        code: i64,
    },
    /// It speaks another version of the protocol.
    OtherProtocol(u32),
    /// It does not claim to run in this mode.
    OtherMode(Mode),
    /// A notification in live mode that is not as the protocol has it.
    BadNotification(String),
    /// Its power cannot be cut.
    NoPowerControl,
    /// An event came to a terminal without power.
    NoPower,
}

impl Trouble {
    /// The error that the scenario ends with. `during` is the request that was on its way,
    /// `stderr` the last that the terminal wrote there.
    pub fn broken(&self, during: &str, stderr: &str, lang: Lang) -> TerminalError {
        let mut what = self.what(during).get(lang).to_owned();
        if let Some(words) = last_words(stderr) {
            let said = match lang {
                Lang::En => "its last words on standard error",
                Lang::Zh => "其标准错误的最后内容",
            };
            write!(what, " ({said}: {words})").expect("writing to memory");
        }
        TerminalError::Broken {
            what,
            remedy: self.remedy().get(lang).to_owned(),
        }
    }

    /// What happened, and at which request.
    fn what(&self, during: &str) -> Sentence {
        match self {
            Self::NotStarted { program, error } => Sentence::new(
                format!("the terminal's program {program} cannot be started: {error}"),
                format!("无法启动终端程序 {program}：{error}"),
            ),
            Self::NotConnected { address, error } => Sentence::new(
                format!("no terminal can be reached at {address}: {error}"),
                format!("无法连接位于 {address} 的终端：{error}"),
            ),
            Self::System(error) => Sentence::new(
                format!("the suite could not go on with {during}: {error}"),
                format!("测试程序在 {during} 时无法继续：{error}"),
            ),
            Self::Silent(limit) => Sentence::new(
                format!("the terminal answered nothing to {during} within {limit:?}"),
                format!("终端在 {limit:?} 内没有应答 {during}"),
            ),
            Self::NotReading(limit) => Sentence::new(
                format!("the terminal did not read {during} within {limit:?}"),
                format!("终端在 {limit:?} 内没有读取 {during}"),
            ),
            Self::Exited(status) => Sentence::new(
                format!("the terminal ended ({status}) in place of an answer to {during}"),
                format!("终端没有应答 {during} 就结束了（{status}）"),
            ),
            Self::Closed => Sentence::new(
                format!("the terminal closed the conversation in place of an answer to {during}"),
                format!("终端没有应答 {during} 就关闭了会话"),
            ),
            Self::TooLong => Sentence::new(
                format!("the terminal flooded: its answer to {during} is a line over 1 MiB"),
                format!("终端输出泛滥：对 {during} 的应答单行超过 1 MiB"),
            ),
            Self::NotJson(line) => Sentence::new(
                format!("the terminal answered {during} with a line that is not JSON: {line}"),
                format!("终端对 {during} 的应答不是 JSON：{line}"),
            ),
            Self::Unasked(line) => Sentence::new(
                format!(
                    "the terminal wrote a line before {during} that nobody had asked for: {line}"
                ),
                format!("终端在 {during} 之前输出了未经请求的一行：{line}"),
            ),
            Self::NotAtRest(line) => Sentence::new(
                format!(
                    "the terminal wrote a line at the end of the scenario that nobody had asked for: {line}"
                ),
                format!("终端在场景结束时输出了未经请求的一行：{line}"),
            ),
            Self::GoneAtRest(Some(status)) => Sentence::new(
                format!("the terminal ended ({status}) at the end of the scenario, unasked"),
                format!("终端在场景结束时自行退出（{status}）"),
            ),
            Self::GoneAtRest(None) => Sentence::new(
                "the terminal closed the conversation at the end of the scenario, unasked",
                "终端在场景结束时自行关闭了会话",
            ),
            Self::Batch => Sentence::new(
                format!("the terminal answered {during} with a batch"),
                format!("终端对 {during} 以批量（数组）应答"),
            ),
            Self::Notification(method) => Sentence::new(
                format!(
                    "the terminal sent the notification {method} in place of an answer to {during}"
                ),
                format!("终端没有应答 {during}，而发来通知 {method}"),
            ),
            Self::WrongId { expected, found } => Sentence::new(
                format!(
                    "the terminal answered {during} with id {found}, which was asked with id {expected}"
                ),
                format!("终端对 {during} 的应答 id 为 {found}，而请求 id 为 {expected}"),
            ),
            Self::NoResult(line) => Sentence::new(
                format!("the terminal's answer to {during} has neither result nor error: {line}"),
                format!("终端对 {during} 的应答既无 result 也无 error：{line}"),
            ),
            Self::BadResult { place, why } => Sentence::new(
                format!("the terminal's answer to {during} is wrong at {place}: {why}"),
                format!("终端对 {during} 的应答在 {place} 处有误：{why}"),
            ),
            Self::ErrorAnswer { code, message } => Sentence::new(
                format!("the terminal answered {during} with error {code}: {message}"),
                format!("终端对 {during} 应答错误 {code}：{message}"),
            ),
            Self::WakesNever(wake) => Sentence::new(
                format!(
                    "the terminal's answer to {during} asks to be woken at {wake}, which no calendar has"
                ),
                format!("终端对 {during} 的应答要求在不存在的时刻 {wake} 唤醒"),
            ),
            Self::Nods(name) => Sentence::new(
                format!(
                    "the terminal nods at everything: it accepted {name}, an event that does not exist"
                ),
                format!("终端对一切来者不拒：它接受了并不存在的事件 {name}"),
            ),
            Self::RefusesOtherwise { name, code } => Sentence::new(
                format!(
                    "the terminal answered {name}, an event that does not exist, with error {code} where -32001 is due"
                ),
                format!("终端对并不存在的事件 {name} 应答错误 {code}，应为 -32001"),
            ),
            Self::OtherProtocol(version) => Sentence::new(
                format!("the terminal speaks version {version} of the terminal protocol"),
                format!("终端使用的终端协议版本为 {version}"),
            ),
            Self::OtherMode(mode) => Sentence::new(
                format!("the terminal does not claim the mode {}", mode.name()),
                format!("终端未声明支持 {} 模式", mode.name()),
            ),
            Self::BadNotification(line) => Sentence::new(
                format!(
                    "the terminal sent a notification that is not as the protocol has it: {line}"
                ),
                format!("终端发来的通知不符合协议：{line}"),
            ),
            Self::NoPowerControl => Sentence::new(
                "the power of this terminal cannot be cut: it does not claim powerControl",
                "无法切断该终端的电源：它未声明 powerControl",
            ),
            Self::NoPower => Sentence::new(
                format!("{during} came to a terminal that has not been started"),
                format!("终端尚未启动就收到 {during}"),
            ),
        }
    }

    /// What the vendor can do.
    fn remedy(&self) -> Sentence {
        let (en, zh) = match self {
            Self::NotStarted { .. } => (
                "check the command after --terminal: the program must exist, be executable, and be on the PATH or given with its path",
                "请检查 --terminal 后的命令：程序须存在、可执行，并在 PATH 中或写明路径",
            ),
            Self::NotConnected { .. } => (
                "start the adapter first, and check host and port after tcp:",
                "请先启动适配程序，并检查 tcp: 后的主机和端口",
            ),
            Self::System(_) => (
                "look after the machine (disk, memory, open files) and run again",
                "请检查本机（磁盘、内存、打开文件数）后重试",
            ),
            Self::Silent(_) => (
                "answer every request with one line and flush the output after it; --time-limit gives more time",
                "每个请求以一行应答，并在其后刷新输出；--time-limit 可放宽时限",
            ),
            Self::NotReading(_) => (
                "read the requests line by line, and do no work of your own between them",
                "逐行读取请求，请求之间不要做其他工作",
            ),
            Self::Exited(_) | Self::GoneAtRest(Some(_)) => (
                "look at its standard error, and let the program run until it is asked to shut down",
                "请查看其标准错误；在收到 shutdown 之前程序不应结束",
            ),
            Self::Closed | Self::GoneAtRest(None) => (
                "keep the connection, or standard input and output, open until shutdown",
                "在 shutdown 之前保持连接（或标准输入输出）打开",
            ),
            Self::TooLong => (
                "an answer has at most 1 MiB: look for a loop in the adapter",
                "一次应答至多 1 MiB：请查找适配程序中的循环",
            ),
            Self::NotJson(_) | Self::Unasked(_) | Self::NotAtRest(_) => (
                "write nothing but answers to standard output, one a line; logs belong on standard error",
                "标准输出只写应答，每行一个；日志请写到标准错误",
            ),
            Self::Batch | Self::WrongId { .. } | Self::NoResult(_) => (
                "answer each request with one JSON-RPC object that carries its id and a result or an error",
                "每个请求以一个 JSON-RPC 对象应答，带其 id 以及 result 或 error",
            ),
            Self::Notification(_) => (
                "in lockstep the actions belong in the answer to the event; notifications are for the mode live",
                "lockstep 模式下动作应放在事件的应答中；通知仅用于 live 模式",
            ),
            Self::BadResult { .. } => (
                "compare the answer with the terminal protocol (docs/terminal-protocol.md)",
                "请对照终端协议（docs/terminal-protocol.md）检查该应答",
            ),
            Self::ErrorAnswer { .. } => (
                "an event that is supported needs a result; one that is not, error -32001",
                "支持的事件须有 result；不支持的应答错误 -32001",
            ),
            Self::WakesNever(_) => (
                "wakeAt is milliseconds since the Unix epoch in the suite's clock: the instant of the next deadline, or null",
                "wakeAt 是测试时钟下自 Unix 纪元起的毫秒数：下一个期限的时刻，或 null",
            ),
            Self::Nods(_) | Self::RefusesOtherwise { .. } => (
                "answer events that you do not know with error -32001; an adapter that accepts everything proves nothing",
                "对不认识的事件应答错误 -32001；来者不拒的适配程序什么也证明不了",
            ),
            Self::OtherProtocol(_) => (
                "this suite speaks version 1: answer initialize with \"protocol\":1",
                "本测试程序使用版本 1：请以 \"protocol\":1 应答 initialize",
            ),
            Self::OtherMode(Mode::Lockstep) => (
                "add lockstep to capabilities.modes and let the adapter run on the suite's time, or run with --mode live",
                "在 capabilities.modes 中加入 lockstep，并让适配程序使用测试时钟；或以 --mode live 运行",
            ),
            Self::OtherMode(Mode::Live) => (
                "add live to capabilities.modes and let the terminal connect to the addresses of initialize, or run with --mode lockstep",
                "在 capabilities.modes 中加入 live，并让终端连接 initialize 给出的地址；或以 --mode lockstep 运行",
            ),
            Self::BadNotification(_) => (
                "in live mode what the terminal does is the notification action with the members at and action; host.* is on its sockets",
                "live 模式下终端的动作以 action 通知发送，成员为 at 和 action；host.* 走终端自己的套接字",
            ),
            Self::NoPowerControl => (
                "obey the event power.cut and claim powerControl, or attach the terminal as a child process",
                "实现 power.cut 事件并声明 powerControl，或以子进程方式接入终端",
            ),
            Self::NoPower => (
                "this is a fault of the suite: please report it with the record",
                "这是测试程序的缺陷：请附上记录报告",
            ),
        };
        Sentence::new(en, zh)
    }
}

/// A line of the terminal's own as messages quote it: escaped and bounded.
pub fn quote(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let mut quoted = String::from("\"");
    for (count, c) in text.chars().enumerate() {
        if count == QUOTED {
            write!(quoted, "\" … ({} bytes)", line.len()).expect("writing to memory");
            return quoted;
        }
        quoted.extend(c.escape_debug());
    }
    quoted.push('"');
    quoted
}

/// The last line that says something, quoted.
fn last_words(stderr: &str) -> Option<String> {
    let line = stderr.lines().rev().find(|line| !line.trim().is_empty())?;
    Some(quote(line.trim().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_lines_are_escaped_and_bounded() {
        assert_eq!(quote(b"a\x1b[31m\"b\n"), r#""a\u{1b}[31m\"b\n""#);
        let long = quote(&[b'x'; 4000]);
        assert!(long.len() < 200 && long.ends_with("(4000 bytes)"), "{long}");
    }

    #[test]
    fn the_last_words_come_from_the_last_line_that_says_something() {
        let TerminalError::Broken { what, .. } =
            Trouble::Closed.broken("cashier.pay", "Traceback\nValueError: x\n\n", Lang::En)
        else {
            panic!("not broken");
        };
        assert!(
            what.ends_with(r#"standard error: "ValueError: x")"#),
            "{what}"
        );
    }
}
