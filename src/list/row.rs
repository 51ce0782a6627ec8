//! A row of a list: what it says by the vendor's names, before it is an order.

use std::borrow::Cow;
use std::fmt;

use crate::api::about::About;
use crate::api::value::{Label, MAX_LABEL_CHARS};
use crate::protocol::{InvalidOrder, Member, NameKind, Order, Via, order_from_members};

/// Members of an order, of whatever type.
pub type Members = Vec<(Cow<'static, str>, Member)>;

/// A row as it stands in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// From 1, a header not counted.
    pub number: usize,
    /// What it is called in a fault.
    pub place: Place,
    /// Its own members, without those of [`List::defaults`](super::List::defaults).
    pub members: Members,
    /// What people call it, and what its certificate says: never sent.
    pub about: About,
    /// What is wrong with it that its members do not show.
    pub faults: InvalidOrder,
    /// Whether it is named by a certificate that cannot be read. The fault is told; a missing order number is none.
    pub(super) has_unread_name: bool,
}

/// What a row is called, which people find it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A row with this number.
    Row(usize),
    /// The line of a text with this number.
    Line(usize),
    /// The certificate with this number.
    Certificate(usize),
}

impl Place {
    /// What a member of the row is called.
    pub(super) fn of(self, member: &str) -> String {
        if member.is_empty() {
            self.to_string()
        } else {
            format!("{self}: {member}")
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Row(number) => write!(f, "row {number}"),
            Place::Line(line) => write!(f, "line {line}"),
            Place::Certificate(number) => write!(f, "certificate {number}"),
        }
    }
}

impl Row {
    pub(super) fn new(number: usize) -> Row {
        Row::at(number, Place::Row(number))
    }

    pub(super) fn at(number: usize, place: Place) -> Row {
        Row {
            number,
            place,
            members: Vec::new(),
            about: About::default(),
            faults: InvalidOrder::new(),
            has_unread_name: false,
        }
    }

    /// Notes why the certificate that names it cannot be read.
    pub(super) fn note_unread_name(&mut self, member: &str, fault: &str) {
        self.faults.note(member, fault);
        self.has_unread_name = true;
    }

    pub(super) fn push(&mut self, name: &'static str, member: Member) {
        self.members.push((Cow::Borrowed(name), member));
    }

    /// Takes what people call it.
    pub(super) fn take_label(&mut self, text: &str) {
        if text.trim().chars().nth(MAX_LABEL_CHARS).is_some() {
            self.faults.note("label", "must have at most 255 characters");
        } else {
            self.about.label = Label::of(text);
        }
    }

    /// Whether it has a member of this name.
    pub fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(own, _)| own == name)
    }

    /// The order that it is with these members where it has none of its own, or everything that is wrong with it.
    pub fn order(self, defaults: &[(Cow<'static, str>, Member)]) -> Result<Order, InvalidOrder> {
        let missing = defaults.iter().filter(|(name, _)| !self.has(name)).cloned();
        let missing: Members = missing.collect();
        let order = order_from_members(self.members.into_iter().chain(missing), Via::Edge);
        let mut faults = self.faults;
        match order {
            Ok(order) => faults.or(|| order),
            Err(others) => {
                for (field, fault) in others.fields() {
                    if !(self.has_unread_name && field == NameKind::OrderNumber.parameter()) {
                        faults.note(field, fault);
                    }
                }
                Err(faults)
            }
        }
    }
}

/// What is wrong with members that rows have in common, whatever else a row says.
pub(crate) fn faults_of_defaults(defaults: &[(Cow<'static, str>, Member)]) -> InvalidOrder {
    let number = (Cow::Borrowed("orderNumber"), Member::Number(1.0));
    let order = order_from_members(defaults.iter().cloned().chain([number]), Via::Edge);
    order.err().unwrap_or_else(InvalidOrder::new)
}

/// Whether a member names a certificate.
pub(super) fn is_naming(name: &str) -> bool {
    NameKind::ALL.into_iter().any(|kind| kind.parameter() == name)
}
