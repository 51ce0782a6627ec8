//! Random claims, judged twice: by the edge, and by a second reading of the rules, written apart from it.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::{AUDIENCE, ISSUER, NOW, bearer};

/// A claim's possible values; `None` leaves it out. Right ones are frequent, so that many tokens are accepted.
fn claim(right: &[Value], wrong: &[Value]) -> impl Strategy<Value = Option<Value>> + use<> {
    prop_oneof![
        12 => select(right.to_vec()).prop_map(Some),
        2 => select(wrong.to_vec()).prop_map(Some),
        1 => select(odd_values()).prop_map(Some),
        1 => Just(None),
    ]
}

fn odd_values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1.5),
        json!(""),
        json!([]),
        json!({}),
        json!("x"),
        json!(["x"]),
        json!("\u{1f}"),
        json!("olivia\u{202e}"),
        json!(" olivia"),
    ]
}

fn claims() -> impl Strategy<Value = Map<String, Value>> {
    let time = NOW as f64;
    let members = [
        (
            "iss",
            claim(
                &[json!(ISSUER)],
                &[json!("https://issuer.example/"), json!([ISSUER])],
            )
            .boxed(),
        ),
        (
            "aud",
            claim(
                &[json!(AUDIENCE), json!(["x", AUDIENCE])],
                &[json!("other"), json!([AUDIENCE, 1])],
            )
            .boxed(),
        ),
        (
            "exp",
            claim(
                &[json!(NOW + 1), json!(time + 0.5)],
                &[json!(NOW), json!("9999999999")],
            )
            .boxed(),
        ),
        (
            "nbf",
            claim(&[json!(NOW - 1), json!(NOW + 60)], &[json!(NOW + 61), json!("1")]).boxed(),
        ),
        (
            "iat",
            claim(
                &[json!(NOW), json!(NOW + 60)],
                &[json!(time + 60.5), json!([NOW])],
            )
            .boxed(),
        ),
        (
            "sub",
            claim(
                &[json!("olivia"), json!("deploys")],
                &[json!("service:deploys"), json!("person:olivia"), json!("")],
            )
            .boxed(),
        ),
        (
            "client_id",
            claim(&[json!("deploys")], &[json!("olivia")]).boxed(),
        ),
        (
            "gty",
            claim(&[json!("password")], &[json!("client-credentials")]).boxed(),
        ),
        (
            "common_name",
            claim(&[json!("deploys")], &[json!("a\u{7f}"), json!("deploys\u{200b}")]).boxed(),
        ),
        (
            "email",
            claim(
                &[json!("o@example.com"), json!("revokers")],
                &[json!(["o@example.com"])],
            )
            .boxed(),
        ),
        (
            "email_verified",
            claim(
                &[json!(true), json!("true")],
                &[json!(false), json!("false"), json!(1)],
            )
            .boxed(),
        ),
        (
            "groups",
            claim(
                &[json!("revokers"), json!(["auditors", "revokers"])],
                &[json!(["x"])],
            )
            .boxed(),
        ),
    ];
    let (names, values): (Vec<_>, Vec<_>) = members.into_iter().unzip();
    values.prop_map(move |values| {
        let named = names.iter().zip(values);
        named
            .filter_map(|(name, value)| Some(((*name).to_owned(), value?)))
            .collect()
    })
}

#[derive(Debug, PartialEq)]
struct Expected {
    actor: String,
    person: Option<String>,
    grants: usize,
}

/// What the rules say, read for the second time.
fn expected(claims: &Map<String, Value>, person_claim: &str) -> Option<Expected> {
    let claim = |name: &str| claims.get(name).cloned();
    if claim("iss") != Some(json!(ISSUER)) {
        return None;
    }
    let audiences = match claim("aud")? {
        Value::Array(all) => all,
        one => vec![one],
    };
    if !audiences.contains(&json!(AUDIENCE)) || audiences.iter().any(|one| one.as_str().is_none()) {
        return None;
    }
    if claim("exp")?.as_f64()? <= NOW as f64 {
        return None;
    }
    for start in ["nbf", "iat"] {
        if claims.contains_key(start) && claim(start)?.as_f64()? > (NOW + 60) as f64 {
            return None;
        }
    }
    let printable = |text: &str| {
        let length = text.chars().count();
        let shown = |letter: char| !letter.is_control() && !"\u{200b}\u{202e}".contains(letter);
        length > 0 && length <= 1024 && text.trim() == text && text.chars().all(shown)
    };
    let name = |name: &str| {
        claim(name)?
            .as_str()
            .filter(|text| printable(text))
            .map(str::to_owned)
    };
    let email_counts = [None, Some(json!(true)), Some(json!("true"))].contains(&claim("email_verified"));
    let sub = claim("sub").unwrap_or(json!(""));
    let sub = sub.as_str()?;
    let own_client = !sub.is_empty() && claim("client_id") == claim("sub");
    let from_access = sub.is_empty() && claims.contains_key("common_name");
    let has_mark = own_client || from_access || claim("gty") == Some(json!("client-credentials"));
    let hidden = has_mark || person_claim == "email" && !email_counts;
    let person = if hidden { None } else { name(person_claim) };
    let subject = match &person {
        _ if !sub.is_empty() && has_mark => format!("service:{}", name("sub")?),
        _ if !sub.is_empty() => {
            name("sub").filter(|sub| !sub.starts_with("service:") && !sub.starts_with("person:"))?
        }
        Some(person) => format!("person:{person}"),
        None if from_access => format!("service:{}", name("common_name")?),
        None => format!("service:{}", name("client_id")?),
    };
    let groups = claim("groups");
    let is_in = |group: &str| groups == Some(json!(group)) || groups == Some(json!(["auditors", "revokers"]));
    Some(Expected {
        actor: format!("jwt:{ISSUER}#{subject}"),
        person,
        grants: ["revokers", "auditors"]
            .into_iter()
            .filter(|group| is_in(group))
            .count(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn the_bearer_is_who_the_rules_say(claims in claims(), person_claim in select(vec!["sub", "email", "groups"])) {
        let told = bearer(&Value::Object(claims.clone()), person_claim).ok().map(|caller| {
            let person = caller.is_person().then(|| caller.person_name().to_owned());
            prop_assert!(caller.is_person() || caller.person_name() == caller.actor);
            Ok(Expected { actor: caller.actor, person, grants: caller.grants.len() })
        });
        prop_assert_eq!(told.transpose()?, expected(&claims, person_claim));
    }
}

#[test]
fn random_claims_are_often_accepted_and_often_not() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let accepted = (0..2000)
        .filter(|_| {
            let claims = claims().new_tree(&mut runner).unwrap().current();
            bearer(&Value::Object(claims), "sub").is_ok()
        })
        .count();
    assert!((200..1800).contains(&accepted), "{accepted}");
}
