//! The order of a call, with every fault in it named at once.

use super::transcript::Given;
use crate::protocol::{Door, InvalidOrder, Member, Order, order_from_members};

/// The order.
pub fn read(given: &Given<'_>, door: Door) -> Result<Order, InvalidOrder> {
    if !given.one("call", "order").is(b'o') {
        return Err(fault("order", "must be an object"));
    }
    let mut members: Vec<(&str, Member)> = Vec::new();
    for (name, value) in given.of("order") {
        members.push((name, value.member()));
    }
    order_from_members(members, door)
}

/// One fault.
pub fn fault(field: &str, fault: &str) -> InvalidOrder {
    let mut faults = InvalidOrder::new();
    faults.note(field, fault);
    faults
}
