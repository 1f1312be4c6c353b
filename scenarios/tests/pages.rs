//! The pages that the program writes are up to date.

use counterproof_scenarios::pages::{REGENERATE, requirements};
use counterproof_scenarios::suite::{Suite, certified};

#[test]
fn the_pages_on_requirements_say_what_is_there() {
    let suite = Suite::load(&certified()).expect("the certified suite has no mistakes");
    for page in requirements(&suite) {
        let path = format!("{}/../docs/{}", env!("CARGO_MANIFEST_DIR"), page.path);
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            text == page.text,
            "docs/{} is out of date: {REGENERATE}",
            page.path
        );
    }
}
