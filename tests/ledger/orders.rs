//! Single orders: what is told of them, after every way in which a call can end.

use autorevoke::edge::ledger::Purpose;
use serde_json::json;

use crate::sqlite_host::{Bench, OPENING, real, revocation, test};

#[test]
fn an_order_that_was_never_seen_is_not_found() {
    assert_eq!(Bench::new().order("1").0, 404);
}

#[test]
fn each_answer_of_the_ca_ends_in_its_state_and_status() {
    let cases = [
        ("errorCode=0", 200, "revoked", false),
        ("errorCode=-21&errorMessage=done", 200, "already-revoked", false),
        ("errorCode=-20&errorMessage=done", 200, "already-rejected", false),
        ("errorCode=-35&errorMessage=expired", 422, "refused", false),
        ("errorCode=-16&errorMessage=login", 502, "refused", false),
        ("errorCode=-42&errorMessage=busy", 503, "refused", false),
        ("errorCode=-14&errorMessage=unknown", 502, "unknown", true),
        ("errorCode=1", 502, "unknown", true),
        ("", 502, "unknown", true),
    ];
    for (at, (body, status, state, may_have_revoked)) in cases.into_iter().enumerate() {
        let bench = Bench::new();
        let number = (at + 1).to_string();
        let attempt = bench.sent(&real(&number));
        assert_eq!(bench.state(&number), "sending");
        let (given, answer) = bench.finish(&attempt, body);
        assert_eq!((given, bench.state(&number).as_str()), (status, state), "{body}");
        assert_eq!(
            answer["mayHaveRevoked"].as_bool().unwrap_or(false),
            may_have_revoked,
            "{body}"
        );
        assert_eq!(answer["auditSeq"], OPENING + 2, "{body}");
        // Only a busy CA says that the same call may do better later.
        let come_again = body.contains("-42").then_some(60);
        assert_eq!(answer["retryAfter"].as_u64(), come_again, "{body}");
    }
}

#[test]
fn a_test_call_changes_no_order_and_may_never_have_revoked() {
    let bench = Bench::new();
    let lost = bench.sent(&real("1"));
    bench.finish(&lost, "");
    for body in [
        "errorCode=0",
        "errorCode=-21&errorMessage=x",
        "errorCode=-35&errorMessage=x",
        "",
    ] {
        let attempt = bench.sent(&test("1"));
        let (_, answer) = bench.finish(&attempt, body);
        assert_ne!(answer["mayHaveRevoked"], true, "{body}");
        assert_eq!(bench.state("1"), "unknown", "{body}");
    }
    let only_tested = bench.sent(&test("2"));
    bench.finish(&only_tested, "errorCode=0");
    assert_eq!(bench.state("2"), "pending");
    assert_eq!(bench.order("2").1["attempts"][0]["outcome"], "tested");
}

#[test]
fn a_refusal_does_not_erase_that_an_earlier_attempt_may_have_acted() {
    let bench = Bench::new();
    let lost = bench.sent(&real("1"));
    bench.finish(&lost, "");
    let second = bench.sent(&real("1"));
    let (status, answer) = bench.finish(&second, "errorCode=-35&errorMessage=expired");
    assert_eq!(
        (status, &answer["type"]),
        (502, &json!("urn:autorevoke:problem:unknown-outcome"))
    );
    assert_eq!(
        (&answer["errorCode"], &answer["mayHaveRevoked"]),
        (&json!(-35), &json!(true))
    );
    assert_eq!(bench.state("1"), "unknown");
    let third = bench.sent(&real("1"));
    assert_eq!(
        bench.finish(&third, "errorCode=-21&errorMessage=done").1["outcome"],
        "already-revoked"
    );
    assert_eq!(bench.state("1"), "already-revoked");
}

#[test]
fn the_same_order_is_sent_once_at_a_time_whoever_asks() {
    let bench = Bench::new();
    let attempt = bench.sent(&real("1"));
    let other = revocation(
        "key:b",
        None,
        json!({ "codeReason": 4, "orderNumber": "1", "test": false }),
    );
    let (status, answer) = bench.answered(&other);
    assert_eq!((status, &answer["mayHaveRevoked"]), (409, &json!(false)));
    // Another product of the same order number is another order.
    let product = revocation(
        "key:b",
        None,
        json!({ "codeReason": 4, "orderNumber": "1", "product": 5, "test": false }),
    );
    bench.sent(&product);
    bench.finish(&attempt, "errorCode=0");
    bench.sent(&other);
}

#[test]
fn an_order_number_is_not_confused_with_a_longer_one() {
    let bench = Bench::new();
    for number in ["1", "12", "10", "2"] {
        let attempt = bench.sent(&real(number));
        bench.finish(&attempt, "errorCode=0");
    }
    assert_eq!(bench.order("1").1["attempts"].as_array().unwrap().len(), 1);
    assert_eq!(bench.order("1").1["auditSeqs"], json!([OPENING + 1, OPENING + 2]));
}

#[test]
fn of_several_products_the_most_careful_state_is_told() {
    let bench = Bench::new();
    let done = bench.sent(&revocation(
        "key:a",
        None,
        json!({ "codeReason": 0, "orderNumber": "1", "product": 1, "test": false }),
    ));
    bench.finish(&done, "errorCode=0");
    let lost = bench.sent(&revocation(
        "key:a",
        None,
        json!({ "codeReason": 0, "orderNumber": "1", "product": 2, "test": false }),
    ));
    bench.finish(&lost, "");
    assert_eq!(bench.state("1"), "unknown");
}

#[test]
fn what_was_under_way_at_a_crash_is_unknown_afterwards_and_can_be_sent_again() {
    let mut bench = Bench::new();
    bench.sent(&real("1"));
    bench.sent(&test("2"));
    bench.restart();
    let (_, order) = bench.order("1");
    assert_eq!(
        (&order["state"], &order["attempts"][0]["outcome"]),
        (&json!("unknown"), &json!("unknown"))
    );
    assert_eq!(bench.state("2"), "pending");
    let outcomes: Vec<_> = bench
        .audit()
        .into_iter()
        .skip(OPENING)
        .filter(|entry| entry["phase"] == "outcome")
        .collect();
    assert_eq!(outcomes.len(), 2);
    let again = bench.sent(&real("1"));
    bench.finish(&again, "errorCode=0");
    assert_eq!(bench.state("1"), "revoked");
}

#[test]
fn settled_is_never_told_of_an_unknown_order() {
    let bench = Bench::new();
    let of = |product: u64| {
        let order = json!({ "codeReason": 1, "orderNumber": "7", "product": product, "test": false });
        revocation("key:a", None, order)
    };
    bench.finish(&bench.sent(&of(1)), "");
    bench.pass(1_500);
    bench.finish(&bench.due_now(Purpose::Probe), "errorCode=-21&errorMessage=x");
    assert_eq!(bench.order("7").1["settled"], true);
    bench.finish(&bench.sent(&of(2)), "");
    let (_, order) = bench.order("7");
    assert_eq!((&order["state"], order.get("settled")), (&json!("unknown"), None));
}
