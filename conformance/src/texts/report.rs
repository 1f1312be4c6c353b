//! What the report of a run says.

use super::{texts, words};

words! {
    area = "area", "范围";
    held = "hold", "满足";
    broken = "broken", "违反";
    warned = "warned", "警告";
    open = "open", "未决";
    not_applicable = "n.a.", "不适用";

    expected = "expected", "应为";
    seen = "seen", "实际";
    faults = "fault", "故障";
    timeline = "timeline", "时间线";
    cause = "likely", "可能原因";
    remedy = "remedy", "处理";
    why = "why", "理由";
    cashier = "cashier", "收银员";
    more = "more", "详见";
    replay = "replay", "重放";
    stderr = "stderr", "标准错误";
    happened = "what", "情况";

    conformant = "CONFORMANT", "符合";
    not_conformant = "NOT CONFORMANT", "不符合";
    as_expected = "AS EXPECTED", "与预期一致";
    stale = "STALE EXPECTATION", "预期失效";
    incomplete = "INCOMPLETE", "未完成";
    error = "ERROR", "出错";
    legend = "✓ holds  ✗ broken  ! warning  ? undecided  E broken off  – not applicable  · not covered", "✓ 满足  ✗ 违反  ! 警告  ? 未决  E 中断  – 不适用  · 未涉及";
    practices = "What the terminal does where the sources disagree", "规则说法不一之处，终端的做法";
    not_accepted = "not accepted", "不认可";
    legend_expected = "x broken as expected", "x 预期内的违反";
    broken_requirements = "Broken requirements, nearest to the cause first", "被违反的要求，最接近起因者在前";
    broken_scenarios = "Scenarios that the terminal or the suite broke off", "因终端或测试程序出错而中断的场景";
    undecided_scenarios = "Scenarios that could not be decided", "无法判定的场景";
    caught_by = "caught first by", "最先发现的场景";
    noticed_by = "noticed by", "发现者";
    catches = "scenarios", "场景数";
    reported = "reported", "报告的要求";
    whole = "WHOLE", "完整";
    not_whole = "NOT WHOLE", "不完整";
    more_failures = "More scenarios that do not hold", "其余未满足的场景";
}

texts! {
    does_not_claim(needs) = "the terminal does not claim {needs}", "终端未声明支持{needs}";
    only_virtual() = "it takes days or hangs on an instant, and runs where time is virtual", "历时数日或取决于某一瞬间，仅在虚拟时间下运行";
    bad_so_far(bad) = "{bad} failed", "{bad} 个失败";
    time_left(left) = "about {left} s left", "约剩 {left} 秒";
    will_take(total, left) = "{total} scenarios, about {left} s", "{total} 个场景，约需 {left} 秒";
    so_far(done, total, bad, left) = "{done} of {total} scenarios, {bad} failed, about {left} s left", "已完成 {done}/{total} 个场景，{bad} 个失败，约剩 {left} 秒";
    heading(version, terminal, scenarios, seed) = "counterproof {version} – {terminal} – scenarios: {scenarios}, seed: {seed}", "counterproof {version} – {terminal} – {scenarios} 个场景，种子 {seed}";
    fired(fault, when, times) = "{fault}: fired {times}×, first at +{when}", "{fault}：触发 {times} 次，首次在 +{when}";
    idle(fault) = "{fault}: never fired", "{fault}：从未触发";
    not_covered(ids) = "not covered by this selection: {ids}", "本次选择未涉及：{ids}";
    many_not_covered(count, all) = "not covered by this selection: {count} of {all} requirements", "本次选择未涉及：{all} 项要求中的 {count} 项";
    scenarios_of(fail, total) = "{fail} of {total}", "{fail}/{total}";
    see_results(path) = "all of them: {path}", "全部见 {path}";
    see_verbose() = "all of them: run with --verbose, or with --out DIR", "全部：加 --verbose 或 --out 目录 运行";
    expected_and_seen(ids, expected, seen) = "{ids}: expected {expected}; seen {seen}", "{ids}：应为 {expected}；实际 {seen}";
    labelled(label, what) = "{label}: {what}", "{label}：{what}";
    requirement_page(page) = "docs/{page}", "docs/zh-CN/{page}";
    and_more(count) = "… and {count} more", "…… 另有 {count} 个";
    way(name, cases) = "{name} ({cases})", "{name}（{cases}）";
    way_not_accepted(name, cases) = "{name} ({cases}, not accepted)", "{name}（{cases}，不认可）";
    points(count) = "points at which the power was cut, each in a run of its own: {count}", "断电点（每点单独运行一次）：{count}";
    places(count) = "places at which storage was damaged, each in a run of its own: {count}", "存储损坏处（每处单独运行一次）：{count}";
    no_record() = "the record of this scenario was not kept: replay it alone", "未保留该场景的记录：请单独重放";
    verdict_conformant(held, scenarios) = "requirements that hold: {held}, in {scenarios} scenarios", "{held} 项要求在 {scenarios} 个场景中得到满足";
    verdict_not_conformant(broken, fail, scenarios) = "requirements broken: {broken}, in {fail} of {scenarios} scenarios", "{scenarios} 个场景中有 {fail} 个违反了 {broken} 项要求";
    verdict_as_expected(broken, fail, scenarios) = "requirements broken as expected: {broken}, in {fail} of {scenarios} scenarios; nothing else is", "{scenarios} 个场景中有 {fail} 个违反了 {broken} 项要求，均在预期之内";
    verdict_stale(stale) = "failures that are expected and did not come: {stale}; take them out of the file, or run with --update-expectations", "{stale} 项预期的失败没有出现；请从文件中删除，或加 --update-expectations 运行";
    expectation_stale(file, entry) = "stale: {file} expects {entry}, and it holds", "失效：{file} 预期 {entry} 失败，实际已满足";
    expectation_expired(file, entry) = "expired: {file} expects {entry}, and counts no more", "过期：{file} 预期 {entry} 失败，已不再有效";
    verdict_incomplete(open, missing) = "scenarios undecided: {open}, not run: {missing}", "{open} 个场景未决，{missing} 个未运行";
    verdict_error(count) = "scenarios broken off by the terminal or the suite: {count}", "{count} 个场景因终端或测试程序出错而中断";
    counted(what, count) = "{what} ({count})", "{what}（{count}）";
    step_on(line) = "step, line {line}", "第 {line} 行的步骤";
    matrix_whole(defects, scenarios) = ": {scenarios} scenarios catch each of {defects} defects for the requirement that it breaks", "：{scenarios} 个场景因各自所违反的要求发现了全部 {defects} 种缺陷";
    matrix_not_whole(caught, defects, scenarios) = ": {scenarios} scenarios catch {caught} of {defects} defects for the requirement that they break", "：{scenarios} 个场景因各自所违反的要求发现了 {defects} 种缺陷中的 {caught} 种";
    matrix_incomplete(done, all) = ": {done} of {all} defects were tried", "：{all} 种缺陷中试了 {done} 种";
    stopped() = "stopped before the end", "提前停止";
    ended_badly(how) = "the terminal did not end as it should: {how}", "终端没有正常结束：{how}";
}
