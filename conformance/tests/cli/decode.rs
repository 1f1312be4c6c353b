//! `counterproof decode`.

use std::io::Write as _;
use std::process::Stdio;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Said, counterproof, folder, run, said};

/// A scan sale that a terminal of 2021 sent, and its MAC key; both are public.
const FRAME: &str = "0069600601000061310031110802003020048000C0803100000000000000000100000103200032323030\
                     333630303130343531323534313131303030313135360024413330313936323131313131313131313131\
                     3131313131310013220066030006004535383035454342";

/// A bill payment that a test client of 2018 sent to a host that makes MACs by CBC; public as well.
const CBC_FRAME: &str = "012960058100006031000000000200702406C020C19A111962121420000000000120190000000000000001\
                         1603102912051000008106376212142000000000012D29122206899031006F353230313030303938393835\
                         323031353431313030303400594B5037375347304332363332333532303134303930393335363138342020\
                         20202020202020202020202020203730303030303030323031383039233135369CA4E8A0FA2C49B3260000\
                         000000000001029F2608BD23789651C50E119F2701809F101307010103A0A804010A010000045796F2D315\
                         039F3704A1DD65379F36020FFE950580800460009A031811139C01309F02060000000000005F2A02015682\
                         027C009F1A0201569F03060000000000009F3303604800001622181114000000609F1D28FB9E1CE689";

fn frame() -> String {
    FRAME.to_owned()
}

fn json_of(words: &[&str]) -> Value {
    let Said { code, out, err } = run(words);
    assert_eq!((code, err.as_str()), (0, ""), "{words:?}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn a_frame_is_described_as_the_contract_says() {
    let described = json_of(&["decode", &frame()]);
    assert_eq!(described["tpdu"], "6006010000");
    assert_eq!(described["header"], "613100311108");
    assert_eq!(described["mti"], "0200");
    assert_eq!(
        described["fields"]["3"],
        json!({"value": "000000", "offset": 23, "length": 3, "name": "Processing code"})
    );
    assert_eq!(described["leftover"], 0);
    assert_eq!(described["mac"], Value::Null);
    assert_eq!(
        described["fields"]["59"]["value"],
        "A3019621111*********1111"
    );
    let clear = json_of(&["decode", "--show-codes", &frame()]);
    assert_eq!(clear["fields"]["59"]["value"], "A30196211111111111111111");
}

#[test]
fn hexadecimal_digits_are_taken_as_people_paste_them() {
    let expected = json_of(&["decode", &frame()]);
    let spaced: Vec<String> = frame()
        .as_bytes()
        .chunks(2)
        .map(|pair| format!("0x{}", std::str::from_utf8(pair).unwrap()))
        .collect();
    assert_eq!(json_of(&["decode", &spaced.join(" ")]), expected);
    assert_eq!(
        json_of(&["decode", &format!(" {}\n", frame().to_lowercase())]),
        expected
    );
}

#[test]
fn a_file_or_a_pipe_holds_digits_or_the_bytes_themselves() {
    let expected = json_of(&["decode", &frame()]);
    let bytes: Vec<u8> = frame()
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    for content in [frame().into_bytes(), bytes] {
        let folder = folder("frame", &content);
        let path = folder.path().join("frame");
        assert_eq!(json_of(&["decode", path.to_str().unwrap()]), expected);
        for words in [&["decode"][..], &["decode", "-"]] {
            let mut child = counterproof(words)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            child.stdin.take().unwrap().write_all(&content).unwrap();
            let Said { code, out, .. } = said(&child.wait_with_output().unwrap());
            assert_eq!(code, 0);
            assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), expected);
        }
    }
}

#[test]
fn a_message_without_its_length_bytes_counts_from_the_tpdu() {
    let described = json_of(&["decode", "--unframed", &frame()[4..]]);
    assert_eq!(described["fields"]["3"]["offset"], 21);
}

#[test]
fn the_mac_is_checked_with_the_key() {
    let key = "DAB36167E6DFB5EF";
    let judged = |words: &[&str]| json_of(words)["mac"].clone();
    let valid = json!({"algorithm": "ecb", "valid": true});
    assert_eq!(judged(&["decode", "--key", key, &frame()]), valid);
    assert_eq!(
        judged(&["decode", "--mac", "ecb", "--key", key, &frame()]),
        valid
    );
    assert_eq!(
        judged(&["decode", "--mac", "x919", "--key", key, &frame()]),
        json!({"algorithm": "x919", "valid": false})
    );
}

#[test]
fn what_does_not_decode_is_named_with_offset_field_and_reason() {
    let cut = &frame()[..80];
    let mut text = String::new();
    for words in [
        &["decode", "--unframed", &cut[4..]][..],
        &["decode", "--unframed", "--lang", "zh", &cut[4..]],
        &["decode", cut],
        &["decode", "00"],
        &["decode", ""],
        &["decode", "no-such-file"],
        &["decode", "--key", "12", &frame()],
        &["decode", "--key", "xx", &frame()],
        &["decode", "--mac", "ecb", &frame()],
    ] {
        let Said { code, out, err } = run(words);
        assert_eq!((code, out.as_str()), (2, ""), "{words:?}");
        text.push_str(&err);
    }
    assert_snapshot!(text);
    let Said { code, out, .. } = run(&["decode", "--json", "--unframed", &cut[4..]]);
    assert_eq!(code, 2);
    let error: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(error["error"]["field"], 41);
    assert!(error["error"]["offset"].is_u64() && error["error"]["reason"].is_string());
}

#[test]
fn a_mac_is_recognised_by_whatever_algorithm_it_was_made() {
    let mac = |words: &[&str]| json_of(words)["mac"].clone();
    let (cbc_key, ecb_key) = ("F82A9BA462D57A7C", "DAB36167E6DFB5EF");
    assert_eq!(
        mac(&["decode", CBC_FRAME, "--key", cbc_key]),
        json!({"algorithm": "cbc", "valid": true})
    );
    assert_eq!(
        mac(&["decode", FRAME, "--key", ecb_key]),
        json!({"algorithm": "ecb", "valid": true})
    );
    // Who names one is taken at their word, and a key that fits none is wrong.
    assert_eq!(
        mac(&["decode", CBC_FRAME, "--key", cbc_key, "--mac", "ecb"]),
        json!({"algorithm": "ecb", "valid": false})
    );
    assert_eq!(
        mac(&["decode", CBC_FRAME, "--key", ecb_key]),
        json!({"algorithm": "ecb", "valid": false})
    );
}
