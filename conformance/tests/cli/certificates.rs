//! A certificate from its keys to its check, and what is refused.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::{Said, run};

/// The program with these words, of which those that begin with `/` are below `folder`.
fn at(folder: &Path, words: &[&str]) -> Said {
    let words: Vec<String> = words
        .iter()
        .map(|word| match word.strip_prefix('/') {
            Some(name) => folder.join(name).display().to_string(),
            None => (*word).to_owned(),
        })
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    run(&words)
}

/// What the program says, in both languages where it fails, without the folder and the keys.
fn told(folder: &Path, words: &[&str]) -> String {
    let one = |lang: &str| {
        let said = at(folder, &[words, &["--lang", lang]].concat());
        let text = format!("{}{}exit {}\n", said.out, said.err, said.code);
        let text = text.replace(&format!("{}/", folder.display()), "");
        let mut plain = String::new();
        for (place, part) in text.split("ed25519:").enumerate() {
            plain.push_str(if place == 0 { "" } else { "ed25519:…" });
            plain.push_str(if place == 0 { part } else { &part[64..] });
        }
        plain
    };
    one("en") + &one("zh")
}

#[test]
fn a_private_key_is_its_owners_alone_and_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let made = at(folder.path(), &["key", "--out", "/vendor"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let path = folder.path().join("vendor");
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = fs::read(&path).unwrap();
    insta::assert_snapshot!(told(folder.path(), &["key", "--out", "/vendor"]), @r"
    error: vendor.pub is there already, and a key is never written over: choose another name
    exit 2
    错误：vendor.pub 已存在，密钥不会被覆盖：请另选文件名
    exit 2
    ");
    fs::remove_file(folder.path().join("vendor.pub")).unwrap();
    assert_eq!(at(folder.path(), &["key", "--out", "/vendor"]).code, 2);
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_certificate_goes_from_vendor_to_lab_to_acquirer() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let ok = |words: &[&str]| {
        let said = at(folder, words);
        assert_eq!(said.code, 0, "{words:?}: {}{}", said.out, said.err);
        said.out
    };
    for name in ["/vendor", "/lab", "/stranger"] {
        ok(&["key", "--out", name]);
    }
    ok(&["certify", "--key", "/vendor", "--out", "/c", "--quiet"]);
    ok(&["sign", "/c", "--key", "/lab"]);
    let check = ["verify", "/c", "--trust", "/vendor.pub"];
    let said = ok(&[&check[..], &["--replay"]].concat());
    assert!(
        said.contains("UNKNOWN") && said.contains("run again: "),
        "{said}"
    );
    ok(&[&check[..], &["--trust", "/lab.pub", "--signers", "2"]].concat());
    ok(&["verify", "/c/certificate.dsse.json", "--trust", "/lab.pub"]);
    ok(&["report", "/c/evidence", "--quiet"]);

    insta::assert_snapshot!(told(folder, &["verify", "/c", "--trust", "/stranger.pub"]), @r"
    error: refused: c/certificate.dsse.json needs signatures of signers who are trusted, and has too few (0 of 1; unknown: ed25519:…, ed25519:…): name the signers' public keys with --trust if you trust them
    exit 8
    错误：拒绝：c/certificate.dsse.json 的受信任签名者不足（1 个中有 0 个；未知：ed25519:…, ed25519:…）：如信任他们，请用 --trust 给出其公钥
    exit 8
    ");
    insta::assert_snapshot!(told(folder, &[&check[..], &["--signers", "2"]].concat()), @r"
    error: refused: c/certificate.dsse.json needs signatures of signers who are trusted, and has too few (1 of 2; unknown: ed25519:…): name the signers' public keys with --trust if you trust them
    exit 8
    错误：拒绝：c/certificate.dsse.json 的受信任签名者不足（2 个中有 1 个；未知：ed25519:…）：如信任他们，请用 --trust 给出其公钥
    exit 8
    ");
    insta::assert_snapshot!(told(folder, &["sign", "/c", "--key", "/lab"]), @r"
    error: refused: c/certificate.dsse.json has two signatures of ed25519:…: one signer signs once
    exit 8
    错误：拒绝：c/certificate.dsse.json 有两个 ed25519:… 的签名：每个签名者只签一次
    exit 8
    ");
    let day = |day| at(folder, &[&check[..], &["--at", day]].concat());
    assert_eq!(day("2000-01-01").code, 8);
    assert_eq!(day("2999-01-01").code, 8);
    assert_eq!(day("tomorrow").code, 2);
    let other = [
        &check[..],
        &["--replay", "--defect", "silence-not-reversed"],
    ]
    .concat();
    insta::assert_snapshot!(told(folder, &other), @r"
    error: refused: the certificate is about counterproof reference terminal 0.1.0 (built-in), and what was run is counterproof reference terminal 0.1.0 (built-in, silence-not-reversed): run the terminal that was certified
    exit 8
    错误：拒绝：证书涉及 counterproof reference terminal 0.1.0 (built-in)，而运行的是 counterproof reference terminal 0.1.0 (built-in, silence-not-reversed)：请运行被认证的终端
    exit 8
    ");

    ok(&["redact", "/c", "--scenario", "reversal/*", "--out", "/less"]);
    let less = ok(&["verify", "/less", "--trust", "/vendor.pub", "--replay"]);
    assert!(!less.contains(" 0 not shown"), "{less}");
    insta::assert_snapshot!(told(folder, &["redact", "/c", "--scenario", "no/such", "--out", "/none"]), @r"
    error: nothing was left out: no scenario fits --scenario
    exit 4
    错误：没有略去任何内容：没有场景符合 --scenario
    exit 4
    ");

    for file in ["certificate.dsse.json", "test-result.dsse.json"] {
        let path = folder.join("c").join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(
            &path,
            text.replacen("==", "=", 1)
                .replacen("\"sig\": \"", "\"sig\": \"A", 1),
        )
        .unwrap();
        assert_eq!(at(folder, &check).code, 8, "{file}");
        fs::write(&path, text).unwrap();
    }
    for file in ["leaves.ndjson", "evidence.ndjson.gz"] {
        let path = folder.join("c/evidence").join(file);
        let bytes = fs::read(&path).unwrap();
        for place in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[place] ^= 0x10;
            fs::write(&path, changed).unwrap();
            let said = at(folder, &check);
            assert_eq!(said.code, 8, "{file}, byte {place}");
            assert!(said.err.contains("refused: "), "{}", said.err);
        }
        fs::write(&path, bytes).unwrap();
    }
    fs::remove_file(folder.join("c/evidence/leaves.ndjson")).unwrap();
    insta::assert_snapshot!(told(folder, &check), @r"
    error: refused: c/evidence/leaves.ndjson cannot be read (No such file or directory (os error 2)): ask for the whole directory of the certificate
    exit 8
    错误：拒绝：无法读取 c/evidence/leaves.ndjson（No such file or directory (os error 2)）：请索取完整的证书目录
    exit 8
    ");
}

#[test]
fn a_terminal_that_fails_gets_a_certificate_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(at(folder, &["key", "--out", "/vendor"]).code, 0);
    let defect = ["--defect", "silence-not-reversed", "--quiet"];
    let certify = ["certify", "--key", "/vendor", "--out", "/c"];
    let said = at(folder, &[&certify[..], &defect].concat());
    assert_eq!(said.code, 1);
    assert!(said.out.contains("FAILED"), "{}", said.out);
    let checked = at(folder, &["verify", "/c", "--trust", "/vendor.pub"]);
    assert_eq!(checked.code, 1);
    assert!(checked.out.contains("does NOT conform"), "{}", checked.out);
    // Known failures explain; they do not certify.
    let known = folder.join("known.toml");
    let expectations = ["--expectations", "/known.toml", "--update-expectations"];
    at(folder, &[&["run"][..], &defect, &expectations].concat());
    assert!(fs::read_to_string(known).unwrap().contains("[[expect]]"));
    let certify = ["certify", "--key", "/vendor", "--out", "/d"];
    let expected = at(
        folder,
        &[&certify[..], &defect, &expectations[..2]].concat(),
    );
    assert_eq!(expected.code, 1, "{}", expected.err);
    assert!(expected.out.contains("FAILED"), "{}", expected.out);
    assert_eq!(
        at(folder, &["verify", "/d", "--trust", "/vendor.pub"]).code,
        1
    );
}

#[test]
fn a_certificate_names_the_dialect_and_is_run_again_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(at(folder, &["key", "--out", "/vendor"]).code, 0);
    let file = "extends = \"cup\"\nname = \"acme\"\nmac = \"x919\"\ntpdu = \"echo\"\n";
    fs::write(folder.join("acme.toml"), file).unwrap();
    for (dialect, out, said) in [
        ("cup-campus", "/campus", "dialect: cup-campus\n"),
        ("/acme.toml", "/acme", "dialect: acme, from a file: sha256:"),
    ] {
        let certify = [
            "certify",
            "--key",
            "/vendor",
            "--out",
            out,
            "--quiet",
            "--dialect",
        ];
        let made = at(folder, &[&certify[..], &[dialect]].concat());
        assert_eq!(made.code, 0, "{dialect}: {}{}", made.out, made.err);
        let check = ["verify", out, "--trust", "/vendor.pub", "--replay"];
        let checked = at(folder, &check);
        assert_eq!(checked.code, 0, "{dialect}: {}{}", checked.out, checked.err);
        assert!(checked.out.contains(said), "{}", checked.out);
    }
    let wrong = [
        "certify",
        "--key",
        "/vendor",
        "--out",
        "/c",
        "--dialect",
        "cup-campu",
    ];
    insta::assert_snapshot!(told(folder, &wrong), @r"
    error: there is no dialect cup-campu
      did you mean cup-campus?
    exit 2
    错误：没有名为 cup-campu 的报文规范
      您是否想用 cup-campus？
    exit 2
    ");
    let person = [
        "certify",
        "--key",
        "/vendor",
        "--out",
        "/c",
        "--terminal",
        "operator",
    ];
    insta::assert_snapshot!(told(folder, &person), @r"
    error: a certificate is of a run that anybody can repeat, and a person with a device is not repeatable: attach the terminal by its adapter, --terminal 'COMMAND'
    exit 2
    错误：证书须来自任何人都能重复的运行，而人工操作设备无法重复：请用适配器连接终端，--terminal '命令'
    exit 2
    ");
    let live = [
        "certify", "--key", "/vendor", "--out", "/c", "--mode", "live",
    ];
    assert_eq!(at(folder, &live).code, 2);
    assert!(!folder.join("c").exists());
}

#[test]
fn there_is_no_certificate_without_a_terminal_a_profile_or_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(at(folder, &["key", "--out", "/vendor"]).code, 0);
    let with = |words: &[&str]| {
        let certify = ["certify", "--key", "/vendor", "--out", "/c", "--quiet"];
        at(folder, &[&certify[..], words].concat())
    };
    let silent = with(&["--terminal", "false"]);
    assert_eq!(silent.code, 3);
    assert!(!folder.join("c/certificate.dsse.json").exists());
    insta::assert_snapshot!(told(folder, &["certify", "--key", "/vendor", "--out", "/c", "--profile", "fiel"]), @r"
    error: there is no certification profile fiel
      did you mean field?
      one of: full, field, late-accept, cutover
    exit 2
    错误：没有名为 fiel 的认证配置
      您是否想用 field？
      可选：full, field, late-accept, cutover
    exit 2
    ");
    let public = ["certify", "--key", "/vendor.pub", "--out", "/c"];
    assert_eq!(at(folder, &public).code, 2);
    assert_eq!(with(&["--key", "/vendor"]).code, 2);
    for filter in [
        "--tags",
        "--name",
        "--requirement",
        "--scenario",
        "--shard",
        "--features",
    ] {
        assert_eq!(with(&[filter, "1"]).code, 2, "{filter}");
    }
}
