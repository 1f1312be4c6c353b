//! Which operation a message asks for: told apart by MTI, DE3, 60.1 and 60.3 (network.md §2).

use super::keys::Delivery;
use super::{Deframer, Dialect, Field, Message, Mti, Packet, de60};
use crate::vocabulary::Operation;

impl Message {
    /// The operation that this message asks for, or answers; `None` where the dialect has none
    /// with these numbers.
    pub fn operation(&self) -> Option<Operation> {
        let de60 = de60::De60::of(self).ok();
        let (kind, network) = (de60.map(|d| d.kind), de60.map(|d| d.network));
        match self.mti().request() {
            Mti::SALE => match (kind, self.get(Field::PROCESSING_CODE)) {
                (Some(de60::SALE), _) => Some(Operation::Sale),
                (Some(de60::CODE_ORDER), _) => Some(Operation::CodeOrder),
                (Some(de60::QUERY), _) | (_, Some(b"310000")) => Some(Operation::Query),
                (Some(de60::VOID), _) | (_, Some(b"200000")) => Some(Operation::Void),
                (_, Some(b"000000")) => Some(Operation::Sale),
                _ => None,
            },
            Mti::REFUND => Some(Operation::Refund),
            Mti::REVERSAL => Some(Operation::Reversal),
            Mti::SETTLEMENT => Some(Operation::Settlement),
            Mti::BATCH => match network {
                Some(de60::BATCH_END_BALANCED | de60::BATCH_END_UNBALANCED) => {
                    Some(Operation::BatchEnd)
                }
                _ => Some(Operation::BatchDetail),
            },
            Mti::SIGN_IN if network == Some(de60::ECHO) => Some(Operation::Echo),
            Mti::SIGN_IN => network
                .and_then(Delivery::from_code)
                .map(|_| Operation::SignIn),
            Mti::SIGN_OFF => Some(Operation::SignOff),
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
        assert_eq!(of(Mti::SALE, "990000", (99, 0)), None);
        assert_eq!(
            of(Mti::REVERSAL, "000000", (22, 0)),
            Some(Operation::Reversal)
        );
        assert_eq!(of(Mti::SIGN_IN, "", (0, 3)), Some(Operation::SignIn));
        assert_eq!(of(Mti::SIGN_IN, "", (0, 301)), Some(Operation::Echo));
        assert_eq!(of(Mti::BATCH, "", (0, 201)), Some(Operation::BatchDetail));
        assert_eq!(of(Mti::BATCH, "", (0, 202)), Some(Operation::BatchEnd));
        assert_eq!(
            of(Mti::SIGN_IN.response(), "", (0, 3)),
            Some(Operation::SignIn)
        );
    }
}
