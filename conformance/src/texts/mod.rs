//! What the program says, in English and Chinese, in one place: one line a sentence. What the
//! vocabulary, the requirements and the feature files have names for is named there and only put
//! together here.

pub mod certificate;
pub mod cli;
pub mod formats;
pub mod help;
pub mod link;
pub mod operator;
pub mod page;
pub mod pcap;
pub mod report;
pub mod serve;
pub mod timeline;

use counterproof_sim::vocabulary::Lang;

/// A sentence whose language is chosen when it is read, as on a page that speaks both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// English, with `{argument}` where an argument goes.
    pub en: &'static str,
    /// Chinese.
    pub zh: &'static str,
    /// The arguments, in the order in which they are given.
    pub arguments: &'static [&'static str],
}

/// Defines sentences: `name(arguments) = "English", "中文";` makes a function of the language and
/// the arguments.
macro_rules! texts {
    ($($(#[$meta:meta])* $name:ident($($argument:ident),*) = $en:literal, $zh:literal;)+) => {
        /// The same sentences before their language and their arguments are known.
        pub mod templates {
            $(
                #[doc = concat!($en, " (", $zh, ")")]
                pub const fn $name() -> crate::texts::Template {
                    crate::texts::Template {
                        en: $en,
                        zh: $zh,
                        arguments: &[$(stringify!($argument)),*],
                    }
                }
            )+
        }

        $(
            $(#[$meta])*
            #[doc = concat!($en, " (", $zh, ")")]
            pub fn $name(lang: counterproof_sim::vocabulary::Lang $(, $argument: impl std::fmt::Display)*) -> String {
                match lang {
                    counterproof_sim::vocabulary::Lang::En => format!($en),
                    counterproof_sim::vocabulary::Lang::Zh => format!($zh),
                }
            }
        )+
    };
}
pub(crate) use texts;

/// Defines words: `name = "English", "中文";` makes a function of the language.
macro_rules! words {
    ($($name:ident = $en:literal, $zh:literal;)+) => {
        /// All of them: name, English, Chinese.
        pub const WORDS: &[(&str, &str, &str)] = &[$((stringify!($name), $en, $zh)),+];

        $(
            #[doc = concat!($en, " (", $zh, ")")]
            pub const fn $name(lang: counterproof_sim::vocabulary::Lang) -> &'static str {
                match lang {
                    counterproof_sim::vocabulary::Lang::En => $en,
                    counterproof_sim::vocabulary::Lang::Zh => $zh,
                }
            }
        )+
    };
}
pub(crate) use words;

/// The language of the environment: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set.
pub fn language_of(variable: impl Fn(&str) -> Option<String>) -> Lang {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()))
        .map_or(Lang::En, |locale| Lang::of_locale(&locale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_locale_that_is_set_decides() {
        let of = |set: &[(&str, &str)]| {
            let set: Vec<(String, String)> = set
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect();
            language_of(move |asked| {
                let found = set.iter().find(|(name, _)| name == asked);
                found.map(|(_, value)| value.clone())
            })
        };
        assert_eq!(of(&[]), Lang::En);
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8")]), Lang::Zh);
        assert_eq!(of(&[("LC_ALL", ""), ("LANG", "zh_CN")]), Lang::Zh);
        assert_eq!(of(&[("LC_ALL", "C.UTF-8"), ("LANG", "zh_CN")]), Lang::En);
    }
}
