//! The command line. It reads words, calls the library, prints, and says how to end; nothing is
//! decided here.

pub mod args;
pub mod certificate_args;
mod certify;
mod console;
mod decode;
mod defects;
mod dialect;
mod docs;
mod features;
mod key;
mod link;
mod list;
mod live_args;
mod merge;
mod mutants;
mod parse;
mod practices;
mod redact;
mod reports;
mod run;
mod serve;
pub mod serve_args;
mod sign;
mod verify;

use std::env;
use std::panic::catch_unwind;
use std::process::ExitCode;

use counterproof_sim::vocabulary::Lang;

use args::{ColorArg, Command, LangArg};
use console::{Console, complain};
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
            let console = Console::new(lang, ColorArg::Auto);
            let text = if console.style.colored {
                text.ansi().to_string()
            } else {
                text.to_string()
            };
            end(console.print(&text).map(|()| Exit::Conformant), console)
        }
        Parsed::Todo(cli) => {
            let lang = match cli.common.lang {
                Some(LangArg::En) => Lang::En,
                Some(LangArg::Zh) => Lang::Zh,
                None => lang,
            };
            let console = Console::new(lang, cli.common.color);
            // A mistake of ours has said where it is; how the program ends is a contract all the same.
            let done = catch_unwind(|| command(&cli.command, console));
            let text = texts::our_mistake(lang);
            end(
                done.unwrap_or(Err(Failure {
                    exit: Exit::Broken,
                    text,
                })),
                console,
            )
        }
    }
}

fn command(command: &Command, console: Console) -> Result<Exit, Failure> {
    match command {
        Command::List(args) => list::list(args, console),
        Command::Decode(args) => decode::decode(args, console),
        Command::Run(args) => run::run(args, console),
        Command::Merge(args) | Command::Report(args) => merge::merge(args, console),
        Command::Key(args) => key::key(args, console),
        Command::Certify(args) => certify::certify(args, console),
        Command::Sign(args) => sign::sign(args, console),
        Command::Redact(args) => redact::redact(args, console),
        Command::Verify(args) => verify::verify(args, console),
        Command::Link(args) => link::link(args, console),
        Command::Mutants(args) => mutants::mutants(args, console),
        Command::Serve(args) => serve::serve(args, console),
        Command::Docs(args) => docs::docs(args, console),
    }
}

fn end(done: Result<Exit, Failure>, console: Console) -> ExitCode {
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            complain(&texts::error(console.lang, failure.text));
            failure.exit.into()
        }
    }
}
