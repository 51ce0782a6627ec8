//! Calls that are ended by the clock or by the caller's signal: in time, and with the truth of whether anything has left.

use autorevoke::client::{Failure, Options, revoke};
use autorevoke::problem::Kind;
use js_sys::{Function, Object};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortSignal;

use crate::calls::{
    REVOKED, TOKEN, assert_not_sent, assert_unknown, edge, edge_seen, evaluated, failed, function, response,
    revoked, seen, seen_text, settled, test_order,
};

const NEVER: &str = "return new Promise(() => {});";
const QUICK_MS: u32 = 30;

/// A body that never ends.
const NO_END: &str =
    "return new Response(new ReadableStream({}), { headers: { 'Content-Type': 'application/json' } });";

fn never() -> Function {
    function(NEVER, &Object::new())
}

fn quick(options: Options) -> Options {
    options.timeout_ms(QUICK_MS).unwrap()
}

/// Fires the signal in `seen` for a reason, and goes on with the rest.
fn firing(rest: &str) -> String {
    ["seen.abort.abort('no longer');", rest].concat()
}

/// A signal that what notes in `seen` can fire.
fn abortable() -> (Object, AbortSignal) {
    let seen = evaluated("({ abort: new AbortController() })");
    let signal = evaluated("(it) => it.abort.signal");
    let signal = signal
        .unchecked_into::<Function>()
        .call1(&JsValue::UNDEFINED, &seen)
        .unwrap();
    (seen.unchecked_into(), signal.unchecked_into())
}

fn assert_aborted(failure: &Failure, may_have_revoked: bool) {
    assert_eq!(
        (failure.kind, failure.may_have_revoked),
        (Kind::Aborted, may_have_revoked),
        "{failure}"
    );
    assert_eq!(
        failure.cause.as_ref().map(|it| it.message.as_str()),
        Some("no longer")
    );
    let when = if may_have_revoked {
        "after its request had left"
    } else {
        "before anything was sent"
    };
    assert!(failure.message.contains(when), "{failure}");
}

#[wasm_bindgen_test]
async fn a_fetch_that_never_answers_is_unknown_when_the_time_is_up() {
    for source in [NEVER, NO_END] {
        let failure = failed(&quick(edge(source))).await;
        assert_unknown(&failure, source);
        assert!(
            failure.message.contains("there was no whole answer in time"),
            "{failure}"
        );
    }
}

#[wasm_bindgen_test]
async fn a_fetch_that_heeds_the_signal_is_told_as_the_time_that_was_up() {
    let seen = Object::new();
    let source = "return new Promise((_, reject) => request.signal.addEventListener('abort', () => {
        seen.aborted = 'yes';
        reject(request.signal.reason);
    }));";
    let failure = failed(&quick(edge_seen(source, &seen))).await;
    assert_unknown(&failure, source);
    assert!(
        failure.message.contains("there was no whole answer in time"),
        "{failure}"
    );
    assert_eq!(seen_text(&seen, "aborted").as_deref(), Some("yes"));
}

#[wasm_bindgen_test]
async fn a_token_that_never_comes_means_that_nothing_was_sent() {
    let seen = Object::new();
    let options = edge_seen("seen.sent = 'yes';", &seen)
        .token_function(never())
        .unwrap();
    let failure = failed(&quick(options)).await;
    assert_not_sent(&failure, "token");
    assert!(failure.message.contains("the time was up"), "{failure}");
    assert_eq!(seen_text(&seen, "sent"), None);
}

#[wasm_bindgen_test]
async fn of_a_test_nothing_can_have_been_revoked() {
    let failure = settled(revoke(&test_order(), &quick(edge(NEVER))))
        .await
        .unwrap_err();
    assert_eq!(
        (failure.kind, failure.may_have_revoked),
        (Kind::UnknownOutcome, false)
    );
    assert!(failure.message.contains("Nothing was changed"), "{failure}");
}

#[wasm_bindgen_test]
async fn a_signal_that_has_fired_already_sends_nothing() {
    let seen = Object::new();
    let fired = evaluated("AbortSignal.abort('no longer')").unchecked_into();
    let token = function("seen.asked = 'yes';", &seen);
    let options = edge_seen("seen.sent = 'yes';", &seen)
        .signal(fired)
        .token_function(token)
        .unwrap();
    assert_aborted(&failed(&options).await, false);
    assert_eq!(
        (seen_text(&seen, "sent"), seen_text(&seen, "asked")),
        (None, None)
    );
}

#[wasm_bindgen_test]
async fn a_signal_that_fires_while_the_token_is_fetched_sends_nothing() {
    for rest in [
        NEVER,
        "return 'token';",
        "return Promise.resolve('token');",
        "throw 'x';",
    ] {
        let (seen, signal) = abortable();
        let token = function(&firing(rest), &seen);
        let options = edge_seen("seen.sent = 'yes';", &seen)
            .signal(signal)
            .token_function(token)
            .unwrap();
        assert_aborted(&failed(&options).await, false);
        assert_eq!(seen_text(&seen, "sent"), None, "{rest}");
    }
}

#[wasm_bindgen_test]
async fn a_signal_that_fires_after_the_request_has_left_may_be_too_late() {
    for rest in [
        NEVER,
        NO_END,
        "throw request.signal.reason;",
        "return Promise.reject('x');",
    ] {
        let (seen, signal) = abortable();
        let options = edge_seen(&firing(rest), &seen).signal(signal);
        assert_aborted(&failed(&options).await, true);
    }
}

#[wasm_bindgen_test]
async fn a_whole_answer_counts_though_the_signal_fires() {
    let (seen, signal) = abortable();
    let source = format!(
        "const steps = [{{ done: false, value: new TextEncoder().encode({REVOKED:?}) }}, {{ done: true }}];
         return {{ status: 200, headers: new Headers({{ 'Content-Type': 'application/json' }}), body: {{ getReader: () => ({{
             read: async () => {{ const step = steps.shift(); if (step.done) seen.abort.abort(); return step; }},
         }}) }} }};"
    );
    let answered = revoked(&edge_seen(&source, &seen).signal(signal)).await;
    // Either is the truth, but never that nothing left.
    assert!(answered.is_ok() || answered.unwrap_err().may_have_revoked);
}

#[wasm_bindgen_test]
async fn the_signal_is_let_go_of_when_the_call_ends() {
    let its = evaluated(
        "(() => { const seen = { now: 0, most: 0, aborted: false, reason: undefined };
            seen.addEventListener = () => { seen.now += 1; seen.most = Math.max(seen.most, seen.now); };
            seen.removeEventListener = () => { seen.now -= 1; };
            return seen; })()",
    );
    let signal = || its.clone().unchecked_into::<AbortSignal>();
    for source in [response(200, "application/json", REVOKED), "throw 0;".to_owned()] {
        let _ = revoked(&edge(&source).signal(signal())).await;
    }
    failed(&quick(edge(NEVER).signal(signal()))).await;
    let its: Object = its.unchecked_into();
    assert_eq!(
        (seen(&its, "now").as_f64(), seen(&its, "most").as_f64()),
        (Some(0.0), Some(1.0))
    );
}

/// Counts in `seen` the timers that run; called again, it lets go of the counting.
const COUNTED: &str = "
    const { setTimeout: set, clearTimeout: clear } = globalThis;
    seen.running = 0;
    globalThis.setTimeout = (...given) => { seen.running += 1; return set(...given); };
    globalThis.clearTimeout = (timer) => { seen.running -= 1; return clear(timer); };
    seen.done = () => Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });";

#[wasm_bindgen_test]
async fn no_timer_is_left_when_the_call_ends() {
    let its = Object::new();
    function(COUNTED, &its).call0(&JsValue::UNDEFINED).unwrap();
    let mut running = Vec::new();
    for source in [
        response(200, "application/json", REVOKED),
        "throw 0;".to_owned(),
        "return {};".to_owned(),
    ] {
        let _ = revoked(&edge(&source)).await;
        running.push(seen(&its, "running").as_f64());
    }
    seen(&its, "done")
        .unchecked_into::<Function>()
        .call0(&JsValue::UNDEFINED)
        .unwrap();
    assert_eq!(running, [Some(0.0); 3]);
}

#[wasm_bindgen_test]
async fn a_signal_that_does_not_work_sends_nothing() {
    let seen = Object::new();
    let hostile = evaluated(
        "({ aborted: false, addEventListener() { throw new Error('x'); }, removeEventListener() { throw 0; } })",
    );
    let options = edge_seen("seen.sent = 'yes';", &seen).signal(hostile.unchecked_into());
    assert_not_sent(&failed(&options).await, "signal");
    assert_eq!(seen_text(&seen, "sent"), None);
}

#[wasm_bindgen_test]
async fn the_next_call_is_as_good_as_the_first() {
    let failures = [NEVER, NO_END, "throw undefined;"].map(|source| quick(edge(source)));
    for options in failures {
        assert!(revoked(&options).await.is_err());
        let done = revoked(&edge(&response(200, "application/json", REVOKED))).await;
        assert_eq!(done.unwrap().name, "123456");
    }
    assert!(!TOKEN.is_empty());
}
