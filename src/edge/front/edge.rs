//! Requests about the edge itself: its audit log, breaker and metrics, what the caller is to it, and what everyone may know.

use serde_json::{Map, Value, json};

use super::members::Members;
use super::route::{Asked, Handled};
use crate::edge::caller::{Caller, Person};
use crate::edge::command::Command;
use crate::edge::config::FrontConfig;
use crate::edge::http_answer::HttpAnswer;
use crate::edge::openapi::DOCUMENT;

/// Entries of the audit log in one answer, unless the caller says how many, and at most.
const ENTRIES: (u64, u64) = (1_000, 10_000);

pub(super) fn audit(asked: &Asked) -> Handled {
    Ok(Command::Audit {
        page: asked.query.page(ENTRIES)?,
        lines: asked.media_type == "application/x-ndjson",
    })
}

pub(super) fn audit_head(_: &Asked) -> Handled {
    Ok(Command::AuditHead)
}

pub(super) fn audit_key(config: &FrontConfig) -> HttpAnswer {
    HttpAnswer::ok(&Value::Object(config.audit_key.clone()))
}

pub(super) fn breaker(_: &Asked) -> Handled {
    Ok(Command::Breaker)
}

pub(super) fn resume_breaker(_: &Asked, _: &mut Members) -> Handled {
    Ok(Command::ResumeBreaker)
}

pub(super) fn metrics(asked: &Asked) -> Handled {
    Ok(Command::Metrics {
        front: asked.counters.text(),
    })
}

pub(super) fn health(_: &FrontConfig) -> HttpAnswer {
    HttpAnswer::ok(&json!({ "status": "ok" }))
}

pub(super) fn openapi(_: &FrontConfig) -> HttpAnswer {
    HttpAnswer::of("application/json", DOCUMENT.to_owned())
}

pub(super) fn me(asked: &Asked) -> Handled {
    Ok(Command::Me { me: of(asked.caller) })
}

fn of(caller: &Caller) -> Map<String, Value> {
    let grants: Vec<Value> = caller
        .grants
        .iter()
        .map(|grant| {
            let permissions: Vec<&str> = grant.permissions.iter().map(|it| it.name()).collect();
            let orders: Vec<&str> = grant.orders.iter().map(|it| it.text()).collect();
            json!({ "permissions": permissions, "orders": orders })
        })
        .collect();
    let mut me = Map::from_iter([
        ("actor".to_owned(), caller.actor.as_str().into()),
        ("person".to_owned(), caller.person_shown().into()),
        ("grants".to_owned(), grants.into()),
    ]);
    if let Person::Nobody(why) = &caller.person {
        me.insert("personReason".into(), why.reason().into());
    }
    me
}
