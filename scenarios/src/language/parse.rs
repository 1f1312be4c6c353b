//! From the text of a file to the model, or to everything that is wrong with it. Not here: whether
//! its steps exist; see [`super::lint`].

use std::sync::Arc;

use super::diagnostic::{Diagnostic, quoted};
use super::distance;
use super::keywords::{self, Keywords};
use super::model::{Feature, Place};
use super::scan::{self, Kind, Scan};
use super::skeleton;
use super::source::Source;
use super::structure;
use super::tree::{self, File};

/// Lines of headers, steps and descriptions that a file may have; its tables may be longer. The
/// `gherkin` crate takes time quadratic in them, and this many take it about a second.
const MOST_LINES: usize = 100_000;

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// What could be read, even where there are mistakes, so that its steps can be checked in the
    /// same go. Run it only if there are none.
    pub feature: Option<Feature>,
    /// Every mistake of form, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// The feature of a file without mistakes.
    ///
    /// # Errors
    /// The mistakes, at least one.
    pub fn into_result(self) -> Result<Feature, Vec<Diagnostic>> {
        match self.feature {
            Some(feature) if self.diagnostics.is_empty() => Ok(feature),
            _ => Err(self.diagnostics),
        }
    }
}

/// Reads the text of a file. `path` names the file in messages and gives the area of its ids; the
/// file itself is not looked at.
///
/// ```
/// let text = "\
/// ## language: zh-CN
/// 功能：扫码支付
///   规则：信号弱
///     场景：弱网下支付
///       假如 网络为“弱”
///       那么 支付成功
/// ";
/// let parsed = counterproof_scenarios::language::parse("features/net/weak.feature", text);
/// let feature = parsed.into_result().expect("no mistakes");
/// let case = feature.cases().next().expect("a scenario");
/// assert_eq!(case.scenario.id, "net/弱网下支付");
/// assert_eq!(case.rule.expect("a rule").name, "信号弱");
/// ```
pub fn parse(path: &str, text: &str) -> Parsed {
    let source = Arc::new(Source::new(path, text));
    let mut out = Vec::new();
    let feature = read(&source, &mut out);
    out.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
    out.dedup();
    Parsed {
        feature,
        diagnostics: out,
    }
}

fn read(source: &Arc<Source>, out: &mut Vec<Diagnostic>) -> Option<Feature> {
    let scan = scan::scan(source, out);
    let (language, keywords) = language(source, &scan, out)?;
    let skeleton = match keywords {
        Some(keywords) => structure::check(source, &scan, keywords, out),
        None => skeleton::unchecked(&scan),
    };
    if let Some(origin) = skeleton.lines.get(MOST_LINES) {
        let message = format!("more than {MOST_LINES} lines beside tables and comments");
        let help = "split the file; many like scenarios are better rows of one outline";
        out.push(source.whole_line(origin.line, message, help));
        return None;
    }
    let env = gherkin::GherkinEnv::new(&language).ok()?;
    match gherkin::Feature::parse(&skeleton.text, env) {
        Ok(tree) => {
            let file = File {
                source,
                scan: &scan,
                skeleton: &skeleton,
                language: &language,
                keywords,
            };
            Some(tree::build(&file, &tree, out))
        }
        Err(error) => {
            // What comes of a mistake that was reported already is not worth a second report.
            if keywords.is_none() || out.is_empty() {
                let line = error_line(&error).and_then(|line| skeleton.lines.get(line - 1));
                let line = line.map_or(scan.last.max(1), |origin| origin.line);
                let help = format!(
                    "the order is feature, background, scenarios, rules; keywords are those of {}",
                    quoted(&language)
                );
                out.push(source.whole_line(line, "this line cannot be read", help));
            }
            None
        }
    }
}

/// The line in which `gherkin` gave up, from 1; it tells in its message only.
fn error_line(error: &gherkin::ParseError) -> Option<usize> {
    let text = error.to_string();
    let digits = text.strip_prefix("Error at ")?.split(':').next()?;
    digits.parse().ok().filter(|line| *line > 0)
}

/// The code of the language and its keywords where we have them. Reports a language that does not
/// exist, and one that the file does not keep to; `None` where nothing can be read.
fn language(
    source: &Source,
    scan: &Scan,
    out: &mut Vec<Diagnostic>,
) -> Option<(String, Option<&'static Keywords>)> {
    let first = scan.items.iter().find_map(|item| match &item.kind {
        Kind::Words { plain, .. } => Some((item.line, plain.as_str())),
        Kind::Table(_) | Kind::Doc(_) => None,
    });
    // The language that the first words are in, if it is not the one they should be in.
    let spoken = first.and_then(|(_, words)| keywords::speaking(words));
    let Some((code, place)) = &scan.language else {
        let keywords = keywords::of("en")?;
        let Some(other) = spoken.filter(|spoken| spoken.code != keywords.code) else {
            return Some((keywords.code.to_owned(), Some(keywords)));
        };
        let line = first.map_or(1, |(line, _)| line);
        out.push(source.whole_line(
            line,
            format!("the file is in {} and does not say so", other.name),
            format!("put \"# language: {}\" into its first line", other.code),
        ));
        return Some((other.code.to_owned(), Some(other)));
    };
    let Place {
        line,
        column,
        length,
    } = *place;
    if !gherkin::is_language_supported(code) {
        let help = match alias(code) {
            Some(known) => format!("did you mean \"{known}\"?"),
            None => "English is en, Chinese zh-CN".to_owned(),
        };
        let message = format!("unknown language {}", quoted(code));
        out.push(source.diagnostic(line, column, length, message, help));
        let keywords = spoken?;
        return Some((keywords.code.to_owned(), Some(keywords)));
    }
    let keywords = keywords::of(code);
    match (keywords, spoken) {
        (Some(own), Some(other)) if own.code != other.code => {
            out.push(source.diagnostic(
                line,
                column,
                length,
                format!(
                    "the file says it is in {}, its keywords are in {}",
                    own.name, other.name
                ),
                format!(
                    "write \"# language: {}\", or use the keywords of {}",
                    other.code, own.name
                ),
            ));
            Some((other.code.to_owned(), Some(other)))
        }
        _ => Some((code.clone(), keywords)),
    }
}

/// The code that was meant.
fn alias(code: &str) -> Option<&'static str> {
    let lower = code.to_lowercase().replace('_', "-");
    match lower.as_str() {
        "zh" | "cn" | "chinese" | "zh-hans" | "zh-hans-cn" | "中文" | "简体中文" => {
            Some("zh-CN")
        }
        "english" | "en-us" | "en-gb" => Some("en"),
        "zh-hant" => Some("zh-TW"),
        _ => {
            let known = ["en", "zh-CN", "zh-TW"];
            known
                .into_iter()
                .find(|known| known.to_lowercase() == lower)
                .or_else(|| distance::nearest(code, known))
        }
    }
}

#[cfg(test)]
mod tests;
