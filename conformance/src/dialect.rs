//! Dialects from files. One is read once and lives as long as the program, as those that are built in do:
//! benches, terminals and reports of a run all hold the same.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use counterproof_sim::iso8583::Dialect;
use counterproof_sim::iso8583::dialect::DialectError;

/// The dialect that a file with this text describes.
///
/// # Errors
/// When it describes none; the error says where.
pub fn of_text(text: &str) -> Result<&'static Dialect, DialectError> {
    static READ: Mutex<BTreeMap<String, &'static Dialect>> = Mutex::new(BTreeMap::new());
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(dialect) = read.get(text) {
        return Ok(dialect);
    }
    let dialect: &'static Dialect = Box::leak(Box::new(Dialect::from_toml(text)?));
    read.insert(text.to_owned(), dialect);
    Ok(dialect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_once() {
        let text = "extends = \"cup\"\nname = \"acme\"\nmac = \"cbc\"";
        let one = of_text(text).unwrap();
        assert_eq!(one.name(), "acme");
        assert!(std::ptr::eq(one, of_text(text).unwrap()));
        assert!(of_text("extends = \"iso\"").is_err());
    }
}
