//! `counterproof sign`: one more signature on a certificate, and on the same in standard words beside
//! it. What it says is the signer's to check before.

use std::fs;
use std::path::{Path, PathBuf};

use counterproof_sim::vocabulary::Lang;

use super::certificate_args::SignArgs;
use super::certify::write;
use super::console::Console;
use super::key;
use crate::certificate::envelope::Envelope;
use crate::certificate::refusal::Refusal;
use crate::certificate::{CERTIFICATE, TEST_RESULT};
use crate::exit::{Exit, Failure};
use crate::texts::certificate as texts;

/// Adds signatures.
///
/// # Errors
/// When the certificate is not whole, was signed with one of the keys already, or cannot be written.
pub fn sign(args: &SignArgs, console: Console) -> Result<Exit, Failure> {
    let lang = console.lang;
    let keys = key::private(&args.key, lang)?;
    let (certificate, standard) = files(&args.certificate);
    let mut envelopes = Vec::new();
    for path in [Some(certificate), standard].into_iter().flatten() {
        let mut envelope = read(&path, lang)?;
        for key in &keys {
            let added = envelope.add(key, &path.display().to_string());
            added.map_err(|refusal| refused(&refusal, lang))?;
        }
        envelopes.push((path, envelope));
    }
    // Nothing is written before everything could be signed.
    for (path, envelope) in &envelopes {
        write(path, envelope, lang)?;
    }
    for key in &keys {
        let (path, _) = &envelopes[0];
        console.print(&texts::signed(lang, path.display(), key.public()))?;
    }
    Ok(Exit::Conformant)
}

/// The certificate at `path`, or the one in that directory, and the same in standard words beside it.
pub fn files(path: &Path) -> (PathBuf, Option<PathBuf>) {
    let certificate = if path.is_dir() {
        path.join(CERTIFICATE)
    } else {
        path.to_owned()
    };
    let standard = certificate.with_file_name(TEST_RESULT);
    let standard = Some(standard).filter(|standard| standard.exists() && *standard != certificate);
    (certificate, standard)
}

fn read(path: &Path, lang: Lang) -> Result<Envelope, Failure> {
    let bytes = bytes(path, lang)?;
    Envelope::read(&bytes, &path.display().to_string()).map_err(|refusal| refused(&refusal, lang))
}

/// The bytes of a file that belongs to a certificate.
///
/// # Errors
/// When it cannot be read.
pub fn bytes(path: &Path, lang: Lang) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| {
        Failure::usage(crate::texts::cli::cannot_read(lang, path.display(), error))
    })
}

/// How the program ends where a certificate is refused.
pub fn refused(refusal: &Refusal, lang: Lang) -> Failure {
    Failure {
        exit: Exit::Invalid,
        text: texts::refusal(lang, refusal),
    }
}
