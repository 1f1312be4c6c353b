//! From the words of the command line to [`Cli`]: the default command, help in two languages, and
//! mistakes.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory as _, FromArgMatches as _};
use counterproof_sim::vocabulary::Lang;

use super::args::Cli;
use crate::exit::{Exit, Failure};
use crate::texts::{cli as texts, help};

/// What comes of the words.
pub enum Parsed {
    /// Something to do.
    Todo(Box<Cli>),
    /// Help or version, to be printed as it is.
    Print(StyledStr),
}

/// Reads the words behind the program's name.
///
/// # Errors
/// When they make no command.
pub fn parse(mut words: Vec<OsString>, lang: Lang) -> Result<Parsed, Failure> {
    if let Some(place) = place_of_run(&words) {
        words.insert(place, "run".into());
    }
    words.insert(0, "counterproof".into());
    let parsed = command(lang)
        .try_get_matches_from(words)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        Ok(cli) => Ok(Parsed::Todo(Box::new(cli))),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Ok(Parsed::Print(error.render())),
            _ => Err(Failure {
                exit: Exit::Usage,
                text: mistake(&error, lang),
            }),
        },
    }
}

/// The language that the words ask for, before they are read properly: mistakes in them are said
/// in it.
pub fn asked_language(words: &[OsString]) -> Option<Lang> {
    let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
    let joined = words.iter().find_map(|word| word.strip_prefix("--lang="));
    let apart = words
        .windows(2)
        .find_map(|pair| (pair[0] == "--lang").then_some(pair[1]));
    joined.or(apart).map(Lang::of_locale)
}

/// Where `run` belongs among words that name no command: before the first word that is not an
/// option which every command has.
fn place_of_run(words: &[OsString]) -> Option<usize> {
    let mut place = 0;
    while let Some(word) = words.get(place) {
        let word = word.to_string_lossy();
        match &*word {
            "--lang" | "--color" => place += 2,
            "-h" | "--help" | "-V" | "--version" => return None,
            _ if word.starts_with("--lang=") || word.starts_with("--color=") => place += 1,
            // A word that is no option is a command, or meant to be one.
            _ => return word.starts_with('-').then_some(place),
        }
    }
    Some(words.len())
}

/// The command line in `lang`.
pub fn command(lang: Lang) -> Command {
    let command = Cli::command();
    match lang {
        Lang::En => command,
        Lang::Zh => chinese(command, ""),
    }
}

fn chinese(command: Command, name: &str) -> Command {
    let about = help::zh(name).unwrap_or_default();
    let option = |id: &'static str, short| {
        Arg::new(id)
            .short(short)
            .long(id)
            .help_heading("选项")
            .help(help::zh(&format!("*/{id}")))
    };
    let mut command = command
        .about(about)
        .long_about(about)
        .help_template(help::TEMPLATE_ZH)
        .subcommand_help_heading("命令")
        .disable_help_flag(true)
        .arg(option("help", 'h').action(ArgAction::Help));
    if name.is_empty() {
        command = command
            .disable_version_flag(true)
            .arg(option("version", 'V').action(ArgAction::Version));
    }
    command
        .mut_args(|argument| {
            let id = argument.get_id().as_str();
            let place = [format!("{name}/{id}"), format!("*/{id}")];
            let help = place.iter().find_map(|place| help::zh(place));
            let takes_value = argument.get_action().takes_values();
            let heading = if argument.is_positional() {
                "参数"
            } else {
                "选项"
            };
            argument
                .help_heading(heading)
                .help(help)
                .long_help(None::<&str>)
                .hide_possible_values(takes_value)
        })
        .mut_subcommands(|sub| {
            let name = sub.get_name().to_owned();
            chinese(sub, &name)
        })
}

/// What is wrong with the words.
fn mistake(error: &clap::Error, lang: Lang) -> String {
    if lang == Lang::En {
        let text = error.render().to_string();
        return text.trim_start_matches("error: ").trim_end().to_owned();
    }
    let get = |kind| error.get(kind).map(context).unwrap_or_default();
    let argument = get(ContextKind::InvalidArg);
    let value = get(ContextKind::InvalidValue);
    let mut text = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有参数 {argument}"),
        ErrorKind::InvalidSubcommand => format!("没有命令 {}", get(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("缺少参数 {argument}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "缺少命令".to_owned()
        }
        ErrorKind::ArgumentConflict => {
            format!("{argument} 不能与 {} 同时使用", get(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 缺少值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{argument} 的值 {value} 无效")
        }
        _ => error.render().to_string().trim_end().to_owned(),
    };
    let valid = get(ContextKind::ValidValue);
    if !valid.is_empty() {
        text.push_str("\n  ");
        text.push_str(&texts::one_of(lang, valid));
    }
    for kind in [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
        ContextKind::SuggestedSubcommand,
    ] {
        let suggested = get(kind);
        if !suggested.is_empty() {
            text.push_str("\n  ");
            text.push_str(&texts::did_you_mean(lang, suggested));
        }
    }
    text.push_str("\n\n更多信息请用 --help");
    text
}

fn context(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join("、"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::{Command as Todo, LangArg};

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    fn read(line: &str) -> Cli {
        match parse(words(line), Lang::En) {
            Ok(Parsed::Todo(cli)) => *cli,
            Ok(Parsed::Print(text)) => panic!("{text}"),
            Err(failure) => panic!("{}", failure.text),
        }
    }

    #[test]
    fn run_is_the_command_where_none_is_named() {
        for (line, seed) in [
            ("", 1),
            ("--seed 7", 7),
            ("run --seed 7", 7),
            ("--lang zh --seed 7", 7),
        ] {
            let Todo::Run(run) = read(line).command else {
                panic!("{line}");
            };
            assert_eq!(run.seed, seed, "{line}");
        }
        assert!(matches!(
            read("--lang zh list faults").command,
            Todo::List(_)
        ));
        assert!(matches!(
            read("--color=never decode -").command,
            Todo::Decode(_)
        ));
        assert_eq!(read("--seed 7 --lang zh").common.lang, Some(LangArg::Zh));
    }

    #[test]
    fn the_language_is_known_before_the_words_are() {
        assert_eq!(
            asked_language(&words("--lang zh --nonsense")),
            Some(Lang::Zh)
        );
        assert_eq!(asked_language(&words("run --lang=en")), Some(Lang::En));
        assert_eq!(asked_language(&words("run --seed 1")), None);
    }

    #[test]
    fn every_option_and_command_has_its_chinese() {
        let english = Cli::command();
        let mut commands = vec![(String::new(), &english)];
        commands.extend(
            english
                .get_subcommands()
                .map(|sub| (sub.get_name().to_owned(), sub)),
        );
        for (name, command) in commands {
            assert!(help::zh(&name).is_some(), "{name:?}");
            for argument in command.get_arguments() {
                let id = argument.get_id();
                let known = help::zh(&format!("{name}/{id}")).or(help::zh(&format!("*/{id}")));
                assert!(known.is_some(), "{name}/{id}");
            }
        }
        command(Lang::Zh).debug_assert();
        command(Lang::En).debug_assert();
    }

    #[test]
    fn mistakes_are_said_in_both_languages() {
        let said = |line: &str, lang| match parse(words(line), lang) {
            Err(failure) => {
                assert_eq!(failure.exit, Exit::Usage);
                failure.text
            }
            Ok(_) => panic!("{line} is no mistake"),
        };
        assert!(said("--sed 7", Lang::En).contains("'--seed'"));
        let chinese = said("--sed 7", Lang::Zh);
        assert!(
            chinese.contains("没有参数 --sed") && chinese.contains("--seed"),
            "{chinese}"
        );
        assert!(said("lst", Lang::Zh).contains("没有命令 lst"));
        assert!(said("list", Lang::Zh).contains("缺少参数"));
        assert!(said("--seed x", Lang::Zh).contains("无效"));
        assert!(said("--terminal a --defect b", Lang::Zh).contains("同时使用"));
    }
}
