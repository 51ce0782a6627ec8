//! What people call a certificate, and what it says of itself. It is never sent to the CA, and no part of a plan's hash: nothing is
//! decided by it.

use serde::{Deserialize, Serialize};

use super::given;
use super::reading::object;
use super::value::{Label, MAX_LABEL_CHARS, Time};
use crate::certificate::Certificate;
use crate::printable::printable;

/// What is known of a certificate besides what names it at the CA.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct About {
    /// What its planner called it, or the names in the certificate. Others may have chosen those: show it as text, never as HTML.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// What the certificate says of itself, where it was there and not its number alone.
    #[serde(default, deserialize_with = "object", skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateFacts>,
}

impl About {
    /// What is written in the ledger; nothing where nothing is known.
    pub fn kept(&self) -> Option<String> {
        let is_known = self.label.is_some() || self.certificate.is_some();
        // Texts and lists of them, which can all be written.
        is_known.then(|| serde_json::to_string(self).unwrap_or_default())
    }

    /// What was written so. Whatever else is known of an order does not depend on it.
    pub fn read(kept: Option<&str>) -> About {
        kept.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }
}

impl From<&Certificate> for About {
    fn from(certificate: &Certificate) -> About {
        About {
            label: Label::of(&certificate.names.join(", ")),
            certificate: Some(CertificateFacts {
                names: certificate.names.clone(),
                issuer: certificate.issuer.clone(),
                // To the millisecond, as all times.
                not_after: certificate.not_after.replace('Z', ".000Z").into(),
            }),
        }
    }
}

impl Label {
    /// A text of others as a label: in one line, as many characters as a label has, and none that cannot be shown.
    ///
    /// ```
    /// use autorevoke::api::value::Label;
    /// assert_eq!(Label::of(" www.\u{202e}example.com ").as_deref(), Some("www. example.com"));
    /// assert_eq!(Label::of("\u{200b}"), None);
    /// ```
    pub fn of(text: &str) -> Option<Label> {
        let label = printable(text.trim(), MAX_LABEL_CHARS);
        // A character that cannot be shown is a blank now.
        Some(Label::from(label.trim())).filter(|label| !label.is_empty())
    }
}

/// What a certificate says of itself. Its signature is not verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CertificateFacts {
    /// The DNS names and IP addresses that it is for, of many the first sixteen; its common name where it has none of these.
    #[cfg_attr(feature = "openapi", schemars(length(max = 16)))]
    #[serde(default)]
    pub names: Vec<String>,
    /// Who issued it, as RFC 4514 writes a name.
    pub issuer: String,
    /// When it ends.
    pub not_after: Time,
}
