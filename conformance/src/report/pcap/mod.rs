//! What went over the links as a capture for Wireshark: every packet when it was sent, in simulated
//! time, one interface a link. What became of a packet, and the faults that fired, are its comments.
//!
//! | room | what is in it |
//! | --- | --- |
//! | `blocks` | the form of the file |
//! | `segments` | packets as bytes |
//! | `dissector` | a script beside it with which Wireshark reads the messages |
//!
//! Packets stand where they were sent: one that is lost on the way is there, and so is the one that
//! replaces it. The bytes are those of the evidence: payment codes and keys are masked as there.

mod blocks;
mod dissector;
mod segments;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use counterproof_sim::capture::Capture;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::link::netem::{Delivery, DropReason, Fate};
use counterproof_sim::link::stream::PacketKind;
use counterproof_sim::link::{Direction, PacketTrace};
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::LinkName;
use counterproof_sim::vocabulary::Lang;

pub use self::dissector::FILE as DISSECTOR;

use self::blocks::{Blocks, Way};
use self::segments::{ACQUIRER, Path};
use super::timeline::Teller;
use crate::evidence::{CaseEvidence, Reporter, RunEnd, RunHeader};
use crate::texts::pcap as texts;
use crate::texts::timeline::acquirer;

/// As `--report` names it.
pub const NAME: &str = "pcap";
/// Name of the file.
pub const FILE: &str = "run.pcapng";

/// The capture as a file.
pub struct PcapFile {
    path: PathBuf,
    lang: Lang,
    pcap: Option<Pcap<BufWriter<File>>>,
}

impl PcapFile {
    /// The file at `path`, with its comments in `lang`.
    pub const fn new(path: PathBuf, lang: Lang) -> Self {
        let pcap = None;
        Self { path, lang, pcap }
    }
}

impl Reporter for PcapFile {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        // A header that was read has a dialect that is known.
        let dialect = header.speaks().unwrap_or(Dialect::cup());
        let script = self.path.with_file_name(dissector::FILE);
        fs::write(script, dissector::script(dialect))?;
        let file = BufWriter::new(File::create(&self.path)?);
        self.pcap = Some(Pcap::begin(file, header, self.lang)?);
        Ok(())
    }

    fn case(&mut self, case: &CaseEvidence) -> io::Result<()> {
        self.pcap.as_mut().map_or(Ok(()), |pcap| pcap.case(case))
    }

    fn end(&mut self, _: &RunEnd) -> io::Result<()> {
        match self.pcap.take() {
            Some(pcap) => pcap.blocks.finish().map(|_| ()),
            None => Ok(()),
        }
    }
}

/// A capture that is being written.
struct Pcap<W> {
    blocks: Blocks<W>,
    interfaces: Vec<LinkName>,
    lang: Lang,
}

impl<W: Write> Pcap<W> {
    fn begin(to: W, header: &RunHeader, lang: Lang) -> io::Result<Self> {
        let mut blocks = Blocks::begin(to, &format!("counterproof {}", header.version))?;
        blocks.name(ACQUIRER, acquirer(lang))?;
        Ok(Self {
            blocks,
            interfaces: Vec::new(),
            lang,
        })
    }

    /// Everything that went over the links in a case.
    fn case(&mut self, case: &CaseEvidence) -> io::Result<()> {
        let Some(capture) = &case.capture else {
            return Ok(());
        };
        let mut comments = self.comments(case, capture);
        let mut counts: BTreeMap<(usize, Direction), u16> = BTreeMap::new();
        let interfaces = capture
            .links
            .iter()
            .map(|link| self.interface(link))
            .collect::<io::Result<Vec<usize>>>()?;
        for index in 0..capture.links.len() {
            let used = capture.packets.iter().any(|packet| {
                let conn = capture.conns.get(packet.conn.0 as usize);
                conn.is_some_and(|conn| conn.link == index)
            });
            if used {
                let address = segments::terminal(case.place, index);
                self.blocks.name(address, &case.id)?;
            }
        }
        for (place, packet) in capture.packets.iter().enumerate() {
            let Some(conn) = capture.conns.get(packet.conn.0 as usize) else {
                continue;
            };
            let Some(interface) = interfaces.get(conn.link) else {
                continue;
            };
            let count = counts.entry((conn.link, packet.direction)).or_default();
            *count = count.wrapping_add(1);
            let path = Path {
                terminal: segments::terminal(case.place, conn.link),
                link: conn.link,
                conn: packet.conn.0,
            };
            let bytes = segments::packet(&path, packet, conn.payload(packet), *count);
            let way = match packet.direction {
                Direction::Up => Way::Out,
                Direction::Down => Way::In,
            };
            let comments = comments.remove(&place).unwrap_or_default();
            self.blocks
                .packet(*interface, packet.at, way, &bytes, &comments)?;
        }
        Ok(())
    }

    /// The interface of a link, which is made where it is new.
    fn interface(&mut self, link: &LinkName) -> io::Result<usize> {
        if let Some(known) = self.interfaces.iter().position(|name| name == link) {
            return Ok(known);
        }
        self.blocks.interface(link)?;
        self.interfaces.push(link.clone());
        Ok(self.interfaces.len() - 1)
    }

    /// What is said of packets, by their places: where the case begins, faults at the packet before
    /// them, and what becomes of each.
    fn comments(&self, case: &CaseEvidence, capture: &Capture) -> BTreeMap<usize, Vec<String>> {
        let lang = self.lang;
        let packets = &capture.packets;
        let mut comments: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let outcome = super::markdown::outcome_word(case.outcome(), lang);
        let begins = texts::begins(lang, &case.id, &case.scenario.title, outcome);
        comments.entry(0).or_default().push(begins);
        let entries = case.record.iter().flat_map(|record| record.entries());
        for entry in entries {
            let Fact::Fired { id } = entry.fact else {
                continue;
            };
            let before = packets.partition_point(|packet| packet.at <= entry.at);
            let fault = case.faults.iter().find(|fault| fault.id == id);
            let Some(fault) = fault else { continue };
            let name = teller(lang).fault(&fault.fault);
            let place = before.saturating_sub(1);
            let said = comments.entry(place).or_default();
            said.push(texts::fault(lang, name));
        }
        let mut furthest: BTreeMap<(u32, Direction), u64> = BTreeMap::new();
        for (place, packet) in packets.iter().enumerate() {
            let key = (packet.conn.0, packet.direction);
            if takes_room(packet.kind) {
                let end = packet.seq + u64::from(packet.len).max(1);
                let so_far = furthest.entry(key).or_default();
                if packet.seq < *so_far {
                    let said = comments.entry(place).or_default();
                    said.push(texts::again(lang));
                }
                *so_far = (*so_far).max(end);
            }
            let said = fate(packet, lang);
            if !said.is_empty() {
                comments.entry(place).or_default().extend(said);
            }
        }
        comments
    }
}

/// Whether a packet counts in the sequence of its stream; a SYN stands before it.
const fn takes_room(kind: PacketKind) -> bool {
    matches!(kind, PacketKind::Data | PacketKind::Fin)
}

/// What becomes of a packet, unless it simply arrives.
fn fate(packet: &PacketTrace, lang: Lang) -> Vec<String> {
    let after = |delivery: &Delivery| delivery.at.since(packet.at);
    let arrival = |delivery: &Delivery| {
        let mut said = Vec::new();
        if delivery.corrupted.is_some() {
            said.push(texts::damaged(lang));
        }
        if delivery.overtakes {
            said.push(texts::overtakes(lang));
        }
        said
    };
    match &packet.fate {
        Fate::Dropped(reason) => {
            let why = match reason {
                DropReason::Down => texts::by_outage(lang),
                DropReason::DropList => texts::by_list(lang),
                DropReason::Schedule => texts::by_schedule(lang),
                DropReason::Loss => texts::by_loss(lang),
                DropReason::Limit => texts::by_limit(lang),
            };
            vec![texts::lost(lang, why)]
        }
        Fate::Delivered(one) => {
            let mut said = vec![texts::late(lang, after(one))];
            said.extend(arrival(one));
            said
        }
        Fate::Duplicated(one, two) => {
            let mut said = vec![texts::doubled(lang, after(one), after(two))];
            said.extend(arrival(one));
            said
        }
    }
}

fn teller(lang: Lang) -> Teller<'static> {
    Teller {
        dialect: Dialect::cup(),
        lang,
        show_codes: false,
    }
}
