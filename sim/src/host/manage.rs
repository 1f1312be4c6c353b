//! What changes a terminal's session: sign-in, echo, sign-off, and the end of a batch.

use super::faults::Hits;
use super::request::Request;
use super::ruling::Ruling;
use super::session::spoil_check_value;
use super::switch::{Decision, Extra};
use super::{Host, HostOutput};
use crate::fault::FaultKind;
use crate::iso8583::de60;
use crate::iso8583::keys::Delivery;
use crate::record::Fact;
use crate::time::Span;
use crate::vocabulary::Operation;

/// The security module draws and wraps keys.
const DRAWS_KEYS: Span = Span::from_millis(60);

impl Host {
    /// Does a request that changes a terminal's session.
    pub(super) fn manage(&mut self, index: usize, request: &Request, hits: &Hits) -> Decision {
        if request.operation != Operation::Echo {
            self.changed_sessions.note(|| index);
        }
        match request.operation {
            Operation::SignIn => self.sign_in(index, request, hits),
            Operation::SignOff => {
                self.sessions[index].sign_off();
                Decision::of(Ruling::Approved)
            }
            Operation::BatchEnd => self.batch_end(index, request),
            _ => Decision::of(Ruling::Approved),
        }
    }

    fn sign_in(&mut self, index: usize, request: &Request, hits: &Hits) -> Decision {
        let session = &mut self.sessions[index];
        // A batch that differs shows here as well: the terminal is handed the other one.
        let differs = session.batch_differs();
        self.out.extend(differs.map(HostOutput::Fired));
        let delivery = Delivery::from_code(request.network).unwrap_or(Delivery::Double);
        let Ok(mut keys) = session.sign_in(delivery, self.dialect.algorithm(), &mut self.keys)
        else {
            return Decision::of(Ruling::Malfunction);
        };
        if hits.get(FaultKind::WrongCheckValue).is_some() {
            spoil_check_value(&mut keys, delivery, false);
        }
        if hits.get(FaultKind::WrongPinCheckValue).is_some() {
            spoil_check_value(&mut keys, delivery, true);
        }
        let (terminal, batch) = (session.terminal, session.batch);
        session.after_sign_in();
        self.fact(Fact::SignedIn { terminal, batch });
        Decision {
            batch: Some(batch),
            extra: Extra::Keys(keys),
            took: DRAWS_KEYS,
            ..Decision::of(Ruling::Approved)
        }
    }

    /// The same again is answered alike until the sign-in that opens the next batch.
    fn batch_end(&mut self, index: usize, request: &Request) -> Decision {
        let session = &mut self.sessions[index];
        let balanced = request.network == de60::BATCH_END_BALANCED;
        let note = match session.balanced {
            None => Some("the batch ends without a settlement before it"),
            Some(judged) if judged != balanced => {
                Some("the batch ends with the other code than its totals ask for")
            }
            Some(_) => None,
        };
        if !std::mem::replace(&mut session.closed, true) {
            let (terminal, batch) = (session.terminal, session.batch);
            self.fact(Fact::BatchClosed {
                terminal,
                batch,
                balanced,
            });
        }
        Decision {
            note,
            ..Decision::of(Ruling::Approved)
        }
    }
}
