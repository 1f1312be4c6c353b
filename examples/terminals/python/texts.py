"""What the cashier reads, in Chinese and English: prompts, reasons, advice."""

from __future__ import annotations

PROMPTS = {
    "scan": ("请扫描顾客付款码 {amount} 元", "Scan the customer's code: {amount}"),
    "working": ("交易处理中，请稍候", "Working, please wait"),
    "waiting": ("请顾客在手机上确认，勿重复收款", "Customer must confirm on the phone. Do not charge again"),
    "checking": ("结果未知，正在核对，勿重复收款", "Result unknown, checking. Do not charge again"),
    "reversing": ("正在冲正，请稍候", "Reversing, please wait"),
    "approved": ("收款成功 {amount} 元", "Approved {amount}"),
    "refund": ("退货成功 {amount} 元", "Refunded {amount}"),
    "void": ("撤销成功 {amount} 元", "Voided {amount}"),
    "partial": ("部分批准 {amount} 元，还应收 {rest} 元", "Partly approved {amount}, still to collect {rest}"),
    "declined": ("交易失败", "Declined"),
    "cancelled": ("交易已取消，款项未收", "Cancelled, nothing was charged"),
    "stands": ("未退款，原交易有效", "Nothing was given back, the payment stands"),
    "keypad": ("可用键盘输入付款码", "The code may be typed at the keypad"),
    "signing-in": ("正在签到", "Signing in"),
    "signed-in": ("签到成功", "Signed in"),
    "settling": ("正在结算", "Settling"),
    "settled": ("结算完成，对账平，批次 {batch}", "Batch {batch} is settled and balanced"),
    "unbalanced": ("结算完成，对账不平，批次 {batch}，请联系收单机构",
                   "Batch {batch} is settled but NOT balanced, contact the payment provider"),
    "still-open": ("结算未完成，请再次结算", "The settlement is not finished, settle again"),
    "testing": ("正在自检", "Testing"),
    "tested": ("自检完成", "Test finished"),
    "no-receipt": ("没有可重打印的签购单", "There is no receipt to print again"),
    "running": ("该订单正在处理", "This order is being worked on"),
    "printer": ("打印机故障，签购单待打印", "Printer fault, the receipt will be printed later"),
    "restored": ("已用备份恢复", "Restored from the backup"),
    "lost": ("数据丢失，不能收款", "Data is lost, no payments can be taken"),
}

REASONS = {
    "network.no-signal": ("无网络信号", "No network signal"),
    "network.timeout": ("网络超时", "The network did not answer in time"),
    "network.host-unreachable": ("无法连接收单主机", "The acquirer cannot be reached"),
    "network.security": ("密钥或报文校验错误", "Security check of the host connection failed"),
    "device.scanner": ("扫码器故障", "The scanner is broken"),
    "device.merchant-code": ("收款码有误，未出示", "The shop's code is faulty and was not shown"),
    "device.interface": ("终端接口版本不被支持", "The terminal's interface version is not supported"),
    "device.printer": ("打印机故障", "Printer fault"),
    "device.storage": ("终端存储损坏", "The terminal's storage is damaged"),
    "device.batch-full": ("批次已满", "The batch is full"),
    "device.busy": ("终端正在处理另一笔交易", "The terminal is busy with another transaction"),
    "device.power": ("交易因断电中断", "Interrupted by a power cut"),
    "input.invalid": ("输入无效", "Invalid input"),
    "input.unknown-order": ("没有此订单", "Unknown order"),
    "code.unreadable": ("未读到付款码", "No code could be read"),
    "code.unknown": ("不是有效的付款码", "Not a payment code"),
    "code.expired": ("付款码已过期", "The payment code has expired"),
    "code.used": ("付款码已使用", "The payment code was used before"),
    "phone.network": ("顾客手机无网络", "The customer's phone is offline"),
    "phone.os-outdated": ("顾客手机系统或应用版本过低", "The customer's phone or app is too old"),
    "phone.payment-disabled": ("顾客未开启支付功能", "Payment is switched off on the customer's phone"),
    "phone.unconfirmed": ("顾客未在手机上确认", "The customer has not confirmed on the phone"),
    "credit.not-activated": ("顾客未开通白条", "The customer's credit is not activated"),
    "credit.limit": ("白条额度不足", "The customer's credit limit is too low"),
    "credit.overdue": ("白条已逾期", "The customer's credit is overdue"),
    "credit.risk": ("白条风控拒绝", "Refused by credit risk control"),
    "host.declined": ("主机拒绝交易", "Declined by the host"),
    "host.maintenance": ("支付机构维护中", "The payment provider is in maintenance"),
    "host.duplicate": ("重复交易", "Duplicate transaction"),
    "cashier.cancelled": ("收银员已取消", "Cancelled by the cashier"),
}

ADVICE = {
    "retry": ("请重试", "Try again"),
    "wait": ("请稍候", "Wait"),
    "move-to-signal": ("请移到信号好的位置", "Move to where there is signal"),
    "switch-network": ("请切换网络", "Switch to another network"),
    "contact-carrier": ("请联系运营商", "Contact the carrier"),
    "clean-scanner": ("请擦拭扫码窗", "Clean the scanner's window"),
    "restart-device": ("请重启终端", "Restart the terminal"),
    "update-software": ("请更新终端软件", "Update the terminal's software"),
    "refresh-code": ("请顾客刷新付款码", "Ask the customer to refresh the code"),
    "connect-phone": ("请顾客检查手机网络", "Ask the customer to connect the phone"),
    "update-phone": ("请顾客升级手机系统或应用", "Ask the customer to update phone and app"),
    "enable-phone-payment": ("请顾客开启支付功能", "Ask the customer to switch payment on"),
    "confirm-on-phone": ("请顾客在手机上确认", "Ask the customer to confirm on the phone"),
    "other-funding": ("请顾客换付款方式", "Ask the customer for another funding source"),
    "other-method": ("请改用其他方式收款", "Take cash or card instead"),
    "contact-provider": ("请联系收单机构", "Contact the payment provider"),
    "call-support": ("请联系售后", "Call support"),
}


def yuan(fen: int) -> str:
    return "%d.%02d" % divmod(fen, 100)


class Texts:
    """The texts of one locale; English for everything that is not Chinese."""

    def __init__(self, locale: str):
        self.chinese = locale.lower().startswith("zh")

    def say(self, table: dict, key: str, **values: str) -> str:
        return table[key][0 if self.chinese else 1].format(**values)

    def prompt(self, key: str, **values: str) -> str:
        return self.say(PROMPTS, key, **values)

    def problem(self, reason: str, advice: list[str]) -> list[str]:
        return [self.say(REASONS, reason)] + [self.say(ADVICE, word) for word in advice]
