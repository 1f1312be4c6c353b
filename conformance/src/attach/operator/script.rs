//! Answers from a file (TOML), for a machine that stands in for the person. Rules are tried in their
//! order; each is used as often as it says.
//!
//! ```toml
//! [[answer]]
//! to = "done"              # done | pay | refund | void
//! say = ""
//!
//! [[answer]]
//! to = "pay"
//! order = "A1"             # any, where left out
//! times = 1                # for ever, where left out
//! after = 500              # milliseconds
//! say = "declined network.no-signal move-to-signal 无信号"
//! ```

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use counterproof_sim::terminal::PaidOperation;
use serde::Deserialize;

use super::answers::About;

/// Answers, and how often each was given.
#[derive(Debug)]
pub struct Script {
    rules: Vec<Rule>,
    used: Mutex<Vec<u32>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "answer")]
    answers: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    to: Question,
    order: Option<String>,
    times: Option<u32>,
    #[serde(default)]
    after: u64,
    say: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Question {
    Done,
    Pay,
    Refund,
    Void,
}

/// Why a file has no answers.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ScriptError(#[from] toml::de::Error);

impl Script {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// When it is not as it should be; the message has the place.
    pub fn read(text: &str) -> Result<Self, ScriptError> {
        let file: File = toml::from_str(text)?;
        let used = Mutex::new(vec![0; file.answers.len()]);
        Ok(Self {
            rules: file.answers,
            used,
        })
    }

    /// The answer to a question and how long after it, where the file has one.
    pub(super) fn answer(&self, about: &About) -> Option<(String, Duration)> {
        let (question, of) = match about {
            About::Done => (Question::Done, None),
            About::Order(order, operation) => {
                let question = match operation {
                    PaidOperation::Pay => Question::Pay,
                    PaidOperation::Refund => Question::Refund,
                    PaidOperation::Void => Question::Void,
                };
                (question, Some(&**order))
            }
        };
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rules = self.rules.iter().zip(used.iter_mut());
        let (rule, used) = rules.find(|(rule, used)| {
            rule.to == question
                && rule.order.as_deref().is_none_or(|order| Some(order) == of)
                && rule.times.is_none_or(|times| **used < times)
        })?;
        *used += 1;
        Some((rule.say.clone(), Duration::from_millis(rule.after)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_fits_and_is_not_used_up_answers() {
        let script = Script::read(
            r#"
            [[answer]]
            to = "pay"
            order = "A1"
            times = 1
            say = "unknown"
            [[answer]]
            to = "pay"
            after = 20
            say = "approved"
            "#,
        )
        .unwrap();
        let about = About::Order("A1".into(), PaidOperation::Pay);
        let answer = || script.answer(&about).unwrap();
        assert_eq!(answer().0, "unknown");
        assert_eq!(answer(), ("approved".into(), Duration::from_millis(20)));
        assert_eq!(script.answer(&About::Done), None);
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let wrong = "[[answer]]\nto = \"perhaps\"\nsay = \"\"\n";
        let said = Script::read(wrong).unwrap_err().to_string();
        assert!(said.contains("line 2"), "{said}");
    }
}
