//! The messages of a case taken apart for the page, each frame once however often it is seen.

use std::collections::HashMap;

use counterproof_sim::iso8583::de63::De63;
use counterproof_sim::iso8583::frame::PREFIX;
use counterproof_sim::iso8583::show::{self, Origin, Secrets};
use counterproof_sim::iso8583::{Dialect, Field, Packet, hex};
use counterproof_sim::money::Fen;

use super::phrases::{Phrases, Said};
use super::view::MessageView;

/// Frames that were taken apart, and what came of it.
pub struct Messages<'r> {
    dialect: &'r Dialect,
    secrets: Secrets,
    packet: Packet,
    places: HashMap<Vec<u8>, Option<usize>>,
    views: Vec<MessageView>,
}

impl<'r> Messages<'r> {
    /// None yet.
    pub fn new(dialect: &'r Dialect, secrets: Secrets) -> Self {
        Self {
            dialect,
            secrets,
            packet: Packet::default(),
            places: HashMap::new(),
            views: Vec::new(),
        }
    }

    /// The place of a frame, length bytes included; `None` for bytes that are none.
    pub fn place(&mut self, frame: &[u8], phrases: &mut Phrases) -> Option<usize> {
        if let Some(place) = self.places.get(frame) {
            return *place;
        }
        let body = frame.get(PREFIX..).unwrap_or_default();
        let announced = frame
            .first_chunk()
            .map(|prefix| usize::from(u16::from_be_bytes(*prefix)));
        let whole = announced == Some(body.len())
            && self.dialect.parse_body(body, &mut self.packet).is_ok();
        let place = whole.then(|| {
            self.views.push(self.view(frame, phrases));
            self.views.len() - 1
        });
        self.places.insert(frame.to_vec(), place);
        place
    }

    /// All of them, by their places.
    pub fn into_views(self) -> Vec<MessageView> {
        self.views
    }

    fn view(&self, frame: &[u8], phrases: &mut Phrases) -> MessageView {
        let described = show::describe(self.dialect, &self.packet, Origin::Frame, self.secrets);
        let fields = described.fields.into_iter();
        MessageView {
            title: title(&self.packet, phrases),
            fields: fields
                .map(|(number, field)| (number, field.offset, field.length, field.value))
                .collect(),
            hex: hex::encode(frame),
        }
    }
}

/// Type, operation, number, amount, and what the acquirer says of it.
fn title(packet: &Packet, phrases: &mut Phrases) -> Said {
    let message = &packet.message;
    let mut words: Vec<Said> = vec![message.mti().to_string().into()];
    words.extend(message.operation().map(|word| phrases.name(word)));
    if let Some(stan) = message.text(Field::STAN) {
        words.push(stan.into());
    }
    if let Some(amount) = message.get(Field::AMOUNT).and_then(Fen::from_digits) {
        words.push(amount.to_string().into());
    }
    if let Some(code) = message.text(Field::RESPONSE) {
        let mut said = format!("39={code}");
        if let Some(reason) = De63::of(message)
            .filter(|_| message.mti().is_response())
            .and_then(|de63| de63.reason)
        {
            said.push(' ');
            said.push_str(&String::from_utf8_lossy(&reason));
        }
        words.push(said.into());
    }
    Said::Row(words)
}
