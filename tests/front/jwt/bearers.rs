//! Who the bearer of a token is, as actor and as person, and what they may do.

use autorevoke::edge::grant::Permission;
use serde_json::{Value, json};

use super::{ISSUER, bearer, claims_with};

/// Actor (without the issuer), person and whether it is one.
fn told(others: &Value, person_claim: &str) -> Option<(String, String, bool)> {
    let caller = bearer(&claims_with(others), person_claim).ok()?;
    let actor = caller
        .actor
        .strip_prefix(&format!("jwt:{ISSUER}#"))
        .unwrap()
        .to_owned();
    let person = caller.person_name().to_owned();
    Some((actor, person, caller.is_person()))
}

fn some(actor: &str, person: &str, is_person: bool) -> Option<(String, String, bool)> {
    Some((actor.into(), person.into(), is_person))
}

#[test]
fn a_person_is_known_by_the_subject() {
    assert_eq!(told(&json!({}), "sub"), some("olivia", "olivia", true));
    let long = "é".repeat(1024);
    assert_eq!(told(&json!({ "sub": long }), "sub"), some(&long, &long, true));
    // Another client's id says nothing.
    assert_eq!(
        told(&json!({ "client_id": "dashboard" }), "sub"),
        some("olivia", "olivia", true)
    );
    assert_eq!(
        told(&json!({ "common_name": "laptop" }), "sub"),
        some("olivia", "olivia", true)
    );
}

#[test]
fn a_subject_that_is_none_is_refused() {
    for sub in [
        json!(null),
        json!(""),
        json!(7),
        json!(["olivia"]),
        json!({}),
        json!("é".repeat(1025)),
        json!("olivia\n"),
        json!("\u{0}"),
        json!("\u{7f}"),
        json!("\u{85}"),
        json!(" "),
        json!(" olivia"),
        json!("olivia\u{a0}"),
        json!("oliv\u{200b}ia"),
        json!("\u{202e}aivilo"),
        json!("olivia\u{2028}"),
        json!("olivia\u{2069}"),
        json!("oli\u{ad}via"),
        json!("\u{feff}olivia"),
        json!("service:deploys"),
        json!("service:"),
        json!("person:olivia"),
    ] {
        assert_eq!(told(&json!({ "sub": sub }), "sub"), None, "{sub}");
    }
    let mut claims = claims_with(&json!({ "common_name": "deploys" }));
    claims["sub"] = Value::Null;
    assert!(bearer(&claims, "sub").is_err());
}

#[test]
fn services_are_no_people_whatever_else_they_claim() {
    let person = format!("jwt:{ISSUER}#service:deploys");
    let service = some("service:deploys", &person, false);
    let email = json!("olivia@example.com");
    for others in [
        json!({ "sub": "", "common_name": "deploys", "email": email }),
        json!({ "sub": null, "common_name": "deploys", "email": email }),
        json!({ "sub": "deploys", "client_id": "deploys", "email": email }),
    ] {
        for claim in ["sub", "email", "common_name", "client_id"] {
            assert_eq!(told(&others, claim), service, "{others} {claim}");
        }
    }
    for common_name in [
        json!(""),
        json!(7),
        json!(["deploys"]),
        json!("a\tb"),
        json!("x".repeat(1025)),
    ] {
        assert_eq!(
            told(&json!({ "sub": "", "common_name": common_name }), "sub"),
            None,
            "{common_name}"
        );
    }
}

#[test]
fn the_person_is_named_by_the_configured_claim() {
    let email = "olivia@example.com";
    assert_eq!(
        told(&json!({ "email": email }), "email"),
        some("olivia", email, true)
    );
    assert_eq!(
        told(&json!({ "email": email, "email_verified": true }), "email"),
        some("olivia", email, true)
    );
    // As Entra and Cognito write it.
    assert_eq!(
        told(&json!({ "email": email, "email_verified": "true" }), "email"),
        some("olivia", email, true)
    );
    let actor = format!("jwt:{ISSUER}#olivia");
    let nobody = some("olivia", &actor, false);
    for others in [
        json!({}),
        json!({ "email": "" }),
        json!({ "email": 7 }),
        json!({ "email": [email] }),
        json!({ "email": "olivia@example.com\n" }),
        json!({ "email": "x".repeat(1025) }),
    ] {
        assert_eq!(told(&others, "email"), nobody, "{others}");
    }
}

#[test]
fn an_address_that_is_not_verified_counts_as_absent() {
    for verified in [
        json!(false),
        json!("True"),
        json!("false"),
        json!(""),
        json!(1),
        json!([true]),
        json!({}),
    ] {
        let (_, _, is_person) = told(
            &json!({ "email": "olivia@example.com", "email_verified": verified }),
            "email",
        )
        .unwrap();
        assert!(!is_person, "{verified}");
        // The subject needs no address.
        assert_eq!(
            told(&json!({ "email_verified": verified }), "sub"),
            some("olivia", "olivia", true)
        );
    }
}

fn permissions(others: &Value) -> Vec<Permission> {
    let caller = bearer(&claims_with(others), "sub").unwrap();
    caller
        .grants
        .iter()
        .flat_map(|grant| grant.permissions.clone())
        .collect()
}

#[test]
fn grants_come_from_a_claim_that_is_the_value_or_has_it() {
    use Permission::{Audit, Revoke};
    assert_eq!(permissions(&json!({ "groups": "revokers" })), [Revoke]);
    assert_eq!(permissions(&json!({ "groups": ["staff", "revokers"] })), [Revoke]);
    assert_eq!(
        permissions(&json!({ "groups": ["auditors", "revokers"] })),
        [Revoke, Audit]
    );
    for groups in [
        json!(null),
        json!(""),
        json!("revoker"),
        json!("Revokers"),
        json!("revokers auditors"),
        json!(["staff"]),
        json!([["revokers"]]),
        json!({ "revokers": true }),
        json!({ "groups": "revokers" }),
        json!(true),
    ] {
        assert_eq!(permissions(&json!({ "groups": groups })), [], "{groups}");
    }
    assert_eq!(permissions(&json!({ "realm": { "groups": "revokers" } })), []);
}

#[test]
fn an_address_that_is_not_verified_grants_nothing() {
    use autorevoke::edge::jwt::read;
    let mut rules = super::rules("sub");
    for grant in &mut rules.grants {
        grant.claim = "email".into();
    }
    for (verified, count) in [
        (json!(null), 1),
        (json!(true), 1),
        (json!(false), 0),
        (json!("true"), 1),
        (json!("false"), 0),
    ] {
        let claims = claims_with(&json!({ "email": "revokers", "email_verified": verified }));
        let text = super::token(super::RS256.as_bytes(), claims.to_string().as_bytes(), b"s");
        let caller = read(&text).unwrap().caller(&rules, super::NOW * 1000).unwrap();
        assert_eq!(caller.grants.len(), count, "{verified}");
    }
}

#[test]
fn a_token_without_a_subject_stands_for_the_person_it_names_or_for_its_client() {
    let nobody = format!("jwt:{ISSUER}#service:dashboard");
    // Keycloak's lightweight tokens.
    let lightweight = json!({ "sub": null, "azp": "dashboard", "email": "olivia@example.com" });
    assert_eq!(
        told(&lightweight, "email"),
        some("person:olivia@example.com", "olivia@example.com", true)
    );
    for others in [
        json!({ "sub": null, "azp": "dashboard" }),
        json!({ "sub": "", "client_id": "dashboard" }),
        json!({ "sub": null, "cid": "dashboard" }),
        json!({ "sub": null, "appid": "dashboard" }),
        json!({ "sub": null, "azp": "dashboard", "email": "olivia@example.com", "email_verified": false }),
        json!({ "sub": null, "azp": "dashboard", "email": "olivia@example.com", "idtyp": "app" }),
    ] {
        assert_eq!(
            told(&others, "email"),
            some("service:dashboard", &nobody, false),
            "{others}"
        );
    }
    for others in [
        json!({ "sub": null }),
        json!({ "sub": null, "azp": 7 }),
        json!({ "sub": null, "azp": "a\nb" }),
        json!({ "sub": null, "email": " olivia" }),
    ] {
        assert_eq!(told(&others, "email"), None, "{others}");
    }
}

#[test]
fn without_a_configured_claim_nobody_is_a_person_whatever_the_token_says() {
    let rules = autorevoke::edge::jwt::JwtRules {
        person_claim: None,
        ..super::rules("")
    };
    for others in [
        json!({}),
        json!({ "email": "olivia@example.com", "preferred_username": "olivia" }),
    ] {
        let caller = super::bearer_by(&claims_with(&others), &rules).unwrap();
        assert!(!caller.is_person());
        assert_eq!(caller.person_shown(), None);
        assert_eq!(caller.actor, format!("jwt:{ISSUER}#olivia"));
    }
}
