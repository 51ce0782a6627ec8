-- A ledger as version 2 of its tables left it: orders in every state, one probed, two calls under way when it was closed.
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
        outcome_seq INTEGER, purpose TEXT NOT NULL DEFAULT 'revoke');
INSERT INTO "attempts" VALUES(1,'1//','pending',0,'{"codeReason":1,"orderNumber":"1","test":false}','key:a','key:a','urn:uuid:test',NULL,'5bf63364a5ed130376065e0df5b149d0b73d179ddc1bc7d8ed49bb6a7349bdfb','revoked',0,NULL,NULL,1790000000003,1790000000004,3,4,'revoke');
INSERT INTO "attempts" VALUES(2,'2//','pending',0,'{"codeReason":1,"orderNumber":"2","test":false}','key:a','key:a','urn:uuid:test',NULL,'ff397b324f226c52e8dde79c709ef630e09ccb2cf009d9591ab355c1142ca5f6','unknown',NULL,NULL,'its answer had no result code',1790000000005,1790000000006,5,6,'revoke');
INSERT INTO "attempts" VALUES(3,'3//','pending',0,'{"codeReason":1,"orderNumber":"3","test":false}','key:a','key:a','urn:uuid:test',NULL,'9a172982634a635273b48e90566e6b0d373f2162b9f2c4979071e1fa1b33ec8c','refused',-35,'The order has expired',NULL,1790000000007,1790000000008,7,8,'revoke');
INSERT INTO "attempts" VALUES(4,'5//','pending',0,'{"codeReason":1,"orderNumber":"5","test":false}','key:a','key:a','urn:uuid:test',NULL,'b161d719fd30db891686884eb7a641232e032899442ae7c35e163c699cef43d0','already-revoked',-21,'x',NULL,1790000000009,1790000000010,9,10,'revoke');
INSERT INTO "attempts" VALUES(5,'6/7/p','pending',0,'{"codeReason":1,"orderNumber":"6","product":7,"productCode":"p","revocationReason":"r","test":false}','key:a','key:a','urn:uuid:test','k','8d31aae4f186b4082c1e6f80c4af994f0011df631f20e16ddb4fadbb46d734d8','revoked',0,NULL,NULL,1790000000011,1790000000012,11,12,'revoke');
INSERT INTO "attempts" VALUES(6,'7//','pending',1,'{"codeReason":0,"orderNumber":"7","test":true}','key:a','key:a','urn:uuid:test',NULL,'1ef9f6fff2ba777dd0482766835fd8fbd10b32096945f2b39a9bdfdd8adbf01e','tested',0,NULL,NULL,1790000000013,1790000000014,13,14,'revoke');
INSERT INTO "attempts" VALUES(7,'2//','unknown',1,'{"codeReason":1,"orderNumber":"2","test":true}','edge','edge','urn:uuid:test',NULL,'ca70db76308680daabba6604ff7c65c36cc719d2d277736b4d38120a3eb78947','tested',0,NULL,NULL,1790000002016,1790000002017,15,16,'settle');
INSERT INTO "attempts" VALUES(8,'4//','pending',0,'{"codeReason":1,"orderNumber":"4","test":false}','key:a','key:a','urn:uuid:test',NULL,'9955c195a9fecac71fe64151e41e4a8fb187649983ca7adcea8eab1ae102ff17','sending',NULL,NULL,NULL,1790000002018,NULL,17,NULL,'revoke');
INSERT INTO "attempts" VALUES(9,'8//','pending',1,'{"codeReason":0,"orderNumber":"8","test":true}','key:a','key:a','urn:uuid:test',NULL,'c50579575779cac29d466f010701a8aec36c3b3e385e1f0a414a10b71110e789','sending',NULL,NULL,NULL,1790000002019,NULL,18,NULL,'revoke');
CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        hash TEXT NOT NULL,
        entry TEXT NOT NULL);
INSERT INTO "audit" VALUES(1,'503ca10f4c79b1c97eafead9ac59c25110876a10381952aaa85ee0c7345dc166','{"action":"open","actor":"edge","hash":"503ca10f4c79b1c97eafead9ac59c25110876a10381952aaa85ee0c7345dc166","ledger":"ledger-id","person":"edge","phase":"outcome","prevHash":"0000000000000000000000000000000000000000000000000000000000000000","seq":1,"time":"2026-09-21T14:13:20.002Z","version":2}');
INSERT INTO "audit" VALUES(2,'8d7bea9da43effbb106de12a1bd8fe3446001b20a8c3ff613b75d5dfddf7ef88','{"action":"configure","actor":"edge","changed":["API_KEYS","AUDIT_SIGNING_KEY","CA_LOGIN_NAME","CA_LOGIN_PASSWORD","DAILY_LIMIT","RATE_LIMIT_PER_MINUTE"],"hash":"8d7bea9da43effbb106de12a1bd8fe3446001b20a8c3ff613b75d5dfddf7ef88","kid":"ogRZbCR5KTrPFCAfuYmCMwj0w7Yuk3Lr6YWQWfpkbf0","person":"edge","phase":"outcome","prevHash":"503ca10f4c79b1c97eafead9ac59c25110876a10381952aaa85ee0c7345dc166","seq":2,"time":"2026-09-21T14:13:20.002Z"}');
INSERT INTO "audit" VALUES(3,'45d3d4acfb41fde8cc68ee29f28809ccc0fec4fcd2f8bb50344fd07cc0a872f7','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"45d3d4acfb41fde8cc68ee29f28809ccc0fec4fcd2f8bb50344fd07cc0a872f7","instance":"urn:uuid:test","orderNumber":"1","person":"key:a","phase":"intent","prevHash":"8d7bea9da43effbb106de12a1bd8fe3446001b20a8c3ff613b75d5dfddf7ef88","seq":3,"test":false,"time":"2026-09-21T14:13:20.003Z"}');
INSERT INTO "audit" VALUES(4,'42e9e624253e46713efa2642b567a386da6cf72bc6b8c7ea31ed70735b5a894d','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":0,"hash":"42e9e624253e46713efa2642b567a386da6cf72bc6b8c7ea31ed70735b5a894d","instance":"urn:uuid:test","intentSeq":3,"orderNumber":"1","outcome":"revoked","person":"key:a","phase":"outcome","prevHash":"45d3d4acfb41fde8cc68ee29f28809ccc0fec4fcd2f8bb50344fd07cc0a872f7","seq":4,"state":"revoked","test":false,"time":"2026-09-21T14:13:20.004Z"}');
INSERT INTO "audit" VALUES(5,'af911a35c3b3b6df0934c89d5ea567edb7369fb6ed78d3a18cf21b055038b1ae','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"af911a35c3b3b6df0934c89d5ea567edb7369fb6ed78d3a18cf21b055038b1ae","instance":"urn:uuid:test","orderNumber":"2","person":"key:a","phase":"intent","prevHash":"42e9e624253e46713efa2642b567a386da6cf72bc6b8c7ea31ed70735b5a894d","seq":5,"test":false,"time":"2026-09-21T14:13:20.005Z"}');
INSERT INTO "audit" VALUES(6,'ec97eb8482898feb223927ac7fe0004d4eabc2f7d5038530375f0ba970ab52f1','{"action":"revoke","actor":"key:a","codeReason":1,"detail":"its answer had no result code","hash":"ec97eb8482898feb223927ac7fe0004d4eabc2f7d5038530375f0ba970ab52f1","instance":"urn:uuid:test","intentSeq":5,"orderNumber":"2","outcome":"unknown","person":"key:a","phase":"outcome","prevHash":"af911a35c3b3b6df0934c89d5ea567edb7369fb6ed78d3a18cf21b055038b1ae","seq":6,"state":"unknown","test":false,"time":"2026-09-21T14:13:20.006Z"}');
INSERT INTO "audit" VALUES(7,'5d980d7eed3841d6c75aba1e6069ce8d00a3008cf519bd55805641148ef477ed','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"5d980d7eed3841d6c75aba1e6069ce8d00a3008cf519bd55805641148ef477ed","instance":"urn:uuid:test","orderNumber":"3","person":"key:a","phase":"intent","prevHash":"ec97eb8482898feb223927ac7fe0004d4eabc2f7d5038530375f0ba970ab52f1","seq":7,"test":false,"time":"2026-09-21T14:13:20.007Z"}');
INSERT INTO "audit" VALUES(8,'42074c0b22c5442173f19ff1f1096434b572a449191c4b167bfc38ca78cccc3f','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":-35,"errorMessage":"The order has expired","hash":"42074c0b22c5442173f19ff1f1096434b572a449191c4b167bfc38ca78cccc3f","instance":"urn:uuid:test","intentSeq":7,"orderNumber":"3","outcome":"refused","person":"key:a","phase":"outcome","prevHash":"5d980d7eed3841d6c75aba1e6069ce8d00a3008cf519bd55805641148ef477ed","seq":8,"state":"refused","test":false,"time":"2026-09-21T14:13:20.008Z"}');
INSERT INTO "audit" VALUES(9,'4628c00d5d668c0eca9e8394bf37a201dafaf6ef3cea25b49ae872903ce362fd','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"4628c00d5d668c0eca9e8394bf37a201dafaf6ef3cea25b49ae872903ce362fd","instance":"urn:uuid:test","orderNumber":"5","person":"key:a","phase":"intent","prevHash":"42074c0b22c5442173f19ff1f1096434b572a449191c4b167bfc38ca78cccc3f","seq":9,"test":false,"time":"2026-09-21T14:13:20.009Z"}');
INSERT INTO "audit" VALUES(10,'f87a813495bc8f3f50b6c810b37252077161ac27ec46abe7b96d79e792842e51','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":-21,"errorMessage":"x","hash":"f87a813495bc8f3f50b6c810b37252077161ac27ec46abe7b96d79e792842e51","instance":"urn:uuid:test","intentSeq":9,"orderNumber":"5","outcome":"already-revoked","person":"key:a","phase":"outcome","prevHash":"4628c00d5d668c0eca9e8394bf37a201dafaf6ef3cea25b49ae872903ce362fd","seq":10,"state":"already-revoked","test":false,"time":"2026-09-21T14:13:20.010Z"}');
INSERT INTO "audit" VALUES(11,'203ba6e4d71d6691bb4621b6e51db63f4dfea8970ce075fb843dca95d80e0082','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"203ba6e4d71d6691bb4621b6e51db63f4dfea8970ce075fb843dca95d80e0082","instance":"urn:uuid:test","orderNumber":"6","person":"key:a","phase":"intent","prevHash":"f87a813495bc8f3f50b6c810b37252077161ac27ec46abe7b96d79e792842e51","product":7,"productCode":"p","revocationReason":"r","seq":11,"test":false,"time":"2026-09-21T14:13:20.011Z"}');
INSERT INTO "audit" VALUES(12,'4b13bcb0a06b3c7d29e5862990de32ff901254d1fd3bc5ad499d8c2492bf8946','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":0,"hash":"4b13bcb0a06b3c7d29e5862990de32ff901254d1fd3bc5ad499d8c2492bf8946","instance":"urn:uuid:test","intentSeq":11,"orderNumber":"6","outcome":"revoked","person":"key:a","phase":"outcome","prevHash":"203ba6e4d71d6691bb4621b6e51db63f4dfea8970ce075fb843dca95d80e0082","product":7,"productCode":"p","revocationReason":"r","seq":12,"state":"revoked","test":false,"time":"2026-09-21T14:13:20.012Z"}');
INSERT INTO "audit" VALUES(13,'038cae004fae3e7f4df89da072c7aa2c3168be072424bfac1e1955c1e12e5217','{"action":"revoke","actor":"key:a","codeReason":0,"hash":"038cae004fae3e7f4df89da072c7aa2c3168be072424bfac1e1955c1e12e5217","instance":"urn:uuid:test","orderNumber":"7","person":"key:a","phase":"intent","prevHash":"4b13bcb0a06b3c7d29e5862990de32ff901254d1fd3bc5ad499d8c2492bf8946","seq":13,"test":true,"time":"2026-09-21T14:13:20.013Z"}');
INSERT INTO "audit" VALUES(14,'cb7cf3b1bf6b32b8e81e04c85dadc4ceea6b1fadb497634ae00cd16f9fc1e5e9','{"action":"revoke","actor":"key:a","codeReason":0,"errorCode":0,"hash":"cb7cf3b1bf6b32b8e81e04c85dadc4ceea6b1fadb497634ae00cd16f9fc1e5e9","instance":"urn:uuid:test","intentSeq":13,"orderNumber":"7","outcome":"tested","person":"key:a","phase":"outcome","prevHash":"038cae004fae3e7f4df89da072c7aa2c3168be072424bfac1e1955c1e12e5217","seq":14,"test":true,"time":"2026-09-21T14:13:20.014Z"}');
INSERT INTO "audit" VALUES(15,'01746b701c04c9a7663d8d679c8bace80519d7112a6c4f0ac07d0f24ed1bed0a','{"action":"settle","actor":"edge","codeReason":1,"hash":"01746b701c04c9a7663d8d679c8bace80519d7112a6c4f0ac07d0f24ed1bed0a","instance":"urn:uuid:test","orderNumber":"2","person":"edge","phase":"intent","prevHash":"cb7cf3b1bf6b32b8e81e04c85dadc4ceea6b1fadb497634ae00cd16f9fc1e5e9","seq":15,"test":true,"time":"2026-09-21T14:13:22.016Z"}');
INSERT INTO "audit" VALUES(16,'129f3e93a98cbd94186b8fe5c9ed9f385db92b450da40de0c822ef00614f0a31','{"action":"settle","actor":"edge","codeReason":1,"errorCode":0,"hash":"129f3e93a98cbd94186b8fe5c9ed9f385db92b450da40de0c822ef00614f0a31","instance":"urn:uuid:test","intentSeq":15,"orderNumber":"2","outcome":"tested","person":"edge","phase":"outcome","prevHash":"01746b701c04c9a7663d8d679c8bace80519d7112a6c4f0ac07d0f24ed1bed0a","seq":16,"state":"unknown","test":true,"time":"2026-09-21T14:13:22.017Z"}');
INSERT INTO "audit" VALUES(17,'0d24b47911673b13db6911fe150028a9777fefe14a87e316298d7f3e878340ac','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"0d24b47911673b13db6911fe150028a9777fefe14a87e316298d7f3e878340ac","instance":"urn:uuid:test","orderNumber":"4","person":"key:a","phase":"intent","prevHash":"129f3e93a98cbd94186b8fe5c9ed9f385db92b450da40de0c822ef00614f0a31","seq":17,"test":false,"time":"2026-09-21T14:13:22.018Z"}');
INSERT INTO "audit" VALUES(18,'7dc5ee3d6791da4f398e0592f9bf0eb47a1fcf6b45c3fdd77b3006b8d758c4d6','{"action":"revoke","actor":"key:a","codeReason":0,"hash":"7dc5ee3d6791da4f398e0592f9bf0eb47a1fcf6b45c3fdd77b3006b8d758c4d6","instance":"urn:uuid:test","orderNumber":"8","person":"key:a","phase":"intent","prevHash":"0d24b47911673b13db6911fe150028a9777fefe14a87e316298d7f3e878340ac","seq":18,"test":true,"time":"2026-09-21T14:13:22.019Z"}');
CREATE TABLE breaker (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        state TEXT NOT NULL,
        since INTEGER NOT NULL,
        reason TEXT,
        credentials TEXT);
INSERT INTO "breaker" VALUES(1,'closed',1790000000001,NULL,NULL);
CREATE TABLE configuration (name TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "configuration" VALUES('API_KEYS','ddd84ab1073f91e68c09a3eb74ed75e13d1f2e6900d85deee327823e359771a7');
INSERT INTO "configuration" VALUES('AUDIT_SIGNING_KEY','bf14a71ce3a67bae3f6e020b170ff1716454cfeb93f540ef3d3c513daca917d7');
INSERT INTO "configuration" VALUES('CA_LOGIN_NAME','43709fa8098ff13264e19fab5445ceda163f9f75f4ae8502010bb6c956d054a9');
INSERT INTO "configuration" VALUES('CA_LOGIN_PASSWORD','f642662ca1d477bb0788b1172ddcab25073bf6aa5a56db251825affef21e3415');
INSERT INTO "configuration" VALUES('DAILY_LIMIT','15587dfed18109111ef846296b6e0977fa7dd2a80032208c988e99a67d1cd556');
INSERT INTO "configuration" VALUES('RATE_LIMIT_PER_MINUTE','41cd2711d0858866ad944eed04aaf74a568c43eb48f8cd9fb42a6acd68ab8928');
INSERT INTO "configuration" VALUES('kid','ogRZbCR5KTrPFCAfuYmCMwj0w7Yuk3Lr6YWQWfpkbf0');
CREATE TABLE ledger (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        version INTEGER NOT NULL,
        id TEXT NOT NULL,
        created_at INTEGER NOT NULL);
INSERT INTO "ledger" VALUES(1,2,'ledger-id',1790000000001);
CREATE TABLE orders (
        identity TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        updated_at INTEGER NOT NULL, first_lost_at INTEGER, lost_at INTEGER, probes INTEGER NOT NULL DEFAULT 0, probe_accepted INTEGER NOT NULL DEFAULT 0, settle_at INTEGER, settled INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "orders" VALUES('1//','revoked',1790000000004,NULL,NULL,0,0,NULL,0);
INSERT INTO "orders" VALUES('2//','unknown',1790000002017,1790000000005,1790000000005,1,1,1790000004017,0);
INSERT INTO "orders" VALUES('3//','refused',1790000000008,NULL,NULL,0,0,NULL,0);
INSERT INTO "orders" VALUES('4//','sending',1790000002018,NULL,NULL,0,0,NULL,0);
INSERT INTO "orders" VALUES('5//','already-revoked',1790000000010,NULL,NULL,0,0,NULL,0);
INSERT INTO "orders" VALUES('6/7/p','revoked',1790000000012,NULL,NULL,0,0,NULL,0);
CREATE TABLE refusals (
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        reason TEXT NOT NULL,
        person TEXT NOT NULL,
        instance TEXT NOT NULL,
        since INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (actor, action, reason)) WITHOUT ROWID;
CREATE INDEX attempts_by_order ON attempts (identity, id);
CREATE INDEX attempts_by_key ON attempts (actor, idempotency_key, id) WHERE idempotency_key IS NOT NULL;
CREATE INDEX attempts_under_way ON attempts (id) WHERE state = 'sending';
CREATE INDEX attempts_by_person ON attempts (person, started_at);
CREATE INDEX orders_to_settle ON orders (settle_at) WHERE state = 'unknown';
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('attempts',9);
COMMIT;
