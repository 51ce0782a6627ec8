// What may not mean what was meant in an env file is told by line and name, and never by value.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "dotenv";
import { envFileNotices } from "../../scripts/run/env-file.mjs";

const NAME = "CA_LOGIN_PASSWORD";
const CUT = /^line 1: the line of CA_LOGIN_PASSWORD goes on behind its value, from a # on: /;
const TYPOGRAPHIC = /^line 1: the value of CA_LOGIN_PASSWORD has typographic quotation marks/;
const HALF_QUOTED = /^line 1: the value of CA_LOGIN_PASSWORD begins with a quotation mark and goes on behind/;

for (const [written, words] of /** @type {[string, RegExp][]} */ ([
  ["sesame#open", CUT],
  ["sesame #open", CUT],
  ["sesame#", CUT],
  ["#sesame", CUT],
  ["'sesame'#open", CUT],
  ['"sesame"#open', CUT],
  ["“sesame”", TYPOGRAPHIC],
  ["‘sesame’", TYPOGRAPHIC],
  ["„sesame#open“", TYPOGRAPHIC],
  ["«sesame»", TYPOGRAPHIC],
  ["sesame”", TYPOGRAPHIC],
  ["'it's#sesame'", HALF_QUOTED],
  ["'sesame'open", HALF_QUOTED],
  ['"sesame" open', HALF_QUOTED],
  ["`sesame` open", HALF_QUOTED],
  ["'sesame", HALF_QUOTED],
])) {
  test(`told: ${written}`, () => {
    for (const text of [`${NAME}=${written}`, `export ${NAME} = ${written}\r\nCA_TIMEOUT_MS=5`]) {
      const notices = envFileNotices(text);
      assert.equal(notices.length, 1, notices.join());
      assert.match(notices[0], words);
      // Neither the value nor a piece of it.
      assert.doesNotMatch(notices[0], /sesame|open/);
    }
  });
}

for (const written of [
  ...["sesame", " sesame ", "'sesame#open'", '"sesame#open"', '`it\'s "sesame"#open`', "'sesame' # note"],
  ...['"sesame" #note', "sésame", "'“sesame”'", "", "it's", '\'{"a":"b"}\'', "'two\nlines'"],
]) {
  test(`not told: ${JSON.stringify(written)}`, () =>
    assert.deepEqual(envFileNotices(`# a note\n\n${NAME}=${written}\nCA_TIMEOUT_MS=5 # ms\n`), []));
}

test("a name that is given twice, a value that swallows others, a line that is no setting", () => {
  const text = [
    "\ufeffCA_ENDPOINT=http://127.0.0.1:9",
    'CA_LOGIN_NAME="half',
    "CA_LOGIN_PASSWORD=sesame",
    'CA_TIMEOUT_MS=5"',
    "CA_ACCOUNT_ID 12",
    "  CA_ENDPOINT=http://127.0.0.1:10",
  ].join("\n");
  assert.deepEqual(envFileNotices(text), [
    "line 2: the value of CA_LOGIN_NAME goes on to line 4, over what looks like other settings",
    "line 5: it is no NAME=value, and is ignored",
    "line 6: CA_ENDPOINT is given twice, in line 1 too: this one counts",
  ]);
});

test("names and places are those that dotenv finds", () => {
  const texts = [
    'A=1\n# c\nB=\'x\ny\'\nexport C: z\nD\nE=\nF="a\\"b" # c\n',
    "A=\n'x'\nB=`a\nB2=c`\n  C = 1#2\n#D=3\nE='un\nF=1\n",
  ];
  for (const text of texts) {
    // Each name once more: then each is told as given twice.
    const names = Object.keys(parse(text));
    const twice = envFileNotices(`${text}\n${names.map((name) => `${name}=1`).join("\n")}`)
      .map((notice) => /: (\S+) is given twice/.exec(notice)?.[1])
      .filter(Boolean);
    assert.deepEqual(twice, names);
  }
});
