//! What is asked of a record as a whole: that a requirement holds, and that the terminal acts as it may
//! where the sources disagree.

use counterproof_sim::vocabulary::Practice;

use super::Role::Then;
use super::Step;
use crate::checks;
use crate::requirements::Requirement;
use crate::verdict::{Breach, Sentence};
use crate::world::{StepResult, Stop, World};

pub(super) const STEPS: &[Step] = &[
    Step {
        id: "requirement-holds",
        role: Then,
        en: "requirement {requirement} holds",
        zh: "满足要求{requirement}",
        help_en: "The checker of that requirement finds nothing in the record.",
        help_zh: "该要求的检查在记录中没有发现问题。",
        needs: &[],
        run: |world, args| expect_requirement(world, args.requirement()),
    },
    Step {
        id: "practice-accepted",
        role: Then,
        en: "the terminal does what is accepted about {practice}",
        zh: "终端对{practice}的处理得到认可",
        help_en: "Sources disagree about it: what the terminal does is one of the ways that the profile accepts, and the report names it. docs/practices.md has them.",
        help_zh: "各方规则对此说法不一：终端的做法属于所用配置认可之列，报告写明是哪一种。见 docs/zh-CN/practices.md。",
        needs: &[],
        run: |world, args| expect_practice(world, args.practice()),
    },
];

/// Runs the checker of a requirement over what happened so far.
pub(super) fn expect_requirement(world: &mut World, requirement: Requirement) -> StepResult {
    let Some(checker) = checks::for_requirement(requirement) else {
        let id = requirement.id();
        return Err(Stop::Scenario(Sentence::new(
            format!("the record alone cannot decide {id}: say what is expected in its own words"),
            format!("仅凭记录无法判断 {id}：请写明具体期望"),
        )));
    };
    if requirement.is_about_power() && !world.has_cut_or_will() {
        let id = requirement.id();
        return Err(Stop::Scenario(Sentence::new(
            format!("{id} is about a power cut, and the power did not fail"),
            format!("{id} 针对断电，而场景中没有断电"),
        )));
    }
    let mut found = Vec::new();
    checker(&world.history(), &mut found);
    note(world, found);
    Ok(())
}

/// What the terminal did on a point on which the sources disagree is accepted. Where nothing shows it yet,
/// the record at rest decides: what a terminal never does shows only then.
fn expect_practice(world: &mut World, practice: Practice) -> StepResult {
    let mut found = Vec::new();
    let shown = checks::practised(&world.history(), &[practice], &mut found);
    if shown.is_empty() {
        world.awaited.push(practice);
    }
    note(world, found);
    Ok(())
}

/// Notes what was found, as this step's.
fn note(world: &mut World, found: Vec<Breach>) {
    let line = Some(world.line);
    let found = found.into_iter().map(|breach| Breach { line, ..breach });
    world.breaches.extend(found);
}
