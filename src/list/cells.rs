//! A cell of a CSV as a member of an order, and what has happened to a number that is none any more.

use std::borrow::Cow;

use crate::printable::is_unprintable;
use crate::protocol::Member;

use super::formula;

/// What a cell says: the text without blanks around it (all that Unicode calls white space), and without the apostrophes that
/// keep a spreadsheet from evaluating it.
pub(super) fn said(cell: &str) -> Cow<'_, str> {
    formula::said(cell.trim())
}

/// The member that a cell with something in it is.
pub(super) fn member(name: &str, text: &str) -> Member {
    match name {
        "test" => boolean(text).map_or_else(|| Member::Text(text.to_owned()), Member::Bool),
        "codeReason" | "product" if is_plain_number(text) => Member::Number(text.parse().unwrap_or(f64::NAN)),
        _ => Member::Text(text.to_owned()),
    }
}

/// `true` and `false`, and what German and French programs make of them. One letter is too little where the other reading
/// revokes.
fn boolean(text: &str) -> Option<bool> {
    let is = |words: [&str; 3]| words.into_iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(["true", "wahr", "vrai"]) {
        Some(true)
    } else if is(["false", "falsch", "faux"]) {
        Some(false)
    } else {
        None
    }
}

fn is_plain_number(text: &str) -> bool {
    are_digits(text) && text.len() <= 17 && (text == "0" || !text.starts_with('0'))
}

/// What is wrong with a cell for a reason that its limits do not tell.
pub(super) fn fault(name: &str, text: &str) -> Option<String> {
    if let "orderNumber" | "serialNumber" | "certificateID" = name {
        return number_fault(name, text);
    }
    let is_wrong = name == "product" && !is_plain_number(text);
    is_wrong.then(|| {
        "must be an integer from 0 to 2^53-1: if this column means something else, leave it out by --columns \"Product=\" \
         (over HTTP ?columns=)"
            .to_owned()
    })
}

/// What has happened to a number on its way through a spreadsheet or a program.
pub(super) fn number_fault(name: &str, text: &str) -> Option<String> {
    if let Some(c) = text.chars().find(|c| is_unprintable(*c)) {
        return Some(format!(
            "has a character in it that nobody sees, U+{:04X}: type it again without",
            u32::from(c)
        ));
    }
    let fault = if is_scientific(text, name == "serialNumber") {
        "is in scientific notation, which has lost its last digits: format the column as text, put the numbers in again, and \
         export it again"
    } else if text.starts_with('=') {
        "is a formula: write the digits alone"
    } else if has_empty_fraction(text) {
        "ends in .0: a program has taken it for a number of limited precision, and digits may be lost. Have it write the \
         column as text"
    } else if has_thousands_separators(text) && (name != "serialNumber" || !text.contains(' ')) {
        "has thousands separators: it must be digits alone. Format the column as text, and export it again"
    } else {
        return None;
    };
    Some(fault.to_owned())
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `1.23E+14`, in German `1,23E+14`. In hexadecimal an E is a digit, but there is no sign.
fn is_scientific(text: &str, is_hexadecimal: bool) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    let signed = exponent.strip_prefix(['+', '-']);
    let exponent = signed.unwrap_or(exponent);
    let sure = !is_hexadecimal || signed.is_some() || mantissa.contains(['.', ',']);
    sure && [whole, fraction, exponent].into_iter().all(are_digits)
}

fn has_empty_fraction(text: &str) -> bool {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    are_digits(whole) && matches!(fraction, "0" | "00")
}

/// Groups of three digits behind a first one of up to three, as English, German, French or Swiss offices write them.
fn has_thousands_separators(text: &str) -> bool {
    let mut groups = text.split(['.', ',', '\'', '’', ' ', '\u{a0}', '\u{202f}']);
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    let three = |group: &str| group.len() == 3 && are_digits(group);
    are_digits(first) && first.len() <= 3 && rest.peek().is_some() && rest.all(three)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use super::*;

    #[test]
    fn blanks_and_the_apostrophe_before_a_formula_are_no_part_of_a_value() {
        for (cell, text) in [
            (" \u{a0}12\t", "12"),
            ("'=1+1", "=1+1"),
            ("'-x", "-x"),
            ("'\tx", "\tx"),
            ("''=1", "'=1"),
            ("'tis so", "'tis so"),
            ("'", "'"),
        ] {
            assert_eq!(said(cell), text, "{cell:?}");
        }
    }

    #[test]
    fn what_has_happened_to_a_number_is_explained() {
        for (name, text, part) in [
            ("orderNumber", "1.23457E+14", "scientific"),
            ("orderNumber", "1,23457E+14", "scientific"),
            ("orderNumber", "1E14", "scientific"),
            ("certificateID", "9e+15", "scientific"),
            ("serialNumber", "1.2E+31", "scientific"),
            ("serialNumber", "1.2E31", "scientific"),
            ("orderNumber", "12.0", ".0"),
            ("orderNumber", "12,00", ".0"),
            ("orderNumber", "=\"12\"", "formula"),
            ("orderNumber", "612.345.001", "thousands"),
            ("orderNumber", "612,345,001", "thousands"),
            ("orderNumber", "612’345’001", "thousands"),
            ("orderNumber", "6 123 450", "thousands"),
            ("serialNumber", "612.345", "thousands"),
            ("serialNumber", "\u{200e}0A", "U+200E"),
        ] {
            let fault = fault(name, text).unwrap_or_else(|| panic!("{text}"));
            assert!(fault.contains(part), "{text}: {fault}");
        }
        for (name, text) in [
            ("serialNumber", "4E12"),
            ("serialNumber", "12 345 678"),
            ("serialNumber", "0A:1B"),
            ("orderNumber", "12"),
            ("orderNumber", "Summe"),
            ("orderNumber", "1.5"),
        ] {
            assert_eq!(fault(name, text), None, "{text}");
        }
    }

    #[test]
    fn only_words_that_mean_one_thing_are_read_as_true_or_false() {
        for text in ["true", "TRUE", "True", "WAHR", "VRAI"] {
            assert_eq!(member("test", text), Member::Bool(true));
        }
        for text in ["false", "FALSCH", "FAUX"] {
            assert_eq!(member("test", text), Member::Bool(false));
        }
        for text in ["Y", "y", "yes", "t", "1", "VERDADERO", ""] {
            assert_eq!(member("test", text), Member::Text(text.to_owned()));
        }
    }
}
