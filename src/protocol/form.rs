//! The form that is sent: every argument once, each encoded exactly once.

use std::fmt;

use zeroize::Zeroizing;

use super::{Credentials, Order, decimal};

/// A request body with the login in it. Prints as `[hidden]` and wipes itself when dropped.
pub struct Form(Zeroizing<String>);

impl Form {
    /// The body's text, all ASCII. The caller wipes any copy of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// The form for an order (the vendor's page, "Sample request").
///
/// Only documented arguments, since an unknown one is refused with -2; nothing that was not given, but always
/// `codeReason` and `responseFormat`. `test=Y` or nothing, which means N.
pub fn form(order: &Order, credentials: &Credentials) -> Form {
    let account_id = order.account_id().map(decimal);
    let code_reason = decimal(order.code_reason().number().into());
    let product = order.product().map(decimal);
    let response_format = decimal(order.response_format().number().into());
    let name = order.name();
    let arguments = [
        ("loginName", Some(credentials.login_name())),
        ("loginPassword", Some(credentials.login_password())),
        (name.parameter(), Some(name.value())),
        ("accountID", account_id.as_deref()),
        ("codeReason", Some(&code_reason)),
        ("revocationReason", order.revocation_reason()),
        ("productCode", order.product_code()),
        ("product", product.as_deref()),
        ("test", order.test().then_some("Y")),
        ("responseFormat", Some(&response_format)),
    ];
    // Room for the longest encoding, so that the text never moves and leaves a copy of the password behind.
    let room = arguments
        .iter()
        .map(|(name, value)| name.len() + 2 + 3 * value.map_or(0, str::len))
        .sum();
    let mut encoder = form_urlencoded::Serializer::new(String::with_capacity(room));
    let given = arguments
        .iter()
        .filter_map(|(name, value)| value.map(|value| (*name, value)));
    for argument in given {
        // Pairs of strings cannot fail to serialise.
        let _ =
            serde::ser::Serialize::serialize(&[argument], serde_urlencoded::Serializer::new(&mut encoder));
    }
    Form(Zeroizing::new(encoder.finish()))
}
