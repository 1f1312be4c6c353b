//! What `counterproof link` says, and its Chinese help.

use counterproof_sim::link::Direction;
use counterproof_sim::vocabulary::Lang;

use super::texts;

/// Chinese help of the command, as [`super::help::zh`] finds it.
pub const HELP: &[(&str, &str)] = &[
    (
        "link",
        "在终端与任意主机之间转发，按网络环境延迟、丢包、断线",
    ),
    ("link/listen", "终端连接的地址；端口 0 表示任意空闲端口"),
    ("link/to", "转发到的地址"),
    ("link/profile", "链路的网络环境（list profiles 可列出）"),
    (
        "link/netem",
        "自定义环境，双向相同，写法同 tc-netem：'delay 50ms 10ms loss 1%'",
    ),
    ("link/seed", "一切随机性的种子"),
    (
        "link/frames",
        "数据由带两个长度字节的报文组成：每条报文单独作为一个包，决定不受内核合并影响",
    ),
];

texts! {
    listens(address, to, profile, seed) = "{address} → {to}: {profile}, seed {seed}; Ctrl-C ends it", "{address} → {to}：{profile}，种子 {seed}；按 Ctrl-C 结束";
    phase(seconds) = "for {seconds} s:", "持续 {seconds} 秒：";
    counted(way, packets, bytes, lost, again) = "{way}  packets: {packets}, bytes: {bytes}, lost: {lost}, sent again: {again}", "{way}  包：{packets}，字节：{bytes}，丢失：{lost}，重发：{again}";
    cannot_listen(address, why) = "cannot listen at {address}: {why}", "无法在 {address} 监听：{why}";
    bad_netem(why) = "--netem: {why}", "--netem：{why}";
    broken(why) = "the relay cannot run: {why}", "无法转发：{why}";
}

/// A direction, in two columns.
pub const fn way(lang: Lang, direction: Direction) -> &'static str {
    match (direction, lang) {
        (Direction::Up, Lang::En) => "up  ",
        (Direction::Down, Lang::En) => "down",
        (Direction::Up, Lang::Zh) => "上行",
        (Direction::Down, Lang::Zh) => "下行",
    }
}
