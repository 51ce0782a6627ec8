//! SQLite fails at any statement: nothing is sent without its intent, nothing is known without its outcome.

use autorevoke::edge::ledger::{Begun, Purpose};

use crate::audit_chain::assert_whole;
use crate::sqlite_host::{Bench, OPENING, answer_of, real};

#[test]
fn an_intent_that_cannot_be_written_is_not_sent_and_leaves_no_trace() {
    for healthy in 0.. {
        let bench = Bench::new();
        bench.host.0.healthy_statements.set(Some(healthy));
        let begun = bench.begin(&real("1"));
        bench.host.0.healthy_statements.set(None);
        match begun {
            Err(_) => assert_eq!(
                (bench.order("1").0, bench.audit().len()),
                (404, OPENING),
                "after {healthy}"
            ),
            Ok(Begun::Send(_)) => {
                assert!(healthy >= 4, "the intent takes more than {healthy} statements");
                return;
            }
            Ok(other) => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_outcome_that_cannot_be_written_is_unknown_whatever_the_ca_said() {
    for healthy in 0.. {
        let bench = Bench::new();
        let attempt = bench.sent(&real("1"));
        bench.host.0.healthy_statements.set(Some(healthy));
        let finished = bench.transaction(|ledger| ledger.finish(&attempt, &answer_of("errorCode=0")));
        bench.host.0.healthy_statements.set(None);
        bench.ledger.release(&attempt);
        if finished.is_ok() {
            assert!(healthy >= 4, "the outcome takes more than {healthy} statements");
            return;
        }
        let told = bench.ledger.not_written(&attempt);
        assert!(told.status == 502 && told.body.contains("\"mayHaveRevoked\":true"));
        assert_eq!(bench.state("1"), "unknown");
        let again = bench.sent(&real("1"));
        bench.finish(&again, "errorCode=-35&errorMessage=expired");
        assert_eq!(bench.state("1"), "unknown", "the lost attempt may have acted");
        assert_whole(&bench.audit());
        assert_eq!(bench.audit().len(), OPENING + 4);
    }
}

#[test]
fn an_outcome_that_could_not_be_written_is_settled_by_itself() {
    let bench = Bench::new();
    let attempt = bench.sent(&real("1"));
    bench.host.0.healthy_statements.set(Some(0));
    let finished = bench.transaction(|ledger| ledger.finish(&attempt, &answer_of("errorCode=0")));
    assert!(finished.is_err());
    bench.host.0.healthy_statements.set(None);
    bench.ledger.release(&attempt);
    assert!(bench.due().is_empty(), "the first pause has not passed");
    bench.pass(1_000);
    let probe = bench.due_now(Purpose::Probe);
    bench.finish(&probe, "errorCode=-21");
    assert_eq!(bench.state("1"), "already-revoked");
}

#[test]
fn what_is_under_way_is_not_taken_for_lost() {
    let bench = Bench::new();
    let attempt = bench.sent(&real("1"));
    bench.due();
    assert_eq!(bench.state("1"), "sending");
    bench.finish(&attempt, "errorCode=0");
    assert_eq!(bench.state("1"), "revoked");
}
