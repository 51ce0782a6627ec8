//! The media type of an answer.

use super::answer;

#[test]
fn a_media_type_is_one_in_any_case_and_with_parameters() {
    for header in [
        "application/json",
        "Application/JSON",
        " application/json ; charset=utf-8",
        "application/json;",
    ] {
        assert!(answer(200, header, "").head.is("application/json"), "{header}");
    }
    for header in [
        "",
        "application/jsonp",
        "application",
        "text/html; application/json",
        "application/json, text/html",
    ] {
        assert!(!answer(200, header, "").head.is("application/json"), "{header}");
    }
}
