//! Unknown outcomes: probed with growing pauses, sent again within a window, and never by a guess called known.

use autorevoke::edge::ledger::{Begun, Purpose, Settlement};
use serde_json::{Value, json};

use crate::job_bench::{By, orders};
use crate::sqlite_host::{Bench, read, real, revocation, test};

const TIMEOUT_MS: i64 = 30_000;
const WINDOW_MS: i64 = 120_000;

/// A ledger with one order that was lost at once.
fn lost() -> Bench {
    lost_with(&[])
}

fn lost_with(variables: &[(&str, &str)]) -> Bench {
    let bench = Bench::with(variables);
    let attempt = bench.sent(&real("1"));
    bench.finish(&attempt, "");
    bench
}

/// Lets the next probe come due, and answers it.
fn probe(bench: &Bench, body: &str) {
    bench.pass(bench.alarm_in().unwrap());
    let attempt = bench.due_now(Purpose::Probe);
    assert!(
        bench.form_of(&attempt).contains("&test=Y"),
        "a probe changes nothing"
    );
    bench.finish(&attempt, body);
}

#[test]
fn the_first_probe_comes_a_second_after_the_loss_and_the_pauses_double_up_to_five_minutes() {
    let bench = lost();
    assert!(bench.due().is_empty());
    for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
        let pause = bench.alarm_in().unwrap();
        assert!(
            (seconds * 1000 - 20..=seconds * 1000).contains(&pause),
            "{pause} ms, not {seconds} s"
        );
        probe(&bench, "errorCode=-35&errorMessage=x");
        assert_eq!(bench.state("1"), "unknown");
    }
}

#[test]
fn while_the_edge_probes_an_order_by_itself_it_does_not_begin_to_do_so_again() {
    let bench = lost();
    bench.pass(bench.alarm_in().unwrap());
    let first = bench.due_now(Purpose::Probe);
    bench.pass(TIMEOUT_MS);
    assert_eq!(bench.due(), []);
    // A person may ask meanwhile: a test call stands in nobody's way.
    let Settlement::Calls(asked) = bench.settle("1", false) else {
        panic!("not settled")
    };
    let attempt = bench.sent(&asked[0]);
    bench.finish(&attempt, "errorCode=-35&errorMessage=x");
    bench.finish(&first, "errorCode=-21&errorMessage=x");
    assert_eq!(bench.state("1"), "already-revoked");
}

#[test]
fn done_before_says_what_became_of_it_and_is_marked() {
    for (body, state) in [
        ("errorCode=-21&errorMessage=x", "already-revoked"),
        ("errorCode=-20&errorMessage=x", "already-rejected"),
    ] {
        let bench = lost();
        probe(&bench, body);
        let (_, order) = bench.order("1");
        assert_eq!(
            (&order["state"], &order["settled"]),
            (&json!(state), &json!(true))
        );
        assert_eq!(order["attempts"][1]["purpose"], "settle");
        let entry = bench.audit().pop().unwrap();
        assert_eq!(
            (
                &entry["action"],
                &entry["state"],
                &entry["settled"],
                &entry["actor"]
            ),
            (&json!("settle"), &json!(state), &json!(true), &json!("edge"))
        );
        assert_eq!(bench.alarm_in(), None, "there is nothing left to do");
    }
}

#[test]
fn zero_proves_nothing_but_lets_it_be_sent_again_when_the_lost_call_must_have_ended() {
    let bench = lost();
    probe(&bench, "errorCode=0");
    let (_, order) = bench.order("1");
    assert_eq!(
        (&order["state"], &order["settled"]),
        (&json!("unknown"), &Value::Null)
    );
    let mut passed = 1_000;
    while passed < TIMEOUT_MS - 10 {
        let pause = bench.alarm_in().unwrap();
        bench.pass(pause);
        passed += pause;
        let due = bench.due();
        if due.iter().any(|call| call.purpose == Purpose::Resend) {
            break;
        }
        let attempt = bench.sent(&due[0]);
        bench.finish(&attempt, "errorCode=0");
    }
    assert!(
        (TIMEOUT_MS - 50..=TIMEOUT_MS + 50).contains(&passed),
        "sent again after {passed} ms"
    );
    let again = bench.due_now(Purpose::Resend);
    assert!(!bench.form_of(&again).contains("test="));
    bench.finish(&again, "errorCode=0");
    let (_, order) = bench.order("1");
    assert_eq!(
        (&order["state"], &order["settled"]),
        (&json!("revoked"), &Value::Null)
    );
}

#[test]
fn after_the_window_or_without_one_it_is_probed_only() {
    for (variables, wait) in [
        (vec![], WINDOW_MS + 1_000),
        (vec![("RESEND_WINDOW_MS", "0")], TIMEOUT_MS),
        // It closes before the lost call must have ended.
        (vec![("RESEND_WINDOW_MS", "29000")], TIMEOUT_MS),
    ] {
        let bench = lost_with(&variables);
        bench.pass(wait);
        for _ in 0..5 {
            let attempt = bench.due_now(Purpose::Probe);
            bench.finish(&attempt, "errorCode=0");
            bench.pass(300_000);
        }
        assert_eq!(bench.state("1"), "unknown");
    }
}

#[test]
fn the_window_is_counted_from_the_first_attempt_that_was_lost() {
    let bench = lost();
    for _ in 0..10 {
        bench.pass(TIMEOUT_MS + 500);
        let attempt = bench.due_now(Purpose::Probe);
        bench.finish(&attempt, "errorCode=0");
        let due = bench.due();
        let Some(call) = due.first() else { break };
        assert_eq!(call.purpose, Purpose::Resend);
        let attempt = bench.sent(call);
        bench.finish(&attempt, "");
    }
    let (_, order) = bench.order("1");
    let attempts = order["attempts"].as_array().unwrap();
    let resent = attempts
        .iter()
        .filter(|attempt| attempt["purpose"] == "resend")
        .count();
    assert_eq!(resent, 3, "at 30, 60 and 91 seconds, and not after 120");
}

#[test]
fn a_probe_that_is_not_answered_0_keeps_it_from_being_sent_again() {
    for body in [
        "",
        "errorCode=-35&errorMessage=x",
        "errorCode=-42&errorMessage=x",
        "errorCode=-14&errorMessage=x",
    ] {
        let bench = lost();
        bench.pass(TIMEOUT_MS);
        let attempt = bench.due_now(Purpose::Probe);
        bench.finish(&attempt, body);
        bench.pass(4_000);
        assert_eq!(bench.due()[0].purpose, Purpose::Probe, "{body}");
    }
}

#[test]
fn a_refusal_of_the_second_call_does_not_tell_of_the_first() {
    let bench = lost();
    bench.pass(TIMEOUT_MS);
    let attempt = bench.due_now(Purpose::Probe);
    bench.finish(&attempt, "errorCode=0");
    let again = bench.due_now(Purpose::Resend);
    bench.finish(&again, "errorCode=-35&errorMessage=expired");
    assert_eq!(bench.state("1"), "unknown");
    bench.pass(10_000);
    assert_eq!(
        bench.due()[0].purpose,
        Purpose::Probe,
        "not sent once more until a probe says that it can be"
    );
}

#[test]
fn what_was_under_way_at_a_crash_is_settled_as_well() {
    let mut bench = Bench::new();
    bench.sent(&real("1"));
    assert!(bench.alarm_in().is_some(), "an alarm is there in case of a crash");
    bench.restart();
    bench.pass(1_000);
    let attempt = bench.due_now(Purpose::Probe);
    bench.finish(&attempt, "errorCode=-21&errorMessage=x");
    assert_eq!(bench.state("1"), "already-revoked");
}

#[test]
fn a_probe_that_a_crash_cuts_off_counts_as_one_that_was_lost() {
    let mut bench = lost();
    bench.pass(TIMEOUT_MS);
    let accepted = bench.due_now(Purpose::Probe);
    bench.finish(&accepted, "errorCode=0");
    assert_eq!(bench.due()[0].purpose, Purpose::Resend);
    // A person asks meanwhile, and crash follows crash.
    let Settlement::Calls(calls) = bench.settle("1", false) else {
        panic!("nothing to call")
    };
    bench.sent(&calls[0]);
    bench.restart();
    for seconds in [4, 8, 16, 32, 64, 128, 256, 300, 300] {
        let pause = bench.alarm_in().unwrap();
        assert!(
            (seconds * 1000 - 20..=seconds * 1000).contains(&pause),
            "{pause} ms, not {seconds} s"
        );
        bench.pass(pause);
        bench.due_now(Purpose::Probe);
        bench.restart();
        assert_eq!(bench.state("1"), "unknown");
    }
}

#[test]
fn test_calls_are_never_settled() {
    let mut bench = Bench::new();
    let attempt = bench.sent(&test("1"));
    bench.finish(&attempt, "");
    bench.sent(&test("2"));
    bench.restart();
    bench.pass(1_000_000);
    assert!(bench.due().is_empty());
    assert!(matches!(bench.settle("1", true), Settlement::Answer(answer) if answer.status == 200));
}

#[test]
fn a_probe_that_ends_during_a_real_call_changes_nothing() {
    let bench = lost();
    bench.pass(1_000);
    let probe = bench.due_now(Purpose::Probe);
    let call = bench.sent(&real("1"));
    bench.finish(&probe, "errorCode=-21&errorMessage=x");
    assert_eq!(bench.state("1"), "sending");
    bench.finish(&call, "errorCode=0");
    assert_eq!(bench.state("1"), "revoked");
}

#[test]
fn what_is_due_is_dropped_when_somebody_was_faster() {
    let bench = lost();
    bench.pass(1_000);
    let due = bench.due();
    let call = bench.sent(&real("1"));
    assert!(matches!(bench.begin(&due[0]).unwrap(), Begun::Needless));
    bench.finish(&call, "errorCode=0");
    assert!(matches!(bench.begin(&due[0]).unwrap(), Begun::Needless));
    assert!(bench.due().is_empty());
}

#[test]
fn what_is_due_is_looked_at_again_when_its_turn_has_come() {
    for lost_again in [false, true] {
        let bench = lost();
        bench.pass(TIMEOUT_MS);
        let attempt = bench.due_now(Purpose::Probe);
        bench.finish(&attempt, "errorCode=0");
        let due = bench.due();
        assert_eq!(due[0].purpose, Purpose::Resend);
        // While it waits for its turn, the window closes, or a person's call is lost that may still be running.
        if lost_again {
            let call = bench.sent(&real("1"));
            bench.finish(&call, "");
        } else {
            bench.pass(WINDOW_MS);
        }
        assert!(matches!(bench.begin(&due[0]).unwrap(), Begun::Needless));
        bench.pass(1_000);
        assert_eq!(bench.due()[0].purpose, Purpose::Probe);
    }
}

#[test]
fn a_person_may_probe_or_send_again_at_any_time() {
    let bench = lost();
    bench.pass(10 * WINDOW_MS);
    for (resend, purpose) in [(false, Purpose::Probe), (true, Purpose::Resend)] {
        let Settlement::Calls(calls) = bench.settle("1", resend) else {
            panic!("nothing to call")
        };
        assert_eq!((calls.len(), calls[0].purpose), (1, purpose));
        let attempt = bench.sent(&calls[0]);
        if resend {
            assert!(
                matches!(bench.settle("1", true), Settlement::Answer(answer) if answer.status == 409),
                "it is under way"
            );
        }
        bench.finish(&attempt, "errorCode=0");
    }
    assert_eq!(bench.state("1"), "revoked");
    let actors: Vec<Value> = bench.audit()[4..]
        .iter()
        .map(|entry| entry["actor"].clone())
        .collect();
    assert_eq!(
        actors,
        [json!("key:a"), json!("key:a"), json!("key:a"), json!("key:a")]
    );
    assert!(matches!(bench.settle("1", true), Settlement::Answer(answer) if answer.status == 200));
    assert!(matches!(bench.settle("2", true), Settlement::Answer(answer) if answer.status == 404));
}

#[test]
fn each_product_of_an_order_is_settled_on_its_own() {
    let bench = Bench::new();
    for product in [1, 2] {
        let order = json!({ "codeReason": 0, "orderNumber": "1", "product": product, "test": false });
        let attempt = bench.sent(&revocation("key:a", None, order));
        bench.finish(&attempt, "");
    }
    let Settlement::Calls(calls) = bench.settle("1", false) else {
        panic!("nothing to call")
    };
    assert_eq!(calls.len(), 2);
    let attempt = bench.sent(&calls[0]);
    bench.finish(&attempt, "errorCode=-21&errorMessage=x");
    assert_eq!(bench.state("1"), "unknown", "of the other one nothing is known");
    let attempt = bench.sent(&calls[1]);
    bench.finish(&attempt, "errorCode=-21&errorMessage=x");
    assert_eq!(bench.state("1"), "already-revoked");
}

#[test]
fn a_repeated_key_is_told_what_was_found_out_and_sends_nothing() {
    let keyed = || {
        revocation(
            "key:a",
            Some("k"),
            json!({ "codeReason": 0, "orderNumber": "1", "test": false }),
        )
    };
    let bench = Bench::new();
    let attempt = bench.sent(&keyed());
    assert_eq!(bench.finish(&attempt, "").0, 502);
    probe(&bench, "errorCode=-21&errorMessage=x");
    let (status, answer) = bench.answered(&keyed());
    assert_eq!((status, &answer["outcome"]), (200, &json!("already-revoked")));
    assert_eq!(answer["auditSeq"], bench.audit().len());
}

/// So many times the alarm rings, and the CA is busy.
fn busy(bench: &Bench, times: u32) {
    for _ in 0..times {
        bench.pass(bench.alarm_in().unwrap());
        let attempt = bench.due_now(Purpose::Probe);
        bench.finish(&attempt, "errorCode=-42&errorMessage=busy");
    }
}

#[test]
fn busy_delays_what_is_sent_by_itself_and_no_caller() {
    let bench = lost();
    busy(&bench, 9);
    assert!(bench.alarm_in().unwrap() >= 59_000);
    let call = bench.sent(&real("2"));
    assert_eq!(read_status(&bench, &call), 200);
}

#[test]
fn busy_lasts_over_a_lost_answer_and_ends_with_any_other() {
    let bench = lost();
    busy(&bench, 6);
    let call = bench.sent(&real("2"));
    bench.finish(&call, "");
    assert!(bench.alarm_in().unwrap() > 20_000, "nothing was said of that");
    bench.pass(2_000);
    assert!(bench.due().is_empty());
    let call = bench.sent(&real("3"));
    bench.finish(&call, "errorCode=-35&errorMessage=x");
    assert_eq!(bench.due().len(), 1, "the CA is not busy any more");
}

fn read_status(bench: &Bench, attempt: &autorevoke::edge::ledger::Attempt) -> u16 {
    bench.finish(attempt, "errorCode=0").0
}

#[test]
fn what_is_told_of_an_unknown_order_says_so() {
    let bench = lost();
    let (status, order) = read(&bench.ledger.order("1", "urn:uuid:test").unwrap());
    assert_eq!((status, &order["state"]), (200, &json!("unknown")));
}

#[test]
fn what_could_not_be_written_is_settled_when_somebody_asks() {
    let bench = Bench::new();
    let attempt = bench.sent(&real("1"));
    assert!(matches!(bench.settle("1", false), Settlement::Answer(answer) if answer.status == 409));
    bench.ledger.release(&attempt);
    let Settlement::Calls(calls) = bench.settle("1", false) else {
        panic!("it is asked about")
    };
    assert_eq!(
        calls.iter().map(|call| call.purpose).collect::<Vec<_>>(),
        [Purpose::Probe]
    );
    assert_eq!(bench.state("1"), "unknown");
}

#[test]
fn settling_leaves_half_of_a_slice_to_the_rows_that_are_due() {
    let bench = Bench::with(&[("APPROVAL_ABOVE", "1000")]);
    for number in 100..150 {
        let attempt = bench.sent(&real(&number.to_string()));
        bench.finish(&attempt, "");
    }
    bench.pass(2_000);
    assert_eq!(bench.due().len(), 40);
    let job = bench.running(&orders([1], false), json!({}));
    assert_eq!(bench.due().len(), 20);
    bench.change(By("ann"), "pause-job", &job, json!({}));
    assert_eq!(bench.due().len(), 40);
}

#[test]
fn what_waits_for_a_busy_ca_is_due_in_the_very_millisecond_that_the_alarm_is_set_to() {
    let bench = lost();
    busy(&bench, 5);
    let call = bench.sent(&real("2"));
    bench.finish(&call, "");
    let at = bench.ledger.next_alarm(None).unwrap().unwrap();
    bench.pass(at - bench.now() - 50);
    assert!(bench.due().is_empty());
    // The clock moves on by one when it is read.
    bench.pass(at - bench.now() - 1);
    assert!(!bench.due().is_empty());
}

#[test]
fn why_an_outcome_is_not_known_is_told_and_logged() {
    let bench = lost();
    let attempt = &bench.order("1").1["attempts"][0];
    let detail = attempt["detail"].as_str().unwrap();
    assert!(!detail.is_empty());
    assert_eq!(bench.audit().last().unwrap()["detail"], detail);
}

#[test]
fn an_order_is_sent_again_as_it_was_last_really_sent() {
    let bench = Bench::with(&[("CA_TIMEOUT_MS", "5000"), ("RESEND_WINDOW_MS", "60000")]);
    bench.finish(&bench.sent(&real("1")), "");
    let plan = json!([{ "orderNumber": "1", "codeReason": 4, "test": false }]);
    let job = bench.running(&plan, json!({}));
    bench.change(By("ann"), "cancel-job", &job, json!({}));
    bench.pass(1_000);
    bench.finish(&bench.due_now(Purpose::Probe), "errorCode=0");
    bench.pass(5_000);
    let again = bench.due_now(Purpose::Resend);
    assert!(bench.form_of(&again).contains("codeReason=1"));
}

#[test]
fn a_probe_that_began_before_the_last_loss_does_not_let_it_be_sent_again() {
    let bench = Bench::with(&[("CA_TIMEOUT_MS", "5000"), ("RESEND_WINDOW_MS", "60000")]);
    bench.finish(&bench.sent(&real("1")), "");
    bench.pass(1_000);
    let probe = bench.due_now(Purpose::Probe);
    let second = bench.sent(&real("1"));
    bench.finish(&second, "");
    bench.finish(&probe, "errorCode=0");
    bench.pass(5_000);
    assert_eq!(bench.due()[0].purpose, Purpose::Probe);
}

#[test]
fn after_a_day_an_order_waits_for_a_person_and_says_so() {
    let bench = lost();
    let mut probes = 0;
    while let Some(at) = bench.alarm_in() {
        bench.pass(at.max(0));
        for call in bench.due() {
            bench.finish(&bench.sent(&call), "errorCode=-35&errorMessage=x");
            probes += 1;
        }
        assert!(bench.order("1").1.get("waitsForPerson").is_none() || bench.alarm_in().is_none());
    }
    // Up to five minutes apart in the first hour, and one in each that follows.
    assert!((35..=50).contains(&probes), "{probes} probes");
    let (_, order) = bench.order("1");
    assert_eq!(
        (&order["state"], &order["waitsForPerson"]),
        (&json!("unknown"), &json!(true))
    );
    let Settlement::Calls(calls) = bench.settle("1", false) else {
        panic!("a person may ask")
    };
    bench.finish(&bench.sent(&calls[0]), "errorCode=-21&errorMessage=x");
    let (_, order) = bench.order("1");
    assert_eq!(
        (&order["state"], order.get("waitsForPerson")),
        (&json!("already-revoked"), None)
    );
}

#[test]
fn of_two_products_one_that_was_sent_is_not_denied_when_the_other_is_not() {
    for other in ["limit", "breaker", "no turn"] {
        let bench = Bench::with(&[("RATE_LIMIT_PER_MINUTE", "3")]);
        for product in [1, 2] {
            let order = json!({ "codeReason": 1, "orderNumber": "1", "product": product, "test": false });
            bench.finish(&bench.sent(&revocation("key:a", None, order)), "");
        }
        let Settlement::Calls(calls) = bench.settle("1", true) else {
            panic!("nothing to call")
        };
        bench.finish(&bench.sent(&calls[0]), "errorCode=0");
        let (status, problem) = match other {
            "limit" => bench.answered(&calls[1]),
            "breaker" => {
                let another = revocation(
                    "key:b",
                    None,
                    json!({ "codeReason": 1, "orderNumber": "9", "test": false }),
                );
                bench.finish(&bench.sent(&another), "errorCode=-16&errorMessage=x");
                bench.pass(60_000);
                bench.answered(&calls[1])
            }
            _ => read(&bench.ledger.no_connection(&calls[1])),
        };
        assert_eq!(
            (status, &problem["mayHaveRevoked"]),
            (502, &json!(true)),
            "{other}"
        );
    }
}
