//! Message authentication: three algorithms that Chinese acquirers use, over single or double
//! length keys. Not here: which bytes of a message are covered (see
//! [`Packet::mac_input`](super::packet::Packet::mac_input)).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::field::Field;
use super::keys::{Cipher, Key, KeyError};
use super::packet::Packet;

/// How a MAC is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// 银联 ECB: the XOR of all blocks, in hexadecimal, is encrypted in two chained halves; the MAC
    /// is the first eight hexadecimal characters of the result.
    Ecb,
    /// X9.9: the last block of a CBC encryption.
    Cbc,
    /// X9.19 (ISO 9797-1 algorithm 3): CBC under the left half of the key, the last block then
    /// decrypted under the right half and encrypted under the left one. With a single-length key
    /// it is X9.9.
    X919,
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ecb => "ecb",
            Self::Cbc => "cbc",
            Self::X919 => "x919",
        })
    }
}

/// A MAC key with its algorithm, the key schedule prepared.
#[derive(Clone)]
pub struct MacKey {
    algorithm: Algorithm,
    key: Key,
    cipher: Cipher,
}

impl MacKey {
    /// A key of 8 (DES) or 16 bytes (3DES; for X9.19 its two halves).
    ///
    /// # Errors
    /// For any other length.
    pub fn new(algorithm: Algorithm, key: &[u8]) -> Result<Self, KeyError> {
        Ok(Self {
            algorithm,
            key: Key::new(key)?,
            cipher: Cipher::new(key)?,
        })
    }

    /// The algorithm.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key itself.
    pub(crate) const fn key(&self) -> &Key {
        &self.key
    }

    /// The MAC of `data`, which is filled with zeros to whole blocks of eight bytes.
    pub fn mac(&self, data: &[u8]) -> [u8; 8] {
        match self.algorithm {
            Algorithm::Ecb => self.ecb(data),
            Algorithm::Cbc => {
                { blocks(data).fold(0, |chain, block| self.cipher.encrypt(chain ^ block)) }
                    .to_be_bytes()
            }
            Algorithm::X919 => {
                let last =
                    blocks(data).fold(0, |chain, block| self.cipher.encrypt_left(chain ^ block));
                self.cipher.finish_x919(last).to_be_bytes()
            }
        }
    }

    /// Whether DE64 of `packet`, which was parsed from `body`, is the MAC of what it covers. False
    /// without DE64.
    pub fn verify(&self, body: &[u8], packet: &Packet) -> bool {
        let mac = packet
            .span(Field::MAC)
            .and_then(|span| body.get(span.offset..span.offset + span.length));
        match (mac, packet.mac_input(body)) {
            (Some(mac), Some(data)) => mac == self.mac(data),
            _ => false,
        }
    }

    fn ecb(&self, data: &[u8]) -> [u8; 8] {
        let folded = blocks(data).fold(0, |sum, block| sum ^ block);
        let (high, low) = (hex_digits(folded >> 32), hex_digits(folded & 0xFFFF_FFFF));
        let result = self.cipher.encrypt(self.cipher.encrypt(high) ^ low);
        hex_digits(result >> 32).to_be_bytes()
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MacKey({}, ***)", self.algorithm)
    }
}

/// The blocks of eight bytes as big-endian numbers, the last one filled with zeros.
fn blocks(data: &[u8]) -> impl Iterator<Item = u64> {
    let (whole, rest) = data.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let last = (!rest.is_empty()).then_some(last);
    whole.iter().copied().chain(last).map(u64::from_be_bytes)
}

/// The eight upper-case hexadecimal digits of a 32-bit number, as the block that they make.
fn hex_digits(number: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // All at once: the halves of the bytes, one in a byte.
    let spread = (number | number << 16) & 0x0000_FFFF_0000_FFFF;
    let spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF;
    let spread = (spread | spread << 4) & (0xF * EACH);
    // With six more, those from ten on have the fifth bit.
    let letters = (spread + 6 * EACH) >> 4 & EACH;
    spread + u64::from(b'0') * EACH + letters * u64::from(b'A' - 10 - b'0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso8583::hex;

    fn mac(algorithm: Algorithm, key: &str, data: &str) -> String {
        let key = MacKey::new(algorithm, &hex::decode(key).unwrap()).unwrap();
        hex::encode(&key.mac(&hex::decode(data).unwrap()))
    }

    #[test]
    fn union_pay_ecb_computes_the_mac_of_a_captured_sale() {
        let data = "02003020048000C0803100000000000000000100000103200032323030333630303130343531\
                    3235343131313030303131353600244133303139363231313131313131313131313131313131\
                    31001322006603000600";
        assert_eq!(
            mac(Algorithm::Ecb, "DAB36167E6DFB5EF", data),
            "4535383035454342"
        );
    }

    #[test]
    fn x919_computes_the_published_vectors() {
        let data = "31311C3931383237333634351C1C35383134333237361C1C3B31323334353637383930313233\
                    3435363D3939313231303030303F1C30303031323530301C3937383635333431323438373639\
                    32331C";
        assert_eq!(
            mac(Algorithm::X919, "0123456789ABCDEFFEDCBA9876543210", data),
            "C209CCB78EE1B606"
        );
        assert_eq!(
            mac(Algorithm::X919, "0123456789ABCDEF", data),
            "C156F1B8CDBFB451"
        );
        let data = "3330303030323031393543555354303120202020552020202020202020202020202020202020\
                    202054303253454154504152594742324C54535435534F414131393935303232373133333934\
                    3430303030202020202020202020202020203330303030313041393545584130303030303331\
                    44";
        assert_eq!(
            mac(Algorithm::X919, "4061610D85685DB0F4D9F1C8FE15A123", data),
            "DBE9EB0FA03838D2"
        );
    }

    #[test]
    fn keys_have_eight_or_sixteen_bytes_and_do_not_print() {
        assert_eq!(
            MacKey::new(Algorithm::Cbc, &[0; 7]).unwrap_err(),
            KeyError::Length(7)
        );
        let key = MacKey::new(Algorithm::Cbc, &[0x42; 16]).unwrap();
        assert_eq!(format!("{key:?}"), "MacKey(cbc, ***)");
    }
}
