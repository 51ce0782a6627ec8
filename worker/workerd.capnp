# The edge alone on workerd. `npm run edge` gives it its port, its folder and its variables.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  v8Flags = .v8Flags,
  services = [
    ( name = "edge", worker = .edge ),
    ( name = "ledger", disk = ( path = "must-be-given", writable = true, allowDotfiles = false ) ),
    ( name = "internet", network = ( allow = ["public", "private"], tlsOptions = ( trustBrowserCas = true ) ) ),
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:0", http = (), service = "edge" ) ],
);

# V8 collects garbage while all calls wait: often and for a millisecond or two, and not seldom and for 10 to 25. And it does
# so from the first 12 MB of old garbage on: by default a job of thousands of rows goes on for a minute before it begins.
#
# What V8's optimising compiler adds to functions that Rust's has already unrolled and inlined takes memory, and `workerd` keeps it.
const v8Flags :List(Text) = [
  "--max-semi-space-size=1", "--initial-old-space-size=12",
  "--no-wasm-inlining", "--no-wasm-loop-unrolling", "--no-wasm-loop-peeling",
];

# Node compatibility is on by default from 2026-08-04, and its process.env would hold the credentials: both halves of
# it are off, and the variables stay out even if it comes back. Nor can a module import them: only who is handed `env`
# has them.
const compatibilityDate :Text = "2026-10-01";

const edge :Workerd.Worker = (
  modules = .modules,
  compatibilityDate = .compatibilityDate,
  compatibilityFlags = .compatibilityFlags,
  bindings = .bindings,
  globalOutbound = "internet",
  durableObjectNamespaces = .objects,
  durableObjectStorage = ( localDisk = "ledger" ),
);

const compatibilityFlags :List(Text) = [
  "no_nodejs_compat", "no_nodejs_compat_v2", "nodejs_compat_do_not_populate_process_env",
  "disallow_importable_env",
];

const modules :List(Workerd.Worker.Module) = [
  ( name = "worker.js", esModule = embed "dist/worker.js" ),
  ( name = "edge.wasm", wasm = embed "dist/edge.wasm" ),
];

const objects :List(Workerd.Worker.DurableObjectNamespace) = [
  ( className = "Ledger", uniqueKey = "autorevoke-ledger", enableSql = true ),
];

const bindings :List(Workerd.Worker.Binding) = [
  ( name = "LEDGER", durableObjectNamespace = "Ledger" ),
  # From the environment of the process, so that no secret is written to disk.
  ( name = "CA_LOGIN_NAME", fromEnvironment = "CA_LOGIN_NAME" ),
  ( name = "CA_LOGIN_PASSWORD", fromEnvironment = "CA_LOGIN_PASSWORD" ),
  ( name = "CA_ACCOUNT_ID", fromEnvironment = "CA_ACCOUNT_ID" ),
  ( name = "CA_ENDPOINT", fromEnvironment = "CA_ENDPOINT" ),
  ( name = "CA_TIMEOUT_MS", fromEnvironment = "CA_TIMEOUT_MS" ),
  ( name = "CA_MAX_CONNECTIONS", fromEnvironment = "CA_MAX_CONNECTIONS" ),
  ( name = "CA_MAX_PER_SECOND", fromEnvironment = "CA_MAX_PER_SECOND" ),
  ( name = "API_KEYS", fromEnvironment = "API_KEYS" ),
  ( name = "JWT_ISSUER", fromEnvironment = "JWT_ISSUER" ),
  ( name = "JWT_AUDIENCE", fromEnvironment = "JWT_AUDIENCE" ),
  ( name = "JWT_JWKS_URL", fromEnvironment = "JWT_JWKS_URL" ),
  ( name = "JWT_PERSON_CLAIM", fromEnvironment = "JWT_PERSON_CLAIM" ),
  ( name = "GRANTS", fromEnvironment = "GRANTS" ),
  ( name = "ALLOWED_ORIGINS", fromEnvironment = "ALLOWED_ORIGINS" ),
  ( name = "RATE_LIMIT_PER_MINUTE", fromEnvironment = "RATE_LIMIT_PER_MINUTE" ),
  ( name = "DAILY_LIMIT", fromEnvironment = "DAILY_LIMIT" ),
  ( name = "MAX_JOB_ORDERS", fromEnvironment = "MAX_JOB_ORDERS" ),
  ( name = "APPROVAL_ABOVE", fromEnvironment = "APPROVAL_ABOVE" ),
  ( name = "RESEND_WINDOW_MS", fromEnvironment = "RESEND_WINDOW_MS" ),
  ( name = "AUDIT_SIGNING_KEY", fromEnvironment = "AUDIT_SIGNING_KEY" ),
];
