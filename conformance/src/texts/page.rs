//! What the page of a run says besides what other reports say as well.

use super::words;

words! {
    title = "Test report", "检验报告";
    language = "中文", "English";
    theme = "Light or dark", "浅色或深色";
    print = "Print", "打印";
    overview = "Overview", "总览";
    skip = "To the scenarios", "跳到场景";

    vendor = "Maker", "厂商";
    build = "Build", "构建";
    capabilities = "Claims", "声明";
    dialect = "Dialect", "报文规范";
    seeds = "Seeds", "种子";
    cases_run = "Scenarios", "场景";
    no_terminal = "no terminal came to saying who it is", "没有终端说明自己的身份";

    not_covered = "not covered", "未涉及";

    requirements = "Requirements", "要求";
    level = "Level", "级别";
    demands = "Demands that", "内容";
    only_broken = "only where it is broken", "只看违反的";
    failed_in = "not held in", "未满足的场景";
    all_of_them = "all", "全部";

    matrix = "Scenarios by row of the matrix", "场景与矩阵";
    columns = "Columns", "列";
    profile = "radio profile", "网络环境";

    scenarios = "Scenarios", "场景";
    search = "Search", "搜索";
    search_hint = "id, name, file, message", "编号、名称、文件、说明";
    any = "any", "不限";
    clear = "Clear filters", "清除筛选";
    page = "page", "页";
    previous = "Previous", "上一页";
    next = "Next", "下一页";
    nothing_fits = "No scenario fits these filters.", "没有场景符合这些条件。";
    simulated = "simulated time", "模拟时长";

    back = "All scenarios", "全部场景";
    previous_case = "Previous scenario", "上一个场景";
    next_case = "Next scenario", "下一个场景";
    no_such_case = "This report has no such scenario:", "本报告没有这个场景：";
    loading = "Unpacking …", "正在解包……";
    unreadable = "The evidence of this scenario cannot be read; the file may be cut off.", "无法读取该场景的证据；文件可能不完整。";
    breaches = "What was wrong", "问题";
    all_held = "Everything held.", "全部满足。";
    not_run = "This scenario did not run.", "该场景没有运行。";
    show_in_sequence = "show in the sequence", "在时序图中查看";
    replay_title = "Run it again", "重放";
    copy = "Copy", "复制";
    copied = "Copied", "已复制";
    faults_title = "Faults", "故障";
    times_fired = "fired", "触发次数";
    first_at = "first at", "首次触发";
    never = "never fired", "从未触发";
    record_digest = "Digest of the record", "记录摘要";

    sequence = "What happened", "时序图";
    sequence_hint = "Rows with ▸ open: click, or Enter; arrow keys go up and down.", "带 ▸ 的行可展开：单击或按回车；方向键上下移动。";
    lane_phone = "customer's phone", "顾客手机";
    never_arrives = "never arrives", "未到达";
    pieces = "in pieces", "分段";
    noticed_here = "the breach shows here", "问题在此显现";
    open_all = "Open every message", "展开全部报文";
    close_all = "Close every message", "收起全部报文";

    field = "Field", "域";
    offset = "Offset", "偏移";
    length = "Length", "长度";
    value = "Value", "值";
    bytes = "Bytes", "字节";
    tpdu = "TPDU", "TPDU";
    header = "Message header", "报文头";
    mti = "Message type", "报文类型";
    bitmap = "Bitmap", "位图";

    screen = "The cashier's screen", "收银屏幕";
    screen_blank = "nothing shown yet", "尚无显示";
    receipts = "Receipts", "凭条";
    no_receipt = "Nothing was printed.", "没有打印。";
    ledger_title = "The acquirer's ledger at the end", "收单方账本（结束时）";
    no_money = "No money moved.", "没有资金变动。";
    when = "When", "时间";
    kind = "What", "内容";
    stan = "STAN", "流水号";
    payment_of = "of payment", "所属付款";
    debit = "from", "转出";
    credit = "to", "转入";
    amount = "Amount", "金额";
    kept = "kept of payment", "该付款净额";
    stderr_title = "The terminal's standard error", "终端的标准错误输出";
}
