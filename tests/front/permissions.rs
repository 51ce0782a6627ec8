//! The table of docs/permissions.md is the one that the routes make. Whether the edge keeps to it is tried cell by cell in
//! tests/security/permission-matrix.test.mjs.

use std::{env, fs};

use autorevoke::edge::front::{Access, Operation, ROUTES, Route};
use autorevoke::edge::grant::Permission::{self, Revoke, Test};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/permissions.md");
const WRITE: &str = "WRITE_DOCUMENTS";

/// What is asked for by way of example, and the permissions of which it takes one; both as an addition to the route.
fn examples(route: &Route) -> Vec<(&'static str, &'static [Permission])> {
    let any_of = match route.access {
        Access::Order(any_of) | Access::Job(any_of) | Access::ReadJob(any_of) => any_of,
        _ => &[],
    };
    match route.operation {
        Operation::Revoke => vec![
            (r#" `{"orderNumber": "N"}`"#, &[Revoke]),
            (r#" `{"orderNumber": "N", "test": true}`"#, &[Revoke, Test]),
        ],
        Operation::Settle => vec![(" `{}`", any_of), (r#" `{"resend": true}`"#, any_of)],
        Operation::CreateJob => vec![(
            r#" `{"orders": [{"orderNumber": "N", "codeReason": 1}]}`"#,
            any_of,
        )],
        Operation::StartJob => vec![
            (r#" `{"planHash": "H", "total": 1}`"#, &[Revoke]),
            (r#" `{"planHash": "H", "total": 1}` of a drill"#, any_of),
        ],
        Operation::ApproveJob => vec![(r#" `{"planHash": "H"}`"#, any_of)],
        Operation::DeclineJob => vec![(r#" `{"planHash": "H", "comment": "C"}`"#, any_of)],
        _ if route.method() == "POST" => vec![(" `{}`", any_of)],
        _ => vec![("", any_of)],
    }
}

/// What a caller with the permission gets to hear about orders of others.
fn about_others(route: &Route) -> &'static str {
    match route.operation {
        // Their numbers are the caller's own words.
        Operation::Revoke | Operation::CreateJob => "403",
        Operation::Jobs | Operation::Orders => "hidden",
        _ => "404",
    }
}

/// The rows of one example: over which orders, and what each column has.
fn rows(route: &Route, any_of: &[Permission]) -> Vec<(&'static str, Vec<&'static str>)> {
    let row = |cell: &dyn Fn(Permission) -> &'static str, no_grant, no_caller| {
        let cells = Permission::ALL.into_iter().map(cell);
        cells.chain([no_grant, no_caller]).collect()
    };
    let yes_if = |yes: bool, no: &'static str| if yes { "yes" } else { no };
    match route.access {
        Access::Public => vec![("any", row(&|_| "yes", "yes", "yes"))],
        Access::Caller => vec![("any", row(&|_| "yes", "yes", "401"))],
        Access::AllOrders(permission) => vec![
            ("all", row(&|it| yes_if(it == permission, "403"), "403", "401")),
            ("some", row(&|_| "403", "403", "401")),
        ],
        Access::AnyOrders(of_route) => {
            vec![(
                "some",
                row(&|it| yes_if(of_route.contains(&it), "403"), "403", "401"),
            )]
        }
        Access::Order(of_route) | Access::Job(of_route) | Access::ReadJob(of_route) => {
            let otherwise = |it| {
                if of_route.contains(&it) {
                    about_others(route)
                } else {
                    "403"
                }
            };
            let mut rows = vec![
                (
                    "this",
                    row(&|it| yes_if(any_of.contains(&it), otherwise(it)), "403", "401"),
                ),
                ("others", row(&|it| otherwise(it), "403", "401")),
            ];
            if matches!(route.access, Access::ReadJob(_)) {
                let sees_all = |it| it == Permission::Audit || of_route.contains(&it);
                rows.push(("all", row(&|it| yes_if(sees_all(it), "403"), "403", "401")));
            }
            rows
        }
    }
}

/// The table as Markdown, its columns aligned as prettier has them.
fn table() -> String {
    let permissions = Permission::ALL.map(|permission| format!("`{}`", permission.name()));
    let mut head = vec!["operation".to_owned(), "order".to_owned()];
    head.extend(permissions);
    head.extend(["no grant".to_owned(), "no caller".to_owned()]);
    let mut lines = vec![head];
    for route in ROUTES {
        for (example, any_of) in examples(route) {
            let mut named = format!("`{} {}`{example}", route.method(), route.path);
            for (over, cells) in rows(route, any_of) {
                let mut line = vec![std::mem::take(&mut named), over.to_owned()];
                line.extend(cells.into_iter().map(str::to_owned));
                lines.push(line);
            }
        }
    }
    let widths: Vec<usize> = (0..lines[0].len())
        .map(|at| lines.iter().map(|line| line[at].len()).max().unwrap())
        .collect();
    lines.insert(1, widths.iter().map(|width| "-".repeat(*width)).collect());
    let line = |cells: Vec<String>| -> String {
        let cells = cells.iter().zip(&widths);
        let cells: Vec<String> = cells.map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    lines.into_iter().map(line).collect()
}

#[test]
fn the_documented_table_is_the_one_that_the_routes_make() {
    let document = fs::read_to_string(FILE).unwrap();
    let begin = document.find("| operation").unwrap();
    let end = begin + document[begin..].find("\n\n").unwrap() + 1;
    let table = table();
    if env::var_os(WRITE).is_some() {
        fs::write(FILE, [&document[..begin], &table, &document[end..]].concat()).unwrap();
    } else {
        assert!(
            document[begin..end] == table,
            "docs/permissions.md is out of date. Write it: {WRITE}=1 cargo test --features edge,full --test front permissions"
        );
    }
}
