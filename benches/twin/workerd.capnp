# The twin on workerd, with the same services and flags as the edge.
using Workerd = import "/workerd/workerd.capnp";
using Edge = import "../../worker/workerd.capnp";

const config :Workerd.Config = (
  v8Flags = Edge.v8Flags,
  services = [
    ( name = "twin", worker = .twin ),
    ( name = "ledger", disk = ( path = "must-be-given", writable = true, allowDotfiles = false ) ),
    ( name = "internet", network = ( allow = ["public", "private"] ) ),
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:0", http = (), service = "twin" ) ],
);

const twin :Workerd.Worker = (
  modules = [ ( name = "worker.js", esModule = embed "worker.js" ) ],
  compatibilityDate = Edge.compatibilityDate,
  compatibilityFlags = Edge.compatibilityFlags,
  bindings = Edge.bindings,
  globalOutbound = "internet",
  durableObjectNamespaces = Edge.objects,
  durableObjectStorage = ( localDisk = "ledger" ),
);
