//! What is said of certificates: made, signed, checked, refused. A refusal says what is wrong and what to
//! do about it.

use counterproof_sim::vocabulary::Lang;

use super::texts;
use crate::certificate::refusal::Refusal;
use crate::certificate::statement::TestResult;

texts! {
    no_key(why) = "no key could be made: {why}", "无法生成密钥：{why}";
    key_exists(path) = "{path} is there already, and a key is never written over: choose another name", "{path} 已存在，密钥不会被覆盖：请另选文件名";
    key_made(id, private, public) = "{id}\nprivate key: {private} (keep it to yourself)\npublic key: {public}\n", "{id}\n私钥：{private}（请妥善保管）\n公钥：{public}\n";
    no_private_key(path, why) = "{path} is no private Ed25519 key in PEM ({why}): make one with `counterproof key`", "{path} 不是 PEM 格式的 Ed25519 私钥（{why}）：请用 `counterproof key` 生成";
    no_public_key(path, why) = "{path} is no public Ed25519 key in PEM ({why}): `counterproof key` writes it as FILE.pub", "{path} 不是 PEM 格式的 Ed25519 公钥（{why}）：`counterproof key` 将其写为 FILE.pub";
    same_key(path) = "{path} is the same key as another --key: name each once", "{path} 与另一个 --key 是同一密钥：每个只写一次";
    needs_lockstep() = "a certificate is of a run that anybody can repeat, and a person with a device is not repeatable: attach the terminal by its adapter, --terminal 'COMMAND'", "证书须来自任何人都能重复的运行，而人工操作设备无法重复：请用适配器连接终端，--terminal '命令'";
    unknown_profile(name) = "there is no certification profile {name}", "没有名为 {name} 的认证配置";
    exists(path) = "{path} is there already: choose another directory", "{path} 已存在：请另选目录";
    no_terminal() = "there is no certificate, because the terminal did not say who it is: see what it did above", "没有生成证书：终端没有说明身份，原因见上文";
    stopped() = "there is no certificate, because the run was stopped: run it again", "没有生成证书：运行被中断，请重新运行";
    certified(result, profile, expires, path) = "certificate: {result} – {profile} – counts until {expires}: {path}\n", "证书：{result} – {profile} – 有效期至 {expires}：{path}\n";
    signed(path, key) = "{path}: signed by {key}\n", "{path}：已由 {key} 签名\n";
    nothing_hidden() = "nothing was left out: no scenario fits --scenario", "没有略去任何内容：没有场景符合 --scenario";
    redacted(count, path) = "scenarios left out: {count}; written to {path}\n", "略去 {count} 个场景；已写入 {path}\n";
    bad_day(text) = "--at {text} is not a day: write 2027-01-31", "--at {text} 不是日期：请写作 2027-01-31";
    replay_needs_evidence() = "--replay compares with the evidence: name the directory of the certificate, or --evidence", "--replay 需与证据比较：请给出证书目录，或使用 --evidence";

    about(terminal, build) = "terminal: {terminal}, build {build}\n", "终端：{terminal}，构建 {build}\n";
    of_profile(name, title, cases) = "profile: {name} – {title}, {cases} scenarios\n", "配置：{name} – {title}，{cases} 个场景\n";
    speaks(name) = "dialect: {name}\n", "报文规范：{name}\n";
    speaks_file(name, digest) = "dialect: {name}, from a file: {digest}\n", "报文规范：{name}，来自文件：{digest}\n";
    signer_trusted(key) = "signed by {key}, trusted\n", "签名：{key}，受信任\n";
    signer_unknown(key) = "signed by {key}, UNKNOWN\n", "签名：{key}，未知\n";
    evidence_not_checked() = "evidence: not looked at; name the directory of the certificate to check it\n", "证据：未检查；给出证书目录即可检查\n";
    evidence_checked(shown, hidden) = "evidence: {shown} scenarios checked, {hidden} not shown\n", "证据：已检查 {shown} 个场景，{hidden} 个未出示\n";
    replayed(count) = "run again: {count} scenarios, each went as it had gone\n", "重新运行：{count} 个场景，结果均相同\n";
    valid_passed(issued, expires) = "VALID: the terminal conforms (PASSED), {issued} to {expires}\n", "有效：终端符合要求（PASSED），{issued} 至 {expires}\n";
    valid_warned(issued, expires) = "VALID: the terminal conforms, with warnings (WARNED), {issued} to {expires}\n", "有效：终端符合要求，但有警告（WARNED），{issued} 至 {expires}\n";
    valid_failed(issued, expires) = "VALID, and it says that the terminal does NOT conform (FAILED), {issued} to {expires}\n", "有效，但证书说明终端不符合要求（FAILED），{issued} 至 {expires}\n";

    missing(file, why) = "refused: {file} cannot be read ({why}): ask for the whole directory of the certificate", "拒绝：无法读取 {file}（{why}）：请索取完整的证书目录";
    form(file, why) = "refused: {file} is not what it should be ({why}): ask the signer for the file again", "拒绝：{file} 的内容不符合格式（{why}）：请向签名者重新索取";
    edited(file) = "refused: {file} is not as it was signed: ask the signer for the file again", "拒绝：{file} 与签名时不同：请向签名者重新索取";
    signature(file, key) = "refused: {file} was changed after {key} signed it, or the signature was: ask the signer for the file again", "拒绝：{key} 签名之后，{file} 或其签名被改动：请向签名者重新索取";
    signed_twice(file, key) = "refused: {file} has two signatures of {key}: one signer signs once", "拒绝：{file} 有两个 {key} 的签名：每个签名者只签一次";
    unsigned(file) = "refused: nobody signed {file}: sign it with `counterproof sign`", "拒绝：{file} 没有签名：请用 `counterproof sign` 签名";
    stranger(file, needed, trusted, strangers) = "refused: {file} needs signatures of signers who are trusted, and has too few ({trusted} of {needed}; unknown: {strangers}): name the signers' public keys with --trust if you trust them", "拒绝：{file} 的受信任签名者不足（{needed} 个中有 {trusted} 个；未知：{strangers}）：如信任他们，请用 --trust 给出其公钥";
    profile_unknown(name) = "refused: this program knows no profile {name}: check it with the version that made it", "拒绝：本程序没有认证配置 {name}：请用生成证书的版本检查";
    profile_changed(name) = "refused: the profile {name} demands something else in this program: check it with the version that made it", "拒绝：本程序中配置 {name} 的要求不同：请用生成证书的版本检查";
    dialect_other(name) = "refused: the dialect {name} says something else in this program: check it with the version that made it", "拒绝：本程序中报文规范 {name} 的内容不同：请用生成证书的版本检查";
    suite_other(version) = "refused: it was made with other scenarios, those of version {version}: check it with the program that made it", "拒绝：证书由另一套场景（版本 {version}）生成：请用生成证书的程序检查";
    plan_other(found, demanded) = "refused: it is about {found} scenarios, which are not the {demanded} that its profile demands: have the terminal certified again with all of them", "拒绝：证书涉及 {found} 个场景，不是配置所要求的 {demanded} 个：请用全部场景重新认证";
    contradiction(file, what) = "refused: {what} in {file} does not follow from the rest of it: have the terminal certified again", "拒绝：{file} 中的 {what} 与其余内容矛盾：请重新认证";
    not_yet(issued) = "refused: it counts from {issued} on: wait, or correct the clock", "拒绝：证书自 {issued} 起有效：请等待或校正时钟";
    expired(expires) = "refused: it expired, its last day was {expires}: have the terminal certified again", "拒绝：证书已过期，最后有效日为 {expires}：请重新认证";
    leaf_count(found, demanded) = "refused: the evidence has {found} leaves for {demanded} scenarios: ask for the whole evidence", "拒绝：{demanded} 个场景只应有同样多的叶子，证据中有 {found} 个：请索取完整的证据";
    leaf_order(line, found, demanded) = "refused: line {line} of the leaves should be {demanded} and is {found}: a scenario is missing, doubled or in another's place; ask for the whole evidence", "拒绝：叶子第 {line} 行应为 {demanded}，实为 {found}：有场景缺失、重复或错位；请索取完整的证据";
    claimed(id) = "refused: {id} counts as not applicable, and the terminal claims all that it needs: have it certified again", "拒绝：{id} 被记为不适用，而终端声明具备所需的全部能力：请重新认证";
    no_evidence(id) = "refused: the evidence of {id} is missing: ask for the whole evidence", "拒绝：缺少 {id} 的证据：请索取完整的证据";
    case_edited(id) = "refused: the evidence of {id} is not what was signed: ask for the evidence again", "拒绝：{id} 的证据与签名时不同：请重新索取证据";
    unproven(id) = "refused: no leaf stands for the evidence of {id}: ask for the evidence again", "拒绝：{id} 的证据没有对应的叶子：请重新索取证据";
    other_terminal(certified, found) = "refused: the certificate is about {certified}, and what was run is {found}: run the terminal that was certified", "拒绝：证书涉及 {certified}，而运行的是 {found}：请运行被认证的终端";
    replay_differs(differing, compared, first) = "refused: {differing} of {compared} scenarios went otherwise when they were run again ({first}): the terminal is not the one that was certified, or does not do the same twice", "拒绝：重新运行的 {compared} 个场景中有 {differing} 个结果不同（{first}）：终端不是被认证的那个，或其行为不可重复";
}

/// One who signed, and whether that one is trusted.
pub fn signer(lang: Lang, key: impl std::fmt::Display, is_trusted: bool) -> String {
    if is_trusted {
        signer_trusted(lang, key)
    } else {
        signer_unknown(lang, key)
    }
}

/// What a certificate says that is not refused.
pub fn valid(
    lang: Lang,
    result: TestResult,
    issued: impl std::fmt::Display,
    expires: impl std::fmt::Display,
) -> String {
    match result {
        TestResult::Passed => valid_passed(lang, issued, expires),
        TestResult::Warned => valid_warned(lang, issued, expires),
        TestResult::Failed => valid_failed(lang, issued, expires),
    }
}

/// Why a certificate is refused, and what to do.
pub fn refusal(lang: Lang, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Missing { file, why } => missing(lang, file, why),
        Refusal::Form { file, why } => form(lang, file, why),
        Refusal::Edited { file } => edited(lang, file),
        Refusal::Signature { file, key } => signature(lang, file, key),
        Refusal::SignedTwice { file, key } => signed_twice(lang, file, key),
        Refusal::Unsigned { file } => unsigned(lang, file),
        Refusal::Stranger {
            file,
            needed,
            trusted,
            strangers,
        } => stranger(lang, file, needed, trusted, strangers),
        Refusal::Profile { name } => profile_unknown(lang, name),
        Refusal::ProfileChanged { name } => profile_changed(lang, name),
        Refusal::Dialect { name } => dialect_other(lang, name),
        Refusal::Suite { version } => suite_other(lang, version),
        Refusal::Plan { found, demanded } => plan_other(lang, found, demanded),
        Refusal::Contradiction { file, what } => contradiction(lang, file, what),
        Refusal::NotYet { issued } => not_yet(lang, issued),
        Refusal::Expired { expires } => expired(lang, expires),
        Refusal::Leaves { found, demanded } => leaf_count(lang, found, demanded),
        Refusal::Order {
            line,
            found,
            demanded,
        } => leaf_order(lang, line, found, demanded),
        Refusal::Claimed { id } => claimed(lang, id),
        Refusal::NoEvidence { id } => no_evidence(lang, id),
        Refusal::Case { id } => case_edited(lang, id),
        Refusal::Unproven { id } => unproven(lang, id),
        Refusal::OtherTerminal { certified, found } => other_terminal(lang, certified, found),
        Refusal::Replay {
            differing,
            compared,
            first,
        } => replay_differs(lang, differing, compared, first),
    }
}

/// The Chinese help of the commands, as [`super::help`] has it of the others.
pub const HELP: &[(&str, &str)] = &[
    ("key", "生成一对用于证书的密钥"),
    ("key/out", "私钥文件；公钥写在旁边，名为 FILE.pub"),
    ("certify", "为取得证书检验终端，并对结果签名"),
    (
        "certify/terminal",
        "终端：标准输入输出使用终端协议的命令，或 tcp:主机:端口 [默认：内置参考终端]",
    ),
    ("certify/defect", "故意弄坏参考终端；可重复"),
    ("certify/jobs", "同时检验的终端数 [默认：每核一个]"),
    ("certify/time_limit", "终端每次应答的实际时限"),
    (
        "certify/profile",
        "必须运行的内容：full、field、late-accept、cutover",
    ),
    ("certify/seed", "一切随机性的种子"),
    ("certify/dialect", "收单方的报文规范：名称，或其文件"),
    (
        "certify/expectations",
        "已知失败的文件；证书会注明它，但不为其中任何一项作保",
    ),
    ("certify/key", "用于签名的私钥；可重复"),
    ("certify/out", "证书及其证据写入此目录"),
    ("certify/valid", "有效天数"),
    ("certify/quiet", "只显示结果"),
    ("certify/verbose", "完整显示每个失败，并逐个显示场景结果"),
    ("sign", "给证书增加一个签名"),
    (
        "sign/certificate",
        "证书：其目录，或文件 certificate.dsse.json",
    ),
    ("sign/key", "用于签名的私钥；可重复"),
    ("redact", "从证书的证据中略去一些场景，证书仍然有效"),
    ("redact/certificate", "证书的目录"),
    (
        "redact/scenario",
        "要略去的场景，按报告中的写法，或含 * 和 ? 的模式；可重复",
    ),
    ("redact/out", "证书和剩余证据写入此目录"),
    ("verify", "检查证书：签名、完整性、证据；并可重新运行"),
    (
        "verify/certificate",
        "证书：其目录（含证据），或仅文件 certificate.dsse.json",
    ),
    ("verify/trust", "受信任签名者的公钥；可重复"),
    ("verify/signers", "至少须有几个受信任的签名者"),
    ("verify/evidence", "证据的目录，当它不在证书旁边时"),
    ("verify/at", "须在此日有效，如 2027-01-31 [默认：今天]"),
    ("verify/replay", "重新运行全部场景并比较"),
    (
        "verify/terminal",
        "重新运行的终端：命令，或 tcp:主机:端口 [默认：内置参考终端]",
    ),
    ("verify/defect", "故意弄坏参考终端；可重复"),
    ("verify/jobs", "同时检验的终端数 [默认：每核一个]"),
    ("verify/time_limit", "终端每次应答的实际时限"),
    ("verify/quiet", "只显示结果"),
];
