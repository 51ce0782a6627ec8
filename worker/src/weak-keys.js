// RSA keys that nobody should believe: too short, or of the kind that ROCA breaks (CVE-2017-15361).

const LEAST_BITS = 2048;

/**
 * Small primes, as in the fingerprint's publication: a modulus made by the faulty library is a power of 65537 by each of
 * them. By chance that happens to one key in some 10^8.
 */
const PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/** The powers of 65537 by each of these primes. */
const POWERS = PRIMES.map((prime) => {
  const powers = new Set();
  for (let power = 1; !powers.has(power); power = (power * 65537) % prime) powers.add(power);
  return { prime: BigInt(prime), powers };
});

/** @param {any} jwk a public key */
export function isWeak(jwk) {
  if (jwk.kty !== "RSA") return false;
  const modulus = modulusOf(jwk.n);
  return modulus.toString(2).length < LEAST_BITS || isOfRoca(modulus);
}

/** @param {bigint} modulus */
const isOfRoca = (modulus) => POWERS.every(({ prime, powers }) => powers.has(Number(modulus % prime)));

/** 0 for what is no number: the weakest of all. @param {unknown} n base64url */
function modulusOf(n) {
  if (typeof n !== "string" || !/^[\w-]+$/.test(n) || n.length % 4 === 1) return 0n;
  const bytes = atob(n.replaceAll("-", "+").replaceAll("_", "/"));
  return BigInt(
    `0x${Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("")}`,
  );
}
