//! What a payment costs on its way: a request and a response over the profile `good`, from the
//! terminal's connecting to both ends having closed. The goal is 2 µs.

use std::hint::black_box;

use counterproof_sim::link::{Closing, ConnId, Link, Output, Side, profiles};
use counterproof_sim::random::Seeds;
use counterproof_sim::time::{Span, Time};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

/// The one of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const START: Time = Time::from_millis(1_767_225_600_000);

/// Plays one payment and returns when it was over.
fn pay(link: &mut Link, conn: ConnId, mut now: Time, request: Vec<u8>, response: Vec<u8>) -> Time {
    let (mut request, mut response) = (Some(request), Some(response));
    link.connect(now, conn, Span::from_secs(15));
    loop {
        while let Some(output) = link.poll() {
            match output {
                Output::Connected {
                    side: Side::Terminal,
                    ..
                } => {
                    let bytes = request.take().expect("asks once");
                    link.write(now, conn, Side::Terminal, bytes).expect("open");
                }
                Output::Data { to: Side::Host, .. } => {
                    let bytes = response.take().expect("answers once");
                    link.write(now, conn, Side::Host, bytes).expect("open");
                }
                Output::Data {
                    to: Side::Terminal,
                    bytes,
                    ..
                } => {
                    black_box(bytes);
                    link.close(now, conn, Side::Terminal);
                }
                Output::Closed {
                    side: Side::Host,
                    reason: Closing::Eof,
                    ..
                } => {
                    link.close(now, conn, Side::Host);
                }
                _ => {}
            }
        }
        let Some(at) = link.wake_at() else {
            return now;
        };
        now = at;
        link.wake(now);
    }
}

fn payments(criterion: &mut Criterion) {
    let good = profiles::find("good").expect("exists");
    let messages = || (vec![1; 220], vec![2; 180]);

    let mut link = Link::new(START, "cellular", good, &Seeds::new(1, "bench"));
    let (mut now, mut next) = (START, 0);
    criterion.bench_function("a payment over a link that stands", |bencher| {
        bencher.iter_batched(
            messages,
            |(request, response)| {
                next += 1;
                now = pay(&mut link, ConnId(next), now, request, response);
            },
            BatchSize::SmallInput,
        );
    });

    let seeds = Seeds::new(1, "bench");
    criterion.bench_function("a link and its first payment", |bencher| {
        bencher.iter_batched(
            messages,
            |(request, response)| {
                let mut link = Link::new(START, "cellular", good, &seeds);
                pay(&mut link, ConnId(1), START, request, response)
            },
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, payments);
criterion_main!(benches);
