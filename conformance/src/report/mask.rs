//! Secrets in free text – what a terminal shows, prints or logs, what a message quotes: runs of
//! digits as long as payment codes and of hexadecimal digits as long as keys.

use counterproof_sim::iso8583::show;

/// The shortest payment code; RRNs and amounts (12 digits) and merchant numbers (15) are shorter.
const SHORTEST_CODE: usize = 16;

/// The text with the middle of every such run masked, or as it is where secrets may be shown.
pub fn mask(text: &str, show_codes: bool) -> String {
    if show_codes {
        return text.to_owned();
    }
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_hexdigit()) {
        let run = &rest[start..];
        let end = run
            .find(|c: char| !c.is_ascii_hexdigit())
            .unwrap_or(run.len());
        masked.push_str(&rest[..start]);
        if end >= SHORTEST_CODE {
            masked.push_str(&show::mask(&run[..end]));
        } else {
            masked.push_str(&run[..end]);
        }
        rest = &run[end..];
    }
    masked.push_str(rest);
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_keys_are_masked_wherever_they_stand() {
        assert_eq!(
            mask(
                "code 6212341234567891234, key 0123456789abcdeffedcba9876543210!",
                false
            ),
            "code 621234*********1234, key 012345**********************3210!"
        );
        assert_eq!(
            mask("RRN 123456789012, shop 898310000000001", false),
            "RRN 123456789012, shop 898310000000001"
        );
        assert_eq!(
            mask("付款码6212341234567891234", false),
            "付款码621234*********1234"
        );
    }

    #[test]
    fn who_may_see_them_sees_them() {
        assert_eq!(mask("6212341234567891234", true), "6212341234567891234");
    }
}
