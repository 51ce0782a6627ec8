//! Lists of certificates as people have them on the day: a CSV of an office, a portal's export, a tool's serial numbers, a bundle
//! of certificates, an answer of a CT search. Read into rows, one by one; what they mean together is [`plan_rules`]'s.
//!
//! | module | what lives there |
//! |---|---|
//! | `kind` | what a file is, by its bytes |
//! | `encoding` | UTF-8 and UTF-16 |
//! | `records` | the records of a CSV that means only one thing |
//! | `csv`, `separator`, `columns`, `cells` | its rows, what separates its fields, what its columns mean, what its values are |
//! | `formula` | cells that a spreadsheet would evaluate |
//! | `serials` | serial numbers, one a line |
//! | `json`, `ct` | plans as JSON; answers of crt.sh and Cert Spotter |
//! | `certificates` | PEM and DER |
//! | `row`, `faults` | what a row says; what is wrong with a list |
//! | [`places`] | where a row stands in the text, and the text with what was mended |
//! | [`plan_rules`] | what a plan of these rows must be |

mod cells;
mod certificates;
mod columns;
mod csv;
mod ct;
mod encoding;
mod faults;
pub(crate) mod formula;
mod json;
mod kind;
pub mod places;
pub mod plan_rules;
mod records;
mod row;
mod separator;
mod serials;

use std::borrow::Cow;

pub use columns::{Columns, MEANINGS};
pub use faults::{Faults, MAX_NAMED};
#[cfg(feature = "edge")]
pub(crate) use json::{certificate_in, member};
#[cfg(feature = "edge")]
pub(crate) use row::faults_of_defaults;
pub use row::{Members, Place, Row};

use json::Head;
use kind::Kind;

/// A list whose kind is known, and which is text as far as that was seen.
///
/// ```
/// use autorevoke::list::{Columns, List};
/// let text = b"Order Number;Common Name\r\n612345001;www.example.com\r\n";
/// let list = List::open(text, Columns::parse("Common Name=label")?).map_err(|faults| format!("{faults:?}"))?;
/// let mut rows = Vec::new();
/// let found = list.rows(100_000, &mut |row, _| rows.push(row));
/// assert!(found.faults.is_empty());
/// assert_eq!(rows[0].about.label.as_deref(), Some("www.example.com"));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug)]
pub struct List<'a> {
    text: Cow<'a, [u8]>,
    form: Form,
    columns: Columns,
    head: Head,
    /// What is wrong besides the rows.
    faults: Faults,
}

/// How the rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Der,
    Pem,
    Serials,
    Csv,
    /// An object with rows in it.
    Plan,
    /// An array of what a CT search found.
    Found,
}

/// What was found in a list besides its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// How many rows it has; one more than the most that were asked for if it has more.
    pub rows: usize,
    /// CAs' own certificates, which stand in chains and are no rows.
    pub left_out: usize,
    /// What is wrong. The rows that were handed over are of no use then.
    pub faults: Faults,
}

impl<'a> List<'a> {
    /// Sees what the bytes are, and reads what a plan as JSON says besides its rows. A list that is none is named for what it is,
    /// with what to do about it.
    pub fn open(bytes: &'a [u8], columns: Columns) -> Result<List<'a>, Faults> {
        let mut list = List {
            text: Cow::Borrowed(bytes),
            form: Form::Der,
            columns,
            head: Head::default(),
            faults: Faults::default(),
        };
        if !kind::is_der(bytes) {
            if let Some(fault) = kind::binary_fault(bytes) {
                return Err(Faults::of_list(fault));
            }
            list.text = encoding::decoded(bytes).map_err(Faults::of_list)?;
            list.form = match kind::of_text(&list.text).map_err(Faults::of_list)? {
                Kind::Pem => Form::Pem,
                Kind::Serials => Form::Serials,
                Kind::Csv => Form::Csv,
                Kind::Json if list.text.trim_ascii_start().starts_with(b"[") => Form::Found,
                Kind::Json => Form::Plan,
            };
            if list.form == Form::Plan {
                (list.head, list.faults) = json::head(&list.text)?;
            }
        }
        if list.form != Form::Csv && list.columns != Columns::default() {
            list.faults.note("columns", "are of a CSV, and this list is none");
        }
        Ok(list)
    }

    /// Whether it is a plan as JSON, an object.
    pub fn is_plan(&self) -> bool {
        self.form == Form::Plan
    }

    /// What it is called in a fault.
    fn what(&self) -> &'static str {
        if self.is_plan() { json::ORDERS } else { "list" }
    }

    /// Members for the rows that have none of their own.
    pub fn defaults(&self) -> &Members {
        &self.head.defaults
    }

    /// The name of the job, as it is written.
    pub fn name(&self) -> Option<&str> {
        self.head.name.as_deref()
    }

    /// The deadline of the job, as it is written.
    pub fn deadline(&self) -> Option<&str> {
        self.head.deadline.as_deref()
    }

    /// Hands over the rows one by one, at most `max_rows`. What is wrong with a row's members is its own to say ([`Row::order`]),
    /// and may be noted with the list's; rows that cannot be read are faults of the list, and are not handed over.
    pub fn rows(&self, max_rows: usize, row: &mut dyn FnMut(Row, &mut Faults)) -> Found {
        let mut reading = Reading {
            row,
            max_rows,
            rows: 0,
            left_out: 0,
            faults: self.faults.clone(),
        };
        match self.form {
            Form::Der => certificates::read_der(&self.text, &mut reading),
            Form::Pem => certificates::read_pem(&self.text, &mut reading),
            Form::Serials => serials::read(&self.text, &mut reading),
            Form::Csv => csv::read(&self.text, &self.columns, &mut reading),
            Form::Plan => json::read(&self.text, &mut reading),
            Form::Found => ct::read(&self.text, &mut reading),
        }
        Found {
            rows: reading.rows,
            left_out: reading.left_out,
            faults: reading.faults,
        }
    }
}

/// What is read, while it is.
struct Reading<'a> {
    row: &'a mut dyn FnMut(Row, &mut Faults),
    max_rows: usize,
    rows: usize,
    left_out: usize,
    faults: Faults,
}

impl Reading<'_> {
    /// The number of the next row, unless there are too many.
    fn next_row(&mut self) -> Option<usize> {
        self.rows += 1;
        (self.rows <= self.max_rows).then_some(self.rows)
    }

    /// Hands over a row.
    fn hand_over(&mut self, row: Row) {
        (self.row)(row, &mut self.faults);
    }

    /// Notes a row that cannot be read.
    fn bad_row(&mut self, number: usize, fault: &str) {
        self.faults.note_fault(Place::Row(number), number, fault);
    }
}
