//! The order and the login of a call, with every fault in both named at once.

use super::call::Call;
use super::failure::Failure;
use super::options::{Faults, Read};
#[cfg(feature = "full")]
use super::runtime::{argument, bytes};
use super::value::{Argument, Members, Value};
#[cfg(feature = "full")]
use crate::certificate::{MEMBER, order_named_by, serial_number_in_der, serial_number_in_pem};
#[cfg(not(feature = "full"))]
use crate::protocol::order_from_members;
#[cfg(feature = "full")]
use crate::protocol::{Credentials, MAX_LOGIN_PASSWORD_CHARS, printable_name};
use crate::protocol::{InvalidOrder, NameKind, Order, Via};

/// The order of a call. If it goes straight to the CA, the login that was given becomes one of the options.
pub fn read(order: Argument, given: &mut Read) -> Result<Order, Failure> {
    let order = checked(order, given).map_err(|invalid| Failure::invalid_order(invalid, &given.faults.0))?;
    given.faults.refuse(&Call::revoking(&order))?;
    Ok(order)
}

#[cfg(not(feature = "full"))]
fn checked(order: Argument, _: &mut Read) -> Result<Order, InvalidOrder> {
    from(order, Via::Edge)
}

#[cfg(feature = "full")]
fn checked(order: Argument, given: &mut Read) -> Result<Order, InvalidOrder> {
    let credentials = match std::mem::replace(&mut given.credentials, Value::Undefined) {
        Value::Undefined => return from(order, Via::Edge),
        credentials => login(argument(credentials)),
    };
    match (from(order, Via::Direct), credentials) {
        (Ok(order), Ok(login)) => {
            given.options.credentials = Some(login);
            Ok(order)
        }
        (Err(mut invalid), Err(more)) => {
            invalid.merge(more);
            Err(invalid)
        }
        (Err(invalid), _) | (_, Err(invalid)) => Err(invalid),
    }
}

/// What names a certificate, alone: the number of its order, or one text for the kind of name and its value.
pub fn named(name: Value, others: &Faults) -> Result<Order, Failure> {
    let mut parameter = NameKind::OrderNumber.parameter();
    let mut value = name;
    for kind in [NameKind::SerialNumber, NameKind::CertificateId] {
        if let Some(rest) = value.text().and_then(|text| text.strip_prefix(kind.prefix())) {
            parameter = kind.parameter();
            value = Value::Text(rest.to_owned());
        }
    }
    let members = Members(vec![(parameter.to_owned(), value)]);
    from(Argument::Members(members), Via::Edge).map_err(|invalid| Failure::invalid_order(invalid, &others.0))
}

fn from(order: Argument, via: Via) -> Result<Order, InvalidOrder> {
    let Argument::Members(Members(members)) = order else {
        return Err(fault("order", "must be an object"));
    };
    #[cfg(feature = "full")]
    {
        let mut members = members;
        let serial_number = certificate(&mut members);
        let members = members.into_iter().map(|(name, value)| (name, value.into()));
        order_named_by(serial_number, members.collect(), via)
    }
    #[cfg(not(feature = "full"))]
    order_from_members(members.into_iter().map(|(name, value)| (name, value.into())), via)
}

/// The serial number in the certificate that names an order, if one does. The small module has no such member, and reads none.
#[cfg(feature = "full")]
fn certificate(members: &mut Vec<(String, Value)>) -> Option<Result<String, &'static str>> {
    let at = members.iter().position(|(name, _)| name == MEMBER)?;
    let (_, value) = members.swap_remove(at);
    Some(match value {
        Value::Text(pem) => serial_number_in_pem(&pem),
        value => match bytes(&value) {
            Some(der) => serial_number_in_der(&der),
            None => Err("must be a string in PEM, or a Uint8Array in DER"),
        },
    })
}

#[cfg(feature = "full")]
pub fn login(given: Argument) -> Result<Credentials, InvalidOrder> {
    /// A character is at most two UTF-16 units.
    const MAX_UNITS: u32 = MAX_LOGIN_PASSWORD_CHARS as u32 * 2;
    let Argument::Members(Members(members)) = given else {
        return Err(fault(
            "credentials",
            "must be an object with loginName and loginPassword",
        ));
    };
    let mut faults = InvalidOrder::new();
    let (mut login_name, mut login_password) = (String::new(), String::new());
    for (name, value) in members {
        let (place, too_long) = match name.as_str() {
            "loginName" => (&mut login_name, "must have at most 64 characters"),
            "loginPassword" => (&mut login_password, "must have at most 128 characters"),
            _ => {
                let name = ["credentials.", &printable_name(&name)].concat();
                faults.note(&name, "does not exist");
                continue;
            }
        };
        match value {
            Value::Text(text) => *place = text,
            Value::MalformedText(units) if units > MAX_UNITS => faults.note(&name, too_long),
            Value::MalformedText(_) => {
                faults.note(&name, "is not well-formed Unicode (it has a lone surrogate)");
            }
            _ => faults.note(&name, "must be a string"),
        }
    }
    match Credentials::new(login_name, login_password) {
        Ok(credentials) => faults.or(|| credentials),
        Err(more) => {
            faults.merge(more);
            Err(faults)
        }
    }
}

fn fault(field: &str, fault: &str) -> InvalidOrder {
    let mut faults = InvalidOrder::new();
    faults.note(field, fault);
    faults
}
