//! Keys: wrapped under one another, and their check values. How sign-in delivers them is in
//! `delivery`. Not here: MACs (see [`super::mac`]).

mod delivery;
mod des;

use std::fmt;

use thiserror::Error;

pub use delivery::{Delivery, WorkingKeys};

use self::des::Des;
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

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[..if self.double { 16 } else { 8 }]
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
                left: Des::new(*left),
                right: None,
            }),
            ([left, right], []) => Ok(Self {
                left: Des::new(*left),
                right: Some(Des::new(*right)),
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
            Some(right) => right.encrypt(self.left.decrypt(block)),
        };
        self.left.decrypt(block)
    }

    pub(super) fn encrypt_left(&self, block: u64) -> u64 {
        self.left.encrypt(block)
    }

    /// What follows the encryption under the left half: decryption under the right half and
    /// encryption under the left one; nothing for a single-length key.
    pub(super) fn finish_x919(&self, block: u64) -> u64 {
        match &self.right {
            None => block,
            Some(right) => self.left.encrypt(right.decrypt(block)),
        }
    }
}

/// Encrypts a key under the master key, every block of eight bytes by itself (ECB).
///
/// # Errors
/// When `clear` is not made of whole blocks.
pub fn wrap(master: &Key, clear: &[u8]) -> Result<Vec<u8>, KeyError> {
    let cipher = Cipher::new(master.bytes())?;
    let mut wrapped = clear.to_vec();
    each_block(&mut wrapped, |block| cipher.encrypt(block))?;
    Ok(wrapped)
}

/// Decrypts what [`wrap`] made.
///
/// # Errors
/// When `wrapped` is not made of whole blocks.
pub fn unwrap(master: &Key, wrapped: &[u8]) -> Result<Vec<u8>, KeyError> {
    let cipher = Cipher::new(master.bytes())?;
    let mut clear = wrapped.to_vec();
    each_block(&mut clear, |block| cipher.decrypt(block))?;
    Ok(clear)
}

fn each_block(bytes: &mut [u8], change: impl Fn(u64) -> u64) -> Result<(), KeyError> {
    let length = bytes.len();
    let (blocks, rest) = bytes.as_chunks_mut::<8>();
    if !rest.is_empty() {
        return Err(KeyError::Length(length));
    }
    for block in blocks {
        *block = change(u64::from_be_bytes(*block)).to_be_bytes();
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn key(digits: &str) -> Key {
        Key::from_hex(digits).unwrap()
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
    fn keys_of_other_lengths_are_refused_and_none_prints() {
        assert_eq!(Key::new(&[0; 24]), Err(KeyError::Length(24)));
        assert_eq!(Key::from_hex("xy"), Err(KeyError::Digits));
        assert_eq!(format!("{:?}", key(MASTER)), "Key(16 bytes, ***)");
    }
}
