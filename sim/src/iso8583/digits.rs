//! Numbers as decimal digits in ASCII.

/// The number that the digits make; `None` for none, for anything else and past the range.
pub(super) fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |sum, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        sum.checked_mul(10)?.checked_add(digit.into())
    })
}

/// Fills `digits` with the number, zeros before it; leading digits that do not fit are lost.
pub(super) fn write(digits: &mut [u8], mut number: u64) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_numbers_go_both_ways() {
        let mut digits = [0; 6];
        write(&mut digits, 6603);
        assert_eq!(&digits, b"006603");
        assert_eq!(number(&digits), Some(6603));
        write(&mut digits, 1_234_567);
        assert_eq!(&digits, b"234567");
        assert_eq!(number(b""), None);
        assert_eq!(number(b"12:"), None);
        assert_eq!(number(b"99999999999"), None);
    }
}
