//! An order to revoke: its parameters, their limits, and what makes two orders the same.

use super::decimal::decimal;
use super::length::longer_than;
use super::name::{Name, NameKind};
use super::{CodeReason, InvalidOrder};

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
    /// The CA's number of the order: decimal digits without leading zeros, 1 to
    /// [`MAX_ORDER_NUMBER`](super::MAX_ORDER_NUMBER). Exactly one of this and the next two is required.
    pub order_number: String,
    /// The certificate's serial number in hexadecimal, at most [`MAX_SERIAL_DIGITS`](super::MAX_SERIAL_DIGITS); colons, blanks
    /// and a leading `0x` are dropped.
    pub serial_number: String,
    /// The CA's number of the certificate: decimal digits, at most
    /// [`MAX_CERTIFICATE_ID`](super::MAX_CERTIFICATE_ID).
    pub certificate_id: String,
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
    /// What is named by one text for kind and value, as [`Name::text`] writes it, and nothing else.
    pub fn named(text: &str) -> Draft {
        let (kind, value) = NameKind::split(text);
        let mut draft = Draft::default();
        *draft.name_mut(kind) = value.to_owned();
        draft
    }

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
        let mut named = NameKind::ALL
            .into_iter()
            .filter(|kind| !self.name(*kind).is_empty());
        let kind = named.next().unwrap_or(NameKind::OrderNumber);
        let mut faults = InvalidOrder::new();
        for another in named {
            faults.note(another.parameter(), ANOTHER_NAME);
        }
        self.checked(kind, faults)
    }

    /// The same where it is known that this is how it is named, and with the faults that were found before.
    pub(super) fn checked(self, kind: NameKind, mut faults: InvalidOrder) -> Result<Order, InvalidOrder> {
        let name = kind.normalised(self.name(kind));
        if let Err(fault) = name {
            faults.note(kind.parameter(), fault);
        }
        self.note_faults(&mut faults);
        faults.or(|| Order {
            kind,
            name: name.unwrap_or_default(),
            code_reason: self.code_reason,
            revocation_reason: self.revocation_reason,
            account_id: self.account_id,
            product_code: self.product_code,
            product: self.product,
            test: self.test,
            response_format: self.response_format,
        })
    }

    fn name(&self, kind: NameKind) -> &str {
        match kind {
            NameKind::OrderNumber => &self.order_number,
            NameKind::SerialNumber => &self.serial_number,
            NameKind::CertificateId => &self.certificate_id,
        }
    }

    fn name_mut(&mut self, kind: NameKind) -> &mut String {
        match kind {
            NameKind::OrderNumber => &mut self.order_number,
            NameKind::SerialNumber => &mut self.serial_number,
            NameKind::CertificateId => &mut self.certificate_id,
        }
    }

    fn note_faults(&self, faults: &mut InvalidOrder) {
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

pub(super) const ANOTHER_NAME: &str =
    "is a second name: give one of orderNumber, serialNumber and certificateID";

/// A well-formed order. Only [`Draft::check`] and [`order_from_members`](super::order_from_members) make one,
/// so it need not be checked again. It is small, since a plan has a hundred thousand of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    kind: NameKind,
    name: String,
    code_reason: CodeReason,
    revocation_reason: String,
    account_id: Option<u64>,
    product_code: String,
    product: Option<u64>,
    test: bool,
    response_format: ResponseFormat,
}

impl Order {
    /// What names the certificate.
    pub fn name(&self) -> Name<'_> {
        Name {
            kind: self.kind,
            value: &self.name,
        }
    }

    /// The reason that counts.
    pub fn code_reason(&self) -> CodeReason {
        self.code_reason
    }

    /// The comment, if there is one.
    pub fn revocation_reason(&self) -> Option<&str> {
        given(&self.revocation_reason)
    }

    /// The account's number, if it is given.
    pub fn account_id(&self) -> Option<u64> {
        self.account_id
    }

    /// Which certificate of the order, if it is given.
    pub fn product_code(&self) -> Option<&str> {
        given(&self.product_code)
    }

    /// The product's number, if it is given.
    pub fn product(&self) -> Option<u64> {
        self.product
    }

    /// Whether this call validates only and changes nothing.
    pub fn test(&self) -> bool {
        self.test
    }

    /// How the CA is asked to answer.
    pub fn response_format(&self) -> ResponseFormat {
        self.response_format
    }

    /// The same order, sent for this account.
    pub fn with_account_id(mut self, account_id: Option<u64>) -> Order {
        self.account_id = account_id;
        self
    }

    /// The same order as a test call, which changes nothing.
    pub fn tested(mut self) -> Order {
        self.test = true;
        self
    }

    /// What is revoked: the name, `productCode` and `product` together, for locks, duplicates and history.
    ///
    /// ```
    /// use autorevoke::protocol::Draft;
    /// let order = Draft { order_number: "12".into(), product: Some(488), ..Draft::default() }.check()?;
    /// assert_eq!(order.identity(), "12/488/");
    /// # Ok::<(), autorevoke::protocol::InvalidOrder>(())
    /// ```
    pub fn identity(&self) -> String {
        let product = self.product.map(decimal).unwrap_or_default();
        // The code comes last: it alone may contain the separator.
        let Name { kind, value } = self.name();
        [kind.prefix(), value, "/", &product, "/", &self.product_code].concat()
    }
}

fn given(text: &str) -> Option<&str> {
    if text.is_empty() { None } else { Some(text) }
}
