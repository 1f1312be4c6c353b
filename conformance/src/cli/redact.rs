//! `counterproof redact`: a certificate with evidence that does not show every scenario.

use std::fs;

use super::certificate_args::RedactArgs;
use super::console::Console;
use super::reports::unwritable;
use super::sign::{files, refused};
use crate::certificate::EVIDENCE;
use crate::certificate::leaf::Leaf;
use crate::certificate::redact::{self, RedactError};
use crate::evidence::expectation::fits;
use crate::exit::{Exit, Failure};
use crate::texts::{certificate as texts, cli};

/// Writes the certificate again, with less evidence.
///
/// # Errors
/// When the evidence is none, nothing fits, or the directory cannot be written or is not empty.
pub fn redact(args: &RedactArgs, console: Console) -> Result<Exit, Failure> {
    let lang = console.lang;
    let (certificate, standard) = files(&args.certificate.join(crate::certificate::CERTIFICATE));
    let folder = args.out.join(EVIDENCE);
    if folder.exists() {
        return Err(Failure::usage(texts::exists(lang, folder.display())));
    }
    let hides = |leaf: &Leaf| {
        let scenario = leaf.id.split(['@', '#']).next().unwrap_or(&leaf.id);
        let mut patterns = args.scenario.iter();
        patterns.any(|pattern| fits(pattern, &leaf.id) || fits(pattern, scenario))
    };
    let from = args.certificate.join(EVIDENCE);
    let hidden = redact::redact(&from, &folder, hides).map_err(|error| match error {
        RedactError::Evidence(refusal) => refused(&refusal, lang),
        RedactError::Write(error) => unwritable(&folder, &error, lang),
    })?;
    if hidden == 0 {
        return Err(Failure {
            exit: Exit::NothingSelected,
            text: texts::nothing_hidden(lang),
        });
    }
    for path in [Some(certificate), standard].into_iter().flatten() {
        let to = path.file_name().map(|name| args.out.join(name));
        let to = to.unwrap_or_else(|| args.out.clone());
        fs::copy(&path, &to)
            .map_err(|error| Failure::usage(cli::cannot_read(lang, path.display(), error)))?;
    }
    console.print(&texts::redacted(lang, hidden, args.out.display()))?;
    Ok(Exit::Conformant)
}
