//! Any bytes as serial numbers, one a line, in a column and one alone: read as the numbers that a second reading makes of
//! them by arithmetic, or refused, through each of the three ways alike.

use autorevoke::list::plan_rules::{Options, plan};
use autorevoke::list::{Columns, Faults};
use autorevoke::protocol::{CodeReason, Member, Name, NameKind, Via, order_from_members};

/// Rows at most.
const MOST: usize = 10_000;
/// Digits of a number that may be an order's, at most.
const ORDER_DIGITS: usize = 19;
/// Octets of 34 digits.
const OCTETS: usize = 17;

pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    alone(&text);
    // A line that is sure to be a serial number stands above, or the first one of the input does.
    let [first, rest @ ..] = input else {
        return;
    };
    let above = ["", "serial=0A1B\r\n", "0x0a 1b\r", "0A:1B\n"][usize::from(*first) % 4];
    one_a_line(above, rest);
    in_a_column(&String::from_utf8_lossy(rest));
}

/// One number as it is typed into a form or stands in JSON.
fn alone(text: &str) {
    let members = [(NameKind::SerialNumber.parameter(), Member::Text(text.to_owned()))];
    let order = order_from_members(members, Via::Edge);
    let found = order.as_ref().ok().map(|order| order.name().value());
    assert_eq!(found, number(text).as_deref(), "{text:?}");
    // Only what is written as it is sent names an order in a path.
    let name = Name::new(NameKind::SerialNumber, text);
    assert_eq!(name.is_some(), number(text).as_deref() == Some(text), "{text:?}");
    if let Some(name) = name {
        assert_eq!(NameKind::split(&name.text()), (NameKind::SerialNumber, text));
    }
}

fn one_a_line(above: &str, rest: &[u8]) {
    let list = [above.as_bytes(), rest].concat();
    let Ok(text) = std::str::from_utf8(&list) else {
        assert!(
            above.is_empty() || planned(&list).is_err(),
            "what is no text is planned"
        );
        return;
    };
    // What has no number in its first line is another kind of list.
    let read = |line: &str| {
        let digits = line.strip_prefix("serial=").unwrap_or(line);
        // A character that nobody sees is named, not left out.
        number(digits).filter(|_| !digits.contains(char::is_control))
    };
    let lines: Vec<&str> = lines(text.trim_ascii_start())
        .into_iter()
        .map(str::trim)
        .collect();
    if text.contains("-----BEGIN ") || lines.first().and_then(|line| read(line)).is_none() {
        return;
    }
    let numbers = lines.into_iter().filter(|line| !line.is_empty());
    // Order numbers are written like this, too: what is meant, nobody can tell.
    let is_decimal = |line: &str| line.bytes().all(|byte| byte.is_ascii_digit());
    let is_ambiguous = numbers
        .clone()
        .all(|line| is_decimal(line) && line.len() <= 2 * OCTETS)
        || numbers
            .clone()
            .any(|line| is_decimal(line) && line.len() <= ORDER_DIGITS);
    let expected = (!is_ambiguous).then(|| numbers.clone().map(read).collect::<Option<Vec<_>>>());
    compare(planned(&list), expected.flatten(), numbers.count());
}

fn in_a_column(text: &str) {
    if text.contains("-----BEGIN ") || text.contains('\0') {
        return;
    }
    let cells: Vec<&str> = lines(text)
        .into_iter()
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .collect();
    let rows = cells
        .iter()
        .map(|cell| format!("\"{}\"\r\n", cell.replace('"', "\"\"")));
    let list = format!("Serial Number\r\n{}", rows.collect::<String>());
    let expected = cells.iter().map(|cell| number(cell)).collect::<Option<Vec<_>>>();
    compare(planned(list.as_bytes()), expected, cells.len());
}

/// The rows and serial numbers that are planned, and how many rows named one again.
fn planned(list: &[u8]) -> Result<(Vec<(usize, String)>, usize), Faults> {
    let options = Options {
        columns: Columns::default(),
        code_reason: Some(CodeReason::KeyCompromise),
        max_rows: MOST,
    };
    let plan = plan(list, &options)?;
    let orders = plan.orders.iter().map(|planned| {
        let name = planned.order.name();
        assert_eq!(name.kind(), NameKind::SerialNumber);
        assert_eq!(planned.label(), None);
        (planned.row, name.value().to_owned())
    });
    Ok((orders.collect(), plan.duplicates))
}

fn compare(found: Result<(Vec<(usize, String)>, usize), Faults>, expected: Option<Vec<String>>, rows: usize) {
    let expected = expected.filter(|_| (1..=MOST).contains(&rows)).map(|numbers| {
        let mut seen = std::collections::HashSet::new();
        let numbered = (1..).zip(numbers);
        let first: Vec<(usize, String)> = numbered
            .filter(|(_, number)| seen.insert(number.clone()))
            .collect();
        let duplicates = rows - first.len();
        (first, duplicates)
    });
    match (found, expected) {
        (Ok(found), Some(expected)) => assert_eq!(found, expected),
        (Err(_), None) => {}
        (found, expected) => panic!("found {found:?}, expected {expected:?}"),
    }
}

/// CR, LF, or both end a line.
fn lines(text: &str) -> Vec<&str> {
    text.split("\r\n")
        .flat_map(|part| part.split(['\r', '\n']))
        .collect()
}

/// The octets of the number that a text writes in hexadecimal, in capitals; nothing for 0 and for what needs more octets than
/// there are.
fn number(text: &str) -> Option<String> {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\x0C']);
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let mut octets = [0_u8; OCTETS];
    for c in digits.chars().filter(|c| !matches!(c, ':' | ' ')) {
        let mut carry = if c.is_ascii() {
            c.to_digit(16)?
        } else {
            return None;
        };
        for octet in octets.iter_mut().rev() {
            let sum = u32::from(*octet) * 16 + carry;
            *octet = (sum % 256) as u8;
            carry = sum / 256;
        }
        if carry > 0 {
            return None;
        }
    }
    let first = octets.iter().position(|octet| *octet > 0)?;
    Some(
        octets[first..]
            .iter()
            .map(|octet| format!("{octet:02X}"))
            .collect(),
    )
}
