//! The CA account's login: shown to nobody, wiped when it goes.

use std::fmt;

use zeroize::Zeroizing;

use super::InvalidOrder;
use super::length::longer_than;

/// Limit of `loginName` in characters, before encoding (the vendor's page, "Max. Length").
pub const MAX_LOGIN_NAME_CHARS: usize = 64;
/// Limit of `loginPassword` in characters, before encoding (the vendor's page, "Max. Length").
pub const MAX_LOGIN_PASSWORD_CHARS: usize = 128;

/// `loginName` and `loginPassword`. Prints as `[hidden]`, cannot be cloned, and wipes itself when dropped.
///
/// ```
/// use autorevoke::protocol::Credentials;
/// let credentials = Credentials::new("yourLoginName", "yourPassword")?;
/// assert_eq!(format!("{credentials:?}"), "[hidden]");
/// # Ok::<(), autorevoke::protocol::InvalidOrder>(())
/// ```
pub struct Credentials {
    login_name: Zeroizing<String>,
    login_password: Zeroizing<String>,
}

impl Credentials {
    /// Takes and checks a login; a fault names the field, never the value.
    pub fn new(
        login_name: impl Into<String>,
        login_password: impl Into<String>,
    ) -> Result<Credentials, InvalidOrder> {
        let credentials = Credentials {
            login_name: Zeroizing::new(login_name.into()),
            login_password: Zeroizing::new(login_password.into()),
        };
        let mut faults = InvalidOrder::new();
        if let Some(fault) = fault(
            &credentials.login_name,
            MAX_LOGIN_NAME_CHARS,
            "must have at most 64 characters",
        ) {
            faults.note("loginName", fault);
        }
        if let Some(fault) = fault(
            &credentials.login_password,
            MAX_LOGIN_PASSWORD_CHARS,
            "must have at most 128 characters",
        ) {
            faults.note("loginPassword", fault);
        }
        faults.or(|| credentials)
    }

    /// What must not appear in any text that is passed on.
    pub(crate) fn secrets(&self) -> [&str; 2] {
        [&self.login_name, &self.login_password]
    }

    pub(super) fn login_name(&self) -> &str {
        &self.login_name
    }

    pub(super) fn login_password(&self) -> &str {
        &self.login_password
    }
}

fn fault(text: &str, max_chars: usize, too_long: &'static str) -> Option<&'static str> {
    if text.is_empty() {
        Some("is missing")
    } else if longer_than(text, max_chars) {
        Some(too_long)
    } else if text.chars().any(char::is_control) {
        Some("must have no control characters")
    } else {
        None
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}
