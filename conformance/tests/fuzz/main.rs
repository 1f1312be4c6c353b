//! Fuzz targets of every decoder. As plain tests each gets its corpus, bytes by chance, and mutations
//! of the corpus, for a moment; under libFuzzer as long as anybody likes (docs/fuzzing.md).

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod mutations;
mod targets;

/// A test a target, named like it: bolero finds the corpus by that name, in `__fuzz__`.
macro_rules! targets {
    ($($name:ident)+) => {
        $(
            #[test]
            fn $name() {
                bolero::check!()
                    .with_iterations(1_000)
                    .with_max_len(4_096)
                    .for_each(|bytes: &[u8]| targets::$name(bytes));
            }
        )+

        /// Chance alone does not get far into a format: here it starts from what is in order.
        #[test]
        fn mutations_of_what_is_in_order_are_survived() {
            $(mutations::run(stringify!($name), targets::$name);)+
        }
    };
}

targets! {
    certificate_envelope
    certificate_leaf
    command_line
    day
    dialect_file
    emvco_payload
    evidence_bundle
    expectations_file
    feature_file
    iso8583_field_48
    iso8583_field_59
    iso8583_field_60
    iso8583_field_61
    iso8583_field_62
    iso8583_field_63
    iso8583_message
    iso8583_stream
    link_profiles
    netem_line
    payment_code
    public_key
    tag_expression
    terminal_action
    terminal_event
}
