//! Any bytes as a list: it is a plan that adds up and is the same plan when it is written anew, or its faults are named, with
//! nothing in them that cannot be shown.

use autorevoke::api::value::MAX_LABEL_CHARS;
use autorevoke::list::plan_rules::{Options, Plan, plan};
use autorevoke::list::{Columns, Faults, List, MAX_NAMED};
use autorevoke::printable::is_unprintable;
use autorevoke::protocol::{CodeReason, NameKind};

#[path = "csv_oracle.rs"]
mod csv_oracle;

const MOST: usize = 10_000;

pub fn check(input: &[u8]) {
    let read = |columns: &Columns, code_reason| {
        let options = Options {
            columns: columns.clone(),
            code_reason,
            max_rows: MOST,
        };
        plan(input, &options)
    };
    let named = read(&Columns::default(), Some(CodeReason::KeyCompromise));
    let bare = read(&Columns::default(), None);
    match (&named, &bare) {
        (Ok(named), Ok(bare)) => assert_eq!(named, bare),
        (Err(_), Ok(_)) => panic!("a reason for the rows without one makes none of them bad"),
        (_, Err(faults)) => named_well(faults),
    }
    if let Ok(plan) = &named {
        adds_up(plan, input);
        written_anew(plan);
    }
    as_csv(input, &named);

    let text = String::from_utf8_lossy(input);
    if let Ok(columns) = Columns::parse(text.lines().next().unwrap_or_default())
        && let Err(faults) = read(&columns, None)
    {
        named_well(&faults);
    }
}

fn named_well(faults: &Faults) {
    let named = faults.named();
    assert!(!named.is_empty() && named.len() <= MAX_NAMED && named.len() <= faults.count());
    assert!(faults.rows().is_sorted_by(|one, next| one < next));
    assert!(faults.rows().iter().all(|row| (1..=MOST).contains(row)));
    for (what, fault) in named {
        assert!(
            what.chars().count() < 200 && fault.chars().count() < 2_000,
            "{what} {fault}"
        );
        assert!(!fault.contains(is_unprintable), "{fault:?}");
        assert!(!fault.contains(char::REPLACEMENT_CHARACTER) || fault.contains("are not known"));
    }
}

fn adds_up(plan: &Plan, input: &[u8]) {
    let list = List::open(input, Columns::default()).expect("it is planned");
    let mut rows = 0;
    let found = list.rows(MOST, &mut |row, _| {
        rows += 1;
        assert_eq!(row.number, rows);
    });
    assert_eq!((found.rows, found.left_out), (rows, plan.left_out));
    assert_eq!(plan.orders.len() + plan.duplicates, rows);
    assert!(rows > 0);
    assert!(plan.conflicts <= plan.duplicates);
    let mut identities: Vec<String> = plan.orders.iter().map(|it| it.order.identity()).collect();
    identities.sort();
    identities.dedup();
    assert_eq!(identities.len(), plan.orders.len());
    assert!(plan.orders.is_sorted_by(|one, next| one.row < next.row));
    assert!(plan.orders.iter().all(|it| it.order.test() == plan.is_drill()));
    for label in plan.orders.iter().filter_map(|it| it.label()) {
        assert!(label.chars().count() <= MAX_LABEL_CHARS && !label.contains(is_unprintable));
    }
}

/// What stands in the list with semicolons or tabs is another matter; so is what is no CSV.
fn as_csv(input: &[u8], plan: &Result<Plan, Faults>) {
    let is_csv = input.starts_with(b"orderNumber") && !input.windows(11).any(|it| it == b"-----BEGIN ");
    if !is_csv || input.contains(&b';') || input.contains(&b'\t') {
        return;
    }
    let records = csv_oracle::records(input, b',');
    let Ok(plan) = plan else { return };
    let records = records.expect("what is planned is CSV");
    let text =
        |field: &csv_oracle::Field| String::from_utf8(field.0.clone()).expect("what is planned is UTF-8");
    let rows = records
        .iter()
        .filter(|record| record.iter().any(|field| !text(field).trim().is_empty()));
    assert_eq!(rows.count(), plan.orders.len() + plan.duplicates + 1);
}

/// As this product writes a list, guarded against spreadsheets, it is read again as the same.
fn written_anew(plan: &Plan) {
    let mut text = line(&[
        "orderNumber",
        "serialNumber",
        "certificateID",
        "codeReason",
        "revocationReason",
        "productCode",
        "product",
        "test",
        "label",
    ]);
    for planned in &plan.orders {
        let order = &planned.order;
        let name = |kind| {
            if order.name().kind() == kind {
                order.name().value()
            } else {
                ""
            }
        };
        let shared = plan.comment.as_deref().filter(|_| planned.shares_comment);
        let comment = order.revocation_reason().or(shared).unwrap_or_default();
        let product = order.product().map(|product| product.to_string());
        text += &line(&[
            name(NameKind::OrderNumber),
            name(NameKind::SerialNumber),
            name(NameKind::CertificateId),
            order.code_reason().name(),
            comment,
            order.product_code().unwrap_or_default(),
            product.as_deref().unwrap_or_default(),
            if order.test() { "Y" } else { "N" },
            planned.label().unwrap_or_default(),
        ]);
    }
    let options = Options {
        columns: Columns::default(),
        code_reason: None,
        max_rows: MOST,
    };
    let again =
        autorevoke::list::plan_rules::plan(text.as_bytes(), &options).expect("what is sound is sound again");
    assert_eq!((again.orders.len(), again.duplicates), (plan.orders.len(), 0));
    for (one, again) in plan.orders.iter().zip(&again.orders) {
        // Blanks around values are taken away.
        let meant = |text: Option<&str>| {
            text.map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        assert_eq!(again.order.name(), one.order.name());
        assert_eq!(again.order.code_reason(), one.order.code_reason());
        assert_eq!(again.order.product(), one.order.product());
        assert_eq!(again.order.test(), one.order.test());
        assert_eq!(meant(again.order.product_code()), meant(one.order.product_code()));
        assert_eq!(again.label(), one.label());
        let shared = plan.comment.as_deref().filter(|_| one.shares_comment);
        let comment = one.order.revocation_reason().or(shared);
        assert_eq!(meant(again.order.revocation_reason()), meant(comment));
    }
}

/// RFC 4180, every field in quotes, and an apostrophe before each formula.
fn line(fields: &[&str]) -> String {
    let quoted = |field: &&str| format!("\"{}\"", guarded(field.trim()).replace('"', "\"\""));
    fields.iter().map(quoted).collect::<Vec<_>>().join(",") + "\r\n"
}

fn guarded(text: &str) -> String {
    let pieces = text.split_inclusive([';', '\r', '\n']).map(|piece| {
        let begins = piece.trim_start_matches(['\'', ' ']);
        let is_formula = begins.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']);
        [if is_formula { "'" } else { "" }, piece].concat()
    });
    pieces.collect()
}
