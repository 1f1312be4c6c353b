//! The file of terminals: who may speak with the acquirer, and under which keys.

use std::collections::BTreeSet;
use std::ops::Range;

use counterproof_sim::iso8583::hex;
use counterproof_sim::terminal::TerminalAccount;
use counterproof_sim::vocabulary::Lang;
use serde::Deserialize;
use toml::Spanned;

use crate::texts::serve as texts;

/// A file to start with.
pub const EXAMPLE: &str = include_str!("terminals.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    terminal: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    id: Spanned<String>,
    merchant: Spanned<String>,
    tpdu: Option<Spanned<String>>,
    master_key: Spanned<String>,
    first_stan: Option<Spanned<u32>>,
    first_batch: Option<Spanned<u32>>,
    batch_limit: Option<Spanned<u32>>,
}

/// Reads the text of the file `name`.
///
/// # Errors
/// The first mistake, with its place. Lines are not repeated: there are keys in them.
pub fn read(name: &str, text: &str, lang: Lang) -> Result<Vec<TerminalAccount>, String> {
    let place = |span: Range<usize>| {
        let before = text.get(..span.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        format!("{name}:{line}:{column}")
    };
    let file: File = toml::from_str(text).map_err(|error| {
        let span = error.span().unwrap_or_default();
        format!("{}: {}", place(span), error.message())
    })?;
    if file.terminal.is_empty() {
        return Err(format!("{name}: {}", texts::no_terminals(lang)));
    }
    let mut seen = BTreeSet::new();
    let mut accounts = Vec::new();
    for entry in file.terminal {
        let entry = entry.into_inner();
        let account = entry.account(lang);
        let account = account.map_err(|(span, what)| format!("{}: {what}", place(span)))?;
        if !seen.insert(account.id.clone()) {
            let what = texts::terminal_twice(lang, &account.id);
            return Err(format!("{}: {what}", place(entry.id.span())));
        }
        accounts.push(account);
    }
    Ok(accounts)
}

type Mistake = (Range<usize>, String);

impl Entry {
    fn account(&self, lang: Lang) -> Result<TerminalAccount, Mistake> {
        let key = bytes(&self.master_key, 16)
            .ok_or_else(|| (self.master_key.span(), texts::master_key_form(lang)))?;
        let tpdu = match &self.tpdu {
            Some(tpdu) => bytes(tpdu, 5).ok_or_else(|| (tpdu.span(), texts::tpdu_form(lang)))?,
            None => vec![0x60, 0x00, 0x03, 0x00, 0x00],
        };
        Ok(TerminalAccount {
            id: name(&self.id, 8, lang)?,
            merchant: name(&self.merchant, 15, lang)?,
            tpdu: tpdu.into(),
            master_key: key.into(),
            first_stan: number(self.first_stan.as_ref(), 1, lang)?,
            first_batch: number(self.first_batch.as_ref(), 1, lang)?,
            batch_limit: number(self.batch_limit.as_ref(), 500, lang)?,
        })
    }
}

fn bytes(text: &Spanned<String>, length: usize) -> Option<Vec<u8>> {
    hex::decode(text.get_ref()).filter(|bytes| bytes.len() == length)
}

fn name(text: &Spanned<String>, length: usize, lang: Lang) -> Result<Box<str>, Mistake> {
    let value = text.get_ref();
    if value.len() == length && value.bytes().all(|c| c.is_ascii_alphanumeric()) {
        Ok(value.as_str().into())
    } else {
        Err((text.span(), texts::terminal_name_form(lang, length)))
    }
}

fn number(value: Option<&Spanned<u32>>, usual: u32, lang: Lang) -> Result<u32, Mistake> {
    match value {
        None => Ok(usual),
        Some(value) if (1..=999_999).contains(value.get_ref()) => Ok(*value.get_ref()),
        Some(value) => Err((value.span(), texts::terminal_number_form(lang))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_read() {
        let accounts = read("example.toml", EXAMPLE, Lang::En).unwrap();
        assert_eq!(accounts.len(), 2);
        assert_eq!(&*accounts[0].id, "10000001");
        assert_eq!(accounts[0].master_key.len(), 16);
    }

    #[test]
    fn a_mistake_has_its_place_and_no_key_in_it() {
        let good = "[[terminal]]\nid = \"10000001\"\nmerchant = \"898310000000001\"\nmaster-key = \"0123456789ABCDEFFEDCBA9876543210\"\n";
        let wrong =
            |from: &str, to: &str| read("t.toml", &good.replace(from, to), Lang::En).unwrap_err();
        assert_eq!(read("t.toml", good, Lang::En).unwrap().len(), 1);
        let said = [
            wrong("\"10000001\"", "\"1\""),
            wrong("\"898310000000001\"", "7"),
            wrong("FEDCBA", "FEDCBX"),
            wrong("\"01234", "01234"),
            wrong("master-key", "masterkey"),
            wrong("id =", "first-batch = 0\nid ="),
            read("t.toml", &good.repeat(2), Lang::En).unwrap_err(),
            read("t.toml", "", Lang::En).unwrap_err(),
        ];
        for text in &said {
            assert!(!text.contains("ABCDEF"), "{text}");
        }
        insta::assert_snapshot!(said.join("\n"));
    }
}
