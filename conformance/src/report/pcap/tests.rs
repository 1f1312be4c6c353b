//! The file, read back: its blocks, its packets, and what tshark makes of it where there is one.

use std::process::Command;
use std::sync::Arc;

use counterproof_scenarios::case::{Case, Matrix, plan};
use counterproof_scenarios::run::{self, Options, TerminalFactory};
use counterproof_scenarios::suite::{Suite, certified};
use counterproof_scenarios::verdict::CaseResult;
use counterproof_sim::iso8583::{Deframer, Dialect};
use counterproof_sim::link::profiles;
use counterproof_sim::pos::ReferenceTerminal;
use counterproof_sim::vocabulary::Lang;

use super::*;
use crate::evidence::ScenarioText;
use crate::evidence::case::Keep;
use crate::report::testing::header;

/// A block of a file: its type and its body.
type Block = (u32, Vec<u8>);

/// The blocks of a file, each as long as it says on both sides.
fn blocks(file: &[u8]) -> Vec<Block> {
    let word = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < file.len() {
        let length = word(at + 4) as usize;
        assert!(length.is_multiple_of(4) && length >= 12);
        assert_eq!(word(at + length - 4) as usize, length);
        blocks.push((word(at), file[at + 8..at + length - 4].to_vec()));
        at += length;
    }
    blocks
}

/// A packet of a file: when, its bytes, its comments.
struct Packet {
    at: u64,
    bytes: Vec<u8>,
    comments: Vec<String>,
}

fn packets(file: &[u8]) -> Vec<Packet> {
    let packets = blocks(file).into_iter().filter(|(kind, _)| *kind == 6);
    packets
        .map(|(_, body)| {
            let word = |at: usize| u32::from_le_bytes(body[at..at + 4].try_into().unwrap());
            let half = |at: usize| usize::from(u16::from_le_bytes([body[at], body[at + 1]]));
            let length = word(12) as usize;
            let mut comments = Vec::new();
            let mut option = 20 + length.next_multiple_of(4);
            while half(option) != 0 {
                let value = &body[option + 4..option + 4 + half(option + 2)];
                if half(option) == 1 {
                    comments.push(String::from_utf8(value.to_vec()).unwrap());
                }
                option += 4 + half(option + 2).next_multiple_of(4);
            }
            Packet {
                at: u64::from(word(4)) << 32 | u64::from(word(8)),
                bytes: body[20..20 + length].to_vec(),
                comments,
            }
        })
        .collect()
}

/// Cases of the certified suite whose id begins so, with the reference terminal; on a radio profile with
/// so many seeds, where one is named.
fn ran(id: &str, profile: Option<(&str, u64)>, capture: bool) -> Vec<(Case, CaseResult)> {
    let suite = Suite::load(&certified()).unwrap_or_else(|_| panic!("the suite loads"));
    let matrix = Matrix {
        profiles: profile
            .map(|(name, _)| profiles::find(name).unwrap())
            .into_iter()
            .collect(),
        seeds: profile.map_or(1, |(_, seeds)| seeds),
        ..Matrix::default()
    };
    let scenarios = suite.scenarios().iter().filter(|s| s.id.starts_with(id));
    let cases = plan(scenarios, &matrix);
    let factory: TerminalFactory = Arc::new(|| Ok(Box::new(ReferenceTerminal::new())));
    let options = Options {
        jobs: 1,
        capture,
        ..Options::default()
    };
    let mut results = Vec::new();
    run::run(&cases, &factory, &options, &mut |result| {
        results.push(result);
    });
    cases.into_iter().zip(results).collect()
}

fn pcap(ran: Vec<(Case, CaseResult)>, show_codes: bool) -> Vec<u8> {
    let mut pcap = Pcap::begin(Vec::new(), &header(ran.len()), Lang::En).unwrap();
    for (place, (case, result)) in ran.into_iter().enumerate() {
        let text = Arc::new(ScenarioText::of(&case.scenario, show_codes));
        let keep = Keep {
            digest: false,
            passed_records: true,
            show_codes,
            dialect: Dialect::cup(),
        };
        let evidence = CaseEvidence::not_run(place, &case, text, String::new());
        pcap.case(&evidence.with(result, keep)).unwrap();
    }
    pcap.blocks.finish().unwrap()
}

/// Source and destination of a packet, its sequence number, flags and payload.
fn segment(bytes: &[u8]) -> ([u8; 12], u32, u8, &[u8]) {
    let tcp = &bytes[34..];
    let ends = [&bytes[26..34], &tcp[..4]].concat();
    let start = usize::from(tcp[12] >> 4) * 4;
    let sequence = u32::from_be_bytes(tcp[4..8].try_into().unwrap());
    (ends.try_into().unwrap(), sequence, tcp[13], &tcp[start..])
}

/// What each direction of each connection brought across, put together as a receiver would.
fn streams(file: &[u8]) -> BTreeMap<[u8; 12], Vec<u8>> {
    const SYN: u8 = 2;
    let mut streams: BTreeMap<[u8; 12], (u32, Vec<u8>)> = BTreeMap::new();
    for packet in packets(file) {
        let (ends, sequence, flags, payload) = segment(&packet.bytes);
        if flags & SYN != 0 {
            streams
                .entry(ends)
                .or_insert((sequence.wrapping_add(1), Vec::new()));
        }
        if let Some((first, stream)) = streams.get_mut(&ends) {
            let at = sequence.wrapping_sub(*first) as usize;
            if !payload.is_empty() && at <= stream.len() {
                stream.truncate(at);
                stream.extend_from_slice(payload);
            }
        }
    }
    let streams = streams.into_iter();
    streams.map(|(ends, (_, stream))| (ends, stream)).collect()
}

#[test]
fn every_frame_of_the_record_stands_in_the_capture() {
    let ran = ran("reversal/", None, true);
    let mut wanted = Vec::new();
    for (_, result) in &ran {
        let record = result.record.masked(Dialect::cup());
        for entry in record.entries() {
            if let Fact::Received { frame, .. } | Fact::Sent { frame, .. } = &entry.fact {
                wanted.push(frame.to_vec());
            }
        }
    }
    let file = pcap(ran, false);
    let mut found = Vec::new();
    for stream in streams(&file).into_values() {
        let mut deframer = Deframer::default();
        deframer.push(&stream);
        while let Some(Ok(body)) = deframer.next() {
            found.push([&(body.len() as u16).to_be_bytes(), body].concat());
        }
    }
    assert!(wanted.len() > 100, "{}", wanted.len());
    for frame in wanted {
        assert!(found.contains(&frame), "{frame:02X?}");
    }
}

#[test]
fn a_bad_radio_sends_again_and_says_what_was_lost() {
    let file = pcap(
        ran(
            "transaction/a-plain-payment",
            Some(("edge-of-cell", 20)),
            true,
        ),
        false,
    );
    let packets = packets(&file);
    let says = |what: &str| {
        let said = packets.iter().flat_map(|packet| &packet.comments);
        said.filter(|said| said.contains(what)).count()
    };
    assert!(says("never arrives: lost on the air") > 0);
    assert!(says("sent again") > 0);
    let begins = |packet: &Packet| packet.comments.iter().any(|said| said.contains('#'));
    let goes_on = |pair: &[Packet]| pair[0].at <= pair[1].at || begins(&pair[1]);
    assert!(packets.windows(2).all(goes_on));
    assert!(packets[0].comments[0].starts_with("transaction/a-plain-payment@edge-of-cell#1: "));
}

#[test]
fn a_capture_changes_nothing_and_is_kept_only_for_who_asks() {
    let digests = |ran: &[(Case, CaseResult)]| {
        let digests = ran.iter().map(|(_, result)| result.record.digest());
        digests.collect::<Vec<_>>()
    };
    let (with, without) = (ran("network/", None, true), ran("network/", None, false));
    assert_eq!(digests(&with), digests(&without));
    assert!(without.iter().all(|(_, result)| result.capture.is_none()));
    assert!(with.iter().any(|(_, result)| result.capture.is_some()));
}

#[test]
fn payment_codes_are_masked_unless_they_may_be_shown() {
    let codes = |ran: &[(Case, CaseResult)]| {
        let secrets = ran[0].1.record.secrets(Dialect::cup());
        secrets.codes().map(str::to_owned).collect::<Vec<_>>()
    };
    let payment = || ran("transaction/a-plain-payment", None, true);
    let codes = codes(&payment());
    assert!(!codes.is_empty());
    let holds = |file: &[u8], code: &str| file.windows(code.len()).any(|w| w == code.as_bytes());
    let (masked, clear) = (pcap(payment(), false), pcap(payment(), true));
    for code in &codes {
        assert!(!holds(&masked, code) && holds(&clear, code));
    }
}

#[test]
fn faults_stand_at_the_packet_before_them() {
    let file = pcap(ran("reversal/消费无应答后先冲正", None, true), false);
    let packets = packets(&file);
    let with_fault = packets.iter().filter(|packet| {
        let mut said = packet.comments.iter();
        said.any(|said| said.starts_with("fault: the answer is lost"))
    });
    assert_eq!(with_fault.count(), 1);
}

/// Where tshark is installed, it finds nothing malformed, every checksum right, and the same packets
/// sent again that we say were sent again.
#[test]
fn tshark_reads_every_packet() {
    let version = Command::new("tshark").arg("--version").output();
    if !version.is_ok_and(|output| output.status.success()) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    let ran = ran(
        "transaction/a-plain-payment",
        Some(("edge-of-cell", 20)),
        true,
    );
    let file = pcap(ran, false);
    fs::write(&path, &file).unwrap();
    let count = |filter: &str| {
        let output = Command::new("tshark")
            .args([
                "-o",
                "tcp.check_checksum:TRUE",
                "-o",
                "ip.check_checksum:TRUE",
            ])
            .args(["-Y", filter, "-T", "fields", "-e", "frame.number", "-r"])
            .arg(&path)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().lines().count()
    };
    let all = packets(&file);
    assert_eq!(count("tcp"), all.len());
    assert_eq!(count("_ws.malformed"), 0);
    assert_eq!(
        count("tcp.checksum.status != 1 || ip.checksum.status != 1"),
        0
    );
    // Every message is read to its last field by the script beside the capture.
    let script = folder.path().join(dissector::FILE);
    fs::write(&script, dissector::script(Dialect::cup())).unwrap();
    let read = |filter: &str| {
        let output = Command::new("tshark")
            .arg("-X")
            .arg(format!("lua_script:{}", script.display()))
            .args(["-Y", filter, "-T", "fields", "-e", "acquirer.de64", "-r"])
            .arg(&path)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(
        read("acquirer.unreadable || _ws.malformed || _ws.lua.error"),
        ""
    );
    let macs = read("acquirer.mti == \"0200\" && acquirer.de60");
    assert!(macs.lines().count() >= 20, "{macs}");
    assert!(macs.lines().all(|mac| mac.len() == 16), "{macs}");
    let again = all
        .iter()
        .filter(|packet| packet.comments.iter().any(|said| said == "sent again"));
    assert_eq!(
        count("tcp.analysis.retransmission && tcp.len > 0"),
        again
            .filter(|packet| !segment(&packet.bytes).3.is_empty())
            .count()
    );
}
