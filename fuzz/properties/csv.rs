//! Any bytes as the CSV of a job: as many rows as a second reader finds, and a plan without faults is the same plan when it is
//! written anew.

use autorevoke::edge::plan::{PlanRequest, from_csv};

#[path = "../../tests/front/csv_oracle.rs"]
mod csv_oracle;

const MOST: usize = 10_000;

pub fn check(input: &[u8]) {
    let mut given = PlanRequest::default();
    given.default_reason("0");
    from_csv(input, MOST, &mut given);
    let plain = input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input);
    let sound = given.faults.fields().is_empty();
    match csv_oracle::records(plain) {
        None => assert!(!sound),
        Some(records) if sound => assert_eq!(given.rows.len() + 1, records.len().min(MOST + 2)),
        Some(_) => assert!(given.rows.is_empty()),
    }
    let Ok(plan) = given.plan(MOST) else { return };
    let mut again = line(&[
        "orderNumber",
        "codeReason",
        "revocationReason",
        "productCode",
        "product",
        "test",
    ]);
    for planned in &plan.orders {
        let order = &planned.order;
        let reason = order.code_reason().number().to_string();
        let product = order
            .product()
            .map(|product| product.to_string())
            .unwrap_or_default();
        let test = if order.test() { "Y" } else { "N" };
        let comment = order.revocation_reason().unwrap_or_default();
        let code = order.product_code().unwrap_or_default();
        again += &line(&[order.name().value(), &reason, comment, code, &product, test]);
    }
    let mut given = PlanRequest::default();
    from_csv(again.as_bytes(), MOST, &mut given);
    let second = given
        .plan(MOST)
        .expect("what was sound is sound when it is written anew");
    assert_eq!(second.hash(), plan.hash());
}

/// RFC 4180, every field in quotes.
fn line(fields: &[&str]) -> String {
    let quoted: Vec<_> = fields
        .iter()
        .map(|text| format!("\"{}\"", text.replace('"', "\"\"")))
        .collect();
    quoted.join(",") + "\r\n"
}
