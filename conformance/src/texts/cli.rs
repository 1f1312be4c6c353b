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
    reference_is_lockstep() = "--mode live is for terminals with connections of their own: name one with --terminal", "--mode live 用于自行建立连接的终端：请用 --terminal 指定";
    misplaced(option, goes_with) = "{option} means nothing without {goes_with}: add that, or leave {option} out", "{option} 只与 {goes_with} 一起使用：请加上后者，或去掉 {option}";
    bad_power_cmd(text) = "--power-cmd {text} is no command: it is empty, or a quote is never closed", "--power-cmd {text} 不是命令：为空，或引号没有闭合";
    practices_form(file, why) = "{file}: {why}\n  write lines like: print-failure = [\"kept\", \"reversed\"]", "{file}：{why}\n  每行形如：print-failure = [\"kept\", \"reversed\"]";
    no_such_practice(file, name) = "{file}: there is no practice {name}", "{file}：没有名为 {name} 的做法分歧";
    no_such_way(file, practice, name) = "{file}: {name} is no way of {practice}", "{file}：{practice} 没有做法 {name}";
    practice_of_nothing(file, practice) = "{file}: {practice} accepts nothing, so that any terminal would break it: name at least one way, or leave it out", "{file}：{practice} 什么都不认可，任何终端都会违反：请至少写一种做法，或去掉此行";
    bad_answers(path, why) = "{path}: {why}", "{path}：{why}";
    no_jobs() = "--jobs must be at least 1", "--jobs 至少为 1";
    no_seeds() = "--seeds must be at least 1", "--seeds 至少为 1";

    unknown_report(name) = "there is no report {name}", "没有名为 {name} 的报告";
    shard_form(text) = "--shard {text} is no part of a plan: write 2/5 for the second of five", "--shard {text} 不是计划的一份：五份中的第二份请写作 2/5";
    shard_half(set, missing) = "{set} is set and {missing} is not: set both, or say --shard 1/1", "设置了 {set} 而没有 {missing}：请两者都设置，或使用 --shard 1/1";
    shard_value(index, total, said_index, said_total) = "{index} and {total} say {said_index} and {said_total}, which is no part of a plan: correct them, or say --shard", "{index} 和 {total} 为 {said_index} 和 {said_total}，不是计划的一份：请更正，或使用 --shard";
    shard_taken(shard, source, cases, all) = "shard {shard} ({source}): {cases} of {all} scenarios", "分片 {shard}（{source}）：{all} 个场景中的 {cases} 个";
    resumed(done, all) = "going on: {done} of {all} scenarios have evidence", "继续运行：{all} 个场景中已有 {done} 个的证据";
    other_run(path, difference) = "{path} is of another run: {difference}", "{path} 属于另一次运行：{difference}";
    doubled_shard(path, other) = "{path} is the same part of the run as {other}", "{path} 与 {other} 是运行的同一份";
    doubled_case(path, id) = "{path}: {id} is there twice, or in the wrong place", "{path}：{id} 重复或位置不对";
    missing_shards(list) = "there is no evidence of shard {list}", "缺少分片 {list} 的证据";
    torn(path) = "{path} breaks off: its run was stopped; run it again with --resume", "{path} 不完整：其运行被中断；请加 --resume 再运行";
    merge_into_itself(path) = "--out would write over {path}: choose another directory", "--out 会覆盖 {path}：请另选目录";
    bundle_empty(path) = "{path}: the run was stopped before anything was written", "{path}：运行在写入任何内容之前被中断";
    bundle_form(path, line, why) = "{path}: line {line} is no evidence of a run: {why}", "{path}：第 {line} 行不是运行的证据：{why}";
    bundle_schema(path, schema) = "{path} has the schema {schema}, which this program does not read", "{path} 的格式为 {schema}，本程序无法读取";
    expectations_key(key) = "{key} is not known here: a file of known failures has entries [[expect]]", "此处不能有 {key}：已知失败的文件由 [[expect]] 条目组成";
    expectations_member(key, members) = "an entry has no member {key}; it has {members}", "条目没有成员 {key}；成员有 {members}";
    expectations_text(key) = "{key} must be a text that is not empty", "{key} 须为非空文本";
    expectations_lacks(key) = "the entry lacks {key}", "条目缺少 {key}";
    expectations_date() = "expires must be a day: 2027-01-31", "expires 须为日期：2027-01-31";
    expectations_new() = "found by --update-expectations: say here why it is known", "由 --update-expectations 发现：请在此说明为何已知";
    expectations_sharded() = "--update-expectations needs the whole run: merge the shards' runs into one, or run it unsharded", "--update-expectations 需要完整的运行：请不分片运行";
    expectations_updated(file, removed, added, expired) = "{file}: entries taken out: {removed}, added: {added}, expired and left to you: {expired}", "{file}：删除 {removed} 条，新增 {added} 条，过期待您处理 {expired} 条";
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
    practice = "practice", "做法分歧";
    way = "way", "做法";
    accepted = "accepted", "认可";
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

/// Yes or no.
pub const fn yes_or_no(is_so: bool, lang: Lang) -> &'static str {
    match (is_so, lang) {
        (true, Lang::En) => "yes",
        (true, Lang::Zh) => "是",
        (false, Lang::En) => "no",
        (false, Lang::Zh) => "否",
    }
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
