//! An order to revoke: its parameters, their limits, and what makes two orders the same.

use super::decimal::{decimal, read_decimal};
use super::length::longer_than;
use super::{CodeReason, InvalidOrder};

/// The largest order number: it fits the signed 64-bit integer that such numbers are kept in.
pub const MAX_ORDER_NUMBER: u64 = i64::MAX as u64;
/// The largest integer that a JavaScript number carries exactly (ECMA-262, `Number.MAX_SAFE_INTEGER`).
pub const MAX_JS_INTEGER: u64 = (1 << 53) - 1;
/// Limit of `revocationReason` in characters, before encoding (the vendor's page, "Max. Length").
pub const MAX_REVOCATION_REASON_CHARS: usize = 1024;
/// Limit of `productCode` in characters, before encoding (the vendor's page, "Max. Length").
pub const MAX_PRODUCT_CODE_CHARS: usize = 50;

/// How the CA is asked to answer (the vendor's page, "responseFormat").
///
/// The answer is judged by what it is, not by what was asked for: the vendor's own sample contradicts its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResponseFormat {
    /// 0: lines of text.
    Text,
    /// 1: `application/x-www-form-urlencoded`. Our default, since it says where each value ends.
    #[default]
    UrlEncoded,
}

impl ResponseFormat {
    /// The number that is sent.
    pub const fn number(self) -> u8 {
        match self {
            ResponseFormat::Text => 0,
            ResponseFormat::UrlEncoded => 1,
        }
    }
}

/// An order as it is given, before its limits are checked. An empty text means "not given".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// Decimal digits without leading zeros, 1 to [`MAX_ORDER_NUMBER`]. Required.
    pub order_number: String,
    /// The reason that counts.
    pub code_reason: CodeReason,
    /// A comment for the caller's records, at most [`MAX_REVOCATION_REASON_CHARS`]. It has no effect at the CA.
    pub revocation_reason: String,
    /// The account's number at the CA.
    pub account_id: Option<u64>,
    /// Which certificate of the order, at most [`MAX_PRODUCT_CODE_CHARS`].
    pub product_code: String,
    /// The product's number.
    pub product: Option<u64>,
    /// Validate only; nothing is changed.
    pub test: bool,
    /// How the CA is asked to answer.
    pub response_format: ResponseFormat,
}

impl Draft {
    /// Checks every limit and gives the order, or every fault at once.
    ///
    /// ```
    /// use autorevoke::protocol::Draft;
    /// let faults = Draft { order_number: "007".into(), product_code: "x".repeat(51), ..Draft::default() }
    ///     .check()
    ///     .unwrap_err();
    /// assert_eq!(faults.fields().len(), 2);
    /// ```
    pub fn check(self) -> Result<Order, InvalidOrder> {
        let mut faults = InvalidOrder::new();
        self.note_faults(&mut faults);
        faults.or(|| Order(self))
    }

    pub(super) fn note_faults(&self, faults: &mut InvalidOrder) {
        if let Some(fault) = order_number_fault(&self.order_number) {
            faults.note("orderNumber", fault);
        }
        if longer_than(&self.revocation_reason, MAX_REVOCATION_REASON_CHARS) {
            faults.note("revocationReason", "must have at most 1024 characters");
        }
        if self
            .revocation_reason
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t')
        {
            faults.note(
                "revocationReason",
                "must have no control characters other than newline and tab",
            );
        }
        if longer_than(&self.product_code, MAX_PRODUCT_CODE_CHARS) {
            faults.note("productCode", "must have at most 50 characters");
        }
        if self.product_code.chars().any(char::is_control) {
            faults.note("productCode", "must have no control characters");
        }
    }
}

const ORDER_NUMBER_FAULT: &str =
    "must be decimal digits without leading zeros, from 1 to 9223372036854775807 (2^63-1)";

fn order_number_fault(text: &str) -> Option<&'static str> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    // 19 digits always fit a u64, so the comparison below cannot overflow.
    let in_range = digits
        && !text.starts_with('0')
        && text.len() <= 19
        && read_decimal(text).is_some_and(|number| number <= MAX_ORDER_NUMBER);
    if in_range { None } else { Some(ORDER_NUMBER_FAULT) }
}

/// A well-formed order. Only [`Draft::check`] and [`order_from_members`](super::order_from_members) make one,
/// so it need not be checked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order(Draft);

impl Order {
    /// The order's number as decimal text; never as floating point, which would lose digits.
    pub fn order_number(&self) -> &str {
        &self.0.order_number
    }

    /// The reason that counts.
    pub fn code_reason(&self) -> CodeReason {
        self.0.code_reason
    }

    /// The comment, if there is one.
    pub fn revocation_reason(&self) -> Option<&str> {
        given(&self.0.revocation_reason)
    }

    /// The account's number, if it is given.
    pub fn account_id(&self) -> Option<u64> {
        self.0.account_id
    }

    /// Which certificate of the order, if it is given.
    pub fn product_code(&self) -> Option<&str> {
        given(&self.0.product_code)
    }

    /// The product's number, if it is given.
    pub fn product(&self) -> Option<u64> {
        self.0.product
    }

    /// Whether this call validates only and changes nothing.
    pub fn test(&self) -> bool {
        self.0.test
    }

    /// How the CA is asked to answer.
    pub fn response_format(&self) -> ResponseFormat {
        self.0.response_format
    }

    /// The same order, sent for this account.
    pub fn with_account_id(mut self, account_id: Option<u64>) -> Order {
        self.0.account_id = account_id;
        self
    }

    /// The same order as a test call, which changes nothing.
    pub fn tested(mut self) -> Order {
        self.0.test = true;
        self
    }

    /// What is revoked: `orderNumber`, `productCode` and `product` together, for locks, duplicates and history.
    ///
    /// ```
    /// use autorevoke::protocol::Draft;
    /// let order = Draft { order_number: "12".into(), product: Some(488), ..Draft::default() }.check()?;
    /// assert_eq!(order.identity(), "12/488/");
    /// # Ok::<(), autorevoke::protocol::InvalidOrder>(())
    /// ```
    pub fn identity(&self) -> String {
        let product = self.0.product.map(decimal).unwrap_or_default();
        // The code comes last: it alone may contain the separator.
        [self.order_number(), "/", &product, "/", &self.0.product_code].concat()
    }
}

fn given(text: &str) -> Option<&str> {
    if text.is_empty() { None } else { Some(text) }
}
