//! Whatever a terminal sends and whatever goes wrong: money is conserved, nothing is charged
//! twice, what was reversed stays reversed.

use proptest::prelude::*;

use super::till::{Till, stan};
use crate::fault::{Fault, FaultKind, Nth, Site};
use crate::host::{PostingKind, Standing};
use crate::iso8583::{Field, Message, Mti};
use crate::time::Span;
use crate::vocabulary::{Vocabulary, Wallet};

/// One thing that a terminal, a customer or fate does.
#[derive(Clone, Debug)]
enum Step {
    Sale(u64),
    Order(u64),
    Query(prop::sample::Index),
    Reverse(prop::sample::Index),
    Void(prop::sample::Index),
    Refund(prop::sample::Index, u64),
    Repeat(prop::sample::Index),
    PayOrder(prop::sample::Index),
    SignIn,
    Wait(u64),
    Reconnect,
    Arm(FaultKind, Nth),
    LiftAll,
    Garbage(Vec<u8>),
}

fn step() -> impl Strategy<Value = Step> {
    let any_index = any::<prop::sample::Index>;
    let kinds: Vec<FaultKind> = FaultKind::ALL
        .iter()
        .copied()
        .filter(|kind| matches!(kind.site(), Site::Host | Site::Wallet | Site::Phone))
        .collect();
    let nth = prop_oneof![
        (1..4_u32).prop_map(Nth::Only),
        (1..4_u32).prop_map(Nth::First),
        Just(Nth::Every)
    ];
    prop_oneof![
        6 => (1..200_000_u64).prop_map(Step::Sale),
        2 => (1..200_000_u64).prop_map(Step::Order),
        2 => any_index().prop_map(Step::Query),
        4 => any_index().prop_map(Step::Reverse),
        2 => any_index().prop_map(Step::Void),
        3 => (any_index(), 1..200_000_u64).prop_map(|(i, fen)| Step::Refund(i, fen)),
        3 => any_index().prop_map(Step::Repeat),
        2 => any_index().prop_map(Step::PayOrder),
        1 => Just(Step::SignIn),
        2 => (0..100_000_u64).prop_map(Step::Wait),
        1 => Just(Step::Reconnect),
        4 => (prop::sample::select(kinds), nth).prop_map(|(kind, nth)| Step::Arm(kind, nth)),
        2 => Just(Step::LiftAll),
        1 => prop::collection::vec(any::<u8>(), 0..60).prop_map(Step::Garbage),
    ]
}

/// A till and what it remembers of its own requests.
struct Run {
    till: Till,
    requests: Vec<Message>,
    payloads: Vec<String>,
    armed: Vec<crate::fault::FaultId>,
}

impl Run {
    fn send(&mut self, message: Message) {
        let answers = self.till.exchange(&message);
        for answer in &answers {
            let place = self.till.dialect.merchant_code();
            if let Some(payload) = place.get(answer.message()) {
                self.payloads
                    .push(String::from_utf8_lossy(payload).into_owned());
            }
        }
        self.requests.push(message);
    }

    fn pick(&self, index: prop::sample::Index) -> Option<Message> {
        (!self.requests.is_empty()).then(|| index.get(&self.requests).clone())
    }

    fn give_back(&mut self, index: prop::sample::Index, mti: Mti, fen: Option<u64>) {
        let Some(original) = self.pick(index) else {
            return;
        };
        let number = stan(&original);
        let remembered = self.till.host.transaction(&self.till.key(number));
        let rrn = remembered.map_or([b'0'; 12], |t| t.rrn);
        let paid = remembered.map_or(0, |t| t.amount.get());
        let rrn = String::from_utf8_lossy(&rrn).into_owned();
        let message = self.till.give_back(mti, number, &rrn, fen.unwrap_or(paid));
        self.send(message);
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Sale(fen) => {
                self.till.phone.refresh();
                let code = self.till.phone.present(self.till.now).code;
                let text = code
                    .as_ref()
                    .map_or("101234567890123456", |code| &code.text);
                let message = self.till.sale_with(text, fen);
                if let Some(code) = &code {
                    self.till.host.issue(code);
                }
                self.send(message);
            }
            Step::Order(fen) => {
                let message = self.till.order_message(fen);
                self.send(message);
            }
            Step::Query(index) => {
                if let Some(original) = self.pick(index) {
                    let message = self.till.query_message(self.till.batch, stan(&original));
                    self.till.exchange(&message);
                }
            }
            Step::Reverse(index) => {
                if let Some(original) = self.pick(index) {
                    let message = self.till.reversal_of(&original, "98");
                    self.till.exchange(&message);
                }
            }
            Step::Void(index) => self.give_back(index, Mti::SALE, None),
            Step::Refund(index, fen) => self.give_back(index, Mti::REFUND, Some(fen)),
            Step::Repeat(index) => {
                if let Some(original) = self.pick(index) {
                    self.till.exchange(&original);
                }
            }
            Step::PayOrder(index) => {
                if !self.payloads.is_empty() {
                    let payload = index.get(&self.payloads).clone();
                    let payer = self.till.phone.payer();
                    let now = self.till.now;
                    let wallet = self.till.phone.wallet();
                    let _ = self.till.host.pay_order(now, &payload, wallet, &payer);
                }
            }
            Step::SignIn => {
                let message = self.till.sign_in_message(3);
                for answer in self.till.exchange(&message) {
                    if answer.message().has(Field::KEYS) {
                        let double = crate::iso8583::keys::Delivery::Double;
                        let _ = self.till.take_keys(&answer, double);
                    }
                }
            }
            Step::Wait(ms) => self.till.run(Span::from_millis(ms)),
            Step::Reconnect => self.till.connect(),
            Step::Arm(kind, nth) => {
                let fault = Fault {
                    nth,
                    ..Fault::state(kind)
                };
                let id = self.till.arm(&fault);
                self.armed.push(id);
            }
            Step::LiftAll => {
                for id in std::mem::take(&mut self.armed) {
                    self.till.lift(id);
                }
            }
            Step::Garbage(bytes) => {
                self.till.send_bytes(&bytes);
                self.till.connect();
            }
        }
    }

    /// What must hold at any time.
    fn check(&self) -> Result<(), TestCaseError> {
        let host = &self.till.host;
        let ledger = host.ledger();
        prop_assert_eq!(ledger.sum(), 0, "money came from nowhere");
        for (key, net) in ledger.payments() {
            let payment = host.transaction(key).unwrap();
            prop_assert!(net >= 0, "{} was given back more than was paid", key);
            let most = payment.amount.get().cast_signed();
            prop_assert!(net <= most, "{} was charged {} of {}", key, net, most);
            let charged: Vec<_> = ledger
                .history(key)
                .filter(|p| p.kind == PostingKind::Sale)
                .collect();
            prop_assert_eq!(charged.len(), 1, "{} was charged twice", key);
            if payment.standing == Standing::Reversed {
                prop_assert_eq!(net, 0, "{} was reversed and is charged", key);
            }
            let given = payment.refunded.get().cast_signed();
            let expected = match payment.standing {
                Standing::Approved | Standing::Partial if payment.voided => 0,
                Standing::Approved | Standing::Partial => most - given,
                _ => 0,
            };
            prop_assert_eq!(net, expected, "{} is not what the book says", key);
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn money_is_conserved_whatever_happens(
        wallet in prop::sample::select(Wallet::ALL),
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let mut run = Run {
            till: Till::open(wallet),
            requests: Vec::new(),
            payloads: Vec::new(),
            armed: Vec::new(),
        };
        for step in steps {
            run.take(step);
            run.check()?;
        }
        run.take(Step::LiftAll);
        run.till.run(Span::from_secs(700));
        run.check()?;
        // Once all is quiet nothing waits, and repeats of everything change nothing.
        prop_assert_eq!(run.till.host.wake_at(), None);
        run.take(Step::Reconnect);
        run.take(Step::SignIn);
        let postings = run.till.host.ledger().postings().len();
        for request in run.requests.clone() {
            if run.till.host.transaction(&run.till.key(stan(&request))).is_some() {
                run.till.exchange(&request);
            }
        }
        prop_assert_eq!(run.till.host.ledger().postings().len(), postings);
    }

    #[test]
    fn a_reversed_sale_nets_to_zero_and_repeats_change_nothing(
        wallet in prop::sample::select(Wallet::ALL),
        fen in 1..999_999_u64,
        before: bool,
        repeats in 1..5_usize,
        lost in prop::collection::vec(prop::sample::select(vec![
            FaultKind::AnswerLost, FaultKind::AnswerLate, FaultKind::RequestDuplicated,
            FaultKind::AnswerCodeAfter, FaultKind::WalletSilentAfter, FaultKind::WalletPartial,
        ]), 0..3),
    ) {
        let mut till = Till::open(wallet);
        till.phone.needs_password(false);
        for kind in lost {
            till.state(kind);
        }
        let request = till.sale_message(fen);
        if before {
            till.exchange(&till.reversal_of(&request, "98"));
        }
        till.exchange(&request);
        let mut postings = None;
        for _ in 0..repeats {
            till.exchange(&till.reversal_of(&request, "98"));
            prop_assert_eq!(till.net(stan(&request)), 0);
            let now = till.host.ledger().postings().len();
            prop_assert_eq!(*postings.get_or_insert(now), now);
        }
        prop_assert_eq!(till.host.ledger().sum(), 0);
    }
}
