//! The loop: what came in since the last turn is handled at one instant, what changed is kept, and only
//! then the answers go out – all in one go, however many connections there are.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use counterproof_sim::link::Listener as Meets;
use counterproof_sim::record::ConnId;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use super::desk::{Answer, Errand};
use super::inbox::Input;
use super::line::Line;
use super::port::Door;
use super::service::{Output, Service};
use super::store::{Store, StoreError};
use crate::live::clock::Clock;

/// How often slow senders are looked for.
const LOOK: Duration = Duration::from_millis(250);
/// How long answers in flight are waited for at the end.
const GRACE: Duration = Duration::from_secs(2);
/// How long sockets may take to take them.
const FLUSH: Duration = Duration::from_secs(1);

/// The loop and everything in its hand.
#[derive(Debug)]
pub struct Engine {
    /// Acquirer and phones.
    pub service: Service,
    /// Where changes are kept.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Where connections come from.
    pub door: Arc<Door>,
    /// A frame must be whole within this.
    pub patience: Duration,
    /// What new connections meet.
    pub meets: watch::Sender<Meets>,
    /// The number of the latest entry of the record, for those who follow it.
    pub latest: watch::Sender<u64>,
    /// The connections that stand.
    pub lines: BTreeMap<ConnId, Arc<Line>>,
    /// Those that ended in this turn.
    pub ended: Vec<ConnId>,
}

impl Engine {
    /// Goes on until `stop` says so, and ends in order.
    ///
    /// # Errors
    /// When what changed cannot be kept. No answer to it has left then.
    pub async fn run(
        mut self,
        errands: &mut mpsc::Receiver<Errand>,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), StoreError> {
        let mut inputs = Vec::new();
        let mut answers = Vec::new();
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let door = Arc::clone(&self.door);
        while !*stop.borrow() {
            let wake = self.service.wake_at().and_then(|at| self.clock.instant(at));
            tokio::select! {
                biased;
                stopped = stop.changed() => if stopped.is_err() { break },
                () = door.inbox.filled() => {}
                Some(errand) = errands.recv() => answers.push(errand(&mut self.service, self.clock.now())),
                () = until(wake), if wake.is_some() => {}
                _ = look.tick() => {
                    self.look_for_slow_senders();
                    self.store.spare()?;
                }
            }
            self.turn(&mut inputs, &mut answers)?;
        }
        self.finish(&mut inputs).await
    }

    /// One turn.
    fn turn(
        &mut self,
        inputs: &mut Vec<Input>,
        answers: &mut Vec<Answer>,
    ) -> Result<(), StoreError> {
        self.door.inbox.take(inputs);
        let now = self.clock.now();
        for input in inputs.drain(..) {
            match input {
                Input::Frame(conn, bytes) => self.service.received(now, conn, &bytes),
                Input::Opened(conn, line) => {
                    self.lines.insert(conn, line);
                    self.service.opened(now, conn);
                }
                Input::Ended(conn, how) => {
                    self.service.ended(now, conn, how);
                    // Answers of this very turn have not gone out yet; the line goes after them.
                    self.ended.push(conn);
                }
            }
        }
        self.service.wake(now);
        let changes = self.service.changes();
        if !changes.is_empty() {
            self.store.keep(now, &changes)?;
        }
        self.deliver();
        for conn in self.ended.drain(..) {
            self.lines.remove(&conn);
        }
        answers.drain(..).for_each(|answer| answer());
        let meets = self.service.host().listener();
        self.meets
            .send_if_modified(|told| std::mem::replace(told, meets) != meets);
        let latest = self.service.history.latest();
        self.latest
            .send_if_modified(|told| std::mem::replace(told, latest) != latest);
        Ok(())
    }

    fn deliver(&mut self) {
        for output in self.service.outputs() {
            match output {
                Output::Write(conn, bytes, chopped) => {
                    let Some(line) = self.lines.get(&conn) else {
                        continue;
                    };
                    if line.write(bytes, chopped).is_err()
                        && let Some(line) = self.lines.remove(&conn)
                    {
                        line.reset();
                    }
                }
                Output::Close(conn) => {
                    if let Some(line) = self.lines.remove(&conn) {
                        line.close();
                    }
                }
                Output::Reset(conn) => {
                    if let Some(line) = self.lines.remove(&conn) {
                        line.reset();
                    }
                }
            }
        }
    }

    /// Tears connections on which a frame has been arriving for too long.
    fn look_for_slow_senders(&mut self) {
        self.service.turned_away = self.door.turned_away();
        let now = self.clock.now().as_micros();
        let patience = self.patience.as_micros() as u64;
        let is_slow = |line: &Line| {
            let since = line.unfinished.since();
            since.is_some_and(|since| now.saturating_sub(since) > patience)
        };
        self.lines.retain(|_, line| {
            let slow = is_slow(line);
            if slow {
                Arc::clone(line).reset();
            }
            !slow
        });
    }

    /// Answers in flight go out; then every connection is closed, and the store.
    async fn finish(mut self, inputs: &mut Vec<Input>) -> Result<(), StoreError> {
        let end = Instant::now() + GRACE;
        // Nobody is let in and nothing is read any more; what was read is answered.
        self.meets.send_replace(Meets::Refusing);
        for line in self.lines.values() {
            line.reader.abort();
        }
        self.door.inbox.take(inputs);
        let now = self.clock.now();
        for input in inputs.drain(..) {
            if let Input::Frame(conn, bytes) = input {
                self.service.received(now, conn, &bytes);
            }
        }
        loop {
            self.service.wake(self.clock.now());
            let changes = self.service.changes();
            if !changes.is_empty() {
                self.store.keep(self.clock.now(), &changes)?;
            }
            self.deliver();
            let due = self.service.answer_due();
            let Some(due) = due.and_then(|due| self.clock.instant(due)) else {
                break;
            };
            let due = Instant::from_std(due);
            if due > end {
                break;
            }
            sleep_until(due).await;
        }
        let flushed = async {
            while self.lines.values().any(|line| !line.is_flushed()) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        // Who does not read what was written to him does not hold up the end.
        let _ = timeout(FLUSH, flushed).await;
        self.lines.clear();
        self.store.close()
    }
}

async fn until(at: Option<std::time::Instant>) {
    if let Some(at) = at {
        sleep_until(Instant::from_std(at)).await;
    }
}
