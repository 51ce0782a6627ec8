//! What tells a machine's token from a person's, issuer by issuer. A machine is never a person, whatever else it claims.

use serde_json::{Map, Value};

/// Claims that name the client which a token was issued to.
pub(super) const CLIENT_CLAIMS: [&str; 4] = ["client_id", "azp", "cid", "appid"];
const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";

/// Why a token is a machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Cloudflare Access: a service token has no subject, and a `common_name`.
    AccessService,
    /// Microsoft Entra: `idtyp` is `app`.
    AppToken,
    /// Auth0: `gty` is `client-credentials`.
    ClientCredentials,
    /// RFC 9068, section 2.2; Okta, Google, Cognito: the client is its own subject, by this claim.
    OwnClient(&'static str),
    /// Auth0: the subject ends with `@clients`.
    ClientsSubject,
    /// Keycloak: `preferred_username` begins with `service-account-`.
    ServiceAccountName,
    /// Google: the address is a service account's.
    GoogleServiceAccount,
    /// GitHub Actions: a job of a workflow.
    GitHubActions,
    /// GitLab CI: a job of a pipeline.
    GitLabCi,
    /// Kubernetes: the subject is a service account.
    KubernetesServiceAccount,
}

impl Mark {
    /// The mark that these claims bear, if any.
    pub(super) fn of(claims: &Map<String, Value>) -> Option<Mark> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        let has = |name: &str| claims.contains_key(name);
        let sub = text("sub");
        if sub.is_empty() && has("common_name") {
            return Some(Mark::AccessService);
        }
        if text("idtyp").eq_ignore_ascii_case("app") {
            return Some(Mark::AppToken);
        }
        let grant_types = ["client-credentials", "client_credentials"];
        if grant_types
            .iter()
            .any(|it| claims.get("gty").is_some_and(|gty| says(gty, it)))
        {
            return Some(Mark::ClientCredentials);
        }
        if let Some(claim) = CLIENT_CLAIMS
            .into_iter()
            .find(|name| !sub.is_empty() && text(name) == sub)
        {
            return Some(Mark::OwnClient(claim));
        }
        if sub.ends_with("@clients") {
            return Some(Mark::ClientsSubject);
        }
        if begins(text("preferred_username"), "service-account-") {
            return Some(Mark::ServiceAccountName);
        }
        if text("email")
            .to_ascii_lowercase()
            .ends_with(".gserviceaccount.com")
        {
            return Some(Mark::GoogleServiceAccount);
        }
        let is_github =
            text("iss") == GITHUB_ISSUER || text("iss").starts_with(&[GITHUB_ISSUER, "/"].concat());
        if is_github || has("job_workflow_ref") || has("repository") && has("run_id") {
            return Some(Mark::GitHubActions);
        }
        if has("ci_config_ref_uri") || has("project_path") && has("pipeline_id") {
            return Some(Mark::GitLabCi);
        }
        sub.starts_with("system:serviceaccount:")
            .then_some(Mark::KubernetesServiceAccount)
    }

    /// In words, after "The token is a machine's: ".
    pub fn words(self) -> String {
        let words = match self {
            Mark::AccessService => "it is a service token of Cloudflare Access (a common_name, and no sub)",
            Mark::AppToken => "its idtyp is app",
            Mark::ClientCredentials => "its gty is client-credentials",
            Mark::OwnClient(claim) => return format!("its sub is its {claim}, the client itself"),
            Mark::ClientsSubject => "its sub ends with @clients",
            Mark::ServiceAccountName => "its preferred_username begins with service-account-",
            Mark::GoogleServiceAccount => "its email is a Google service account's",
            Mark::GitHubActions => "it is a job's of GitHub Actions",
            Mark::GitLabCi => "it is a job's of GitLab CI",
            Mark::KubernetesServiceAccount => "its sub is a Kubernetes service account",
        };
        words.to_owned()
    }
}

fn begins(text: &str, with: &str) -> bool {
    text.get(..with.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(with))
}

/// Whether a claim equals a value, or is an array that contains it.
pub(super) fn says(claim: &Value, value: &str) -> bool {
    match claim {
        Value::String(text) => text == value,
        Value::Array(items) => items.iter().any(|item| item.as_str() == Some(value)),
        _ => false,
    }
}
