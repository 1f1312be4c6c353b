//! Receiving: bytes become frames, frames become messages, and a message is the answer that is
//! waited for or it is nothing.

use super::{Purpose, Step};
use crate::iso8583::de48::Totals;
use crate::iso8583::de60::De60;
use crate::iso8583::packet::requirement;
use crate::iso8583::{Field, Message, Mti, Packet};
use crate::money::Fen;
use crate::pos::clock::{HostClock, join};
use crate::pos::defects::Defect;
use crate::pos::device::Device;
use crate::pos::notes::Note;
use crate::pos::outcome::{ReasonCode, ResponseCode};
use crate::pos::session::Due;
use crate::pos::texts::Text;
use crate::vocabulary::Reason;

/// Digit 6 of the header: sign in again.
const SIGN_IN_AGAIN: u8 = 3;
/// Digit 6 of the header: update the software.
const UPDATE: u8 = 6;

/// What counts in an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    /// DE39.
    pub code: ResponseCode,
    /// 63.2.
    pub reason: Option<ReasonCode>,
    /// DE4.
    pub amount: Option<Fen>,
    /// DE37.
    pub rrn: Option<[u8; 12]>,
    /// DE13 and DE12.
    pub clock: Option<HostClock>,
    /// 60.2.
    pub batch: Option<u32>,
    /// Instalments in which the customer pays Baitiao back, in the text of 63.2.
    pub instalments: Option<u8>,
    /// The host's judgement of the totals, in DE48.
    pub judgement: Option<u8>,
    /// DE62, where it has the length of delivered keys.
    pub keys: Option<[u8; 40]>,
    /// Whether it is the host's.
    pub mac: Mac,
}

/// What DE64 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mac {
    /// The message is the host's.
    Good,
    /// Nothing: there is none.
    Missing,
    /// It is not the host's, or was damaged.
    Wrong,
}

impl Answer {
    fn of(message: &Message, code: ResponseCode, mac: Mac) -> Self {
        let digits = |field| message.get(field);
        let clock = match (digits(Field::DATE), digits(Field::TIME)) {
            (Some(date), Some(time)) => date
                .try_into()
                .ok()
                .zip(time.try_into().ok())
                .map(|(date, time)| join(date, time)),
            _ => None,
        };
        Self {
            code,
            // Three characters of 63.1, three of the reason; the text behind them is for people.
            reason: message
                .get(Field::REASON)
                .and_then(|text| text.get(3..6)?.try_into().ok()),
            amount: message.get(Field::AMOUNT).and_then(Fen::from_digits),
            rrn: message
                .get(Field::RRN)
                .and_then(|rrn| rrn.try_into().ok())
                .filter(|rrn: &[u8; 12]| rrn.is_ascii()),
            clock,
            batch: De60::of(message).ok().map(|de60| de60.batch),
            instalments: message.get(Field::REASON).and_then(instalments),
            judgement: message
                .get(Field::TOTALS)
                .and_then(|totals| Totals::parse(totals).ok())
                .map(|totals| totals.domestic.code),
            keys: message
                .get(Field::KEYS)
                .and_then(|keys| keys.try_into().ok()),
            mac,
        }
    }
}

impl Device {
    /// Bytes arrive, cut anywhere.
    pub(in crate::pos) fn data(&mut self, conn: u64, bytes: &[u8]) {
        if !self.line.is(conn) || self.defects.has(Defect::WholeFramesOnly) && !is_whole(bytes) {
            return;
        }
        self.line.deframer.push(bytes);
        // An answer may end the connection, and with it what else has come over it.
        while self.line.is(conn) && !self.hung {
            let legible = match self.line.deframer.next() {
                None => return,
                Some(Err(_)) => {
                    self.hung = self.defects.has(Defect::GarbageHangs);
                    self.hang_up();
                    return self.lost();
                }
                Some(Ok(body)) => {
                    let packet = &mut self.packet;
                    let legible =
                        self.dialect.parse_body(body, packet).is_ok() && packet.leftover == 0;
                    let key = self.session.key();
                    legible.then(|| match packet.message.has(Field::MAC) {
                        false => Mac::Missing,
                        true if key.is_some_and(|key| key.verify(body, packet)) => Mac::Good,
                        true => Mac::Wrong,
                    })
                }
            };
            match legible {
                Some(mac) => self.received(mac),
                None => self.hung = self.defects.has(Defect::GarbageHangs),
            }
        }
    }

    /// A message has come.
    fn received(&mut self, mac: Mac) {
        let Packet {
            header, message, ..
        } = &self.packet;
        let Some(code) = message
            .get(Field::RESPONSE)
            .and_then(|code| code.try_into().ok())
        else {
            return;
        };
        let mac = match mac {
            _ if self.defects.has(Defect::MacNotChecked) => Mac::Good,
            Mac::Missing if self.defects.has(Defect::MissingMacAccepted) => Mac::Good,
            mac => mac,
        };
        let answer = Answer::of(message, code, mac);
        let mine = match self.exchange.as_ref().map(|exchange| exchange.step) {
            Some(Step::Waiting { expected, .. }) => {
                expected.is_met_by(message, code, &self.config, self.defects)
            }
            _ => false,
        };
        let wish = requirement(*header);
        if mine {
            if wish == SIGN_IN_AGAIN && !self.defects.has(Defect::HeaderIgnored) {
                self.session
                    .want(Due::AfterTransaction, self.journal.storage());
            }
            self.answered(answer);
            if wish == UPDATE {
                self.note(Note::InterfaceRefused);
                self.show_problem(Text::Problem, Reason::Interface);
            }
        } else {
            self.stray(answer);
        }
    }

    fn answered(&mut self, answer: Answer) {
        let Some(exchange) = self.exchange.take() else {
            return;
        };
        match exchange.purpose {
            Purpose::SignIn => self.sign_in_answered(answer),
            Purpose::Request | Purpose::Query => self.decide(exchange.purpose, answer),
            Purpose::LookUp => self.look_up_answered(answer),
            Purpose::Reversal => self.reversal_answered(answer),
            Purpose::Settlement => self.settlement_answered(answer),
            Purpose::SignOff => self.session.set_ending(false),
            Purpose::Echo => self.link_tested(None, answer.code == *b"00"),
        }
    }

    /// A message that is nobody's answer is nothing, save to the gullible.
    fn stray(&mut self, answer: Answer) {
        let message = &self.packet.message;
        if message.mti() != Mti::SALE.response() || answer.code != *b"00" {
            return;
        }
        if self.defects.has(Defect::UnsolicitedBelieved) && self.is_under_way(Purpose::Request) {
            self.exchange = None;
            self.approve(answer, None);
        } else if self.defects.has(Defect::LateAnswerRevives)
            && let Some(stan) = message.text(Field::STAN).and_then(|stan| stan.parse().ok())
        {
            self.revive(stan, answer);
        }
    }
}

/// The number between 分 and 期, in GBK, as the texts of Baitiao have it.
fn instalments(text: &[u8]) -> Option<u8> {
    let at = text.windows(2).position(|pair| pair == [0xB7, 0xD6])?;
    let rest = text.get(at + 2..)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = rest.split_at(digits);
    if !rest.starts_with(&[0xC6, 0xDA]) {
        return None;
    }
    str::from_utf8(digits).ok()?.parse().ok()
}

/// Whether a chunk of the stream ends with a frame, if it begins with one.
fn is_whole(mut bytes: &[u8]) -> bool {
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let Some(rest) = rest.get(usize::from(u16::from_be_bytes(*length))..) else {
            return false;
        };
        bytes = rest;
    }
    bytes.is_empty()
}
