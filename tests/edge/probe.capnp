# The edge as it is configured, with other code in it: to look at what that code gets to see, and into the ledger.
using Workerd = import "/workerd/workerd.capnp";
using Edge = import "../../worker/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ( name = "probe", worker = .probe ),
    ( name = "ledger", disk = ( path = "must-be-given", writable = true, allowDotfiles = false ) ),
    ( name = "internet", network = ( allow = ["private"] ) ),
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:0", http = (), service = "probe" ) ],
);

const probe :Workerd.Worker = (
  modules = [ ( name = "probe.js", esModule = embed "probe.js" ) ],
  compatibilityDate = Edge.compatibilityDate,
  compatibilityFlags = Edge.compatibilityFlags,
  bindings = Edge.bindings,
  globalOutbound = "internet",
  durableObjectNamespaces = Edge.objects,
  durableObjectStorage = ( localDisk = "ledger" ),
);
