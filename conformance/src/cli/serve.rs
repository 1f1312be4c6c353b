//! `counterproof serve`: the simulated acquirer and phone as a standing service.

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use counterproof_sim::host::Pace;
use counterproof_sim::time::Span;
use counterproof_sim::vocabulary::Lang;

use super::console::{Console, complain};
use super::dialect;
use super::run::duration;
use super::serve_args::{PaceArg, ServeArgs};
use crate::exit::{Exit, Failure};
use crate::serve::api::Guard;
use crate::serve::{Addresses, Settings, Setup, serve as run, terminals};
use crate::texts::{cli as cli_texts, serve as texts};

/// Where terminals connect unless something else is said.
const LISTEN: &str = "127.0.0.1:7800";
/// The variable that may hold the token.
const TOKEN: &str = "COUNTERPROOF_API_TOKEN";
/// A shorter token is a mistake.
const SHORTEST: usize = 16;

/// Serves until it is stopped.
///
/// # Errors
/// When a setting is wrong, or what should be kept cannot be kept.
pub fn serve(args: &ServeArgs, console: Console) -> Result<Exit, Failure> {
    if args.example_terminals {
        console.print(terminals::EXAMPLE)?;
        return Ok(Exit::Conformant);
    }
    let settings = settings(args, console.lang)?;
    let lang = console.lang;
    let json = args.json;
    let served = run(settings, |addresses| {
        // Who does not listen wants to be served all the same.
        if let Err(failure) = console.print(&first_lines(addresses, json, lang)) {
            complain(&failure.text);
        }
    });
    match served {
        Ok(()) => Ok(Exit::Conformant),
        Err(trouble) if trouble.is_setting() => {
            Err(Failure::usage(texts::cannot_serve(lang, trouble)))
        }
        Err(trouble) => Err(Failure {
            exit: Exit::Broken,
            text: texts::stopped(lang, trouble),
        }),
    }
}

fn first_lines(addresses: &Addresses, json: bool, lang: Lang) -> String {
    if json {
        let value = serde_json::to_value(addresses).unwrap_or_default();
        return format!("{value}\n");
    }
    let mut lines: Vec<_> = addresses
        .listen
        .iter()
        .map(|address| texts::terminals_at(lang, address))
        .collect();
    lines.push(texts::api_at(lang, addresses.api));
    lines.join("\n") + "\n"
}

fn settings(args: &ServeArgs, lang: Lang) -> Result<Settings, Failure> {
    let needed = |option: &str| Failure::usage(texts::needs(lang, option));
    let data = args.data.clone().ok_or_else(|| needed("--data"))?;
    let file = args
        .terminals
        .as_ref()
        .ok_or_else(|| needed("--terminals"))?;
    let name = file.display().to_string();
    let terminals = terminals::read(&name, &read(file, lang)?, lang).map_err(Failure::usage)?;
    let (dialect, _) = dialect::find(&args.dialect, lang)?;
    let listen = if args.listen.is_empty() {
        vec![address("--listen", LISTEN, lang)?]
    } else {
        let each = args.listen.iter();
        each.map(|text| address("--listen", text, lang))
            .collect::<Result<_, _>>()?
    };
    let api = address("--api", &args.api, lang)?;
    let token = token(args.api_token_file.as_deref(), lang)?;
    if token.is_none() && !api.ip().is_loopback() {
        return Err(Failure::usage(texts::needs_token(lang, api)));
    }
    if args.max_connections == 0 {
        return Err(Failure::usage(texts::no_connections(lang)));
    }
    let idle = time("--idle-time", &args.idle_time, lang)?;
    let seed = match args.seed {
        Some(seed) => seed,
        None => getrandom::u64().map_err(|why| Failure {
            exit: Exit::Broken,
            text: texts::cannot_serve(lang, why),
        })?,
    };
    Ok(Settings {
        setup: Setup {
            dialect,
            terminals,
            pace: match args.pace {
                PaceArg::Simulated => Pace::Simulated,
                PaceArg::Prompt => Pace::Prompt,
            },
            idle: Span::from_micros(idle.as_micros() as u64),
            seed,
        },
        listen,
        api,
        guard: Guard::new(token.as_deref()),
        data,
        sync: args.sync,
        most: args.max_connections,
        patience: time("--frame-time", &args.frame_time, lang)?,
        show_codes: args.show_codes,
        lang,
    })
}

fn read(file: &Path, lang: Lang) -> Result<String, Failure> {
    let text = fs::read_to_string(file);
    text.map_err(|why| Failure::usage(cli_texts::cannot_read(lang, file.display(), why)))
}

fn address(option: &str, text: &str, lang: Lang) -> Result<SocketAddr, Failure> {
    text.parse()
        .map_err(|_| Failure::usage(texts::address_form(lang, option, text)))
}

fn time(option: &str, text: &str, lang: Lang) -> Result<Duration, Failure> {
    duration(text).ok_or_else(|| Failure::usage(texts::bad_time(lang, option, text)))
}

/// The token, of a file or of the environment.
fn token(file: Option<&Path>, lang: Lang) -> Result<Option<String>, Failure> {
    let token = match file {
        Some(file) => Some(read(file, lang)?.trim().to_owned()),
        None => env::var(TOKEN).ok(),
    };
    match token {
        Some(token) if token.len() < SHORTEST => {
            Err(Failure::usage(texts::token_empty(lang, SHORTEST)))
        }
        token => Ok(token),
    }
}
