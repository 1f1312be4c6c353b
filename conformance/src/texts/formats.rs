//! What reports in files say: JUnit, Markdown, Cucumber messages, annotations.

use super::{texts, words};

words! {
    // Markdown
    terminal = "Terminal", "终端";
    mode = "Mode", "运行方式";
    suite = "Suite", "测试套件";
    seed = "Seed", "种子";
    profiles = "Radio profiles", "网络环境";
    wallets = "Wallets", "钱包";
    shard = "Shard", "分片";
    area = "Area", "范围";
    requirement = "Requirement", "要求";
    sentence = "The terminal …", "内容";
    verdict = "Verdict", "结论";
    scenarios = "Scenarios", "场景数";
    broken = "Broken requirements", "被违反的要求";
    expected_failures = "Expected failures", "预期内的失败";
    practice = "Point", "问题";
    seen = "Seen, in so many scenarios", "实际做法（场景数）";
    reason = "Reason", "原因";
    state = "State", "状态";
    until = "Until", "有效期至";
    failures = "Scenarios that do not hold", "未满足的场景";
    undecided = "Scenarios that came to no verdict", "没有结论的场景";

    // Outcomes
    pass = "holds", "满足";
    warning = "warning", "警告";
    fail = "broken", "违反";
    expected_failure = "broken as expected", "预期内的违反";
    not_applicable = "not applicable", "不适用";
    inconclusive = "undecided", "未决";
    error = "broken off", "中断";
    not_run = "not run", "未运行";

    // What became of an expectation
    met = "fails as expected", "如预期失败";
    stale = "stale: it holds", "失效：已满足";
    not_tried = "not tried", "未涉及";
    expired = "expired: counts no more", "过期：不再有效";

    // Cucumber messages
    feature_keyword = "Feature", "功能";
    scenario_keyword = "Scenario", "场景";
    always_on = "what every scenario is checked for", "每个场景都检查的要求";
}

texts! {
    expected_because(reasons) = "expected failure: {reasons}", "预期内的失败：{reasons}";
    more_than_shown(count) = "… and {count} more: see the other reports", "…… 另有 {count} 个：见其他报告";
    verdict_line(verdict) = "Verdict: {verdict}", "结论：{verdict}";
    annotations_left_out(count) = "{count} more scenarios do not hold", "另有 {count} 个场景未满足";
    written(files) = "reports: {files}", "报告：{files}";
}
