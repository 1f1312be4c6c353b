//! What a page says in both languages, each phrase once: what happened refers to it by number, and
//! the page puts it together in the language that its reader chooses.

use std::collections::HashMap;

use counterproof_sim::vocabulary::{Lang, Vocabulary};
use serde::{Serialize, Serializer};

use crate::texts::Template;

/// The phrases of a page.
#[derive(Debug, Default)]
pub struct Phrases {
    table: Vec<(String, String)>,
    fixed: HashMap<(&'static str, &'static str), u32>,
    /// By English and Chinese, with a zero between them.
    free: HashMap<String, u32>,
}

/// Something said: a text as it is, or a phrase of the table with what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// The same in every language.
    Text(String),
    /// A phrase without arguments.
    Word(u32),
    /// A phrase and its arguments.
    Phrase(u32, Vec<Said>),
    /// One after the other, a blank between them.
    Row(Vec<Said>),
}

impl Phrases {
    /// A word of the texts.
    pub fn word(&mut self, word: fn(Lang) -> &'static str) -> Said {
        Said::Word(self.fixed(word(Lang::En), word(Lang::Zh), &[]))
    }

    /// A word of the shared vocabulary, by its name.
    pub fn name(&mut self, word: impl Vocabulary) -> Said {
        Said::Word(self.fixed(word.en(), word.zh(), &[]))
    }

    /// A sentence of the texts with its arguments.
    pub fn say(&mut self, template: Template, arguments: Vec<Said>) -> Said {
        debug_assert_eq!(template.arguments.len(), arguments.len(), "{template:?}");
        let number = self.fixed(template.en, template.zh, template.arguments);
        Said::Phrase(number, arguments)
    }

    /// A text that was made in both languages.
    pub fn pair(&mut self, en: &str, zh: &str) -> Said {
        let key = format!("{en}\0{zh}");
        if let Some(number) = self.free.get(&key) {
            return Said::Word(*number);
        }
        let number = self.push(escaped(en), escaped(zh));
        self.free.insert(key, number);
        Said::Word(number)
    }

    /// English and Chinese of every phrase, by number; arguments stand as `{0}`, `{1}`.
    pub fn table(&self) -> &[(String, String)] {
        &self.table
    }

    fn fixed(&mut self, en: &'static str, zh: &'static str, arguments: &[&str]) -> u32 {
        if let Some(number) = self.fixed.get(&(en, zh)) {
            return *number;
        }
        let number = self.push(numbered(en, arguments), numbered(zh, arguments));
        self.fixed.insert((en, zh), number);
        number
    }

    fn push(&mut self, en: String, zh: String) -> u32 {
        self.table.push((en, zh));
        self.table.len() as u32 - 1
    }
}

/// The template with numbers in place of the names of its arguments.
fn numbered(text: &str, arguments: &[&str]) -> String {
    let named = |text: String, (place, name): (usize, &&str)| {
        text.replace(&format!("{{{name}}}"), &format!("{{{place}}}"))
    };
    arguments.iter().enumerate().fold(text.to_owned(), named)
}

/// A text that has no arguments, whatever stands in it.
fn escaped(text: &str) -> String {
    text.replace('{', "｛").replace('}', "｝")
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Serialize for Said {
    /// A text is a string, a word its number, a phrase an array that begins with its number, a row
    /// an array that begins with -1.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq as _;
        let (first, rest) = match self {
            Self::Text(text) => return to.serialize_str(text),
            Self::Word(number) => return to.serialize_u32(*number),
            Self::Phrase(number, arguments) => (i64::from(*number), arguments),
            Self::Row(parts) => (-1, parts),
        };
        let mut array = to.serialize_seq(Some(rest.len() + 1))?;
        array.serialize_element(&first)?;
        for part in rest {
            array.serialize_element(part)?;
        }
        array.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::timeline;

    #[test]
    fn a_phrase_stands_in_the_table_once_with_its_arguments_numbered() {
        let mut phrases = Phrases::default();
        let say = |phrases: &mut Phrases| {
            phrases.say(
                timeline::templates::refunds(),
                vec!["A1".into(), "1.00".into()],
            )
        };
        let first = say(&mut phrases);
        assert_eq!(first, say(&mut phrases));
        assert_eq!(
            phrases.table(),
            [(
                "refunds {1} of order {0}".to_owned(),
                "订单 {0} 退货 {1}".to_owned()
            )]
        );
        let json = serde_json::to_string(&first).unwrap();
        assert_eq!(json, r#"[0,"A1","1.00"]"#);
    }

    #[test]
    fn what_somebody_else_wrote_takes_no_arguments() {
        let mut phrases = Phrases::default();
        assert_eq!(phrases.pair("a {0}", "甲 {0}"), Said::Word(0));
        assert_eq!(phrases.pair("a {0}", "甲 {0}"), Said::Word(0));
        assert_eq!(phrases.table(), [("a ｛0｝".into(), "甲 ｛0｝".into())]);
    }
}
