//! How a certificate is named: by exactly one parameter, which is sent once, and which the answer must not contradict.

use autorevoke::protocol::{
    Answer, Credentials, Draft, Member, Order, Reply, Sent, Via, form, order_from_members, parse,
};

fn text(text: &str) -> Member {
    Member::Text(text.to_owned())
}

fn named(parameter: &str, value: &str) -> Order {
    order_from_members([(parameter, text(value))], Via::Direct).expect("one name")
}

fn credentials() -> Credentials {
    Credentials::new("login-name", "login-password").expect("a login")
}

#[test]
fn the_one_name_is_sent_once_and_no_other() {
    for (parameter, given, sent) in [
        ("orderNumber", "123456", "orderNumber=123456"),
        ("serialNumber", "0x00:c0:ff:ee", "serialNumber=C0FFEE"),
        ("certificateID", "345", "certificateID=345"),
    ] {
        let form = form(&named(parameter, given), &credentials());
        let pairs: Vec<&str> = form.as_str().split('&').collect();
        assert_eq!(
            pairs.iter().filter(|pair| **pair == sent).count(),
            1,
            "{parameter}"
        );
        for other in ["orderNumber", "serialNumber", "certificateID"] {
            let times = pairs
                .iter()
                .filter(|pair| pair.split('=').next() == Some(other))
                .count();
            assert_eq!(times, usize::from(other == parameter), "{other}");
        }
    }
}

#[test]
fn two_names_or_none_are_no_order() {
    let faulty = |members: &[(&str, Member)]| {
        let faults = order_from_members(members.to_vec(), Via::Direct).expect_err("not one name");
        let fields = faults.fields().iter().map(|(field, _)| field.clone());
        fields.collect::<Vec<_>>()
    };
    assert_eq!(faulty(&[("codeReason", text("superseded"))]), ["orderNumber"]);
    for (one, other) in [
        ("orderNumber", "serialNumber"),
        ("orderNumber", "certificateID"),
        ("serialNumber", "certificateID"),
    ] {
        assert_eq!(faulty(&[(one, text("12")), (other, text("12"))]), [other]);
        // Nor does an empty one count as none.
        assert!(faulty(&[(one, text("")), (other, text("12"))]).contains(&other.to_owned()));
    }
    for parameter in ["orderNumber", "serialNumber", "certificateID"] {
        assert_eq!(faulty(&[(parameter, text(""))]), [parameter]);
        assert_eq!(faulty(&[(parameter, Member::Bool(true))]), [parameter]);
    }
    // As a number its digits would be decimal ones.
    assert_eq!(
        faulty(&[("serialNumber", Member::Number(12.0))]),
        ["serialNumber"]
    );
    let draft = Draft {
        serial_number: "12".into(),
        certificate_id: "12".into(),
        ..Draft::default()
    };
    assert_eq!(draft.check().expect_err("two names").fields().len(), 1);
}

#[test]
fn equal_names_are_one_certificate_and_different_kinds_are_not() {
    let identity = |parameter, value| named(parameter, value).identity();
    assert_eq!(
        identity("serialNumber", "00:0a:1b"),
        identity("serialNumber", "0xA1B")
    );
    assert_eq!(identity("orderNumber", "12"), "12//");
    assert_eq!(identity("serialNumber", "12"), "serial:12//");
    assert_eq!(identity("certificateID", "12"), "certificate:12//");
}

#[test]
fn an_answer_about_another_certificate_is_believed_of_none() {
    let credentials = credentials();
    let order = named("serialNumber", "0A1B");
    let said = |body: &str| {
        let reply = Reply {
            status: 200,
            content_length: Some(body.len() as u64),
            content_encoding: None,
            body: body.as_bytes(),
        };
        parse(&reply, &Sent::of(&order, &credentials))
    };
    for body in ["errorCode=0", "errorCode=0&serialNumber=0A1B"] {
        assert!(matches!(said(body), Answer::Accepted(_)), "{body}");
    }
    for body in [
        "errorCode=0&serialNumber=0A1C",
        "errorCode=0&orderNumber=123456",
        "errorCode=-21&certificateID=345",
        "0\nserialNumber=FF",
    ] {
        assert!(matches!(said(body), Answer::Unknown(_)), "{body}");
    }
}
