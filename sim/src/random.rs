//! Seeded chance. Each component draws from a generator of its own, so that one more draw in one
//! part does not shift the others. `ChaCha8` is portable over versions and platforms.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use sha2::{Digest, Sha256};

/// The generator of all chance in the simulation.
pub type Chance = ChaCha8Rng;

/// Where a scenario's generators come from: the seed of the run and the id of the scenario.
#[derive(Clone, Debug)]
pub struct Seeds([u8; 32]);

impl Seeds {
    /// The seeds of one scenario of a run.
    pub fn new(run: u64, scenario: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(run.to_le_bytes());
        hash.update(scenario.as_bytes());
        Self(hash.finalize().into())
    }

    /// The generator of one component, for example `"link.wifi.up"`.
    pub fn component(&self, name: &str) -> Chance {
        // FNV-1a over the name picks the stream: streams of one ChaCha key are independent.
        let stream = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut chance = Chance::from_seed(self.0);
        chance.set_stream(stream);
        chance
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::rand_core::Rng;

    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_and_components_draw_apart() {
        let seeds = Seeds::new(1, "reversal/silence");
        let first = seeds.component("host").next_u64();
        assert_eq!(first, seeds.component("host").next_u64());
        assert_ne!(first, seeds.component("link").next_u64());
        assert_ne!(
            first,
            Seeds::new(2, "reversal/silence")
                .component("host")
                .next_u64()
        );
    }
}
