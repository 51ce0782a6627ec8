-- A ledger as version 3 of its tables left it: orders in every state, jobs planned, waiting, running, with calls under way when it was closed.
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
        outcome_seq INTEGER, purpose TEXT NOT NULL DEFAULT 'revoke', job INTEGER, job_row INTEGER, limited INTEGER NOT NULL DEFAULT 1);
INSERT INTO "attempts" VALUES(1,'1//','pending',0,'{"codeReason":1,"orderNumber":"1","test":false}','key:a','key:a','urn:uuid:test',NULL,'5bf63364a5ed130376065e0df5b149d0b73d179ddc1bc7d8ed49bb6a7349bdfb','revoked',0,NULL,NULL,1790000000003,1790000000004,3,4,'revoke',NULL,NULL,1);
INSERT INTO "attempts" VALUES(2,'2//','pending',0,'{"codeReason":1,"orderNumber":"2","test":false}','key:a','key:a','urn:uuid:test',NULL,'ff397b324f226c52e8dde79c709ef630e09ccb2cf009d9591ab355c1142ca5f6','unknown',NULL,NULL,'its answer had no result code',1790000000005,1790000000006,5,6,'revoke',NULL,NULL,1);
INSERT INTO "attempts" VALUES(3,'3//','pending',0,'{"codeReason":1,"orderNumber":"3","test":false}','key:a','key:a','urn:uuid:test',NULL,'9a172982634a635273b48e90566e6b0d373f2162b9f2c4979071e1fa1b33ec8c','refused',-35,'The order has expired',NULL,1790000000007,1790000000008,7,8,'revoke',NULL,NULL,1);
INSERT INTO "attempts" VALUES(4,'5//','pending',0,'{"codeReason":1,"orderNumber":"5","test":false}','key:a','key:a','urn:uuid:test',NULL,'b161d719fd30db891686884eb7a641232e032899442ae7c35e163c699cef43d0','already-revoked',-21,'x',NULL,1790000000009,1790000000010,9,10,'revoke',NULL,NULL,1);
INSERT INTO "attempts" VALUES(5,'6/7/p','pending',0,'{"codeReason":1,"orderNumber":"6","product":7,"productCode":"p","revocationReason":"r","test":false}','key:a','key:a','urn:uuid:test','k','8d31aae4f186b4082c1e6f80c4af994f0011df631f20e16ddb4fadbb46d734d8','revoked',0,NULL,NULL,1790000000011,1790000000012,11,12,'revoke',NULL,NULL,1);
INSERT INTO "attempts" VALUES(6,'7//','pending',1,'{"codeReason":0,"orderNumber":"7","test":true}','key:a','key:a','urn:uuid:test',NULL,'1ef9f6fff2ba777dd0482766835fd8fbd10b32096945f2b39a9bdfdd8adbf01e','tested',0,NULL,NULL,1790000000013,1790000000014,13,14,'revoke',NULL,NULL,1);
INSERT INTO "attempts" VALUES(7,'2//','unknown',1,'{"codeReason":1,"orderNumber":"2","test":true}','edge','edge','urn:uuid:test',NULL,'ca70db76308680daabba6604ff7c65c36cc719d2d277736b4d38120a3eb78947','tested',0,NULL,NULL,1790000002017,1790000002018,15,16,'settle',NULL,NULL,0);
INSERT INTO "attempts" VALUES(8,'101//','pending',0,'{"codeReason":1,"orderNumber":"101","test":false}','key:ann','ann','urn:uuid:1',NULL,'0e5df8fa1f2094bc667b549ea19cc477653e9b23629af5fecc6bd02ed49cc0a8','revoked',0,NULL,NULL,1790000002022,1790000002023,19,20,'revoke',1,1,1);
INSERT INTO "attempts" VALUES(9,'102//','pending',0,'{"codeReason":1,"orderNumber":"102","test":false}','key:ann','ann','urn:uuid:1',NULL,'56124eb9428103554ac9a454c1b9bb13025dba1046ed7a0400636e92df1a91a7','sending',NULL,NULL,NULL,1790000002026,NULL,21,NULL,'revoke',1,2,1);
INSERT INTO "attempts" VALUES(10,'4//','pending',0,'{"codeReason":1,"orderNumber":"4","test":false}','key:a','key:a','urn:uuid:test',NULL,'9955c195a9fecac71fe64151e41e4a8fb187649983ca7adcea8eab1ae102ff17','sending',NULL,NULL,NULL,1790000002033,NULL,28,NULL,'revoke',NULL,NULL,1);
INSERT INTO "attempts" VALUES(11,'8//','pending',1,'{"codeReason":0,"orderNumber":"8","test":true}','key:a','key:a','urn:uuid:test',NULL,'c50579575779cac29d466f010701a8aec36c3b3e385e1f0a414a10b71110e789','sending',NULL,NULL,NULL,1790000002034,NULL,29,NULL,'revoke',NULL,NULL,1);
CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        hash TEXT NOT NULL,
        entry TEXT NOT NULL);
INSERT INTO "audit" VALUES(1,'2ab8b30970f1484c637533569fdaf158f7a261f967a13d9bd198965443e97dbf','{"action":"open","actor":"edge","hash":"2ab8b30970f1484c637533569fdaf158f7a261f967a13d9bd198965443e97dbf","ledger":"ledger-id","person":"edge","phase":"outcome","prevHash":"0000000000000000000000000000000000000000000000000000000000000000","seq":1,"time":"2026-09-21T14:13:20.002Z","version":3}');
INSERT INTO "audit" VALUES(2,'f8951e2bf7107d14858ca642797dad9d2adc7f704526b7aa33e38c16a396df0b','{"action":"configure","actor":"edge","changed":["API_KEYS","APPROVAL_ABOVE","AUDIT_SIGNING_KEY","CA_LOGIN_NAME","CA_LOGIN_PASSWORD","CA_TIMEOUT_MS","DAILY_LIMIT","RATE_LIMIT_PER_MINUTE"],"hash":"f8951e2bf7107d14858ca642797dad9d2adc7f704526b7aa33e38c16a396df0b","kid":"ogRZbCR5KTrPFCAfuYmCMwj0w7Yuk3Lr6YWQWfpkbf0","person":"edge","phase":"outcome","prevHash":"2ab8b30970f1484c637533569fdaf158f7a261f967a13d9bd198965443e97dbf","seq":2,"time":"2026-09-21T14:13:20.002Z"}');
INSERT INTO "audit" VALUES(3,'005f856cd33c4b4f7935e6153a31502469e7c43c3c1f483028dd5a68c1f93c85','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"005f856cd33c4b4f7935e6153a31502469e7c43c3c1f483028dd5a68c1f93c85","instance":"urn:uuid:test","orderNumber":"1","person":"key:a","phase":"intent","prevHash":"f8951e2bf7107d14858ca642797dad9d2adc7f704526b7aa33e38c16a396df0b","seq":3,"test":false,"time":"2026-09-21T14:13:20.003Z"}');
INSERT INTO "audit" VALUES(4,'422c67a7f16f2080b57bb45f81bd497cd3d8f10956c1e3b632c3330161bef69d','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":0,"hash":"422c67a7f16f2080b57bb45f81bd497cd3d8f10956c1e3b632c3330161bef69d","instance":"urn:uuid:test","intentSeq":3,"orderNumber":"1","outcome":"revoked","person":"key:a","phase":"outcome","prevHash":"005f856cd33c4b4f7935e6153a31502469e7c43c3c1f483028dd5a68c1f93c85","seq":4,"state":"revoked","test":false,"time":"2026-09-21T14:13:20.004Z"}');
INSERT INTO "audit" VALUES(5,'498fc1e67ad82ffc92799a761fe95910661d88d4cf83ff5d03e194331c1370f4','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"498fc1e67ad82ffc92799a761fe95910661d88d4cf83ff5d03e194331c1370f4","instance":"urn:uuid:test","orderNumber":"2","person":"key:a","phase":"intent","prevHash":"422c67a7f16f2080b57bb45f81bd497cd3d8f10956c1e3b632c3330161bef69d","seq":5,"test":false,"time":"2026-09-21T14:13:20.005Z"}');
INSERT INTO "audit" VALUES(6,'fb8592b0fd07fc909fffa1f300990cf140bd674a0d7da0a7f6c230951069e034','{"action":"revoke","actor":"key:a","codeReason":1,"detail":"its answer had no result code","hash":"fb8592b0fd07fc909fffa1f300990cf140bd674a0d7da0a7f6c230951069e034","instance":"urn:uuid:test","intentSeq":5,"orderNumber":"2","outcome":"unknown","person":"key:a","phase":"outcome","prevHash":"498fc1e67ad82ffc92799a761fe95910661d88d4cf83ff5d03e194331c1370f4","seq":6,"state":"unknown","test":false,"time":"2026-09-21T14:13:20.006Z"}');
INSERT INTO "audit" VALUES(7,'6081af669e6210f7eadf1a41c40d8e58af7e7acd84e50cb4387fb2a256b33dfc','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"6081af669e6210f7eadf1a41c40d8e58af7e7acd84e50cb4387fb2a256b33dfc","instance":"urn:uuid:test","orderNumber":"3","person":"key:a","phase":"intent","prevHash":"fb8592b0fd07fc909fffa1f300990cf140bd674a0d7da0a7f6c230951069e034","seq":7,"test":false,"time":"2026-09-21T14:13:20.007Z"}');
INSERT INTO "audit" VALUES(8,'eccfd4166fb81ae5d4fc6c2cab93c7a59b698f7fba3a3cd4330f763ec091ba43','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":-35,"errorMessage":"The order has expired","hash":"eccfd4166fb81ae5d4fc6c2cab93c7a59b698f7fba3a3cd4330f763ec091ba43","instance":"urn:uuid:test","intentSeq":7,"orderNumber":"3","outcome":"refused","person":"key:a","phase":"outcome","prevHash":"6081af669e6210f7eadf1a41c40d8e58af7e7acd84e50cb4387fb2a256b33dfc","seq":8,"state":"refused","test":false,"time":"2026-09-21T14:13:20.008Z"}');
INSERT INTO "audit" VALUES(9,'93c624d27b39c04c0b6a5aec5c9e8de32a5cdeb2435c7767dbbff4c9139bda95','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"93c624d27b39c04c0b6a5aec5c9e8de32a5cdeb2435c7767dbbff4c9139bda95","instance":"urn:uuid:test","orderNumber":"5","person":"key:a","phase":"intent","prevHash":"eccfd4166fb81ae5d4fc6c2cab93c7a59b698f7fba3a3cd4330f763ec091ba43","seq":9,"test":false,"time":"2026-09-21T14:13:20.009Z"}');
INSERT INTO "audit" VALUES(10,'b3c5ca6a5dad0d11977ec9c390e4e7afae271d8a86425c6cfa6ab4c0c98e80e5','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":-21,"errorMessage":"x","hash":"b3c5ca6a5dad0d11977ec9c390e4e7afae271d8a86425c6cfa6ab4c0c98e80e5","instance":"urn:uuid:test","intentSeq":9,"orderNumber":"5","outcome":"already-revoked","person":"key:a","phase":"outcome","prevHash":"93c624d27b39c04c0b6a5aec5c9e8de32a5cdeb2435c7767dbbff4c9139bda95","seq":10,"state":"already-revoked","test":false,"time":"2026-09-21T14:13:20.010Z"}');
INSERT INTO "audit" VALUES(11,'0f2bd464231c968d8f2c799b5f88983d7228bf4354f92f35bff1391586945835','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"0f2bd464231c968d8f2c799b5f88983d7228bf4354f92f35bff1391586945835","instance":"urn:uuid:test","orderNumber":"6","person":"key:a","phase":"intent","prevHash":"b3c5ca6a5dad0d11977ec9c390e4e7afae271d8a86425c6cfa6ab4c0c98e80e5","product":7,"productCode":"p","revocationReason":"r","seq":11,"test":false,"time":"2026-09-21T14:13:20.011Z"}');
INSERT INTO "audit" VALUES(12,'9db1a4b76d96d088e7c95d7414477c5a0f0aa763831086b60a6a0ffd6cd8d5e2','{"action":"revoke","actor":"key:a","codeReason":1,"errorCode":0,"hash":"9db1a4b76d96d088e7c95d7414477c5a0f0aa763831086b60a6a0ffd6cd8d5e2","instance":"urn:uuid:test","intentSeq":11,"orderNumber":"6","outcome":"revoked","person":"key:a","phase":"outcome","prevHash":"0f2bd464231c968d8f2c799b5f88983d7228bf4354f92f35bff1391586945835","product":7,"productCode":"p","revocationReason":"r","seq":12,"state":"revoked","test":false,"time":"2026-09-21T14:13:20.012Z"}');
INSERT INTO "audit" VALUES(13,'371a87c0e5dbd660a81794fc3d0f5d2eb296d149ccb0398e5f9eb88dfb5adc93','{"action":"revoke","actor":"key:a","codeReason":0,"hash":"371a87c0e5dbd660a81794fc3d0f5d2eb296d149ccb0398e5f9eb88dfb5adc93","instance":"urn:uuid:test","orderNumber":"7","person":"key:a","phase":"intent","prevHash":"9db1a4b76d96d088e7c95d7414477c5a0f0aa763831086b60a6a0ffd6cd8d5e2","seq":13,"test":true,"time":"2026-09-21T14:13:20.013Z"}');
INSERT INTO "audit" VALUES(14,'57591af7c7e56e8ef6dc59ae1175bd464a31109ea7f447e2f6eb0e8bbc551500','{"action":"revoke","actor":"key:a","codeReason":0,"errorCode":0,"hash":"57591af7c7e56e8ef6dc59ae1175bd464a31109ea7f447e2f6eb0e8bbc551500","instance":"urn:uuid:test","intentSeq":13,"orderNumber":"7","outcome":"tested","person":"key:a","phase":"outcome","prevHash":"371a87c0e5dbd660a81794fc3d0f5d2eb296d149ccb0398e5f9eb88dfb5adc93","seq":14,"test":true,"time":"2026-09-21T14:13:20.014Z"}');
INSERT INTO "audit" VALUES(15,'7ecd39b0163b9e0f5c45b5fb68664897721020d677fa1998f7663e9e5d27c571','{"action":"settle","actor":"edge","codeReason":1,"hash":"7ecd39b0163b9e0f5c45b5fb68664897721020d677fa1998f7663e9e5d27c571","instance":"urn:uuid:test","orderNumber":"2","person":"edge","phase":"intent","prevHash":"57591af7c7e56e8ef6dc59ae1175bd464a31109ea7f447e2f6eb0e8bbc551500","seq":15,"test":true,"time":"2026-09-21T14:13:22.017Z"}');
INSERT INTO "audit" VALUES(16,'c62e56e80f0062ff65a06b400570a286e4ebb1cbb7f8a9df500e9d2f76279ccd','{"action":"settle","actor":"edge","codeReason":1,"errorCode":0,"hash":"c62e56e80f0062ff65a06b400570a286e4ebb1cbb7f8a9df500e9d2f76279ccd","instance":"urn:uuid:test","intentSeq":15,"orderNumber":"2","outcome":"tested","person":"edge","phase":"outcome","prevHash":"7ecd39b0163b9e0f5c45b5fb68664897721020d677fa1998f7663e9e5d27c571","seq":16,"state":"unknown","test":true,"time":"2026-09-21T14:13:22.018Z"}');
INSERT INTO "audit" VALUES(17,'88d9fb8f401b8fa3c7970511feae4255e2219aab8f9bdded4b80be294b796d96','{"action":"plan-job","actor":"key:ann","drill":false,"duplicates":0,"hash":"88d9fb8f401b8fa3c7970511feae4255e2219aab8f9bdded4b80be294b796d96","instance":"urn:uuid:0","jobId":"job_ed75dfbec6dab88bb4cf1669","person":"ann","phase":"outcome","planHash":"2bf90776c0cd3ba6b2b8a6c1d118edc394a17c893a1871a66790c17a01e3f6dc","prevHash":"c62e56e80f0062ff65a06b400570a286e4ebb1cbb7f8a9df500e9d2f76279ccd","seq":17,"state":"planned","time":"2026-09-21T14:13:22.019Z","total":3}');
INSERT INTO "audit" VALUES(18,'43d7e6c151846dae3b68da106d12f9785ab4320d32db2e45e1d43f244894f18e','{"action":"start-job","actor":"key:ann","hash":"43d7e6c151846dae3b68da106d12f9785ab4320d32db2e45e1d43f244894f18e","instance":"urn:uuid:1","jobId":"job_ed75dfbec6dab88bb4cf1669","person":"ann","phase":"outcome","planHash":"2bf90776c0cd3ba6b2b8a6c1d118edc394a17c893a1871a66790c17a01e3f6dc","prevHash":"88d9fb8f401b8fa3c7970511feae4255e2219aab8f9bdded4b80be294b796d96","priorState":"planned","seq":18,"state":"running","time":"2026-09-21T14:13:22.020Z","total":3}');
INSERT INTO "audit" VALUES(19,'2a80f9ea1ace1c2d82b5b7f0a42bc9f56f6f5afdc05ef2811e7e529081e11ba3','{"action":"revoke","actor":"key:ann","codeReason":1,"hash":"2a80f9ea1ace1c2d82b5b7f0a42bc9f56f6f5afdc05ef2811e7e529081e11ba3","instance":"urn:uuid:1","jobId":"job_ed75dfbec6dab88bb4cf1669","jobRow":1,"orderNumber":"101","person":"ann","phase":"intent","prevHash":"43d7e6c151846dae3b68da106d12f9785ab4320d32db2e45e1d43f244894f18e","seq":19,"test":false,"time":"2026-09-21T14:13:22.022Z"}');
INSERT INTO "audit" VALUES(20,'12fa43d83b17d69fe74aaad60640c5034f8063fde29f4bc4c0d6e2f46615a236','{"action":"revoke","actor":"key:ann","codeReason":1,"errorCode":0,"hash":"12fa43d83b17d69fe74aaad60640c5034f8063fde29f4bc4c0d6e2f46615a236","instance":"urn:uuid:1","intentSeq":19,"jobId":"job_ed75dfbec6dab88bb4cf1669","jobRow":1,"orderNumber":"101","outcome":"revoked","person":"ann","phase":"outcome","prevHash":"2a80f9ea1ace1c2d82b5b7f0a42bc9f56f6f5afdc05ef2811e7e529081e11ba3","seq":20,"state":"revoked","test":false,"time":"2026-09-21T14:13:22.023Z"}');
INSERT INTO "audit" VALUES(21,'beb9c2d40d8c7a59c973bdd20418d26eee5253a1eed3b51bb128fca92e4e2705','{"action":"revoke","actor":"key:ann","codeReason":1,"hash":"beb9c2d40d8c7a59c973bdd20418d26eee5253a1eed3b51bb128fca92e4e2705","instance":"urn:uuid:1","jobId":"job_ed75dfbec6dab88bb4cf1669","jobRow":2,"orderNumber":"102","person":"ann","phase":"intent","prevHash":"12fa43d83b17d69fe74aaad60640c5034f8063fde29f4bc4c0d6e2f46615a236","seq":21,"test":false,"time":"2026-09-21T14:13:22.026Z"}');
INSERT INTO "audit" VALUES(22,'d6411dfe87574baf3275ea4060aca07c3faad9050d89e3bcb53afc316ba8f383','{"action":"plan-job","actor":"key:ann","drill":false,"duplicates":0,"hash":"d6411dfe87574baf3275ea4060aca07c3faad9050d89e3bcb53afc316ba8f383","instance":"urn:uuid:2","jobId":"job_828df987f0cb8972109af101","person":"ann","phase":"outcome","planHash":"8420c3f01b78a04b3e22662976326dc036f459012e37a33b2cb49653bc109e1a","prevHash":"beb9c2d40d8c7a59c973bdd20418d26eee5253a1eed3b51bb128fca92e4e2705","seq":22,"state":"planned","time":"2026-09-21T14:13:22.027Z","total":5}');
INSERT INTO "audit" VALUES(23,'f5ecbdef38fee53acbf035b9845d4ff095b6e447187b06825085bfd47ae8307c','{"action":"start-job","actor":"key:ann","hash":"f5ecbdef38fee53acbf035b9845d4ff095b6e447187b06825085bfd47ae8307c","instance":"urn:uuid:3","jobId":"job_828df987f0cb8972109af101","person":"ann","phase":"outcome","planHash":"8420c3f01b78a04b3e22662976326dc036f459012e37a33b2cb49653bc109e1a","prevHash":"d6411dfe87574baf3275ea4060aca07c3faad9050d89e3bcb53afc316ba8f383","priorState":"planned","seq":23,"state":"awaiting-approval","time":"2026-09-21T14:13:22.028Z","total":5}');
INSERT INTO "audit" VALUES(24,'d8b0a7517814a08ac58314b5fa90d7baca9ae109d94bcb287b22ab9096bf6195','{"action":"plan-job","actor":"key:ann","drill":true,"duplicates":0,"hash":"d8b0a7517814a08ac58314b5fa90d7baca9ae109d94bcb287b22ab9096bf6195","instance":"urn:uuid:4","jobId":"job_38473e42e95a8d78974ce390","person":"ann","phase":"outcome","planHash":"3297ddb42adb999bb9aa954b851931fc9166e9cd84eafc5dda1ed0b039abea4c","prevHash":"f5ecbdef38fee53acbf035b9845d4ff095b6e447187b06825085bfd47ae8307c","seq":24,"state":"planned","time":"2026-09-21T14:13:22.029Z","total":2}');
INSERT INTO "audit" VALUES(25,'64f3b13c270715cc3b9a7b42eb420b9f0ea9476b3962b766232ce82ecd4b9bcc','{"action":"plan-job","actor":"key:ann","drill":false,"duplicates":0,"hash":"64f3b13c270715cc3b9a7b42eb420b9f0ea9476b3962b766232ce82ecd4b9bcc","instance":"urn:uuid:5","jobId":"job_d0cda911ac2f1dbc28c99750","person":"ann","phase":"outcome","planHash":"95881ca28c7a2d765f680cca4043e87d73a529bd6b1fd91f2b47b12b38d6c9fb","prevHash":"d8b0a7517814a08ac58314b5fa90d7baca9ae109d94bcb287b22ab9096bf6195","seq":25,"state":"planned","time":"2026-09-21T14:13:22.030Z","total":1}');
INSERT INTO "audit" VALUES(26,'20a7429c74107387cb2930a5c09c6d6f288c419b52c3450dfe14bc78876369e3','{"action":"start-job","actor":"key:ann","hash":"20a7429c74107387cb2930a5c09c6d6f288c419b52c3450dfe14bc78876369e3","instance":"urn:uuid:6","jobId":"job_d0cda911ac2f1dbc28c99750","person":"ann","phase":"outcome","planHash":"95881ca28c7a2d765f680cca4043e87d73a529bd6b1fd91f2b47b12b38d6c9fb","prevHash":"64f3b13c270715cc3b9a7b42eb420b9f0ea9476b3962b766232ce82ecd4b9bcc","priorState":"planned","seq":26,"state":"awaiting-approval","time":"2026-09-21T14:13:22.031Z","total":1}');
INSERT INTO "audit" VALUES(27,'9df74fc3f7bc763d96acfb8609ee4727585333bdf7a4b95482b8fd56638de236','{"action":"approve-job","actor":"key:bob","hash":"9df74fc3f7bc763d96acfb8609ee4727585333bdf7a4b95482b8fd56638de236","instance":"urn:uuid:7","jobId":"job_d0cda911ac2f1dbc28c99750","person":"bob","phase":"outcome","planHash":"95881ca28c7a2d765f680cca4043e87d73a529bd6b1fd91f2b47b12b38d6c9fb","prevHash":"20a7429c74107387cb2930a5c09c6d6f288c419b52c3450dfe14bc78876369e3","priorState":"awaiting-approval","seq":27,"state":"running","time":"2026-09-21T14:13:22.032Z","total":1}');
INSERT INTO "audit" VALUES(28,'afb3978f92cedc60ce4485ea734d285b93bb636879af4f7fb6d809598172d0e3','{"action":"revoke","actor":"key:a","codeReason":1,"hash":"afb3978f92cedc60ce4485ea734d285b93bb636879af4f7fb6d809598172d0e3","instance":"urn:uuid:test","orderNumber":"4","person":"key:a","phase":"intent","prevHash":"9df74fc3f7bc763d96acfb8609ee4727585333bdf7a4b95482b8fd56638de236","seq":28,"test":false,"time":"2026-09-21T14:13:22.033Z"}');
INSERT INTO "audit" VALUES(29,'8c0bc4333d9baea92ca355261cab4f6c50f41985401571df851f22447874e235','{"action":"revoke","actor":"key:a","codeReason":0,"hash":"8c0bc4333d9baea92ca355261cab4f6c50f41985401571df851f22447874e235","instance":"urn:uuid:test","orderNumber":"8","person":"key:a","phase":"intent","prevHash":"afb3978f92cedc60ce4485ea734d285b93bb636879af4f7fb6d809598172d0e3","seq":29,"test":true,"time":"2026-09-21T14:13:22.034Z"}');
CREATE TABLE breaker (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        state TEXT NOT NULL,
        since INTEGER NOT NULL,
        reason TEXT,
        credentials TEXT);
INSERT INTO "breaker" VALUES(1,'closed',1790000000001,NULL,NULL);
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
        first_lost_at INTEGER,
        PRIMARY KEY (job, row)) WITHOUT ROWID;
INSERT INTO "job_orders" VALUES(1,1,'101//',101,'{"codeReason":1,"orderNumber":"101","test":false}',0,'revoked',0,NULL,1,0,1790000002024,20,NULL,0,NULL);
INSERT INTO "job_orders" VALUES(1,2,'102//',102,'{"codeReason":1,"orderNumber":"102","test":false}',0,'sending',NULL,NULL,1,0,1790000002026,21,NULL,0,NULL);
INSERT INTO "job_orders" VALUES(1,3,'103//',103,'{"codeReason":1,"orderNumber":"103","test":false}',0,'pending',NULL,NULL,0,0,1790000002019,NULL,0,0,NULL);
INSERT INTO "job_orders" VALUES(2,1,'201//',201,'{"codeReason":1,"orderNumber":"201","test":false}',0,'pending',NULL,NULL,0,0,1790000002027,NULL,0,0,NULL);
INSERT INTO "job_orders" VALUES(2,2,'202//',202,'{"codeReason":1,"orderNumber":"202","test":false}',0,'pending',NULL,NULL,0,0,1790000002027,NULL,0,0,NULL);
INSERT INTO "job_orders" VALUES(2,3,'203//',203,'{"codeReason":1,"orderNumber":"203","test":false}',0,'pending',NULL,NULL,0,0,1790000002027,NULL,0,0,NULL);
INSERT INTO "job_orders" VALUES(2,4,'204//',204,'{"codeReason":1,"orderNumber":"204","test":false}',0,'pending',NULL,NULL,0,0,1790000002027,NULL,0,0,NULL);
INSERT INTO "job_orders" VALUES(2,5,'205//',205,'{"codeReason":1,"orderNumber":"205","test":false}',0,'pending',NULL,NULL,0,0,1790000002027,NULL,0,0,NULL);
INSERT INTO "job_orders" VALUES(3,1,'301//',301,'{"codeReason":1,"orderNumber":"301","test":true}',1,'pending',NULL,NULL,0,0,1790000002029,NULL,0,0,NULL);
INSERT INTO "job_orders" VALUES(3,2,'302//',302,'{"codeReason":1,"orderNumber":"302","test":true}',1,'pending',NULL,NULL,0,0,1790000002029,NULL,0,0,NULL);
INSERT INTO "job_orders" VALUES(4,1,'401//',401,'{"codeReason":1,"orderNumber":"401","test":false}',0,'pending',NULL,NULL,0,0,1790000002030,NULL,0,0,NULL);
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
        fingerprint TEXT NOT NULL);
INSERT INTO "jobs" VALUES(1,'job_ed75dfbec6dab88bb4cf1669','Running','running',0,0,'urn:uuid:1',1790000002019,'key:ann','ann',NULL,1790086402019,1790000002020,'key:ann','ann',1790000002020,NULL,'2bf90776c0cd3ba6b2b8a6c1d118edc394a17c893a1871a66790c17a01e3f6dc',3,0,5,101,103,1,1,1,0,0,0,0,0,0,1790000002022,1790000002024,1790000002020,1,0,'[]',NULL,'[]','{"count":0,"orders":[]}',NULL,'05aa2b0148309ae7295812b8d1ce30b790c219ad8ece11743b6f3f64b76642da');
INSERT INTO "jobs" VALUES(2,'job_828df987f0cb8972109af101','Waiting','awaiting-approval',0,0,'urn:uuid:3',1790000002027,'key:ann','ann',1790812800000,1790086402028,NULL,'key:ann','ann',NULL,NULL,'8420c3f01b78a04b3e22662976326dc036f459012e37a33b2cb49653bc109e1a',5,0,2,201,205,5,0,0,0,0,0,0,0,0,NULL,NULL,0,0,0,'[]',NULL,'[]','{"count":0,"orders":[]}',NULL,'11aa64a11c347628d6fcd873c8f2022dc3cac170c32dafd913819c1d45cd40d5');
INSERT INTO "jobs" VALUES(3,'job_38473e42e95a8d78974ce390',NULL,'planned',1,0,'urn:uuid:4',1790000002029,'key:ann','ann',NULL,1790086402029,NULL,NULL,NULL,NULL,NULL,'3297ddb42adb999bb9aa954b851931fc9166e9cd84eafc5dda1ed0b039abea4c',2,0,1,301,302,2,0,0,0,0,0,0,0,0,NULL,NULL,0,0,0,'[]',NULL,'[]','{"count":0,"orders":[]}',NULL,'28cdb6273968465f8b8e6834189bd56bb9928714d99ff4a9c3e223e24a80a412');
INSERT INTO "jobs" VALUES(4,'job_d0cda911ac2f1dbc28c99750',NULL,'running',0,0,'urn:uuid:6',1790000002030,'key:ann','ann',NULL,1790086402031,1790000002032,'key:ann','ann',1790000002032,NULL,'95881ca28c7a2d765f680cca4043e87d73a529bd6b1fd91f2b47b12b38d6c9fb',1,0,3,401,401,1,0,0,0,0,0,0,0,0,NULL,NULL,1790000002032,0,0,'[{"actor":"key:bob","person":"bob","time":"2026-09-21T14:13:22.032Z"}]',NULL,'[]','{"count":0,"orders":[]}',NULL,'9e666335fc935c5fd45d31ca388c6ddc2271fdcd6374f91bfbc10c56550150a6');
CREATE TABLE ledger (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        version INTEGER NOT NULL,
        id TEXT NOT NULL,
        created_at INTEGER NOT NULL);
INSERT INTO "ledger" VALUES(1,3,'ledger-id',1790000000001);
CREATE TABLE orders (
        identity TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        updated_at INTEGER NOT NULL, first_lost_at INTEGER, lost_at INTEGER, probes INTEGER NOT NULL DEFAULT 0, probe_accepted INTEGER NOT NULL DEFAULT 0, settle_at INTEGER, settled INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "orders" VALUES('1//','revoked',1790000000004,NULL,NULL,0,0,NULL,0);
INSERT INTO "orders" VALUES('101//','revoked',1790000002023,NULL,NULL,0,0,NULL,0);
INSERT INTO "orders" VALUES('102//','sending',1790000002026,NULL,NULL,0,0,NULL,0);
INSERT INTO "orders" VALUES('2//','unknown',1790000002018,1790000000005,1790000000005,1,1,1790000004018,0);
INSERT INTO "orders" VALUES('3//','refused',1790000000008,NULL,NULL,0,0,NULL,0);
INSERT INTO "orders" VALUES('4//','sending',1790000002033,NULL,NULL,0,0,NULL,0);
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
CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_key ON jobs (created_by, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX job_orders_due ON job_orders (job, next_at, row) WHERE next_at IS NOT NULL;
CREATE INDEX job_orders_unknown ON job_orders (identity) WHERE outcome = 'unknown';
CREATE INDEX attempts_by_job ON attempts (job, job_row) WHERE job IS NOT NULL AND state = 'sending';
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('attempts',11);
INSERT INTO "sqlite_sequence" VALUES('jobs',4);
COMMIT;
