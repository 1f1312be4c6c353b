//! The article that the catalogue started from – why scan payments, those on Baitiao credit too, fail
//! in shops, and what to do – line by line in our own words, and what became of each line.

use counterproof_sim::vocabulary::Advice;

use super::Requirement as R;

/// A line of the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it says, in English.
    pub en: &'static str,
    /// The same in Chinese.
    pub zh: &'static str,
    /// What it asks of a terminal.
    pub requirements: &'static [R],
    /// The radio profiles in which it is played.
    pub profiles: &'static [&'static str],
    /// What the cashier is told.
    pub advice: &'static [Advice],
    /// What it asks of others than the terminal and is not built yet; empty for nothing.
    pub open_en: &'static str,
    /// The same in Chinese.
    pub open_zh: &'static str,
}

/// A line of which everything is built.
const fn line(en: &'static str, zh: &'static str, requirements: &'static [R]) -> Line {
    Line {
        en,
        zh,
        requirements,
        profiles: &[],
        advice: &[],
        open_en: "",
        open_zh: "",
    }
}

impl Line {
    const fn played_in(mut self, profiles: &'static [&'static str]) -> Self {
        self.profiles = profiles;
        self
    }

    const fn advises(mut self, advice: &'static [Advice]) -> Self {
        self.advice = advice;
        self
    }

    const fn open(mut self, en: &'static str, zh: &'static str) -> Self {
        self.open_en = en;
        self.open_zh = zh;
        self
    }
}

/// Every line, in the order of the article.
pub const ARTICLE: &[Line] = &[
    line(
        "a weak or unstable signal breaks the transfer, in remote places and basements above all",
        "信号弱或不稳定使传输中断，偏远地区和地下室尤甚",
        &[R::Net01, R::Net02, R::Net04, R::Txn05],
    )
    .played_in(&[
        "weak",
        "basement",
        "remote-village",
        "edge-of-cell",
        "elevator",
    ]),
    line(
        "without any signal the terminal cannot reach the payment platform",
        "没有信号时，终端无法连接支付平台",
        &[R::Net01, R::Net09],
    )
    .played_in(&["no-signal"])
    .advises(&[Advice::MoveToSignal]),
    line(
        "parts inside the terminal are broken",
        "终端内部部件损坏",
        &[R::Dev01, R::Dev02, R::Dev03, R::Pwr01, R::Pwr02, R::Ops01],
    )
    .advises(&[Advice::RestartDevice]),
    line(
        "the scanner fails, and the customer's code is not recognised",
        "扫码器故障，无法识别顾客的付款码",
        &[R::Dev01, R::Dev02, R::Code06],
    ),
    line(
        "the shop's own collecting code is faulty",
        "商户的收款码有问题",
        &[R::Code07],
    ),
    line(
        "the payment interface is damaged or does not fit",
        "支付接口损坏或不兼容",
        &[R::Dev04, R::Sec01, R::Sec02, R::Sec03, R::Sec04],
    ),
    line(
        "the customer's phone has a bad network",
        "顾客手机网络不好",
        &[R::Phn03, R::Phn06],
    )
    .advises(&[Advice::ConnectPhone]),
    line(
        "the phone's system is faulty or outdated",
        "手机系统故障或版本过旧",
        &[R::Phn02, R::Phn05],
    )
    .advises(&[Advice::UpdatePhone]),
    line(
        "the phone's payment function is switched off, or shows no code",
        "手机的付款功能没有开启，或不显示付款码",
        &[R::Phn01, R::Phn04],
    ),
    line(
        "the payment was to be made on Baitiao credit",
        "付款使用白条信用",
        &[R::Crd01, R::Crd02, R::Crd03, R::Crd04, R::Crd05],
    )
    .advises(&[Advice::OtherFunding]),
    line(
        "find the cause first: each has a remedy of its own",
        "先找原因：不同的原因有不同的处理办法",
        &[R::Ux01, R::Ux02, R::Ux03],
    ),
    line("try another network", "换一个网络再试", &[R::Net03]).advises(&[Advice::SwitchNetwork]),
    line(
        "ask the carrier about outage and maintenance",
        "向运营商询问是否故障或维护",
        &[R::Net08, R::Ops03],
    )
    .played_in(&["outage", "maintenance"])
    .advises(&[Advice::ContactCarrier]),
    line(
        "do not scan again until the network is back",
        "网络恢复前不要再扫码",
        &[R::Net09, R::Rev04],
    )
    .advises(&[Advice::Wait]),
    line(
        "clean, inspect and update the device",
        "清洁、检查并升级设备",
        &[R::Dev02, R::Dev04, R::Ops01],
    )
    .advises(&[Advice::CleanScanner, Advice::UpdateSoftware]),
    line(
        "help the customer to switch payment on",
        "协助顾客开启付款功能",
        &[R::Phn01],
    )
    .advises(&[Advice::EnablePhonePayment]),
    line("offer cash or card instead", "改用现金或银行卡", &[R::Ux04])
        .advises(&[Advice::OtherMethod]),
    line(
        "turn to the maker, to support, to a consumer body",
        "联系厂家、售后或消费者组织",
        &[R::Ux01],
    )
    .advises(&[Advice::CallSupport, Advice::ContactProvider]),
    line(
        "watch devices, bandwidth and traffic, and have a plan for emergencies",
        "监测设备、带宽和流量，制定应急预案",
        &[R::Ops01, R::Ops03],
    )
    .open("a drill", "演练"),
    line(
        "back up, and restore so that nothing is lost",
        "做好备份，恢复时不丢数据",
        &[R::Pwr01, R::Pwr02, R::Pwr03, R::Pwr04],
    ),
    line("train the staff, and examine them", "培训员工并考核", &[])
        .open("a drill that is scored", "可评分的演练"),
    line(
        "keep a file of each device: use, faults, repairs",
        "为每台设备建档：使用、故障、维修",
        &[R::Ops02],
    )
    .open("a file of the bench's own", "测试台自己的设备档案"),
    line(
        "terminals differ: small ones with a signature, full ones, ones coupled to a phone",
        "终端种类不同：带签名的小型终端、全功能终端、与手机配套的终端",
        &[R::Txn14, R::Code06],
    )
    .open("signature and coupling to a phone", "电子签名和手机配套"),
];

#[cfg(test)]
mod tests {
    use counterproof_sim::link::profiles;

    use super::*;
    use crate::requirements::Basis;

    #[test]
    fn what_rests_on_the_article_stands_in_it() {
        for requirement in R::ALL {
            if requirement.basis().any(|basis| basis == Basis::Article) {
                let mut lines = ARTICLE.iter();
                let found = lines.any(|line| line.requirements.contains(requirement));
                assert!(found, "{requirement}");
            }
        }
    }

    #[test]
    fn every_line_came_to_something_and_says_what_is_open_in_both_languages() {
        for line in ARTICLE {
            assert!(
                !line.requirements.is_empty() || !line.open_en.is_empty(),
                "{}",
                line.en
            );
            assert_eq!(line.open_en.is_empty(), line.open_zh.is_empty());
            for profile in line.profiles {
                assert!(profiles::find(profile).is_ok(), "{profile}");
            }
        }
    }
}
