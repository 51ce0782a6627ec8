//! What a caller may do: permissions and orders, always as a pair.

use crate::protocol::{MAX_ORDER_NUMBER, Name, NameKind};

pub use crate::api::caller::Permission;

/// What stands for every certificate that is named otherwise than by its order's number, which begin with 1: only `*` has it.
pub const OTHER_NAMES: u64 = 0;

/// The number by which grants cover what is named so: the order's, or [`OTHER_NAMES`].
///
/// ```
/// use autorevoke::edge::grant::{OrderRange, covered_as};
/// use autorevoke::protocol::{Name, NameKind};
/// let name = Name::new(NameKind::SerialNumber, "0A1B").unwrap();
/// assert!(OrderRange::read("*").unwrap().contains(covered_as(name)));
/// assert!(!OrderRange::read("1-9223372036854775807").unwrap().contains(covered_as(name)));
/// ```
pub fn covered_as(name: Name<'_>) -> u64 {
    match name.kind() {
        NameKind::OrderNumber => name.value().parse().unwrap_or(OTHER_NAMES),
        NameKind::SerialNumber | NameKind::CertificateId => OTHER_NAMES,
    }
}

/// Orders by number: one, a range with both ends, or all, however they are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRange {
    first: u64,
    last: u64,
    text: String,
}

impl OrderRange {
    /// Reads `123`, `100-200` or `*`.
    ///
    /// ```
    /// use autorevoke::edge::grant::OrderRange;
    /// let range = OrderRange::read("100-200").unwrap();
    /// assert!(range.contains(200) && !range.contains(201));
    /// assert!(OrderRange::read("200-100").is_none());
    /// ```
    pub fn read(text: &str) -> Option<OrderRange> {
        let (first, last) = match text.split_once('-') {
            _ if text == "*" => (OTHER_NAMES, u64::MAX),
            Some((first, last)) => (number(first)?, number(last)?),
            None => (number(text)?, number(text)?),
        };
        (first <= last).then(|| OrderRange {
            first,
            last,
            text: text.to_owned(),
        })
    }

    /// Whether this [number](covered_as) is one of them.
    pub fn contains(&self, order_number: u64) -> bool {
        (self.first..=self.last).contains(&order_number)
    }

    /// Whether it is `*`.
    pub fn is_all(&self) -> bool {
        self.contains(OTHER_NAMES)
    }

    /// Its first and its last number.
    pub fn ends(&self) -> (u64, u64) {
        (self.first, self.last)
    }

    /// As it was configured.
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn number(text: &str) -> Option<u64> {
    let plain = !text.starts_with('0') && text.len() <= 19 && text.bytes().all(|b| b.is_ascii_digit());
    if plain {
        text.parse().ok().filter(|number| *number <= MAX_ORDER_NUMBER)
    } else {
        None
    }
}

/// A pair of permissions and orders. Grants never add up: one of them must cover the whole of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What may be done.
    pub permissions: Vec<Permission>,
    /// To which orders.
    pub orders: Vec<OrderRange>,
}

impl Grant {
    /// Whether this grant has one of these permissions.
    pub fn permits(&self, any_of: &[Permission]) -> bool {
        self.permissions
            .iter()
            .any(|permission| any_of.contains(permission))
    }

    /// Whether this grant reaches what is named so.
    pub fn reaches(&self, name: Name<'_>) -> bool {
        let number = covered_as(name);
        self.orders.iter().any(|range| range.contains(number))
    }

    /// Whether this grant reaches every order.
    pub fn reaches_all(&self) -> bool {
        self.orders.iter().any(OrderRange::is_all)
    }
}
