//! Tokens as the known issuers write them: which are machines', whatever claim is to name the person.

use autorevoke::edge::caller::{NoPerson, Person};
use autorevoke::edge::machines::Mark;
use serde_json::json;

use super::{bearer, claims_with};

/// Claims that somebody may take for the one that names the person.
const CLAIMS: [&str; 9] = [
    "sub",
    "email",
    "preferred_username",
    "name",
    "azp",
    "client_id",
    "uid",
    "username",
    "actor",
];

#[test]
fn a_machine_is_never_a_person_by_whatever_claim() {
    let uuid = "7b1d2a3c-0000-4000-8000-1a2b3c4d5e6f";
    let machines = [
        // Entra, with the optional claim idtyp.
        (
            json!({ "sub": uuid, "oid": uuid, "azp": "a1", "idtyp": "app", "roles": ["revokers"], "name": "robot" }),
            Mark::AppToken,
        ),
        (
            json!({ "sub": "abc@clients", "azp": "abc", "gty": "client-credentials" }),
            Mark::ClientCredentials,
        ),
        (
            json!({ "gty": ["client_credentials"], "sub": "x" }),
            Mark::ClientCredentials,
        ),
        (json!({ "sub": "abc@clients" }), Mark::ClientsSubject),
        // Okta.
        (
            json!({ "sub": "0oa1", "cid": "0oa1", "uid": "00u1", "scp": ["revoke"] }),
            Mark::OwnClient("cid"),
        ),
        // Cognito.
        (
            json!({ "sub": "4o7r", "client_id": "4o7r", "token_use": "access" }),
            Mark::OwnClient("client_id"),
        ),
        // Google: of itself, and for its address.
        (
            json!({ "sub": "1173", "azp": "1173", "email": "r@p.iam.gserviceaccount.com", "email_verified": true }),
            Mark::OwnClient("azp"),
        ),
        (
            json!({ "sub": "1173", "email": "R@P.IAM.GServiceAccount.com", "email_verified": true }),
            Mark::GoogleServiceAccount,
        ),
        (json!({ "sub": "a1", "appid": "a1" }), Mark::OwnClient("appid")),
        // Keycloak.
        (
            json!({ "sub": uuid, "azp": "robot", "preferred_username": "service-account-robot",
                    "email": "robot@example.com", "email_verified": true }),
            Mark::ServiceAccountName,
        ),
        (
            json!({ "sub": "", "common_name": "1a2b.access", "email": "olivia@example.com" }),
            Mark::AccessService,
        ),
        (
            json!({ "sub": null, "common_name": "1a2b.access", "email": "olivia@example.com" }),
            Mark::AccessService,
        ),
        (
            json!({ "sub": "repo:o/r:ref:refs/heads/main", "repository": "o/r", "run_id": "7", "actor": "olivia" }),
            Mark::GitHubActions,
        ),
        (
            json!({ "sub": "customised", "job_workflow_ref": "o/r/.github/workflows/w.yml@refs/heads/main" }),
            Mark::GitHubActions,
        ),
        (
            json!({ "sub": "project_path:g/p", "project_path": "g/p", "pipeline_id": "7", "user_login": "olivia" }),
            Mark::GitLabCi,
        ),
        (
            json!({ "sub": "system:serviceaccount:default:robot" }),
            Mark::KubernetesServiceAccount,
        ),
    ];
    for (claims, mark) in machines {
        for claim in CLAIMS {
            let caller = bearer(&claims_with(&claims), claim).unwrap();
            assert_eq!(
                caller.person,
                Person::Nobody(NoPerson::Machine(mark)),
                "{claims}, {claim}"
            );
            assert_eq!(caller.person_shown(), None);
            assert!(caller.actor.contains("#service:"), "{}", caller.actor);
        }
    }
}

#[test]
fn a_job_of_github_actions_is_known_by_its_issuer_alone() {
    for issuer in [
        "https://token.actions.githubusercontent.com",
        "https://token.actions.githubusercontent.com/octo-enterprise",
    ] {
        let rules = autorevoke::edge::jwt::JwtRules {
            issuer: issuer.into(),
            ..super::rules("sub")
        };
        let caller = super::bearer_by(&claims_with(&json!({ "iss": issuer })), &rules).unwrap();
        assert_eq!(
            caller.person,
            Person::Nobody(NoPerson::Machine(Mark::GitHubActions))
        );
    }
}

#[test]
fn people_bear_none_of_the_marks() {
    let people = [
        (
            "preferred_username",
            json!({ "idtyp": "user", "preferred_username": "olivia", "azp": "dashboard", "oid": "o" }),
        ),
        ("uid", json!({ "cid": "0oa1", "uid": "olivia" })),
        (
            "name",
            json!({ "gty": "password", "azp": "dashboard", "name": "olivia" }),
        ),
        (
            "email",
            json!({ "azp": "dashboard", "email": "olivia", "email_verified": true, "repository": "o/r" }),
        ),
        (
            "username",
            json!({ "client_id": "dashboard", "username": "olivia", "common_name": "laptop" }),
        ),
        (
            "sub",
            json!({ "gty": 7, "idtyp": ["app"], "azp": null, "preferred_username": "my-service-account-" }),
        ),
    ];
    for (claim, others) in people {
        let caller = bearer(&claims_with(&others), claim).unwrap();
        assert_eq!(caller.person, Person::Named("olivia".into()), "{others}");
        assert!(caller.actor.ends_with("#olivia"));
    }
}

#[test]
fn nobody_is_told_why_in_a_sentence_of_their_own() {
    let reasons = [
        ("email", json!({})),
        ("email", json!({ "email": 7 })),
        (
            "email",
            json!({ "email": "o@example.com", "email_verified": false }),
        ),
        ("email", json!({ "idtyp": "app" })),
        ("email", json!({ "sub": "x@clients" })),
    ];
    let mut told = std::collections::BTreeSet::new();
    for (claim, others) in reasons {
        let caller = bearer(&claims_with(&others), claim).unwrap();
        let Person::Nobody(why) = caller.person else {
            panic!("{others}");
        };
        told.insert(why.reason());
    }
    told.insert(NoPerson::KeyWithoutPerson.reason());
    told.insert(NoPerson::NoClaimConfigured.reason());
    assert_eq!(told.len(), 7);
    assert!(told.iter().all(|sentence| sentence.ends_with('.')));
}
