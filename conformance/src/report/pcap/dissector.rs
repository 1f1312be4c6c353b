//! The script with which Wireshark reads the messages of a capture: it is made of the dialect of the run,
//! because Wireshark's own dissector knows neither the TPDU and the header nor an acquirer's fields.

use std::fmt::Write as _;

use counterproof_sim::iso8583::Dialect;
use counterproof_sim::iso8583::dialect::{FieldLayout, Writing};

use super::segments::ACQUIRER_PORT;

/// Name of the file.
pub const FILE: &str = "run.lua";

/// Links that a terminal has at most in a capture that the script reads by itself.
const LINKS: u16 = 8;

/// The script for this dialect.
pub fn script(dialect: &Dialect) -> String {
    let fields: String = dialect
        .layouts()
        .map(|one| line(dialect, one, "  "))
        .collect();
    let mut special = String::new();
    for (mti, layouts) in dialect.special_layouts() {
        // Writing to a String cannot fail.
        let _ = writeln!(special, "  [\"{mti}\"] = {{");
        special.extend(layouts.into_iter().map(|one| line(dialect, one, "    ")));
        special.push_str("  },\n");
    }
    include_str!("dissector.lua")
        .replace("@name@", &plain(dialect.name()))
        .replace("@fields@", &fields)
        .replace("@special@", &special)
        .replace("@first@", &ACQUIRER_PORT.to_string())
        .replace("@last@", &(ACQUIRER_PORT + LINKS - 1).to_string())
}

fn line(dialect: &Dialect, layout: FieldLayout, indent: &str) -> String {
    let FieldLayout {
        field,
        writing,
        prefix,
        size,
    } = layout;
    let (kind, right) = match writing {
        Writing::Packed { right } => ("p", right),
        Writing::Text => ("t", false),
        Writing::Binary => ("b", false),
    };
    let name = dialect.field_names(field).map_or("", |names| &*names.en);
    let (number, name) = (field.number(), plain(name));
    format!("{indent}[{number}] = {{ \"{name}\", \"{kind}\", {prefix}, {size}, {right} }},\n")
}

/// A name of a dialect's file inside quotes and comments of the script.
fn plain(name: &str) -> String {
    let is_plain = |c: &char| !c.is_control() && !matches!(c, '"' | '\\');
    name.chars().filter(is_plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_dialect_file_is_no_script() {
        let text = "extends = \"cup\"\nname = \"a\\\")\\nos.exit()\"";
        let script = script(&Dialect::from_toml(text).unwrap());
        assert!(script.contains("\"ISO 8583, a)os.exit()\""), "{script}");
        assert!(!script.contains('@'));
    }
}
