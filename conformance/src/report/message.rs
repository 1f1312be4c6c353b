//! An ISO 8583 message in one line: `0200 sale STAN 000002 128.50 code 621234*********1234`.

use std::fmt::Write as _;

use counterproof_sim::iso8583::de61::De61;
use counterproof_sim::iso8583::de63::De63;
use counterproof_sim::iso8583::{Dialect, Field, Message, Mti, gbk, show};
use counterproof_sim::money::Fen;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};

use crate::texts::timeline as texts;

/// The line for a whole frame, length bytes included; `None` for what is none.
pub fn line(dialect: &Dialect, frame: &[u8], lang: Lang, show_codes: bool) -> Option<String> {
    let packet = dialect.parse_frame(frame).ok()?;
    let message = &packet.message;
    let is_request = !message.mti().is_response();
    let mut line = if is_request { "→ " } else { "← " }.to_owned();
    let _ = write!(line, "{}", message.mti());
    if let Some(operation) = message.operation() {
        word(&mut line, operation.name(lang));
    }
    if let Some(stan) = message.text(Field::STAN) {
        word(&mut line, "STAN");
        word(&mut line, stan);
    }
    if let Some(amount) = message.get(Field::AMOUNT).and_then(Fen::from_digits) {
        word(&mut line, &amount.to_string());
    }
    if let Some(code) = dialect.code().get(message).filter(|_| is_request) {
        let code = gbk::decode(code);
        let shown = if show_codes {
            code.into_owned()
        } else {
            show::mask(&code)
        };
        word(&mut line, &texts::code_is(lang, shown));
    }
    if let Ok(original) = De61::of(message) {
        word(
            &mut line,
            &texts::original_is(lang, format!("{:06}", original.stan)),
        );
    }
    judgement(&mut line, message, lang);
    Some(line)
}

/// DE39 and what stands beside it.
fn judgement(line: &mut String, message: &Message, lang: Lang) {
    let Some(code) = message.text(Field::RESPONSE) else {
        return;
    };
    if message.mti() == Mti::REVERSAL {
        word(line, &texts::reason_is(lang, code));
        return;
    }
    word(line, "39=");
    line.push_str(code);
    if let Some(de63) = De63::of(message).filter(|_| message.mti().is_response()) {
        if let Some(reason) = de63.reason {
            word(line, &String::from_utf8_lossy(&reason));
        }
        if !de63.text.trim().is_empty() {
            word(line, de63.text.trim());
        }
    }
}

fn word(line: &mut String, word: &str) {
    line.push(' ');
    line.push_str(word);
}
