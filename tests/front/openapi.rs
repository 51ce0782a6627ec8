//! The committed OpenAPI document is what the types, the routes and the kinds of problems make, and the names that it has are
//! those of the code.

use std::collections::BTreeSet;

use autorevoke::api::caller::Permission;
use autorevoke::api::job::JobState;
use autorevoke::api::operation::BreakerState;
use autorevoke::api::order::OrderState;
use autorevoke::api::row::RowOutcome;
use autorevoke::edge::front::OPENAPI;
use autorevoke::problem::{Kind, TYPE_PREFIX};
use autorevoke::verdict::Outcome;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn document() -> Value {
    serde_json::from_str(OPENAPI).unwrap()
}

#[cfg(feature = "openapi")]
#[test]
fn the_committed_document_is_what_the_command_makes() {
    let derived = autorevoke::edge::openapi::document().unwrap();
    let committed = document();
    for part in ["paths", "components"] {
        for (name, value) in derived[part].as_object().unwrap() {
            assert_eq!(
                committed[part][name], *value,
                "src/edge/openapi.json, {part} {name}: `npm run openapi` makes it anew"
            );
        }
    }
    assert!(
        committed == derived,
        "src/edge/openapi.json: `npm run openapi` makes it anew"
    );
}

#[test]
fn every_kind_of_problem_of_the_edge_is_some_operations() {
    let document = document();
    let mut used = BTreeSet::new();
    for (name, response) in document["components"]["responses"].as_object().unwrap() {
        let types = &response["content"]["application/problem+json"]["schema"]["properties"]["type"];
        let one = types.get("const").into_iter();
        for urn in one.chain(types["enum"].as_array().into_iter().flatten()) {
            let kind = urn.as_str().unwrap().strip_prefix(TYPE_PREFIX).unwrap();
            used.insert(Kind::from_name(kind).unwrap_or_else(|| panic!("{name}")).name());
        }
    }
    let of_the_edge = Kind::ALL.iter().filter(|kind| !kind.statuses().is_empty());
    let all: BTreeSet<&str> = of_the_edge.map(|kind| kind.name()).collect();
    let unused: Vec<&&str> = all.difference(&used).collect();
    // The edge never knows for certain that a call did not leave.
    assert_eq!(unused, [&"not-sent"]);
}

/// Each is written as its name, and read from it.
fn named<T: Copy + PartialEq + Serialize + DeserializeOwned + std::fmt::Debug>(
    all: &[T],
    name: impl Fn(T) -> String,
) {
    for value in all {
        let text = json!(name(*value));
        assert_eq!(json!(value), text);
        assert_eq!(serde_json::from_value::<T>(text).unwrap(), *value);
    }
}

#[test]
fn names_in_documents_are_those_of_the_code() {
    let of = |name: &'static str| name.to_owned();
    named(&JobState::ALL, |it| of(it.name()));
    named(&RowOutcome::ALL, |it| of(it.name()));
    named(&OrderState::ALL, |it| of(it.name()));
    named(&Outcome::ALL, |it| of(it.name()));
    named(&Permission::ALL, |it| of(it.name()));
    let breaker = [BreakerState::Closed, BreakerState::Open, BreakerState::HalfOpen];
    named(&breaker, |it| of(it.name()));
    named(Kind::ALL, |it| [TYPE_PREFIX, it.name()].concat());
}
