//! The working keys of a terminal, and the layouts of DE62 in which sign-in delivers them.

use super::{CHECK, Cipher, Key, KeyError, KeyName, check_value, each_block};

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
        let master = Cipher::new(master.bytes())?;
        let mut field = Vec::with_capacity(delivery.length());
        for &(name, place) in delivery.layout() {
            let key = match name {
                KeyName::Pin => self.pin,
                KeyName::Mac => self.mac,
                KeyName::Track => self.track.ok_or(KeyError::Length(0))?,
            };
            let length = key.bytes().len();
            let Some(zeros) = place.checked_sub(length) else {
                return Err(KeyError::Length(length));
            };
            let from = field.len();
            field.extend_from_slice(key.bytes());
            each_block(&mut field[from..], |block| master.encrypt(block))?;
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
        match Self::open(master, delivery, field)? {
            (keys, None) => Ok(keys),
            (_, Some(unsound)) => Err(KeyError::CheckValue(unsound)),
        }
    }

    /// The keys in DE62 of an answer, sound or not, and the first whose check value differs.
    ///
    /// # Errors
    /// When the field has another length than the layout.
    pub fn open(
        master: &Key,
        delivery: Delivery,
        field: &[u8],
    ) -> Result<(Self, Option<KeyName>), KeyError> {
        if field.len() != delivery.length() {
            return Err(KeyError::Delivery {
                code: delivery.code(),
                needed: delivery.length(),
                found: field.len(),
            });
        }
        let master = Cipher::new(master.bytes())?;
        let mut rest = field;
        let mut keys = [None; 3];
        let mut unsound = None;
        for (&(name, place), slot) in delivery.layout().iter().zip(&mut keys) {
            let (wrapped, behind) = rest.split_at(place);
            let (check, behind) = behind.split_at(CHECK);
            rest = behind;
            // Eight zeros in the second half say that the key has a single length.
            let wrapped = match wrapped.split_last_chunk::<8>() {
                Some((single, [0, 0, 0, 0, 0, 0, 0, 0])) if !single.is_empty() => single,
                _ => wrapped,
            };
            let mut key = Key::new(wrapped)?;
            each_block(key.bytes_mut(), |block| master.decrypt(block))?;
            if check_value(&key) != check {
                unsound.get_or_insert(name);
            }
            *slot = Some(key);
        }
        match keys {
            [Some(pin), Some(mac), track] => Ok((Self { pin, mac, track }, unsound)),
            _ => unreachable!("every layout has a PIN key and a MAC key"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso8583::hex;

    const MASTER: &str = "159D86C7C1F779EA29F77A6858E0DA2A";

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
    fn a_field_of_another_length_is_refused_and_keys_do_not_print() {
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
