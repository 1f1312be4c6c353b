//! What each decoder is given. None may panic, overflow or hang; what decodes and has a form of its
//! own to be written in is read again from that.

use std::sync::LazyLock;

use counterproof::attach::Attachment;
use counterproof::certificate::envelope::Envelope;
use counterproof::certificate::key::PublicKey;
use counterproof::certificate::leaf;
use counterproof::day::Day;
use counterproof::evidence::bundle::Bundle;
use counterproof::run::expectations;
use counterproof_scenarios::language::tags::Expression;
use counterproof_scenarios::suite::{Suite, certified};
use counterproof_sim::emvco::Payload;
use counterproof_sim::iso8583::keys::{Delivery, Key, WorkingKeys};
use counterproof_sim::iso8583::show::{self, Origin, Secrets};
use counterproof_sim::iso8583::{Deframer, Dialect, de48, de59, de60, de61, de63, gbk, mask};
use counterproof_sim::link::netem::Impairment;
use counterproof_sim::link::profiles;
use counterproof_sim::phone::route;
use counterproof_sim::terminal::{Action, Event, Identity};
use counterproof_sim::time::Time;
use counterproof_sim::vocabulary::Lang;

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

pub fn iso8583_stream(bytes: &[u8]) {
    let cut = bytes.first().map_or(0, |&at| usize::from(at) % bytes.len());
    let mut stream = Deframer::new();
    let mut bodies = 0;
    for piece in [&bytes[..cut], &bytes[cut..]] {
        stream.push(piece);
        while let Some(Ok(body)) = stream.next() {
            bodies += body.len() + 2;
        }
    }
    assert!(bodies <= bytes.len());
}

pub fn iso8583_message(bytes: &[u8]) {
    for dialect in Dialect::built_in() {
        if let Ok(packet) = dialect.parse_frame(bytes) {
            let mut frame = bytes.to_vec();
            mask::mask(dialect, &packet, &mut frame);
            assert_eq!(frame.len(), bytes.len());
            let _ = packet.message.operation();
            // What is encoded of it decodes to the same.
            let mut again = Vec::new();
            let (tpdu, header) = (packet.tpdu, packet.header);
            if dialect
                .emit(tpdu, header, &packet.message, &mut again)
                .is_ok()
            {
                let read = dialect.parse_frame(&again).unwrap();
                assert_eq!(read.message, packet.message);
            }
        }
        for origin in [Origin::Frame, Origin::Body] {
            for secrets in [Secrets::Masked, Secrets::Clear] {
                if let Ok(described) = show::decode(dialect, bytes, origin, None, secrets) {
                    serde_json::to_string(&described).unwrap();
                }
            }
        }
    }
}

pub fn iso8583_field_48(bytes: &[u8]) {
    if let Ok(totals) = de48::Totals::parse(bytes) {
        assert_eq!(de48::Totals::parse(&totals.digits()), Ok(totals));
    }
    if let Ok(details) = de48::Detail::parse(bytes) {
        let _ = de48::Detail::emit(&details);
    }
    let _ = de48::parse_batch_end(bytes);
}

pub fn iso8583_field_59(bytes: &[u8]) {
    let _ = de59::find(bytes, *b"A3").map(|found| found.map(<[u8]>::len));
}

pub fn iso8583_field_60(bytes: &[u8]) {
    if let Ok(field) = de60::De60::parse(bytes) {
        let mut message = counterproof_sim::iso8583::Message::default();
        field.put(&mut message);
        assert_eq!(de60::De60::of(&message), Ok(field));
    }
}

pub fn iso8583_field_61(bytes: &[u8]) {
    let _ = de61::De61::parse(bytes);
}

pub fn iso8583_field_62(bytes: &[u8]) {
    let master = Key::new(&[7; 16]).unwrap();
    for delivery in [Delivery::Single, Delivery::Double] {
        let _ = WorkingKeys::receive(&master, delivery, bytes);
    }
}

pub fn iso8583_field_63(bytes: &[u8]) {
    let _ = de63::De63::parse(bytes);
    let decoded = gbk::decode(bytes);
    let _ = gbk::encode(&decoded);
}

pub fn dialect_file(bytes: &[u8]) {
    let _ = Dialect::from_toml(&text(bytes));
}

pub fn link_profiles(bytes: &[u8]) {
    let _ = profiles::read(&text(bytes));
}

pub fn netem_line(bytes: &[u8]) {
    if let Ok(impairment) = text(bytes).parse::<Impairment>() {
        let written = impairment.to_string();
        let again: Impairment = written.parse().expect(&written);
        assert_eq!(again.to_string(), written);
        let _ = impairment.tc_line("eth0");
    }
}

pub fn emvco_payload(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(payload) = Payload::parse(&text) {
        let _ = payload.amount();
        let _ = payload.inside(26, 0);
    }
}

pub fn payment_code(bytes: &[u8]) {
    let _ = route(&text(bytes));
}

pub fn terminal_action(bytes: &[u8]) {
    if let Ok(action) = serde_json::from_slice::<Action>(bytes) {
        let written = serde_json::to_string(&action).unwrap();
        let again: Action = serde_json::from_str(&written).unwrap();
        assert_eq!(again, action);
    }
    let _ = serde_json::from_slice::<Identity>(bytes);
}

pub fn terminal_event(bytes: &[u8]) {
    if let Ok(event) = serde_json::from_slice::<Event>(bytes) {
        let written = serde_json::to_string(&event).unwrap();
        let again: Event = serde_json::from_str(&written).unwrap();
        assert_eq!(again, event);
    }
}

pub fn feature_file(bytes: &[u8]) {
    // With the linter, which matches every step, and every value read.
    let file = ("fuzz.feature".to_owned(), text(bytes).into_owned());
    if let Err(mistakes) = Suite::load(&[file]) {
        for mistake in mistakes {
            let _ = mistake.to_string();
        }
    }
}

pub fn tag_expression(bytes: &[u8]) {
    if let Ok(expression) = text(bytes).parse::<Expression>() {
        expression.matches(&["@slow", "@REV-01"]);
        let _ = expression.mentions();
    }
}

pub fn expectations_file(bytes: &[u8]) {
    static SUITE: LazyLock<Suite> = LazyLock::new(|| Suite::load(&certified()).unwrap());
    let today = Time::from_millis(1_767_225_600_000).civil();
    for lang in [Lang::En, Lang::Zh] {
        let _ = expectations::read("known.toml", &text(bytes), &SUITE, today, lang);
    }
}

pub fn evidence_bundle(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    // The corpus is plain: what unpacks it is somebody else's.
    let packed = flate2::read::GzEncoder::new(bytes, flate2::Compression::fast());
    let packed: Vec<u8> = std::io::Read::bytes(packed).map(Result::unwrap).collect();
    for content in [&packed[..], bytes] {
        let file = folder.path().join("evidence.ndjson.gz");
        std::fs::write(&file, content).unwrap();
        if let Ok(mut bundle) = Bundle::open(&file) {
            while let Ok(Some(_)) = bundle.next_case() {}
        }
    }
}

pub fn certificate_envelope(bytes: &[u8]) {
    if let Ok(envelope) = Envelope::read(bytes, "certificate.json") {
        assert_eq!(envelope.write().as_bytes(), bytes);
        let _ = envelope.open("certificate.json");
    }
}

pub fn certificate_leaf(bytes: &[u8]) {
    if let Ok(line) = leaf::Line::read(&text(bytes)) {
        assert_eq!(line.write(), text(bytes));
    }
}

pub fn public_key(bytes: &[u8]) {
    let _ = PublicKey::from_pem(&text(bytes));
    let _ = text(bytes).parse::<PublicKey>();
}

pub fn command_line(bytes: &[u8]) {
    let _ = Attachment::parse(&text(bytes));
}

pub fn day(bytes: &[u8]) {
    let _ = text(bytes).parse::<Day>();
}
