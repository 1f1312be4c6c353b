//! Keys: the terminal's master key, the working keys that sign-in delivers under it, and their
//! check values. Not here: MACs (see [`super::mac`]).

use std::fmt;

use des::Des;
use des::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use thiserror::Error;

use super::hex;

/// Bytes of a check value.
const CHECK: usize = 4;

/// Why a key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// A key of that many bytes.
    #[error("a key has 8 or 16 bytes, this one has {0}")]
    Length(usize),
    /// Text that is no key.
    #[error("a key is written as 16 or 32 hexadecimal digits")]
    Digits,
    /// Delivered keys of that many bytes.
    #[error("keys delivered with 60.3 = {code:03} take {needed} bytes, DE62 has {found}")]
    Delivery {
        /// The network management code that asked for them.
        code: u16,
        /// Bytes of its layout.
        needed: usize,
        /// Bytes that came.
        found: usize,
    },
    /// A check value differs: the key came under another master key, or was damaged.
    #[error("the check value of the {0} does not fit: the key is wrong or wrapped otherwise")]
    CheckValue(KeyName),
}

/// The working keys by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyName {
    /// PIK, encrypts PIN blocks.
    Pin,
    /// MAK, authenticates messages.
    Mac,
    /// TDK, encrypts tracks.
    Track,
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pin => "PIN key (PIK)",
            Self::Mac => "MAC key (MAK)",
            Self::Track => "track key (TDK)",
        })
    }
}

/// A DES key of 8 or a two-part 3DES key of 16 bytes. It does not print.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key {
    bytes: [u8; 16],
    double: bool,
}

impl Key {
    /// From 8 or 16 bytes.
    ///
    /// # Errors
    /// For any other length.
    pub fn new(key: &[u8]) -> Result<Self, KeyError> {
        let double = match key.len() {
            8 => false,
            16 => true,
            length => return Err(KeyError::Length(length)),
        };
        let mut bytes = [0; 16];
        bytes[..key.len()].copy_from_slice(key);
        Ok(Self { bytes, double })
    }

    /// From hexadecimal digits, as configuration gives them.
    ///
    /// # Errors
    /// For anything but 16 or 32 digits.
    pub fn from_hex(digits: &str) -> Result<Self, KeyError> {
        Self::new(&hex::decode(digits).ok_or(KeyError::Digits)?)
    }

    /// The key itself, 8 or 16 bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..if self.double { 16 } else { 8 }]
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({} bytes, ***)", self.bytes().len())
    }
}

/// A key with its schedule prepared: DES, or 3DES (encrypt, decrypt, encrypt).
#[derive(Clone)]
pub(super) struct Cipher {
    left: Des,
    right: Option<Des>,
}

impl Cipher {
    pub(super) fn new(key: &[u8]) -> Result<Self, KeyError> {
        let (halves, rest) = key.as_chunks::<8>();
        match (halves, rest) {
            ([left], []) => Ok(Self {
                left: Des::new(left.into()),
                right: None,
            }),
            ([left, right], []) => Ok(Self {
                left: Des::new(left.into()),
                right: Some(Des::new(right.into())),
            }),
            _ => Err(KeyError::Length(key.len())),
        }
    }

    pub(super) fn encrypt(&self, block: u64) -> u64 {
        self.finish_x919(self.encrypt_left(block))
    }

    pub(super) fn decrypt(&self, block: u64) -> u64 {
        let block = match &self.right {
            None => block,
            Some(right) => encrypt(right, decrypt(&self.left, block)),
        };
        decrypt(&self.left, block)
    }

    pub(super) fn encrypt_left(&self, block: u64) -> u64 {
        encrypt(&self.left, block)
    }

    /// What follows the encryption under the left half: decryption under the right half and
    /// encryption under the left one; nothing for a single-length key.
    pub(super) fn finish_x919(&self, block: u64) -> u64 {
        match &self.right {
            None => block,
            Some(right) => encrypt(&self.left, decrypt(right, block)),
        }
    }
}

fn encrypt(cipher: &Des, block: u64) -> u64 {
    let mut bytes = block.to_be_bytes().into();
    cipher.encrypt_block(&mut bytes);
    u64::from_be_bytes(bytes.into())
}

fn decrypt(cipher: &Des, block: u64) -> u64 {
    let mut bytes = block.to_be_bytes().into();
    cipher.decrypt_block(&mut bytes);
    u64::from_be_bytes(bytes.into())
}

/// Encrypts a key under the master key, every block of eight bytes by itself (ECB).
///
/// # Errors
/// When `clear` is not made of whole blocks.
pub fn wrap(master: &Key, clear: &[u8]) -> Result<Vec<u8>, KeyError> {
    let cipher = Cipher::new(master.bytes())?;
    each_block(clear, |block| cipher.encrypt(block))
}

/// Decrypts what [`wrap`] made.
///
/// # Errors
/// When `wrapped` is not made of whole blocks.
pub fn unwrap(master: &Key, wrapped: &[u8]) -> Result<Vec<u8>, KeyError> {
    let cipher = Cipher::new(master.bytes())?;
    each_block(wrapped, |block| cipher.decrypt(block))
}

fn each_block(bytes: &[u8], change: impl Fn(u64) -> u64) -> Result<Vec<u8>, KeyError> {
    let (blocks, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(KeyError::Length(bytes.len()));
    }
    Ok(blocks
        .iter()
        .flat_map(|block| change(u64::from_be_bytes(*block)).to_be_bytes())
        .collect())
}

/// The check value of a key: the first four bytes of zeros encrypted under it, with DES or 3DES as
/// its length says.
pub fn check_value(key: &Key) -> [u8; CHECK] {
    let Ok(cipher) = Cipher::new(key.bytes()) else {
        unreachable!("a Key has 8 or 16 bytes");
    };
    let [a, b, c, d, ..] = cipher.encrypt(0).to_be_bytes();
    [a, b, c, d]
}

/// The layouts in which a host delivers working keys in DE62, by the code that asked for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// 60.3 = 001: single-length PIK and MAK, 24 bytes.
    Single,
    /// 60.3 = 003: double-length PIK, MAK in 16 bytes, 40 bytes.
    Double,
    /// 60.3 = 004: as 003 and a double-length track key, 60 bytes.
    Track,
}

impl Delivery {
    /// The layout for a network management code (60.3).
    pub const fn from_code(code: u16) -> Option<Self> {
        match code {
            1 => Some(Self::Single),
            3 => Some(Self::Double),
            4 => Some(Self::Track),
            _ => None,
        }
    }

    /// The network management code (60.3).
    pub const fn code(self) -> u16 {
        match self {
            Self::Single => 1,
            Self::Double => 3,
            Self::Track => 4,
        }
    }

    /// The keys in their order, and the bytes each takes without its check value.
    const fn layout(self) -> &'static [(KeyName, usize)] {
        match self {
            Self::Single => &[(KeyName::Pin, 8), (KeyName::Mac, 8)],
            Self::Double => &[(KeyName::Pin, 16), (KeyName::Mac, 16)],
            Self::Track => &[(KeyName::Pin, 16), (KeyName::Mac, 16), (KeyName::Track, 16)],
        }
    }

    /// Bytes of DE62.
    pub fn length(self) -> usize {
        self.layout().iter().map(|(_, bytes)| bytes + CHECK).sum()
    }
}

/// The working keys of a terminal, in clear. They do not print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingKeys {
    /// PIK.
    pub pin: Key,
    /// MAK.
    pub mac: Key,
    /// TDK, where the layout has one.
    pub track: Option<Key>,
}

impl WorkingKeys {
    /// DE62 of the answer that delivers the keys: each wrapped under the master key and followed by
    /// its check value. In a place of 16 bytes a single-length key is followed by eight zeros.
    ///
    /// # Errors
    /// When a key does not fit its place, or a track key is asked for and missing.
    pub fn deliver(&self, master: &Key, delivery: Delivery) -> Result<Vec<u8>, KeyError> {
        let mut field = Vec::with_capacity(delivery.length());
        for &(name, place) in delivery.layout() {
            let key = match name {
                KeyName::Pin => self.pin,
                KeyName::Mac => self.mac,
                KeyName::Track => self.track.ok_or(KeyError::Length(0))?,
            };
            let wrapped = wrap(master, key.bytes())?;
            let Some(zeros) = place.checked_sub(wrapped.len()) else {
                return Err(KeyError::Length(wrapped.len()));
            };
            field.extend_from_slice(&wrapped);
            field.extend(std::iter::repeat_n(0, zeros));
            field.extend_from_slice(&check_value(&key));
        }
        Ok(field)
    }

    /// The keys in DE62 of an answer, every check value compared.
    ///
    /// # Errors
    /// When the field has another length than the layout, or a check value differs; the error names
    /// the key.
    pub fn receive(master: &Key, delivery: Delivery, field: &[u8]) -> Result<Self, KeyError> {
        if field.len() != delivery.length() {
            return Err(KeyError::Delivery {
                code: delivery.code(),
                needed: delivery.length(),
                found: field.len(),
            });
        }
        let mut rest = field;
        let mut keys = [None; 3];
        for (&(name, place), slot) in delivery.layout().iter().zip(&mut keys) {
            let (wrapped, behind) = rest.split_at(place);
            let (check, behind) = behind.split_at(CHECK);
            rest = behind;
            // Eight zeros in the second half say that the key has a single length.
            let wrapped = match wrapped.split_last_chunk::<8>() {
                Some((single, [0, 0, 0, 0, 0, 0, 0, 0])) if !single.is_empty() => single,
                _ => wrapped,
            };
            let key = Key::new(&unwrap(master, wrapped)?)?;
            if check_value(&key) != check {
                return Err(KeyError::CheckValue(name));
            }
            *slot = Some(key);
        }
        match keys {
            [Some(pin), Some(mac), track] => Ok(Self { pin, mac, track }),
            _ => unreachable!("every layout has a PIN key and a MAC key"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(digits: &str) -> Key {
        Key::from_hex(digits).unwrap()
    }

    fn keys() -> WorkingKeys {
        WorkingKeys {
            pin: key("64F2451FB3A29158DC924F2A32541C02"),
            mac: key("F82A9BA462D57A7C"),
            track: Some(key("0123456789ABCDEFFEDCBA9876543210")),
        }
    }

    const MASTER: &str = "159D86C7C1F779EA29F77A6858E0DA2A";

    #[test]
    fn captured_keys_unwrap_and_check() {
        let master = key(MASTER);
        let wrapped = hex::decode("75CAD854C2E59A5EEDD7CA7410C2C215").unwrap();
        let pin = Key::new(&unwrap(&master, &wrapped).unwrap()).unwrap();
        assert_eq!(hex::encode(pin.bytes()), "64F2451FB3A29158DC924F2A32541C02");
        assert_eq!(hex::encode(&check_value(&pin)), "46DD7383");
        assert_eq!(wrap(&master, pin.bytes()).unwrap(), wrapped);
        let wrapped = hex::decode("E6218EF29513B143").unwrap();
        assert_eq!(
            hex::encode(&unwrap(&master, &wrapped).unwrap()),
            "F82A9BA462D57A7C"
        );
        assert_eq!(
            hex::encode(&check_value(&key("DAB36167E6DFB5EF"))),
            "B8F616DC"
        );
    }

    #[test]
    fn delivered_keys_are_received_in_every_layout() {
        let master = key(MASTER);
        let single = WorkingKeys {
            pin: key("1122334455667788"),
            mac: key("F82A9BA462D57A7C"),
            track: None,
        };
        let double = WorkingKeys {
            track: None,
            ..keys()
        };
        for (delivery, keys, length) in [
            (Delivery::Single, single, 24),
            (Delivery::Double, double, 40),
            (Delivery::Track, keys(), 60),
        ] {
            let field = keys.deliver(&master, delivery).unwrap();
            assert_eq!(field.len(), length);
            assert_eq!(WorkingKeys::receive(&master, delivery, &field), Ok(keys));
            assert_eq!(Delivery::from_code(delivery.code()), Some(delivery));
        }
    }

    #[test]
    fn a_single_length_mac_key_is_followed_by_zeros() {
        let field = keys().deliver(&key(MASTER), Delivery::Double).unwrap();
        assert_eq!(
            field[20..36],
            hex::decode("E6218EF29513B1430000000000000000").unwrap()
        );
    }

    #[test]
    fn a_wrong_check_value_names_its_key() {
        let master = key(MASTER);
        let field = keys().deliver(&master, Delivery::Track).unwrap();
        for (place, name) in [
            (0, KeyName::Pin),
            (17, KeyName::Pin),
            (20, KeyName::Mac),
            (39, KeyName::Mac),
            (41, KeyName::Track),
        ] {
            let mut field = field.clone();
            field[place] ^= 0x10;
            assert_eq!(
                WorkingKeys::receive(&master, Delivery::Track, &field),
                Err(KeyError::CheckValue(name))
            );
        }
    }

    #[test]
    fn keys_of_other_lengths_are_refused_and_none_prints() {
        assert_eq!(Key::new(&[0; 24]), Err(KeyError::Length(24)));
        assert_eq!(Key::from_hex("xy"), Err(KeyError::Digits));
        assert!(matches!(
            WorkingKeys::receive(&key(MASTER), Delivery::Double, &[0; 57]),
            Err(KeyError::Delivery {
                needed: 40,
                found: 57,
                ..
            })
        ));
        assert!(!format!("{:?}", keys()).contains("F8"));
    }
}
