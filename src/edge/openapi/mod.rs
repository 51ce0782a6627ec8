//! What the edge says of itself: the OpenAPI document of all its operations, which the tests hold every answer to.
//!
//! It is derived from the types of [`api`](crate::api), the table of routes, and [`Kind`](crate::problem::Kind); `npm run openapi`
//! writes it. No wasm carries what derives it (feature `openapi`).
//!
//! | module | what lives there |
//! |---|---|
//! | `operations` | what each operation is for, in words |
//! | `parameters` | what stands in paths, queries and headers of requests |
//! | `answers` | what an operation succeeds with |
//! | `problems` | what it ends in otherwise |
//! | `schemas` | the documents, as JSON Schema, with their examples |

mod answers;
mod operations;
mod parameters;
mod problems;
mod schemas;

use serde_json::{Map, Value, json};

use self::schemas::Schemas;
use crate::edge::front::{Access, MAX_BODY_BYTES, MAX_JOB_BYTES, ROUTES, Route};

/// The document, derived anew; the error names an example that is none.
pub fn document() -> Result<Value, String> {
    let schemas = Schemas::new()?;
    let mut paths = Map::new();
    let mut responses = Map::new();
    for route in ROUTES {
        let item = paths.entry(route.path).or_insert_with(|| path_item(route.path));
        let operation = operation(route, &schemas, &mut responses);
        set(item, &route.method().to_lowercase(), operation);
    }
    Ok(json!({
        "openapi": "3.1.1",
        "info": {
            "title": "autorevoke edge",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Revokes TLS certificates at the CA, and reports only what really happened.",
            "description": about(),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" }
        },
        "servers": [{ "url": "/", "description": "The edge that serves this document" }],
        "security": [{ "bearer": [] }, { "cloudflareAccess": [] }],
        "tags": operations::TAGS.map(|(name, description)| json!({ "name": name, "description": description })),
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "API key or JWT",
                    "description": "An API key, `ark_ID_SECRET`, or a JWT (RS256 or ES256) of the issuer that the edge is \
                                    configured for."
                },
                "cloudflareAccess": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Cf-Access-Jwt-Assertion",
                    "description": "The JWT that Cloudflare Access adds. Not together with `Authorization`: that is a \
                                    malformed request."
                }
            },
            "parameters": parameters::components(),
            "headers": answers::headers(),
            "responses": responses,
            "schemas": schemas.components,
        }
    }))
}

fn operation(route: &Route, schemas: &Schemas, responses: &mut Map<String, Value>) -> Value {
    let words = operations::words(route.operation);
    let mut operation = json!({
        "operationId": words.id,
        "tags": [words.tag],
        "summary": words.summary,
        "description": words.description,
    });
    match route.access {
        Access::Public => set(&mut operation, "security", json!([])),
        Access::Caller => set(&mut operation, "x-permissions", json!([])),
        Access::Order(any_of) | Access::Job(any_of) | Access::ReadJob(any_of) | Access::AnyOrders(any_of) => {
            set(&mut operation, "x-permissions", json!(any_of));
        }
        Access::AllOrders(permission) => {
            set(&mut operation, "x-permissions", json!([permission]));
            set(&mut operation, "x-orders", json!("*"));
        }
    }
    let parameters = parameters::of(route);
    if !parameters.is_empty() {
        set(&mut operation, "parameters", references("parameters", parameters));
    }
    if let Some(schema) = words.body {
        let content = route.body_types.iter().map(|media_type| {
            let content = match *media_type {
                "text/csv" => parameters::csv_plan(),
                "application/x-pem-file" => parameters::pem_plan(),
                _ => schemas.content(schema),
            };
            ((*media_type).to_owned(), content)
        });
        let content: Map<String, Value> = content.collect();
        set(
            &mut operation,
            "requestBody",
            json!({ "required": true, "content": content }),
        );
    }
    let mut of_status = Map::new();
    for (status, name, response) in answers::of(route, schemas)
        .into_iter()
        .chain(problems::of(route, schemas))
    {
        of_status.insert(status.to_string(), reference("responses", &name));
        responses.insert(name, response);
    }
    set(&mut operation, "responses", Value::Object(of_status));
    operation
}

fn path_item(path: &str) -> Value {
    let in_path: Vec<&str> = parameters::in_path(path).into_iter().collect();
    if in_path.is_empty() {
        json!({})
    } else {
        json!({ "parameters": references("parameters", in_path) })
    }
}

fn references<'a>(kind: &str, names: impl IntoIterator<Item = &'a str>) -> Value {
    names.into_iter().map(|name| reference(kind, name)).collect()
}

pub(super) fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

pub(super) fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

fn about() -> String {
    format!(
        "The edge holds the credentials of a CA account, so that nobody else has to. It checks who calls and what they may do, \
         writes the intent to its ledger, calls the CA, writes the outcome, and answers.\n\n\
         **What is reported is what happened.** Not knowing is an outcome of its own: a problem whose `mayHaveRevoked` is true \
         says that the order may or may not have been revoked. Assume neither; `GET /v1/orders/{{orderNumber}}` says what is \
         known, and the edge goes on settling it.\n\n\
         **Problems.** Whatever is not a success is an `application/problem+json` document (RFC 9457). Decide by its `type` and \
         by `mayHaveRevoked`; `title` and `detail` are for people.\n\n\
         **Callers** prove who they are by an API key or a JWT. What they may do is a set of grants, each of permissions and \
         orders; one grant alone must cover an operation. `x-permissions` names the permissions of which one is needed, for the \
         order in question, or with `x-orders` `*` for all orders; for a job, for all of its orders. `audit` over all orders reads \
         all jobs.\n\n\
         **Order numbers** may be larger than a JavaScript number can carry. In answers they are strings of digits, always.\n\n\
         **JSON that is sent** is UTF-8 without a byte order mark, at most {MAX_BODY_BYTES} bytes (the plan of a job: \
         {MAX_JOB_BYTES}) and 8 levels deep, without a member that stands twice and without `__proto__`. Integers are written \
         without a fraction or an exponent.\n\n\
         **Anything else.** A path that is not listed here is answered with 404 `not-found`; another method with 405 \
         `unsupported-request` and `Allow`.\n\n\
         **Pages of other sites** may call if the edge's configuration allows their exact origin. Preflights (`OPTIONS`) are \
         answered for those; `Location`, `Retry-After`, `RateLimit` and `RateLimit-Policy` can be read by them. A `POST` from \
         any other origin is refused with 403, whoever calls."
    )
}
