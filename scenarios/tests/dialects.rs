//! The whole catalogue in every dialect that is built in.

use std::num::NonZero;
use std::sync::Arc;

use counterproof_scenarios::case::{Matrix, plan};
use counterproof_scenarios::run::{self, Options, TerminalFactory};
use counterproof_scenarios::suite::{Suite, certified};
use counterproof_scenarios::verdict::Verdict;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::pos::ReferenceTerminal;

#[test]
fn the_reference_terminal_passes_the_whole_catalogue_in_every_dialect() {
    let suite = Suite::load(&certified()).expect("the certified suite has no mistakes");
    let cases = plan(suite.scenarios(), &Matrix::default());
    let mut wrong = Vec::new();
    for dialect in Dialect::built_in() {
        let factory: TerminalFactory =
            Arc::new(move || Ok(Box::new(ReferenceTerminal::new().in_dialect(dialect))));
        let options = Options {
            jobs: std::thread::available_parallelism().map_or(2, NonZero::get),
            dialect,
            ..Options::default()
        };
        let mut passed = 0;
        run::run(&cases, &factory, &options, &mut |result| {
            if result.verdict == Verdict::Pass {
                passed += 1;
            } else {
                let id = &cases[result.case].id;
                wrong.push(format!("{}: {id}: {}", dialect.name(), result.message.en));
            }
        });
        assert!(passed > 0, "{}", dialect.name());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_terminal_that_speaks_another_dialect_passes_nothing_about_money() {
    let suite = Suite::load(&certified()).expect("the certified suite has no mistakes");
    let paid = suite
        .scenarios()
        .iter()
        .find(|s| s.id == "code/the-code-of-wechat-pay-is-taken-as-it-is");
    let cases = plan(paid, &Matrix::default());
    for dialect in Dialect::built_in() {
        let factory: TerminalFactory = Arc::new(|| Ok(Box::new(ReferenceTerminal::new())));
        let options = Options {
            dialect,
            ..Options::default()
        };
        let mut verdicts = Vec::new();
        run::run(&cases, &factory, &options, &mut |r| {
            verdicts.push(r.verdict);
        });
        // The reference terminal looks at the name and does not start.
        let wanted = match dialect.name() {
            "cup" => Verdict::Pass,
            _ => Verdict::Error,
        };
        assert_eq!(verdicts, [wanted], "{}", dialect.name());
    }
}

#[test]
fn every_dialect_is_described_in_both_languages() {
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/");
    for page in ["dialects.md", "zh-CN/dialects.md"] {
        let text = std::fs::read_to_string(format!("{docs}{page}")).expect("the page is there");
        for dialect in Dialect::built_in() {
            let row = format!("| `{}` |", dialect.name());
            assert!(text.contains(&row), "{page} lacks {}", dialect.name());
        }
    }
}
