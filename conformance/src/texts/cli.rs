//! What the command line says when something is wrong with what it was given, and what it calls
//! the columns of its lists.

use counterproof_sim::fault::Site;
use counterproof_sim::vocabulary::Lang;

use super::{texts, words};

texts! {
    error(text) = "error: {text}", "错误：{text}";
    warning(text) = "warning: {text}", "警告：{text}";
    our_mistake() = "this is a mistake of counterproof itself: please report the lines above with the command", "这是 counterproof 自身的错误：请附上以上内容和命令报告";
    did_you_mean(name) = "did you mean {name}?", "您是否想用 {name}？";
    one_of(names) = "one of: {names}", "可选：{names}";

    unknown_requirement(name) = "there is no requirement {name}", "没有编号为 {name} 的要求";
    unknown_profile(name) = "there is no radio profile {name}", "没有名为 {name} 的网络环境";
    unknown_wallet(name) = "there is no wallet {name}", "没有名为 {name} 的钱包";
    unknown_defect(name) = "the reference terminal has no defect {name}", "参考终端没有名为 {name} 的缺陷";
    dialect_without_name(file, name) = "{file}: the terminal would be told the dialect {name}, which is another one: give the file a name of its own", "{file}：终端将被告知使用规范 {name}，而那是另一种：请在文件中另取名称（name）";
    unknown_dialect(name) = "there is no dialect {name}", "没有名为 {name} 的报文规范";
    unknown_scenario(name) = "there is no scenario {name}", "没有名为 {name} 的场景";
    unknown_tag(name) = "no scenario has the tag {name}", "没有场景带标签 {name}";
    bad_name(pattern, why) = "--name {pattern} is not a regular expression: {why}", "--name {pattern} 不是正则表达式：{why}";
    see_list(what) = "`counterproof list {what}` shows them all", "`counterproof list {what}` 可列出全部";

    terminal_empty() = "--terminal is empty: give a command, or tcp:HOST:PORT", "--terminal 为空：请给出命令，或 tcp:主机:端口";
    terminal_quote(quote) = "--terminal has a quote {quote} that is never closed", "--terminal 中的引号 {quote} 没有闭合";
    terminal_address(address) = "--terminal {address}: an adapter on TCP is named tcp:HOST:PORT, with a port from 1 to 65535", "--terminal {address}：TCP 适配程序须写作 tcp:主机:端口，端口为 1 至 65535";
    bad_duration(text) = "--time-limit {text} is not a length of time above zero: write 10s, 500ms or 2m", "--time-limit {text} 不是大于零的时长：请写作 10s、500ms 或 2m";
    no_jobs() = "--jobs must be at least 1", "--jobs 至少为 1";
    no_seeds() = "--seeds must be at least 1", "--seeds 至少为 1";

    cannot_read(path, why) = "cannot read {path}: {why}", "无法读取 {path}：{why}";
    cannot_write(path, why) = "cannot write {path}: {why}", "无法写入 {path}：{why}";
    not_utf8(path, line) = "{path}:{line}: the file is not UTF-8: save it as UTF-8", "{path}:{line}：文件不是 UTF-8 编码：请另存为 UTF-8";
    no_features(path) = "there is no feature file (*.feature) in {path}", "{path} 中没有场景文件（*.feature）";
    nothing_selected() = "nothing is selected: no scenario fits --tags, --name, --requirement and --scenario together", "没有选中任何场景：没有场景同时符合 --tags、--name、--requirement 和 --scenario";

    decode_nothing() = "there is nothing to decode: give hexadecimal digits, a file, or pipe them in", "没有可解码的内容：请给出十六进制数字、文件，或从管道输入";
    decode_no_input(text) = "{text} is neither hexadecimal digits (two for each byte) nor a file", "{text} 既不是十六进制数字（每字节两位），也不是文件";
    decode_failed(offset, reason) = "at byte {offset}: {reason}", "第 {offset} 字节：{reason}";
    decode_failed_in(offset, field, reason) = "at byte {offset}, in {field}: {reason}", "第 {offset} 字节，{field} 域：{reason}";
    leftover(count) = "{count} bytes are left over behind the last field", "最后一个域之后还有 {count} 字节";
    mac_valid(algorithm) = "MAC ({algorithm}): valid", "MAC（{algorithm}）：正确";
    mac_wrong(algorithm) = "MAC ({algorithm}): WRONG", "MAC（{algorithm}）：错误";
    bad_key(why) = "--key: {why}", "--key：{why}";
    key_not_hex() = "--key must be hexadecimal digits", "--key 须为十六进制数字";
}

words! {
    requirement = "requirement", "要求";
    level = "level", "级别";
    says = "the terminal …", "内容";
    fault = "fault", "故障";
    site = "where", "位置";
    meaning = "meaning", "含义";
    defect = "defect", "缺陷";
    breaks = "breaks", "违反";
    scenario = "scenario", "场景";
    checks = "checks", "检查";
    name = "name", "名称";
    place = "place", "位置";
    role = "said as", "用于";
    pattern = "step", "步骤";
    profile = "profile", "网络环境";
    signal = "signal", "信号";
}

/// Who acts on a fault.
pub const fn site_name(site: Site, lang: Lang) -> &'static str {
    match (site, lang) {
        (Site::Host, Lang::En) => "acquirer",
        (Site::Host, Lang::Zh) => "收单方",
        (Site::Wallet, Lang::En) => "wallet",
        (Site::Wallet, Lang::Zh) => "钱包",
        (Site::Phone, Lang::En) => "phone",
        (Site::Phone, Lang::Zh) => "手机",
        (Site::Device, Lang::En) => "device",
        (Site::Device, Lang::Zh) => "设备",
        (Site::Link, Lang::En) => "link",
        (Site::Link, Lang::Zh) => "链路",
        (Site::Power, Lang::En) => "power",
        (Site::Power, Lang::Zh) => "电源",
    }
}
