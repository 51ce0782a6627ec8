//! What stands in the paths, queries and headers of requests, and a plan as CSV.

use serde_json::{Map, Value, json};

use super::reference;
use crate::api::order::OrderState;
use crate::edge::front::{Operation, Route};

/// The component of the placeholder in a path.
pub(super) fn in_path(path: &str) -> Option<&'static str> {
    if path.contains("{orderNumber}") {
        Some("Name")
    } else if path.contains("{id}") {
        Some("JobId")
    } else {
        None
    }
}

/// The components of all others that an operation takes.
pub(super) fn of(route: &Route) -> Vec<&'static str> {
    let in_query = route
        .parameters
        .iter()
        .map(|name| match (route.operation, *name) {
            (_, "name") => "JobName",
            (_, "deadline") => "JobDeadline",
            (_, "codeReason") => "DefaultReason",
            (_, "revocationReason") => "DefaultComment",
            (Operation::Orders, "state") => "OrderStateIs",
            (Operation::Orders, "after") => "AfterOrder",
            (Operation::Orders, "limit") => "OrderLimit",
            (_, "columns") => "JobColumns",
            (_, "test") => "JobTest",
            (_, "state") => "JobStateIs",
            (_, "outcome") => "RowOutcome",
            (Operation::Jobs, "after") => "AfterJob",
            (Operation::Jobs, "limit") => "JobLimit",
            (Operation::JobOrders, "after") => "AfterRow",
            (Operation::JobOrders, "limit") => "RowLimit",
            (_, "after") => "After",
            (_, "limit") => "Limit",
            (_, "order") => "AboutOrder",
            (_, "actor") => "OfActor",
            (_, "action") => "WithAction",
            (_, "job") => "AboutJob",
            // A reference that leads nowhere: the tests find it.
            (_, other) => other,
        });
    let in_header = match route.operation {
        Operation::Revoke => Some("IdempotencyKey"),
        Operation::CreateJob => Some("PlanKey"),
        Operation::JobEvents => Some("LastEventId"),
        _ => None,
    };
    in_query.chain(in_header).collect()
}

/// All of them.
pub(super) fn components() -> Value {
    let schema = |name| reference("schemas", name);
    let key = json!({ "type": "string", "pattern": "^[!-~]{1,255}$" });
    let after =
        json!({ "type": "integer", "minimum": 0, "maximum": crate::protocol::MAX_JS_INTEGER, "default": 0 });
    let text = json!({ "type": "string" });
    let limit =
        |usual: u64, most: u64| json!({ "type": "integer", "minimum": 1, "maximum": most, "default": usual });
    let all = [
        (
            "Name",
            "path",
            "orderNumber",
            schema("NameText"),
            json!("123456"),
            "What names the certificate: the order's number, `serial:` and its serial number, or `certificate:` and the CA's number \
             of it. Any other text is answered with 404: there is no such order.",
        ),
        (
            "JobId",
            "path",
            "id",
            schema("JobId"),
            json!("job_6f1c0a94be27d3580e4b9a71"),
            "The job's id. Any other text is answered with 404: there is no such job.",
        ),
        (
            "IdempotencyKey",
            "header",
            "Idempotency-Key",
            key.clone(),
            json!("4f6d1a3c-revoke-123456"),
            "A name for this very call, 1 to 255 visible ASCII characters, the caller's own choice. A call that is repeated with the \
             same key and order is answered as the first time, if the CA had answered; with another order it is a 422 \
             `idempotency-mismatch`.",
        ),
        (
            "PlanKey",
            "header",
            "Idempotency-Key",
            key,
            json!("4f6d1a3c-incident-2026-11-23"),
            "A name for this very plan, 1 to 255 visible ASCII characters, the caller's own choice. A plan that is sent again with \
             the same key makes no second job: the answer is the first one, as it is by then. Another plan with the same key is a \
             422 `idempotency-mismatch`.",
        ),
        (
            "LastEventId",
            "header",
            "Last-Event-ID",
            json!({ "type": "string" }),
            json!("17"),
            "The `id` of the last event that was seen, as browsers send it by themselves. Anything else counts as none.",
        ),
        (
            "JobName",
            "query",
            "name",
            schema("JobName"),
            json!("Keys in a public repository"),
            "What to call the job, if the orders are sent as a list; in JSON it is a member.",
        ),
        (
            "JobDeadline",
            "query",
            "deadline",
            schema("Deadline"),
            json!("2026-11-24T00:00:00.000Z"),
            "When it must be done, if the orders are sent as a list; in JSON it is a member.",
        ),
        (
            "JobTest",
            "query",
            "test",
            json!({ "type": "boolean" }),
            json!(true),
            "Whether the rows that do not say otherwise are tests, if the orders are sent as a list: then it is a drill. In JSON it is a \
             member of `defaults`.",
        ),
        (
            "JobColumns",
            "query",
            "columns",
            json!({ "type": "string" }),
            json!("Common Name=label,Order Number=orderNumber"),
            "What the columns of a CSV mean, `COLUMN=NAME,...`: those that it names so, those that are known without, and no \
             others; `COLUMN=` leaves one out. A line of CSV itself: a name with a comma in it is written in quotes.",
        ),
        (
            "DefaultReason",
            "query",
            "codeReason",
            schema("CodeReason"),
            json!("keyCompromise"),
            "The reason of the rows that have none of their own, if the orders are sent as CSV; in JSON it is a member of \
             `defaults`.",
        ),
        (
            "DefaultComment",
            "query",
            "revocationReason",
            text.clone(),
            json!("Key found in a public repository"),
            "The comment of the rows that have none of their own, at most 1,024 characters, if the orders are sent as CSV; in JSON it \
             is a member of `defaults`.",
        ),
        (
            "RowOutcome",
            "query",
            "outcome",
            json!({ "type": "array", "items": schema("RowOutcome"), "minItems": 1 }),
            json!(["unknown", "refused"]),
            "Only rows with one of these outcomes, separated by commas.",
        ),
        (
            "JobStateIs",
            "query",
            "state",
            schema("JobState"),
            json!("running"),
            "Only jobs in this state.",
        ),
        (
            "OrderStateIs",
            "query",
            "state",
            json!({ "enum": OrderState::OF_ORDERS }),
            json!("unknown"),
            "Only orders in this state.",
        ),
        (
            "AfterOrder",
            "query",
            "after",
            after.clone(),
            json!(0),
            "The `next` of the page before; 0 for the first page.",
        ),
        (
            "OrderLimit",
            "query",
            "limit",
            limit(100, 1_000),
            json!(100),
            "At most so many orders.",
        ),
        (
            "AboutOrder",
            "query",
            "order",
            text.clone(),
            json!("123456"),
            "Only entries about this order: its number, `serial:` and a serial number, or `certificate:` and the CA's number of it.",
        ),
        (
            "OfActor",
            "query",
            "actor",
            text.clone(),
            json!("key:operator"),
            "Only entries of this actor.",
        ),
        (
            "WithAction",
            "query",
            "action",
            text.clone(),
            json!("revoke"),
            "Only entries with this action.",
        ),
        (
            "AboutJob",
            "query",
            "job",
            text,
            json!("job_6f1c0a94be27d3580e4b9a71"),
            "Only entries about this job.",
        ),
        (
            "AfterJob",
            "query",
            "after",
            after.clone(),
            json!(0),
            "The `next` of the page before; 0 for the first page.",
        ),
        (
            "JobLimit",
            "query",
            "limit",
            limit(100, 1_000),
            json!(100),
            "At most so many jobs.",
        ),
        (
            "AfterRow",
            "query",
            "after",
            after.clone(),
            json!(0),
            "Rows with a larger number only; not for CSV, which has all of them.",
        ),
        (
            "RowLimit",
            "query",
            "limit",
            limit(1_000, 10_000),
            json!(100),
            "At most so many rows; not for CSV, which has all of them. Long ones make a page end sooner: `next` is there as long as \
             more follow.",
        ),
        (
            "After",
            "query",
            "after",
            after,
            json!(0),
            "Entries with a larger `seq` only.",
        ),
        (
            "Limit",
            "query",
            "limit",
            limit(1_000, 10_000),
            json!(100),
            "At most so many entries. Long ones make a page end sooner: ask again for those after its last one, until none comes.",
        ),
    ];
    let all = all.map(|(component, place, name, schema, example, description)| {
        let mut parameter = json!({
            "name": name, "in": place, "description": description, "schema": schema, "example": example,
        });
        if place == "path" {
            super::set(&mut parameter, "required", json!(true));
        }
        if name == "outcome" {
            super::set(&mut parameter, "explode", json!(false));
        }
        (component.to_owned(), parameter)
    });
    Value::Object(Map::from_iter(all))
}

/// A plan as CSV, or as serial numbers.
pub(super) fn csv_plan() -> Value {
    json!({
        "schema": {
            "description": "A list of any kind, known by its bytes. A CSV, in UTF-8 or UTF-16 with a byte order mark, its fields \
                            separated by comma, semicolon or tab: the header names the columns, in any order and case: \
                            `orderNumber`, `serialNumber` or `certificateID`, and where they are needed `codeReason`, \
                            `revocationReason`, `productCode`, `product`, `test`, `label`. An empty cell says nothing. The edge's own CSV is taken as it is. Name, deadline, and \
                            the reason of rows without one are in the query.",
            "type": "string"
        },
        "examples": {
            "twoOrders": {
                "summary": "Two orders",
                "value": "orderNumber,codeReason,revocationReason\n123456,keyCompromise,\"Found in public, key and all\"\n123457,4,\n"
            }
        }
    })
}

/// A plan as certificates.
pub(super) fn pem_plan() -> Value {
    json!({
        "schema": {
            "description": "Certificates in PEM (RFC 7468), with any text between them. Those of CAs, which stand in chains, are \
                            left out.",
            "type": "string",
            "pattern": "-----BEGIN "
        }
    })
}
