//! Links, power and time: what happens around the counter.

use counterproof_sim::record::{Entry, Fact};
use counterproof_sim::terminal::{Action, Boot, Status};
use counterproof_sim::time::{Civil, Time};
use counterproof_sim::vocabulary::Vocabulary;

use super::Role::{Given, When};
use super::Step;
use crate::case::Need;
use crate::verdict::Sentence;
use crate::world::{AT_ONCE, StepResult, Stop, World};

pub(super) const STEPS: &[Step] = &[
    Step {
        id: "network-is",
        role: Given,
        en: "the network is {profile}",
        zh: "网络环境为{profile}",
        help_en: "Radio profile of every link of the terminal, from now on.",
        help_zh: "终端所有链路从现在起的网络环境。",
        needs: &[],
        run: |world, args| {
            let profile = args.profile();
            world.choose_profile(None, profile);
            world.check_if_on()
        },
    },
    Step {
        id: "links-secured",
        role: Given,
        en: "connections are secured with TLS",
        zh: "连接采用TLS加密",
        help_en: "The terminal is given the acquirer's authority and name, and connects with TLS. For terminals that make their own connections (live mode). Stands before the terminal is switched on.",
        help_zh: "终端获知收单方的证书颁发者和名称，以TLS连接。用于自行建立连接的终端（live模式）。须写在开机之前。",
        needs: &[Need::OwnConnections],
        run: |world, _| {
            world.setup()?.secured = true;
            Ok(())
        },
    },
    Step {
        id: "link-is",
        role: Given,
        en: "the {link} link is {profile}",
        zh: "{link}链路的环境为{profile}",
        help_en: "Radio profile of one link of the terminal, from now on.",
        help_zh: "终端某一链路从现在起的网络环境。",
        needs: &[Need::Links(2)],
        run: |world, args| {
            let (link, profile) = (args.link(), args.profile());
            world.choose_profile(Some(link), profile);
            world.check_if_on()
        },
    },
    Step {
        id: "link-down",
        role: When,
        en: "the {link} link goes down",
        zh: "{link}链路断开",
        help_en: "The terminal's modem loses the network of that link.",
        help_zh: "终端该链路失去网络。",
        needs: &[Need::Links(2)],
        run: |world, args| {
            world.bench().set_link(args.link(), false);
            world.settle_instant()
        },
    },
    Step {
        id: "link-up",
        role: When,
        en: "the {link} link comes back",
        zh: "{link}链路恢复",
        help_en: "The terminal's modem has the network of that link again.",
        help_zh: "终端该链路恢复网络。",
        needs: &[Need::Links(2)],
        run: |world, args| {
            world.bench().set_link(args.link(), true);
            world.settle_instant()
        },
    },
    Step {
        id: "signal-lost",
        role: When,
        en: "the signal is lost",
        zh: "所有网络信号消失",
        help_en: "Every link of the terminal loses its network.",
        help_zh: "终端所有链路失去网络。",
        needs: &[],
        run: |world, _| set_all(world, false),
    },
    Step {
        id: "signal-back",
        role: When,
        en: "the signal is back",
        zh: "网络信号恢复",
        help_en: "Every link of the terminal has its network again.",
        help_zh: "终端所有链路恢复网络。",
        needs: &[],
        run: |world, _| set_all(world, true),
    },
    Step {
        id: "time-passes",
        role: When,
        en: "{duration} pass(es)",
        zh: "经过{duration}",
        help_en: "Lets time pass, whatever happens meanwhile.",
        help_zh: "时间流逝。",
        needs: &[],
        run: |world, args| {
            let until = world.bench().now() + args.duration();
            world.bench().run_to(until);
            world.check()
        },
    },
    Step {
        id: "comes-to-rest",
        role: When,
        en: "everything has come to rest",
        zh: "一切平静之后",
        help_en: "Lets time pass until nothing is under way any more, at most as long as a terminal may take.",
        help_zh: "等待一切活动结束，最长不超过终端允许的时限。",
        needs: &[],
        run: |world, _| {
            let bench = world.bench();
            let limit = bench.now() + bench.patience();
            bench.run_to_rest(limit);
            world.check()
        },
    },
    Step {
        id: "waits-for-code",
        role: When,
        en: "the terminal waits for a code",
        zh: "终端等待付款码",
        help_en: "Lets time pass until the scanner is armed.",
        help_zh: "等到扫码器启动。",
        needs: &[],
        run: |world, _| {
            let wanted = Sentence::new("the scanner armed", "扫码器启动");
            until(world, wanted, |fact| {
                matches!(
                    fact,
                    Fact::Did {
                        action: Action::ScannerOn
                    }
                )
            })
        },
    },
    Step {
        id: "terminal-dials",
        role: When,
        en: "the terminal is connecting",
        zh: "终端正在连接",
        help_en: "Lets time pass until the terminal asks for a connection.",
        help_zh: "等到终端发起连接。",
        needs: &[],
        run: |world, _| {
            let from = world.mark;
            let bench = world.bench();
            if bench.keeps_its_own_time() {
                return Err(Stop::OutOfReach(Sentence::new(
                    "a terminal with sockets of its own is connected before anything else can happen",
                    "自行建立连接的终端瞬间即已连上，其间来不及发生别的事",
                )));
            }
            let limit = bench.now() + bench.patience();
            let dials = |entry: &Entry| matches!(entry.fact, Fact::Dialled { .. });
            let found = bench.run_until(from, limit, dials);
            world.check()?;
            // A terminal may keep its connection from payment to payment.
            found.map(|_| ()).ok_or_else(|| {
                Stop::Missed(Sentence::new(
                    "the terminal asked for no connection",
                    "终端没有发起连接",
                ))
            })
        },
    },
    Step {
        id: "request-under-way",
        role: When,
        en: "the {operation} has reached the acquirer",
        zh: "{operation}请求已到达收单方",
        help_en: "Lets time pass until the acquirer has received such a request.",
        help_zh: "等到收单方收到该请求。",
        needs: &[],
        run: |world, args| {
            let wanted = args.operation();
            let from = world.mark;
            let bench = world.bench();
            let limit = bench.now() + bench.patience();
            let found = bench.run_until(from, limit, |entry| {
                matches!(&entry.fact, Fact::Judged { operation, .. } if *operation == Some(wanted))
            });
            let wanted = Sentence::new(
                format!("a {} that reaches the acquirer", wanted.en()),
                format!("{}请求到达收单方", wanted.zh()),
            );
            world.expect_found(found, wanted)
        },
    },
    Step {
        id: "waits-for-customer",
        role: When,
        en: "the terminal says that it does not know yet",
        zh: "终端提示结果未知",
        help_en: "Lets time pass until the terminal reports the order as unknown.",
        help_zh: "等到终端对订单报告结果未知。",
        needs: &[],
        run: |world, _| {
            let wanted = Sentence::new("an outcome `unknown`", "报告结果未知（unknown）");
            until(
                world,
                wanted,
                |fact| matches!(fact, Fact::Did { action: Action::Outcome(o) } if o.status == Status::Unknown),
            )
        },
    },
    Step {
        id: "power-fails",
        role: When,
        en: "the power fails",
        zh: "断电",
        help_en: "Cuts the terminal's power now; it comes back by itself after some seconds.",
        help_zh: "立即切断终端电源；几秒后自动恢复。",
        needs: &[Need::PowerCut],
        run: |world, _| {
            world.bench().cut_power();
            world.check()
        },
    },
    Step {
        id: "power-is-back",
        role: When,
        en: "the power is back",
        zh: "恢复供电后",
        help_en: "Lets time pass until the terminal has restarted.",
        help_zh: "等到终端重新启动。",
        needs: &[],
        run: |world, _| {
            // The cut may still lie ahead, armed as a fault.
            let from = world.mark;
            let bench = world.bench();
            let limit = bench.now() + bench.patience();
            bench.run_until(from, limit, |entry| {
                matches!(&entry.fact, Fact::Boot { boot: Boot::Cold })
            });
            let on = bench.now() + AT_ONCE;
            bench.run_to(on);
            world.check()
        },
    },
    Step {
        id: "power-stays-off",
        role: Given,
        en: "the power stays off for {duration}",
        zh: "断电持续{duration}",
        help_en: "How long it takes until a cut power comes back.",
        help_zh: "断电后多久恢复供电。",
        needs: &[],
        run: |world, args| {
            world.set_power_off(args.duration());
            Ok(())
        },
    },
    Step {
        id: "first-stan",
        role: Given,
        en: "the first STAN is {int}",
        zh: "首个流水号为{int}",
        help_en: "STAN of the terminal's first message. Stands above the step that switches it on.",
        help_zh: "终端第一条报文的流水号。须写在开机步骤之前。",
        needs: &[],
        run: |world, args| {
            world.setup()?.account.first_stan = u32::try_from(args.int()).unwrap_or(1);
            Ok(())
        },
    },
    Step {
        id: "shop-clock",
        role: Given,
        en: "it is {string} in the shop",
        zh: "店内时间为{string}",
        help_en: "Date and time at which the scenario begins, as 2028-02-28 23:30. Stands above the step that switches the terminal on.",
        help_zh: "场景开始的日期和时间，如 2028-02-28 23:30。须写在开机步骤之前。",
        needs: &[],
        run: |world, args| {
            let Some(start) = date_and_time(args.text()) else {
                return Err(Stop::Scenario(Sentence::new(
                    format!(
                        "{:?} is no date and time: write 2028-02-28 23:30",
                        args.text()
                    ),
                    format!("{:?} 不是日期和时间：请写成 2028-02-28 23:30", args.text()),
                )));
            };
            world.setup()?.start = start;
            Ok(())
        },
    },
    Step {
        id: "display-language",
        role: Given,
        en: "the display language is {string}",
        zh: "显示语言为{string}",
        help_en: "BCP 47 tag of the terminal's language: zh-CN, en-GB. Stands above the step that switches it on.",
        help_zh: "终端界面语言（BCP 47）：zh-CN、en-GB。须写在开机步骤之前。",
        needs: &[],
        run: |world, args| {
            world.setup()?.locale = args.text().into();
            Ok(())
        },
    },
];

/// A date and time of the shop, as `2028-02-28 23:30`.
fn date_and_time(text: &str) -> Option<Time> {
    let (date, time) = text.split_once(' ')?;
    let mut date = date.split('-');
    let mut time = time.split(':');
    let civil = Civil {
        year: date.next()?.parse().ok()?,
        month: date.next()?.parse().ok()?,
        day: date.next()?.parse().ok()?,
        hour: time.next()?.parse().ok()?,
        minute: time.next()?.parse().ok()?,
        second: 0,
    };
    let whole = date.next().is_none() && time.next().is_none();
    civil.instant().filter(|_| whole)
}

fn set_all(world: &mut World, up: bool) -> StepResult {
    for link in world.bench().link_names() {
        world.bench().set_link(&link, up);
    }
    world.settle_instant()
}

/// Runs until something happens that has not before the current `When`.
fn until(world: &mut World, wanted: Sentence, is: impl Fn(&Fact) -> bool) -> StepResult {
    let from = world.mark;
    let bench = world.bench();
    let limit = bench.now() + bench.patience();
    let found = bench.run_until(from, limit, |entry| is(&entry.fact));
    world.expect_found(found, wanted)
}
