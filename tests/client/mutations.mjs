// Random and mutated answers, from a seed: what networks, proxies and broken servers make of valid ones.

const CA_BODIES = [
  "0\n",
  "0\r\n",
  "0",
  "errorCode=0",
  "errorCode=0\r\n",
  "errorCode=0&",
  "ErrorCode=0&serverName=none",
  "-21\nThe certificate has already been revoked!\n",
  "-20\r\nThe order has been rejected!\r\n",
  "errorCode=-21&errorMessage=The+certificate+has+already+been+revoked%21",
  "errorCode=-20&errorMessage=Rejected%21&errorItem=orderNumber",
  "-16\nInvalid login details!\n",
  "-3\nThe 'orderNumber' argument is missing!\n",
  "errorCode=-3&errorMessage=The+%27xxxx%27+argument+is+missing%21",
  "errorCode=-4&errorMessage=x%26errorCode%3D0",
  "errorCode=-160&errorMessage=errorCode%3d0%0a0",
  "errorCode=-14&errorMessage=Unknown+error",
  "errorCode=1",
  "-0",
  "00",
  "+0",
  "0x0",
  "",
  "<html><body><h1>Please log in</h1><a href='?a=1&errorCode=0&b=2'>0</a></body></html>",
  "errorCode=0&errorMessage=Failed",
  "errorCode=0&orderNumber=123456",
  "errorCode=0&orderNumber=999999",
  "errorCode=-21&errorMessage=Done&orderNumber=123456&test=N",
  "errorCode=-20&errorMessage=Done&serialNumber=0A",
  "errorCode=0&errorDetail=Order+not+found&errorItem=",
  "test=Y&errorCode=0",
  "errorCode=0&errorCode=-16",
  '{"errorCode":0}',
];

const PIECES = [
  "0",
  "-",
  "\n",
  "\r",
  "&",
  "=",
  "errorCode=0",
  "&errorCode=0",
  "%26errorCode%3D0",
  "errorMessage=",
  "&errorItem=x",
  "&orderNumber=123456",
  "&orderNumber=",
  "&test=Y",
  "&certificateID=1",
  " ",
  "\t",
  "+",
  "%",
  "00",
  "-1",
  "\0",
  "\ufeff",
  "é",
  ",",
  "{",
  "}",
  '"',
  '"outcome":"revoked"',
  '"test":false',
  '"orderNumber":"123456",',
  "true",
  "null",
  "<",
].map((text) => Buffer.from(text));

const edgeBodies = ({ orderNumber, test }) => {
  const done = { orderNumber, outcome: test ? "tested" : "revoked", errorCode: 0, test, auditSeq: 7 };
  return [
    done,
    { ...done, outcome: "already-revoked", errorCode: -21, errorMessage: "Already revoked!" },
    { ...done, outcome: "already-rejected", errorCode: -20 },
    { ...done, orderNumber: "123457" },
    { ...done, test: !test },
    { ...done, outcome: test ? "revoked" : "tested", test: !test },
    { ...done, outcome: "unknown" },
    {
      type: "urn:autorevoke:problem:ca-refused",
      status: 422,
      errorCode: -35,
      orderNumber,
      detail: '{"outcome":"revoked"}',
    },
    { state: "revoked", orderNumber },
  ].map((body) => JSON.stringify(body));
};

/**
 * A reply, more or less as it should be.
 * @param {import("../harness/randomness.mjs").Random} random
 * @param {"ca" | "edge"} from
 * @param {{ orderNumber: string, test: boolean }} order
 */
export function reply(random, from, order) {
  const bodies = from === "ca" ? CA_BODIES : edgeBodies(order);
  let body = Buffer.from(random.pick(bodies));
  const changes = random.chance(0.15) ? 0 : 1 + random.below(3);
  for (let i = 0; i < changes; i += 1) body = mutate(random, body, Buffer.from(random.pick(bodies)));
  return {
    status: random.chance(0.85)
      ? 200
      : random.pick([201, 202, 206, 301, 307, 400, 401, 403, 422, 500, 502, 503]),
    headers: headers(random, from, body),
    body,
  };
}

function headers(random, from, body) {
  const types =
    from === "ca"
      ? ["text/plain", "application/x-www-form-urlencoded", "text/html", ""]
      : [
          "application/json",
          "Application/JSON; charset=utf-8",
          "application/problem+json",
          "application/json, text/html",
          "application/jsonp",
          "text/html",
        ];
  /** @type {Record<string, string>} */
  const headers = {};
  const type = random.chance(0.8) ? types[random.below(2)] : random.pick(types);
  if (type !== "") headers["content-type"] = type;
  if (random.chance(0.5)) headers["content-length"] = String(body.length);
  if (random.chance(0.1)) {
    headers["content-length"] = random.pick([String(body.length + 1), "0", "", "-1", "abc", "2, 2", "1e1"]);
  }
  if (random.chance(0.05)) headers["content-encoding"] = random.pick(["gzip", "identity", "br", "x"]);
  return headers;
}

/**
 * @param {import("../harness/randomness.mjs").Random} random
 * @param {Buffer} body
 * @param {Buffer} other
 */
function mutate(random, body, other) {
  const at = random.below(body.length + 1);
  const to = Math.min(body.length, at + 1 + random.below(8));
  switch (random.below(8)) {
    case 0: {
      const copy = Buffer.from(body);
      if (copy.length > 0) copy[at % copy.length] ^= 1 << random.below(8);
      return copy;
    }
    case 1:
      return Buffer.concat([body.subarray(0, at), random.pick(PIECES), body.subarray(at)]);
    case 2:
      return Buffer.concat([body.subarray(0, at), body.subarray(to)]);
    case 3:
      return body.subarray(0, at);
    case 4:
      return Buffer.concat([body.subarray(0, to), body.subarray(at)]);
    case 5:
      return Buffer.concat([body.subarray(0, at), other.subarray(random.below(other.length + 1))]);
    case 6:
      return Buffer.concat([body, random.pick(PIECES)]);
    default: {
      const noise = Buffer.alloc(random.below(6));
      for (let i = 0; i < noise.length; i += 1) noise[i] = random.below(256);
      return Buffer.concat([body.subarray(0, at), noise, body.subarray(at)]);
    }
  }
}
