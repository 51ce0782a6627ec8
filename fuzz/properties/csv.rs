//! Any bytes as a CSV: what is planned is the same plan in every dialect that offices write.

use autorevoke::list::plan_rules::{Options, Plan, plan};
use autorevoke::list::{Columns, Faults};
use autorevoke::protocol::CodeReason;

#[path = "csv_oracle.rs"]
mod csv_oracle;

const MOST: usize = 10_000;
/// Of each dialect: what stands above the header, what separates fields, and what ends a line.
const DIALECTS: [(&str, char, &str); 6] = [
    ("", ',', "\n"),
    ("", ';', "\r\n"),
    ("", '\t', "\r"),
    ("sep=;\r\n", ';', "\r\n"),
    ("\"sep=,\"\n", ',', "\n"),
    ("\"sep=\t\"\r\n", '\t', "\r\n"),
];

pub fn check(input: &[u8]) {
    let text = [b"orderNumber,codeReason,label", input].concat();
    let (Ok(expected), Some(records)) = (read(&text), csv_oracle::records(&text)) else {
        return;
    };
    for (above, separator, end) in DIALECTS {
        let mut again = above.to_owned();
        for record in &records {
            let fields = record.iter().map(|(field, _)| {
                let field = String::from_utf8(field.clone()).expect("what is planned is UTF-8");
                format!("\"{}\"", field.replace('"', "\"\""))
            });
            again += &fields.collect::<Vec<_>>().join(&separator.to_string());
            again += end;
        }
        let little = again.encode_utf16().flat_map(u16::to_le_bytes);
        let big = again.encode_utf16().flat_map(u16::to_be_bytes);
        for bytes in [
            again.clone().into_bytes(),
            ["\u{feff}", &again].concat().into_bytes(),
            [0xFF, 0xFE].into_iter().chain(little).collect(),
            [0xFE, 0xFF].into_iter().chain(big).collect(),
        ] {
            let found = read(&bytes).expect("what is sound is sound in every dialect");
            assert_eq!(found, expected, "{separator:?} {end:?}");
        }
    }
}

fn read(bytes: &[u8]) -> Result<Plan, Faults> {
    let options = Options {
        columns: Columns::default(),
        code_reason: Some(CodeReason::KeyCompromise),
        max_rows: MOST,
    };
    plan(bytes, &options)
}
