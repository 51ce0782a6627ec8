//! The CA's form API as pure, total functions: order to form, bytes to answer. No I/O, no clock, no JavaScript.
//!
//! Source: the vendor's page "Endpoint: !autoRevokeCertificate" (called "the vendor's page" in these docs).

mod answer;
mod code_reason;
mod codes;
mod credentials;
mod decimal;
mod escapes;
mod form;
mod invalid_order;
mod length;
mod members;
mod name;
mod order;
mod redact;

pub use answer::{Accepted, Answer, MAX_ANSWER_BYTES, Refusal, Reply, Sent, Unknown, UnknownCause, parse};
pub use code_reason::CodeReason;
pub use codes::{CODES, Description, describe};
pub use credentials::{Credentials, MAX_LOGIN_NAME_CHARS, MAX_LOGIN_PASSWORD_CHARS};
pub(crate) use decimal::{decimal, signed_decimal};
pub use form::{Form, form};
pub use invalid_order::InvalidOrder;
#[cfg(feature = "client")]
pub(crate) use members::printable_name;
pub use members::{Member, Via, order_from_members};
pub use name::{MAX_CERTIFICATE_ID, MAX_ORDER_NUMBER, MAX_SERIAL_DIGITS, Name, NameKind};
pub use order::{
    Draft, MAX_JS_INTEGER, MAX_PRODUCT_CODE_CHARS, MAX_REVOCATION_REASON_CHARS, Order, ResponseFormat,
};
pub use redact::REDACTED;
#[cfg(feature = "client")]
pub(crate) use {
    decimal::read_decimal,
    redact::{printable, reveals},
};

/// Where the vendor takes revocations (the vendor's page, "Sample request": the capitalised spelling).
pub const ENDPOINT: &str = "https://secure.trust-provider.com/products/!AutoRevokeCertificate";

/// The media type of the request (the vendor's page: "Submit parameters in the x-www-form-urlencoded format").
pub const FORM_MEDIA_TYPE: &str = "application/x-www-form-urlencoded";
