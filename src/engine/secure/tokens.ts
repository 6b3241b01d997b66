import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { existsSync } from "node:fs";
import { secureFile } from "../../broker/engine-state";
import { readPrivate, writePrivate } from "../../private-files";

/** Who makes the tokens and whom they are for; the broker takes no others. */
export const TOKEN_ISSUER = "alert-bootcamp-practice";
export const TOKEN_AUDIENCE = "alert-bootcamp-kafka";
/** Short, as such services have it: a client that stays has to ask again. */
export const TOKEN_SECONDS = 600;
/** Paths of the service. */
export const TOKEN_PATH = "/token";
export const KEYS_PATH = "/keys";

const KEY_ID = "practice";
const keyFile = () => secureFile("token.key");
const tokenKey = () => readPrivate(keyFile()) ?? "";

/** Makes the key that signs tokens, once for an engine's folder. */
export function prepareTokenKey(): void {
  if (existsSync(keyFile())) return;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writePrivate(keyFile(), privateKey.export({ type: "pkcs8", format: "pem" }) as string);
}

/** The public half, by which the broker knows a token that was signed here (RFC 7517). */
export function keySet(): { keys: object[] } {
  const key = createPublicKey(tokenKey()).export({ format: "jwk" });
  return { keys: [{ ...key, kid: KEY_ID, use: "sig", alg: "ES256" }] };
}

/** A signed token that says its bearer is `user` (RFC 7519, ES256 of RFC 7518). */
export function makeToken(user: string, now = Date.now()): string {
  const issuedAt = Math.floor(now / 1000);
  const claims = {
    iss: TOKEN_ISSUER,
    aud: TOKEN_AUDIENCE,
    sub: user,
    scope: "alerts",
    iat: issuedAt,
    exp: issuedAt + TOKEN_SECONDS,
    jti: randomUUID(),
  };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode({ alg: "ES256", typ: "JWT", kid: KEY_ID })}.${encode(claims)}`;
  const key = createPrivateKey(tokenKey());
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}
