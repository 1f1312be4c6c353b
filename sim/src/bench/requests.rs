//! Which requests left on a connection, for the faults that strike at one of them. Requests are taken
//! apart when such a fault asks: most scenarios have none.

use crate::iso8583::operation::operations_in;
use crate::iso8583::{Deframer, Dialect};
use crate::vocabulary::Operation;

/// So many bytes wait at most for somebody to ask about them.
const UNREAD: usize = 8192;

/// What a terminal has sent on one connection.
#[derive(Debug, Default)]
pub(super) struct Requests {
    stream: Deframer,
    /// The operation whose request left last and whose answer has not been read, as far as the stream
    /// was read.
    waiting: Option<Operation>,
}

impl Requests {
    /// The terminal sends these bytes.
    pub(super) fn sent(&mut self, bytes: &[u8], dialect: &Dialect) {
        self.stream.push(bytes);
        if self.stream.pending() > UNREAD {
            self.read(dialect);
        }
    }

    /// The terminal sends these bytes: the operations whose requests are whole with that.
    pub(super) fn leaving(&mut self, bytes: &[u8], dialect: &Dialect) -> Vec<Operation> {
        self.read(dialect);
        self.stream.push(bytes);
        self.read(dialect)
    }

    /// The operation that is waiting for its answer.
    pub(super) fn waiting(&mut self, dialect: &Dialect) -> Option<Operation> {
        self.read(dialect);
        self.waiting
    }

    /// An answer is read: nothing that was sent before is waiting any more.
    pub(super) fn answered(&mut self) {
        while let Some(Ok(_)) = self.stream.next() {}
        self.waiting = None;
    }

    fn read(&mut self, dialect: &Dialect) -> Vec<Operation> {
        let mut found = Vec::new();
        operations_in(dialect, &mut self.stream, &mut found);
        self.waiting = found.last().copied().or(self.waiting);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso8583::{Field, Message, Mti, de60};

    fn frame(dialect: &Dialect, network: u16) -> Vec<u8> {
        let mut message = Message::new(Mti::SIGN_IN);
        message.set_text(Field::BATCH, &format!("00000001{network:03}"));
        let mut frame = Vec::new();
        let (tpdu, header) = ([0x60, 0, 0, 0, 0], dialect.header());
        dialect.emit(tpdu, header, &message, &mut frame).unwrap();
        frame
    }

    #[test]
    fn a_request_is_known_whenever_somebody_asks_and_leaves_once() {
        let dialect = Dialect::cup();
        let (sign_in, echo) = (frame(dialect, 3), frame(dialect, de60::ECHO));
        let mut requests = Requests::default();
        requests.sent(&sign_in, dialect);
        assert_eq!(requests.leaving(&echo, dialect), [Operation::Echo]);
        assert_eq!(requests.waiting(dialect), Some(Operation::Echo));
        requests.answered();
        assert_eq!(requests.waiting(dialect), None);
        requests.sent(&sign_in[..20], dialect);
        requests.answered();
        // The rest of it came after the answer to another one.
        assert_eq!(
            requests.leaving(&sign_in[20..], dialect),
            [Operation::SignIn]
        );
    }

    #[test]
    fn requests_that_nobody_asks_about_take_no_more_and_more_room() {
        let dialect = Dialect::cup();
        let (mut requests, sign_in) = (Requests::default(), frame(dialect, 3));
        for _ in 0..1_000 {
            requests.sent(&sign_in, dialect);
        }
        assert!(requests.stream.pending() <= UNREAD);
        assert_eq!(requests.waiting(dialect), Some(Operation::SignIn));
    }
}
