//! The command that runs exactly one case again.

use counterproof_scenarios::case::Case;

use crate::attach::LiveMode;

/// What a replay needs of the command line that it repeats.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// `--terminal`, where it is not the built-in one.
    pub terminal: Option<String>,
    /// `--defect`.
    pub defects: Vec<String>,
    /// `--dialect`, where it is not the default one.
    pub dialect: Option<String>,
    /// `--practices`.
    pub practices: Option<String>,
    /// `--features`.
    pub features: Option<String>,
    /// `--mode live` and what belongs to it.
    pub live: Option<LiveMode>,
}

impl Replay {
    /// The command for `case`; where it cuts the power at every point, for one of them if given.
    pub fn command(&self, case: &Case, point: Option<u32>) -> String {
        let mut words = vec!["counterproof run".to_owned()];
        if let Some(terminal) = &self.terminal {
            words.push(format!("--terminal {}", quoted(terminal)));
        }
        words.extend(
            self.defects
                .iter()
                .map(|defect| format!("--defect {}", quoted(defect))),
        );
        if let Some(dialect) = &self.dialect {
            words.push(format!("--dialect {}", quoted(dialect)));
        }
        if let Some(practices) = &self.practices {
            words.push(format!("--practices {}", quoted(practices)));
        }
        if let Some(features) = &self.features {
            words.push(format!("--features {}", quoted(features)));
        }
        if let Some(live) = &self.live {
            words.push("--mode live".to_owned());
            if live.scale > 1 {
                words.push(format!("--time-scale {}", live.scale));
            }
            words.push(format!("--tolerance {}ms", live.tolerance.as_millis()));
        }
        words.push(format!("--scenario {}", quoted(&case.id_at(point))));
        words.push(format!("--seed {}", case.seed));
        words.join(" ")
    }
}

/// A word as a shell takes it for one.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,+=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_part_them() {
        assert_eq!(quoted("tcp:127.0.0.1:4001"), "tcp:127.0.0.1:4001");
        assert_eq!(quoted("python3 till.py"), "'python3 till.py'");
        assert_eq!(
            quoted("reversal/silence@weak#1"),
            "'reversal/silence@weak#1'"
        );
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
