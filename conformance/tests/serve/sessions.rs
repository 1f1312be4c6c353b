//! Terminals at the service: sign-on, sales, faults, the end.

use std::io::Read as _;
use std::process::Command;

use serde_json::json;

use super::terminal::{Terminal, code, codes, exchange, http, read};
use super::{Served, place};

#[test]
fn a_terminal_signs_on_sells_and_finds_its_money_in_the_ledger() {
    let place = place(1);
    let served = Served::start(&place, &["--pace", "prompt"]);
    let (mut stream, mut terminal) = (served.connect(), Terminal::number(0));
    assert_eq!(terminal.sign_on(&mut stream).unwrap(), "00");
    let (status, shown) = served.ask(
        "POST",
        "/v1/codes",
        json!({ "wallet": "JDB", "funding": "baitiao", "instalments": 3 }),
    );
    assert_eq!(status, 201);
    let sale = terminal.sale(shown["code"].as_str().unwrap(), 12_850);
    assert_eq!(code(&exchange(&mut stream, &sale).unwrap()), "00");
    assert_eq!(code(&exchange(&mut stream, &sale).unwrap()), "94");
    let ledger = served.get("/v1/ledger");
    assert_eq!(ledger.as_array().unwrap().len(), 1);
    assert_eq!(ledger[0]["debit"], "JDB/1/baitiao");
    let customer = served.get("/v1/customers/JDB/1");
    assert_eq!(customer["baitiaoSpent"], 12_850);
    let transaction = served.get("/v1/transactions/10000000/1/2");
    assert_eq!(
        (&transaction["standing"], &transaction["net"]),
        (&json!("approved"), &json!(12_850))
    );
}

#[test]
fn a_terminal_that_nobody_registered_is_refused() {
    let place = place(1);
    let served = Served::start(&place, &["--pace", "prompt"]);
    let mut stream = served.connect();
    assert_eq!(Terminal::number(7).sign_on(&mut stream).unwrap(), "97");
    let mut other = Terminal::number(0);
    other.merchant = "898310000000002".into();
    assert_eq!(other.sign_on(&mut stream).unwrap(), "97");
    assert_eq!(Terminal::number(0).sign_on(&mut stream).unwrap(), "00");
}

#[test]
fn a_question_waits_for_an_answer_over_the_api() {
    let place = place(1);
    let served = Served::start(&place, &["--pace", "prompt"]);
    let (mut stream, mut terminal) = (served.connect(), Terminal::number(0));
    terminal.sign_on(&mut stream).unwrap();
    let (status, _) = served.ask(
        "PATCH",
        "/v1/customers/WXP/5",
        json!({ "answers": false, "passwordAbove": 0 }),
    );
    assert_eq!(status, 200);
    for (confirm, wanted, stan) in [(true, "00", 2), (false, "68", 4)] {
        let (_, shown) = served.ask(
            "POST",
            "/v1/codes",
            json!({ "wallet": "WXP", "customer": 5 }),
        );
        let sale = terminal.sale(shown["code"].as_str().unwrap(), 100);
        assert_eq!(code(&exchange(&mut stream, &sale).unwrap()), "09");
        let questions = served.get("/v1/questions");
        assert_eq!(
            (questions.as_array().unwrap().len(), &questions[0]["stan"]),
            (1, &json!(stan))
        );
        let path = format!("/v1/questions/{}", questions[0]["id"]);
        assert_eq!(
            served.ask("POST", &path, json!({ "confirm": confirm })).0,
            200
        );
        assert_eq!(
            served.ask("POST", &path, json!({ "confirm": confirm })).0,
            404
        );
        let query = terminal.query(stan);
        assert_eq!(code(&exchange(&mut stream, &query).unwrap()), wanted);
    }
}

#[test]
fn faults_are_switched_on_and_off_while_it_runs() {
    let place = place(1);
    let served = Served::start(&place, &["--pace", "prompt"]);
    let (mut stream, mut terminal) = (served.connect(), Terminal::number(0));
    terminal.sign_on(&mut stream).unwrap();
    let codes = codes(served.api, 4);
    let second = json!({ "kind": "answer.code", "operation": "sale", "nth": 2, "code": "91" });
    let (status, fault) = served.ask("POST", "/v1/faults", second);
    assert_eq!((status, &fault["fired"]), (201, &json!(0)));
    let mut sell = |index: usize| {
        let sale = terminal.sale(&codes[index], 100);
        exchange(&mut stream, &sale).map(|answer| code(&answer))
    };
    assert_eq!(sell(0).unwrap(), "00");
    assert_eq!(sell(1).unwrap(), "91");
    assert_eq!(served.get("/v1/faults")[0]["fired"], 1);
    let path = format!("/v1/faults/{}", fault["id"]);
    assert_eq!(served.ask("DELETE", &path, json!(null)).0, 200);
    assert_eq!(served.ask("DELETE", &path, json!(null)).0, 404);
    assert_eq!(sell(2).unwrap(), "00");

    let (_, fault) = served.ask(
        "POST",
        "/v1/faults",
        json!({ "kind": "answer.reset", "operation": "sale" }),
    );
    let torn = sell(3).unwrap_err();
    assert_eq!(torn.kind(), std::io::ErrorKind::ConnectionReset);
    served.ask(
        "DELETE",
        &format!("/v1/faults/{}", fault["id"]),
        json!(null),
    );

    let (_, fault) = served.ask("POST", "/v1/faults", json!({ "kind": "host.refusing" }));
    // The listener is closed by another task than the one that answers.
    while std::net::TcpStream::connect(served.listen).is_ok() {
        std::thread::yield_now();
    }
    served.ask(
        "DELETE",
        &format!("/v1/faults/{}", fault["id"]),
        json!(null),
    );
    while std::net::TcpStream::connect(served.listen).is_err() {
        std::thread::yield_now();
    }
    let (status, problem) =
        served.ask("POST", "/v1/faults", json!({ "kind": "printer.paper-out" }));
    assert_eq!(status, 422, "{problem}");
}

#[test]
fn at_the_end_answers_in_flight_go_out_and_nothing_is_lost() {
    let place = place(1);
    // At the pace of an acquirer an answer takes its time: it is in flight when the end comes.
    let mut served = Served::start(&place, &[]);
    let (mut stream, mut terminal) = (served.connect(), Terminal::number(0));
    terminal.sign_on(&mut stream).unwrap();
    let codes = codes(served.api, 1);
    let sale = terminal.sale(&codes[0], 100);
    std::io::Write::write_all(&mut stream, &sale).unwrap();
    while served.get("/v1/health")["postings"] != 1 {
        std::thread::yield_now();
    }
    served.terminate();
    assert_eq!(code(&read(&mut stream).unwrap()), "00");
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    assert!(served.wait().success());
    assert!(!place.path().join("data/acquirer.sqlite-wal").exists());
    let served = Served::start(&place, &[]);
    assert_eq!(served.get("/v1/health")["postings"], 1);
}

#[test]
fn the_api_ends_it_too() {
    let place = place(1);
    let mut served = Served::start(&place, &[]);
    assert_eq!(served.ask("POST", "/v1/stop", json!(null)).0, 202);
    assert!(served.wait().success());
}

#[test]
fn the_record_is_told_as_it_happens_with_codes_masked() {
    for (options, shows) in [
        (&["--pace", "prompt"][..], false),
        (&["--pace", "prompt", "--show-codes"], true),
    ] {
        let place = place(1);
        let served = Served::start(&place, options);
        let (mut stream, mut terminal) = (served.connect(), Terminal::number(0));
        terminal.sign_on(&mut stream).unwrap();
        let code = codes(served.api, 1).remove(0);
        let sale = terminal.sale(&code, 100);
        exchange(&mut stream, &sale).unwrap();
        let (_, record) = http(served.api, "GET", "/v1/record", &[], None).unwrap();
        let hex = counterproof_sim::iso8583::hex::encode(code.as_bytes()).to_lowercase();
        assert_eq!(record.contains(&code), shows, "{record}");
        assert_eq!(record.contains(&hex), shows, "{record}");
        let lines: Vec<serde_json::Value> = record
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let numbers: Vec<_> = lines
            .iter()
            .map(|line| line["n"].as_u64().unwrap())
            .collect();
        assert_eq!(numbers, (1..=lines.len() as u64).collect::<Vec<_>>());
        for fact in [
            "accepted",
            "signedIn",
            "presented",
            "received",
            "judged",
            "posted",
            "sent",
        ] {
            assert!(lines.iter().any(|line| line["fact"] == fact), "{fact}");
        }
        // The key that the sign-in delivered, wrapped: its bytes are not there.
        let sent = lines.iter().find(|line| line["fact"] == "sent").unwrap();
        assert!(
            sent["frame"]
                .as_str()
                .unwrap()
                .contains("00000000000000000000"),
            "{sent}"
        );
        // Who follows hears what comes.
        let mut follower = std::net::TcpStream::connect(served.api).unwrap();
        let after = lines.len();
        let request =
            format!("GET /v1/record?follow=true&after={after} HTTP/1.0\r\nhost: localhost\r\n\r\n");
        std::io::Write::write_all(&mut follower, request.as_bytes()).unwrap();
        let _second = served.connect();
        let mut heard = String::new();
        while !heard.contains("\"fact\":\"accepted\"") {
            let mut piece = [0; 512];
            let read = follower.read(&mut piece).unwrap();
            assert!(read > 0, "{heard}");
            heard += &String::from_utf8_lossy(&piece[..read]);
        }
        assert!(heard.contains(&format!("{{\"n\":{}", after + 1)), "{heard}");
    }
}

/// Needs Python with the packages of `examples/clients/python/requirements.txt`; says so where they are
/// not. `COUNTERPROOF_CLIENT_PYTHON` names the interpreter.
#[test]
fn a_client_of_others_making_signs_on_and_sells() {
    let python = std::env::var("COUNTERPROOF_CLIENT_PYTHON").unwrap_or_else(|_| "python3".into());
    let packages = Command::new(&python)
        .args(["-c", "import iso8583, Crypto"])
        .output();
    if !packages.is_ok_and(|tried| tried.status.success()) {
        println!("skipped: {python} lacks pyiso8583 or pycryptodome");
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let example = super::command(place.path(), &[]).get_program().to_owned();
    let example = Command::new(example)
        .args(["serve", "--example-terminals"])
        .output()
        .unwrap();
    std::fs::write(place.path().join("terminals.toml"), example.stdout).unwrap();
    let served = Served::start(&place, &["--pace", "prompt"]);
    let client = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../examples/clients/python/client.py"
    );
    let run = Command::new(&python)
        .arg(client)
        .arg(served.listen.to_string())
        .arg(format!("http://{}", served.api))
        .env_remove("COUNTERPROOF_API_TOKEN")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&run.stderr)
    );
    assert!(said.contains("sale of 128.50: 00"), "{said}");
}
