//! JSON-RPC 2.0 as the terminal protocol has it: requests out, answers in, one line each. A good
//! answer is read straight into its type; only one that is not is looked at a second time, for
//! what is wrong with it.

use std::io::Write as _;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use counterproof_sim::terminal::{Action, Event, Setup};

use super::trouble::{Trouble, quote};

/// "unsupported": the event changes nothing.
pub const UNSUPPORTED: i64 = -32001;

/// What is asked of a terminal.
#[derive(Clone, Copy, Debug)]
pub enum Request<'a> {
    /// Start.
    Initialize(&'a Setup),
    /// Something happens, at milliseconds since the Unix epoch.
    Event(u64, &'a Event),
    /// An event that does not exist.
    Probe(u64, &'a str),
    /// End.
    Shutdown,
}

impl Request<'_> {
    /// Replaces `line` by the request.
    pub fn write(&self, id: u64, line: &mut Vec<u8>) {
        line.clear();
        // Writing to memory cannot fail, and none of these has a map with keys that are no strings.
        let written = match self {
            Self::Initialize(setup) => write!(
                line,
                r#"{{"jsonrpc":"2.0","id":{id},"method":"initialize","params":"#
            )
            .map_err(serde_json::Error::io)
            .and_then(|()| serde_json::to_writer(&mut *line, setup)),
            Self::Event(at, event) => begin_event(line, id, *at)
                .and_then(|()| serde_json::to_writer(&mut *line, event))
                .map(|()| line.push(b'}')),
            Self::Probe(at, name) => begin_event(line, id, *at)
                .and_then(|()| serde_json::to_writer(&mut *line, &Named { name }))
                .map(|()| line.push(b'}')),
            Self::Shutdown => write!(
                line,
                r#"{{"jsonrpc":"2.0","id":{id},"method":"shutdown","params":{{}}"#
            )
            .map_err(serde_json::Error::io),
        };
        written.expect("a request is JSON");
        line.extend_from_slice(b"}\n");
    }
}

#[derive(Serialize)]
struct Named<'a> {
    #[serde(rename = "type")]
    name: &'a str,
}

fn begin_event(line: &mut Vec<u8>, id: u64, at: u64) -> serde_json::Result<()> {
    write!(
        line,
        r#"{{"jsonrpc":"2.0","id":{id},"method":"event","params":{{"at":{at},"event":"#
    )
    .map_err(serde_json::Error::io)
}

/// The result of an event.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventResult {
    /// What the terminal did.
    pub actions: Vec<Action>,
    /// When it wants to be woken; an adapter may leave out what is null.
    #[serde(default)]
    pub wake_at: Option<u64>,
}

/// An answer that is as it should be.
#[derive(Deserialize)]
struct Answer<R> {
    id: u64,
    result: R,
    #[serde(default)]
    error: Option<IgnoredAny>,
}

/// What the terminal says of its own accord, in live mode.
#[derive(Deserialize)]
struct Notification {
    method: ActionMethod,
    params: ActionParams,
}

#[derive(Deserialize)]
enum ActionMethod {
    #[serde(rename = "action")]
    Action,
}

#[derive(Deserialize)]
struct ActionParams {
    action: Action,
}

/// Reads the notification `action`. Its instant is that at which it came: clocks differ.
pub fn read_action(line: &[u8]) -> Result<Action, Trouble> {
    let bad = || Trouble::BadNotification(quote(line));
    let notification: Notification = serde_json::from_slice(line).map_err(|_| bad())?;
    let ActionMethod::Action = notification.method;
    match notification.params.action {
        Action::HostOpen { .. } | Action::HostSend { .. } | Action::HostClose { .. } => Err(bad()),
        action => Ok(action),
    }
}

/// Reads the answer to request `id`.
pub fn read<R: DeserializeOwned>(line: &[u8], id: u64) -> Result<R, Trouble> {
    match serde_json::from_slice::<Answer<R>>(line) {
        Ok(answer) if answer.id == id && answer.error.is_none() => Ok(answer.result),
        Ok(_) => Err(diagnose(line, id, "it has both result and error")),
        Err(error) => Err(diagnose(line, id, &error.to_string())),
    }
}

/// What is wrong with an answer that could not be read as it is.
#[cold]
fn diagnose(line: &[u8], id: u64, why: &str) -> Trouble {
    let members = match serde_json::from_slice::<Value>(line) {
        Ok(Value::Object(members)) => members,
        Ok(Value::Array(_)) => return Trouble::Batch,
        Ok(_) | Err(_) => return Trouble::NotJson(quote(line)),
    };
    let found = members.get("id").unwrap_or(&Value::Null);
    if let (None | Some(Value::Null), Some(method)) = (members.get("id"), members.get("method")) {
        return Trouble::Notification(method.to_string());
    }
    // An error that a terminal could not assign to a request has id null.
    let error = members.get("error").filter(|error| !error.is_null());
    if found.as_u64() != Some(id) && !(found.is_null() && error.is_some()) {
        let found = found.to_string();
        return Trouble::WrongId {
            expected: id,
            found,
        };
    }
    match (members.get("result"), error) {
        (Some(_), Some(_)) | (None, None) => Trouble::NoResult(quote(line)),
        (None, Some(error)) => error_answer(error),
        (Some(result), None) => bad_result(result, why),
    }
}

fn error_answer(error: &Value) -> Trouble {
    let Some(code) = error.get("code").and_then(Value::as_i64) else {
        return Trouble::BadResult {
            place: "error.code".into(),
            why: "a JSON-RPC error has an integer code".into(),
        };
    };
    let message = error.get("message").and_then(Value::as_str).unwrap_or("");
    Trouble::ErrorAnswer {
        code,
        message: quote(message.as_bytes()),
    }
}

/// The place of what could not be read: the action, where it is one.
fn bad_result(result: &Value, why: &str) -> Trouble {
    let actions = result.get("actions").and_then(Value::as_array);
    for (index, action) in actions.into_iter().flatten().enumerate() {
        if let Err(error) = Action::deserialize(action) {
            let kind = action.get("type").and_then(Value::as_str).unwrap_or("?");
            return Trouble::BadResult {
                place: format!("actions[{index}] ({})", quote(kind.as_bytes())),
                why: error.to_string(),
            };
        }
    }
    Trouble::BadResult {
        place: "result".into(),
        why: why.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(line: &str) -> Trouble {
        read::<EventResult>(line.as_bytes(), 7).unwrap_err()
    }

    #[test]
    fn requests_are_single_lines_of_json() {
        let mut line = Vec::new();
        let event = Event::ScannerRead {
            text: "62\n\u{2028}".into(),
            symbology: counterproof_sim::terminal::Symbology::Qr,
        };
        Request::Event(1_767_225_600_000, &event).write(3, &mut line);
        let (end, body) = line.split_last().unwrap();
        assert_eq!(*end, b'\n');
        assert!(!body.contains(&b'\n'));
        let value: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(value["id"], 3);
        assert_eq!(value["method"], "event");
        assert_eq!(value["params"]["at"], 1_767_225_600_000_u64);
        assert_eq!(value["params"]["event"]["type"], "scanner.read");

        Request::Probe(1, "probe.x").write(4, &mut line);
        let value: Value = serde_json::from_slice(&line).unwrap();
        assert_eq!(value["params"]["event"]["type"], "probe.x");
        Request::Shutdown.write(5, &mut line);
        let value: Value = serde_json::from_slice(&line).unwrap();
        assert_eq!(value["method"], "shutdown");
    }

    #[test]
    fn a_good_answer_is_read() {
        let line = r#"{"jsonrpc":"2.0","id":7,"result":{"actions":[{"type":"scanner.on"}],"wakeAt":9,"x":1}}"#;
        let result: EventResult = read(line.as_bytes(), 7).unwrap();
        assert_eq!(
            (result.actions, result.wake_at),
            (vec![Action::ScannerOn], Some(9))
        );
        let line = r#"{"id":7,"result":{"actions":[]},"error":null}"#;
        assert_eq!(
            read::<EventResult>(line.as_bytes(), 7).unwrap().wake_at,
            None
        );
    }

    #[test]
    fn every_wrong_answer_is_told_apart() {
        assert!(matches!(trouble("hello"), Trouble::NotJson(_)));
        assert!(matches!(trouble(""), Trouble::NotJson(_)));
        assert!(matches!(trouble("7"), Trouble::NotJson(_)));
        assert!(matches!(trouble("\u{7f}\0"), Trouble::NotJson(_)));
        assert!(matches!(trouble(&"[".repeat(100_000)), Trouble::NotJson(_)));
        assert!(matches!(trouble(r#"[{"id":7}]"#), Trouble::Batch));
        assert!(matches!(
            trouble(r#"{"method":"action","params":{}}"#),
            Trouble::Notification(_)
        ));
        for other in ["8", "-7", "7.5", r#""7""#, "null"] {
            let line = format!(r#"{{"id":{other},"result":{{"actions":[]}}}}"#);
            assert!(matches!(trouble(&line), Trouble::WrongId { .. }), "{line}");
        }
        assert!(matches!(trouble(r#"{"id":7}"#), Trouble::NoResult(_)));
        assert!(matches!(
            trouble(r#"{"id":7,"result":{"actions":[]},"error":{"code":1}}"#),
            Trouble::NoResult(_)
        ));
        assert!(matches!(
            trouble(r#"{"id":7,"error":{"code":-32603,"message":"x"}}"#),
            Trouble::ErrorAnswer { code: -32603, .. }
        ));
        assert!(matches!(
            trouble(r#"{"id":null,"error":{"code":-32700,"message":"x"}}"#),
            Trouble::ErrorAnswer { code: -32700, .. }
        ));
    }

    #[test]
    fn whatever_a_terminal_answers_is_a_result_or_a_trouble() {
        let tail = br#","result":{"actions":[{"type":"scanner.on"}],"wakeAt":9}}"#;
        bolero::check!()
            .with_iterations(2_000)
            .for_each(|bytes: &[u8]| {
                let _ = read::<EventResult>(bytes, 7);
                // Behind and before what is in order, too.
                let _ = read::<EventResult>(&[br#"{"id":7"#, bytes, tail].concat(), 7);
                let _ = read::<EventResult>(&[br#"{"id":7,"result":"#, bytes, b"}"].concat(), 7);
            });
    }

    #[test]
    fn a_wrong_member_is_named_with_its_place() {
        let place = |line: &str| match trouble(line) {
            Trouble::BadResult { place, why } => format!("{place}: {why}"),
            other => panic!("{other:?}"),
        };
        let float = place(
            r#"{"id":7,"result":{"actions":[{"type":"scanner.on"},
                {"type":"outcome","order":"A","operation":"pay","status":"approved","amount":12.5}]}}"#,
        );
        assert_eq!(
            float,
            r#"actions[1] ("outcome"): invalid type: floating point `12.5`, expected i64"#
        );
        let unknown = place(r#"{"id":7,"result":{"actions":[{"type":"led.blink"}]}}"#);
        assert!(
            unknown.starts_with(r#"actions[0] ("led.blink"): unknown variant"#),
            "{unknown}"
        );
        let missing = place(r#"{"id":7,"result":{"wakeAt":null}}"#);
        assert!(
            missing.starts_with("result: missing field `actions`"),
            "{missing}"
        );
        let negative = place(r#"{"id":7,"result":{"actions":[],"wakeAt":-1}}"#);
        assert!(
            negative.starts_with("result: invalid value: integer `-1`"),
            "{negative}"
        );
    }
}
