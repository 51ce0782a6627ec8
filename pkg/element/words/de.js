// Alle Texte auf Deutsch.

/** @type {import("./en.js").Texts} */
export default {
  tones: {
    done: "Erledigt",
    note: "Hinweis",
    no: "Nicht erledigt",
    unknown: "Nicht bekannt",
    waiting: "In Arbeit",
  },

  heading: "Zertifikat widerrufen",
  intro:
    "Ein ausgestelltes Zertifikat wird widerrufen, eine noch nicht ausgestellte Bestellung storniert. Beides lässt sich nicht rückgängig machen.",
  testHeading: "Widerruf testen",
  testBand: "TEST: Es wird nichts geändert. Die CA prüft die Bestellung nur.",
  orderNumber: "Bestellnummer",
  orderNumberHint: "Nur Ziffern, wie in der Bestellbestätigung der CA.",
  reason: "Grund",
  reasonHint:
    "Könnte sonst jemand den privaten Schlüssel haben? Dann ist es „Schlüssel kompromittiert“. Passen mehrere, wählen Sie den schwersten. Er lässt sich später nicht berichtigen.",
  comment: "Kommentar",
  commentHint: "Nur für Ihre Unterlagen: Er ersetzt den Grund nicht.",
  used: (used, limit) => `${used} von ${limit} Zeichen`,
  more: "Ein Produkt der Bestellung",
  productCode: "Produktcode",
  productCodeHint: "Welches Zertifikat der Bestellung, wenn sie mehrere hat.",
  product: "Produktnummer",
  optional: "freiwillig",
  revoke: "Widerrufen …",
  dryRun: "Nur testen",
  dryRunHint: "Beim Test prüft die CA die Bestellung. Geändert wird nichts.",
  checking: "Der Server wird nach der Bestellung gefragt …",

  reasons: {
    keyCompromise: {
      name: "Schlüssel kompromittiert",
      when: "Jemand anderes könnte den privaten Schlüssel haben: gestohlen, veröffentlicht, auf einem verlorenen oder angegriffenen Rechner oder Unbefugten bekannt. Geht jedem anderen Grund vor.",
    },
    affiliationChanged: {
      name: "Angaben geändert",
      when: "Der Name der Organisation oder andere Angaben im Zertifikat haben sich geändert, und der Schlüssel ist sicher.",
    },
    superseded: {
      name: "Ersetzt",
      when: "Ein neues Zertifikat ersetzt dieses, und der Schlüssel ist sicher.",
    },
    cessationOfOperation: {
      name: "Betrieb eingestellt",
      when: "Die Website ist abgeschaltet, oder die Domain gehört Ihnen nicht mehr, und der Schlüssel ist sicher.",
    },
    unspecified: { name: "Nicht angegeben", when: "Keiner der anderen Gründe passt." },
  },

  faults: {
    summary: "Bitte berichtigen Sie, was markiert ist. Es wurde nichts gesendet.",
    missingNumber: "Geben Sie die Bestellnummer ein.",
    badNumber: "Eine Bestellnummer hat nur Ziffern und beginnt nicht mit 0.",
    longNumber: "Diese Zahl ist zu lang für eine Bestellnummer.",
    missingReason: "Wählen Sie einen Grund.",
    long: (limit) => `Höchstens ${limit} Zeichen.`,
    badProduct: "Eine Produktnummer hat nur Ziffern.",
  },

  confirmHeading: (order) => `Bestellung ${order} widerrufen?`,
  resendHeading: (order) => `Bestellung ${order} noch einmal senden?`,
  resendWarning:
    "Sie ist vielleicht schon widerrufen. Gibt es zu dieser Bestellung inzwischen ein Ersatzzertifikat, würde dieses widerrufen.",
  notReplaced: "Das Zertifikat wurde unter dieser Bestellnummer nicht ersetzt.",
  cannotBeUndone: "Das lässt sich nicht rückgängig machen.",
  adviseCompromise:
    "Der Grund lässt sich später nicht berichtigen. Könnte jemand anderes den privaten Schlüssel haben, muss es „Schlüssel kompromittiert“ sein.",
  typeNumber: "Zur Bestätigung die Bestellnummer eingeben",
  mistyped: (order) => `Das ist nicht ${order}.`,
  tick: "Bestätigen Sie das zuerst.",
  confirm: (order) => `Bestellung ${order} widerrufen`,
  cancel: "Abbrechen",
  close: "Schließen",
  knownNothing: "Der Server hat diese Bestellung noch nie gesendet.",

  facts: {
    order: "Bestellung",
    productCode: "Produktcode",
    product: "Produktnummer",
    reason: "Grund",
    comment: "Kommentar",
    server: "Server",
    code: "Code der CA",
    kind: "Art",
    status: "HTTP-Status",
    audit: "Audit-Eintrag",
    instance: "Vorgang",
    time: "Zeit",
    details: "Einzelheiten",
  },

  revoking: (order) => `Bestellung ${order} wird widerrufen …`,
  testing: (order) => `Bestellung ${order} wird getestet …`,
  lookingUp: (order) => `Der Server wird nach Bestellung ${order} gefragt …`,
  stayHere: "Lassen Sie diese Seite offen, bis die Antwort da ist.",
  since: (seconds) => `Seit ${seconds}`,

  revoked: {
    title: (order) => `Die CA hat den Widerruf der Bestellung ${order} angenommen.`,
    text: [
      "Widerrufen, oder storniert, falls noch nicht ausgestellt: Die CA sagt nicht, welches von beiden. Wann die Sperrlisten es zeigen, sagt diese Antwort nicht.",
    ],
  },
  tested: {
    title: (order) => `Der Test der Bestellung ${order} war erfolgreich. Es wurde nichts geändert.`,
    text: [
      "Das Zertifikat ist dadurch nicht widerrufen. Ein Test prüft vielleicht weniger als ein echter Widerruf.",
    ],
  },
  alreadyRevoked: {
    title: (order) => `Bestellung ${order} ist bereits widerrufen.`,
    text: ["Die CA sagt nicht, von wem, wann und aus welchem Grund."],
  },
  alreadyRejected: {
    title: (order) => `Bestellung ${order} wurde bereits abgelehnt oder storniert.`,
    text: ["Es gibt kein Zertifikat, das zu widerrufen wäre."],
  },
  onlyTested: "Das war ein Test, der nichts geändert hat.",
  likelyEarlier:
    "Es kann der frühere Aufruf gewesen sein, dessen Ergebnis nicht bekannt war. Das ist wahrscheinlich, nicht bewiesen.",
  weakerReason:
    "Sie wollten „Schlüssel kompromittiert“. Eingetragen ist vielleicht ein schwächerer Grund, und dieser Aufruf kann ihn nicht ändern: Könnte jemand anderes den privaten Schlüssel haben, sagen Sie es der CA.",
  stillOpen: "Der frühere Aufruf, dessen Ergebnis nicht bekannt ist, ist damit nicht geklärt.",

  unknown: {
    title: (order) => `Es ist nicht bekannt, ob Bestellung ${order} widerrufen wurde.`,
    text: ["Nehmen Sie keins von beiden an: Sie kann widerrufen sein oder auch nicht."],
    next: "Was jetzt zu tun ist",
    steps: [
      "Fragen Sie den Server. Er klärt es von selbst weiter: Fragen Sie nach ein, zwei Minuten noch einmal.",
      "„Noch einmal versuchen“ fragt zuerst den Server und sendet die Bestellung nur, wenn der Server sie nie gesendet hat. Zweimal widerrufen wird nie.",
      "Immer noch nicht bekannt? Fragen Sie die CA und nennen Sie die Bestellnummer.",
    ],
    stepsServer: [
      "Fragen Sie den Server nach ein, zwei Minuten noch einmal: Er klärt es von selbst weiter.",
      "Senden Sie nur dann noch einmal, wenn das Zertifikat unter dieser Bestellnummer nicht ersetzt wurde.",
      "Immer noch nicht bekannt? Fragen Sie die CA und nennen Sie die Bestellnummer.",
    ],
    waits: "Der Server klärt es nicht mehr von selbst: Ein Mensch muss entscheiden.",
    earlier: (time) => `Der Aufruf begann am ${time}.`,
    refusedSince: "Was die CA auf die Wiederholung sagte, zeigt nicht, was der erste Aufruf bewirkt hat:",
  },
  lostTest: {
    title: (order) => `Der Test der Bestellung ${order} brachte keine brauchbare Antwort.`,
    text: ["Es wurde nichts geändert, denn es war nur ein Test. Er beweist nichts."],
  },

  failures: {
    refused: (order, why) => `Die CA hat Bestellung ${order} zurückgewiesen: ${why}.`,
    nothingSent: "Es wurde nichts an die CA gesendet.",
    nothingRevoked: "Durch diesen Aufruf wurde nichts widerrufen.",
    "invalid-order": {
      title: "Die Bestellung ist nicht richtig ausgefüllt.",
      text: "Was falsch ist, steht bei den Feldern.",
    },
    "malformed-request": {
      title: "Der Server konnte die Anfrage nicht lesen.",
      text: "Etwas zwischen dieser Seite und dem Server hat sie vielleicht verändert: Sagen Sie es dem Betrieb.",
    },
    unauthenticated: {
      title: "Der Server weiß nicht, wer Sie sind.",
      text: "Melden Sie sich neu an. Ihr Schlüssel oder Ihre Sitzung ist vielleicht falsch, abgelaufen oder entzogen.",
    },
    forbidden: {
      title: "Sie dürfen diese Bestellung nicht widerrufen.",
      text: "Keine Ihrer Berechtigungen umfasst sie, oder der Server erlaubt keine Aufrufe von der Adresse dieser Seite.",
    },
    "in-progress": {
      title: "Ein anderer Aufruf arbeitet an dieser Bestellung.",
      text: "Er widerruft sie vielleicht gerade. Warten Sie einen Moment, und fragen Sie dann den Server.",
    },
    "idempotency-mismatch": {
      title: "Der Server hielt das für einen anderen Aufruf.",
      text: "Senden Sie noch einmal: Der Aufruf bekommt dann einen eigenen Schlüssel.",
    },
    "not-found": {
      title: "Der Server zeigt Ihnen diese Bestellung nicht, oder unter dieser Adresse ist keiner.",
      text: "Prüfen Sie die Bestellnummer und die Adresse des Servers.",
    },
    "unsupported-request": {
      title: "Der Server nimmt diese Anfrage nicht an.",
      text: "Diese Seite und der Server haben vielleicht verschiedene Versionen: Sagen Sie es dem Betrieb.",
    },
    internal: {
      title: "Der Server hat versagt.",
      text: "Versuchen Sie es noch einmal, und sagen Sie es dem Betrieb, wenn es wieder geschieht.",
    },
    "rate-limited": { title: "Ihre Grenze an Aufrufen ist erreicht.", text: "" },
    "ca-login-refused": {
      title: "Die CA hat die Anmeldung des Servers zurückgewiesen.",
      text: "An Ihrer Anmeldung liegt es nicht. Der Server ruft die CA nicht mehr auf, bis der Betrieb nachgesehen und ihn freigegeben hat: Wiederholte Aufrufe könnten das Konto sperren.",
    },
    "ca-busy": { title: "Die CA nimmt gerade keine weiteren Aufrufe an.", text: "" },
    "not-sent": {
      title: "Es wurde nichts gesendet.",
      text: "Der Server war von dieser Seite aus nicht zu erreichen, oder der Aufruf wurde vorher abgewiesen.",
    },
    aborted: { title: "Der Aufruf wurde beendet, bevor er gesendet war.", text: "" },
    "not-configured": {
      title: "Der Server ist noch nicht eingerichtet.",
      text: "Der Betrieb muss ihm seine Zugangsdaten und seine Aufrufer geben.",
    },
    other: { title: "Der Aufruf ist nicht gelungen.", text: "" },
  },
  tryAgainIn: (time) => `Versuchen Sie es in ${time} noch einmal.`,
  tryAgainLater: "Versuchen Sie es später noch einmal.",
  mayOnlyTest: "Ihre Berechtigungen erlauben nur, sie zu testen.",
  noPermission: "Keine Ihrer Berechtigungen umfasst sie.",

  record: {
    heading: "Was der Server gesendet hat",
    none: (order) => `Der Server hat Bestellung ${order} nie gesendet, oder er zeigt sie Ihnen nicht.`,
    older: "Das war vor diesem Aufruf, oder es betrifft ein anderes Produkt der Bestellung.",
    states: {
      pending: "Der Server hat noch nichts gesendet, was diese Bestellung geändert haben könnte.",
      sending: "Der Server sendet diese Bestellung gerade.",
      revoked: "Im Verzeichnis des Servers steht: widerrufen.",
      "already-revoked": "Im Verzeichnis des Servers steht: bereits widerrufen.",
      "already-rejected": "Im Verzeichnis des Servers steht: bereits abgelehnt.",
      refused: "Im Verzeichnis des Servers steht: von der CA zurückgewiesen.",
      unknown: "Auch der Server kennt das Ergebnis nicht.",
    },
    outcomes: {
      pending: "noch nicht gesendet",
      sending: "wird gesendet",
      revoked: "widerrufen",
      "already-revoked": "bereits widerrufen",
      "already-rejected": "bereits abgelehnt",
      tested: "Test erfolgreich",
      refused: "zurückgewiesen",
      unknown: "nicht bekannt",
      "not-sent": "nicht gesendet",
    },
    revocation: "Widerruf",
    test: "Test",
  },

  ask: "Server fragen",
  askHint: "widerruft nichts",
  tryAgain: "Noch einmal versuchen",
  sendAgain: "Noch einmal senden …",
  back: "Zurück zum Formular",
  next: "Nächste Bestellung",
  copy: "Für das Ticket kopieren",
  copied: "Kopiert.",
  notCopied: "Es ließ sich nicht kopieren. Wählen Sie den Text aus:",
  details: "Technische Einzelheiten",
  caWords: "Die CA im Wortlaut",
  unsettledBand: (order, time) => `Bestellung ${order}: Ergebnis nicht bekannt, Aufruf vom ${time}.`,
  open: "Anzeigen",

  codes: {
    "-1": { title: "nicht über HTTPS", text: "Die Anfrage erreichte die CA nicht verschlüsselt." },
    "-2": {
      title: "unbekanntes Argument",
      text: "Die Anfrage hatte ein Argument, das die CA nicht kennt. Das sollte mit dieser Software nicht vorkommen: Bitte melden Sie es.",
    },
    "-3": { title: "fehlendes Argument", text: "Der Anfrage fehlte ein Argument. Die CA nennt es." },
    "-4": {
      title: "ungültiges Argument",
      text: "Die CA hat den Wert eines Arguments nicht angenommen, oft eine Bestellnummer, die das Konto nicht hat. Prüfen Sie Bestellnummer und Konto.",
    },
    "-14": {
      title: "unbekannter Fehler der CA",
      text: "Die CA sagt nicht, was sie getan hat.",
    },
    "-16": {
      title: "Anmeldung zurückgewiesen",
      text: "Eins von vier: Die Anmeldung ist falsch, das Konto gesperrt, das Passwort abgelaufen oder die Quelladresse blockiert.",
    },
    "-17": {
      title: "falsche HTTP-Methode",
      text: "Die CA bekam GET statt POST. Das sollte mit dieser Software nicht vorkommen: Bitte melden Sie es.",
    },
    "-20": { title: "bereits abgelehnt", text: "Die Bestellung war schon abgelehnt oder storniert." },
    "-21": { title: "bereits widerrufen", text: "Das Zertifikat war schon widerrufen." },
    "-23": {
      title: "wird gerade ausgestellt",
      text: "Das Zertifikat wird in diesem Augenblick ausgestellt und lässt sich noch nicht widerrufen. Versuchen Sie es in ein paar Minuten noch einmal.",
    },
    "-26": {
      title: "wird gerade ausgestellt",
      text: "Das Zertifikat wird in diesem Augenblick ausgestellt und lässt sich noch nicht widerrufen. Versuchen Sie es in ein paar Minuten noch einmal.",
    },
    "-35": {
      title: "abgelaufen",
      text: "Das Zertifikat ist abgelaufen und lässt sich nicht mehr widerrufen. Das ist auch nicht mehr nötig.",
    },
    "-42": {
      title: "überlastet",
      text: "Eine Obergrenze war erreicht. Versuchen Sie es später noch einmal.",
    },
    "-43": {
      title: "zurückgewiesen (-43)",
      text: "Die CA lehnt mit einem Code ab, den sie nicht öffentlich erklärt. Lesen Sie ihren Text, und fragen Sie sie notfalls.",
    },
    "-160": {
      title: "von einer Partner-CA zurückgewiesen",
      text: "Die Meldung kommt von einer Partner-CA. Lesen Sie ihren Text.",
    },
    other: {
      title: "zurückgewiesen",
      text: "Die CA lehnt mit einem undokumentierten Code ab. Lesen Sie ihren Text, und fragen Sie sie notfalls.",
    },
  },
};
