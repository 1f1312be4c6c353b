//! Which operation a message asks for: told apart by MTI, DE3, 60.1 and 60.3 (network.md §2).

use super::{Deframer, Dialect, Field, Message, Mti, Packet, de60};
use crate::vocabulary::Operation;

impl Message {
    /// The operation that this message asks for, or answers; `None` where the dialect has none
    /// with these numbers.
    pub fn operation(&self) -> Option<Operation> {
        let request = self.mti().request();
        match request {
            Mti::REVERSAL => return Some(Operation::Reversal),
            Mti::SETTLEMENT => return Some(Operation::Settlement),
            Mti::REFUND => return Some(Operation::Refund),
            Mti::SIGN_OFF => return Some(Operation::SignOff),
            _ => {}
        }
        let de60 = de60::De60::of(self).ok();
        match request {
            Mti::SALE => match self.get(Field::PROCESSING_CODE)? {
                b"000000" if de60.is_some_and(|d| d.kind == de60::CODE_ORDER) => {
                    Some(Operation::CodeOrder)
                }
                b"000000" => Some(Operation::Sale),
                b"200000" => Some(Operation::Void),
                b"310000" => Some(Operation::Query),
                _ => None,
            },
            Mti::SIGN_IN => match de60?.network {
                de60::ECHO => Some(Operation::Echo),
                1..=5 => Some(Operation::SignIn),
                _ => None,
            },
            Mti::BATCH => match de60?.network {
                de60::SETTLEMENT => Some(Operation::BatchDetail),
                de60::BATCH_END_BALANCED | de60::BATCH_END_UNBALANCED => Some(Operation::BatchEnd),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The operations of the whole frames that a stream has brought to its end.
pub fn operations_in(dialect: &Dialect, stream: &mut Deframer, found: &mut Vec<Operation>) {
    let mut packet = Packet::default();
    while let Some(Ok(body)) = stream.next() {
        if dialect.parse_body(body, &mut packet).is_ok() {
            found.extend(packet.message.operation());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(mti: Mti, processing: &str, kind_and_network: (u8, u16)) -> Option<Operation> {
        let mut message = Message::new(mti);
        if !processing.is_empty() {
            message.set_text(Field::PROCESSING_CODE, processing);
        }
        let (kind, network) = kind_and_network;
        message.set_text(Field::BATCH, &format!("{kind:02}000001{network:03}"));
        message.operation()
    }

    #[test]
    fn mti_processing_code_and_de60_tell_operations_apart() {
        assert_eq!(of(Mti::SALE, "000000", (22, 0)), Some(Operation::Sale));
        assert_eq!(of(Mti::SALE, "000000", (62, 0)), Some(Operation::CodeOrder));
        assert_eq!(of(Mti::SALE, "310000", (61, 0)), Some(Operation::Query));
        assert_eq!(of(Mti::SALE, "200000", (23, 0)), Some(Operation::Void));
        assert_eq!(of(Mti::SALE, "990000", (22, 0)), None);
        assert_eq!(of(Mti::REVERSAL, "000000", (22, 0)), Some(Operation::Reversal));
        assert_eq!(of(Mti::SIGN_IN, "", (0, 3)), Some(Operation::SignIn));
        assert_eq!(of(Mti::SIGN_IN, "", (0, 301)), Some(Operation::Echo));
        assert_eq!(of(Mti::BATCH, "", (0, 201)), Some(Operation::BatchDetail));
        assert_eq!(of(Mti::BATCH, "", (0, 202)), Some(Operation::BatchEnd));
        assert_eq!(of(Mti::SIGN_IN.response(), "", (0, 3)), Some(Operation::SignIn));
    }
}
