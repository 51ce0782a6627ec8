//! The package's declarations (`pkg/index.d.ts`, `pkg/types/`) have the kinds, the members and the outcomes that calls end with here.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;
use wasm_bindgen::JsValue;

use crate::client::failure::{Cause, Facts};
use crate::client::revocation::Revocation;
use crate::problem::Kind;
use crate::protocol::{CodeReason, NameKind};
use crate::verdict::Outcome;

/// Read when the tests run: the crate itself is published without `pkg/`.
static DECLARATIONS: LazyLock<String> = LazyLock::new(|| {
    let package = concat!(env!("CARGO_MANIFEST_DIR"), "/pkg/");
    [
        "index",
        "types/orders",
        "types/failures",
        "types/audit",
        "types/jobs",
    ]
    .map(|name| std::fs::read_to_string(format!("{package}{name}.d.ts")).expect(name))
    .concat()
});

/// The texts between two others, wherever they stand.
fn between<'a>(text: &'a str, before: &str, after: &str) -> BTreeSet<&'a str> {
    text.split(before)
        .skip(1)
        .filter_map(|rest| rest.split_once(after))
        .map(|(found, _)| found)
        .collect()
}

/// The names of the members of an interface.
fn members(interface: &str) -> BTreeSet<&'static str> {
    let (_, rest) = DECLARATIONS
        .split_once(&format!("interface {interface} {{\n"))
        .expect(interface);
    let (body, _) = rest.split_once("\n}\n").expect(interface);
    body.lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_once(':'))
        .map(|(name, _)| name.trim_end_matches('?'))
        .filter(|name| name.bytes().all(|b| b.is_ascii_alphanumeric()))
        .collect()
}

/// One of these names the certificate.
const NAMES: [&str; 3] = ["orderNumber", "serialNumber", "certificateID"];

fn written(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn all_kinds_of_failure_are_declared_and_no_others() {
    let kinds: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(between(&DECLARATIONS, "\n  kind: \"", "\";\n"), kinds);
    for kind in Kind::ALL {
        let (_, rest) = DECLARATIONS
            .split_once(&format!("kind: \"{}\";\n", kind.name()))
            .expect("its interface");
        let (members, _) = rest.split_once("}\n").expect("its end");
        // Those that the CA's own answers have as well come with whatever status that had.
        for status in between(members, "  status: ", ";\n") {
            let declared: Vec<u16> = status.split(" | ").filter_map(|it| it.parse().ok()).collect();
            let mut statuses = kind.statuses().to_vec();
            statuses.sort_unstable();
            assert!(
                status == "number" || declared == statuses,
                "{}: {status}",
                kind.name()
            );
        }
    }
}

#[test]
fn all_members_of_a_failure_are_declared() {
    let facts = Facts {
        kind: Kind::CaRefused,
        message: String::new(),
        may_have_revoked: false,
        name: Some((NameKind::OrderNumber, String::new())),
        error_code: Some(-1),
        error_message: Some(String::new()),
        status: Some(200),
        retry_after: Some(1),
        fields: vec![(String::new(), String::new())],
        cause: Some(Cause {
            name: Some(String::new()),
            message: String::new(),
        }),
        problem: JsValue::UNDEFINED,
    };
    let value = serde_json::to_value(&facts).expect("JSON");
    let mut names = written(&value);
    // As `pkg/` puts them together, and as the document is set beside them.
    assert!(names.remove("causeName") && names.remove("causeMessage") && names.remove("kind"));
    names.extend(["cause", "problem"]);
    names.extend(NAMES);
    assert_eq!(members("Failure"), names);
}

#[test]
fn all_outcomes_and_members_of_a_revocation_are_declared() {
    let names: BTreeSet<_> = Outcome::ALL.into_iter().map(Outcome::name).collect();
    assert_eq!(between(&DECLARATIONS, "\n      outcome: \"", "\";\n"), names);
    let revocation = Revocation {
        name_kind: NameKind::OrderNumber,
        name: String::new(),
        outcome: Outcome::AlreadyRevoked,
        error_code: -21,
        error_message: Some(String::new()),
        test: false,
        audit_seq: Some(1),
    };
    let value = serde_json::to_value(&revocation).expect("JSON");
    let declared: BTreeSet<_> = between(&DECLARATIONS, "| (Done & {\n", "    })")
        .into_iter()
        .flat_map(str::lines)
        .filter_map(|line| line.strip_prefix("      ")?.split_once(": "))
        .map(|(name, _)| name.trim_end_matches('?'))
        .filter(|name| !name.contains(' '))
        .chain(["auditSeq"])
        .chain(NAMES)
        .collect();
    let mut names = written(&value);
    names.extend(NAMES);
    assert_eq!(declared, names);
    assert!(DECLARATIONS.contains("type Done = CertificateName & {\n"));
}

#[test]
fn all_reasons_are_declared() {
    for reason in CodeReason::ALL {
        assert!(
            DECLARATIONS.contains(&format!("\n  | \"{}\"", reason.name())),
            "{}",
            reason.name()
        );
        assert!(
            DECLARATIONS.contains(&format!("\n  | {}\n", reason.number())),
            "{}",
            reason.number()
        );
    }
}
