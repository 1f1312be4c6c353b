//! DE63: in a request the operator (`01 `), in an answer the wallet, a reason code and the text for
//! the cashier.

use std::borrow::Cow;

use thiserror::Error;

use super::field::Field;
use super::gbk;
use super::message::Message;

/// 63.1: three characters, an operator or a wallet (`WXP`).
pub type Organisation = [u8; 3];

/// 63.2 starts with a reason code of three characters (`C01`).
pub type Reason = [u8; 3];

/// The operator that a terminal signs in.
pub const OPERATOR: &[u8; 3] = b"01 ";

/// The parts of DE63.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct De63<'m> {
    /// 63.1.
    pub organisation: Organisation,
    /// The reason code, where 63.2 has at least three characters.
    pub reason: Option<Reason>,
    /// What follows it.
    pub text: Cow<'m, str>,
}

/// Why a DE63 cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// The field is shorter than 63.1.
    #[error("DE63 has {0} bytes, 63.1 alone has three")]
    Short(usize),
    /// A text without a reason code before it.
    #[error("DE63: a text needs a reason code of three characters before it")]
    NoReason,
    /// The text has a character that cannot be sent.
    #[error("DE63: {0}")]
    Text(#[from] gbk::EncodeError),
}

impl<'m> De63<'m> {
    /// From the bytes of the field.
    ///
    /// # Errors
    /// When there are fewer than three.
    pub fn parse(value: &'m [u8]) -> Result<Self, Error> {
        let Some((&organisation, rest)) = value.split_first_chunk() else {
            return Err(Error::Short(value.len()));
        };
        let (reason, text) = match rest.split_first_chunk() {
            Some((&reason, text)) => (Some(reason), text),
            None => (None, rest),
        };
        Ok(Self {
            organisation,
            reason,
            text: gbk::decode(text),
        })
    }

    /// From a message; `None` where the field is missing or too short, which says nothing more.
    pub fn of(message: &'m Message) -> Option<Self> {
        Self::parse(message.get(Field::REASON)?).ok()
    }

    /// Into a message.
    ///
    /// # Errors
    /// When the text is not GBK, or stands without a reason code.
    pub fn put(&self, message: &mut Message) -> Result<(), Error> {
        if self.reason.is_none() && !self.text.is_empty() {
            return Err(Error::NoReason);
        }
        let mut value = self.organisation.to_vec();
        value.extend(self.reason.into_iter().flatten());
        value.extend(gbk::encode(&self.text)?);
        message.set(Field::REASON, &value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso8583::mti::Mti;

    #[test]
    fn a_reason_travels_with_its_wallet_and_text() {
        let sent = De63 {
            organisation: *b"WXP",
            reason: Some(*b"C01"),
            text: "付款码已过期".into(),
        };
        let mut message = Message::new(Mti(0x0210));
        sent.put(&mut message).unwrap();
        assert_eq!(message.get(Field::REASON).unwrap().len(), 18);
        assert_eq!(De63::of(&message), Some(sent));
    }

    #[test]
    fn an_operator_has_no_reason() {
        let operator = De63::parse(OPERATOR).unwrap();
        assert_eq!(operator.organisation, *b"01 ");
        assert_eq!((operator.reason, operator.text.len()), (None, 0));
        assert_eq!(De63::parse(b"01"), Err(Error::Short(2)));
        assert_eq!(De63::of(&Message::new(Mti::SALE)), None);
    }

    #[test]
    fn text_that_cannot_be_sent_is_an_error() {
        let mut message = Message::new(Mti(0x0210));
        let mut reason = De63 {
            organisation: *b"ALI",
            reason: None,
            text: "成功".into(),
        };
        assert_eq!(reason.put(&mut message), Err(Error::NoReason));
        reason.reason = Some(*b"OK0");
        reason.text = "😀".into();
        assert!(matches!(reason.put(&mut message), Err(Error::Text(_))));
        assert_eq!(message.get(Field::REASON), None);
    }
}
