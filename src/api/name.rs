//! What names a certificate in a document: exactly one of three members, or one text where a list or a path names it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::given;
use super::value::{CertificateId, NameText, OrderNumber, SerialNumber};
use crate::protocol::{Name, NameKind};

/// What names a certificate: exactly one of the three. That two of them may mean the same certificate is the CA's knowledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(try_from = "Members")]
pub enum CertificateName {
    /// The order's number.
    #[serde(rename = "orderNumber")]
    OrderNumber(OrderNumber),
    /// The certificate's serial number.
    #[serde(rename = "serialNumber")]
    SerialNumber(SerialNumber),
    /// The CA's number of the certificate.
    #[serde(rename = "certificateID")]
    CertificateId(CertificateId),
}

/// What is read of a document, of which one must be there.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct Members {
    #[serde(rename = "orderNumber", default, deserialize_with = "given")]
    order_number: Option<OrderNumber>,
    #[serde(rename = "serialNumber", default, deserialize_with = "given")]
    serial_number: Option<SerialNumber>,
    #[serde(rename = "certificateID", default, deserialize_with = "given")]
    certificate_id: Option<CertificateId>,
}

impl TryFrom<Members> for CertificateName {
    type Error = &'static str;

    fn try_from(members: Members) -> Result<CertificateName, &'static str> {
        match (
            members.order_number,
            members.serial_number,
            members.certificate_id,
        ) {
            (Some(number), None, None) => Ok(CertificateName::OrderNumber(number)),
            (None, Some(number), None) => Ok(CertificateName::SerialNumber(number)),
            (None, None, Some(id)) => Ok(CertificateName::CertificateId(id)),
            _ => Err("one of orderNumber, serialNumber and certificateID must be there"),
        }
    }
}

impl CertificateName {
    /// Which member it is.
    pub fn kind(&self) -> NameKind {
        match self {
            CertificateName::OrderNumber(_) => NameKind::OrderNumber,
            CertificateName::SerialNumber(_) => NameKind::SerialNumber,
            CertificateName::CertificateId(_) => NameKind::CertificateId,
        }
    }

    /// The member's value.
    pub fn value(&self) -> &str {
        match self {
            CertificateName::OrderNumber(number) => number,
            CertificateName::SerialNumber(number) => number,
            CertificateName::CertificateId(id) => id,
        }
    }

    /// The same if it is well formed, and written as it is sent.
    pub fn well_formed(&self) -> Option<Name<'_>> {
        Name::new(self.kind(), self.value())
    }

    /// As one text: `12`, `serial:0A1B`, `certificate:345`.
    ///
    /// ```
    /// use autorevoke::api::name::CertificateName;
    /// for text in ["12", "serial:0A1B", "certificate:345"] {
    ///     assert_eq!(CertificateName::from_text(text).text().to_string(), text);
    /// }
    /// ```
    pub fn text(&self) -> NameText {
        [self.kind().prefix(), self.value()].concat().into()
    }

    /// The one that [`CertificateName::text`] was made of.
    pub fn from_text(text: &str) -> CertificateName {
        let (kind, value) = NameKind::split(text);
        CertificateName::of(kind, value)
    }

    /// The one in an [`Order::identity`](crate::protocol::Order::identity).
    ///
    /// ```
    /// use autorevoke::api::name::CertificateName;
    /// assert_eq!(CertificateName::of_identity("serial:0A1B//a/b").value(), "0A1B");
    /// ```
    pub fn of_identity(identity: &str) -> CertificateName {
        CertificateName::from_text(identity.split('/').next().unwrap_or_default())
    }

    /// Puts it among the members of a document.
    pub fn put_in(&self, members: &mut Map<String, Value>) {
        members.insert(self.kind().parameter().to_owned(), self.value().into());
    }

    fn of(kind: NameKind, value: &str) -> CertificateName {
        match kind {
            NameKind::OrderNumber => CertificateName::OrderNumber(value.into()),
            NameKind::SerialNumber => CertificateName::SerialNumber(value.into()),
            NameKind::CertificateId => CertificateName::CertificateId(value.into()),
        }
    }
}

impl From<Name<'_>> for CertificateName {
    fn from(name: Name<'_>) -> CertificateName {
        CertificateName::of(name.kind(), name.value())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde::{Deserialize, Serialize};
    use serde_json::{from_value, json};

    use super::CertificateName;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Named {
        #[serde(flatten)]
        name: CertificateName,
        test: bool,
    }

    #[test]
    fn a_document_has_exactly_one_name() {
        for (member, text) in [
            ("orderNumber", "12"),
            ("serialNumber", "serial:0A1B"),
            ("certificateID", "certificate:345"),
        ] {
            let name = CertificateName::from_text(text);
            let document = json!({ member: name.value(), "test": true });
            let read: Named = from_value(document.clone()).unwrap();
            assert_eq!(json!(read), document);
            assert_eq!(read.name, name);
        }
        for document in [
            json!({ "test": true }),
            json!({ "test": true, "orderNumber": "12", "serialNumber": "0A" }),
            json!({ "test": true, "serialNumber": "0A", "certificateID": "1" }),
            json!({ "test": true, "orderNumber": 12 }),
            json!({ "test": true, "orderNumber": null, "serialNumber": "0A" }),
        ] {
            assert!(from_value::<Named>(document.clone()).is_err(), "{document}");
        }
    }

    #[test]
    fn only_what_is_written_as_it_is_sent_is_well_formed() {
        for text in ["12", "serial:0A1B", "certificate:345"] {
            let name = CertificateName::from_text(text);
            assert_eq!(name.well_formed().unwrap().text(), text);
        }
        for text in [
            "",
            "+1",
            "007",
            "serial:0a1b",
            "serial:A1B",
            "serial:00A1",
            "serial:",
            "certificate:01",
        ] {
            assert_eq!(CertificateName::from_text(text).well_formed(), None, "{text}");
        }
    }
}
