//! The edge's configuration, checked as a whole: every fault is named, none quotes a value.

mod addresses;
mod api_keys;
mod jwt;
mod signing_key;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use zeroize::Zeroizing;

pub use self::jwt::JwtConfig;

use self::addresses::{is_safe_url, origins};
use self::api_keys::api_keys;
use self::jwt::jwt;
use self::signing_key::SigningKey;
use super::caller::ApiKey;
use super::grant::Permission;
use crate::api::audit::Key;
use crate::protocol::{Credentials, ENDPOINT, MAX_JS_INTEGER};

/// Every name that the edge reads, alike on Cloudflare (variables and secrets) and self-hosted (the env file).
pub const NAMES: [&str; 20] = [
    "CA_LOGIN_NAME",
    "CA_LOGIN_PASSWORD",
    "CA_ACCOUNT_ID",
    "CA_ENDPOINT",
    "CA_TIMEOUT_MS",
    "CA_MAX_CONNECTIONS",
    "CA_MAX_PER_SECOND",
    "API_KEYS",
    "JWT_ISSUER",
    "JWT_AUDIENCE",
    "JWT_JWKS_URL",
    "JWT_PERSON_CLAIM",
    "GRANTS",
    "ALLOWED_ORIGINS",
    "RATE_LIMIT_PER_MINUTE",
    "DAILY_LIMIT",
    "MAX_JOB_ORDERS",
    "APPROVAL_ABOVE",
    "RESEND_WINDOW_MS",
    "AUDIT_SIGNING_KEY",
];

/// Orders of a job at most, unless it is configured.
const MAX_JOB_ORDERS: u32 = 100_000;
/// Orders that one person may have revoked by jobs in 24 hours without a second person, unless it is configured.
const APPROVAL_ABOVE: u32 = 10;

/// Variables by name, as the host has them. Wiped when dropped, since secrets are among them.
#[derive(Default)]
pub struct Vars(BTreeMap<String, Zeroizing<String>>);

impl Vars {
    /// Sets a variable; an empty text counts as not set.
    pub fn set(&mut self, name: &str, value: String) {
        let value = Zeroizing::new(value);
        if !value.trim().is_empty() {
            self.0.insert(name.to_owned(), value);
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.as_str())
    }
}

/// What the front of the edge needs: who may call. It never sees the CA's credentials.
#[derive(Debug, Clone, Default)]
pub struct FrontConfig {
    /// Whether everything is configured, the ledger's part included; if not, nothing is served.
    pub complete: bool,
    /// The keys of the callers.
    pub api_keys: Vec<ApiKey>,
    /// How callers prove themselves by JWT, where they may.
    pub jwt: Option<JwtConfig>,
    /// Exact origins of other sites' pages that may call.
    pub allowed_origins: Vec<String>,
    /// The public half of the key that signs the audit log's heads, as a JWK.
    pub audit_key: Option<Key>,
    /// Orders of a job at most.
    pub max_job_orders: usize,
}

/// What the ledger needs: how to call the CA, and within what limits. Not the login, which is given for each call.
#[derive(Debug, Clone)]
pub struct LedgerConfig {
    /// Sent as `accountID`.
    pub account_id: Option<u64>,
    /// Where revocations are posted.
    pub endpoint: String,
    /// For the whole exchange with the CA, its body included, in milliseconds.
    pub timeout_ms: u32,
    /// Calls to the CA in flight at once.
    pub max_connections: u32,
    /// Calls to the CA begun in a second, where limited.
    pub max_per_second: Option<u32>,
    /// Calls by one person in a minute, test calls included.
    pub rate_limit_per_minute: u32,
    /// Revocations by one person in 24 hours.
    pub daily_limit: u32,
    /// How long after its first attempt an order with an unknown outcome may be sent again by itself, in milliseconds.
    pub resend_window_ms: u32,
    /// Orders of one person's unapproved jobs in 24 hours, above which a second person must approve.
    pub approval_above: u32,
    /// The name of the key that signs the audit log's heads.
    pub kid: String,
    /// A keyed digest of every variable that is set, by name: tells of changes, and nothing of the values.
    pub digests: BTreeMap<&'static str, String>,
}

/// Everything that is wrong with the configuration, one sentence each, naming the variable.
///
/// ```
/// use autorevoke::edge::config::{Vars, faults};
/// assert!(faults(&Vars::default()).iter().any(|fault| fault.starts_with("CA_LOGIN_NAME ")));
/// ```
pub fn faults(vars: &Vars) -> Vec<String> {
    let mut faults = Vec::new();
    read_front(vars, &mut faults);
    read_ledger(vars, &mut faults);
    faults
}

/// What an operator should know about a configuration that is not wrong: variables without an effect, and people who are
/// none.
pub fn notices(vars: &Vars) -> Vec<String> {
    let uses_jwt = vars.get("JWT_ISSUER").is_some();
    let mut notices = Vec::new();
    for name in ["JWT_PERSON_CLAIM", "GRANTS"] {
        if vars.get(name).is_some() && !uses_jwt {
            notices.push(format!("{name} is set, but without JWT_ISSUER no JWT is taken"));
        }
    }
    if uses_jwt && vars.get("GRANTS").is_none() {
        notices.push("JWT_ISSUER is set, but without GRANTS no bearer of a JWT may do anything".into());
    }
    let front = read_front(vars, &mut Vec::new());
    let approving = front.jwt.filter(|jwt| {
        let mut grants = jwt.rules.grants.iter();
        grants.any(|it| it.grant.permits(&[Permission::Approve]))
    });
    match approving.map(|jwt| jwt.rules.person_claim) {
        Some(None) => notices.push(
            "GRANTS has the permission approve, but without JWT_PERSON_CLAIM no bearer of a JWT is a person, and only \
             people approve: see docs/issuers.md"
                .into(),
        ),
        Some(Some(claim)) if claim == "sub" => notices.push(
            "JWT_PERSON_CLAIM is sub, which machines have as well: a machine without a mark that the edge knows could \
             approve. See docs/issuers.md for a claim that only people have"
                .into(),
        ),
        _ => {}
    }
    let keys = &front.api_keys;
    for (at, key) in keys.iter().enumerate() {
        let named = |other: &ApiKey| other.id == key.id && other.person != key.person;
        if keys.iter().take(at).any(named) {
            notices.push(format!(
                "API_KEYS has entries of the id {} that name different persons, or none: they count as one",
                key.id
            ));
        }
        if key.person.is_none() && key.grant.permits(&[Permission::Approve]) {
            notices.push(format!(
                "API_KEYS lets the key {} approve, but it names no person, and only people approve",
                key.id
            ));
        }
    }
    notices
}

/// The front's part; `complete` is false when anything at all is wrong.
pub fn front(vars: &Vars) -> FrontConfig {
    let complete = faults(vars).is_empty();
    FrontConfig {
        complete,
        ..read_front(vars, &mut Vec::new())
    }
}

/// The ledger's part, or every fault.
pub fn ledger(vars: &Vars) -> Result<LedgerConfig, Vec<String>> {
    let faults = faults(vars);
    match read_ledger(vars, &mut Vec::new()) {
        Some(config) if faults.is_empty() => Ok(config),
        _ => Err(faults),
    }
}

fn read_front(vars: &Vars, faults: &mut Vec<String>) -> FrontConfig {
    let jwt = jwt(vars, faults);
    let api_keys = match vars.get("API_KEYS") {
        Some(text) => api_keys(text, faults),
        None => {
            if jwt.is_none() {
                let fault = "API_KEYS is missing, and so is JWT_ISSUER: without either nobody can call. Make an entry \
                             with: npm run key";
                faults.push(fault.into());
            }
            Vec::new()
        }
    };
    let allowed_origins = vars
        .get("ALLOWED_ORIGINS")
        .map(|text| origins(text, faults))
        .unwrap_or_default();
    FrontConfig {
        complete: false,
        api_keys,
        jwt,
        allowed_origins,
        audit_key: signing_key(vars).map(|key| key.public_jwk()),
        max_job_orders: number(vars, "MAX_JOB_ORDERS", 1..=1_000_000, &mut Vec::new())
            .and_then(|value| usize::try_from(value).ok())
            .unwrap_or(MAX_JOB_ORDERS as usize),
    }
}

fn read_ledger(vars: &Vars, faults: &mut Vec<String>) -> Option<LedgerConfig> {
    check_login(vars, faults);
    let endpoint = vars.get("CA_ENDPOINT").unwrap_or(ENDPOINT).trim().to_owned();
    if !is_safe_url(&endpoint) || endpoint.contains('?') {
        faults.push(
            "CA_ENDPOINT must be an https: URL without user, query and fragment (http: on loopback only)"
                .into(),
        );
    }
    let key = signing_key(vars);
    if key.is_none() {
        faults.push(
            "AUDIT_SIGNING_KEY must be an Ed25519 private key as a JWK. Make one with: npm run key -- --audit".into(),
        );
    }
    let account_id = number(vars, "CA_ACCOUNT_ID", 0..=MAX_JS_INTEGER, faults);
    let mut number = |name: &str, range: RangeInclusive<u64>| {
        number(vars, name, range, faults).and_then(|value| u32::try_from(value).ok())
    };
    let timeout_ms = number("CA_TIMEOUT_MS", 1..=600_000);
    let max_connections = number("CA_MAX_CONNECTIONS", 1..=6);
    let max_per_second = number("CA_MAX_PER_SECOND", 1..=1000);
    let rate_limit_per_minute = number("RATE_LIMIT_PER_MINUTE", 0..=1_000_000);
    let daily_limit = number("DAILY_LIMIT", 0..=1_000_000);
    let resend_window_ms = number("RESEND_WINDOW_MS", 0..=86_400_000);
    number("MAX_JOB_ORDERS", 1..=1_000_000);
    let approval_above = number("APPROVAL_ABOVE", 0..=1_000_000_000);
    let key = key?;
    let set = NAMES.into_iter().filter_map(|name| Some((name, vars.get(name)?)));
    Some(LedgerConfig {
        account_id,
        endpoint,
        timeout_ms: timeout_ms.unwrap_or(30_000),
        max_connections: max_connections.unwrap_or(4),
        max_per_second,
        rate_limit_per_minute: rate_limit_per_minute.unwrap_or(60),
        daily_limit: daily_limit.unwrap_or(200),
        resend_window_ms: resend_window_ms.unwrap_or(120_000),
        approval_above: approval_above.unwrap_or(APPROVAL_ABOVE),
        kid: key.kid().to_owned(),
        digests: set.map(|(name, value)| (name, key.digest(name, value))).collect(),
    })
}

/// Notes what is wrong with the login at the CA. It is not kept: it is passed in for each call.
fn check_login(vars: &Vars, faults: &mut Vec<String>) {
    let mut login = |name: &str| {
        vars.get(name).map(str::to_owned).unwrap_or_else(|| {
            faults.push(format!("{name} is missing: it is the login at the CA"));
            String::new()
        })
    };
    let (login_name, login_password) = (login("CA_LOGIN_NAME"), login("CA_LOGIN_PASSWORD"));
    if let Err(invalid) = Credentials::new(login_name, login_password) {
        for (field, fault) in invalid.fields() {
            let name = if field == "loginName" {
                "CA_LOGIN_NAME"
            } else {
                "CA_LOGIN_PASSWORD"
            };
            if vars.get(name).is_some() {
                faults.push(format!("{name} {fault}"));
            }
        }
    }
}

fn signing_key(vars: &Vars) -> Option<SigningKey> {
    SigningKey::read(vars.get("AUDIT_SIGNING_KEY")?)
}

fn number(vars: &Vars, name: &str, range: RangeInclusive<u64>, faults: &mut Vec<String>) -> Option<u64> {
    let text = vars.get(name)?.trim();
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let value = text.parse().ok().filter(|value| digits && range.contains(value));
    if value.is_none() {
        let (least, most) = (range.start(), range.end());
        faults.push(format!("{name} must be an integer from {least} to {most}"));
    }
    value
}
