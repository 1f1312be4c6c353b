//! The codec against a floor: `cargo bench -p counterproof-sim --bench codec`.
//!
//! The floor is what a codec cannot be much faster than: the same 21-field message of the same
//! dialect, a table written into the program, values borrowed as they lie on the wire and never
//! converted; it checks digits and lengths, as the codec does. The codec reads its formats from
//! data, hands out digits as text and writes them from text. The goal is 0.45 of the floor.
//!
//! At the end both are measured once more in turns, since only that ratio means anything on a
//! machine that does other things as well.

use std::hint::black_box;
use std::time::{Duration, Instant};

use counterproof_sim::iso8583::{Algorithm, Dialect, Field, MacKey, Message, Mti, Packet};
use criterion::Criterion;

/// The one of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let body = body();
    check(&body);
    let mut criterion = Criterion::default().configure_from_args();
    codec(&mut criterion, &body);
    floor_of(&mut criterion, &body);
    macs(&mut criterion, &body);
    criterion.final_summary();
    ratio(&body);
}

/// A sale's answer with 21 fields: 2 3 4 11 12 13 14 15 22 23 25 32 35 37 38 39 41 42 49 55 60.
fn body() -> Vec<u8> {
    let mut message = Message::new(Mti::SALE.response());
    for (number, value) in [
        (2, "6212142000000000012"),
        (3, "000000"),
        (4, "000000012850"),
        (11, "160310"),
        (12, "160311"),
        (13, "1114"),
        (14, "2912"),
        (15, "1114"),
        (22, "051"),
        (23, "001"),
        (25, "00"),
        (32, "48027000"),
        (35, "6212142000000000012=29122206899031006"),
        (37, "160311909096"),
        (38, "650852"),
        (39, "00"),
        (41, "10000001"),
        (42, "898310000000001"),
        (49, "156"),
        (60, "2200660300060"),
    ] {
        message.set_text(field(number), value);
    }
    // Chip data of a captured sale.
    let chip: Vec<u8> = (0..102).map(|byte| byte * 37 % 251).collect();
    message.set(Field::CHIP, &chip);
    let mut frame = Vec::new();
    Dialect::cup()
        .emit(
            [0x60, 0, 3, 0, 0],
            Dialect::cup().header(),
            &message,
            &mut frame,
        )
        .expect("the message is one of the dialect");
    frame.split_off(2)
}

fn field(number: u8) -> Field {
    Field::new(number).expect("a field has a number from 2 to 64")
}

/// Both sides read every byte and write the same ones.
fn check(body: &[u8]) {
    let mut packet = Packet::default();
    let mut out = Vec::new();
    both(body, &mut packet, &mut out);
    assert_eq!(&out[2..], body);
    assert_eq!(packet.message.fields().count(), 21);
    let mut parts = floor::Parts::default();
    floor::both(body, &mut parts, &mut out);
    assert_eq!(&out[2..], body);
    let mut broken = body.to_vec();
    broken[21] = 0xA0;
    assert!(Dialect::cup().parse_body(&broken, &mut packet).is_err());
    assert!(floor::unpack(&broken, &mut parts).is_none());
}

fn both(body: &[u8], packet: &mut Packet, out: &mut Vec<u8>) {
    let dialect = Dialect::cup();
    dialect.parse_body(body, packet).expect("the body is valid");
    out.clear();
    dialect
        .emit(packet.tpdu, packet.header, &packet.message, out)
        .expect("what was read can be written");
}

fn codec(criterion: &mut Criterion, body: &[u8]) {
    let dialect = Dialect::cup();
    let mut group = criterion.benchmark_group("codec");
    let mut packet = Packet::default();
    group.bench_function("unpack", |bencher| {
        bencher.iter(|| dialect.parse_body(black_box(body), &mut packet));
    });
    let mut out = Vec::new();
    group.bench_function("pack", |bencher| {
        bencher.iter(|| {
            out.clear();
            let message = black_box(&packet.message);
            dialect.emit(packet.tpdu, packet.header, message, &mut out)
        });
    });
    group.bench_function("unpack+pack", |bencher| {
        bencher.iter(|| both(black_box(body), &mut packet, &mut out));
    });
}

fn floor_of(criterion: &mut Criterion, body: &[u8]) {
    let mut group = criterion.benchmark_group("floor");
    let mut parts = floor::Parts::default();
    let mut out = Vec::new();
    group.bench_function("unpack", |bencher| {
        bencher.iter(|| floor::unpack(black_box(body), &mut parts).is_some());
    });
    group.bench_function("unpack+pack", |bencher| {
        bencher.iter(|| floor::both(black_box(body), &mut parts, &mut out));
    });
}

fn macs(criterion: &mut Criterion, body: &[u8]) {
    let mut group = criterion.benchmark_group("mac");
    for algorithm in [Algorithm::Ecb, Algorithm::Cbc, Algorithm::X919] {
        for length in [8, 16] {
            let key = MacKey::new(algorithm, &[0x42; 16][..length]).expect("8 or 16 bytes");
            group.bench_function(format!("{algorithm}-{length}"), |bencher| {
                bencher.iter(|| key.mac(black_box(&body[11..])));
            });
        }
    }
}

/// Both in turns; the median of the ratios of neighbours.
#[expect(
    clippy::print_stdout,
    reason = "the ratio is what this benchmark is for"
)]
fn ratio(body: &[u8]) {
    const ROUNDS: usize = 1001;
    let (mut packet, mut parts) = (Packet::default(), floor::Parts::default());
    let mut out = Vec::new();
    let mut rounds: Vec<(f64, Duration, Duration)> = (0..ROUNDS)
        .map(|_| {
            let floor = timed(|| floor::both(black_box(body), &mut parts, &mut out));
            let codec = timed(|| both(black_box(body), &mut packet, &mut out));
            (floor.as_secs_f64() / codec.as_secs_f64(), floor, codec)
        })
        .collect();
    rounds.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (ratio, floor, codec) = rounds[ROUNDS / 2];
    println!(
        "unpack+pack of 21 fields: floor {floor:?}, codec {codec:?}, {ratio:.2} of the floor's throughput \
         (goal 0.45; median of {ROUNDS} interleaved rounds)"
    );
}

/// The mean time of one call.
fn timed(mut call: impl FnMut()) -> Duration {
    // Short, so that few rounds are interrupted by other programs.
    const CALLS: u32 = 500;
    let start = Instant::now();
    for _ in 0..CALLS {
        call();
    }
    start.elapsed() / CALLS
}

/// The floor.
mod floor {
    /// Two digits a byte, at the left or at the right; track digits; bytes.
    #[derive(Clone, Copy, PartialEq)]
    enum Kind {
        Left,
        Right,
        Track,
        Bytes,
    }

    /// Kind, bytes of the length indicator, size in digits or bytes.
    type Format = (Kind, usize, usize);

    const FORMATS: [Option<Format>; 65] = {
        let mut formats = [None; 65];
        formats[2] = Some((Kind::Left, 1, 19));
        formats[3] = Some((Kind::Right, 0, 6));
        formats[4] = Some((Kind::Right, 0, 12));
        formats[11] = Some((Kind::Right, 0, 6));
        formats[12] = Some((Kind::Right, 0, 6));
        formats[13] = Some((Kind::Right, 0, 4));
        formats[14] = Some((Kind::Right, 0, 4));
        formats[15] = Some((Kind::Right, 0, 4));
        formats[22] = Some((Kind::Left, 0, 3));
        formats[23] = Some((Kind::Right, 0, 3));
        formats[25] = Some((Kind::Right, 0, 2));
        formats[32] = Some((Kind::Left, 1, 11));
        formats[35] = Some((Kind::Track, 1, 37));
        formats[37] = Some((Kind::Bytes, 0, 12));
        formats[38] = Some((Kind::Bytes, 0, 6));
        formats[39] = Some((Kind::Bytes, 0, 2));
        formats[41] = Some((Kind::Bytes, 0, 8));
        formats[42] = Some((Kind::Bytes, 0, 15));
        formats[49] = Some((Kind::Bytes, 0, 3));
        formats[55] = Some((Kind::Bytes, 2, 255));
        formats[60] = Some((Kind::Left, 2, 17));
        formats
    };

    /// A message as it lies on the wire: preamble, bitmap, and a slice and a length a field.
    pub struct Parts<'b> {
        preamble: [u8; 13],
        bitmap: u64,
        fields: [(usize, &'b [u8]); 65],
    }

    impl Default for Parts<'_> {
        fn default() -> Self {
            Self {
                preamble: [0; 13],
                bitmap: 0,
                fields: [(0, &[]); 65],
            }
        }
    }

    pub fn both<'b>(body: &'b [u8], parts: &mut Parts<'b>, out: &mut Vec<u8>) {
        unpack(body, parts).expect("the body is valid");
        pack(parts, out).expect("what was read can be written");
    }

    pub fn unpack<'b>(body: &'b [u8], parts: &mut Parts<'b>) -> Option<()> {
        let (preamble, rest) = body.split_first_chunk()?;
        let (bitmap, mut rest) = rest.split_first_chunk()?;
        parts.preamble = *preamble;
        parts.bitmap = u64::from_be_bytes(*bitmap);
        let mut bits = parts.bitmap;
        while bits != 0 {
            let number = bits.leading_zeros() as usize + 1;
            bits &= !(1 << (64 - number));
            let (kind, prefix, size) = FORMATS[number]?;
            let (indicator, behind) = rest.split_at_checked(prefix)?;
            let length = match indicator {
                [] => size,
                [two] => decimal(*two)?,
                [high, low, ..] => decimal(*high)? * 100 + decimal(*low)?,
            };
            if length > size {
                return None;
            }
            let bytes = if kind == Kind::Bytes {
                length
            } else {
                length.div_ceil(2)
            };
            let (value, behind) = behind.split_at_checked(bytes)?;
            check(kind, length, value)?;
            parts.fields[number] = (length, value);
            rest = behind;
        }
        rest.is_empty().then_some(())
    }

    pub fn pack(parts: &Parts<'_>, out: &mut Vec<u8>) -> Option<()> {
        out.clear();
        out.extend_from_slice(&[0; 2]);
        out.extend_from_slice(&parts.preamble);
        out.extend_from_slice(&parts.bitmap.to_be_bytes());
        let mut bits = parts.bitmap;
        while bits != 0 {
            let number = bits.leading_zeros() as usize + 1;
            bits &= !(1 << (64 - number));
            let (kind, prefix, size) = FORMATS[number]?;
            let (length, value) = parts.fields[number];
            if length > size || prefix == 0 && length != size {
                return None;
            }
            match prefix {
                0 => {}
                1 => out.push(packed(length)),
                _ => out.extend_from_slice(&[packed(length / 100), packed(length % 100)]),
            }
            check(kind, length, value)?;
            out.extend_from_slice(value);
        }
        let length = u16::try_from(out.len() - 2).ok()?;
        out[..2].copy_from_slice(&length.to_be_bytes());
        Some(())
    }

    /// Digits are digits, and the nibble beside an odd number of them is 0 or F.
    fn check(kind: Kind, length: usize, value: &[u8]) -> Option<()> {
        let odd = length % 2 == 1;
        let (digits, fill) = match kind {
            Kind::Bytes => return Some(()),
            Kind::Left | Kind::Track if odd => {
                let (last, digits) = value.split_last()?;
                if kind == Kind::Left && last >> 4 > 9 {
                    return None;
                }
                (digits, last & 0xF)
            }
            Kind::Right if odd => {
                let (first, digits) = value.split_first()?;
                if first & 0xF > 9 {
                    return None;
                }
                (digits, first >> 4)
            }
            _ => (value, 0),
        };
        let decimal = |byte: &u8| byte >> 4 <= 9 && byte & 0xF <= 9;
        let good =
            (fill == 0 || fill == 0xF) && (kind == Kind::Track || digits.iter().all(decimal));
        good.then_some(())
    }

    fn decimal(byte: u8) -> Option<usize> {
        let (high, low) = (usize::from(byte >> 4), usize::from(byte & 0xF));
        (high <= 9 && low <= 9).then_some(high * 10 + low)
    }

    fn packed(number: usize) -> u8 {
        (((number / 10) << 4) | (number % 10)) as u8
    }
}
