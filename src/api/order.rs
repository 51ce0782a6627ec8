//! One order: to revoke it, and all that the edge knows of it.

use serde::{Deserialize, Serialize};

use super::about::About;
use super::name::CertificateName;
use super::value::{
    Actor, CaMessage, CertificateId, Instance, Label, OrderNumber, Pem, ProductCode, RevocationReason, Seq,
    Time, WrittenSerialNumber,
};
use super::{given, is_false};
use crate::protocol::CodeReason;
use crate::verdict::Outcome;

/// An order to revoke (`POST /v1/revocations`).
///
/// ```json keyCompromise
/// {
///   "orderNumber": "123456",
///   "codeReason": "keyCompromise",
///   "revocationReason": "Key found in a public repository"
/// }
/// ```
///
/// ```json test
/// { "orderNumber": 123457, "codeReason": 4, "test": true }
/// ```
///
/// ```json serialNumber
/// { "serialNumber": "00:a1:b2:c3", "codeReason": "keyCompromise" }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Order {
    /// What names the certificate.
    #[serde(flatten)]
    pub name: AskedName,
    /// Why.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub code_reason: Option<Reason>,
    /// A comment.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub revocation_reason: Option<RevocationReason>,
    /// Which certificate of the order.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product_code: Option<ProductCode>,
    /// The product's number.
    #[cfg_attr(feature = "openapi", schemars(extend("maximum" = super::MAX_INTEGER)))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product: Option<u64>,
    /// Whether to change nothing.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub test: Option<Test>,
}

/// What names a certificate, as a caller writes it: exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum AskedName {
    /// The order's number: a string of digits; an integer only up to 2^53-1.
    #[serde(rename = "orderNumber")]
    OrderNumber(Number),
    /// The certificate's serial number, in at most 34 hexadecimal digits. Colons, blanks and a leading `0x` are dropped.
    #[serde(rename = "serialNumber")]
    SerialNumber(WrittenSerialNumber),
    /// The CA's number of the certificate: a string of at most 16 digits; an integer only up to 2^53-1.
    #[serde(rename = "certificateID")]
    CertificateId(IdNumber),
    /// The certificate itself, in PEM: it is named by its serial number, and so is the answer. CAs' own certificates beside it,
    /// as in a chain, are left out.
    #[serde(rename = "certificate")]
    Certificate(Pem),
}

/// The CA's number of a certificate as a caller writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(inline))]
#[serde(untagged)]
pub enum IdNumber {
    /// Digits.
    Text(CertificateId),
    /// An integer that a number of JavaScript carries exactly.
    Integer(#[cfg_attr(feature = "openapi", schemars(range(min = 1, max = super::MAX_INTEGER)))] u64),
}

/// The number of an order as a caller writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema), schemars(inline))]
#[serde(untagged)]
pub enum Number {
    /// Digits, of any size.
    Text(OrderNumber),
    /// An integer that a number of JavaScript carries exactly.
    Integer(#[cfg_attr(feature = "openapi", schemars(range(min = 1, max = super::MAX_INTEGER)))] u64),
}

/// A reason as a caller writes it: its number, or its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Reason {
    /// 0, 1, 3, 4 or 5.
    Number(CodeReason),
    /// Its name, such as `keyCompromise`.
    Name(String),
}

/// Whether a call changes nothing, as a caller writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Test {
    /// `true`: validate everything, change nothing.
    Bool(bool),
    /// `Y` or `N`, as the CA spells it.
    Letter(String),
}

impl Serialize for CodeReason {
    /// As its number.
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u8(self.number())
    }
}

impl<'de> Deserialize<'de> for CodeReason {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<CodeReason, D::Error> {
        let number = u8::deserialize(from)?;
        let known = CodeReason::ALL
            .into_iter()
            .find(|reason| reason.number() == number);
        known.ok_or_else(|| serde::de::Error::custom("no reason has this number"))
    }
}

/// Whether to do more than find out (`POST /v1/orders/{orderNumber}/settle`).
///
/// ```json probe
/// {}
/// ```
///
/// ```json resend
/// { "resend": true }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Settling {
    /// Send the order itself again, if its outcome is unknown.
    #[serde(default, skip_serializing_if = "is_false")]
    pub resend: bool,
}

/// An order that is done (`POST /v1/revocations`).
///
/// ```json revoked
/// { "orderNumber": "123456", "outcome": "revoked", "errorCode": 0, "test": false, "auditSeq": 4 }
/// ```
///
/// ```json alreadyRevoked
/// {
///   "orderNumber": "123456",
///   "outcome": "already-revoked",
///   "errorCode": -21,
///   "errorMessage": "The certificate has already been revoked!",
///   "test": false,
///   "auditSeq": 9
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Revocation {
    /// What names the certificate.
    #[serde(flatten)]
    pub name: CertificateName,
    /// How it is done.
    pub outcome: Outcome,
    /// The CA's code.
    #[cfg_attr(feature = "openapi", schemars(extend("enum" = [0, -21, -20])))]
    pub error_code: i32,
    /// The CA's text.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub error_message: Option<CaMessage>,
    /// Whether it was a test call, which changes nothing.
    pub test: bool,
    /// The entry of the audit log about its outcome.
    pub audit_seq: Seq,
}

/// All that the edge knows of an order (`GET /v1/orders/{orderNumber}`). What was done past the edge is not known here.
///
/// ```json settled
/// {
///   "orderNumber": "123460",
///   "state": "already-revoked",
///   "settled": true,
///   "attempts": [
///     {
///       "codeReason": 0,
///       "test": false,
///       "outcome": "unknown",
///       "detail": "the connection broke",
///       "actor": "key:operator",
///       "instance": "urn:uuid:028f1535-059e-41ff-b9b1-401a92b2067b",
///       "startedAt": "2026-11-23T00:16:57.959Z",
///       "endedAt": "2026-11-23T00:16:57.965Z",
///       "auditSeqs": [12, 13]
///     },
///     {
///       "purpose": "settle",
///       "codeReason": 0,
///       "test": true,
///       "outcome": "already-revoked",
///       "errorCode": -21,
///       "errorMessage": "The certificate has already been revoked!",
///       "actor": "key:operator",
///       "instance": "urn:uuid:5a08b84c-42a8-4c1a-b40b-6c69d9dbc884",
///       "startedAt": "2026-11-23T00:16:57.977Z",
///       "endedAt": "2026-11-23T00:16:57.982Z",
///       "auditSeqs": [14, 15]
///     }
///   ],
///   "auditSeqs": [12, 13, 14, 15]
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrderRecord {
    /// What names the certificate.
    #[serde(flatten)]
    pub name: CertificateName,
    /// What is known of it besides: what the newest call that says anything was made for.
    #[serde(flatten)]
    pub about: About,
    /// Where it stands; `tested` is the outcome of attempts only.
    #[cfg_attr(feature = "openapi", schemars(extend("not" = { "const": "tested" })))]
    pub state: OrderState,
    /// There only if the state was found out after an unknown outcome: that it was the edge's own lost call is likely, and not
    /// proven.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = true)))]
    #[serde(default, skip_serializing_if = "is_false")]
    pub settled: bool,
    /// The calls to the CA, in order: the newest 250 real ones, and the newest 250 test calls.
    pub attempts: Vec<Attempt>,
    /// The entries of the audit log about these calls.
    pub audit_seqs: Vec<Seq>,
    /// There only if the state is `unknown`, and nothing more is done about it by itself: it was probed for a day, or is unknown
    /// since a restore. A person may probe it or send it again: `POST /v1/orders/{orderNumber}/settle`.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = true)))]
    #[serde(default, skip_serializing_if = "is_false")]
    pub waits_for_person: bool,
    /// There only if the ledger was restored from a backup, in which the order was refused: what was done since then is not known.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = true)))]
    #[serde(default, skip_serializing_if = "is_false")]
    pub unknown_since_restore: bool,
    /// There only if the state is `unknown` and it is known since when.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub unknown_since: Option<Time>,
    /// There only if the state is `unknown` and the edge goes on settling it: when it is probed next, or sent again.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub next_probe_at: Option<Time>,
    /// There only if the edge may send the order again by itself: until when. Later only a person may.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub resend_until: Option<Time>,
    /// There only if there were more: how many older calls are not listed here, 10000 for that many or more. The audit log has
    /// them.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1, max = 10_000)))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub omitted: Option<u64>,
}

/// A page of orders, those first whose last real call is the oldest (`GET /v1/orders`).
///
/// ```json unknown
/// {
///   "orders": [
///     {
///       "orderNumber": "123460",
///       "label": "mail.example.com",
///       "codeReason": 1,
///       "state": "unknown",
///       "sentAt": "2026-11-23T00:16:57.959Z",
///       "unknownSince": "2026-11-23T00:16:57.959Z",
///       "nextProbeAt": "2026-11-23T00:17:29.965Z",
///       "resendUntil": "2026-11-23T00:18:57.959Z"
///     }
///   ]
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct OrderList {
    /// The orders.
    pub orders: Vec<ListedOrder>,
    /// There only if others may follow: `after` for the next page.
    #[cfg_attr(feature = "openapi", schemars(range(min = 1)))]
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// An order in a list: where it stands, and what happens next to one whose outcome is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListedOrder {
    /// What names the certificate.
    #[serde(flatten)]
    pub name: CertificateName,
    /// What it is called.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// Which certificate of it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product_code: Option<ProductCode>,
    /// The product's number.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product: Option<u64>,
    /// Why it was to be revoked when it was last sent. Left out only where what is stored of that call cannot be read.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub code_reason: Option<CodeReason>,
    /// Where it stands.
    #[cfg_attr(feature = "openapi", schemars(extend("not" = { "const": "tested" })))]
    pub state: OrderState,
    /// There only if the state was found out after an unknown outcome: that it was the edge's own lost call is likely, and not
    /// proven.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = true)))]
    #[serde(default, skip_serializing_if = "is_false")]
    pub settled: bool,
    /// When it was last sent for real. Left out only where what is stored of that call cannot be read.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Time>,
    /// There only if the state is `unknown` and it is known since when.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub unknown_since: Option<Time>,
    /// There only if the state is `unknown` and the edge goes on settling it: when it is probed next, or sent again.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub next_probe_at: Option<Time>,
    /// There only if the edge may send it again by itself: until when. Later only a person may.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub resend_until: Option<Time>,
    /// There only if the state is `unknown`, and nothing more is done about it by itself: a person may probe it or send it again.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = true)))]
    #[serde(default, skip_serializing_if = "is_false")]
    pub waits_for_person: bool,
    /// There only if the ledger was restored from a backup, in which the order was refused: what was done since then is not known.
    #[cfg_attr(feature = "openapi", schemars(extend("const" = true)))]
    #[serde(default, skip_serializing_if = "is_false")]
    pub unknown_since_restore: bool,
}

/// One call to the CA: what was asked, by whom, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// There only if it was made because of an unknown outcome.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub purpose: Option<AttemptPurpose>,
    /// Why the order was to be revoked. Left out only where what is stored of the call cannot be read.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub code_reason: Option<CodeReason>,
    /// The caller's comment.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub revocation_reason: Option<RevocationReason>,
    /// Which certificate of the order.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product_code: Option<ProductCode>,
    /// The product's number.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product: Option<u64>,
    /// Whether it was a test call, which changes nothing.
    pub test: bool,
    /// What came of it.
    pub outcome: OrderState,
    /// The CA's code, where it answered with one.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub error_code: Option<i32>,
    /// The CA's text.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub error_message: Option<CaMessage>,
    /// Why the outcome is unknown, in words.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Who asked for it.
    pub actor: Actor,
    /// The request that it came of.
    pub instance: Instance,
    /// When its intent was written: it left as soon as that was on disk.
    pub started_at: Time,
    /// When it ended.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Time>,
    /// The entries of the audit log about it.
    pub audit_seqs: Vec<Seq>,
}

/// Why a call was made that nobody asked for as a revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AttemptPurpose {
    /// A test call, to find out what became of an unknown outcome.
    Settle,
    /// The order once more, after an unknown outcome.
    Resend,
    /// A test call, to see whether the CA answers at all before a job goes on.
    Check,
}

/// Where an order stands, and what came of one attempt at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", from = "String")]
pub enum OrderState {
    /// Nothing was sent that could have changed it.
    Pending,
    /// A call to the CA is in flight.
    Sending,
    /// The CA accepted it: revoked, or cancelled if not issued yet.
    Revoked,
    /// It had been revoked before.
    AlreadyRevoked,
    /// It had been rejected before.
    AlreadyRejected,
    /// A test call went well. Of attempts only: it changes no order.
    Tested,
    /// The CA said no.
    Refused,
    /// It is not known what the CA did.
    Unknown,
}

impl OrderState {
    /// All of them.
    pub const ALL: [OrderState; 8] = [
        OrderState::Pending,
        OrderState::Sending,
        OrderState::Revoked,
        OrderState::AlreadyRevoked,
        OrderState::AlreadyRejected,
        OrderState::Tested,
        OrderState::Refused,
        OrderState::Unknown,
    ];

    /// Those that an order can be in: a test changes none.
    pub const OF_ORDERS: [OrderState; 7] = [
        OrderState::Pending,
        OrderState::Sending,
        OrderState::Revoked,
        OrderState::AlreadyRevoked,
        OrderState::AlreadyRejected,
        OrderState::Refused,
        OrderState::Unknown,
    ];

    /// The name in the ledger and in documents.
    pub const fn name(self) -> &'static str {
        match self {
            OrderState::Pending => "pending",
            OrderState::Sending => "sending",
            OrderState::Revoked => "revoked",
            OrderState::AlreadyRevoked => "already-revoked",
            OrderState::AlreadyRejected => "already-rejected",
            OrderState::Tested => "tested",
            OrderState::Refused => "refused",
            OrderState::Unknown => "unknown",
        }
    }

    /// The state with this name. What is not one of them is not known.
    pub fn from_name(name: &str) -> OrderState {
        OrderState::ALL
            .into_iter()
            .find(|state| state.name() == name)
            .unwrap_or(OrderState::Unknown)
    }
}

impl From<String> for OrderState {
    fn from(name: String) -> OrderState {
        OrderState::from_name(&name)
    }
}

#[cfg(feature = "openapi")]
mod schema {
    //! Numbers and names beside each other, as no derive writes them.

    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use serde_json::Value;

    use super::{CodeReason, Reason, Test};

    impl JsonSchema for Reason {
        fn schema_name() -> Cow<'static, str> {
            "CodeReason".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            let numbers = CodeReason::ALL.map(|reason| Value::from(reason.number()));
            let names = CodeReason::ALL.map(|reason| Value::from(reason.name()));
            let all = [numbers, names].concat();
            json_schema!({
                "description": "The reason, by number or by name: 0 `unspecified`, 1 `keyCompromise` (whenever the key may have \
                                been exposed; it comes before every other), 3 `affiliationChanged`, 4 `superseded`, 5 \
                                `cessationOfOperation`. It cannot be corrected afterwards.",
                "enum": all,
                "default": 0,
            })
        }
    }

    impl JsonSchema for CodeReason {
        fn schema_name() -> Cow<'static, str> {
            "ReasonNumber".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            let numbers = CodeReason::ALL.map(CodeReason::number);
            json_schema!({
                "description": "The reason, by number: 0 `unspecified`, 1 `keyCompromise`, 3 `affiliationChanged`, 4 \
                                `superseded`, 5 `cessationOfOperation`.",
                "enum": numbers,
            })
        }
    }

    impl JsonSchema for Test {
        fn schema_name() -> Cow<'static, str> {
            "Test".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({
                "description": "True: validate everything, change nothing.",
                "enum": [true, false, "Y", "N"],
                "default": false,
            })
        }
    }
}
