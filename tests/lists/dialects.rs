//! A list means the same in whatever dialect it is written: encoding, separator, line ends, quotes, spelling of its columns.

use autorevoke::list::{Columns, List, Row};
use autorevoke::protocol::Member;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::TestCaseError;

use super::runner;

/// How a list is written.
#[derive(Debug, Clone)]
struct Dialect {
    separator: char,
    line_end: &'static str,
    encoding: &'static str,
    quotes_all: bool,
    says_separator: bool,
    header: [&'static str; 4],
    /// Rows and columns with nothing in them, at the end.
    empty_rows: usize,
    empty_columns: usize,
    blanks: &'static str,
}

fn dialects() -> impl Strategy<Value = Dialect> {
    let separator = prop_oneof![Just(','), Just(';'), Just('\t')];
    let line_end = prop_oneof![Just("\r\n"), Just("\n"), Just("\r")];
    let encoding = prop_oneof![
        Just("UTF-8"),
        Just("UTF-8 with mark"),
        Just("UTF-16LE"),
        Just("UTF-16BE")
    ];
    let header = prop_oneof![
        Just(["orderNumber", "revocationReason", "productCode", "label"]),
        Just(["Order Number", "Revocation Reason", "Product Code", "Label"]),
        Just(["ORDER_NUMBER", "REVOCATION_REASON", "PRODUCT_CODE", "LABEL"]),
        Just([" order number ", "revocationreason", "product_code", "label "]),
    ];
    let how = (separator, line_end, encoding, any::<bool>(), any::<bool>());
    let blanks = prop_oneof![Just(""), Just(" "), Just("\u{a0}")];
    (how, header, 0..3_usize, 0..3_usize, blanks).prop_map(
        |(how, header, empty_rows, empty_columns, blanks)| {
            let (separator, line_end, encoding, quotes_all, says_separator) = how;
            Dialect {
                separator,
                line_end,
                encoding,
                quotes_all,
                says_separator,
                header,
                empty_rows,
                empty_columns,
                blanks,
            }
        },
    )
}

/// A row's cells: a number, and texts that may be anything.
type Cells = (u32, Option<String>, Option<String>, Option<String>);

fn texts() -> impl Strategy<Value = Option<String>> {
    let telling = "[,;\t\"'=+@ \r\näß€😀a-c-]{0,12}".prop_map(|text: String| text);
    option::of(prop_oneof![telling, any::<String>()])
}

impl Dialect {
    fn written(&self, rows: &[Cells]) -> Vec<u8> {
        let mut text = String::new();
        if self.says_separator {
            text += &format!("sep={}{}", self.separator, self.line_end);
        }
        let mut line = |cells: [&str; 4]| {
            let mut cells: Vec<String> = cells.iter().map(|cell| self.cell(cell)).collect();
            cells.resize(4 + self.empty_columns, String::new());
            text += &cells.join(&self.separator.to_string());
            text += self.line_end;
        };
        line(self.header);
        for (number, comment, code, label) in rows {
            let texts = [comment, code, label].map(|text| text.as_deref().unwrap_or_default());
            line([&number.to_string(), texts[0], texts[1], texts[2]]);
        }
        for _ in 0..self.empty_rows {
            line([""; 4]);
        }
        self.encoded(&text)
    }

    fn cell(&self, text: &str) -> String {
        let pieces = text.trim().split_inclusive([';', '\r', '\n']).map(|piece| {
            let begins = piece.trim_start_matches(['\'', ' ']);
            let is_formula = begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']);
            [if is_formula { "'" } else { "" }, piece].concat()
        });
        let text = [self.blanks, &pieces.collect::<String>(), self.blanks].concat();
        if self.quotes_all || text.contains(['"', ',', ';', '\t', '\r', '\n']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    }

    fn encoded(&self, text: &str) -> Vec<u8> {
        let units = || text.encode_utf16();
        match self.encoding {
            "UTF-16LE" => [b"\xFF\xFE".to_vec(), units().flat_map(u16::to_le_bytes).collect()].concat(),
            "UTF-16BE" => [b"\xFE\xFF".to_vec(), units().flat_map(u16::to_be_bytes).collect()].concat(),
            "UTF-8 with mark" => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            _ => text.as_bytes().to_vec(),
        }
    }
}

fn member(row: &Row, name: &str) -> Option<String> {
    let found = row.members.iter().find(|(own, _)| own == name);
    found.map(|(_, member)| match member {
        Member::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    })
}

/// What is meant: blanks around it are none of it, and an empty cell says nothing.
fn meant(text: &Option<String>) -> Option<String> {
    let text = text.as_deref().map(str::trim).unwrap_or_default();
    (!text.is_empty()).then(|| text.to_owned())
}

#[test]
fn a_list_reads_back_as_it_was_written() {
    let row = (any::<u32>(), texts(), texts(), texts());
    let values = (vec(row, 1..6), dialects());
    runner::holds(4_000, values, |(rows, dialect)| {
        let bytes = dialect.written(&rows);
        // A NUL is no text, and is refused elsewhere.
        if rows
            .iter()
            .any(|(_, a, b, c)| [a, b, c].into_iter().flatten().any(|text| text.contains('\0')))
        {
            return Ok(());
        }
        let fail = |what: String| TestCaseError::fail(format!("{what}: {}", String::from_utf8_lossy(&bytes)));
        let list = List::open(&bytes, Columns::default()).map_err(|faults| fail(format!("{faults:?}")))?;
        let mut found = Vec::new();
        let read = list.rows(1_000, &mut |row, _| found.push(row));
        if !read.faults.is_empty() || found.len() != rows.len() {
            return Err(fail(format!("{} rows, {:?}", found.len(), read.faults)));
        }
        for (found, (number, comment, code, label)) in found.iter().zip(&rows) {
            let read = [
                member(found, "orderNumber"),
                member(found, "revocationReason"),
                member(found, "productCode"),
            ];
            let written = [Some(number.to_string()), meant(comment), meant(code)];
            if read != written {
                return Err(fail(format!("{read:?}, and not {written:?}")));
            }
            // Without what cannot be shown.
            let letters = |text: &str| {
                text.chars()
                    .filter(char::is_ascii_alphanumeric)
                    .collect::<String>()
            };
            let (read, written) = (
                found.about.label.as_deref().unwrap_or_default(),
                meant(label).unwrap_or_default(),
            );
            if letters(read) != letters(&written) {
                return Err(fail(format!("label {read:?}, and not {written:?}")));
            }
        }
        Ok(())
    });
}
