//! What the customer does, and what the scanner reads.

use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Event, Symbology};
use counterproof_sim::time::{Span, Time};

use super::Role::{Given, When};
use super::Step;
use crate::verdict::Sentence;
use crate::world::{AT_ONCE, StepResult, Stop, World};

pub(super) const STEPS: &[Step] = &[
    Step {
        id: "customer-has-wallet",
        role: Given,
        en: "the customer uses {wallet}",
        zh: "顾客使用{wallet}",
        help_en: "Which wallet the customer's phone shows codes of.",
        help_zh: "顾客手机出示哪个钱包的付款码。",
        needs: &[],
        run: |world, args| {
            let wallet = args.wallet();
            world.choose_wallet(wallet);
            Ok(())
        },
    },
    Step {
        id: "customer-funds",
        role: Given,
        en: "the customer pays from {funding}",
        zh: "顾客用{funding}付款",
        help_en: "The funding source that the customer has chosen in the wallet, now or anew.",
        help_zh: "顾客在钱包里选择（或改选）的付款方式。",
        needs: &[],
        run: |world, args| {
            let funding = args.funding();
            world.bench().phone_mut().set_funding(funding);
            Ok(())
        },
    },
    Step {
        id: "customer-must-confirm",
        role: Given,
        en: "the wallet asks the customer for the password",
        zh: "钱包要求顾客输入密码",
        help_en: "The next payments have to be confirmed on the phone.",
        help_zh: "之后的付款需要在手机上确认。",
        needs: &[],
        run: |world, _| {
            world.bench().phone_mut().needs_password(true);
            Ok(())
        },
    },
    Step {
        id: "customer-shows-code",
        role: When,
        en: "the customer shows the payment code",
        zh: "顾客出示付款码",
        help_en: "Holds the phone before the scanner, for as long as it takes to read it.",
        help_zh: "把手机放在扫码窗口前，直到读取。",
        needs: &[],
        run: |world, _| {
            world.bench().hold_phone();
            until_read(world)
        },
    },
    Step {
        id: "customer-refreshes",
        role: When,
        en: "the customer refreshes the code",
        zh: "顾客刷新付款码",
        help_en: "The phone makes a fresh code at once.",
        help_zh: "手机立即生成新的付款码。",
        needs: &[],
        run: |world, _| {
            world.bench().phone_mut().refresh();
            Ok(())
        },
    },
    Step {
        id: "customer-shows-same-code",
        role: When,
        en: "the customer shows the same code again",
        zh: "顾客再次出示同一付款码",
        help_en: "Holds a picture of the code that was read last before the scanner.",
        help_zh: "把上一次读过的付款码再次放在扫码窗口前。",
        needs: &[],
        run: |world, _| {
            let Some(code) = last_code(world) else {
                return Err(Stop::Scenario(Sentence::new(
                    "no code was shown before that could be shown again",
                    "之前没有出示过付款码",
                )));
            };
            world.bench().hold_text(&code);
            until_read(world)
        },
    },
    Step {
        id: "customer-shows-code-of",
        role: When,
        en: "the customer shows the code of order {string} again",
        zh: "顾客再次出示订单{string}的付款码",
        help_en: "Holds a picture of the code with which that order was paid before the scanner.",
        help_zh: "把该订单用过的付款码再次放在扫码窗口前。",
        needs: &[],
        run: |world, args| {
            let order = args.text();
            let Some(code) = code_of(world, order) else {
                return Err(Stop::Scenario(Sentence::new(
                    format!("no code was read for order {order}"),
                    format!("订单{order}没有读到过付款码"),
                )));
            };
            world.bench().hold_text(&code);
            until_read(world)
        },
    },
    Step {
        id: "scanner-reads",
        role: When,
        en: "the scanner reads {string}",
        zh: "扫码器读到{string}",
        help_en: "The scanner delivers this text when it is armed. \\r, \\n, \\t and \\u{…} stand for control characters.",
        help_zh: "扫码器（启动后）送出此文本。可用 \\r、\\n、\\t、\\u{…} 表示控制字符。",
        needs: &[],
        run: |world, args| {
            world.bench().hold_text(args.text());
            until_read(world)
        },
    },
    Step {
        id: "scanner-reads-code-with",
        role: When,
        en: "the scanner reads the payment code between {string} and {string}",
        zh: "扫码器读到的付款码前有{string}后有{string}",
        help_en: "The scanner delivers the phone's code with something before and after it.",
        help_zh: "扫码器送出的付款码前后带有附加字符。",
        needs: &[],
        run: |world, args| {
            let (before, after) = (args.text(), args.text_at(1));
            let Some(code) = world.bench().read_phone() else {
                return Err(Stop::Scenario(Sentence::new(
                    "the phone shows no code",
                    "手机未显示付款码",
                )));
            };
            world.bench().hold_text(&format!("{before}{code}{after}"));
            until_read(world)
        },
    },
    Step {
        id: "scanner-reads-digits",
        role: When,
        en: "the scanner reads {int} digits",
        zh: "扫码器读到{int}位数字",
        help_en: "The scanner delivers that many digits that begin like a payment code.",
        help_zh: "扫码器送出这么多位、开头像付款码的数字。",
        needs: &[],
        run: |world, args| {
            let count = usize::try_from(args.int()).unwrap_or(0).min(1 << 20);
            let text: String = "1345092768".chars().cycle().take(count).collect();
            world.bench().hold_text(&text);
            until_read(world)
        },
    },
    Step {
        id: "scanner-reads-once-more",
        role: When,
        en: "the scanner delivers the same read again after {duration}",
        zh: "扫码器在{duration}后重复送出同一内容",
        help_en: "A double trigger: the same text once more, whether or not the scanner is still armed.",
        help_zh: "重复触发：再送一次同样的文本，无论扫码器是否仍在等待。",
        needs: &[],
        run: |world, args| read_again(world, args.duration()),
    },
    Step {
        id: "scanner-echoes",
        role: When,
        en: "the scanner echoes its last read within a second of it",
        zh: "扫码器在1秒内重复送出上一次的内容",
        help_en: "A double trigger while the counter has gone on: the same text once more, less than a second after the first. Inconclusive where the counter took longer than that.",
        help_zh: "柜台已进入下一步时的重复触发：首次读取后1秒内再送一次。若柜台用时超过1秒，则无法判定。",
        needs: &[],
        run: |world, _| {
            let now = world.bench().now();
            let is_slow = world.bench().keeps_its_own_time();
            let late = last_read(world).is_some_and(|(at, _)| now.since(at) >= ECHO);
            if late && is_slow {
                return Err(Stop::OutOfReach(Sentence::new(
                    "with a terminal that keeps its own time the counter takes more than a second to come here",
                    "终端自行掌握时间时，柜台走到此步骤已超过1秒",
                )));
            }
            if late {
                return Err(Stop::Missed(Sentence::new(
                    "the counter took more than a second from the read to this step",
                    "从读码到此步骤已超过1秒",
                )));
            }
            read_again(world, Span::from_millis(1))
        },
    },
];

/// A second read within this of the first is its echo (edges 13).
const ECHO: Span = Span::from_millis(999);

/// Delivers a read once more, whether or not the scanner is armed.
fn read_again(world: &mut World, after: Span) -> StepResult {
    let Some((_, text)) = last_read(world) else {
        return Err(Stop::Scenario(Sentence::new(
            "the scanner has read nothing yet",
            "扫码器尚未读到内容",
        )));
    };
    let at = world.bench().now() + after;
    world.bench().run_to(at);
    world.give(Event::ScannerRead {
        text,
        symbology: Symbology::Qr,
    })
}

/// Lets the scanner see what is held before it, once the terminal has armed it.
fn until_read(world: &mut World) -> StepResult {
    let from = world.entries().len();
    let bench = world.bench();
    let limit = bench.now() + AT_ONCE;
    bench.run_until(from, limit, |entry| {
        matches!(
            &entry.fact,
            Fact::Told {
                event: Event::ScannerRead { .. } | Event::ScannerFault { .. }
            }
        )
    });
    world.check()
}

/// The code that the phone showed or that was typed last.
fn last_code(world: &World) -> Option<Box<str>> {
    world
        .entries()
        .iter()
        .rev()
        .find_map(|entry| match &entry.fact {
            Fact::Presented { code, .. } => code.clone(),
            _ => None,
        })
}

/// The code that was read last for an order.
fn code_of(world: &World, order: &str) -> Option<Box<str>> {
    let mut of_order = false;
    let mut code = None;
    for entry in world.entries() {
        match &entry.fact {
            Fact::Told {
                event: Event::Pay { order: opened, .. },
            } => of_order = **opened == *order,
            Fact::Told {
                event: Event::ScannerRead { text, .. } | Event::ManualCode { text },
            } if of_order => code = Some(text.clone()),
            _ => {}
        }
    }
    code
}

fn last_read(world: &World) -> Option<(Time, Box<str>)> {
    world
        .entries()
        .iter()
        .rev()
        .find_map(|entry| match &entry.fact {
            Fact::Told {
                event: Event::ScannerRead { text, .. },
            } => Some((entry.at, text.clone())),
            _ => None,
        })
}
