//! Where a value travels that different acquirers put in different places.

use crate::iso8583::de59::{self, Tag};
use crate::iso8583::field::Field;
use crate::iso8583::message::Message;

/// A field, or a tagged value inside of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The field.
    pub field: Field,
    /// The tag inside the field, which then is a list as in [`de59`]; `None`: the whole field.
    pub tag: Option<Tag>,
}

impl Place {
    /// The value there; `None` where the field or the tag is absent or the list is broken.
    pub fn get<'m>(&self, message: &'m Message) -> Option<&'m [u8]> {
        let value = message.get(self.field)?;
        match self.tag {
            Some(tag) => de59::find(value, tag).ok().flatten(),
            None => Some(value),
        }
    }

    /// Puts the value there. With a tag it becomes the only one in the field.
    ///
    /// # Errors
    /// When the value is longer than a tagged one can be.
    pub fn set(&self, message: &mut Message, value: &[u8]) -> Result<(), de59::Error> {
        match self.tag {
            Some(tag) => {
                let mut list = Vec::with_capacity(value.len() + de59::OVERHEAD);
                de59::push(&mut list, tag, value)?;
                message.set(self.field, &list);
            }
            None => message.set(self.field, value),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iso8583::mti::Mti;

    #[test]
    fn a_code_travels_under_its_tag_or_fills_the_field() {
        let mut message = Message::new(Mti::SALE);
        let tagged = Place {
            field: Field::CODE,
            tag: Some(*b"A3"),
        };
        tagged.set(&mut message, b"6211111111111111111").unwrap();
        assert_eq!(message.text(Field::CODE), Some("A30196211111111111111111"));
        assert_eq!(tagged.get(&message), Some(&b"6211111111111111111"[..]));
        let whole = Place {
            field: Field::KEYS,
            tag: None,
        };
        whole.set(&mut message, b"281234567890123456").unwrap();
        assert_eq!(message.text(Field::KEYS), Some("281234567890123456"));
        assert_eq!(whole.get(&message), Some(&b"281234567890123456"[..]));
    }
}
