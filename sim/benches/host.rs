//! The acquirer: `cargo bench -p counterproof-sim --bench host`.
//!
//! From the bytes of a request to the bytes of its answer, with decoding, MACs, posting and
//! everything that goes into the record. The goal for a sale is 2.5 µs.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up has nothing else to say"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use counterproof_sim::host::{Host, HostOutput};
use counterproof_sim::iso8583::de60::De60;
use counterproof_sim::iso8583::de61::De61;
use counterproof_sim::iso8583::keys::{Delivery, Key, WorkingKeys};
use counterproof_sim::iso8583::{Dialect, Field, MacKey, Message, Mti, de60};
use counterproof_sim::money::Fen;
use counterproof_sim::phone::Phone;
use counterproof_sim::random::Seeds;
use counterproof_sim::record::ConnId;
use counterproof_sim::terminal::{Bytes, TerminalAccount};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::Wallet;
use criterion::Criterion;

/// The one of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CONN: ConnId = ConnId(1);
/// Sales of one host, as many as a long scenario has.
const SALES: u64 = 200;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    criterion.bench_function("host/sale", |b| {
        b.iter_custom(|iterations| each(iterations, Request::Sale));
    });
    criterion.bench_function("host/sale and its reversal", |b| {
        b.iter_custom(|iterations| each(iterations, Request::SaleAndReversal));
    });
    criterion.bench_function("host/echo", |b| {
        b.iter_custom(|iterations| each(iterations, Request::Echo));
    });
    criterion.final_summary();
}

#[derive(Clone, Copy)]
enum Request {
    Sale,
    SaleAndReversal,
    Echo,
}

/// Time that the host takes for so many requests; making them is not counted.
fn each(iterations: u64, what: Request) -> Duration {
    let mut took = Duration::ZERO;
    let mut left = iterations;
    while left > 0 {
        let round = left.min(SALES);
        left -= round;
        let mut counter = Counter::new();
        let frames: Vec<Vec<Vec<u8>>> = (0..round).map(|_| counter.frames(what)).collect();
        let start = Instant::now();
        for frame in frames.iter().flatten() {
            counter.host.received(counter.now, CONN, frame);
            counter.now = counter.drain();
        }
        took += start.elapsed();
        assert_eq!(counter.host.ledger().sum(), 0);
    }
    took
}

struct Counter {
    host: Host,
    phone: Phone,
    now: Time,
    mac: Option<MacKey>,
    stan: u32,
}

impl Counter {
    fn new() -> Self {
        let seeds = Seeds::new(1, "bench");
        let now = Time::from_millis(1_767_225_600_000);
        let account = account();
        let mut counter = Self {
            host: Host::new(Dialect::cup(), &account, now, &seeds),
            phone: Phone::new(Wallet::Jd, &seeds),
            now,
            mac: None,
            stan: 0,
        };
        counter.host.opened(now, CONN);
        let mut message = counter.head(Mti::SIGN_IN);
        De60::management(1, de60::SIGN_IN).put(&mut message);
        message.set_text(Field::KEYS, "Sequence No123060CP000001");
        message.set_text(Field::REASON, "01 ");
        let frame = counter.frame(&message);
        counter.host.received(now, CONN, &frame);
        counter.host.wake(now + Span::from_secs(1));
        let answer = std::iter::from_fn(|| counter.host.poll()).find_map(|output| match output {
            HostOutput::Write { bytes, .. } => Some(bytes),
            _ => None,
        });
        let packet = Dialect::cup().parse_frame(&answer.unwrap()).unwrap();
        let master = Key::new(&account.master_key).unwrap();
        let field = packet.message.get(Field::KEYS).unwrap();
        let keys = WorkingKeys::receive(&master, Delivery::Double, field).unwrap();
        let algorithm = Dialect::cup().algorithm();
        counter.mac = Some(MacKey::new(algorithm, keys.mac.bytes()).unwrap());
        counter
    }

    /// Lets everything happen that is due within a second and returns when that was.
    fn drain(&mut self) -> Time {
        let limit = self.now + Span::from_secs(1);
        let mut now = self.now;
        loop {
            while let Some(output) = self.host.poll() {
                black_box(output);
            }
            match self.host.wake_at() {
                Some(at) if at <= limit => {
                    now = at;
                    self.host.wake(now);
                }
                _ => return now,
            }
        }
    }

    fn head(&mut self, mti: Mti) -> Message {
        self.stan += 1;
        let mut message = Message::new(mti);
        message.set_text(Field::STAN, &format!("{:06}", self.stan));
        message.set_text(Field::TERMINAL, "10000001");
        message.set_text(Field::MERCHANT, "898310000000001");
        message
    }

    fn frame(&self, message: &Message) -> Vec<u8> {
        let tpdu = [0x60, 0x00, 0x03, 0x00, 0x00];
        let (dialect, mut frame) = (Dialect::cup(), Vec::new());
        let header = dialect.header();
        match &self.mac {
            Some(key) => dialect.emit_with_mac(tpdu, header, message, key, &mut frame),
            None => dialect.emit(tpdu, header, message, &mut frame),
        }
        .unwrap();
        frame
    }

    fn frames(&mut self, what: Request) -> Vec<Vec<u8>> {
        if let Request::Echo = what {
            let mut message = self.head(Mti::SIGN_IN);
            De60::management(1, de60::ECHO).put(&mut message);
            return vec![self.frame(&message)];
        }
        self.phone.refresh();
        let code = self.phone.present(self.now).code.unwrap();
        self.host.issue(&code);
        let mut sale = self.head(Mti::SALE);
        sale.set(Field::AMOUNT, &Fen::new(12_850).n12());
        sale.set_text(Field::PROCESSING_CODE, "000000");
        sale.set_text(Field::ENTRY_MODE, "032");
        sale.set_text(Field::CONDITION, "00");
        sale.set_text(Field::CURRENCY, "156");
        De60::financial(de60::SALE, 1).put(&mut sale);
        let place = Dialect::cup().code();
        place.set(&mut sale, code.text.as_bytes()).unwrap();
        let mut frames = vec![self.frame(&sale)];
        if let Request::SaleAndReversal = what {
            sale.set_mti(Mti::REVERSAL);
            sale.set_text(Field::RESPONSE, "98");
            let original = De61 {
                batch: 1,
                stan: self.stan,
                date: 0,
            };
            original.put(&mut sale);
            frames.push(self.frame(&sale));
        }
        frames
    }
}

fn account() -> TerminalAccount {
    TerminalAccount {
        id: "10000001".into(),
        merchant: "898310000000001".into(),
        tpdu: Bytes(vec![0x60, 0x00, 0x03, 0x00, 0x00]),
        master_key: Bytes((1..=16).collect()),
        first_stan: 1,
        first_batch: 1,
        batch_limit: 500,
    }
}
