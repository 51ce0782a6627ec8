//! Integers in decimal digits. By hand: the standard library's ways bring its whole formatting along, which is
//! bigger than this package may be.

/// The digits of a number.
pub(crate) fn decimal(number: u64) -> String {
    let mut digits = String::new();
    push(&mut digits, number);
    digits
}

fn push(digits: &mut String, number: u64) {
    if number >= 10 {
        push(digits, number / 10);
    }
    digits.push(char::from(b'0' + (number % 10) as u8));
}

/// The same with a minus where there is one.
pub(crate) fn signed_decimal(number: i64) -> String {
    let digits = decimal(number.unsigned_abs());
    if number < 0 {
        ["-", &digits].concat()
    } else {
        digits
    }
}

/// The number that digits alone stand for, if it fits.
pub(crate) fn read_decimal(digits: &str) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    let mut number: u64 = 0;
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for number in [0, 9, 10, 1234567890, u64::MAX] {
            assert_eq!(decimal(number), number.to_string());
            assert_eq!(read_decimal(&decimal(number)), Some(number));
        }
        for number in [i64::MIN, -7, 0, 7] {
            assert_eq!(signed_decimal(number), number.to_string());
        }
        for other in ["", "-1", "+1", "1.0", "18446744073709551616", "１"] {
            assert_eq!(read_decimal(other), None);
        }
    }
}
