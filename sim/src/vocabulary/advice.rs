//! What the cashier should do now (terminal protocol §5).

use super::vocabulary;

vocabulary! {
    /// What to do now, as a terminal advises it.
    Advice ("advice") {
        Retry = "retry", "try again", "请重试";
        Wait = "wait", "wait until the network is back", "请等待网络恢复";
        MoveToSignal = "move-to-signal", "move to where there is signal", "请移到信号好的地方";
        SwitchNetwork = "switch-network", "try another network", "请切换网络";
        ContactCarrier = "contact-carrier", "ask the network carrier", "请联系网络运营商";
        CleanScanner = "clean-scanner", "clean the scanner's window", "请清洁扫码窗口";
        RestartDevice = "restart-device", "restart the terminal", "请重启终端";
        UpdateSoftware = "update-software", "update the terminal's software", "请升级终端软件";
        RefreshCode = "refresh-code", "ask the customer for a fresh code", "请顾客刷新付款码";
        ConnectPhone = "connect-phone", "connect the customer's phone to a network", "请顾客检查手机网络";
        UpdatePhone = "update-phone", "update the customer's phone or app", "请顾客升级手机系统或应用";
        EnablePhonePayment = "enable-phone-payment", "switch the payment function on in the wallet", "请顾客在钱包中开启付款功能";
        ConfirmOnPhone = "confirm-on-phone", "ask the customer to confirm on the phone", "请顾客在手机上确认";
        OtherFunding = "other-funding", "choose another funding source in the wallet", "请顾客更换付款方式";
        OtherMethod = "other-method", "offer cash or card instead", "请改用现金或银行卡";
        ContactProvider = "contact-provider", "contact the payment provider", "请联系支付服务商";
        CallSupport = "call-support", "call the terminal's support", "请联系终端售后";
    }
}
