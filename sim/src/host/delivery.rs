//! When answers go out, and what faults do to them on their way: lost, late, doubled, cut, glued,
//! held back. What they do to the content was done before.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::faults::Hits;
use super::{Host, HostOutput, mischief};
use crate::fault::{FaultId, FaultKind};
use crate::record::{ConnId, Fact};
use crate::terminal::Bytes;
use crate::time::Time;

/// An answer on its way.
#[derive(Debug)]
pub(super) struct Parcel {
    pub conn: ConnId,
    /// The frame.
    pub bytes: Vec<u8>,
    /// The faults that strike at it.
    pub hits: Hits,
    /// Those that have changed its content: they fire when it goes out.
    pub altered: Vec<FaultId>,
    /// A frame that goes out glued before it.
    pub glued: Vec<u8>,
    /// It has waited for another answer.
    pub held: bool,
}

impl Parcel {
    pub fn of(conn: ConnId, bytes: Vec<u8>) -> Self {
        Self {
            conn,
            bytes,
            hits: Hits::default(),
            altered: Vec::new(),
            glued: Vec::new(),
            held: false,
        }
    }
}

/// Something to be done at an instant.
#[derive(Debug)]
enum Job {
    Send(Parcel),
    /// A request arrives that was held up.
    Handle {
        conn: ConnId,
        body: Vec<u8>,
        hits: Hits,
    },
}

#[derive(Debug)]
struct Due {
    at: Time,
    /// Things of one instant are done in the order in which they were planned.
    order: u64,
    job: Job,
}

impl Ord for Due {
    /// The heap gives out its greatest: the earliest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Due {}

/// What is to be done when.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    jobs: BinaryHeap<Due>,
    planned: u64,
}

impl Agenda {
    fn plan(&mut self, at: Time, job: Job) {
        self.planned += 1;
        self.jobs.push(Due {
            at,
            order: self.planned,
            job,
        });
    }

    /// Sends an answer at `at`.
    pub fn send(&mut self, at: Time, parcel: Parcel) {
        self.plan(at, Job::Send(parcel));
    }

    /// Lets a request arrive at `at`.
    pub fn handle(&mut self, at: Time, conn: ConnId, body: &[u8], hits: Hits) {
        let body = body.to_vec();
        self.plan(at, Job::Handle { conn, body, hits });
    }

    /// When something is to be done next.
    pub fn next(&self) -> Option<Time> {
        self.jobs.peek().map(|due| due.at)
    }

    fn pop(&mut self, now: Time) -> Option<Job> {
        if self.next()? > now {
            return None;
        }
        self.jobs.pop().map(|due| due.job)
    }
}

impl Host {
    pub(super) fn do_jobs(&mut self, now: Time) {
        while let Some(job) = self.agenda.pop(now) {
            match job {
                Job::Send(parcel) => self.send(now, parcel),
                Job::Handle { conn, body, hits } => self.handle_late(now, conn, &body, hits),
            }
        }
    }

    fn send(&mut self, now: Time, mut parcel: Parcel) {
        let conn = parcel.conn;
        if !self.conns.has(conn) {
            return;
        }
        let mute = [FaultKind::HostOutage, FaultKind::HostSilent];
        if let Some(id) = mute.into_iter().find_map(|kind| self.faults.state(kind)) {
            self.fired(id);
            return;
        }
        if parcel.hits.is_empty() {
            for id in std::mem::take(&mut parcel.altered) {
                self.fired(id);
            }
            self.put(now, conn, parcel.bytes, false);
        } else {
            let fires = |host: &mut Self, kind| {
                let hit = parcel.hits.get(kind).map(|hit| hit.id);
                if let Some(id) = hit {
                    host.fired(id);
                }
                hit.is_some()
            };
            if fires(self, FaultKind::AnswerLost) {
                return;
            }
            if fires(self, FaultKind::AnswerReset) {
                self.forget(conn);
                self.out.push_back(HostOutput::Reset { conn });
                return;
            }
            if fires(self, FaultKind::AnswerClosed) {
                self.close(conn);
                return;
            }
            if !parcel.held && fires(self, FaultKind::AnswerReordered) {
                parcel.held = true;
                self.held.push(parcel);
                return;
            }
            self.send_spoilt(now, parcel);
        }
        // Another answer has gone out: what waited for that follows.
        for waiting in std::mem::take(&mut self.held) {
            self.send(now, waiting);
        }
    }

    fn send_spoilt(&mut self, now: Time, parcel: Parcel) {
        let Parcel {
            conn,
            mut bytes,
            hits,
            altered,
            glued,
            ..
        } = parcel;
        for id in altered {
            self.fired(id);
        }
        let fires = |host: &mut Self, kind| {
            let hit = hits.get(kind).map(|hit| (hit.id, hit.by));
            if let Some((id, _)) = hit {
                host.fired(id);
            }
            hit.map(|(_, by)| by)
        };
        if fires(self, FaultKind::Junk).is_some() {
            let junk = mischief::junk(&mut self.chaos);
            self.put(now, conn, junk, false);
        }
        if fires(self, FaultKind::ImpossibleLength).is_some() {
            let impossible = mischief::impossible_length(self.impossible_lengths, &mut self.chaos);
            self.impossible_lengths += 1;
            self.put(now, conn, impossible, false);
        }
        if fires(self, FaultKind::AnswerGarbled).is_some() {
            mischief::garble(&mut bytes, &mut self.chaos);
        }
        if fires(self, FaultKind::AnswerTruncated).is_some() {
            bytes.truncate(bytes.len() / 2);
            self.put(now, conn, bytes, false);
            self.close(conn);
            return;
        }
        if fires(self, FaultKind::AnswerJoined).is_some() {
            bytes.splice(0..0, glued);
        }
        if let Some(by) = fires(self, FaultKind::AnswerDuplicated) {
            self.agenda.send(now + by, Parcel::of(conn, bytes.clone()));
        }
        let chopped = fires(self, FaultKind::AnswerChopped).is_some();
        self.put(now, conn, bytes, chopped);
    }

    /// Writes bytes and records them.
    fn put(&mut self, now: Time, conn: ConnId, bytes: Vec<u8>, chopped: bool) {
        self.conns.heard(now, conn);
        self.fact(Fact::Sent {
            conn,
            frame: Bytes(bytes.clone()),
        });
        self.out.push_back(HostOutput::Write {
            conn,
            bytes,
            chopped,
        });
    }

    fn fired(&mut self, id: FaultId) {
        self.out.push_back(HostOutput::Fired(id));
    }
}
