//! Prints the code table and the reasons as JSON. The npm package's tables are generated from it, so that they
//! cannot drift from what the parser does.

use autorevoke::protocol::{CODES, CodeReason, Description, describe};

fn text(value: &str) -> String {
    let mut quoted = String::from("\"");
    for c in value.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted + "\""
}

fn words(description: Description) -> String {
    format!(
        "\"title\":{},\"meaning\":{},\"advice\":{}",
        text(description.title),
        text(description.meaning),
        text(description.advice)
    )
}

fn main() {
    let codes: Vec<String> = CODES
        .iter()
        .map(|(code, description)| format!("{{\"code\":{code},{}}}", words(*description)))
        .collect();
    let reasons: Vec<String> = CodeReason::ALL
        .iter()
        .map(|reason| {
            format!(
                "{{\"number\":{},\"name\":{},\"whenToChoose\":{}}}",
                reason.number(),
                text(reason.name()),
                text(reason.when_to_choose())
            )
        })
        .collect();
    println!(
        "{{\"codes\":[\n{}\n],\n\"otherNegative\":{{{}}},\n\"positive\":{{{}}},\n\"codeReasons\":[\n{}\n]}}",
        codes.join(",\n"),
        words(describe(i32::MIN)),
        words(describe(1)),
        reasons.join(",\n")
    );
}
