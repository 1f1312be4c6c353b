//! What the comments of a capture say of its packets.

use super::texts;

texts! {
    begins(case, title, outcome) = "{case}: {title} ({outcome})", "{case}：{title}（{outcome}）";
    fault(name) = "fault: {name}", "故障：{name}";
    lost(why) = "never arrives: {why}", "未到达：{why}";
    late(after) = "arrives after {after}", "{after} 后到达";
    doubled(one, two) = "arrives twice, after {one} and after {two}", "到达两次：{one} 后和 {two} 后";
    damaged() = "damaged on the way: its checksum is wrong when it arrives", "途中损坏：到达时校验和错误";
    overtakes() = "overtakes one that was sent before", "先于更早发出的包到达";
    again() = "sent again", "重发";
    by_loss() = "lost on the air", "空中丢失";
    by_list() = "lost by the list of the profile", "按环境设定的清单丢失";
    by_schedule() = "the link is in its off time", "链路处于中断时段";
    by_limit() = "too many packets wait", "排队的包过多";
    by_outage() = "the link is down", "链路中断";
}
