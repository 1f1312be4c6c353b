//! Why a payment did not succeed (terminal protocol §5).

use super::vocabulary;

vocabulary! {
    /// Why an operation did not succeed, as a terminal reports it.
    Reason ("reason") {
        NoSignal = "network.no-signal", "no network signal", "没有网络信号";
        NetworkTimeout = "network.timeout", "the network did not answer in time", "网络超时";
        HostUnreachable = "network.host-unreachable", "the acquirer cannot be reached", "无法连接收单主机";
        NetworkSecurity = "network.security", "the connection is not secure", "安全校验失败";
        Scanner = "device.scanner", "the scanner does not work", "扫码器故障";
        MerchantCode = "device.merchant-code", "the shop's code is faulty", "商户收款码有误";
        Interface = "device.interface", "the payment interface is not supported", "支付接口版本不受支持";
        Printer = "device.printer", "the printer does not work", "打印机故障";
        Storage = "device.storage", "the storage is damaged", "存储损坏";
        BatchFull = "device.batch-full", "the batch is full", "批次已满";
        Busy = "device.busy", "the terminal is busy with another operation", "终端正忙";
        Power = "device.power", "the power failed before anything was sent", "发送前断电";
        InvalidInput = "input.invalid", "the input is not valid", "输入无效";
        UnknownOrder = "input.unknown-order", "the order is not known", "订单不存在";
        CodeUnreadable = "code.unreadable", "the code could not be read", "付款码无法识读";
        CodeUnknown = "code.unknown", "this is not a payment code", "不是付款码";
        CodeExpired = "code.expired", "the payment code has expired", "付款码已过期";
        CodeUsed = "code.used", "the payment code was used before", "付款码已使用";
        PhoneNetwork = "phone.network", "the phone has no network", "手机网络异常";
        PhoneOutdated = "phone.os-outdated", "the phone's system or app is too old", "手机系统或应用版本过低";
        PaymentDisabled = "phone.payment-disabled", "the phone's payment function is off", "手机支付功能未开启";
        Unconfirmed = "phone.unconfirmed", "the customer has not confirmed", "顾客未确认付款";
        CreditNotActivated = "credit.not-activated", "Baitiao is not activated", "白条未激活";
        CreditLimit = "credit.limit", "the Baitiao limit is too low", "白条额度不足";
        CreditOverdue = "credit.overdue", "Baitiao is overdue", "白条已逾期";
        CreditRisk = "credit.risk", "Baitiao was refused by risk control", "白条风控拒绝";
        Declined = "host.declined", "the acquirer declined", "收单方拒绝";
        Maintenance = "host.maintenance", "the payment system is in maintenance", "支付系统维护中";
        Duplicate = "host.duplicate", "the transaction is a duplicate", "重复交易";
        CashierCancelled = "cashier.cancelled", "cancelled by the cashier", "收银员已取消";
    }
}
