//! The Chinese help of the command line. The English help stands beside the options themselves
//! (`cli/args.rs`), as clap wants it; a test sees to it that none lacks its Chinese.

use super::{certificate, link};

/// Chinese help of a command (`""` for the program itself), or of an option or value of it
/// (`command/option`). Options that every command has stand under `"*"`.
pub fn zh(place: &str) -> Option<&'static str> {
    HELP.iter()
        .chain(certificate::HELP)
        .chain(link::HELP)
        .find(|(name, _)| *name == place)
        .map(|(_, help)| *help)
}

/// Headings of the help.
pub const TEMPLATE_ZH: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

const HELP: &[(&str, &str)] = &[
    (
        "",
        "在模拟收银台上检验扫码支付终端：顾客手机、无线链路和收单网络都按门店里的方式发生故障。",
    ),
    ("*/lang", "输出语言：en 或 zh [默认：按系统环境]"),
    (
        "*/color",
        "何时使用颜色：auto、always 或 never；遵守 NO_COLOR",
    ),
    ("*/help", "显示帮助"),
    ("*/version", "显示版本"),
    ("run", "检验终端，报告哪些要求得到满足 [默认命令]"),
    (
        "run/terminal",
        "终端：标准输入输出使用终端协议的命令，或 tcp:主机:端口 [默认：内置参考终端]",
    ),
    ("run/defect", "故意弄坏参考终端；可重复"),
    (
        "run/tags",
        "标签符合的场景：'@network and not (@slow or @live)'",
    ),
    ("run/name", "名称符合此正则表达式的场景"),
    ("run/requirement", "检查此要求的场景；可重复"),
    (
        "run/scenario",
        "报告中所写的确切场景，含矩阵行和种子；可重复",
    ),
    ("run/seed", "一切随机性的种子"),
    ("run/seeds", "从 --seed 起使用多少个种子"),
    ("run/dialect", "收单方的报文规范，或其文件"),
    ("run/practices", "规则说法不一之处认可哪些做法：文件"),
    ("run/profile", "链路的网络环境，用于未指定的场景；可重复"),
    ("run/wallet", "顾客的钱包，用于未指定的场景；可重复"),
    (
        "run/mode",
        "由谁掌握时间：lockstep（测试程序，虚拟时间）或 live（终端自己，并自行建立连接）",
    ),
    (
        "run/time_scale",
        "live 模式：时间加快的倍数；交给终端的各项时限按同一倍数缩短",
    ),
    (
        "run/instances",
        "live 模式：同时测试的终端数 [默认：同 --jobs]",
    ),
    (
        "run/tolerance",
        "live 模式：时刻的精确程度；超出时限不足此值的不算超时",
    ),
    (
        "run/power_cmd",
        "切换 tcp:主机:端口 处终端电源的命令，末尾参数为 off 或 on",
    ),
    (
        "run/answers",
        "用于 --terminal operator：代替人员回答的文件",
    ),
    (
        "run/answer_within",
        "用于 --terminal operator：等待回答的时间",
    ),
    (
        "run/listen",
        "live 模式：测试程序作为收单方监听的本机地址；写明端口时第一条链路用它，其余依次递增",
    ),
    ("run/features", "使用自己的场景，而不是认证场景"),
    (
        "*/report",
        "要写的报告：results、evidence、html、junit、messages、markdown、pcap；可重复",
    ),
    (
        "*/pcap",
        "写 run.pcapng：链路上的全部数据包，供 Wireshark 使用；即 --report pcap",
    ),
    (
        "*/out",
        "在此目录写 results.json、证据和报告 [有 --report 时默认：counterproof-report]",
    ),
    ("run/shard", "只运行计划中的这一份 [默认：按 CI 环境变量]"),
    ("run/resume", "从 --out 中的证据继续被中断的运行"),
    (
        "run/expectations",
        "已知失败的文件：必须失败，但不算作运行失败",
    ),
    ("run/update_expectations", "按本次运行改写已知失败的文件"),
    ("run/jobs", "同时检验的终端数 [默认：每核一个]"),
    ("run/time_limit", "终端每次应答的实际时限"),
    ("run/show_codes", "明文显示付款码"),
    ("run/quiet", "只显示结果"),
    ("run/verbose", "完整显示每个失败，并逐个显示场景结果"),
    ("merge", "合并各分片的证据：一份报告，一个结论"),
    ("report", "用一次运行的证据生成报告，不重新运行"),
    (
        "merge/bundle",
        "一次运行或一个分片的证据：其目录，或文件 evidence.ndjson.gz",
    ),
    (
        "report/bundle",
        "一次运行的证据：其目录，或文件 evidence.ndjson.gz",
    ),
    ("merge/quiet", "只显示结果"),
    ("report/quiet", "只显示结果"),
    ("merge/verbose", "完整显示每个失败"),
    ("report/verbose", "完整显示每个失败"),
    (
        "serve",
        "为开发中的终端提供模拟收单方和手机的常驻服务，直到停止",
    ),
    (
        "serve/listen",
        "终端接入的地址；端口 0 表示任一空闲端口；可重复 [默认：127.0.0.1:7800]",
    ),
    ("serve/api", "接口监听的地址"),
    ("serve/data", "保存账本、交易和密钥的目录"),
    ("serve/terminals", "收单方所知终端的文件"),
    ("serve/example_terminals", "打印一个终端文件的示例"),
    ("serve/dialect", "收单方的报文规范，或其文件"),
    (
        "serve/pace",
        "应答用时：simulated（如真实收单方和钱包）或 prompt（立即）",
    ),
    (
        "serve/api_token_file",
        "令牌文件，接口使用者须持有 [默认：环境变量 COUNTERPROOF_API_TOKEN，否则无]",
    ),
    ("serve/max_connections", "终端同时连接的最大数目"),
    ("serve/frame_time", "一帧须在此时间内收完"),
    ("serve/idle_time", "静默达到此时间的连接将被关闭"),
    ("serve/sync", "应答发出前等待写入磁盘：本机断电时也不丢失"),
    ("serve/seed", "一切随机性的种子 [默认：启动时随机]"),
    ("serve/show_codes", "记录中明文显示付款码"),
    ("serve/json", "以一行 JSON 对象打印地址"),
    (
        "list",
        "列出：要求、场景、故障、步骤、网络环境、做法分歧、缺陷",
    ),
    (
        "list/what",
        "列出什么：requirements、scenarios、faults、steps、profiles、practices 或 defects",
    ),
    ("list/json", "以 JSON 数组输出"),
    ("list/features", "使用自己的场景，而不是认证场景"),
    ("decode", "解析一条 ISO 8583 报文"),
    (
        "decode/input",
        "十六进制数字（忽略空白、换行和 0x），或含有它们或原始字节的文件，或 - 表示标准输入",
    ),
    ("decode/unframed", "报文不带两个长度字节"),
    ("decode/dialect", "收单方的报文规范，或其文件"),
    ("decode/mac", "MAC 算法：ecb、cbc 或 x919 [默认：相符者]"),
    ("decode/key", "十六进制的 MAC 密钥：用于校验 64 域"),
    ("decode/json", "在终端上也输出 JSON"),
    ("decode/show_codes", "明文显示付款码和密钥"),
    ("mutants", "逐一弄坏参考终端，报告什么发现了它"),
    ("mutants/json", "以 JSON 对象输出"),
    ("mutants/jobs", "同时检验的终端数 [默认：每核一个]"),
    ("docs", "生成覆盖情况和缺陷检出矩阵两页文档"),
    (
        "docs/dir",
        "文档目录：写入 requirements.md、coverage.md、mutants.md，以及 zh-CN 下的三页",
    ),
    ("docs/jobs", "同时检验的终端数 [默认：每核一个]"),
];
