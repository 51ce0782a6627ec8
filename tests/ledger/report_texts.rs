//! What callers wrote is text in the incident report as Markdown: no mark-up, no link, no cell, and seen as it is.

use serde_json::json;

use crate::job_bench::orders;
use crate::left_to_people::report;
use crate::sqlite_host::Bench;

/// What CommonMark (section 2.4) and its extensions give a meaning inside of a line.
const MEANING: &str = "\\`*_[]<>|#!~&$";

/// What a reader sees of a line: a backslash before a mark makes it a plain character.
fn seen(line: &str) -> String {
    let mut seen = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let shown = if c == '\\' { chars.next().unwrap() } else { c };
        assert!(c == '\\' || !MEANING.contains(c), "{c} means something in {line}");
        seen.push(shown);
    }
    seen
}

#[test]
fn a_name_is_text_whatever_it_is_made_of() {
    let bench = Bench::new();
    for (at, name) in [
        "![x](https://evil.example/x.png)",
        "[log in](//evil.example) <https://evil.example>",
        "https://evil.example http://evil.example www.evil.example",
        "<img src=x onerror=alert(1)> <!-- --> <b>",
        "a | b \\| c \\\\| d",
        "`code` ``` ~~~ *b* __b__ ~~s~~",
        "$\\color{red}{done}$ &lt; &#60; # x",
        "evil\u{202e}moc\u{200b}\u{2028}\u{2066}x",
    ]
    .into_iter()
    .enumerate()
    {
        let number = 10 * at as u64 + 1;
        let job = bench.plan(
            crate::job_bench::By("ann"),
            &orders([number], false),
            json!({ "name": name }),
        );
        let text = report(&bench, &job, true);
        let title = text.lines().next().unwrap().strip_prefix("# Revocation report: ");
        let title = title.unwrap();
        let shown: String = name.replace(['\u{202e}', '\u{200b}', '\u{2028}', '\u{2066}'], " ");
        assert_eq!(seen(title), shown);
        let link = title.replace("\\://", "").contains("://") || title.contains("www.");
        assert!(!link, "{title}");
    }
}
