//! A scenario whose storage is damaged at every place: the files are measured in the run without
//! damage, and then it is run once for each place of [`counterproof_sim::terminal::places`].
//!
//! A place is chosen without knowing what the bytes mean, so it may be one that nobody needs. What is
//! asked is therefore that the damage is reported or does no harm (the checker of PWR-02).

use counterproof_sim::terminal::{DamageKind, StorageDamage};

use crate::case::Case;
use crate::verdict::Sentence;
use crate::world::{Damage, Stop, World};

/// The scenario up to its first `Then`, with damage; then everything comes to rest.
pub(super) fn play(case: &Case, damage: StorageDamage, world: &mut World) -> Result<(), Stop> {
    world.damage = Damage::At(damage);
    super::play_until_then(case, world, |_, _| {}, World::is_damaged)?;
    // What a step missed is judged by what came of it.
    world.breaches.clear();
    Ok(())
}

/// Where a damage is, for people.
pub(super) fn place(damage: StorageDamage) -> Sentence {
    let file = damage.file.map_or(0, |file| file + 1);
    let place = damage.place;
    match damage.kind {
        DamageKind::Truncated => Sentence::new(
            format!("file {file} torn off after byte {place}"),
            format!("第{file}个文件在第{place}字节后截断"),
        ),
        DamageKind::FlippedBit => Sentence::new(
            format!(
                "file {file} with bit {} of byte {} flipped",
                place % 8,
                place / 8
            ),
            format!("第{file}个文件第{}字节的第{}位翻转", place / 8, place % 8),
        ),
        DamageKind::Emptied => Sentence::new(
            format!("file {file} emptied"),
            format!("第{file}个文件被清空"),
        ),
    }
}
