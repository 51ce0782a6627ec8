// An RSA key as the faulty library of ROCA (CVE-2017-15361) makes them: each prime is a power of 65537 by small primes.
import { checkPrimeSync, createPrivateKey, createPublicKey, randomBytes } from "node:crypto";
import { published } from "./tokens.mjs";

const EXPONENT = 65537n;
const PRIME_BYTES = 128;

/** The product of the primes below 168. */
const PRIMORIAL = Array.from({ length: 167 }, (_, at) => BigInt(at + 1))
  .filter((number) => number > 1n && checkPrimeSync(number))
  .reduce((product, prime) => product * prime, 1n);

/** @param {bigint} base @param {bigint} exponent @param {bigint} modulus */
function power(base, exponent, modulus) {
  let result = 1n;
  for (let square = base % modulus; exponent > 0n; exponent >>= 1n, square = (square * square) % modulus) {
    if (exponent & 1n) result = (result * square) % modulus;
  }
  return result;
}

/** @param {bigint} number @param {bigint} modulus */
function inverse(number, modulus) {
  let [last, next, lastFactor, factor] = [modulus, number % modulus, 0n, 1n];
  while (next > 0n) {
    const quotient = last / next;
    [last, next] = [next, last - quotient * next];
    [lastFactor, factor] = [factor, lastFactor - quotient * factor];
  }
  return ((lastFactor % modulus) + modulus) % modulus;
}

const random = (/** @type {number} */ bytes) => BigInt(`0x${randomBytes(bytes).toString("hex")}`);

function prime() {
  for (;;) {
    // The two highest bits are set, so that the product of two has its full length.
    const about = random(PRIME_BYTES) | (3n << BigInt(PRIME_BYTES * 8 - 2));
    const found = about - (about % PRIMORIAL) + power(EXPONENT, random(16), PRIMORIAL);
    if (checkPrimeSync(found) && (found - 1n) % EXPONENT !== 0n) return found;
  }
}

/** @param {bigint} number */
function encoded(number) {
  const hex = number.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex").toString("base64url");
}

/** 2048 bits, of which a few minutes of computing find the private half. @param {string} kid */
export function rocaKey(kid) {
  const [p, q] = [prime(), prime()];
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const members = Object.entries(numbers).map(([name, number]) => [name, encoded(number)]);
  const privateKey = createPrivateKey({
    key: { kty: "RSA", ...Object.fromEntries(members) },
    format: "jwk",
  });
  return published({ kid, alg: "RS256", privateKey, publicKey: createPublicKey(privateKey) });
}
