//! Reads an order from named members of any type: a JavaScript object, a JSON object, a CSV row.

use super::order::{ANOTHER_NAME, MAX_JS_INTEGER};
use super::{CodeReason, Draft, InvalidOrder, NameKind, Order, ResponseFormat, decimal};

/// A member's value, as the host language gave it.
#[derive(Debug, Clone, PartialEq)]
pub enum Member {
    /// A string.
    Text(String),
    /// A string that is not well-formed Unicode (a lone surrogate): sending it would change it.
    MalformedText,
    /// A number. Integers must be exact: a host passes those beyond 2^53-1 as they are read, and they are refused.
    Number(f64),
    /// A boolean.
    Bool(bool),
    /// Anything else: null, an object, an array, a function.
    Other,
}

/// Which way an order goes: some members exist for only one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Through the edge, which knows the account and speaks to the CA itself.
    Edge,
    /// Straight to the CA.
    Direct,
}

/// The order that these members describe, or every fault at once: of type, limit, and members that do not exist.
///
/// ```
/// use autorevoke::protocol::{Via, Member, order_from_members};
/// let members = [("orderNumber", Member::Number(123456.0)), ("codeReason", Member::Text("superseded".into()))];
/// let order = order_from_members(members, Via::Edge)?;
/// assert_eq!(order.name().value(), "123456");
/// assert_eq!(order.code_reason().number(), 4);
/// # Ok::<(), autorevoke::protocol::InvalidOrder>(())
/// ```
pub fn order_from_members<N, I>(members: I, via: Via) -> Result<Order, InvalidOrder>
where
    N: AsRef<str>,
    I: IntoIterator<Item = (N, Member)>,
{
    let mut draft = Draft::default();
    let mut faults = InvalidOrder::new();
    let mut given = [false; MEMBERS.len()];
    for (name, member) in members {
        let name = name.as_ref();
        let at = MEMBERS.iter().position(|(known, _)| *known == name);
        let known = at.and_then(|at| Some((given.get_mut(at)?, MEMBERS.get(at)?.1)));
        let read = match known {
            None => Err("is not a member of an order"),
            // The last one would win, and another certificate than meant might be revoked.
            Some((true, _)) => Err("is given more than once"),
            Some((given, field)) => {
                *given = true;
                set(&mut draft, field, member, via)
            }
        };
        if let Err(fault) = read {
            faults.push(&printable_name(name), fault);
        }
    }
    let names = NameKind::ALL.into_iter().zip(given);
    let mut named = names.filter_map(|(kind, given)| given.then_some(kind));
    let kind = named.next();
    if kind.is_none() {
        faults.note("orderNumber", "is missing");
    }
    for another in named {
        faults.note(another.parameter(), ANOTHER_NAME);
    }
    draft.checked(kind.unwrap_or(NameKind::OrderNumber), faults)
}

/// What a name means.
#[derive(Clone, Copy)]
enum Field {
    OrderNumber,
    SerialNumber,
    CertificateId,
    CodeReason,
    RevocationReason,
    ProductCode,
    Product,
    Test,
    AccountId,
    ResponseFormat,
    Login,
}

/// Every name that means something; those come first of which one must be there, as in [`NameKind::ALL`].
const MEMBERS: [(&str, Field); 12] = [
    ("orderNumber", Field::OrderNumber),
    ("serialNumber", Field::SerialNumber),
    ("certificateID", Field::CertificateId),
    ("codeReason", Field::CodeReason),
    ("revocationReason", Field::RevocationReason),
    ("productCode", Field::ProductCode),
    ("product", Field::Product),
    ("test", Field::Test),
    ("accountID", Field::AccountId),
    ("responseFormat", Field::ResponseFormat),
    ("loginName", Field::Login),
    ("loginPassword", Field::Login),
];

fn set(draft: &mut Draft, field: Field, member: Member, via: Via) -> Result<(), &'static str> {
    match (field, via) {
        (Field::OrderNumber, _) => draft.order_number = number(member)?,
        (Field::SerialNumber, _) => draft.serial_number = text(member)?,
        (Field::CertificateId, _) => draft.certificate_id = number(member)?,
        (Field::CodeReason, _) => draft.code_reason = code_reason(member)?,
        (Field::RevocationReason, _) => draft.revocation_reason = text(member)?,
        (Field::ProductCode, _) => draft.product_code = text(member)?,
        (Field::Product, _) => draft.product = Some(integer(member)?),
        (Field::Test, _) => draft.test = test(member)?,
        (Field::AccountId, Via::Direct) => draft.account_id = Some(integer(member)?),
        (Field::ResponseFormat, Via::Direct) => draft.response_format = response_format(member)?,
        (Field::AccountId | Field::ResponseFormat, Via::Edge) => {
            return Err("exists for direct calls only: the edge has its own");
        }
        (Field::Login, _) => return Err("does not belong into the order"),
    }
    Ok(())
}

/// A member's name is the caller's text: clipped, and without anything that could confuse a log or a page.
pub(crate) fn printable_name(name: &str) -> String {
    const MAX_NAME_CHARS: usize = 64;
    let mut printable = String::with_capacity(name.len());
    let mut length = 0;
    for c in name.chars() {
        length += 1;
        if length > MAX_NAME_CHARS {
            printable.push('…');
            break;
        }
        // Replaced, not dropped: it must not read as the name of another member.
        printable.push(if c.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        });
    }
    printable
}

/// Of an order or a certificate.
fn number(member: Member) -> Result<String, &'static str> {
    match member {
        Member::Text(text) => Ok(text),
        Member::Number(number) if number.fract() != 0.0 || !number.is_finite() => {
            Err("must be an integer, or a string of decimal digits")
        }
        Member::Number(number) if number > MAX_JS_INTEGER as f64 => {
            Err("is larger than 2^53-1, so a number cannot carry it exactly: pass it as a string")
        }
        Member::Number(number) if number >= 1.0 => Ok(decimal(number as u64)),
        Member::Number(_) => Err("must be at least 1"),
        _ => Err("must be a string of decimal digits, or an integer up to 2^53-1"),
    }
}

fn code_reason(member: Member) -> Result<CodeReason, &'static str> {
    let reason = match member {
        Member::Text(name) => CodeReason::from_name(&name),
        Member::Number(number) => CodeReason::ALL
            .into_iter()
            .find(|it| f64::from(it.number()) == number),
        _ => None,
    };
    reason.ok_or(
        "must be 0, 1, 3, 4, 5 or \"unspecified\", \"keyCompromise\", \"affiliationChanged\", \"superseded\", \
         \"cessationOfOperation\"",
    )
}

fn text(member: Member) -> Result<String, &'static str> {
    match member {
        Member::Text(text) => Ok(text),
        Member::MalformedText => Err("is not well-formed Unicode (it has a lone surrogate)"),
        _ => Err("must be a string"),
    }
}

fn integer(member: Member) -> Result<u64, &'static str> {
    match member {
        Member::Number(number)
            if number.fract() == 0.0 && (0.0..=MAX_JS_INTEGER as f64).contains(&number) =>
        {
            Ok(number as u64)
        }
        _ => Err("must be an integer from 0 to 2^53-1"),
    }
}

fn test(member: Member) -> Result<bool, &'static str> {
    match member {
        Member::Bool(test) => Ok(test),
        // Case-sensitive: a lower-case "y" might be taken for "N" at the CA, and then it would revoke.
        Member::Text(text) if text == "Y" => Ok(true),
        Member::Text(text) if text == "N" => Ok(false),
        _ => Err("must be true, false, \"Y\" or \"N\""),
    }
}

fn response_format(member: Member) -> Result<ResponseFormat, &'static str> {
    match member {
        Member::Number(0.0) => Ok(ResponseFormat::Text),
        Member::Number(1.0) => Ok(ResponseFormat::UrlEncoded),
        _ => Err("must be 0 or 1"),
    }
}
