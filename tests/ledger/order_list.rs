//! Lists of orders by where they stand: which, in what order, in what pages, and what happens next to those that are unknown.

use autorevoke::api::order::OrderState;
use autorevoke::edge::command::{Grants, ListOrders, Page};
use autorevoke::edge::ledger::{Host, Ledger, Purpose};
use autorevoke::edge::order_ranges::OrderRanges;
use serde_json::{Value, json};

use crate::job_bench::{By, everything, orders, plan_of};
use crate::sqlite_host::{Bench, read, real, revocation, test};

const ANN: By = By("ann");

fn page(bench: &Bench, state: Option<OrderState>, read_by: Grants, after: u64, limit: u64) -> Value {
    let command = ListOrders {
        read: read_by,
        page: Page { after, limit },
        state,
    };
    read(&bench.ledger.orders(&command).unwrap()).1
}

fn numbers(page: &Value) -> Vec<String> {
    let orders = page["orders"].as_array().unwrap();
    let numbers = orders.iter().map(|order| order["orderNumber"].as_str().unwrap());
    numbers.map(str::to_owned).collect()
}

fn unknown(bench: &Bench) -> Vec<Value> {
    let page = page(bench, Some(OrderState::Unknown), everything(), 0, 1_000);
    page["orders"].as_array().unwrap().clone()
}

/// Milliseconds since 1970 of a member that is a time.
fn at(order: &Value, name: &str) -> Option<i64> {
    let body = json!({ "orders": orders([1], false), "deadline": order.get(name)? });
    plan_of(&body).command(None).deadline
}

/// Orders in every state, of which the caller reaches some.
fn used() -> Bench {
    let bench = Bench::new();
    for (number, body) in [
        ("9", ""),
        ("2", "errorCode=0"),
        ("300", ""),
        ("4", "errorCode=-35"),
        ("5", "errorCode=-21"),
        ("1", ""),
    ] {
        bench.finish(&bench.sent(&real(number)), body);
    }
    bench.finish(&bench.sent(&test("7")), "errorCode=0");
    let two =
        json!({ "codeReason": 4, "orderNumber": "8", "productCode": "a/b", "product": 3, "test": false });
    bench.finish(&bench.sent(&revocation("key:a", None, two)), "errorCode=0");
    bench
}

#[test]
fn orders_are_listed_by_state_those_first_that_were_sent_first() {
    let bench = used();
    for (state, expected) in [
        (Some(OrderState::Unknown), vec!["9", "300", "1"]),
        (Some(OrderState::Revoked), vec!["2", "8"]),
        (Some(OrderState::Refused), vec!["4"]),
        (Some(OrderState::AlreadyRevoked), vec!["5"]),
        (Some(OrderState::Sending), vec![]),
        (None, vec!["9", "2", "300", "4", "5", "1", "8"]),
    ] {
        for limit in 1..=8 {
            let (mut listed, mut after) = (Vec::new(), 0);
            loop {
                let page = page(&bench, state, everything(), after, limit);
                assert!(page["orders"].as_array().unwrap().len() as u64 <= limit);
                listed.extend(numbers(&page));
                match page.get("next") {
                    Some(next) => after = next.as_u64().unwrap(),
                    None => break,
                }
            }
            assert_eq!(listed, expected, "{state:?} by {limit}");
        }
    }
    let page = page(&bench, Some(OrderState::Revoked), everything(), 0, 10);
    let of_product = &page["orders"][1];
    assert_eq!(
        [
            &of_product["productCode"],
            &of_product["product"],
            &of_product["codeReason"]
        ],
        [&json!("a/b"), &json!(3), &json!(4)]
    );
    // What is done to it again makes it a younger one.
    bench.finish(&bench.sent(&real("9")), "");
    assert_eq!(
        unknown(&bench)
            .iter()
            .map(|order| order["orderNumber"].clone())
            .collect::<Vec<_>>(),
        ["300", "1", "9"]
    );
}

#[test]
fn only_orders_that_a_grant_covers_are_listed() {
    let bench = used();
    let some = vec![OrderRanges::merged([(1, 4)]), OrderRanges::merged([(9, 9)])];
    let page_of = |state| page(&bench, state, some.clone(), 0, 10);
    assert_eq!(numbers(&page_of(Some(OrderState::Unknown))), ["9", "1"]);
    assert_eq!(numbers(&page_of(None)), ["9", "2", "4", "1"]);
    assert_eq!(
        numbers(&page(&bench, None, Vec::new(), 0, 10)),
        Vec::<String>::new()
    );
}

#[test]
fn a_page_looks_at_so_many_orders_of_others_and_says_that_there_are_more() {
    let bench = Bench::new();
    bench.host.0.execute(
        "INSERT INTO orders (identity, state, updated_at, last_attempt) WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL \
         SELECT n + 1 FROM more WHERE n < 12000) SELECT n || '//', 'revoked', 0, n FROM more",
    );
    let last = vec![OrderRanges::merged([(11_999, 20_000)])];
    let (mut listed, mut pages, mut after) = (Vec::new(), 0, 0);
    loop {
        let page = page(&bench, None, last.clone(), after, 10);
        listed.extend(numbers(&page));
        pages += 1;
        match page.get("next") {
            Some(next) => after = next.as_u64().unwrap(),
            None => break,
        }
    }
    assert_eq!((listed, pages), (vec!["11999".to_owned(), "12000".to_owned()], 3));
}

#[test]
fn an_unknown_order_says_when_it_is_probed_and_until_when_it_may_be_sent_again() {
    let bench = Bench::with(&[("RESEND_WINDOW_MS", "120000")]);
    let sent = bench.now();
    bench.finish(&bench.sent(&real("1")), "");
    let [order] = &unknown(&bench)[..] else {
        panic!("one")
    };
    let begun = at(order, "sentAt").unwrap();
    assert!((sent..sent + 10).contains(&begun));
    assert_eq!(at(order, "unknownSince"), Some(begun));
    assert_eq!(at(order, "resendUntil"), Some(begun + 120_000));
    let due = at(order, "nextProbeAt").unwrap();
    assert_eq!(bench.alarm_in().map(|pause| bench.now() + pause), Some(due));
    // The order by itself says the same.
    let record = bench.order("1").1;
    for name in ["unknownSince", "resendUntil", "nextProbeAt"] {
        assert_eq!(record[name], order[name]);
    }
    // Later the window has closed; and after a day nothing is done any more.
    bench.pass(130_000);
    bench.finish(&bench.due_now(Purpose::Probe), "errorCode=-35");
    let [order] = &unknown(&bench)[..] else {
        panic!("one")
    };
    assert_eq!(order.get("resendUntil"), None);
    assert!(at(order, "nextProbeAt").unwrap() > bench.now());
    bench.pass(90_000_000);
    bench.finish(&bench.due_now(Purpose::Probe), "errorCode=-35");
    let [order] = &unknown(&bench)[..] else {
        panic!("one")
    };
    assert_eq!(
        (order.get("nextProbeAt"), &order["waitsForPerson"]),
        (None, &json!(true))
    );
}

#[test]
fn an_order_of_a_stopped_job_is_not_said_to_be_sent_again() {
    let bench = Bench::new();
    let job = bench.running(&orders([1, 2], false), json!({}));
    bench.finish(&bench.next_row(), "");
    assert!(unknown(&bench)[0].get("resendUntil").is_some());
    bench.change(ANN, "pause-job", &job, json!({}));
    assert_eq!(unknown(&bench)[0].get("resendUntil"), None);
    assert!(unknown(&bench)[0].get("nextProbeAt").is_some());
}

#[test]
fn what_is_unknown_since_a_restore_says_so_and_not_since_when() {
    let bench = used();
    let seen = json!({ "seq": 1_000_000, "hash": "0".repeat(64), "ledger": "ledger-id" });
    bench
        .transaction(|ledger| ledger.check_high_water_mark(&seen))
        .unwrap();
    let refused = unknown(&bench)
        .into_iter()
        .find(|order| order["orderNumber"] == "4")
        .unwrap();
    assert_eq!(
        [&refused["unknownSinceRestore"], &refused["waitsForPerson"]],
        [true, true]
    );
    for name in ["unknownSince", "resendUntil", "nextProbeAt"] {
        assert_eq!(refused.get(name), None);
    }
}

#[test]
fn what_was_in_flight_when_the_process_ended_is_listed_as_unknown() {
    let bench = Bench::new();
    bench.sent(&real("1"));
    assert_eq!(unknown(&bench), Vec::<Value>::new());
    assert_eq!(
        numbers(&page(&bench, Some(OrderState::Sending), everything(), 0, 10)),
        ["1"]
    );
    // Nothing of its end is written yet.
    let (host, config) = (bench.host.clone(), bench.ledger.config().clone());
    let other = Bench {
        ledger: Ledger::open(host.clone(), config, "another-id").unwrap(),
        host,
    };
    let [order] = &unknown(&other)[..] else {
        panic!("one")
    };
    assert_eq!(
        (&order["orderNumber"], &order["state"]),
        (&json!("1"), &json!("unknown"))
    );
    assert!(order.get("nextProbeAt").is_some());
    assert_eq!(
        numbers(&page(&other, Some(OrderState::Sending), everything(), 0, 10)),
        Vec::<String>::new()
    );
}

#[test]
fn a_record_that_cannot_be_read_hides_no_order() {
    let bench = used();
    bench
        .host
        .sql(
            "UPDATE attempts SET order_text = 'x' WHERE identity = '300//'",
            &[],
        )
        .unwrap();
    let order = unknown(&bench).remove(1);
    assert_eq!(
        (&order["orderNumber"], order.get("codeReason")),
        (&json!("300"), None)
    );
}

#[test]
fn certificates_of_other_names_are_listed_for_grants_over_all_orders_only() {
    let bench = used();
    let order = json!({ "codeReason": 1, "serialNumber": "0A1B", "test": false });
    bench.finish(&bench.sent(&revocation("key:a", None, order)), "");
    let last = unknown(&bench).pop().unwrap();
    assert_eq!(
        (&last["serialNumber"], last.get("orderNumber")),
        (&json!("0A1B"), None)
    );
    let numbers_only = vec![OrderRanges::merged([(1, i64::MAX as u64)])];
    let page = page(&bench, Some(OrderState::Unknown), numbers_only, 0, 10);
    assert_eq!(numbers(&page), ["9", "300", "1"]);
    let entries = crate::audit_list::listing(0, 10, |it| it.order = Some("serial:0A1B".to_owned()));
    let (_, found) = read(&bench.ledger.audit(&entries).unwrap());
    let phases: Vec<&Value> = found["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["phase"])
        .collect();
    assert_eq!(phases, ["intent", "outcome"]);
}
