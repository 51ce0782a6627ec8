//! Any bytes as the rows of a CSV, in every dialect that offices write: planned, or refused, as a second reading of the rules
//! has it, which shares no line with the first.

use autorevoke::list::plan_rules::{Options, Plan, plan};
use autorevoke::list::{Columns, Faults};
use autorevoke::protocol::CodeReason;

#[path = "csv_oracle.rs"]
mod csv_oracle;

/// Rows at most.
const MOST: usize = 10_000;
/// Of the columns of the first header and of the second.
const HEADERS: [[&str; 3]; 2] = [
    ["orderNumber", "codeReason", "label"],
    ["Label", "TEST", "order_Number"],
];
/// The reasons, the most serious one last.
const REASONS: [(&str, &str); 5] = [
    ("unspecified", "0"),
    ("superseded", "4"),
    ("cessationOfOperation", "5"),
    ("affiliationChanged", "3"),
    ("keyCompromise", "1"),
];

/// How a file is written.
struct Dialect {
    separator: char,
    end: &'static str,
    above: String,
    encoding: Encoding,
    header: [&'static str; 3],
    is_header_quoted: bool,
}

#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16Le,
    Utf16Be,
}

/// An order as the second reading has it.
#[derive(Debug, Clone, PartialEq)]
struct Expected {
    row: usize,
    order: String,
    /// Its place among the reasons.
    reason: usize,
    test: bool,
    label: Option<String>,
}

pub fn check(input: &[u8]) {
    let [first, second, rows @ ..] = input else {
        return;
    };
    let dialect = Dialect::of(*first, *second);
    // What is no UTF-8 is no text in any dialect; as units of UTF-16 it may be one all the same.
    let units = |to_unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = rows.as_chunks::<2>();
        let text = String::from_utf16(&pairs.iter().map(|pair| to_unit(*pair)).collect::<Vec<_>>());
        text.ok().filter(|_| rest.is_empty())
    };
    let text = match (std::str::from_utf8(rows), dialect.encoding) {
        (Ok(text), _) => Some(text.to_owned()),
        (_, Encoding::Utf16Le) => units(u16::from_le_bytes),
        (_, Encoding::Utf16Be) => units(u16::from_be_bytes),
        _ => None,
    };
    let file = dialect.written(rows, text.as_deref());
    let options = Options {
        columns: Columns::default(),
        code_reason: Some(CodeReason::KeyCompromise),
        max_rows: MOST,
    };
    let found = plan(&file, &options);
    let Some(text) = text.filter(|text| !text.contains('\0')) else {
        assert!(found.is_err(), "what is no text is planned");
        return;
    };
    // It is a bundle of certificates then, whatever stands above.
    if text.contains("-----BEGIN ") {
        return;
    }
    compare(&found, expected(&text, &dialect));
}

impl Dialect {
    fn of(first: u8, second: u8) -> Dialect {
        let separator = [',', ';', '\t'][usize::from(first) % 3];
        let end = ["\n", "\r\n", "\r"][usize::from(first / 3) % 3];
        let above = match (first / 9) % 4 {
            0 => String::new(),
            1 => format!("sep={separator}{end}"),
            2 => format!("\"SEP={separator}\"{end}"),
            _ => format!("#TYPE System.Object{end}{end}"),
        };
        let encoding = match second % 4 {
            0 => Encoding::Utf8,
            1 => Encoding::Utf8WithMark,
            2 => Encoding::Utf16Le,
            _ => Encoding::Utf16Be,
        };
        Dialect {
            separator,
            end,
            above,
            encoding,
            header: HEADERS[usize::from(second / 4) % 2],
            is_header_quoted: second & 8 != 0,
        }
    }

    /// The file of these rows.
    fn written(&self, rows: &[u8], text: Option<&str>) -> Vec<u8> {
        let quote = if self.is_header_quoted { "\"" } else { "" };
        let names = self.header.map(|name| format!("{quote}{name}{quote}"));
        let above = format!(
            "{}{}{}",
            self.above,
            names.join(&self.separator.to_string()),
            self.end
        );
        let bytes = |text: &str| match self.encoding {
            Encoding::Utf8 | Encoding::Utf8WithMark => text.as_bytes().to_vec(),
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        };
        let mark: &[u8] = match self.encoding {
            Encoding::Utf8 => b"",
            Encoding::Utf8WithMark => b"\xEF\xBB\xBF",
            Encoding::Utf16Le => b"\xFF\xFE",
            Encoding::Utf16Be => b"\xFE\xFF",
        };
        let rows = text.map_or_else(|| rows.to_vec(), bytes);
        [mark, &bytes(&above), &rows].concat()
    }
}

/// The orders of these rows before any are merged; nothing where something is wrong.
fn expected(text: &str, dialect: &Dialect) -> Option<Vec<Expected>> {
    let separator = u8::try_from(dialect.separator).expect("ASCII");
    let records = csv_oracle::records(text.as_bytes(), separator)?;
    let fields = |record: &Vec<csv_oracle::Field>| -> Vec<String> {
        let text = |(field, _): &csv_oracle::Field| String::from_utf8(field.clone()).expect("cut at ASCII");
        record.iter().map(text).collect()
    };
    let mut rows: Vec<Vec<String>> = records.iter().map(fields).collect();
    let is_empty = |row: &Vec<String>| row.iter().all(|cell| cell.trim().is_empty());
    while rows.last().is_some_and(is_empty) {
        rows.pop();
    }
    if rows.is_empty() || rows.len() > MOST {
        return None;
    }
    let orders = rows.iter().enumerate().map(|(at, row)| {
        let mut order = Expected {
            row: at + 1,
            order: String::new(),
            reason: REASONS.len() - 1,
            test: false,
            label: None,
        };
        if row.len() != dialect.header.len() {
            return None;
        }
        for (column, cell) in dialect.header.iter().zip(row) {
            order.take(column, &value(cell))?;
        }
        (!order.order.is_empty()).then_some(order)
    });
    let orders: Vec<Expected> = orders.collect::<Option<_>>()?;
    let is_drill = orders.first()?.test;
    orders
        .iter()
        .all(|order| order.test == is_drill)
        .then_some(orders)
}

/// What is meant by a cell: an apostrophe that is written before a formula is no part of it, nor one behind what a program may
/// take for the end of a cell.
fn value(cell: &str) -> String {
    let mut text = String::new();
    let mut begins = true;
    for (at, c) in cell.trim().char_indices() {
        let behind = cell.trim()[at..].trim_start_matches(['\'', ' ']).chars().next();
        let is_formula = behind.is_some_and(|c| "=+-@＝＋－＠\t\r".contains(c));
        if !(begins && c == '\'' && is_formula) {
            text.push(c);
        }
        begins = ";\r\n".contains(c);
    }
    text
}

impl Expected {
    /// Takes the value of a column, or nothing if it cannot have this one.
    fn take(&mut self, column: &str, value: &str) -> Option<()> {
        match column.to_ascii_lowercase().as_str() {
            _ if value.is_empty() => {}
            "label" => {
                let label = value.trim();
                self.label = (label.chars().count() <= 255).then(|| Some(label.to_owned()))?;
            }
            "test" => {
                let is_one_of = |words: &[&str]| words.iter().any(|it| it.eq_ignore_ascii_case(value));
                self.test = value == "Y" || is_one_of(&["true", "wahr", "vrai"]);
                let is_known = self.test || value == "N" || is_one_of(&["false", "falsch", "faux"]);
                return is_known.then_some(());
            }
            "codereason" => {
                let mut reasons = REASONS.iter();
                self.reason = reasons.position(|(name, number)| value == *name || value == *number)?;
            }
            _ => {
                let number: u64 = value.parse().ok()?;
                // A number is written in one way only.
                let is_order = (1..1 << 63).contains(&number) && number.to_string() == value;
                self.order = is_order.then(|| value.to_owned())?;
            }
        }
        Some(())
    }
}

/// Whether everybody sees a character, so that it is shown as it is.
fn is_plain(c: char) -> bool {
    c == ' ' || c.is_ascii_graphic() || c.is_alphanumeric()
}

fn compare(found: &Result<Plan, Faults>, expected: Option<Vec<Expected>>) {
    let (plan, expected) = match (found, expected) {
        (Ok(plan), Some(expected)) => (plan, expected),
        (Err(faults), None) => {
            assert!(faults.count() > 0 && !faults.named().is_empty());
            return;
        }
        (Ok(plan), None) => panic!("planned, and must not be: {plan:?}"),
        (Err(faults), Some(expected)) => panic!("refused, and must not be: {faults:?}, {expected:?}"),
    };
    let count = expected.len();
    let (merged, conflicts) = merged(expected);
    assert_eq!(plan.orders.len(), merged.len());
    assert_eq!(plan.duplicates, count - merged.len());
    assert_eq!(plan.conflicts, conflicts);
    assert_eq!((plan.left_out, &plan.comment, &plan.name), (0, &None, &None));
    for (planned, expected) in plan.orders.iter().zip(&merged) {
        let order = &planned.order;
        assert_eq!(planned.row, expected.row);
        assert_eq!(
            (order.name().parameter(), order.name().value()),
            ("orderNumber", expected.order.as_str())
        );
        assert_eq!(order.code_reason().name(), REASONS[expected.reason].0);
        assert_eq!(order.test(), expected.test);
        assert_eq!((order.product(), order.product_code()), (None, None));
        assert_eq!(order.revocation_reason(), None);
        let label = planned.label();
        match &expected.label {
            Some(text) if !text.chars().all(is_plain) => {
                assert!(label.is_none_or(|label| !label.is_empty() && !label.contains(char::is_control)));
            }
            expected => assert_eq!(label, expected.as_deref()),
        }
    }
}

/// Each order once, where it stands first, with the most serious of its reasons and the first of its labels; and how many of
/// them have several reasons.
fn merged(rows: Vec<Expected>) -> (Vec<Expected>, usize) {
    let mut merged: Vec<(Expected, bool)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for row in rows {
        let at = *places.entry(row.order.clone()).or_insert(merged.len());
        let Some((first, has_conflict)) = merged.get_mut(at) else {
            merged.push((row, false));
            continue;
        };
        *has_conflict |= row.reason != first.reason;
        first.reason = first.reason.max(row.reason);
        first.label = first.label.take().or(row.label);
    }
    let conflicts = merged.iter().filter(|(_, has_conflict)| *has_conflict).count();
    (merged.into_iter().map(|(order, _)| order).collect(), conflicts)
}
