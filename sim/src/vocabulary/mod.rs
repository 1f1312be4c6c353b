//! The words that everything shares: protocol, Gherkin, command line, reports and docs name a
//! reason, an advice, a wallet, an operation with the words defined here and nowhere else. Each
//! word has an id (a contract), an English and a Chinese name.
//!
//! Not here: faults ([`crate::fault`]) and radio profiles ([`crate::link`]), which are more than
//! words.

mod advice;
mod face;
mod operation;
mod practice;
mod reason;
mod wallet;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use advice::Advice;
pub use face::Face;
pub use operation::Operation;
pub use practice::{Practice, Way};
pub use reason::Reason;
pub use wallet::Wallet;

/// Language of what people read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// The language of a BCP 47 tag: anything that begins with `zh` is Chinese.
    pub fn of_locale(locale: &str) -> Self {
        if locale
            .get(..2)
            .is_some_and(|l| l.eq_ignore_ascii_case("zh"))
        {
            Self::Zh
        } else {
            Self::En
        }
    }
}

/// A closed list of named things.
pub trait Vocabulary: Copy + Eq + Ord + fmt::Debug + 'static {
    /// What the list is called in messages: `reason`, `wallet`.
    const KIND: &'static str;
    /// The whole list, in the order in which it is shown.
    const ALL: &'static [Self];
    /// The id: a contract, never translated.
    fn id(self) -> &'static str;
    /// The name in English.
    fn en(self) -> &'static str;
    /// The name in Chinese.
    fn zh(self) -> &'static str;

    /// The name in `lang`.
    fn name(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en(),
            Lang::Zh => self.zh(),
        }
    }

    /// The one with this id.
    fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.id() == id)
    }

    /// The one with this id, English or Chinese name.
    fn find(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|word| word.id() == text || word.en() == text || word.zh() == text)
    }
}

/// Defines an enum that is a [`Vocabulary`]: `Variant = "id", "English", "中文";`.
macro_rules! vocabulary {
    (
        $(#[$meta:meta])*
        $name:ident ($kind:literal) {
            $($(#[$doc:meta])* $variant:ident = $id:literal, $en:literal, $zh:literal;)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* #[doc = concat!("`", $id, "` – ", $en, " (", $zh, ").")] $variant,)+
        }

        impl $crate::vocabulary::Vocabulary for $name {
            const KIND: &'static str = $kind;
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }
            fn en(self) -> &'static str {
                match self { $(Self::$variant => $en,)+ }
            }
            fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh,)+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str($crate::vocabulary::Vocabulary::id(*self))
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str($crate::vocabulary::Vocabulary::id(*self))
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let id = <::std::borrow::Cow<'de, str>>::deserialize(from)?;
                <Self as $crate::vocabulary::Vocabulary>::from_id(&id).ok_or_else(|| {
                    ::serde::de::Error::custom(format_args!("unknown {} {:?}", $kind, id))
                })
            }
        }
    };
}
pub(crate) use vocabulary;

/// A word as a terminal said it: of the vocabulary or not. A word that is not is evidence, not a
/// failure of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word<T> {
    /// A word of the vocabulary.
    Known(T),
    /// Something else.
    Unknown(Box<str>),
}

impl<T: Vocabulary> Word<T> {
    /// The word, if it is one of the vocabulary.
    pub fn known(&self) -> Option<T> {
        match self {
            Self::Known(word) => Some(*word),
            Self::Unknown(_) => None,
        }
    }

    /// As it was said.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(word) => word.id(),
            Self::Unknown(text) => text,
        }
    }
}

impl<T> From<T> for Word<T> {
    fn from(word: T) -> Self {
        Self::Known(word)
    }
}

impl<T: Vocabulary> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de, T: Vocabulary> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Ok(T::from_id(&text).map_or_else(|| Self::Unknown(text.as_ref().into()), Self::Known))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn ids_and_names_are_unique<T: Vocabulary>() {
        let ids: BTreeSet<_> = T::ALL.iter().map(|w| w.id()).collect();
        let en: BTreeSet<_> = T::ALL.iter().map(|w| w.en()).collect();
        let zh: BTreeSet<_> = T::ALL.iter().map(|w| w.zh()).collect();
        let all = T::ALL.len();
        assert_eq!(
            (ids.len(), en.len(), zh.len()),
            (all, all, all),
            "{}",
            T::KIND
        );
    }

    #[test]
    fn every_word_is_itself_in_id_english_and_chinese() {
        ids_and_names_are_unique::<Reason>();
        ids_and_names_are_unique::<Advice>();
        ids_and_names_are_unique::<Wallet>();
        ids_and_names_are_unique::<Operation>();
        ids_and_names_are_unique::<Face>();
        ids_and_names_are_unique::<Practice>();
        ids_and_names_are_unique::<Way>();
    }

    #[test]
    fn a_word_outside_the_vocabulary_is_kept_as_it_was_said() {
        let word: Word<Reason> = serde_json::from_str(r#""code.expired""#).unwrap();
        assert_eq!(word.known(), Some(Reason::CodeExpired));
        let word: Word<Reason> = serde_json::from_str(r#""bad luck""#).unwrap();
        assert_eq!((word.known(), word.as_str()), (None, "bad luck"));
    }
}
