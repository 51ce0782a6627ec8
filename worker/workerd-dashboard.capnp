# The edge with the dashboard before it, on the same origin: `npm run edge -- --dashboard`, and the demo.
using Workerd = import "/workerd/workerd.capnp";
using Alone = import "workerd.capnp";

const config :Workerd.Config = (
  v8Flags = Alone.v8Flags,
  services = [
    ( name = "dashboard", worker = .dashboard ),
    ( name = "files", disk = ( path = "must-be-given" ) ),
    ( name = "edge", worker = Alone.edge ),
    ( name = "ledger", disk = ( path = "must-be-given", writable = true, allowDotfiles = false ) ),
    ( name = "internet", network = ( allow = ["public", "private"], tlsOptions = ( trustBrowserCas = true ) ) ),
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:0", http = (), service = "dashboard" ) ],
);

const dashboard :Workerd.Worker = (
  modules = [ ( name = "dashboard.js", esModule = embed "src/dashboard.js" ) ],
  compatibilityDate = Alone.compatibilityDate,
  bindings = [
    ( name = "ASSETS", service = "files" ),
    ( name = "EDGE", service = "edge" ),
  ],
);
