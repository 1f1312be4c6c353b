//! What the suite says to a person with a device in the hand.

use super::texts;

texts! {
    card(addresses, terminal, merchant, stan) = "    acquirer      {addresses}\n    terminal      {terminal}\n    merchant      {merchant}\n    first STAN    {stan}\n    master key    the test key of the suite (docs/operator.md)", "    收单主机    {addresses}\n    终端号      {terminal}\n    商户号      {merchant}\n    首个流水号  {stan}\n    主密钥      测试程序的测试密钥（见 docs/operator.md）";
    factory(card) = "\n▶ Reset the device to its factory state, set it up as follows, switch it on, and press Enter when it waits:\n{card}", "\n▶ 请将设备恢复出厂状态，按以下参数设置并开机，待机后按回车：\n{card}";
    switch_on() = "▶ Switch the device on again, and press Enter when it has started.", "▶ 请重新给设备通电，启动后按回车。";
    pull_the_plug() = "▶ Cut the power of the device NOW, and press Enter.", "▶ 请立即切断设备电源，然后按回车。";
    enter_when_done() = "  press Enter when it is done, or write skip", "  完成后按回车，无法完成请输入 skip";
    pay(order, amount) = "▶ Take a payment of {amount} yuan by scanning the customer's code (order {order}).", "▶ 请收款 {amount} 元，扫描顾客付款码（订单 {order}）。";
    pay_by_shown_code(order, amount) = "▶ Take a payment of {amount} yuan by showing a code to the customer (order {order}). When a code is on the screen, write: display code", "▶ 请收款 {amount} 元，由终端出示收款码（订单 {order}）。屏幕出现收款码后请输入：display code";
    refund(order, amount) = "▶ Refund {amount} yuan of order {order}.", "▶ 请对订单 {order} 退货 {amount} 元。";
    void(order) = "▶ Void order {order}.", "▶ 请撤销订单 {order}。";
    cancel() = "▶ Press cancel.", "▶ 请按取消键。";
    type_code(code) = "▶ Type this code at the keypad: {code}", "▶ 请用键盘输入付款码：{code}";
    settle() = "▶ Settle the batch.", "▶ 请结算。";
    sign_in() = "▶ Sign in.", "▶ 请签到。";
    status(order) = "▶ Look up the outcome of order {order}.", "▶ 请查询订单 {order} 的结果。";
    reprint() = "▶ Print the last receipt again, and write: receipt WHAT IT SAYS", "▶ 请重打印上一张凭条，并输入：receipt 凭条内容";
    hold_code(code, path) = "▶ Hold this code before the scanner ({path}):\n{code}", "▶ 请将此付款码对准扫码窗口（{path}）：\n{code}";
    paper_out() = "▶ Take the paper out of the printer.", "▶ 请取出打印纸。";
    paper_in() = "▶ Put paper into the printer.", "▶ 请装入打印纸。";
    scanner_covered() = "▶ Cover the scanner's window.", "▶ 请遮住扫码窗口。";
    scanner_free() = "▶ Uncover the scanner's window.", "▶ 请移开扫码窗口的遮挡。";
    and_then_say(sentence) = "{sentence}\n  Then say what the screen says: approved | declined REASON [ADVICE,…] [TEXT] | cancelled … | unknown … | display TEXT | skip", "{sentence}\n  然后输入屏幕所示：approved | declined 原因 [建议,…] [文字] | cancelled … | unknown … | display 文字 | skip";
    not_understood() = "  not understood: approved, declined, cancelled, unknown, display, receipt or skip, and what belongs to it (docs/operator.md)", "  无法理解：请输入 approved、declined、cancelled、unknown、display、receipt 或 skip 及其内容（见 docs/operator.md）";
    given_up() = "nobody answered, or the scenario was skipped", "无人应答，或已跳过该场景";
}
