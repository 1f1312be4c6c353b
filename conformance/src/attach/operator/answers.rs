//! What a person can say of a device: a word, and what belongs to it.
//!
//! ```text
//! approved [RECEIPT]                        the screen reports success
//! declined REASON [ADVICE,…] [TEXT]         it reports failure, and says so
//! cancelled [REASON] [TEXT]                 it reports that nothing is charged
//! unknown REASON [ADVICE,…] [TEXT]          it does not know yet
//! display TEXT                              it says something else
//! receipt TEXT                              it printed something
//! skip                                      this scenario cannot be done
//! (an empty line)                           done
//! ```

use counterproof_sim::terminal::{
    Action, Lines, OrderId, Outcome, PaidOperation, PrintCopy, Status,
};
use counterproof_sim::vocabulary::{Advice, Reason, Vocabulary, Word};

/// What a person is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Whether something is done.
    Done,
    /// What became of an operation on an order.
    Order(OrderId, PaidOperation),
}

/// What a person said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is done.
    Done,
    /// What the device did, as actions.
    Seen(Vec<Action>),
    /// It cannot be done.
    GivenUp,
}

impl Answer {
    /// Reads a line; `None` where it means nothing.
    pub fn read(line: &[u8], about: &About) -> Option<Self> {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "" | "ok" | "done" => return Some(Self::Done),
            "skip" => return Some(Self::GivenUp),
            "display" => return Some(Self::Seen(vec![display(rest, None, Vec::new())])),
            "receipt" => return Some(Self::Seen(vec![receipt(rest)])),
            _ => {}
        }
        let status = match word {
            "approved" => Status::Approved,
            "declined" => Status::Declined,
            "cancelled" => Status::Cancelled,
            "unknown" => Status::Unknown,
            _ => return None,
        };
        let About::Order(order, operation) = about else {
            return None;
        };
        let (reason, rest) = first::<Reason>(rest);
        let (advice, text) = list::<Advice>(rest);
        let reason = reason.map(Word::from);
        let advice: Vec<Word<Advice>> = advice.into_iter().map(Word::from).collect();
        let outcome = Action::Outcome(Box::new(Outcome {
            order: order.clone(),
            operation: *operation,
            status,
            reason: reason.clone(),
            advice: advice.clone(),
            amount: None,
            rrn: None,
            host_code: None,
        }));
        let mut seen = vec![outcome];
        if !text.is_empty() {
            seen.push(display(text, reason, advice));
        }
        Some(Self::Seen(seen))
    }
}

fn display(text: &str, reason: Option<Word<Reason>>, advice: Vec<Word<Advice>>) -> Action {
    Action::Display {
        lines: lines(text),
        reason,
        advice,
    }
}

fn receipt(text: &str) -> Action {
    Action::Print {
        copy: PrintCopy::Customer,
        lines: lines(text),
    }
}

/// Lines of a screen in one: a bar parts them.
fn lines(text: &str) -> Lines {
    text.split('|').map(str::trim).collect()
}

/// The first word, where it is one of the vocabulary, and what follows.
fn first<V: Vocabulary>(text: &str) -> (Option<V>, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match V::find(word) {
        Some(known) => (Some(known), rest.trim()),
        None => (None, text),
    }
}

/// The words of a list with commas, where all of them are of the vocabulary, and what follows.
fn list<V: Vocabulary>(text: &str) -> (Vec<V>, &str) {
    let (words, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let known: Option<Vec<V>> = words.split(',').map(V::find).collect();
    match known {
        Some(known) => (known, rest.trim()),
        None => (Vec::new(), text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<Answer> {
        let about = About::Order("A1".into(), PaidOperation::Pay);
        Answer::read(line.as_bytes(), &about)
    }

    #[test]
    fn an_outcome_has_reason_advice_and_what_the_screen_says() {
        let said = "declined network.no-signal move-to-signal,switch-network 无信号 | 请移动";
        let Some(Answer::Seen(seen)) = read(said) else {
            panic!("not understood");
        };
        let [Action::Outcome(outcome), Action::Display { lines, .. }] = &seen[..] else {
            panic!("{seen:?}");
        };
        assert_eq!(outcome.status, Status::Declined);
        assert_eq!(outcome.advice.len(), 2);
        assert!(lines.iter().eq(["无信号", "请移动"]), "{lines:?}");
    }

    #[test]
    fn short_answers_are_enough() {
        assert_eq!(read(" "), Some(Answer::Done));
        assert_eq!(read("skip"), Some(Answer::GivenUp));
        assert!(matches!(read("approved"), Some(Answer::Seen(seen)) if seen.len() == 1));
        assert!(
            matches!(read("cancelled Nothing charged"), Some(Answer::Seen(seen)) if seen.len() == 2)
        );
        assert_eq!(read("perhaps"), None);
        assert_eq!(Answer::read(b"approved", &About::Done), None);
    }
}
