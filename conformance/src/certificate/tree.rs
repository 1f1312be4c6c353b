//! A Merkle tree over the leaves of a certificate: RFC 6962, section 2.1, with SHA-256. Leaves and
//! nodes are hashed with different first bytes, so that none can be passed off as the other.

use sha2::{Digest as _, Sha256};

use crate::evidence::Digest;

/// The hash of a leaf.
pub fn leaf(bytes: &[u8]) -> Digest {
    let hash = Sha256::new_with_prefix([0]).chain_update(bytes);
    Digest(hash.finalize().into())
}

/// The root over the hashes of leaves.
pub fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest(Sha256::digest([]).into()),
        [one] => *one,
        _ => {
            // The left side takes the largest power of two that leaves something on the right.
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            let hash = Sha256::new_with_prefix([1])
                .chain_update(root(left).0)
                .chain_update(root(right).0);
            Digest(hash.finalize().into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_those_of_certificate_transparency() {
        // The inputs and roots of the test suite of google/certificate-transparency.
        let inputs: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let leaves = inputs.map(leaf);
        for (size, expected) in [
            (
                0,
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
            (
                1,
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            ),
            (
                2,
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            ),
            (
                3,
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            ),
            (
                5,
                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            ),
            (
                8,
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
            ),
        ] {
            assert_eq!(
                root(&leaves[..size]).to_string(),
                format!("sha256:{expected}")
            );
        }
    }

    #[test]
    fn order_number_and_content_of_the_leaves_decide() {
        let of = |texts: &[&str]| {
            let leaves: Vec<Digest> = texts.iter().map(|text| leaf(text.as_bytes())).collect();
            root(&leaves)
        };
        let whole = of(&["a", "b", "c"]);
        for other in [
            &["b", "a", "c"][..],
            &["a", "b"],
            &["a", "b", "c", "c"],
            &["a", "b", "d"],
            &[],
        ] {
            assert_ne!(of(other), whole, "{other:?}");
        }
    }
}
