//! Whose answer a message is: the same kind, number, terminal, merchant, processing code and
//! amount as the request, or somebody else's.

use crate::iso8583::{Field, Message, Mti};
use crate::money::Fen;
use crate::pos::config::Config;
use crate::pos::defects::{Defect, Defects};
use crate::pos::outcome::{ResponseCode, is_success};

/// What the answer to a request must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pos) struct Expected {
    /// Its type.
    pub mti: Mti,
    /// DE11.
    pub stan: [u8; 6],
    /// DE3; `None` where the request has none.
    pub processing: Option<[u8; 6]>,
    /// DE4; `None` where the request has none.
    pub amount: Option<Fen>,
    /// Whether a success without DE3 and DE4 is none.
    pub moves_money: bool,
}

impl Expected {
    /// Whether this message, with this DE39, is the answer.
    pub(super) fn is_met_by(
        &self,
        message: &Message,
        code: ResponseCode,
        config: &Config,
        defects: Defects,
    ) -> bool {
        let same = |field, value: &str| message.trimmed(field) == Some(value.trim_end().as_bytes());
        let bare_success = self.moves_money && is_success(code);
        let processing = match (self.processing, message.get(Field::PROCESSING_CODE)) {
            (Some(expected), Some(found)) => found == expected,
            (Some(_), None) => !bare_success,
            (None, _) => true,
        };
        let amount = match (self.amount, message.get(Field::AMOUNT)) {
            (Some(expected), Some(found)) => Fen::from_digits(found).is_some_and(|found| {
                let partly = code == *b"10" && found > Fen::ZERO && found <= expected;
                partly || found == expected
            }),
            (Some(_), None) => !bare_success,
            (None, _) => true,
        };
        let checks = [
            (message.mti() == self.mti, Defect::TypeIgnored),
            (
                message.get(Field::STAN) == Some(&self.stan[..]),
                Defect::StanIgnored,
            ),
            (
                same(Field::TERMINAL, &config.terminal),
                Defect::TerminalIgnored,
            ),
            (
                same(Field::MERCHANT, &config.merchant),
                Defect::MerchantIgnored,
            ),
            (processing, Defect::ProcessingIgnored),
            (amount, Defect::AmountIgnored),
        ];
        checks
            .into_iter()
            .all(|(met, defect)| met || defects.has(defect))
    }
}
