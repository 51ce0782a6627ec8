//! The configuration: every fault is named at once, and no value is ever quoted.

use autorevoke::edge::config::{self, Vars};
use serde_json::json;

pub fn good() -> Vec<(&'static str, String)> {
    let keys = json!([{ "id": "a", "sha256": "ab".repeat(32), "permissions": ["revoke"], "orders": ["*"] }]);
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "d": "A".repeat(43), "x": "A".repeat(43) });
    vec![
        ("CA_LOGIN_NAME", "canary-login".into()),
        ("CA_LOGIN_PASSWORD", "canary-password".into()),
        ("API_KEYS", keys.to_string()),
        ("AUDIT_SIGNING_KEY", jwk.to_string()),
    ]
}

pub fn vars(pairs: &[(&str, String)]) -> Vars {
    let mut vars = Vars::default();
    for (name, value) in pairs {
        vars.set(name, value.clone());
    }
    vars
}

fn faults_with(name: &'static str, value: &str) -> Vec<String> {
    let mut pairs = good();
    pairs.push((name, value.to_owned()));
    config::faults(&vars(&pairs))
}

#[test]
fn a_good_configuration_has_no_faults_and_the_contracts_defaults() {
    assert!(config::faults(&vars(&good())).is_empty());
    let ledger = config::ledger(&vars(&good())).unwrap();
    assert_eq!(
        (ledger.timeout_ms, ledger.max_connections, ledger.max_per_second),
        (30_000, 4, None)
    );
    assert_eq!(ledger.endpoint, autorevoke::protocol::ENDPOINT);
}

#[test]
fn everything_that_is_missing_is_named_at_once() {
    let faults = config::faults(&Vars::default());
    for name in [
        "CA_LOGIN_NAME",
        "CA_LOGIN_PASSWORD",
        "API_KEYS",
        "AUDIT_SIGNING_KEY",
    ] {
        assert_eq!(
            faults.iter().filter(|fault| fault.starts_with(name)).count(),
            1,
            "{name}: {faults:?}"
        );
    }
    assert!(!config::front(&Vars::default()).complete);
}

#[test]
fn each_fault_names_its_variable_and_quotes_no_value() {
    let canary = "canary-value";
    let cases = [
        ("CA_LOGIN_NAME", "canary-value".repeat(6)),
        ("CA_LOGIN_PASSWORD", "canary-value".repeat(11)),
        ("CA_LOGIN_PASSWORD", "canary-value\n".into()),
        ("CA_ENDPOINT", "http://canary-value.example/".into()),
        ("CA_ENDPOINT", "https://canary-value@example.com/".into()),
        ("CA_ENDPOINT", "https://example.com/?canary-value".into()),
        ("CA_ENDPOINT", "canary-value".into()),
        ("CA_ENDPOINT", "ftp://canary-value/".into()),
        ("CA_ENDPOINT", "http://localhost.canary-value/".into()),
        ("CA_ENDPOINT", "http://127.0.0.1.canary-value/".into()),
        ("CA_ACCOUNT_ID", "canary-value".into()),
        ("CA_TIMEOUT_MS", "0".into()),
        ("CA_MAX_CONNECTIONS", "7".into()),
        ("CA_MAX_CONNECTIONS", "0".into()),
        ("CA_MAX_PER_SECOND", "-1".into()),
        ("API_KEYS", "canary-value".into()),
        ("API_KEYS", "[]".into()),
        ("API_KEYS", "{\"canary-value\": 1}".into()),
        ("API_KEYS", "[\"canary-value\"]".into()),
        ("API_KEYS", "[{\"id\": \"canary-value_\"}]".into()),
        ("ALLOWED_ORIGINS", "https://canary-value.example/path".into()),
        ("ALLOWED_ORIGINS", "*".into()),
        ("ALLOWED_ORIGINS", "null".into()),
        ("ALLOWED_ORIGINS", "https://*.canary-value.example".into()),
        ("ALLOWED_ORIGINS", "https://a.example:443".into()),
        ("AUDIT_SIGNING_KEY", "{\"d\": \"canary-value\"}".into()),
        ("RATE_LIMIT_PER_MINUTE", "many".into()),
    ];
    for (name, value) in cases {
        let faults = faults_with(name, &value);
        assert!(!faults.is_empty(), "{name}={value}");
        assert!(
            faults
                .iter()
                .all(|fault| fault.starts_with(name) && !fault.contains(canary)),
            "{faults:?}"
        );
    }
}

#[test]
fn http_is_for_loopback_only() {
    for endpoint in [
        "http://127.0.0.1:8080/x",
        "http://localhost/x",
        "http://[::1]:80/x",
        "https://ca.example/x",
    ] {
        assert!(faults_with("CA_ENDPOINT", endpoint).is_empty(), "{endpoint}");
    }
}

#[test]
fn every_fault_of_an_api_key_is_named() {
    let entry = r#"[{"id":"","sha256":"xyz","permissions":["fly"],"orders":["5-4"],"person":"","expires":"soon","x":1}]"#;
    let faults = faults_with("API_KEYS", entry);
    assert_eq!(faults.len(), 7, "{faults:?}");
    assert!(faults.iter().all(|fault| fault.starts_with("API_KEYS entry 1: ")));
}

/// What an operator is told with these keys and these grants, and this claim for the person.
fn notices_with(keys: &str, grants: &str, person_claim: &str) -> Vec<String> {
    let mut pairs = good();
    pairs.push(("API_KEYS", keys.to_owned()));
    pairs.push(("JWT_ISSUER", "https://issuer.example".into()));
    pairs.push(("JWT_AUDIENCE", "canary-audience".into()));
    pairs.push(("JWT_JWKS_URL", "https://issuer.example/keys".into()));
    pairs.push(("GRANTS", grants.to_owned()));
    pairs.push(("JWT_PERSON_CLAIM", person_claim.to_owned()));
    assert_eq!(config::faults(&vars(&pairs)), Vec::<String>::new());
    config::notices(&vars(&pairs))
}

#[test]
fn people_who_are_none_are_told_at_start() {
    let key = |more: &str| {
        format!(
            r#"{{"id":"a","sha256":"{}","orders":["*"],{more}}}"#,
            "ab".repeat(32)
        )
    };
    let revoking = format!("[{}]", key(r#""permissions":["revoke"]"#));
    let approving = r#"[{"claim":"g","value":"canary-group","permissions":["approve"],"orders":["*"]}]"#;
    let not_approving = r#"[{"claim":"g","value":"canary-group","permissions":["revoke"],"orders":["*"]}]"#;
    assert_eq!(notices_with(&revoking, not_approving, ""), Vec::<String>::new());
    assert_eq!(notices_with(&revoking, approving, "email"), Vec::<String>::new());
    for (keys, grants, claim, told) in [
        (revoking.clone(), approving, "", "GRANTS "),
        (revoking.clone(), approving, "sub", "JWT_PERSON_CLAIM is sub"),
        (
            format!("[{}]", key(r#""permissions":["approve"]"#)),
            not_approving,
            "",
            "API_KEYS lets the key a approve",
        ),
        (
            format!(
                "[{},{}]",
                key(r#""permissions":["revoke"]"#),
                key(r#""permissions":["approve"],"person":"canary""#)
            ),
            not_approving,
            "",
            "API_KEYS has entries of the id a",
        ),
    ] {
        let notices = notices_with(&keys, grants, claim);
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert!(
            notices[0].starts_with(told) && !notices[0].contains("canary"),
            "{notices:?}"
        );
    }
}
