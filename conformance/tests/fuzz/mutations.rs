//! Mutations of a corpus: the same ones each time.

use std::fs;
use std::path::Path;

use counterproof_sim::random::{Chance, Seeds};
use rand_chacha::rand_core::Rng as _;

/// Mutations of each file of a corpus, where the variable `FUZZ_MUTATIONS` does not say.
const EACH: u64 = 150;

/// A number from the environment, for long runs.
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// Gives a target its corpus, mutated.
pub fn run(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/__fuzz__");
    let files = fs::read_dir(folder.join(name).join("corpus"));
    let files = files.unwrap_or_else(|error| panic!("{name} has no corpus: {error}"));
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut chance = Seeds::new(asked("FUZZ_SEED").unwrap_or(1), "fuzz").component(name);
    for file in files {
        let whole = fs::read(&file).unwrap();
        target(&whole);
        for _ in 0..asked("FUZZ_MUTATIONS").unwrap_or(EACH) {
            let mut bytes = whole.clone();
            for _ in 0..=chance.next_u32() % 4 {
                mutate(&mut bytes, &mut chance);
            }
            target(&bytes);
        }
    }
}

fn mutate(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let mut below = |limit: usize| chance.next_u64() as usize % limit.max(1);
    let (at, other) = (below(bytes.len() + 1), below(bytes.len() + 1));
    let (from, to) = (at.min(other), at.max(other));
    let interesting = [
        0, 1, 0x7f, 0x80, 0xff, b'0', b'9', b'"', b'\n', b'[', b'{', b'-',
    ];
    match below(8) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(from..to)),
        2 => {
            let piece = bytes[from..to.min(from + 64)].to_vec();
            bytes.splice(other..other, piece);
        }
        3 => bytes.insert(at, interesting[below(interesting.len())]),
        4 => {
            let many = vec![interesting[below(interesting.len())]; 1 << below(12)];
            bytes.splice(at..at, many);
        }
        kind => {
            if let Some(byte) = bytes.get_mut(at) {
                match kind {
                    5 => *byte ^= 1 << below(8),
                    6 => *byte = interesting[below(interesting.len())],
                    _ => *byte = byte.wrapping_add(1),
                }
            }
        }
    }
}
