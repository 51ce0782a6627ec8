//! What documents are made of: numbers, names, times, hashes. Their limits are those of what the edge writes and takes; reading
//! one does not check them.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

#[cfg(feature = "openapi")]
use crate::protocol::{MAX_PRODUCT_CODE_CHARS, MAX_REVOCATION_REASON_CHARS};

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident($($keyword:tt: $value:expr),+);)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "openapi", schemars(extend($($keyword = $value),+)))]
        #[serde(transparent)]
        pub struct $name(String);

        impl From<String> for $name {
            fn from(text: String) -> $name {
                $name(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                $name(text.to_owned())
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

texts! {
    /// Decimal digits without leading zeros, 1 to 9223372036854775807 (2^63-1).
    OrderNumber("pattern": "^([1-9][0-9]{0,17}|[1-8][0-9]{18}|9[01][0-9]{17}|92[01][0-9]{16}|922[0-2][0-9]{15}|9223[0-2][0-9]{14}|92233[0-6][0-9]{13}|922337[01][0-9]{12}|92233720[0-2][0-9]{10}|922337203[0-5][0-9]{9}|9223372036[0-7][0-9]{8}|92233720368[0-4][0-9]{7}|922337203685[0-3][0-9]{6}|9223372036854[0-6][0-9]{5}|92233720368547[0-6][0-9]{4}|922337203685477[0-4][0-9]{3}|9223372036854775[0-7][0-9]{2}|922337203685477580[0-7])$");
    /// Octets in upper-case hexadecimal, without a leading zero octet.
    SerialNumber("pattern": "^(?!00)([0-9A-F]{2}){1,17}$");
    /// A number above 0 in at most 34 hexadecimal digits, besides leading zeros, with colons and blanks anywhere, perhaps behind `0x`.
    WrittenSerialNumber("pattern": "^ *(0x)?[ :0]*[1-9A-Fa-f]([ :]*[0-9A-Fa-f]){0,33}[ :]*$");
    /// A certificate in PEM (RFC 7468), with whatever stands around it.
    Pem("pattern": "-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----");
    /// Decimal digits without leading zeros, at most 16.
    CertificateId("pattern": "^[1-9][0-9]{0,15}$");
    /// What names a certificate, as one text: an order's number as it is, a serial number behind `serial:`, the CA's number of a
    /// certificate behind `certificate:`.
    NameText("pattern": "^([1-9][0-9]{0,18}|serial:([0-9A-F]{2}){1,17}|certificate:[1-9][0-9]{0,15})$");
    /// A comment for the caller's own records: it has no effect. Of control characters only newline and tab.
    RevocationReason("maxLength": MAX_REVOCATION_REASON_CHARS, "pattern": "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]*$");
    /// Which certificate of the order, where it has several. Without control characters.
    ProductCode("maxLength": MAX_PRODUCT_CODE_CHARS, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$");
    /// What people call a certificate. Without characters that cannot be shown: show it as text, never as HTML.
    Label("minLength": 1, "maxLength": MAX_LABEL_CHARS, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$");
    /// What people call a certificate, as a planner writes it: a character that cannot be shown becomes a blank.
    WrittenLabel("maxLength": MAX_LABEL_CHARS);
    /// What a job is called. Without control characters.
    JobName("minLength": 1, "maxLength": 200, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$");
    /// When a job must be done (RFC 3339). One that is past is taken as well: the job is at risk at once.
    Deadline("format": "date-time");
    /// Why a job is declined. Without control characters.
    DeclineComment("minLength": 1, "maxLength": MAX_COMMENT_CHARS, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$");
    /// A job's id.
    JobId("pattern": "^job_[0-9a-f]{24}$");
    /// The SHA-256, in lower-case hex, of the plan's orders: of each the RFC 8785 (JCS) form with the members it has out of
    /// `certificateID` (string), `codeReason` (number), `orderNumber` (string), `product` (string of digits), `productCode`,
    /// `revocationReason`, `serialNumber` (string) and `test` (boolean; this and `codeReason` always), and a newline. Those with
    /// an `orderNumber` come first, sorted by it as a number, then the others, sorted by their name as text (`certificate:345`,
    /// `serial:0A1B`); then by `productCode`, then by `product`.
    PlanHash("pattern": "^[0-9a-f]{64}$");
    /// A SHA-256, in lower-case hex.
    Hash("pattern": "^[0-9a-f]{64}$");
    /// UTC, to the millisecond (RFC 3339).
    Time("format": "date-time");
    /// The request's id, which is also in the edge's log.
    Instance("pattern": "^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
    /// Who acted: `key:ID`, `jwt:ISSUER#SUBJECT`, or `edge`, by itself.
    Actor("minLength": 1);
    /// The person behind the actor; the actor itself where none is named.
    Person("minLength": 1);
    /// The CA's own words, without anything secret: show them as text, never as HTML.
    CaMessage("type": "string");
}

/// An entry's place in the audit log, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", schemars(extend("minimum" = 1)))]
#[serde(transparent)]
pub struct Seq(pub u64);

/// Characters of a [`Label`], at most.
pub const MAX_LABEL_CHARS: usize = 255;
/// The longest reason for which a job is declined, in characters.
const MAX_COMMENT_CHARS: usize = 1_024;

/// Whether a text can stand for why a job is declined: 1 to 1024 characters, none of them a control character.
///
/// ```
/// use autorevoke::api::value::is_comment;
/// assert!(is_comment("Not these") && !is_comment("") && !is_comment("Not\nthese"));
/// ```
pub fn is_comment(text: &str) -> bool {
    (1..=MAX_COMMENT_CHARS).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}
