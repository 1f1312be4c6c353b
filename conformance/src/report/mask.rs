//! Secrets in free text, masked unless they may be shown. What is a secret is said in
//! [`counterproof_sim::secrets`].

use counterproof_sim::secrets;

/// The text with every secret in it masked, or as it is where secrets may be shown.
pub fn mask(text: &str, show_codes: bool) -> String {
    if show_codes {
        text.to_owned()
    } else {
        secrets::mask(text).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_see_them_sees_them() {
        assert_eq!(mask("6212341234567891234", true), "6212341234567891234");
        assert_eq!(mask("6212341234567891234", false), "621234*********1234");
    }
}
