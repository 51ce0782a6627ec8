//! The reason code of a revocation, by number and by its RFC 5280 name.

/// Why a certificate is revoked: the `codeReason` argument (the vendor's page, "codeReason").
///
/// These five are exactly the reasons that a subscriber may choose (CA/Browser Forum Baseline
/// Requirements, 7.2.2). The reason cannot be corrected afterwards by this API. If several fit, the most
/// serious wins, `keyCompromise` first.
///
/// ```
/// use autorevoke::protocol::CodeReason;
/// assert_eq!(CodeReason::from_name("keyCompromise"), Some(CodeReason::KeyCompromise));
/// assert_eq!(CodeReason::from_number(2), None); // cACompromise is not a subscriber's to choose
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CodeReason {
    /// 0: none of the others fits.
    #[default]
    Unspecified,
    /// 1: the private key may have been exposed.
    KeyCompromise,
    /// 3: the organisation's name or other data changed.
    AffiliationChanged,
    /// 4: a new certificate replaces this one.
    Superseded,
    /// 5: the site is shut down, or the name no longer controlled.
    CessationOfOperation,
}

impl CodeReason {
    /// All five, in the order of their numbers.
    pub const ALL: [CodeReason; 5] = [
        CodeReason::Unspecified,
        CodeReason::KeyCompromise,
        CodeReason::AffiliationChanged,
        CodeReason::Superseded,
        CodeReason::CessationOfOperation,
    ];

    /// The number that is sent.
    pub const fn number(self) -> u8 {
        match self {
            CodeReason::Unspecified => 0,
            CodeReason::KeyCompromise => 1,
            CodeReason::AffiliationChanged => 3,
            CodeReason::Superseded => 4,
            CodeReason::CessationOfOperation => 5,
        }
    }

    /// The name of RFC 5280, section 5.3.1.
    pub const fn name(self) -> &'static str {
        match self {
            CodeReason::Unspecified => "unspecified",
            CodeReason::KeyCompromise => "keyCompromise",
            CodeReason::AffiliationChanged => "affiliationChanged",
            CodeReason::Superseded => "superseded",
            CodeReason::CessationOfOperation => "cessationOfOperation",
        }
    }

    /// When to choose it, in a sentence for the person who chooses.
    pub const fn when_to_choose(self) -> &'static str {
        match self {
            CodeReason::Unspecified => "None of the other reasons fits.",
            CodeReason::KeyCompromise => {
                "Must be chosen whenever the private key may have been exposed: stolen, published, on a lost or \
                 breached machine, or known to someone who should not have it. It comes before every other reason."
            }
            CodeReason::AffiliationChanged => {
                "The organisation's name or other data in the certificate has changed, and the key is safe."
            }
            CodeReason::Superseded => "A new certificate replaces this one, and the key is safe.",
            CodeReason::CessationOfOperation => {
                "The site is shut down, or the domain name is no longer yours, and the key is safe."
            }
        }
    }

    /// The reason with this number, if it is one of the five.
    pub fn from_number(number: i64) -> Option<CodeReason> {
        CodeReason::ALL
            .into_iter()
            .find(|reason| i64::from(reason.number()) == number)
    }

    /// The reason that a text says by its number or its name.
    ///
    /// ```
    /// use autorevoke::protocol::CodeReason;
    /// assert_eq!(CodeReason::written("1"), CodeReason::written("keyCompromise"));
    /// assert_eq!(CodeReason::written("1.0"), None);
    /// ```
    pub fn written(text: &str) -> Option<CodeReason> {
        let number = CodeReason::ALL
            .into_iter()
            .find(|reason| reason.number().to_string() == text);
        number.or_else(|| CodeReason::from_name(text))
    }

    /// The reason with this RFC 5280 name, spelt exactly so.
    pub fn from_name(name: &str) -> Option<CodeReason> {
        CodeReason::ALL.into_iter().find(|reason| reason.name() == name)
    }
}
