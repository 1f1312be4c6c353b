//! What arrives at the acquirer's port: one table of bytes, each with what becomes of the connection.
//! Nothing here knows how the acquirer is reached.

use counterproof_sim::iso8583::de60::{self, De60};
use counterproof_sim::iso8583::{Dialect, Field, Message, Mti};
use counterproof_sim::terminal::{Bytes, TerminalAccount};

/// What becomes of a connection over which this came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// The acquirer closes it.
    Closed,
    /// Nothing is answered, and the connection stands.
    Unanswered,
    /// So many frames are answered, be it that they are wrong.
    Answered(usize),
    /// Whatever the acquirer likes, as long as it stays sound.
    Anyhow,
}
use Ends::{Answered, Anyhow, Closed, Unanswered};

/// The terminal that the acquirer knows.
pub fn account() -> TerminalAccount {
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

/// A sign-in in order, as a frame.
pub fn sign_in() -> Vec<u8> {
    frame_of(&message(Mti::SIGN_IN))
}

/// Takes a sign-in that is in order and spoils it.
fn spoilt(spoil: impl FnOnce(&mut Message)) -> Vec<u8> {
    let mut message = message(Mti::SIGN_IN);
    spoil(&mut message);
    frame_of(&message)
}

fn message(mti: Mti) -> Message {
    let mut message = Message::new(mti);
    message.set_text(Field::STAN, "000001");
    message.set_text(Field::TERMINAL, &account().id);
    message.set_text(Field::MERCHANT, &account().merchant);
    message.set_text(Field::KEYS, "Sequence No123060CP000001");
    message.set_text(Field::REASON, "01 ");
    De60::management(1, de60::SIGN_IN).put(&mut message);
    message
}

fn frame_of(message: &Message) -> Vec<u8> {
    let dialect = Dialect::cup();
    let tpdu = account().tpdu.0.as_slice().try_into().unwrap();
    let mut frame = Vec::new();
    dialect
        .emit(tpdu, dialect.header(), message, &mut frame)
        .unwrap();
    frame
}

/// A sale without keys, with this amount.
fn sale(amount: &str) -> Vec<u8> {
    let mut message = message(Mti::SALE);
    message.remove(Field::KEYS);
    message.remove(Field::REASON);
    message.set_text(Field::PROCESSING_CODE, "000000");
    message.set_text(Field::AMOUNT, amount);
    message.set_text(Field::ENTRY_MODE, "032");
    message.set_text(Field::CONDITION, "00");
    message.set_text(Field::CURRENCY, "156");
    De60::financial(de60::SALE, 1).put(&mut message);
    let code = Dialect::cup().code();
    code.set(&mut message, b"130000000000000000").unwrap();
    message.set(Field::MAC, &[0; 8]);
    frame_of(&message)
}

/// A body behind its length.
fn framed(body: &[u8]) -> Vec<u8> {
    [&(body.len() as u16).to_be_bytes(), body].concat()
}

/// The body of a sign-in, from which a piece is replaced.
fn patched(at: usize, with: &[u8]) -> Vec<u8> {
    let mut frame = sign_in();
    frame[2 + at..2 + at + with.len()].copy_from_slice(with);
    frame
}

/// Name, bytes, end. A body is TPDU 5, header 6, MTI 2, bitmap 8, fields.
pub fn behaviours() -> Vec<(&'static str, Vec<u8>, Ends)> {
    let whole = sign_in();
    let mut all = vec![
        // Frames that are none.
        ("nothing", vec![], Unanswered),
        ("one byte", vec![0], Unanswered),
        ("a length alone", vec![0, 100], Unanswered),
        (
            "half a frame",
            whole[..whole.len() / 2].to_vec(),
            Unanswered,
        ),
        (
            "all but the last byte",
            whole[..whole.len() - 1].to_vec(),
            Unanswered,
        ),
        ("length zero", vec![0, 0], Closed),
        ("many lengths of zero", vec![0; 10_000], Closed),
        ("length of one", vec![0, 1, 0x60], Closed),
        ("shorter than any message", framed(&whole[2..12]), Closed),
        ("the greatest length", vec![0xff, 0xff], Closed),
        ("one more than a message has", vec![0x10, 0x01], Closed),
        (
            "2 GiB in four bytes of length",
            vec![0x7f, 0xff, 0xff, 0xff],
            Closed,
        ),
        (
            "a length in little endian",
            [&[80, 0], &whole[2..]].concat(),
            Closed,
        ),
        ("a length in ASCII", [b"0080", &whole[2..]].concat(), Closed),
        ("random bytes", noise(2_000), Anyhow),
        ("a megabyte of random bytes", noise(1 << 20), Anyhow),
        (
            "HTTP",
            b"GET / HTTP/1.1\r\nHost: acquirer\r\n\r\n".to_vec(),
            Closed,
        ),
        ("TLS", vec![22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3], Closed),
        ("SSH", b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(), Closed),
        (
            "JSON",
            br#"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#.to_vec(),
            Closed,
        ),
        ("a body of zeros", framed(&[0; 200]), Answered(1)),
        ("a body of ones", framed(&[0xff; 200]), Unanswered),
        ("the longest body", framed(&[0x30; 4_096]), Unanswered),
        // Frames in order, messages that are not.
        (
            "a bitmap of all fields",
            patched(13, &[0xff; 8]),
            Unanswered,
        ),
        ("a bitmap of none", patched(13, &[0; 8]), Answered(1)),
        (
            "an MTI that is none",
            patched(11, &[0x99, 0x99]),
            Answered(1),
        ),
        (
            "an MTI that is no digits",
            patched(11, &[0xab, 0xcd]),
            Unanswered,
        ),
        (
            "an answer in place of a request",
            patched(11, &[0x08, 0x10]),
            Anyhow,
        ),
        ("a body that breaks off", framed(&whole[2..40]), Unanswered),
        (
            "a body with a tail",
            framed(&[&whole[2..], &[0x20; 300]].concat()),
            Anyhow,
        ),
        // Messages in order, with absurd fields.
        (
            "an unknown terminal",
            spoilt(|m| m.set_text(Field::TERMINAL, "99999999")),
            Answered(1),
        ),
        (
            "a terminal of blanks",
            spoilt(|m| m.set_text(Field::TERMINAL, "        ")),
            Answered(1),
        ),
        (
            "another's merchant",
            spoilt(|m| m.set_text(Field::MERCHANT, "000000000000000")),
            Answered(1),
        ),
        ("no terminal", spoilt(|m| m.remove(Field::TERMINAL)), Anyhow),
        ("no STAN", spoilt(|m| m.remove(Field::STAN)), Anyhow),
        (
            "STAN zero",
            spoilt(|m| m.set_text(Field::STAN, "000000")),
            Anyhow,
        ),
        ("no DE60", spoilt(|m| m.remove(Field::BATCH)), Anyhow),
        ("a sale of nothing", sale("000000000000"), Answered(1)),
        (
            "a sale of ten thousand million yuan",
            sale("999999999999"),
            Answered(1),
        ),
        (
            "a sale before any sign-in",
            sale("000000012850"),
            Answered(1),
        ),
        // Too much of what is in order.
        ("the same message twice", whole.repeat(2), Answered(2)),
        (
            "a hundred messages at once",
            whole.repeat(100),
            Answered(100),
        ),
        (
            "a message and half of another",
            [&whole[..], &whole[..30]].concat(),
            Answered(1),
        ),
        (
            "a message and noise",
            [&whole[..], &[0xff; 64]].concat(),
            Anyhow,
        ),
    ];
    all.shrink_to_fit();
    all
}

/// Every sign-in of which one byte is wrong.
pub fn every_byte_flipped() -> impl Iterator<Item = Vec<u8>> {
    let whole = sign_in();
    (0..whole.len()).flat_map(move |at| {
        let whole = whole.clone();
        [0x01, 0x80, 0xff].into_iter().map(move |bits| {
            let mut frame = whole.clone();
            frame[at] ^= bits;
            frame
        })
    })
}

/// Bytes without sense, the same each time.
fn noise(len: usize) -> Vec<u8> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let states = std::iter::successors(Some(7_u32), next);
    states.map(|state| (state >> 24) as u8).take(len).collect()
}
