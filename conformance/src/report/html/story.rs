//! A record as a page tells it: row by row between the lanes, with messages, screens, receipts and
//! ledger set aside. What a single fact is told as is in `facts`, an action in `acts`, an event in
//! `events`; here is what needs more than one entry: time, streams in pieces, what never arrived,
//! the names of faults.

use std::collections::BTreeMap;

use counterproof_sim::fault::{Fault, FaultId, Site};
use counterproof_sim::iso8583::show::Secrets;
use counterproof_sim::iso8583::{Deframer, Dialect};
use counterproof_sim::record::{ConnId, Entry, Fact, Record};
use counterproof_sim::terminal::{Action, Event};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::Lang;

use super::messages::Messages;
use super::phrases::{Phrases, Said};
use super::view::{Lane, More, Row, RowKind, View};
use crate::report::timeline::Teller;
use crate::texts::timeline::templates as texts;

/// Entries of a record that are told from its beginning, and from its end: more than any scenario
/// has in which the terminal comes to rest.
const HEAD: usize = 3_000;
const TAIL: usize = 1_000;
/// Characters of a line that somebody else wrote.
const LONG: usize = 400;

/// A record being told.
pub(super) struct Story<'r, 'p> {
    pub(super) phrases: &'p mut Phrases,
    pub(super) view: View,
    dialect: &'r Dialect,
    messages: Messages<'r>,
    begin: Time,
    /// When the row before happened.
    last: Time,
    now: Time,
    entry: usize,
    /// The entry that each row tells.
    entries: Vec<usize>,
    faults: BTreeMap<u32, (Said, Lane)>,
    /// Our connection for the terminal's number.
    conns: BTreeMap<u64, ConnId>,
    streams: BTreeMap<ConnId, Streams>,
    incoming: BTreeMap<u64, Incoming>,
}

/// How many bytes went into a connection and came out of it.
#[derive(Default)]
struct Streams {
    up_sent: usize,
    up_arrived: usize,
    down_sent: usize,
    down_arrived: usize,
}

/// What the terminal has read of a connection and not yet as a whole message.
#[derive(Default)]
struct Incoming {
    stream: Deframer,
    pieces: u32,
}

/// Tells a record, a long one by its beginning and end; and says which entry each row tells.
pub(super) fn tell<'r>(
    record: &'r Record,
    dialect: &'r Dialect,
    secrets: Secrets,
    phrases: &mut Phrases,
) -> (View, Vec<usize>) {
    let entries = record.entries();
    let begin = entries.first().map_or_else(Time::default, |entry| entry.at);
    let mut story = Story {
        phrases,
        view: View::default(),
        dialect,
        messages: Messages::new(dialect, secrets),
        begin,
        last: begin,
        now: begin,
        entry: 0,
        entries: Vec::new(),
        faults: BTreeMap::new(),
        conns: BTreeMap::new(),
        streams: arrivals(entries),
        incoming: BTreeMap::new(),
    };
    let left_out = entries.len().saturating_sub(HEAD + TAIL);
    for (index, entry) in entries.iter().enumerate() {
        (story.now, story.entry) = (entry.at, index);
        if left_out > 0 && (HEAD..HEAD + left_out).contains(&index) {
            if index == HEAD {
                let said = story.say(texts::left_out(), [left_out.to_string()]);
                story.note(RowKind::Gap, Lane::Terminal, said);
            }
            // What later rows name must be known all the same.
            story.learn(&entry.fact);
            continue;
        }
        story.learn(&entry.fact);
        story.fact(&entry.fact);
    }
    story.unfinished();
    story.view.messages = story.messages.into_views();
    (story.view, story.entries)
}

/// How many bytes came out of each connection, over the whole record.
fn arrivals(entries: &[Entry]) -> BTreeMap<ConnId, Streams> {
    let mut streams: BTreeMap<ConnId, Streams> = BTreeMap::new();
    let mut conns: BTreeMap<u64, ConnId> = BTreeMap::new();
    for entry in entries {
        match &entry.fact {
            Fact::Dialled { conn, number, .. } => {
                conns.insert(*number, *conn);
            }
            Fact::Received { conn, frame } => {
                streams.entry(*conn).or_default().up_arrived += frame.len();
            }
            Fact::Stray { conn, bytes, .. } => {
                streams.entry(*conn).or_default().up_arrived += bytes.len();
            }
            Fact::Told {
                event: Event::HostData { conn, data },
            } => {
                if let Some(conn) = conns.get(conn) {
                    streams.entry(*conn).or_default().down_arrived += data.len();
                }
            }
            _ => {}
        }
    }
    streams
}

impl<'r> Story<'r, '_> {
    /// Takes note of what later rows need.
    fn learn(&mut self, fact: &'r Fact) {
        match fact {
            Fact::Armed { id, fault } => {
                let said = fault_name(self.dialect, fault, self.phrases);
                self.faults.insert(id.0, (said, lane_of(fault.kind.site())));
            }
            Fact::Dialled { conn, number, .. } => {
                self.conns.insert(*number, *conn);
                self.incoming.remove(number);
            }
            _ => {}
        }
    }

    /// A fault by its number, and where it acts.
    pub(super) fn fault(&self, id: FaultId) -> (Said, Lane) {
        let unknown = || (Said::Text(format!("#{}", id.0)), Lane::Terminal);
        self.faults.get(&id.0).cloned().unwrap_or_else(unknown)
    }

    /// A sentence with plain arguments.
    pub(super) fn say<const N: usize>(
        &mut self,
        template: crate::texts::Template,
        arguments: [impl Into<Said>; N],
    ) -> Said {
        let arguments = arguments.into_iter().map(Into::into).collect();
        self.phrases.say(template, arguments)
    }

    /// Somebody says or does something to somebody.
    pub(super) fn arrow(&mut self, kind: RowKind, from: Lane, to: Lane, said: Said, more: More) {
        self.view.rows.push(Row {
            after: self.now.since(self.last).as_micros(),
            kind,
            from,
            to,
            said,
            more,
        });
        self.entries.push(self.entry);
        self.last = self.now;
    }

    /// The same without anything that opens.
    pub(super) fn plain(&mut self, from: Lane, to: Lane, said: Said) {
        self.arrow(RowKind::Plain, from, to, said, More::Nothing);
    }

    /// Something that concerns only one.
    pub(super) fn note(&mut self, kind: RowKind, lane: Lane, said: Said) {
        self.arrow(kind, lane, lane, said, More::Nothing);
    }

    /// How long after the beginning it is.
    pub(super) fn since_begin(&self) -> Span {
        self.now.since(self.begin)
    }

    /// The bench's number of a connection, which is the same on both sides of the link.
    pub(super) fn conn(&self, number: u64) -> String {
        let conn = self.conns.get(&number).map(|conn| u64::from(conn.0));
        conn.unwrap_or(number).to_string()
    }

    /// The terminal writes to a connection.
    pub(super) fn terminal_sends(&mut self, number: u64, data: &'r [u8]) {
        let stream = self
            .conns
            .get(&number)
            .map(|conn| self.streams.entry(*conn).or_default());
        let arrives = stream.is_none_or(|stream| {
            stream.up_sent += data.len();
            stream.up_sent <= stream.up_arrived
        });
        self.bytes(Lane::Terminal, Lane::Link, data, arrives);
    }

    /// The acquirer writes to a connection.
    pub(super) fn acquirer_sends(&mut self, conn: ConnId, data: &'r [u8]) {
        let stream = self.streams.entry(conn).or_default();
        stream.down_sent += data.len();
        let arrives = stream.down_sent <= stream.down_arrived;
        self.bytes(Lane::Acquirer, Lane::Link, data, arrives);
    }

    /// A whole frame reaches the acquirer.
    pub(super) fn acquirer_gets(&mut self, frame: &'r [u8]) {
        self.bytes(Lane::Link, Lane::Acquirer, frame, true);
    }

    /// Bytes reach the terminal, cut anywhere.
    pub(super) fn terminal_gets(&mut self, number: u64, data: &'r [u8]) {
        let mut incoming = self.incoming.remove(&number).unwrap_or_default();
        incoming.pieces += 1;
        incoming.stream.push(data);
        while let Some(next) = incoming.stream.next() {
            let Ok(body) = next else {
                let said = self.say(texts::bytes(), [data.len().to_string()]);
                self.plain(Lane::Link, Lane::Terminal, said);
                incoming = Incoming::default();
                break;
            };
            let mut frame = (body.len() as u16).to_be_bytes().to_vec();
            frame.extend_from_slice(body);
            let said = match incoming.pieces {
                1 => Said::Text(String::new()),
                pieces => Said::Text(format!("×{pieces}")),
            };
            incoming.pieces = u32::from(incoming.stream.pending() > 0);
            if let Some(place) = self.messages.place(&frame, self.phrases) {
                let more = More::Message(place);
                self.arrow(RowKind::Message, Lane::Link, Lane::Terminal, said, more);
            } else {
                let said = self.say(texts::bytes(), [frame.len().to_string()]);
                self.plain(Lane::Link, Lane::Terminal, said);
            }
        }
        self.incoming.insert(number, incoming);
    }

    /// A connection ends for the terminal: what it has read of it is all that comes.
    pub(super) fn stream_ends(&mut self, number: u64) {
        if let Some(incoming) = self.incoming.remove(&number)
            && incoming.stream.pending() > 0
        {
            let arguments = [
                incoming.stream.pending().to_string(),
                incoming.pieces.to_string(),
            ];
            let said = self.say(texts::receives_bytes(), arguments);
            self.plain(Lane::Link, Lane::Terminal, said);
        }
    }

    fn unfinished(&mut self) {
        for number in self.incoming.keys().copied().collect::<Vec<_>>() {
            self.stream_ends(number);
        }
    }

    fn bytes(&mut self, from: Lane, to: Lane, data: &[u8], arrives: bool) {
        let kind = if arrives {
            RowKind::Message
        } else {
            RowKind::Lost
        };
        if let Some(place) = self.messages.place(data, self.phrases) {
            let nothing = Said::Text(String::new());
            self.arrow(kind, from, to, nothing, More::Message(place));
        } else {
            let said = self.say(texts::bytes(), [data.len().to_string()]);
            let kind = if arrives { RowKind::Plain } else { kind };
            self.arrow(kind, from, to, said, More::Nothing);
        }
    }

    /// An action of the terminal.
    pub(super) fn did(&mut self, action: &'r Action) {
        super::acts::tell(self, action);
    }
}

/// A fault: its name, and which messages it hits.
pub(super) fn fault_name(dialect: &Dialect, fault: &Fault, phrases: &mut Phrases) -> Said {
    let [en, zh] = [Lang::En, Lang::Zh].map(|lang| {
        let teller = Teller {
            dialect,
            lang,
            show_codes: false,
        };
        teller.fault(fault)
    });
    phrases.pair(&en, &zh)
}

/// Where a fault of a site shows.
const fn lane_of(site: Site) -> Lane {
    match site {
        Site::Host => Lane::Acquirer,
        Site::Wallet => Lane::Wallet,
        Site::Phone => Lane::Phone,
        Site::Device => Lane::Scanner,
        Site::Link => Lane::Link,
        Site::Power => Lane::Terminal,
    }
}

/// A line that somebody else wrote: control characters visible, bounded.
pub(super) fn legible(text: &str) -> String {
    if text.len() < LONG && !text.contains(char::is_control) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for (count, c) in text.chars().enumerate() {
        if count == LONG {
            shown.push('…');
            break;
        }
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}
