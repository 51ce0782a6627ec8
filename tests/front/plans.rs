//! Plans: the orders of a list under one hash; nothing is lost on the way, and every fault is named. How lists are read is
//! tested in `tests/lists`.

use std::collections::BTreeSet;

use autorevoke::api::job::MergedOrder;
use autorevoke::audit::sha256_hex;
use autorevoke::edge::plan::{self, Plan, Terms, csv_line};
use autorevoke::list::{Columns, Faults, List};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The reason of the rows that have none.
const UNSPECIFIED: Terms = Terms {
    name: None,
    deadline: None,
    code_reason: Some("unspecified"),
    comment: None,
    test: None,
};

fn planned(body: &[u8], most: usize) -> Result<Plan, Faults> {
    let list = List::open(body, Columns::default())?;
    plan::plan(&list, UNSPECIFIED, most)
}

fn of_json(body: &Value) -> Result<Plan, Faults> {
    planned(body.to_string().as_bytes(), 1_000)
}

fn of_csv(text: &[u8]) -> Result<Plan, Faults> {
    planned(text, 1_000)
}

fn fields(faults: &Faults) -> Vec<&str> {
    faults.named().iter().map(|(field, _)| field.as_str()).collect()
}

#[test]
fn in_the_hash_order_numbers_come_first_then_the_others_by_their_names_as_text() {
    let rows = json!([
        { "serialNumber": "0a:1b", "codeReason": 1 },
        { "certificateID": "9", "codeReason": 1 },
        { "orderNumber": "1000", "codeReason": 1 },
        { "certificateID": 10, "codeReason": 1 },
        { "orderNumber": "9", "codeReason": 1 },
        { "serialNumber": "9", "codeReason": 1 },
    ]);
    let lines = [
        r#"{"codeReason":1,"orderNumber":"9","test":false}"#,
        r#"{"codeReason":1,"orderNumber":"1000","test":false}"#,
        r#"{"certificateID":"10","codeReason":1,"test":false}"#,
        r#"{"certificateID":"9","codeReason":1,"test":false}"#,
        r#"{"codeReason":1,"serialNumber":"09","test":false}"#,
        r#"{"codeReason":1,"serialNumber":"0A1B","test":false}"#,
    ];
    let plan = of_json(&json!({ "orders": rows })).unwrap();
    assert_eq!(plan.hash(), sha256_hex((lines.join("\n") + "\n").as_bytes()));
}

#[test]
fn the_hash_is_of_the_lines_that_the_contract_names() {
    let plan = of_json(&json!({
        "orders": [
            { "orderNumber": "9223372036854775807", "product": 488 },
            { "orderNumber": 20, "productCode": "b", "revocationReason": "say \"so\"\n\u{e9}\u{1}".replace('\u{1}', "") },
            { "orderNumber": "20", "productCode": "a", "test": "N" },
            { "orderNumber": "3", "codeReason": "superseded" },
        ],
        "defaults": { "codeReason": "keyCompromise" },
    }))
    .unwrap();
    let lines = [
        r#"{"codeReason":4,"orderNumber":"3","test":false}"#,
        r#"{"codeReason":1,"orderNumber":"20","productCode":"a","test":false}"#,
        "{\"codeReason\":1,\"orderNumber\":\"20\",\"productCode\":\"b\",\"revocationReason\":\"say \\\"so\\\"\\n\u{e9}\",\"test\":false}",
        r#"{"codeReason":1,"orderNumber":"9223372036854775807","product":"488","test":false}"#,
    ];
    assert_eq!(plan.hash(), sha256_hex((lines.join("\n") + "\n").as_bytes()));
    assert!(!plan.is_drill());
}

#[test]
fn every_fault_of_every_row_is_named_at_once() {
    let invalid = of_json(&json!({
        "name": "", "deadline": "tomorrow", "colour": "red",
        "orders": [{ "orderNumber": "1" }, { "orderNumber": "007", "codeReason": 2 }, "5", { "product": 1, "x": 1 }],
    }))
    .unwrap_err();
    assert_eq!(invalid.rows(), [2, 3, 4]);
    let named: BTreeSet<_> = fields(&invalid).into_iter().collect();
    let expected = [
        "name",
        "deadline",
        "colour",
        "row 2: orderNumber",
        "row 2: codeReason",
        "row 3",
        "row 4: orderNumber",
        "row 4: x",
    ];
    assert_eq!(named, expected.into_iter().collect());
    for (faulty, field) in [
        (json!({ "orders": [] }), "orders"),
        (json!({}), "orders"),
        (json!({ "orders": {} }), "orders"),
        (
            json!({ "orders": [{ "orderNumber": 1 }], "defaults": { "codeReason": 9 } }),
            "defaults: codeReason",
        ),
        (
            json!({ "orders": [{ "orderNumber": 1 }], "defaults": { "orderNumber": 9 } }),
            "defaults: orderNumber",
        ),
        (
            json!({ "orders": [{ "orderNumber": 1 }], "defaults": 1 }),
            "defaults",
        ),
    ] {
        assert_eq!(fields(&of_json(&faulty).unwrap_err()), [field], "{faulty}");
    }
}

#[test]
fn every_row_has_a_reason_its_own_or_that_of_the_plan() {
    let read = |body: &[u8], code_reason| {
        let list = List::open(body, Columns::default())?;
        let terms = Terms {
            code_reason,
            ..Terms::default()
        };
        plan::plan(&list, terms, 10)
    };
    let json = |body: Value| read(body.to_string().as_bytes(), None);
    let rows = json!([{ "orderNumber": 1, "codeReason": 4 }, { "orderNumber": 2 }, { "orderNumber": "03" }]);
    let invalid = json(json!({ "orders": rows })).unwrap_err();
    let named: BTreeSet<_> = fields(&invalid).into_iter().collect();
    let expected = ["row 2: codeReason", "row 3: orderNumber", "row 3: codeReason"];
    assert_eq!(named, expected.into_iter().collect());
    assert_eq!(invalid.rows(), [2, 3]);
    // What is wrong with the default is said once.
    let invalid = json(json!({ "orders": rows, "defaults": { "codeReason": 2 } })).unwrap_err();
    assert_eq!(fields(&invalid), ["defaults: codeReason", "row 3: orderNumber"]);
    let sound = json!([{ "orderNumber": 1, "codeReason": 4 }, { "orderNumber": 2 }]);
    let reasons = |plan: Plan| {
        let reasons = plan.orders().iter().map(|it| it.order.code_reason().number());
        reasons.collect::<Vec<_>>()
    };
    let planned = json(json!({ "orders": sound, "defaults": { "codeReason": "keyCompromise" } })).unwrap();
    assert_eq!(reasons(planned), [4, 1]);

    let csv = |reason| read(b"orderNumber,codeReason\n1,4\n2,\n", reason);
    let invalid = csv(None).unwrap_err();
    assert_eq!(
        (invalid.rows(), fields(&invalid)),
        (&[2][..], vec!["row 2: codeReason"])
    );
    for reason in ["1", "keyCompromise"] {
        assert_eq!(reasons(csv(Some(reason)).unwrap()), [4, 1]);
    }
    for reason in ["", "2", "because", "1.0"] {
        assert_eq!(
            fields(&csv(Some(reason)).unwrap_err()),
            ["codeReason"],
            "{reason}"
        );
    }
}

#[test]
fn what_is_no_strict_json_is_refused() {
    for body in [
        r#"{"orders":[{"orderNumber":1,"orderNumber":2}]}"#,
        r#"{"orders":[],"orders":[]}"#,
        r#"{"orders":[{"__proto__":1}]}"#,
        r#"{"orders":[[[[[[[[1]]]]]]]]}"#,
        r#"{"orders":[{"orderNumber":1}]} x"#,
        r#"[{"orderNumber":1}]"#,
        r#"{"orders":[{"orderNumber":1}"#,
    ] {
        assert!(planned(body.as_bytes(), 10).is_err(), "{body}");
    }
}

#[test]
fn the_same_order_in_several_rows_is_one_with_the_most_serious_reason() {
    let plan =
        of_csv(b"orderNumber,codeReason,product\n5,4,\n6,0,\n5,keyCompromise,\n5,3,\n5,0,7\n").unwrap();
    assert_eq!((plan.orders().len(), plan.command(None).duplicates), (3, 2));
    assert_eq!(plan.orders()[0].order.code_reason().number(), 1);
    assert_eq!(
        json!(plan.merged()),
        json!([{ "orderNumber": "5", "rows": [1, 3, 4], "count": 3, "codeReason": 1, "conflict": true }])
    );
}

#[test]
fn a_plan_that_tests_and_revokes_is_a_fault_that_names_the_fewer_rows() {
    let plan = |testing: usize, revoking: usize| {
        let row = |test: bool| json!({ "orderNumber": 5, "productCode": test.to_string(), "test": test });
        let rows = vec![row(true); testing]
            .into_iter()
            .chain(vec![row(false); revoking]);
        planned(
            json!({ "orders": rows.collect::<Vec<_>>() })
                .to_string()
                .as_bytes(),
            5_000,
        )
    };
    for (testing, revoking, expected) in [
        (2, 3, vec![1, 2]),
        (3, 2, vec![4, 5]),
        (1, 1, vec![1]),
        (1_500, 2_000, (1..=1_500).collect()),
    ] {
        let invalid = plan(testing, revoking).unwrap_err();
        assert_eq!((invalid.rows(), fields(&invalid)), (&expected[..], vec!["test"]));
        let fault = &invalid.named()[0].1;
        assert!(
            fault.contains(&format!("{testing} test, {revoking} revoke")),
            "{fault}"
        );
        assert!(fault.len() < 250, "{fault}");
    }
    assert!(plan(3, 0).unwrap().is_drill());
    assert!(!plan(0, 3).unwrap().is_drill());
    // Also where the two are about the same order.
    let same = of_csv(b"orderNumber,test\n5,true\n6,\n5,N\n").unwrap_err();
    assert_eq!((same.rows(), fields(&same)), (&[1][..], vec!["test"]));
    // A row with another fault counts for neither, and is named all the same.
    let both = of_csv(b"orderNumber,test\n5,true\n6,\n7,\n007,true\n").unwrap_err();
    assert_eq!(
        (both.rows(), fields(&both)),
        (&[1, 4][..], vec!["test", "row 4: orderNumber"])
    );
}

#[test]
fn what_was_merged_names_a_thousand_rows_at_most_and_counts_them_all() {
    let rows = |orders: usize, each: usize| {
        let rows: Vec<Value> = (0..orders * each)
            .map(|row| json!({ "orderNumber": row % orders + 1, "codeReason": 0 }))
            .collect();
        planned(json!({ "orders": rows }).to_string().as_bytes(), 1_000_000)
            .unwrap()
            .merged()
    };
    for (orders, each, listed) in [
        (1, 50_000, 1),
        (99, 600, 2),
        (200, 3, 100),
        (600, 2, 100),
        (1, 2, 1),
    ] {
        let merged = rows(orders, each);
        let named = |entry: &MergedOrder| entry.rows.len();
        assert_eq!(merged.len(), listed, "{orders} orders in {each} rows each");
        assert!(merged.iter().map(named).sum::<usize>() <= 1_000);
        assert!(
            merged
                .iter()
                .all(|entry| entry.count == each as u64 && named(entry) >= 2)
        );
        assert!(json!(merged).to_string().len() < 30_000);
    }
}

#[test]
fn a_comment_for_all_rows_is_in_no_row_and_in_the_hash() {
    for letter in ["x", "😀", "\""] {
        let comment = letter.repeat(1024);
        let orders = json!([{ "orderNumber": 1 }, { "orderNumber": 2, "revocationReason": "own" },
                            { "orderNumber": 3, "revocationReason": "" }]);
        let plan =
            of_json(&json!({ "orders": orders, "defaults": { "revocationReason": comment } })).unwrap();
        let (rows, end) = plan.part(0);
        assert!(
            end == 3 && rows.len() < 400 && !rows.contains(letter.repeat(3).as_str()),
            "{rows}"
        );
        assert_eq!(plan.command(None).comment.as_deref(), Some(comment.as_str()));
        let copied = of_json(&json!({ "orders": [
            { "orderNumber": 1, "revocationReason": comment },
            { "orderNumber": 2, "revocationReason": "own" },
            { "orderNumber": 3 },
        ] }))
        .unwrap();
        assert_eq!((plan.hash(), copied.command(None).comment), (copied.hash(), None));
    }
    let long =
        json!({ "orders": [{ "orderNumber": 1 }], "defaults": { "revocationReason": "x".repeat(1025) } });
    assert_eq!(
        fields(&of_json(&long).unwrap_err()),
        ["defaults: revocationReason"]
    );
}

#[test]
fn parts_are_small_and_have_every_row_once() {
    let orders: Vec<Value> = (1..=3_000)
        .map(|number| json!({ "orderNumber": number, "revocationReason": "\"\n😀".repeat(300) }))
        .collect();
    let plan = planned(json!({ "orders": orders }).to_string().as_bytes(), 3_000).unwrap();
    let (mut handed, mut rows) = (0, Vec::new());
    while handed < plan.orders().len() {
        let (text, end) = plan.part(handed);
        assert!(text.len() < 300_000 && end > handed);
        rows.extend(serde_json::from_str::<Vec<Value>>(&text).unwrap());
        handed = end;
    }
    let numbers: Vec<&Value> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(
        numbers,
        (1..=3_000)
            .map(Value::from)
            .collect::<Vec<_>>()
            .iter()
            .collect::<Vec<_>>()
    );
}

#[test]
fn more_rows_than_a_job_may_have_are_refused_without_reading_them_all() {
    let body = json!({ "orders": vec![json!({ "orderNumber": 1 }); 50] }).to_string();
    assert_eq!(fields(&planned(body.as_bytes(), 10).unwrap_err()), ["orders"]);
}

#[test]
fn what_is_exported_is_no_formula() {
    for cell in ["=1", "+1", "-1+1", "@x", "\tx", "\rx", "-"] {
        assert!(
            csv_line(&[cell]).trim_start_matches('"').starts_with('\''),
            "{cell:?}"
        );
    }
    for cell in ["-21", "0", "x=1", ""] {
        assert_eq!(csv_line(&[cell]), format!("{cell}\r\n"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Written as JSON or as CSV, in whatever order of columns, the same orders have the same hash.
    #[test]
    fn json_and_csv_say_the_same(
        rows in prop::collection::vec((1..2_000_000_000_u64, 0..5_usize, "[ -&(-~é\n\"]{0,12}", "[a-z,\"=]{0,5}", prop::option::of(0..999_u32)), 1..20),
        crlf in prop::bool::ANY,
    ) {
        let reasons = ["unspecified", "keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation"];
        let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut csv = "test,revocationReason,orderNumber,product,codeReason,productCode".to_owned();
        let mut orders = Vec::new();
        for (number, reason, comment, code, product) in &rows {
            let product_text = product.map(|product| product.to_string()).unwrap_or_default();
            let line = [String::new(), quote(comment), number.to_string(), product_text, reasons[*reason].to_owned(), quote(code)];
            csv += if crlf { "\r\n" } else { "\n" };
            csv += &line.join(",");
            // Blanks around a value are no part of it.
            let mut order = json!({ "orderNumber": number, "codeReason": reasons[*reason], "revocationReason": comment.trim(), "productCode": code });
            if let Some(product) = product {
                order["product"] = (*product).into();
            }
            orders.push(order);
        }
        let (a, b) = (of_json(&json!({ "orders": orders })).unwrap(), of_csv(csv.as_bytes()).unwrap());
        prop_assert_eq!(a.hash(), b.hash());
        prop_assert_eq!(a.command(None).duplicates, b.command(None).duplicates);
        prop_assert_eq!(a.orders(), b.orders());
    }
}
