-- A ledger as version 1 of its tables left it: orders in every state, two calls under way when it was closed.
BEGIN TRANSACTION;
CREATE TABLE attempts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        identity TEXT NOT NULL,
        prior_state TEXT,
        test INTEGER NOT NULL,
        order_text TEXT NOT NULL,
        actor TEXT NOT NULL,
        person TEXT NOT NULL,
        instance TEXT NOT NULL,
        idempotency_key TEXT,
        fingerprint TEXT NOT NULL,
        state TEXT NOT NULL,
        error_code INTEGER,
        error_message TEXT,
        detail TEXT,
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        intent_seq INTEGER NOT NULL,
        outcome_seq INTEGER);
INSERT INTO "attempts" VALUES(1,'1//','pending',0,'{"codeReason":1,"orderNumber":"1","test":false}','key:a','key:a','urn:uuid:test',NULL,'5bf63364a5ed130376065e0df5b149d0b73d179ddc1bc7d8ed49bb6a7349bdfb','revoked',0,NULL,NULL,1790000000002,1790000000003,1,2);
INSERT INTO "attempts" VALUES(2,'2//','pending',0,'{"codeReason":1,"orderNumber":"2","test":false}','key:a','key:a','urn:uuid:test',NULL,'ff397b324f226c52e8dde79c709ef630e09ccb2cf009d9591ab355c1142ca5f6','unknown',NULL,NULL,'its answer had no result code',1790000000004,1790000000005,3,4);
INSERT INTO "attempts" VALUES(3,'3//','pending',0,'{"codeReason":1,"orderNumber":"3","test":false}','key:a','key:a','urn:uuid:test',NULL,'9a172982634a635273b48e90566e6b0d373f2162b9f2c4979071e1fa1b33ec8c','refused',-35,'The order has expired',NULL,1790000000006,1790000000007,5,6);
INSERT INTO "attempts" VALUES(4,'5//','pending',0,'{"codeReason":1,"orderNumber":"5","test":false}','key:a','key:a','urn:uuid:test',NULL,'b161d719fd30db891686884eb7a641232e032899442ae7c35e163c699cef43d0','already-revoked',-21,'x',NULL,1790000000008,1790000000009,7,8);
INSERT INTO "attempts" VALUES(5,'6/7/p','pending',0,'{"codeReason":1,"orderNumber":"6","product":7,"productCode":"p","revocationReason":"r","test":false}','key:a','key:a','urn:uuid:test','k','8d31aae4f186b4082c1e6f80c4af994f0011df631f20e16ddb4fadbb46d734d8','revoked',0,NULL,NULL,1790000000010,1790000000011,9,10);
INSERT INTO "attempts" VALUES(6,'7//','pending',1,'{"codeReason":0,"orderNumber":"7","test":true}','key:a','key:a','urn:uuid:test',NULL,'1ef9f6fff2ba777dd0482766835fd8fbd10b32096945f2b39a9bdfdd8adbf01e','tested',0,NULL,NULL,1790000000012,1790000000013,11,12);
INSERT INTO "attempts" VALUES(7,'4//','pending',0,'{"codeReason":1,"orderNumber":"4","test":false}','key:a','key:a','urn:uuid:test',NULL,'9955c195a9fecac71fe64151e41e4a8fb187649983ca7adcea8eab1ae102ff17','sending',NULL,NULL,NULL,1790000000014,NULL,13,NULL);
INSERT INTO "attempts" VALUES(8,'8//','pending',1,'{"codeReason":0,"orderNumber":"8","test":true}','key:a','key:a','urn:uuid:test',NULL,'c50579575779cac29d466f010701a8aec36c3b3e385e1f0a414a10b71110e789','sending',NULL,NULL,NULL,1790000000015,NULL,14,NULL);
CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        hash TEXT NOT NULL,
        entry TEXT NOT NULL);
INSERT INTO "audit" VALUES(1,'d2f094b66082c54e803fc72191b4b2cc33f76cde44f103ab4a609a4d863463ca','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"d2f094b66082c54e803fc72191b4b2cc33f76cde44f103ab4a609a4d863463ca","instance":"urn:uuid:test","orderNumber":"1","person":"key:a","phase":"intent","prevHash":"0000000000000000000000000000000000000000000000000000000000000000","seq":1,"test":false,"time":"2026-09-21T14:13:20.002Z"}');
INSERT INTO "audit" VALUES(2,'93fb6d266aaff7154c9397f5982426452fcfe915c43b0ef186cb0cbdd58695db','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":0,"hash":"93fb6d266aaff7154c9397f5982426452fcfe915c43b0ef186cb0cbdd58695db","instance":"urn:uuid:test","intentSeq":1,"orderNumber":"1","outcome":"revoked","person":"key:a","phase":"outcome","prevHash":"d2f094b66082c54e803fc72191b4b2cc33f76cde44f103ab4a609a4d863463ca","seq":2,"test":false,"time":"2026-09-21T14:13:20.003Z"}');
INSERT INTO "audit" VALUES(3,'54600907fae7d2d1264df3703fd3e8b9b2eb135848175e030ea3d3c013425354','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"54600907fae7d2d1264df3703fd3e8b9b2eb135848175e030ea3d3c013425354","instance":"urn:uuid:test","orderNumber":"2","person":"key:a","phase":"intent","prevHash":"93fb6d266aaff7154c9397f5982426452fcfe915c43b0ef186cb0cbdd58695db","seq":3,"test":false,"time":"2026-09-21T14:13:20.004Z"}');
INSERT INTO "audit" VALUES(4,'3fc58d0a323df54f617610264aeb1096f950523b2275b9cf700fcf595edf0f2f','{"action":"revoke","actor":"key:a","codeReason":1,"detail":"its answer had no result code","hash":"3fc58d0a323df54f617610264aeb1096f950523b2275b9cf700fcf595edf0f2f","instance":"urn:uuid:test","intentSeq":3,"orderNumber":"2","outcome":"unknown","person":"key:a","phase":"outcome","prevHash":"54600907fae7d2d1264df3703fd3e8b9b2eb135848175e030ea3d3c013425354","seq":4,"test":false,"time":"2026-09-21T14:13:20.005Z"}');
INSERT INTO "audit" VALUES(5,'9511f70b33b2f5f6058da8e64daedb48a7abc89f6f3db5943161e1c723fc04e1','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"9511f70b33b2f5f6058da8e64daedb48a7abc89f6f3db5943161e1c723fc04e1","instance":"urn:uuid:test","orderNumber":"3","person":"key:a","phase":"intent","prevHash":"3fc58d0a323df54f617610264aeb1096f950523b2275b9cf700fcf595edf0f2f","seq":5,"test":false,"time":"2026-09-21T14:13:20.006Z"}');
INSERT INTO "audit" VALUES(6,'cf018f207f49734d60c55b32a33600c28f95b074115dd04b7939508ad26bd556','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":-35,"errorMessage":"The order has expired","hash":"cf018f207f49734d60c55b32a33600c28f95b074115dd04b7939508ad26bd556","instance":"urn:uuid:test","intentSeq":5,"orderNumber":"3","outcome":"refused","person":"key:a","phase":"outcome","prevHash":"9511f70b33b2f5f6058da8e64daedb48a7abc89f6f3db5943161e1c723fc04e1","seq":6,"test":false,"time":"2026-09-21T14:13:20.007Z"}');
INSERT INTO "audit" VALUES(7,'75d22795a71521f26dbcc623bf38c8b7d6502b85209330d00efeeba47f71792a','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"75d22795a71521f26dbcc623bf38c8b7d6502b85209330d00efeeba47f71792a","instance":"urn:uuid:test","orderNumber":"5","person":"key:a","phase":"intent","prevHash":"cf018f207f49734d60c55b32a33600c28f95b074115dd04b7939508ad26bd556","seq":7,"test":false,"time":"2026-09-21T14:13:20.008Z"}');
INSERT INTO "audit" VALUES(8,'6a1370283f9d0bb5f0d468356be9828ed951dba1f43480ff723d296737c173f3','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":-21,"errorMessage":"x","hash":"6a1370283f9d0bb5f0d468356be9828ed951dba1f43480ff723d296737c173f3","instance":"urn:uuid:test","intentSeq":7,"orderNumber":"5","outcome":"already-revoked","person":"key:a","phase":"outcome","prevHash":"75d22795a71521f26dbcc623bf38c8b7d6502b85209330d00efeeba47f71792a","seq":8,"test":false,"time":"2026-09-21T14:13:20.009Z"}');
INSERT INTO "audit" VALUES(9,'b15e2a4b5a44f7da078f1ac7dd7bc28fdc90fc2f2408ef2fb0cfb4597760efeb','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"b15e2a4b5a44f7da078f1ac7dd7bc28fdc90fc2f2408ef2fb0cfb4597760efeb","instance":"urn:uuid:test","orderNumber":"6","person":"key:a","phase":"intent","prevHash":"6a1370283f9d0bb5f0d468356be9828ed951dba1f43480ff723d296737c173f3","product":7,"productCode":"p","revocationReason":"r","seq":9,"test":false,"time":"2026-09-21T14:13:20.010Z"}');
INSERT INTO "audit" VALUES(10,'8689424ee8b89922253268c6345067c1a92746a17f4529fe773512bf2bfbf0a7','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":0,"hash":"8689424ee8b89922253268c6345067c1a92746a17f4529fe773512bf2bfbf0a7","instance":"urn:uuid:test","intentSeq":9,"orderNumber":"6","outcome":"revoked","person":"key:a","phase":"outcome","prevHash":"b15e2a4b5a44f7da078f1ac7dd7bc28fdc90fc2f2408ef2fb0cfb4597760efeb","product":7,"productCode":"p","revocationReason":"r","seq":10,"test":false,"time":"2026-09-21T14:13:20.011Z"}');
INSERT INTO "audit" VALUES(11,'a493718177fdd172a9700a738cc35bb23cbc4f62f162de8ac0e7c9c8c101946f','{"action":"revoke","actor":"key:a","codeReason":0,"hash":"a493718177fdd172a9700a738cc35bb23cbc4f62f162de8ac0e7c9c8c101946f","instance":"urn:uuid:test","orderNumber":"7","person":"key:a","phase":"intent","prevHash":"8689424ee8b89922253268c6345067c1a92746a17f4529fe773512bf2bfbf0a7","seq":11,"test":true,"time":"2026-09-21T14:13:20.012Z"}');
INSERT INTO "audit" VALUES(12,'92dcbc331c577d574e3c4fbf9018070fc4ee55ad7daa06bcbb9bf4b34e4a3910','{"action":"revoke","actor":"key:a","codeReason":0,"errorCode":0,"hash":"92dcbc331c577d574e3c4fbf9018070fc4ee55ad7daa06bcbb9bf4b34e4a3910","instance":"urn:uuid:test","intentSeq":11,"orderNumber":"7","outcome":"tested","person":"key:a","phase":"outcome","prevHash":"a493718177fdd172a9700a738cc35bb23cbc4f62f162de8ac0e7c9c8c101946f","seq":12,"test":true,"time":"2026-09-21T14:13:20.013Z"}');
INSERT INTO "audit" VALUES(13,'17a32c80944be3739ee09b0000cc343b45df85b67986151848f9cb3549253cfb','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"17a32c80944be3739ee09b0000cc343b45df85b67986151848f9cb3549253cfb","instance":"urn:uuid:test","orderNumber":"4","person":"key:a","phase":"intent","prevHash":"92dcbc331c577d574e3c4fbf9018070fc4ee55ad7daa06bcbb9bf4b34e4a3910","seq":13,"test":false,"time":"2026-09-21T14:13:20.014Z"}');
INSERT INTO "audit" VALUES(14,'215ee64ff8d6f9a6206c84d320c14f6c8927ee9dbd2e468bd189b8c6573c4d1a','{"action":"revoke","actor":"key:a","codeReason":0,"hash":"215ee64ff8d6f9a6206c84d320c14f6c8927ee9dbd2e468bd189b8c6573c4d1a","instance":"urn:uuid:test","orderNumber":"8","person":"key:a","phase":"intent","prevHash":"17a32c80944be3739ee09b0000cc343b45df85b67986151848f9cb3549253cfb","seq":14,"test":true,"time":"2026-09-21T14:13:20.015Z"}');
CREATE TABLE ledger (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        version INTEGER NOT NULL,
        id TEXT NOT NULL,
        created_at INTEGER NOT NULL);
INSERT INTO "ledger" VALUES(1,1,'ledger-id',1790000000001);
CREATE TABLE orders (
        identity TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        updated_at INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "orders" VALUES('1//','revoked',1790000000003);
INSERT INTO "orders" VALUES('2//','unknown',1790000000005);
INSERT INTO "orders" VALUES('3//','refused',1790000000007);
INSERT INTO "orders" VALUES('4//','sending',1790000000014);
INSERT INTO "orders" VALUES('5//','already-revoked',1790000000009);
INSERT INTO "orders" VALUES('6/7/p','revoked',1790000000011);
CREATE INDEX attempts_by_order ON attempts (identity, id);
CREATE INDEX attempts_by_key ON attempts (actor, idempotency_key, id)
        WHERE idempotency_key IS NOT NULL;
CREATE INDEX attempts_under_way ON attempts (id) WHERE state = 'sending';
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('attempts',8);
COMMIT;
