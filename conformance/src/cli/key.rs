//! `counterproof key`: a pair of keys, and the files with keys that other commands read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use counterproof_sim::vocabulary::Lang;

use super::certificate_args::KeyArgs;
use super::console::Console;
use super::reports::unwritable;
use crate::certificate::key::{KeyError, PrivateKey, PublicKey};
use crate::exit::{Exit, Failure};
use crate::texts::{certificate as texts, cli};

/// Makes a pair of keys and prints the id.
///
/// # Errors
/// When a file is there already, or cannot be written.
pub fn key(args: &KeyArgs, console: Console) -> Result<Exit, Failure> {
    let lang = console.lang;
    let broken = |error: KeyError| Failure {
        exit: Exit::Broken,
        text: texts::no_key(lang, error),
    };
    let key = PrivateKey::new().map_err(broken)?;
    let public = with_suffix(&args.out, ".pub");
    // The private key exists only if nothing was in the way of either.
    if public.exists() {
        return Err(Failure::usage(texts::key_exists(lang, public.display())));
    }
    write(&args.out, &key.to_pem().map_err(broken)?, 0o600, lang)?;
    write(
        &public,
        &key.public().to_pem().map_err(broken)?,
        0o644,
        lang,
    )?;
    let (private, public) = (args.out.display(), public.display());
    console.print(&texts::key_made(lang, key.public(), private, public))?;
    Ok(Exit::Conformant)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn write(path: &Path, text: &str, mode: u32, lang: Lang) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(mode).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::usage(texts::key_exists(lang, path.display())),
        _ => unwritable(path, &error, lang),
    })
}

/// The private keys in these files.
///
/// # Errors
/// When a file holds none, or two hold the same.
pub fn private(paths: &[PathBuf], lang: Lang) -> Result<Vec<PrivateKey>, Failure> {
    let mut keys: Vec<PrivateKey> = Vec::new();
    for path in paths {
        let key = PrivateKey::from_pem(&read(path, lang)?)
            .map_err(|error| Failure::usage(texts::no_private_key(lang, path.display(), error)))?;
        if keys.iter().any(|other| other.public() == key.public()) {
            return Err(Failure::usage(texts::same_key(lang, path.display())));
        }
        keys.push(key);
    }
    Ok(keys)
}

/// The public keys in these files.
///
/// # Errors
/// When a file holds none.
pub fn public(paths: &[PathBuf], lang: Lang) -> Result<Vec<PublicKey>, Failure> {
    let keys = paths.iter().map(|path| {
        PublicKey::from_pem(&read(path, lang)?)
            .map_err(|error| Failure::usage(texts::no_public_key(lang, path.display(), error)))
    });
    keys.collect()
}

fn read(path: &Path, lang: Lang) -> Result<String, Failure> {
    fs::read_to_string(path)
        .map_err(|error| Failure::usage(cli::cannot_read(lang, path.display(), error)))
}
