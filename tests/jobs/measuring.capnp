# The edge as it is configured, with its messages and statements measured.
using Workerd = import "/workerd/workerd.capnp";
using Edge = import "../../worker/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ( name = "measuring", worker = .measuring ),
    ( name = "ledger", disk = ( path = "must-be-given", writable = true, allowDotfiles = false ) ),
    ( name = "internet", network = ( allow = ["private"] ) ),
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:0", http = (), service = "measuring" ) ],
);

const measuring :Workerd.Worker = (
  modules = [
    ( name = "measuring.js", esModule = embed "measuring.js" ),
    ( name = "worker.js", esModule = embed "../../worker/dist/worker.js" ),
    ( name = "edge.wasm", wasm = embed "../../worker/dist/edge.wasm" ),
  ],
  compatibilityDate = Edge.compatibilityDate,
  compatibilityFlags = Edge.compatibilityFlags,
  bindings = Edge.bindings,
  globalOutbound = "internet",
  durableObjectNamespaces = Edge.objects,
  durableObjectStorage = ( localDisk = "ledger" ),
);
