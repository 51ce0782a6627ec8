//! Text that a spreadsheet would evaluate: it is written with an apostrophe before it, and read without.

use std::borrow::Cow;

/// The cell of a CSV that says this text and is no formula, wherever a program cuts it: one that expects another separator takes
/// no quote for one, and what stands behind a semicolon or a line end of the text is a cell of its own then.
///
/// A plain negative number, as a code is, stays as it is.
#[cfg(feature = "edge")]
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    if is_negative(text) {
        return text.into();
    }
    let mut cell = String::new();
    let mut rest = text;
    loop {
        if is_formula(rest) {
            cell.push('\'');
        }
        let (piece, after) = piece(rest);
        cell.push_str(piece);
        rest = after;
        if rest.is_empty() {
            return cell.into();
        }
    }
}

/// What a cell says: the text without these apostrophes.
pub(super) fn said(cell: &str) -> Cow<'_, str> {
    if !cell.contains('\'') {
        return cell.into();
    }
    let mut text = String::new();
    let mut rest = cell;
    loop {
        match rest.strip_prefix('\'') {
            Some(meant) if is_formula(meant) => rest = meant,
            _ => {}
        }
        let (piece, after) = piece(rest);
        text.push_str(piece);
        rest = after;
        if rest.is_empty() {
            return text.into();
        }
    }
}

/// Up to where another cell may begin, and the rest.
fn piece(text: &str) -> (&str, &str) {
    let separator = text.find([';', '\r', '\n']);
    text.split_at(separator.map_or(text.len(), |at| at + 1))
}

/// Whether a spreadsheet evaluates what begins so (OWASP, "CSV Injection"; the wide characters are Japanese Excel's), or would
/// without the apostrophes before it.
fn is_formula(text: &str) -> bool {
    let text = text.trim_start_matches(['\'', ' ']);
    text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'])
}

#[cfg(feature = "edge")]
fn is_negative(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(all(test, feature = "edge"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_would_be_evaluated_has_an_apostrophe_before_it() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("-x", "'-x"),
            ("-", "'-"),
            ("\tx", "'\tx"),
            (" =1", "' =1"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("a;=1\n\t+2", "a;'=1\n'\t+2"),
            ("a,=1", "a,=1"),
            ("-21", "-21"),
            ("'tis so", "'tis so"),
            ("'", "'"),
            ("", ""),
        ] {
            assert_eq!(guarded(text), cell, "{text:?}");
            assert_eq!(said(cell), text, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(text in "[;\t\r\n' =＝+@a1-]{0,12}") {
            let cell = guarded(&text);
            prop_assert_eq!(said(&cell), text.as_str());
            let is_number = cell.parse::<i64>().is_ok();
            for piece in cell.split([';', '\r', '\n']) {
                prop_assert!(is_number || !piece.trim_start().starts_with(['=', '＝', '+', '@', '-']), "{:?}", cell);
            }
        }
    }
}
