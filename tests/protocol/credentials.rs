//! The login: its limits, and that it shows itself nowhere.

use autorevoke::protocol::{Credentials, Draft, form};

fn fields(login_name: &str, login_password: &str) -> Vec<String> {
    match Credentials::new(login_name, login_password) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.fields().iter().map(|(field, _)| field.clone()).collect(),
    }
}

#[test]
fn the_limits_count_characters() {
    for character in ["x", "é", "€", "😀", "&"] {
        assert!(fields(&character.repeat(64), &character.repeat(128)).is_empty());
        assert_eq!(
            fields(&character.repeat(65), &character.repeat(128)),
            ["loginName"]
        );
        assert_eq!(
            fields(&character.repeat(64), &character.repeat(129)),
            ["loginPassword"]
        );
    }
    assert!(fields("x", " ").is_empty());
}

#[test]
fn both_faults_are_named_at_once() {
    assert_eq!(fields("", ""), ["loginName", "loginPassword"]);
    for control in ["\0", "\n", "\t", "\r", "\u{7f}", "\u{85}"] {
        assert_eq!(
            fields(&["x", control].concat(), &[control, "x"].concat()),
            ["loginName", "loginPassword"]
        );
    }
}

#[test]
fn they_print_as_hidden() {
    let credentials = Credentials::new("demo-reseller", "demo-password").unwrap();
    assert_eq!(format!("{credentials:?} {credentials:#?}"), "[hidden] [hidden]");
    let order = Draft {
        order_number: "1".into(),
        ..Draft::default()
    }
    .check()
    .unwrap();
    let form = form(&order, &credentials);
    assert_eq!(format!("{form:?} {form:#?}"), "[hidden] [hidden]");
    assert_eq!(format!("{:?}", Some(&credentials)), "Some([hidden])");
}
