# The edge's Durable Objects, with code in them that only writes the high-water mark.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ( name = "mark", worker = .mark ),
    ( name = "ledger", disk = ( path = "must-be-given", writable = true, allowDotfiles = false ) ),
    ( name = "internet", network = ( allow = [] ) ),
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:0", http = (), service = "mark" ) ],
);

const mark :Workerd.Worker = (
  modules = [ ( name = "mark.js", esModule = embed "write-high-water-mark.js" ) ],
  compatibilityDate = "2026-10-01",
  bindings = [ ( name = "LEDGER", durableObjectNamespace = "Ledger" ) ],
  durableObjectNamespaces = [ ( className = "Ledger", uniqueKey = "autorevoke-ledger", enableSql = true ) ],
  durableObjectStorage = ( localDisk = "ledger" ),
);
