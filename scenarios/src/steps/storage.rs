//! Storage that is damaged while the terminal has no power (PWR-02).

use counterproof_sim::terminal::{DamageKind, StorageDamage, places};

use super::Role::When;
use super::Step;
use crate::case::Need;
use crate::verdict::Sentence;
use crate::world::{Damage, StepResult, Stop, World};

pub(super) const STEPS: &[Step] = &[
    Step {
        id: "storage-file-damaged",
        role: When,
        en: "the {ordinal} file of the storage is {damage}",
        zh: "存储的第{ordinal}个文件{damage}",
        help_en: "Damages one file, counted in the order of names and round again, while the power is off. Not applicable where the terminal's storage is out of reach.",
        help_zh: "断电期间损坏一个文件（按名称排序，循环计数）。若无法接触终端存储，则不适用。",
        needs: &[Need::PowerCut],
        run: |world, args| damage(world, args.damage(), Some(args.ordinal() - 1)),
    },
    Step {
        id: "storage-damaged",
        role: When,
        en: "every file of the storage is {damage}",
        zh: "存储的所有文件{damage}",
        help_en: "Damages all files of the storage while the power is off.",
        help_zh: "断电期间损坏存储的所有文件。",
        needs: &[Need::PowerCut],
        run: |world, args| damage(world, args.damage(), None),
    },
    Step {
        id: "storage-damaged-at-one-place",
        role: When,
        en: "the storage is damaged at one place",
        zh: "存储有一处损坏",
        help_en: "In a scenario tagged @every-place: torn off, a bit flipped or emptied at one place, another one in each of its runs.",
        help_zh: "用于带 @every-place 标签的场景：在一处截断、翻转一位或清空，每次运行换一处。",
        needs: &[Need::PowerCut],
        run: |world, _| at_one_place(world),
    },
];

/// Byte at which a file is torn off, and bit that flips: somewhere behind a header.
const PLACE: u32 = 333;

fn damage(world: &mut World, kind: DamageKind, file: Option<u32>) -> StepResult {
    without_power(world)?;
    let place = PLACE;
    let damage = StorageDamage { kind, file, place };
    let within_reach = world.bench().damage_storage(damage, false);
    world.check()?;
    within_reach.then_some(()).ok_or_else(out_of_reach)
}

/// What is done in this run of many; in the first of them nothing is, and the places are noted.
fn at_one_place(world: &mut World) -> StepResult {
    without_power(world)?;
    match world.damage {
        Damage::None => Err(Stop::Scenario(Sentence::new(
            "this step belongs into a scenario tagged @every-place",
            "此步骤只能用于带 @every-place 标签的场景",
        ))),
        Damage::Places(_) => {
            let files = world.bench().storage_files();
            world.check()?;
            let files = files.ok_or_else(out_of_reach)?;
            world.damage = Damage::Places(places(&files));
            Ok(())
        }
        Damage::At(damage) => {
            world.bench().damage_storage(damage, true);
            world.check()
        }
    }
}

fn without_power(world: &mut World) -> StepResult {
    if world.bench().powered() {
        return Err(Stop::Scenario(Sentence::new(
            "storage is damaged while the power is off: cut it first",
            "存储只能在断电期间损坏：请先断电",
        )));
    }
    Ok(())
}

fn out_of_reach() -> Stop {
    Stop::OutOfReach(Sentence::new(
        "the terminal keeps nothing in the storage that it was given",
        "终端没有把数据存放在指定的存储位置",
    ))
}
