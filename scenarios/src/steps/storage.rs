//! Storage that is damaged while the terminal has no power (PWR-02).

use counterproof_sim::terminal::{DamageKind, StorageDamage};

use super::Role::When;
use super::Step;
use crate::case::Need;
use crate::verdict::Sentence;
use crate::world::{StepResult, Stop, World};

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
];

/// Byte at which a file is torn off, and bit that flips: somewhere behind a header.
const PLACE: u32 = 333;

fn damage(world: &mut World, kind: DamageKind, file: Option<u32>) -> StepResult {
    if world.bench().powered() {
        return Err(Stop::Scenario(Sentence::new(
            "storage is damaged while the power is off: cut it first",
            "存储只能在断电期间损坏：请先断电",
        )));
    }
    let place = PLACE;
    let within_reach = world
        .bench()
        .damage_storage(StorageDamage { kind, file, place });
    world.check()?;
    if within_reach {
        Ok(())
    } else {
        Err(Stop::OutOfReach(Sentence::new(
            "the terminal keeps nothing in the storage that it was given",
            "终端没有把数据存放在指定的存储位置",
        )))
    }
}
