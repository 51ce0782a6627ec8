//! What an operation ends in when it does not succeed: the kinds of problems follow from its route.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answers::{links, response};
use super::schemas::Schemas;
use super::{reference, set};
use crate::edge::front::{Access, MAX_BODY_BYTES, MAX_JOB_BYTES, Operation, Route};
use crate::problem::{Kind, MEDIA_TYPE};

/// The kinds that an operation can end in.
fn kinds(route: &Route) -> Vec<Kind> {
    let changes = !route.body_types.is_empty();
    let of_route = [
        (Kind::MalformedRequest, true),
        (Kind::Unauthenticated, route.access != Access::Public),
        (
            Kind::Forbidden,
            !matches!(route.access, Access::Public | Access::Caller),
        ),
        (Kind::NotFound, route.path.contains('{')),
        (Kind::UnsupportedRequest, true),
        (Kind::InvalidOrder, changes),
        (Kind::Internal, true),
        (Kind::UnknownOutcome, changes),
        (Kind::NotConfigured, true),
    ];
    let own: &[Kind] = match route.operation {
        Operation::Revoke => &[
            Kind::InProgress,
            Kind::IdempotencyMismatch,
            Kind::RateLimited,
            Kind::CaRefused,
            Kind::CaLoginRefused,
            Kind::CaBusy,
        ],
        Operation::Settle => &[
            Kind::InProgress,
            Kind::RateLimited,
            Kind::CaLoginRefused,
            Kind::CaBusy,
        ],
        Operation::CreateJob => &[Kind::IdempotencyMismatch, Kind::RateLimited],
        Operation::StartJob | Operation::ApproveJob | Operation::DeclineJob => {
            &[Kind::PlanMismatch, Kind::IllegalState]
        }
        Operation::PauseJob | Operation::ResumeJob | Operation::CancelJob => &[Kind::IllegalState],
        _ => &[],
    };
    let of_route = of_route.into_iter().filter(|(_, can)| *can).map(|(kind, _)| kind);
    of_route.chain(own.iter().copied()).collect()
}

/// The problems that an operation can end in: status, name, and the response itself.
pub(super) fn of(route: &Route, schemas: &Schemas) -> Vec<(u16, String, Value)> {
    let mut by_status: BTreeMap<u16, Vec<Kind>> = BTreeMap::new();
    let kinds = kinds(route);
    // In their own order, so that equal sets have equal names.
    for kind in Kind::ALL.iter().filter(|kind| kinds.contains(kind)) {
        for status in kind.statuses() {
            // A body can be too large, or of the wrong type, where there is one.
            if !matches!(status, 413 | 415) || !route.body_types.is_empty() {
                by_status.entry(*status).or_default().push(*kind);
            }
        }
    }
    let responses = by_status.into_iter().map(|(status, kinds)| {
        let name = name(status, &kinds);
        (status, name, problem(status, &kinds, schemas))
    });
    responses.collect()
}

fn name(status: u16, kinds: &[Kind]) -> String {
    match (status, kinds) {
        (405, _) => "MethodNotAllowed".to_owned(),
        (406, _) => "NotAcceptable".to_owned(),
        (413, _) => "TooLarge".to_owned(),
        (415, _) => "WrongMediaType".to_owned(),
        (_, [Kind::Internal]) => "InternalError".to_owned(),
        _ => {
            let names: Vec<String> = kinds.iter().map(|kind| format!("{kind:?}")).collect();
            names.join("Or")
        }
    }
}

fn problem(status: u16, kinds: &[Kind], schemas: &Schemas) -> Value {
    let meanings: Vec<String> = kinds
        .iter()
        .map(|kind| format!("`{}`: {}", kind.name(), meaning(*kind, status)))
        .collect();
    let mut response = response(&meanings.join(" "), &headers(status, kinds));
    let types = match kinds {
        [kind] => json!({ "const": kind }),
        several => json!({ "enum": several }),
    };
    let mut schema = reference("schemas", "Problem");
    set(&mut schema, "properties", json!({ "type": types }));
    let mut content = json!({ "schema": schema });
    let examples = schemas.examples("Problem", |problem| {
        problem["status"] == status && kinds.iter().any(|kind| json!(kind) == problem["type"])
    });
    if !examples.is_empty() {
        set(&mut content, "examples", Value::Object(examples));
    }
    set(&mut response, "content", json!({ MEDIA_TYPE: content }));
    if kinds.contains(&Kind::CaLoginRefused) && kinds.contains(&Kind::UnknownOutcome) {
        set(&mut response, "links", links(&["order", "settle"]));
    }
    response
}

/// Headers that a response of these kinds can have besides those of every answer.
fn headers(status: u16, kinds: &[Kind]) -> Vec<&'static str> {
    let has = |any_of: &[Kind]| kinds.iter().any(|kind| any_of.contains(kind));
    let mut headers = Vec::new();
    if has(&[Kind::Unauthenticated]) {
        headers.push("WWW-Authenticate");
    }
    if status == 405 {
        headers.push("Allow");
    }
    if has(&[Kind::RateLimited, Kind::CaBusy, Kind::CaLoginRefused]) {
        headers.push("Retry-After");
    }
    // What a call to the CA can end in.
    if has(&[
        Kind::InProgress,
        Kind::CaRefused,
        Kind::RateLimited,
        Kind::Internal,
        Kind::CaLoginRefused,
        Kind::CaBusy,
    ]) {
        headers.extend(["RateLimit-Policy", "RateLimit"]);
    }
    headers
}

/// What a problem means for the one who asked.
fn meaning(kind: Kind, status: u16) -> String {
    let meaning = match (kind, status) {
        (Kind::InvalidOrder, _) => {
            "`fields` names every member that is wrong, unknown or missing; in a plan `rows` has the number of every row that is \
             wrong. Nothing was sent, and nothing was kept."
        }
        (Kind::MalformedRequest, _) => {
            "not JSON, not an object, a member or a header that stands twice, a `Host` that is more than a host, an unknown query \
             parameter, two identities, a body that broke off. Nothing was sent."
        }
        (Kind::Unauthenticated, _) => "no API key or JWT, or one that is not valid here or no longer.",
        (Kind::Forbidden, _) => {
            "no grant of the caller covers this, or the request comes from a page of an origin that may not call. Of a plan \
             `orders` names the orders that are not covered. Nothing was sent, and nothing was kept."
        }
        (Kind::InProgress, _) => {
            "another call is working on this order, or, with `mayHaveRevoked` true, this very call by its `Idempotency-Key`. Repeat \
             it later."
        }
        (Kind::IdempotencyMismatch, _) => {
            "the key belongs to another order or plan. Nothing was sent, and nothing was kept."
        }
        (Kind::NotFound, _) => "no such path, order or job, or one that is not the caller's.",
        (Kind::UnsupportedRequest, 405) => "this path takes another method, which `Allow` names.",
        (Kind::UnsupportedRequest, 406) => {
            "`Accept` does not take the media type of the answer. Nothing was sent."
        }
        (Kind::UnsupportedRequest, 413) => {
            return format!(
                "the body has more than {MAX_BODY_BYTES} bytes, or the plan of a job more than {MAX_JOB_BYTES}. Nothing was sent, \
                 and nothing was kept."
            );
        }
        (Kind::UnsupportedRequest, _) => {
            "the body must be sent as `Content-Type: application/json`, even `{}`, or a plan as `text/csv` or \
             `application/x-pem-file`, and without a `Content-Encoding`. Nothing was sent, and nothing was kept."
        }
        (Kind::PlanMismatch, _) => "hash or total is not that of the plan. Nothing was changed.",
        (Kind::IllegalState, _) => "the job's state does not allow it. Nothing was changed.",
        (Kind::Internal, _) => "the edge failed before anything was sent.",
        (Kind::RateLimited, _) => {
            "the caller's own limit of calls, or of plans that nobody has started. Nothing was sent, and nothing was kept."
        }
        (Kind::CaRefused, _) => "the CA said no; `errorCode` says why.",
        (Kind::CaLoginRefused, 503) => "the breaker is open, and nothing was sent.",
        (Kind::CaLoginRefused, _) => "the CA refused the edge's login, and the breaker opens.",
        (Kind::CaBusy, _) => {
            "the CA is busy, or no connection to it came free in time; try again after `retryAfter` seconds. This call revoked \
             nothing."
        }
        (Kind::UnknownOutcome, _) => {
            "it is not known what the CA did, see `mayHaveRevoked`; or the edge failed while it did this, so it is not known \
             whether it was done. Look at the order or the job."
        }
        (Kind::NotSent | Kind::Aborted, _) => "nothing was sent.",
        (Kind::NotConfigured, _) => {
            "the edge lacks a credential, or any way to authenticate callers. Its log names what is missing."
        }
    };
    meaning.to_owned()
}
