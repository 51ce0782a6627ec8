//! Requests about the edge itself: its audit log, breaker and metrics, what the caller is to it, and what everyone may know.

use super::members::Members;
use super::route::{Asked, Handled};
use crate::api::caller as api;
use crate::api::operation::{Alive, Status};
use crate::edge::caller::{Caller, Person};
use crate::edge::command::{Command, ListEntries};
use crate::edge::config::FrontConfig;
use crate::edge::http_answer::HttpAnswer;
use crate::protocol::Draft;

/// The text of `GET /openapi.json`, derived by `npm run openapi`.
pub const OPENAPI: &str = include_str!("../openapi.json");

/// Entries of the audit log in one answer, unless the caller says how many, and at most.
const ENTRIES: (u64, u64) = (1_000, 10_000);

pub(super) fn audit(asked: &Asked) -> Handled {
    let text = |name| asked.query.text(name).map(str::to_owned);
    Ok(Command::Audit(ListEntries {
        page: asked.query.page(ENTRIES)?,
        lines: asked.media_type == "application/x-ndjson",
        // However it is written; what names no order is in no entry.
        order: text("order").map(|text| match Draft::named(&text).check() {
            Ok(order) => order.name().text(),
            Err(_) => text,
        }),
        actor: text("actor"),
        action: text("action"),
        job: text("job"),
    }))
}

pub(super) fn audit_head(_: &Asked) -> Handled {
    Ok(Command::AuditHead)
}

pub(super) fn audit_key(config: &FrontConfig) -> HttpAnswer {
    HttpAnswer::ok(&config.audit_key)
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
    HttpAnswer::ok(&Alive { status: Status::Ok })
}

pub(super) fn openapi(_: &FrontConfig) -> HttpAnswer {
    HttpAnswer::of("application/json", OPENAPI.to_owned())
}

pub(super) fn me(asked: &Asked) -> Handled {
    Ok(Command::Me { me: of(asked.caller) })
}

fn of(caller: &Caller) -> api::Caller {
    let grants = caller.grants.iter().map(|grant| api::Grant {
        permissions: grant.permissions.clone(),
        orders: grant.orders.iter().map(|range| range.text().to_owned()).collect(),
    });
    api::Caller {
        actor: caller.actor.as_str().into(),
        person: caller.person_shown().map(Into::into),
        person_reason: match &caller.person {
            Person::Nobody(why) => Some(why.reason()),
            Person::Named(_) => None,
        },
        grants: grants.collect(),
    }
}
