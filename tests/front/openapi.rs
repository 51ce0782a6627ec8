//! The OpenAPI document has exactly the operations, rights and problems that the code has.

use std::collections::{BTreeMap, BTreeSet};

use autorevoke::edge::front::{Access, MAX_BODY_BYTES, MAX_JOB_BYTES, ROUTES, Route};
use autorevoke::edge::openapi::DOCUMENT;
use autorevoke::problem::{Kind, TYPE_PREFIX};
use autorevoke::protocol::{CodeReason, MAX_JS_INTEGER, MAX_PRODUCT_CODE_CHARS, MAX_REVOCATION_REASON_CHARS};
use serde_json::{Value, json};

fn document() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

/// What a reference leads to; anything else as it is.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{reference}")),
        None => value,
    }
}

/// The operation's part of the document.
fn described<'a>(document: &'a Value, route: &Route) -> &'a Value {
    &document["paths"][route.path][route.method().to_lowercase()]
}

/// The response of an operation that has succeeded: there is one with a body, and a 204 where there may be none.
fn success(described: &Value) -> &Value {
    let mut bodies = described["responses"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(status, _)| ["200", "201", "202"].contains(&status.as_str()));
    let (_, response) = bodies.next().unwrap();
    assert!(bodies.next().is_none(), "{described}");
    response
}

/// The kinds that a schema of problems lets through.
fn kinds(schema: &Value) -> Vec<Kind> {
    let types = &schema["properties"]["type"];
    let one = types.get("const").map(std::slice::from_ref);
    one.or(types["enum"].as_array().map(Vec::as_slice))
        .unwrap_or_else(|| panic!("no types in {schema}"))
        .iter()
        .map(|urn| {
            let name = urn.as_str().unwrap().strip_prefix(TYPE_PREFIX).unwrap();
            Kind::from_name(name).unwrap_or_else(|| panic!("{name}"))
        })
        .collect()
}

/// The kinds of problems by status that an operation is said to end in.
fn problems(document: &Value, route: &Route) -> BTreeMap<u16, Vec<Kind>> {
    let responses = described(document, route)["responses"].as_object().unwrap();
    responses
        .iter()
        .map(|(status, response)| (status.parse::<u16>().unwrap(), resolved(document, response)))
        .filter(|(status, _)| *status >= 400)
        .map(|(status, response)| {
            let media_types: Vec<_> = response["content"].as_object().unwrap().keys().collect();
            assert_eq!(media_types, ["application/problem+json"], "{status}");
            (
                status,
                kinds(&response["content"]["application/problem+json"]["schema"]),
            )
        })
        .collect()
}

#[test]
fn it_has_every_operation_and_no_other() {
    let document = document();
    let mut listed = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let methods = item
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| *key != "parameters");
        listed.extend(methods.map(|method| (path.clone(), method.to_uppercase())));
    }
    let there: BTreeSet<(String, String)> = ROUTES
        .iter()
        .map(|route| (route.path.to_owned(), route.method().to_owned()))
        .collect();
    assert_eq!(listed, there);
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn it_tells_who_may_do_what() {
    let document = document();
    for route in ROUTES {
        let described = described(&document, route);
        let (security, permissions, orders) = match route.access {
            Access::Public => (json!([]), Value::Null, Value::Null),
            Access::Caller => (Value::Null, json!([]), Value::Null),
            Access::Order(any_of) | Access::Job(any_of) => {
                let names: Vec<&str> = any_of.iter().map(|permission| permission.name()).collect();
                (Value::Null, json!(names), Value::Null)
            }
            Access::AllOrders(permission) => (Value::Null, json!([permission.name()]), json!("*")),
        };
        let told = ["security", "x-permissions", "x-orders"].map(|name| described[name].clone());
        assert_eq!(told, [security, permissions, orders], "{}", route.path);
        let statuses = problems(&document, route);
        let public = route.access == Access::Public;
        assert_eq!(statuses.contains_key(&401), !public, "{}", route.path);
    }
    assert_eq!(
        document["security"],
        json!([{ "bearer": [] }, { "cloudflareAccess": [] }])
    );
}

#[test]
fn it_has_the_media_types_and_parameters_of_each_operation() {
    let document = document();
    for route in ROUTES {
        let described = described(&document, route);
        let answer = resolved(&document, success(described));
        let media_types: BTreeSet<&str> = answer["content"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(media_types, route.answer_types.iter().copied().collect());

        let parameters = described["parameters"].as_array().cloned().unwrap_or_default();
        let in_query: Vec<String> = parameters
            .iter()
            .map(|parameter| resolved(&document, parameter))
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(in_query, route.parameters, "{}", route.path);
        assert_eq!(described["requestBody"].is_object(), route.method() == "POST");
        if let Some(content) = described["requestBody"]["content"].as_object() {
            let body_types: BTreeSet<&str> = content.keys().map(String::as_str).collect();
            assert_eq!(body_types, route.body_types.iter().copied().collect());
        }
    }
}

#[test]
fn its_problems_are_those_of_the_code_with_their_statuses() {
    let document = document();
    let at_the_edge: BTreeSet<&str> = Kind::ALL
        .iter()
        .filter(|kind| !kind.statuses().is_empty())
        .map(|kind| kind.name())
        .collect();
    let all = kinds(&document["components"]["schemas"]["Problem"]);
    assert_eq!(
        all.iter().map(|kind| kind.name()).collect::<BTreeSet<_>>(),
        at_the_edge
    );

    let mut used = BTreeSet::new();
    for route in ROUTES {
        for (status, kinds) in problems(&document, route) {
            for kind in kinds {
                assert!(kind.statuses().contains(&status), "{}: {status}", kind.name());
                used.insert(kind.name());
            }
        }
    }
    let unused: Vec<&&str> = at_the_edge.difference(&used).collect();
    // The edge never knows for certain that a call did not leave.
    assert_eq!(unused, [&"not-sent"]);
}

#[test]
fn its_limits_are_those_of_the_code() {
    let document = document();
    let order = &document["components"]["schemas"]["Order"]["properties"];
    assert_eq!(
        order["revocationReason"]["maxLength"],
        MAX_REVOCATION_REASON_CHARS
    );
    assert_eq!(order["productCode"]["maxLength"], MAX_PRODUCT_CODE_CHARS);
    assert_eq!(order["product"]["maximum"], MAX_JS_INTEGER);
    assert_eq!(order["orderNumber"]["anyOf"][1]["maximum"], MAX_JS_INTEGER);

    let numbers = CodeReason::ALL.map(|reason| Value::from(reason.number()));
    let names = CodeReason::ALL.map(|reason| Value::from(reason.name()));
    assert_eq!(
        document["components"]["schemas"]["CodeReason"]["enum"],
        Value::from([numbers, names].concat())
    );
    let description = document["info"]["description"].as_str().unwrap();
    assert!(description.contains(&format!("{MAX_BODY_BYTES} bytes")));
    assert!(description.contains(&MAX_JOB_BYTES.to_string()));
}
