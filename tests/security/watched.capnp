# The edge as it is configured, with a look into the memory of its wasm.
using Workerd = import "/workerd/workerd.capnp";
using Edge = import "../../worker/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ( name = "watched", worker = .watched ),
    ( name = "ledger", disk = ( path = "must-be-given", writable = true, allowDotfiles = false ) ),
    ( name = "internet", network = ( allow = ["private"] ) ),
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:0", http = (), service = "watched" ) ],
);

const watched :Workerd.Worker = (
  modules = [
    ( name = "watched.js", esModule = embed "watched.js" ),
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
