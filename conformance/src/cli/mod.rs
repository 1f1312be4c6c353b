//! The command line. It reads words, calls the library, prints, and says how to end; nothing is
//! decided here.

pub mod args;
mod console;
mod decode;
mod list;
mod parse;

use std::env;
use std::process::ExitCode;

use counterproof_sim::vocabulary::Lang;

use args::{Command, LangArg};
use console::Console;
use parse::Parsed;

use crate::exit::{Exit, Failure};
use crate::texts::{cli as texts, language_of};

/// Runs the program with the words of its command line.
pub fn main() -> ExitCode {
    let words: Vec<_> = env::args_os().skip(1).collect();
    let lang =
        parse::asked_language(&words).unwrap_or_else(|| language_of(|name| env::var(name).ok()));
    let parsed = match parse::parse(words, lang) {
        Ok(parsed) => parsed,
        Err(failure) => return end(Err(failure), Console::plain(lang)),
    };
    match parsed {
        Parsed::Print(text) => {
            let console = Console::plain(lang);
            end(console.print(&text).map(|()| Exit::Conformant), console)
        }
        Parsed::Todo(cli) => {
            let lang = match cli.common.lang {
                Some(LangArg::En) => Lang::En,
                Some(LangArg::Zh) => Lang::Zh,
                None => lang,
            };
            let console = Console::new(lang, cli.common.color);
            let done = match cli.command {
                Command::List(args) => list::list(&args, console),
                Command::Decode(args) => decode::decode(&args, console),
                Command::Run(_) => Ok(Exit::Conformant),
            };
            end(done, console)
        }
    }
}

fn end(done: Result<Exit, Failure>, console: Console) -> ExitCode {
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            console.complain(&texts::error(console.lang, failure.text));
            failure.exit.into()
        }
    }
}
