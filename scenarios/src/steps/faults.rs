//! Faults: everything of the catalogue, armed and ended. The faults' own names are the sentences.

use counterproof_sim::fault::{Fault, FaultKind, Nth};

use super::Role::{Given, When};
use super::{Args, Step};
use crate::world::{StepResult, World};

pub(super) const STEPS: &[Step] = &[
    Step {
        id: "fault-state",
        role: Given,
        en: "{state}",
        zh: "{state}",
        help_en: "A state of the catalogue (`counterproof list faults`) holds from now on, until it is said to be over or the scenario ends.",
        help_zh: "故障目录（counterproof list faults）中的某一状态从现在起生效，直到解除或场景结束。",
        needs: &[],
        run: |world, args| arm(world, Fault::state(args.fault())),
    },
    Step {
        id: "fault-state-for",
        role: Given,
        en: "{state} for {duration}",
        zh: "{state}，持续{duration}",
        help_en: "The state holds for that long.",
        help_zh: "该状态持续这么久。",
        needs: &[],
        run: |world, args| {
            world
                .bench()
                .arm_for(Fault::state(args.fault()), args.duration());
            world.check()
        },
    },
    Step {
        id: "fault-state-by",
        role: Given,
        en: "{state} by {duration}",
        zh: "{state}，相差{duration}",
        help_en: "The state, by that much: a phone's clock that is slow, a customer who confirms late.",
        help_zh: "该状态及其程度：手机时钟慢多少、顾客迟多久确认。",
        needs: &[],
        run: |world, args| arm(world, Fault::state(args.fault()).by(args.duration())),
    },
    Step {
        id: "fault-on-nth",
        role: Given,
        en: "on the {ordinal} {operation}, {mishap}",
        zh: "第{ordinal}次{operation}时，{mishap}",
        help_en: "A mishap of the catalogue at one message, counted from now.",
        help_zh: "从现在起第几次该报文时发生某一故障。",
        needs: &[],
        run: |world, args| arm(world, on(args, Nth::Only(args.ordinal()))),
    },
    Step {
        id: "fault-on-every",
        role: Given,
        en: "on every {operation}, {mishap}",
        zh: "每次{operation}时，{mishap}",
        help_en: "A mishap of the catalogue at every such message.",
        help_zh: "每次该报文都发生某一故障。",
        needs: &[],
        run: |world, args| arm(world, on(args, Nth::Every)),
    },
    Step {
        id: "fault-on-first",
        role: Given,
        en: "on the first {int} {operation} messages, {mishap}",
        zh: "前{int}次{operation}时，{mishap}",
        help_en: "A mishap of the catalogue at the first so many messages.",
        help_zh: "前几次该报文都发生某一故障。",
        needs: &[],
        run: |world, args| {
            let count = u32::try_from(args.int()).unwrap_or(u32::MAX);
            arm(world, on(args, Nth::First(count)))
        },
    },
    Step {
        id: "fault-on-nth-by",
        role: Given,
        en: "on the {ordinal} {operation}, {mishap} by {duration}",
        zh: "第{ordinal}次{operation}时，{mishap}{duration}",
        help_en: "A mishap with a length of time: an answer that is late, a link that is lost for so long.",
        help_zh: "带时长的故障：应答迟到多久、链路中断多久。",
        needs: &[],
        run: |world, args| {
            arm(
                world,
                on(args, Nth::Only(args.ordinal())).by(args.duration()),
            )
        },
    },
    Step {
        id: "fault-should-it",
        role: Given,
        en: "should the terminal send a {operation}, {mishap}",
        zh: "若终端发出{operation}，则{mishap}",
        help_en: "A mishap at every such message, of which a terminal may send none: closes a way that some terminals go and others do not.",
        help_zh: "若终端发出该报文（也可以不发），则发生某一故障：用于堵住部分终端会走的路径。",
        needs: &[],
        run: |world, args| arm(world, on(args, Nth::Every).optional()),
    },
    Step {
        id: "fault-should-it-by",
        role: Given,
        en: "should the terminal send a {operation}, {mishap} by {duration}",
        zh: "若终端发出{operation}，则{mishap}{duration}",
        help_en: "The same with a length of time.",
        help_zh: "同上，带时长。",
        needs: &[],
        run: |world, args| arm(world, on(args, Nth::Every).by(args.duration()).optional()),
    },
    Step {
        id: "fault-answer-code",
        role: Given,
        en: "on the {ordinal} {operation}, the acquirer answers {string} without doing anything",
        zh: "第{ordinal}次{operation}时，收单方不处理直接返回应答码{string}",
        help_en: "The acquirer answers with that response code (DE39) and books nothing.",
        help_zh: "收单方直接返回该应答码（39域），不入账。",
        needs: &[],
        run: |world, args| {
            let nth = Nth::Only(args.ordinal());
            code(world, args, FaultKind::AnswerCode, nth)
        },
    },
    Step {
        id: "fault-answer-code-every",
        role: Given,
        en: "on every {operation}, the acquirer answers {string} without doing anything",
        zh: "每次{operation}时，收单方不处理直接返回应答码{string}",
        help_en: "The same at every such message. A reason code of DE63 may follow the response code: \"05 H01\".",
        help_zh: "每次该报文都如此。应答码之后可跟63域的原因码：\"05 H01\"。",
        needs: &[],
        run: |world, args| code(world, args, FaultKind::AnswerCode, Nth::Every),
    },
    Step {
        id: "fault-answer-code-after",
        role: Given,
        en: "on the {ordinal} {operation}, the acquirer books it and answers {string}",
        zh: "第{ordinal}次{operation}时，收单方入账后返回应答码{string}",
        help_en: "The acquirer books the payment and answers with that response code (DE39).",
        help_zh: "收单方入账后返回该应答码（39域）。",
        needs: &[],
        run: |world, args| {
            let nth = Nth::Only(args.ordinal());
            code(world, args, FaultKind::AnswerCodeAfter, nth)
        },
    },
    Step {
        id: "fault-over",
        role: When,
        en: "it is over that {state}",
        zh: "故障解除：{state}",
        help_en: "Ends a state that was said before.",
        help_zh: "解除之前设定的状态。",
        needs: &[],
        run: |world, args| {
            world.bench().lift_kind(args.fault());
            world.settle_instant()
        },
    },
];

fn on(args: &Args<'_>, nth: Nth) -> Fault {
    Fault::on(args.fault(), args.operation(), nth)
}

fn code(world: &mut World, args: &Args<'_>, kind: FaultKind, nth: Nth) -> StepResult {
    let fault = Fault::on(kind, args.operation(), nth).code(args.text());
    arm(world, fault)
}

fn arm(world: &mut World, fault: Fault) -> StepResult {
    world.bench().arm(fault);
    world.check()
}
