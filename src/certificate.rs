//! What an X.509 certificate (RFC 5280) says of itself: its serial number, which the CA is sent, and the rest for people to
//! read. No signature is checked: the CA decides what it revokes.

use std::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use der::asn1::{AnyRef, BitStringRef, OctetStringRef, SequenceRef};
use der::oid::{AssociatedOid, ObjectIdentifier};
use der::{Decode, DecodeValue, Sequence};
use x509_cert::Version;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, SubjectAltName};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Validity;

use crate::printable::printable;
use crate::protocol::{InvalidOrder, Member, NameKind, Order, Via};

/// The longest certificate that is read, in bytes of DER. Ordinary ones have one to three thousand.
pub const MAX_CERTIFICATE_BYTES: usize = 64 * 1024;
/// Names that are kept of one certificate, at most; the serial number alone decides what is revoked.
const MAX_NAMES: usize = 16;
/// Characters of a name or an issuer that are kept, at most.
const MAX_NAME_CHARS: usize = 255;

/// A certificate, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Upper-case hexadecimal octets, without a leading zero octet.
    pub serial_number: String,
    /// The DNS names and IP addresses that it is for; its common name where it has none of these. Of many, the first.
    pub names: Vec<String>,
    /// Who issued it, as RFC 4514 writes a name.
    pub issuer: String,
    /// When it ends (RFC 3339, UTC).
    pub not_after: String,
    /// Whether it is a CA's own (RFC 5280, section 4.2.1.9), as those are that stand above another in its chain.
    pub is_ca: bool,
}

/// Why a text or bytes are no list of certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidCertificate {
    /// The line of the text on which the certificate begins, from 1; 1 for bytes.
    pub line: usize,
    /// What is wrong.
    pub fault: &'static str,
}

impl Certificate {
    /// Reads one in DER.
    ///
    /// ```
    /// use autorevoke::certificate::Certificate;
    /// let fault = Certificate::from_der(b"not DER").unwrap_err();
    /// assert_eq!((fault.line, fault.fault), (1, "is no X.509 certificate"));
    /// ```
    pub fn from_der(der: &[u8]) -> Result<Certificate, InvalidCertificate> {
        read(der, described).map_err(|fault| InvalidCertificate { line: 1, fault })
    }

    /// Reads all of a PEM text (RFC 7468), or names the first fault in it. See [`Certificate::each_in_pem`].
    pub fn from_pem(text: &str) -> Result<Vec<Certificate>, InvalidCertificate> {
        all_in_pem(text, described)
    }

    /// Reads a PEM text (RFC 7468) certificate by certificate, and goes on behind a fault. Text between certificates is
    /// skipped, since tools write some there; lines may have any length. A private key or a request among them is a fault: it
    /// is not what was meant to be sent.
    pub fn each_in_pem(text: &str) -> impl Iterator<Item = Result<Certificate, InvalidCertificate>> {
        each_of_pem(text, described)
    }
}

/// What is no certificate.
const NO_CERTIFICATE: &str = "is no X.509 certificate";

/// A certificate (RFC 5280, section 4.1), read as far as it is looked at: `x509_cert` reads all of it, and names and times alone
/// are more code than what names one.
#[derive(DecodeValue)]
struct Signed<'a> {
    certificate: ToBeSigned<'a>,
    _algorithm: &'a SequenceRef,
    _signature: BitStringRef<'a>,
}

/// What was signed. Members that begin with `_` are only passed over.
#[derive(DecodeValue)]
struct ToBeSigned<'a> {
    #[asn1(context_specific = "0", default = "Default::default")]
    _version: Version,
    serial_number: SerialNumber,
    _algorithm: &'a SequenceRef,
    issuer: AnyRef<'a>,
    validity: AnyRef<'a>,
    subject: AnyRef<'a>,
    _public_key: &'a SequenceRef,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    _issuer_id: Option<BitStringRef<'a>>,
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT", optional = "true")]
    _subject_id: Option<BitStringRef<'a>>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Vec<Extension<'a>>>,
}

/// An extension (RFC 5280, section 4.2).
#[derive(DecodeValue)]
struct Extension<'a> {
    id: ObjectIdentifier,
    #[asn1(default = "Default::default")]
    _critical: bool,
    value: &'a OctetStringRef,
}

impl<'a> Sequence<'a> for Signed<'a> {}
impl<'a> Sequence<'a> for ToBeSigned<'a> {}
impl<'a> Sequence<'a> for Extension<'a> {}

impl<'a> ToBeSigned<'a> {
    /// An extension, if it is there once and can be read.
    fn extension<T: AssociatedOid + Decode<'a>>(&self) -> Option<T> {
        let mut its = self.extensions.iter().flatten().filter(|it| it.id == T::OID);
        let first = its.next()?;
        its.next()
            .is_none()
            .then(|| T::from_der(first.value.as_bytes()).ok())?
    }
}

/// What is taken from a certificate. The full module takes only what names one.
type Take<T> = fn(&ToBeSigned<'_>) -> Result<T, &'static str>;

fn all_in_pem<T>(text: &str, take: Take<T>) -> Result<Vec<T>, InvalidCertificate> {
    let found = each_of_pem(text, take).collect::<Result<Vec<_>, _>>()?;
    if found.is_empty() {
        let fault = "has no certificate in it";
        return Err(InvalidCertificate { line: 1, fault });
    }
    Ok(found)
}

fn each_of_pem<T>(text: &str, take: Take<T>) -> impl Iterator<Item = Result<T, InvalidCertificate>> {
    let mut lines = lines(text).enumerate().peekable();
    std::iter::from_fn(move || {
        loop {
            let (at, line) = lines.next()?;
            if let Some(label) = boundary(line, "-----BEGIN ") {
                // Of one that was cut the next one is no part.
                let is_inner = |(_, line): &(usize, &str)| boundary(line, "-----BEGIN ").is_none();
                let mut inner = std::iter::from_fn(|| lines.next_if(is_inner).map(|(_, line)| line));
                let found = in_pem(label, &mut inner, take);
                return Some(found.map_err(|fault| InvalidCertificate { line: at + 1, fault }));
            }
        }
    })
}

/// The name of the member of an order that is a certificate itself.
pub const MEMBER: &str = "certificate";

/// The order that these members describe, as [`order_from_members`](crate::protocol::order_from_members) has it, where
/// [`MEMBER`] (in PEM) may stand in the place of another name: its serial number names the order then.
///
/// ```
/// use autorevoke::certificate::order_from_members;
/// use autorevoke::protocol::{Member, Via};
/// let pem = include_str!("../tests/front/certificates/leaf.pem");
/// let order = order_from_members(vec![("certificate", Member::Text(pem.into()))], Via::Edge)?;
/// assert_eq!(order.name().parameter(), "serialNumber");
/// # Ok::<(), autorevoke::protocol::InvalidOrder>(())
/// ```
pub fn order_from_members<N>(mut members: Vec<(N, Member)>, via: Via) -> Result<Order, InvalidOrder>
where
    N: AsRef<str> + From<&'static str>,
{
    let at = members.iter().position(|(name, _)| name.as_ref() == MEMBER);
    let serial_number = at.map(|at| match members.swap_remove(at) {
        (_, Member::Text(pem)) => serial_number_in_pem(&pem),
        _ => Err("must be a string: a certificate in PEM"),
    });
    order_named_by(serial_number, members, via)
}

/// The same where the certificate was read already, if one was there.
pub(crate) fn order_named_by<N>(
    serial_number: Option<Result<String, &'static str>>,
    mut members: Vec<(N, Member)>,
    via: Via,
) -> Result<Order, InvalidOrder>
where
    N: AsRef<str> + From<&'static str>,
{
    let Some(serial_number) = serial_number else {
        return crate::protocol::order_from_members(members, via);
    };
    let mut faults = InvalidOrder::new();
    let is_name = |name: &str| NameKind::ALL.into_iter().any(|kind| kind.parameter() == name);
    if members.iter().any(|(name, _)| is_name(name.as_ref())) {
        faults.note(
            MEMBER,
            "is a second name: give one of orderNumber, serialNumber, certificateID and certificate",
        );
    } else {
        // Any number will do where there is a fault: what else is wrong is to be named as well.
        let serial_number = serial_number.unwrap_or_else(|fault| {
            faults.note(MEMBER, fault);
            "01".to_owned()
        });
        members.push((
            NameKind::SerialNumber.parameter().into(),
            Member::Text(serial_number),
        ));
    }
    match crate::protocol::order_from_members(members, via) {
        Ok(order) => faults.or(|| order),
        Err(others) => {
            faults.merge(others);
            Err(faults)
        }
    }
}

/// The serial number of the one certificate in a PEM text. CAs' own beside it, as in a chain, are not meant.
pub(crate) fn serial_number_in_pem(pem: &str) -> Result<String, &'static str> {
    serial_number_of(all_in_pem(pem, named).map_err(|invalid| invalid.fault)?)
}

/// The serial number of a certificate in DER.
#[cfg(feature = "full")]
pub(crate) fn serial_number_in_der(der: &[u8]) -> Result<String, &'static str> {
    serial_number_of(vec![read(der, named)?])
}

/// The serial number of the one that is meant.
fn serial_number_of(mut found: Vec<Named>) -> Result<String, &'static str> {
    found.retain(|certificate| !certificate.is_ca);
    match (found.pop(), found.is_empty()) {
        (Some(certificate), true) => Ok(certificate.serial_number),
        (Some(_), false) => Err("has several certificates in it: plan a job with them"),
        (None, _) => Err("is a CA's own certificate, which this endpoint does not revoke"),
    }
}

/// The certificate whose BEGIN line has this label, in the lines that follow; they are taken up to the END line.
fn in_pem<'a, T>(
    label: &str,
    lines: &mut impl Iterator<Item = &'a str>,
    take: Take<T>,
) -> Result<T, &'static str> {
    let mut encoded = String::new();
    let closed = lines.any(|line| {
        let ends = boundary(line, "-----END ") == Some(label);
        if !ends {
            encoded.extend(line.chars().filter(|c| !c.is_whitespace()));
        }
        ends
    });
    if !matches!(label, "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE") {
        return Err(match label {
            "PKCS7" | "CMS" => "is a PKCS#7 bundle: convert it by openssl pkcs7 -print_certs",
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
                "is a request for a certificate, which has no serial number"
            }
            _ if label.ends_with("PRIVATE KEY") => {
                "is a private key: it does not belong here, and must be sent to nobody"
            }
            _ => "is no certificate",
        });
    }
    if !closed {
        return Err("is never closed: its END line is missing");
    }
    read(&STANDARD.decode(&encoded).map_err(|_| "is not base64")?, take)
}

/// Whether this line of a PEM text begins a block.
#[cfg(any(feature = "edge", feature = "lists"))]
pub(crate) fn begins_block(line: &str) -> bool {
    boundary(line, "-----BEGIN ").is_some()
}

/// The lines of a text. CR, LF and both end one (RFC 7468, section 3).
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut before = '\n';
    let ends = move |c| {
        // A pair ends one line.
        let ends = matches!(c, '\n' | '\r') && (before, c) != ('\r', '\n');
        before = c;
        ends
    };
    text.split(ends)
}

/// The label of a line that begins or ends something in PEM.
fn boundary<'a>(line: &'a str, opening: &str) -> Option<&'a str> {
    line.trim().strip_prefix(opening)?.strip_suffix("-----")
}

fn read<T>(der: &[u8], take: Take<T>) -> Result<T, &'static str> {
    if der.len() > MAX_CERTIFICATE_BYTES {
        return Err("is longer than a certificate can be");
    }
    let signed = Signed::from_der(der).map_err(|_| NO_CERTIFICATE)?;
    take(&signed.certificate)
}

/// What names it at the CA.
struct Named {
    serial_number: String,
    is_ca: bool,
}

fn named(certificate: &ToBeSigned<'_>) -> Result<Named, &'static str> {
    let constraints = certificate.extension::<BasicConstraints>();
    Ok(Named {
        serial_number: serial_number(certificate.serial_number.as_bytes())?,
        is_ca: constraints.is_some_and(|constraints| constraints.ca),
    })
}

fn described(certificate: &ToBeSigned<'_>) -> Result<Certificate, &'static str> {
    let Named { serial_number, is_ca } = named(certificate)?;
    let issuer = certificate.issuer.decode_as::<Name>();
    let subject = certificate.subject.decode_as::<Name>();
    let validity = certificate.validity.decode_as::<Validity>();
    let (Ok(issuer), Ok(subject), Ok(validity)) = (issuer, subject, validity) else {
        return Err(NO_CERTIFICATE);
    };
    Ok(Certificate {
        serial_number,
        names: names(certificate, &subject),
        issuer: printable(&issuer.to_string(), MAX_NAME_CHARS),
        not_after: validity.not_after.to_date_time().to_string(),
        is_ca,
    })
}

/// From the octets of a DER integer (X.690, section 8.3): in two's complement, so that a zero octet stands before a high bit.
fn serial_number(octets: &[u8]) -> Result<String, &'static str> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    if octets.first().is_some_and(|first| first & 0x80 != 0) {
        return Err("has a negative serial number");
    }
    let significant = octets.iter().skip_while(|octet| **octet == 0);
    let digits: String = significant
        .flat_map(|octet| [octet >> 4, octet & 15])
        .filter_map(|digit| DIGITS.get(usize::from(digit)).copied().map(char::from))
        .collect();
    if digits.is_empty() {
        return Err("has the serial number 0");
    }
    Ok(digits)
}

fn names(certificate: &ToBeSigned<'_>, subject: &Name) -> Vec<String> {
    let alternative = certificate.extension::<SubjectAltName>();
    let mut names: Vec<String> = alternative
        .iter()
        .flat_map(|names| &names.0)
        .filter_map(general_name)
        .take(MAX_NAMES)
        .collect();
    if names.is_empty() {
        let common_name = subject.common_name().ok().flatten();
        names.extend(common_name.map(|name| printable(&name.value(), MAX_NAME_CHARS)));
    }
    names
}

fn general_name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(printable(name.as_str(), MAX_NAME_CHARS)),
        GeneralName::IpAddress(octets) => {
            let octets = octets.as_bytes();
            let v4 = <[u8; 4]>::try_from(octets).map(|octets| Ipv4Addr::from(octets).to_string());
            let v6 = <[u8; 16]>::try_from(octets).map(|octets| Ipv6Addr::from(octets).to_string());
            v4.or(v6).ok()
        }
        _ => None,
    }
}
