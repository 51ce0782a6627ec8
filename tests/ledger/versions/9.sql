-- A ledger as version 9 of its tables left it: orders in every state, jobs planned, waiting, running, with calls under way when it was closed.
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
        outcome_seq INTEGER, purpose TEXT NOT NULL DEFAULT 'revoke', job INTEGER, job_row INTEGER, limited INTEGER NOT NULL DEFAULT 1, about TEXT);
INSERT INTO "attempts" VALUES(1,'1//','pending',0,'{"codeReason":1,"orderNumber":"1","test":false}','key:a','key:a','urn:uuid:test',NULL,'5bf63364a5ed130376065e0df5b149d0b73d179ddc1bc7d8ed49bb6a7349bdfb','revoked',0,NULL,NULL,1790000000003,1790000000004,3,4,'revoke',NULL,NULL,1,'{"label":"mail.example.com","certificate":{"names":["mail.example.com"],"issuer":"CN=Example CA","notAfter":"2027-01-01T00:00:00Z"}}');
INSERT INTO "attempts" VALUES(2,'2//','pending',0,'{"codeReason":1,"orderNumber":"2","test":false}','key:a','key:a','urn:uuid:test',NULL,'ff397b324f226c52e8dde79c709ef630e09ccb2cf009d9591ab355c1142ca5f6','unknown',NULL,NULL,'its answer had no result code',1790000000005,1790000000006,5,6,'revoke',NULL,NULL,1,NULL);
INSERT INTO "attempts" VALUES(3,'3//','pending',0,'{"codeReason":1,"orderNumber":"3","test":false}','key:a','key:a','urn:uuid:test',NULL,'9a172982634a635273b48e90566e6b0d373f2162b9f2c4979071e1fa1b33ec8c','refused',-35,'The order has expired',NULL,1790000000007,1790000000008,7,8,'revoke',NULL,NULL,1,NULL);
INSERT INTO "attempts" VALUES(4,'5//','pending',0,'{"codeReason":1,"orderNumber":"5","test":false}','key:a','key:a','urn:uuid:test',NULL,'b161d719fd30db891686884eb7a641232e032899442ae7c35e163c699cef43d0','already-revoked',-21,'x',NULL,1790000000009,1790000000010,9,10,'revoke',NULL,NULL,1,NULL);
INSERT INTO "attempts" VALUES(5,'6/7/p','pending',0,'{"codeReason":1,"orderNumber":"6","product":7,"productCode":"p","revocationReason":"r","test":false}','key:a','key:a','urn:uuid:test','k','8d31aae4f186b4082c1e6f80c4af994f0011df631f20e16ddb4fadbb46d734d8','revoked',0,NULL,NULL,1790000000011,1790000000012,11,12,'revoke',NULL,NULL,1,NULL);
INSERT INTO "attempts" VALUES(6,'7//','pending',1,'{"codeReason":0,"orderNumber":"7","test":true}','key:a','key:a','urn:uuid:test',NULL,'1ef9f6fff2ba777dd0482766835fd8fbd10b32096945f2b39a9bdfdd8adbf01e','tested',0,NULL,NULL,1790000000013,1790000000014,13,14,'revoke',NULL,NULL,1,NULL);
INSERT INTO "attempts" VALUES(7,'2//','unknown',1,'{"codeReason":1,"orderNumber":"2","test":true}','edge','edge','urn:uuid:test',NULL,'ca70db76308680daabba6604ff7c65c36cc719d2d277736b4d38120a3eb78947','tested',0,NULL,NULL,1790000002017,1790000002018,15,16,'settle',NULL,NULL,0,NULL);
INSERT INTO "attempts" VALUES(8,'101//','pending',0,'{"codeReason":1,"orderNumber":"101","test":false}','key:ann','ann','urn:uuid:1',NULL,'0e5df8fa1f2094bc667b549ea19cc477653e9b23629af5fecc6bd02ed49cc0a8','revoked',0,NULL,NULL,1790000002022,1790000002023,19,20,'revoke',1,1,1,NULL);
INSERT INTO "attempts" VALUES(9,'102//','pending',0,'{"codeReason":1,"orderNumber":"102","test":false}','key:ann','ann','urn:uuid:1',NULL,'56124eb9428103554ac9a454c1b9bb13025dba1046ed7a0400636e92df1a91a7','sending',NULL,NULL,NULL,1790000002026,NULL,21,NULL,'revoke',1,2,1,NULL);
INSERT INTO "attempts" VALUES(10,'4//','pending',0,'{"codeReason":1,"orderNumber":"4","test":false}','key:a','key:a','urn:uuid:test',NULL,'9955c195a9fecac71fe64151e41e4a8fb187649983ca7adcea8eab1ae102ff17','sending',NULL,NULL,NULL,1790000002033,NULL,28,NULL,'revoke',NULL,NULL,1,NULL);
INSERT INTO "attempts" VALUES(11,'8//','pending',1,'{"codeReason":0,"orderNumber":"8","test":true}','key:a','key:a','urn:uuid:test',NULL,'c50579575779cac29d466f010701a8aec36c3b3e385e1f0a414a10b71110e789','sending',NULL,NULL,NULL,1790000002034,NULL,29,NULL,'revoke',NULL,NULL,1,NULL);
CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        hash TEXT NOT NULL,
        entry TEXT NOT NULL);
INSERT INTO "audit" VALUES(1,'57f40ec68f0383d8abb7b4a68f223606f42468a05039dc53efa3a0be6612c3fe','{"action":"open","actor":"edge","hash":"57f40ec68f0383d8abb7b4a68f223606f42468a05039dc53efa3a0be6612c3fe","ledger":"ledger-id","person":"edge","phase":"outcome","prevHash":"0000000000000000000000000000000000000000000000000000000000000000","seq":1,"time":"2026-09-21T14:13:20.002Z","version":4}');
INSERT INTO "audit" VALUES(2,'240e7c9c4812a81d57c3c16d9c270534ab20b3161657822ca904b94166e540d3','{"action":"configure","actor":"edge","changed":["API_KEYS","APPROVAL_ABOVE","AUDIT_SIGNING_KEY","CA_LOGIN_NAME","CA_LOGIN_PASSWORD","CA_TIMEOUT_MS","DAILY_LIMIT","RATE_LIMIT_PER_MINUTE"],"hash":"240e7c9c4812a81d57c3c16d9c270534ab20b3161657822ca904b94166e540d3","kid":"ogRZbCR5KTrPFCAfuYmCMwj0w7Yuk3Lr6YWQWfpkbf0","person":"edge","phase":"outcome","prevHash":"57f40ec68f0383d8abb7b4a68f223606f42468a05039dc53efa3a0be6612c3fe","seq":2,"time":"2026-09-21T14:13:20.002Z"}');
INSERT INTO "audit" VALUES(3,'6cdc8e9e97a0a67504ad31e6c386f35c612cbefeec701a2271bcee9696b5a8bb','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"6cdc8e9e97a0a67504ad31e6c386f35c612cbefeec701a2271bcee9696b5a8bb","instance":"urn:uuid:test","orderNumber":"1","person":"key:a","phase":"intent","prevHash":"240e7c9c4812a81d57c3c16d9c270534ab20b3161657822ca904b94166e540d3","seq":3,"test":false,"time":"2026-09-21T14:13:20.003Z"}');
INSERT INTO "audit" VALUES(4,'29452134838030eb1c53c04b3961ddf67dd4f59fc5d2dbb8493ec021e38ac0c4','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":0,"hash":"29452134838030eb1c53c04b3961ddf67dd4f59fc5d2dbb8493ec021e38ac0c4","instance":"urn:uuid:test","intentSeq":3,"orderNumber":"1","outcome":"revoked","person":"key:a","phase":"outcome","prevHash":"6cdc8e9e97a0a67504ad31e6c386f35c612cbefeec701a2271bcee9696b5a8bb","seq":4,"state":"revoked","test":false,"time":"2026-09-21T14:13:20.004Z"}');
INSERT INTO "audit" VALUES(5,'903607f7e1d39f30cd56facca14eb3c8e256fc1923f203f8d2c96d69f913925b','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"903607f7e1d39f30cd56facca14eb3c8e256fc1923f203f8d2c96d69f913925b","instance":"urn:uuid:test","orderNumber":"2","person":"key:a","phase":"intent","prevHash":"29452134838030eb1c53c04b3961ddf67dd4f59fc5d2dbb8493ec021e38ac0c4","seq":5,"test":false,"time":"2026-09-21T14:13:20.005Z"}');
INSERT INTO "audit" VALUES(6,'4d738d6edd34acba7e68ba0beffd338312fca8f6f6c7e6dd713d48977e6c48ce','{"action":"revoke","actor":"key:a","codeReason":1,"detail":"its answer had no result code","hash":"4d738d6edd34acba7e68ba0beffd338312fca8f6f6c7e6dd713d48977e6c48ce","instance":"urn:uuid:test","intentSeq":5,"orderNumber":"2","outcome":"unknown","person":"key:a","phase":"outcome","prevHash":"903607f7e1d39f30cd56facca14eb3c8e256fc1923f203f8d2c96d69f913925b","seq":6,"state":"unknown","test":false,"time":"2026-09-21T14:13:20.006Z"}');
INSERT INTO "audit" VALUES(7,'6b6b0cc6ac38b3a8679660ae12743cba241d1e000d583f23b8586693470b9a92','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"6b6b0cc6ac38b3a8679660ae12743cba241d1e000d583f23b8586693470b9a92","instance":"urn:uuid:test","orderNumber":"3","person":"key:a","phase":"intent","prevHash":"4d738d6edd34acba7e68ba0beffd338312fca8f6f6c7e6dd713d48977e6c48ce","seq":7,"test":false,"time":"2026-09-21T14:13:20.007Z"}');
INSERT INTO "audit" VALUES(8,'ed6f17e960cb41aff3c748eb742c783f708aaf9665a6dc2a0aea4bdfe8f44fed','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":-35,"errorMessage":"The order has expired","hash":"ed6f17e960cb41aff3c748eb742c783f708aaf9665a6dc2a0aea4bdfe8f44fed","instance":"urn:uuid:test","intentSeq":7,"orderNumber":"3","outcome":"refused","person":"key:a","phase":"outcome","prevHash":"6b6b0cc6ac38b3a8679660ae12743cba241d1e000d583f23b8586693470b9a92","seq":8,"state":"refused","test":false,"time":"2026-09-21T14:13:20.008Z"}');
INSERT INTO "audit" VALUES(9,'da19a14d89d134576ebb5e74aa6a6476f462fd37d8d952529a0f155429c2d30e','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"da19a14d89d134576ebb5e74aa6a6476f462fd37d8d952529a0f155429c2d30e","instance":"urn:uuid:test","orderNumber":"5","person":"key:a","phase":"intent","prevHash":"ed6f17e960cb41aff3c748eb742c783f708aaf9665a6dc2a0aea4bdfe8f44fed","seq":9,"test":false,"time":"2026-09-21T14:13:20.009Z"}');
INSERT INTO "audit" VALUES(10,'e1209f1b6471faca87b29e2fdb30dee3637bab842a766579fc46d57b58485ab1','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":-21,"errorMessage":"x","hash":"e1209f1b6471faca87b29e2fdb30dee3637bab842a766579fc46d57b58485ab1","instance":"urn:uuid:test","intentSeq":9,"orderNumber":"5","outcome":"already-revoked","person":"key:a","phase":"outcome","prevHash":"da19a14d89d134576ebb5e74aa6a6476f462fd37d8d952529a0f155429c2d30e","seq":10,"state":"already-revoked","test":false,"time":"2026-09-21T14:13:20.010Z"}');
INSERT INTO "audit" VALUES(11,'3bdc7ce09df046c3ccf64fcb1d09fb9a5aba5b7b3c955731f727c852746dad09','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"3bdc7ce09df046c3ccf64fcb1d09fb9a5aba5b7b3c955731f727c852746dad09","instance":"urn:uuid:test","orderNumber":"6","person":"key:a","phase":"intent","prevHash":"e1209f1b6471faca87b29e2fdb30dee3637bab842a766579fc46d57b58485ab1","product":7,"productCode":"p","revocationReason":"r","seq":11,"test":false,"time":"2026-09-21T14:13:20.011Z"}');
INSERT INTO "audit" VALUES(12,'146f472025e7f0b48db8898167fb474767035fdcd158790ee91bf64b3b1cdb83','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":0,"hash":"146f472025e7f0b48db8898167fb474767035fdcd158790ee91bf64b3b1cdb83","instance":"urn:uuid:test","intentSeq":11,"orderNumber":"6","outcome":"revoked","person":"key:a","phase":"outcome","prevHash":"3bdc7ce09df046c3ccf64fcb1d09fb9a5aba5b7b3c955731f727c852746dad09","product":7,"productCode":"p","revocationReason":"r","seq":12,"state":"revoked","test":false,"time":"2026-09-21T14:13:20.012Z"}');
INSERT INTO "audit" VALUES(13,'54140aebac98d03dada2bbb7a35cacd0a5efb548c24560b3277d6326a6e66a38','{"action":"revoke","actor":"key:a","codeReason":0,"hash":"54140aebac98d03dada2bbb7a35cacd0a5efb548c24560b3277d6326a6e66a38","instance":"urn:uuid:test","orderNumber":"7","person":"key:a","phase":"intent","prevHash":"146f472025e7f0b48db8898167fb474767035fdcd158790ee91bf64b3b1cdb83","seq":13,"test":true,"time":"2026-09-21T14:13:20.013Z"}');
INSERT INTO "audit" VALUES(14,'e2f00ec505358c486865173b4a81151536f5d4b22f08a66acea199b7b86693ab','{"action":"revoke","actor":"key:a","codeReason":0,"errorCode":0,"hash":"e2f00ec505358c486865173b4a81151536f5d4b22f08a66acea199b7b86693ab","instance":"urn:uuid:test","intentSeq":13,"orderNumber":"7","outcome":"tested","person":"key:a","phase":"outcome","prevHash":"54140aebac98d03dada2bbb7a35cacd0a5efb548c24560b3277d6326a6e66a38","seq":14,"test":true,"time":"2026-09-21T14:13:20.014Z"}');
INSERT INTO "audit" VALUES(15,'0c731da4468cbfb834a3fc090fc8e24c3e4a581b690e1380c622b0bdb0ccf340','{"action":"settle","actor":"edge","codeReason":1,"hash":"0c731da4468cbfb834a3fc090fc8e24c3e4a581b690e1380c622b0bdb0ccf340","instance":"urn:uuid:test","orderNumber":"2","person":"edge","phase":"intent","prevHash":"e2f00ec505358c486865173b4a81151536f5d4b22f08a66acea199b7b86693ab","seq":15,"test":true,"time":"2026-09-21T14:13:22.017Z"}');
INSERT INTO "audit" VALUES(16,'adf38fb470a5b91d56a2cca64de65a3d8f7a09f8aa7782189e5ae626ddc1a94c','{"action":"settle","actor":"edge","codeReason":1,"errorCode":0,"hash":"adf38fb470a5b91d56a2cca64de65a3d8f7a09f8aa7782189e5ae626ddc1a94c","instance":"urn:uuid:test","intentSeq":15,"orderNumber":"2","outcome":"tested","person":"edge","phase":"outcome","prevHash":"0c731da4468cbfb834a3fc090fc8e24c3e4a581b690e1380c622b0bdb0ccf340","seq":16,"state":"unknown","test":true,"time":"2026-09-21T14:13:22.018Z"}');
INSERT INTO "audit" VALUES(17,'1ea2f15e13541e57d2c1be3d90896e691307cbbfe9e47607e91ab5aba6d30121','{"action":"plan-job","actor":"key:ann","drill":false,"duplicates":0,"hash":"1ea2f15e13541e57d2c1be3d90896e691307cbbfe9e47607e91ab5aba6d30121","instance":"urn:uuid:0","jobId":"job_ed75dfbec6dab88bb4cf1669","person":"ann","phase":"outcome","planHash":"2bf90776c0cd3ba6b2b8a6c1d118edc394a17c893a1871a66790c17a01e3f6dc","prevHash":"adf38fb470a5b91d56a2cca64de65a3d8f7a09f8aa7782189e5ae626ddc1a94c","seq":17,"state":"planned","time":"2026-09-21T14:13:22.019Z","total":3}');
INSERT INTO "audit" VALUES(18,'733d36d12726f884956418c6b932a12c24258da0e05ef4810714077ccb5b23fe','{"action":"start-job","actor":"key:ann","hash":"733d36d12726f884956418c6b932a12c24258da0e05ef4810714077ccb5b23fe","instance":"urn:uuid:1","jobId":"job_ed75dfbec6dab88bb4cf1669","person":"ann","phase":"outcome","planHash":"2bf90776c0cd3ba6b2b8a6c1d118edc394a17c893a1871a66790c17a01e3f6dc","prevHash":"1ea2f15e13541e57d2c1be3d90896e691307cbbfe9e47607e91ab5aba6d30121","priorState":"planned","seq":18,"state":"running","time":"2026-09-21T14:13:22.020Z","total":3}');
INSERT INTO "audit" VALUES(19,'ff7f4ccd80bfa494b3306f74c35445203d45858e15b8ccf384d3c135f8eae4bb','{"action":"revoke","actor":"key:ann","codeReason":1,"hash":"ff7f4ccd80bfa494b3306f74c35445203d45858e15b8ccf384d3c135f8eae4bb","instance":"urn:uuid:1","jobId":"job_ed75dfbec6dab88bb4cf1669","jobRow":1,"orderNumber":"101","person":"ann","phase":"intent","prevHash":"733d36d12726f884956418c6b932a12c24258da0e05ef4810714077ccb5b23fe","seq":19,"test":false,"time":"2026-09-21T14:13:22.022Z"}');
INSERT INTO "audit" VALUES(20,'70bcc691f79b9bdf1b3e5c8841fa5b0ee8a3cf5869a4e0b5b2ef58b368fc81e2','{"action":"revoke","actor":"key:ann","codeReason":1,"errorCode":0,"hash":"70bcc691f79b9bdf1b3e5c8841fa5b0ee8a3cf5869a4e0b5b2ef58b368fc81e2","instance":"urn:uuid:1","intentSeq":19,"jobId":"job_ed75dfbec6dab88bb4cf1669","jobRow":1,"orderNumber":"101","outcome":"revoked","person":"ann","phase":"outcome","prevHash":"ff7f4ccd80bfa494b3306f74c35445203d45858e15b8ccf384d3c135f8eae4bb","seq":20,"state":"revoked","test":false,"time":"2026-09-21T14:13:22.023Z"}');
INSERT INTO "audit" VALUES(21,'fb5d45459bc349a44ea81f4fce5b32a6b7b6d561ca99b24ee63e280f0238e704','{"action":"revoke","actor":"key:ann","codeReason":1,"hash":"fb5d45459bc349a44ea81f4fce5b32a6b7b6d561ca99b24ee63e280f0238e704","instance":"urn:uuid:1","jobId":"job_ed75dfbec6dab88bb4cf1669","jobRow":2,"orderNumber":"102","person":"ann","phase":"intent","prevHash":"70bcc691f79b9bdf1b3e5c8841fa5b0ee8a3cf5869a4e0b5b2ef58b368fc81e2","seq":21,"test":false,"time":"2026-09-21T14:13:22.026Z"}');
INSERT INTO "audit" VALUES(22,'f750669f906c5cd073dd304a4b1980525c1d6c75543c89d3bac94b557c491434','{"action":"plan-job","actor":"key:ann","drill":false,"duplicates":0,"hash":"f750669f906c5cd073dd304a4b1980525c1d6c75543c89d3bac94b557c491434","instance":"urn:uuid:2","jobId":"job_828df987f0cb8972109af101","person":"ann","phase":"outcome","planHash":"8420c3f01b78a04b3e22662976326dc036f459012e37a33b2cb49653bc109e1a","prevHash":"fb5d45459bc349a44ea81f4fce5b32a6b7b6d561ca99b24ee63e280f0238e704","seq":22,"state":"planned","time":"2026-09-21T14:13:22.027Z","total":5}');
INSERT INTO "audit" VALUES(23,'406ffc725f867ddd42dd69197cd25295e6f89c55f2c43ca409f1f78acf862d71','{"action":"start-job","actor":"key:ann","hash":"406ffc725f867ddd42dd69197cd25295e6f89c55f2c43ca409f1f78acf862d71","instance":"urn:uuid:3","jobId":"job_828df987f0cb8972109af101","person":"ann","phase":"outcome","planHash":"8420c3f01b78a04b3e22662976326dc036f459012e37a33b2cb49653bc109e1a","prevHash":"f750669f906c5cd073dd304a4b1980525c1d6c75543c89d3bac94b557c491434","priorState":"planned","seq":23,"state":"awaiting-approval","time":"2026-09-21T14:13:22.028Z","total":5}');
INSERT INTO "audit" VALUES(24,'14565545aa2cd2483a4648ec4a4d412eabe8cb160eb2a8db6203442e847693ad','{"action":"plan-job","actor":"key:ann","drill":true,"duplicates":0,"hash":"14565545aa2cd2483a4648ec4a4d412eabe8cb160eb2a8db6203442e847693ad","instance":"urn:uuid:4","jobId":"job_38473e42e95a8d78974ce390","person":"ann","phase":"outcome","planHash":"3297ddb42adb999bb9aa954b851931fc9166e9cd84eafc5dda1ed0b039abea4c","prevHash":"406ffc725f867ddd42dd69197cd25295e6f89c55f2c43ca409f1f78acf862d71","seq":24,"state":"planned","time":"2026-09-21T14:13:22.029Z","total":2}');
INSERT INTO "audit" VALUES(25,'fa30e9271f1e9653349766ef09aaa86692a0095480d6347c63bf25e50619e3a0','{"action":"plan-job","actor":"key:ann","drill":false,"duplicates":0,"hash":"fa30e9271f1e9653349766ef09aaa86692a0095480d6347c63bf25e50619e3a0","instance":"urn:uuid:5","jobId":"job_d0cda911ac2f1dbc28c99750","person":"ann","phase":"outcome","planHash":"95881ca28c7a2d765f680cca4043e87d73a529bd6b1fd91f2b47b12b38d6c9fb","prevHash":"14565545aa2cd2483a4648ec4a4d412eabe8cb160eb2a8db6203442e847693ad","seq":25,"state":"planned","time":"2026-09-21T14:13:22.030Z","total":1}');
INSERT INTO "audit" VALUES(26,'28a9bd8f64905952a24185d85aac335214da48329e0ddce236913319ed31edb4','{"action":"start-job","actor":"key:ann","hash":"28a9bd8f64905952a24185d85aac335214da48329e0ddce236913319ed31edb4","instance":"urn:uuid:6","jobId":"job_d0cda911ac2f1dbc28c99750","person":"ann","phase":"outcome","planHash":"95881ca28c7a2d765f680cca4043e87d73a529bd6b1fd91f2b47b12b38d6c9fb","prevHash":"fa30e9271f1e9653349766ef09aaa86692a0095480d6347c63bf25e50619e3a0","priorState":"planned","seq":26,"state":"awaiting-approval","time":"2026-09-21T14:13:22.031Z","total":1}');
INSERT INTO "audit" VALUES(27,'55b481bd9c686543778f793ed86e9a3e45f6a47333fbf127565f94be7ae4ddcd','{"action":"approve-job","actor":"key:bob","hash":"55b481bd9c686543778f793ed86e9a3e45f6a47333fbf127565f94be7ae4ddcd","instance":"urn:uuid:7","jobId":"job_d0cda911ac2f1dbc28c99750","person":"bob","phase":"outcome","planHash":"95881ca28c7a2d765f680cca4043e87d73a529bd6b1fd91f2b47b12b38d6c9fb","prevHash":"28a9bd8f64905952a24185d85aac335214da48329e0ddce236913319ed31edb4","priorState":"awaiting-approval","seq":27,"state":"running","time":"2026-09-21T14:13:22.032Z","total":1}');
INSERT INTO "audit" VALUES(28,'9d1280dd41ba8665b83b3a8262ae4fc44d7077f9349616355d9d01c54d23ef60','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"9d1280dd41ba8665b83b3a8262ae4fc44d7077f9349616355d9d01c54d23ef60","instance":"urn:uuid:test","orderNumber":"4","person":"key:a","phase":"intent","prevHash":"55b481bd9c686543778f793ed86e9a3e45f6a47333fbf127565f94be7ae4ddcd","seq":28,"test":false,"time":"2026-09-21T14:13:22.033Z"}');
INSERT INTO "audit" VALUES(29,'824df1c120f8a51ce30df9f331d706008de89909c57aada0de7c54b391cd90ba','{"action":"revoke","actor":"key:a","codeReason":0,"hash":"824df1c120f8a51ce30df9f331d706008de89909c57aada0de7c54b391cd90ba","instance":"urn:uuid:test","orderNumber":"8","person":"key:a","phase":"intent","prevHash":"9d1280dd41ba8665b83b3a8262ae4fc44d7077f9349616355d9d01c54d23ef60","seq":29,"test":true,"time":"2026-09-21T14:13:22.034Z"}');
CREATE TABLE breaker (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        state TEXT NOT NULL,
        since INTEGER NOT NULL,
        reason TEXT,
        credentials TEXT);
INSERT INTO "breaker" VALUES(1,'closed',1790000000001,NULL,NULL);
CREATE TABLE call_counts (
        purpose TEXT NOT NULL,
        test INTEGER NOT NULL,
        state TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (purpose, test, state)) WITHOUT ROWID;
INSERT INTO "call_counts" VALUES('revoke',0,'already-revoked',1);
INSERT INTO "call_counts" VALUES('revoke',0,'refused',1);
INSERT INTO "call_counts" VALUES('revoke',0,'revoked',3);
INSERT INTO "call_counts" VALUES('revoke',0,'sending',2);
INSERT INTO "call_counts" VALUES('revoke',0,'unknown',1);
INSERT INTO "call_counts" VALUES('revoke',1,'sending',1);
INSERT INTO "call_counts" VALUES('revoke',1,'tested',1);
INSERT INTO "call_counts" VALUES('settle',1,'tested',1);
CREATE TABLE configuration (name TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "configuration" VALUES('API_KEYS','ddd84ab1073f91e68c09a3eb74ed75e13d1f2e6900d85deee327823e359771a7');
INSERT INTO "configuration" VALUES('APPROVAL_ABOVE','13d9e51f0398839e0ce93e3b369ac4d40324af0c4788e468cd8eb97421186c70');
INSERT INTO "configuration" VALUES('AUDIT_SIGNING_KEY','bf14a71ce3a67bae3f6e020b170ff1716454cfeb93f540ef3d3c513daca917d7');
INSERT INTO "configuration" VALUES('CA_LOGIN_NAME','43709fa8098ff13264e19fab5445ceda163f9f75f4ae8502010bb6c956d054a9');
INSERT INTO "configuration" VALUES('CA_LOGIN_PASSWORD','f642662ca1d477bb0788b1172ddcab25073bf6aa5a56db251825affef21e3415');
INSERT INTO "configuration" VALUES('CA_TIMEOUT_MS','64dbe320e8829cf778b2fb275a126e3049d7cc0b6c671bb3d0fc2f0b34777e61');
INSERT INTO "configuration" VALUES('DAILY_LIMIT','15587dfed18109111ef846296b6e0977fa7dd2a80032208c988e99a67d1cd556');
INSERT INTO "configuration" VALUES('RATE_LIMIT_PER_MINUTE','41cd2711d0858866ad944eed04aaf74a568c43eb48f8cd9fb42a6acd68ab8928');
INSERT INTO "configuration" VALUES('kid','ogRZbCR5KTrPFCAfuYmCMwj0w7Yuk3Lr6YWQWfpkbf0');
CREATE TABLE job_minutes (
        job INTEGER NOT NULL,
        minute INTEGER NOT NULL,
        accepted INTEGER NOT NULL,
        PRIMARY KEY (job, minute)) WITHOUT ROWID;
INSERT INTO "job_minutes" VALUES(1,29833333,1);
CREATE TABLE job_orders (
        job INTEGER NOT NULL,
        row INTEGER NOT NULL,
        identity TEXT NOT NULL,
        order_number INTEGER NOT NULL,
        order_text TEXT NOT NULL,
        test INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        error_code INTEGER,
        error_message TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        settled INTEGER NOT NULL DEFAULT 0,
        updated_at INTEGER NOT NULL,
        audit_seq INTEGER,
        next_at INTEGER,
        retries INTEGER NOT NULL DEFAULT 0,
        first_lost_at INTEGER, about TEXT,
        PRIMARY KEY (job, row)) WITHOUT ROWID;
INSERT INTO "job_orders" VALUES(1,1,'101//',101,'{"codeReason":1,"orderNumber":"101","test":false}',0,'revoked',0,NULL,1,0,1790000002024,20,NULL,0,NULL,'{"label":"www.example.com"}');
INSERT INTO "job_orders" VALUES(1,2,'102//',102,'{"codeReason":1,"orderNumber":"102","test":false}',0,'sending',NULL,NULL,1,0,1790000002026,21,NULL,0,NULL,NULL);
INSERT INTO "job_orders" VALUES(1,3,'103//',103,'{"codeReason":1,"orderNumber":"103","test":false}',0,'pending',NULL,NULL,0,0,1790000002019,NULL,0,0,NULL,NULL);
INSERT INTO "job_orders" VALUES(2,1,'201//',201,'{"codeReason":1,"orderNumber":"201","test":false}',0,'pending',NULL,NULL,0,0,1790000002027,NULL,0,0,NULL,NULL);
INSERT INTO "job_orders" VALUES(2,2,'202//',202,'{"codeReason":1,"orderNumber":"202","test":false}',0,'pending',NULL,NULL,0,0,1790000002027,NULL,0,0,NULL,NULL);
INSERT INTO "job_orders" VALUES(2,3,'203//',203,'{"codeReason":1,"orderNumber":"203","test":false}',0,'pending',NULL,NULL,0,0,1790000002027,NULL,0,0,NULL,NULL);
INSERT INTO "job_orders" VALUES(2,4,'204//',204,'{"codeReason":1,"orderNumber":"204","test":false}',0,'pending',NULL,NULL,0,0,1790000002027,NULL,0,0,NULL,NULL);
INSERT INTO "job_orders" VALUES(2,5,'205//',205,'{"codeReason":1,"orderNumber":"205","test":false}',0,'pending',NULL,NULL,0,0,1790000002027,NULL,0,0,NULL,NULL);
INSERT INTO "job_orders" VALUES(3,1,'301//',301,'{"codeReason":1,"orderNumber":"301","test":true}',1,'pending',NULL,NULL,0,0,1790000002029,NULL,0,0,NULL,NULL);
INSERT INTO "job_orders" VALUES(3,2,'302//',302,'{"codeReason":1,"orderNumber":"302","test":true}',1,'pending',NULL,NULL,0,0,1790000002029,NULL,0,0,NULL,NULL);
INSERT INTO "job_orders" VALUES(4,1,'401//',401,'{"codeReason":1,"orderNumber":"401","test":false}',0,'pending',NULL,NULL,0,0,1790000002030,NULL,0,0,NULL,NULL);
CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT,
        state TEXT NOT NULL,
        drill INTEGER NOT NULL,
        held INTEGER NOT NULL DEFAULT 0,
        instance TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        creator TEXT NOT NULL,
        deadline INTEGER,
        expires_at INTEGER,
        started_at INTEGER,
        started_by TEXT,
        starter TEXT,
        active_since INTEGER,
        finished_at INTEGER,
        plan_hash TEXT NOT NULL,
        total INTEGER NOT NULL,
        duplicates INTEGER NOT NULL,
        revision INTEGER NOT NULL DEFAULT 1,
        first_order INTEGER NOT NULL,
        last_order INTEGER NOT NULL,
        pending INTEGER NOT NULL,
        sending INTEGER NOT NULL DEFAULT 0,
        revoked INTEGER NOT NULL DEFAULT 0,
        already_revoked INTEGER NOT NULL DEFAULT 0,
        already_rejected INTEGER NOT NULL DEFAULT 0,
        tested INTEGER NOT NULL DEFAULT 0,
        refused INTEGER NOT NULL DEFAULT 0,
        unknown INTEGER NOT NULL DEFAULT 0,
        cancelled INTEGER NOT NULL DEFAULT 0,
        first_sent_at INTEGER,
        last_answer_at INTEGER,
        window_at INTEGER NOT NULL DEFAULT 0,
        window_count INTEGER NOT NULL DEFAULT 0,
        window_before INTEGER NOT NULL DEFAULT 0,
        approvals TEXT NOT NULL DEFAULT '[]',
        last_error TEXT,
        merged TEXT NOT NULL,
        known TEXT NOT NULL,
        idempotency_key TEXT,
        fingerprint TEXT NOT NULL, comment TEXT, declined TEXT, reasons TEXT NOT NULL DEFAULT '{}', conflicts INTEGER NOT NULL DEFAULT 0);
INSERT INTO "jobs" VALUES(1,'job_ed75dfbec6dab88bb4cf1669','Running','running',0,0,'urn:uuid:1',1790000002019,'key:ann','ann',NULL,1790086402019,1790000002020,'key:ann','ann',1790000002020,NULL,'2bf90776c0cd3ba6b2b8a6c1d118edc394a17c893a1871a66790c17a01e3f6dc',3,0,5,101,103,1,1,1,0,0,0,0,0,0,1790000002022,1790000002024,1790000002020,1,0,'[]',NULL,'[]','{"count":0,"orders":[]}',NULL,'05aa2b0148309ae7295812b8d1ce30b790c219ad8ece11743b6f3f64b76642da',NULL,NULL,'{"keyCompromise":3}',0);
INSERT INTO "jobs" VALUES(2,'job_828df987f0cb8972109af101','Waiting','awaiting-approval',0,0,'urn:uuid:3',1790000002027,'key:ann','ann',1790812800000,1790086402028,NULL,'key:ann','ann',NULL,NULL,'8420c3f01b78a04b3e22662976326dc036f459012e37a33b2cb49653bc109e1a',5,0,2,201,205,5,0,0,0,0,0,0,0,0,NULL,NULL,0,0,0,'[]',NULL,'[]','{"count":0,"orders":[]}',NULL,'11aa64a11c347628d6fcd873c8f2022dc3cac170c32dafd913819c1d45cd40d5',NULL,NULL,'{"keyCompromise":5}',0);
INSERT INTO "jobs" VALUES(3,'job_38473e42e95a8d78974ce390',NULL,'planned',1,0,'urn:uuid:4',1790000002029,'key:ann','ann',NULL,1790086402029,NULL,NULL,NULL,NULL,NULL,'3297ddb42adb999bb9aa954b851931fc9166e9cd84eafc5dda1ed0b039abea4c',2,0,1,301,302,2,0,0,0,0,0,0,0,0,NULL,NULL,0,0,0,'[]',NULL,'[]','{"count":0,"orders":[]}',NULL,'28cdb6273968465f8b8e6834189bd56bb9928714d99ff4a9c3e223e24a80a412',NULL,NULL,'{"keyCompromise":2}',0);
INSERT INTO "jobs" VALUES(4,'job_d0cda911ac2f1dbc28c99750',NULL,'running',0,0,'urn:uuid:6',1790000002030,'key:ann','ann',NULL,1790086402031,1790000002032,'key:ann','ann',1790000002032,NULL,'95881ca28c7a2d765f680cca4043e87d73a529bd6b1fd91f2b47b12b38d6c9fb',1,0,3,401,401,1,0,0,0,0,0,0,0,0,NULL,NULL,1790000002032,0,0,'[{"actor":"key:bob","person":"bob","time":"2026-09-21T14:13:22.032Z"}]',NULL,'[]','{"count":0,"orders":[]}',NULL,'9e666335fc935c5fd45d31ca388c6ddc2271fdcd6374f91bfbc10c56550150a6',NULL,NULL,'{"keyCompromise":1}',0);
CREATE TABLE ledger (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        version INTEGER NOT NULL,
        id TEXT NOT NULL,
        created_at INTEGER NOT NULL);
INSERT INTO "ledger" VALUES(1,9,'ledger-id',1790000000001);
CREATE TABLE loose_rows (
        job INTEGER PRIMARY KEY AUTOINCREMENT,
        instance TEXT UNIQUE,
        parts INTEGER NOT NULL DEFAULT 0,
        rows INTEGER NOT NULL DEFAULT 0,
        known TEXT NOT NULL DEFAULT '{"count":0,"orders":[]}',
        sweep_at INTEGER NOT NULL);
CREATE TABLE order_counts (state TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "order_counts" VALUES('already-revoked',1);
INSERT INTO "order_counts" VALUES('refused',1);
INSERT INTO "order_counts" VALUES('revoked',3);
INSERT INTO "order_counts" VALUES('sending',2);
INSERT INTO "order_counts" VALUES('unknown',1);
CREATE TABLE orders (
        identity TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        updated_at INTEGER NOT NULL, first_lost_at INTEGER, lost_at INTEGER, probes INTEGER NOT NULL DEFAULT 0, probe_accepted INTEGER NOT NULL DEFAULT 0, settle_at INTEGER, settled INTEGER NOT NULL DEFAULT 0, restored INTEGER NOT NULL DEFAULT 0, last_attempt INTEGER) WITHOUT ROWID;
INSERT INTO "orders" VALUES('1//','revoked',1790000000004,NULL,NULL,0,0,NULL,0,0,1);
INSERT INTO "orders" VALUES('101//','revoked',1790000002023,NULL,NULL,0,0,NULL,0,0,8);
INSERT INTO "orders" VALUES('102//','sending',1790000002026,NULL,NULL,0,0,NULL,0,0,9);
INSERT INTO "orders" VALUES('2//','unknown',1790000002018,1790000000005,1790000000005,1,1,1790000004018,0,0,2);
INSERT INTO "orders" VALUES('3//','refused',1790000000008,NULL,NULL,0,0,NULL,0,0,3);
INSERT INTO "orders" VALUES('4//','sending',1790000002033,NULL,NULL,0,0,NULL,0,0,10);
INSERT INTO "orders" VALUES('5//','already-revoked',1790000000010,NULL,NULL,0,0,NULL,0,0,4);
INSERT INTO "orders" VALUES('6/7/p','revoked',1790000000012,NULL,NULL,0,0,NULL,0,0,5);
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
CREATE INDEX attempts_by_key ON attempts (actor, idempotency_key, id) WHERE idempotency_key IS NOT NULL;
CREATE INDEX attempts_under_way ON attempts (id) WHERE state = 'sending';
CREATE INDEX attempts_by_person ON attempts (person, started_at);
CREATE INDEX orders_to_settle ON orders (settle_at) WHERE state = 'unknown';
CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_key ON jobs (created_by, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX job_orders_due ON job_orders (job, next_at, row) WHERE next_at IS NOT NULL;
CREATE INDEX job_orders_unknown ON job_orders (identity) WHERE outcome = 'unknown';
CREATE INDEX jobs_never_started ON jobs (expires_at) WHERE started_by IS NULL;
CREATE INDEX job_orders_by_number ON job_orders (job, order_number);
CREATE INDEX job_orders_told ON job_orders (job, outcome, error_code, row) WHERE outcome = 'refused' OR outcome = 'unknown';
CREATE INDEX job_orders_weaker ON job_orders (job) WHERE outcome = 'already-revoked' AND json_extract(order_text, '$.codeReason') = 1;
CREATE INDEX attempts_by_order ON attempts (identity, test, id);
CREATE TRIGGER call_begun AFTER INSERT ON attempts BEGIN
        INSERT INTO call_counts VALUES (NEW.purpose, NEW.test, NEW.state, 1)
            ON CONFLICT DO UPDATE SET count = count + 1; END;
CREATE TRIGGER call_changed AFTER UPDATE OF state ON attempts WHEN NEW.state <> OLD.state BEGIN
        UPDATE call_counts SET count = count - 1 WHERE purpose = OLD.purpose AND test = OLD.test AND state = OLD.state;
        INSERT INTO call_counts VALUES (NEW.purpose, NEW.test, NEW.state, 1)
            ON CONFLICT DO UPDATE SET count = count + 1; END;
CREATE TRIGGER call_deleted AFTER DELETE ON attempts BEGIN
        UPDATE call_counts SET count = count - 1
            WHERE purpose = OLD.purpose AND test = OLD.test AND state = OLD.state; END;
CREATE TRIGGER order_begun AFTER INSERT ON orders BEGIN
        INSERT INTO order_counts VALUES (NEW.state, 1) ON CONFLICT DO UPDATE SET count = count + 1; END;
CREATE TRIGGER order_changed AFTER UPDATE OF state ON orders WHEN NEW.state <> OLD.state BEGIN
        UPDATE order_counts SET count = count - 1 WHERE state = OLD.state;
        INSERT INTO order_counts VALUES (NEW.state, 1) ON CONFLICT DO UPDATE SET count = count + 1; END;
CREATE TRIGGER order_deleted AFTER DELETE ON orders BEGIN
        UPDATE order_counts SET count = count - 1 WHERE state = OLD.state; END;
CREATE INDEX orders_by_state ON orders (state, last_attempt);
CREATE INDEX jobs_unapproved ON jobs (started_at) WHERE drill = 0 AND approvals = '[]' AND started_at IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('attempts',11);
INSERT INTO "sqlite_sequence" VALUES('jobs',4);
INSERT INTO "sqlite_sequence" VALUES('loose_rows',4);
COMMIT;
