//! The login of a call that goes straight to the CA, with every fault in it named at once.

use super::order::fault;
use super::transcript::Given;
use crate::protocol::{Credentials, InvalidOrder, MAX_LOGIN_PASSWORD_CHARS, joined, printable_name};

/// A character is at most two UTF-16 units.
const MAX_SECRET_UNITS: u64 = MAX_LOGIN_PASSWORD_CHARS as u64 * 2;

/// The login.
pub fn read(given: &Given<'_>) -> Result<Credentials, InvalidOrder> {
    if !given.one("call", "credentials").is(b'o') {
        return Err(fault(
            "credentials",
            "must be an object with loginName and loginPassword",
        ));
    }
    let mut faults = InvalidOrder::new();
    let mut login = [""; 2];
    for (name, value) in given.of("credentials") {
        let (slot, too_long) = match name {
            "loginName" => (0, "must have at most 64 characters"),
            "loginPassword" => (1, "must have at most 128 characters"),
            _ => {
                let name = joined(&["credentials.", &printable_name(name)]);
                faults.note(&name, "does not exist");
                continue;
            }
        };
        match (value.text(), value.malformed_units(), login.get_mut(slot)) {
            (Some(text), _, Some(place)) => *place = text,
            (_, Some(units), _) if units > MAX_SECRET_UNITS => faults.note(name, too_long),
            (_, Some(_), _) => faults.note(name, "is not well-formed Unicode (it has a lone surrogate)"),
            _ => faults.note(name, "must be a string"),
        }
    }
    let [name, password] = login;
    match Credentials::new(name, password) {
        Ok(credentials) => faults.or(|| credentials),
        Err(more) => {
            faults.merge(more);
            Err(faults)
        }
    }
}

/// The login that was sent: it has been read before.
pub fn sent(given: &Given<'_>) -> Option<Credentials> {
    let mut secrets = given.of("secret");
    let (name, password) = (secrets.next()?.1.text()?, secrets.next()?.1.text()?);
    Credentials::new(name, password).ok()
}
