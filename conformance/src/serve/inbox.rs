//! What came in and has not been looked at: from the readers of all connections to the one owner of the
//! acquirer. It is taken out as a whole, so that one turn of the loop serves everybody.

use std::sync::{Arc, Mutex, PoisonError};

use counterproof_sim::record::ConnId;
use counterproof_sim::terminal::StreamEnd;
use tokio::sync::Notify;
use tokio_util::bytes::BytesMut;

use super::line::Line;

/// Something came in.
#[derive(Debug)]
pub enum Input {
    /// A connection was accepted.
    Opened(ConnId, Arc<Line>),
    /// A frame arrived.
    Frame(ConnId, BytesMut),
    /// A connection ended.
    Ended(ConnId, StreamEnd),
}

/// Where it waits.
#[derive(Debug, Default)]
pub struct Inbox {
    waiting: Mutex<Vec<Input>>,
    filled: Notify,
}

impl Inbox {
    /// Puts something in.
    pub fn put(&self, input: Input) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let first = waiting.is_empty();
        waiting.push(input);
        drop(waiting);
        if first {
            self.filled.notify_one();
        }
    }

    /// Exchanges what is in it for `empty`.
    pub fn take(&self, empty: &mut Vec<Input>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut *waiting, empty);
    }

    /// Waits until there is something in it.
    pub async fn filled(&self) {
        self.filled.notified().await;
    }
}
