//! The checkers: what each requirement asks of a record, whatever the scenario was about. A file
//! a subject; here is the one table from requirement to checker.
//!
//! A checker judges only what edges.md settles, and passes what it leaves open. Not here: what a
//! scenario expects of its own story – that is its `Then`.

mod answers;
mod breach;
mod cashier;
mod codes;
mod keys;
mod messages;
mod money;
mod network;
mod practices;
mod refunds;
mod reversal;
mod secrets;
mod settlement;
mod show;
mod stan;
mod storage;
mod waiting;

pub(crate) use cashier::{is_marked_reprint, speaks_of_trouble};
pub(crate) use practices::practised;

use crate::history::History;
use crate::requirements::Requirement as R;
use crate::verdict::Breach;

/// Finds the breaches of one requirement.
pub type Checker = fn(&History<'_>, &mut Vec<Breach>);

/// The checker of a requirement that a record alone can decide, where there is one.
pub fn for_requirement(requirement: R) -> Option<Checker> {
    Some(match requirement {
        R::Code01 => codes::sends_what_was_read,
        R::Code02 => codes::sends_payment_codes_only,
        R::Code03 => codes::one_request_a_read,
        R::Code04 => codes::never_again,
        R::Code07 => show::whole_and_for_the_order,
        R::Txn01 => messages::well_formed,
        R::Txn02 => stan::never_twice,
        R::Txn03 => money::tells_the_truth,
        R::Txn04 => money::never_charged_twice,
        R::Txn05 => cashier::has_a_final_word,
        R::Txn06 => answers::only_its_own,
        R::Txn07 => answers::not_revived,
        R::Txn08 => waiting::waits_as_it_should,
        R::Txn09 => answers::unknown_stays_unknown,
        R::Txn10 => answers::codes_mapped,
        R::Txn11 => money::partial_approval,
        R::Txn12 => refunds::give_back_what_is_there,
        R::Txn13 => codes::impossible_amounts,
        R::Txn14 => cashier::receipt,
        R::Txn15 => cashier::cancelled,
        R::Rev01 => reversal::comes_first,
        R::Rev02 => reversal::built_right,
        R::Rev04 => reversal::repeated,
        R::Rev05 => reversal::ended_by_a_definite_answer,
        R::Rev06 => reversal::after_a_wrong_mac,
        R::Rev07 => reversal::finished_or_undone,
        R::Rev08 => reversal::only_of_what_was_sent,
        R::Rev10 => network::backs_off,
        R::Net04 => network::not_sent_again,
        R::Net06 => answers::no_approval_from_garbage,
        R::Net07 => network::tells_strangers_nothing,
        R::Net08 => network::no_endless_retries,
        R::Sec01 => keys::unsound_keys_refused,
        R::Sec02 => keys::signs_in_after_refusal,
        R::Sec03 => keys::signs_in_when_asked,
        R::Sec04 => keys::takes_the_batch,
        R::Sec05 => secrets::codes_masked,
        R::Sec06 => secrets::keys_hidden,
        R::Set01 => settlement::totals_and_next_batch,
        R::Set02 => settlement::details_uploaded,
        R::Set04 => settlement::reversals_first,
        R::Pwr02 => holds_after_damage,
        R::Pwr01 => holds_after_cuts,
        R::Pwr03 => cashier::final_word_after_restart,
        R::Ux01 => cashier::reason_and_advice,
        R::Ux02 => cashier::language_of_the_shop,
        _ => return None,
    })
}

/// PWR-01: where the power was cut, TXN-02 to TXN-05 hold all the same; a breach of theirs is one of
/// this.
fn holds_after_cuts(history: &History<'_>, found: &mut Vec<Breach>) {
    if history.cuts().is_empty() {
        return;
    }
    let noticed = found.len();
    stan::never_twice(history, found);
    money::tells_the_truth(history, found);
    money::never_charged_twice(history, found);
    cashier::has_a_final_word(history, found);
    for breach in &mut found[noticed..] {
        breach.requirements = vec![R::Pwr01];
    }
}

/// PWR-02: damage is reported; where it is not, because it hit nothing that anybody needs, the money
/// and the numbers are right all the same.
fn holds_after_damage(history: &History<'_>, found: &mut Vec<Breach>) {
    storage::noticed(history, found);
    if storage::damaged(history).is_none() || storage::excuses(history) {
        return;
    }
    let noticed = found.len();
    stan::never_twice(history, found);
    money::tells_the_truth(history, found);
    money::never_charged_twice(history, found);
    cashier::has_a_final_word(history, found);
    reversal::comes_first(history, found);
    settlement::totals_and_next_batch(history, found);
    for breach in &mut found[noticed..] {
        breach.requirements = vec![R::Pwr02];
    }
}

/// Whether a requirement is judged only by the scenarios that are about it: it says again, of one
/// situation, what others say of all, or asks for something that only its own scenarios bring about.
const fn only_where_asked(requirement: R) -> bool {
    matches!(requirement, R::Code03 | R::Net06 | R::Pwr01)
}

/// Finds every breach in a record, of whatever requirement: those that are checked after every
/// scenario and those that the scenario names come first, then what came to light besides. A rule
/// holds wherever it applies, so a scenario about one finds the breach of another.
pub fn all(history: &History<'_>, named: &[R], found: &mut Vec<Breach>) {
    // Whose only record the suite has destroyed owes nothing for it (edges 30): then only what
    // needs no memory is judged.
    let excused = storage::excuses(history);
    let needs_no_memory =
        |r: &R| !excused || matches!(r, R::Pwr02 | R::Txn01 | R::Sec05 | R::Sec06 | R::Ux01);
    let of_its_own = |r: &R| r.always_on() || named.contains(r);
    let first = R::ALL.iter().copied().filter(of_its_own);
    let besides = R::ALL.iter().copied();
    let besides = besides.filter(|r| !of_its_own(r) && !only_where_asked(*r));
    for requirement in first.chain(besides).filter(needs_no_memory) {
        if let Some(checker) = for_requirement(requirement) {
            checker(history, found);
        }
    }
}
