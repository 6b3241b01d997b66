import { X509Certificate } from "node:crypto";
import { secureFile } from "../../broker/engine-state";
import { readPrivate, writePrivate } from "../../private-files";
import { LOOPBACK } from "../process/ports";

/** What the secure listeners and their clients are given; all of mode 600. */
export const certificateFiles = {
  /** Certificate of the authority: what a client trusts. Its key is thrown away once the two below are signed. */
  ca: () => secureFile("ca.pem"),
  /** Key and certificate of the broker, in one file as Kafka wants them. */
  server: () => secureFile("server.pem"),
  clientCertificate: () => secureFile("client.pem"),
  clientKey: () => secureFile("client.key"),
};

const VALID_DAYS = 365;
/** A class that meets for a week must not end with a certificate that has run out. */
const RENEW_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * Makes an authority, a certificate of the broker for `localhost` and 127.0.0.1, and one by which a client is `user`;
 * keeps those that are there unless they end within a week.
 *
 * @param now what counts as today
 */
export async function prepareCertificates(user: string, now = new Date()): Promise<void> {
  if (stillGood(now)) return;
  // loaded here: most of the library never needs it
  const { generate } = require("selfsigned") as typeof import("selfsigned");
  const common = {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: now,
    notAfterDate: new Date(now.getTime() + VALID_DAYS * DAY_MS),
  } as const;
  const named = (value: string) => [{ name: "commonName", value }];
  const ca = await generate(named("Alert bootcamp practice authority"), {
    ...common,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  const signed = { ...common, ca: { key: ca.private, cert: ca.cert } };
  const altNames = [
    { type: 2 as const, value: "localhost" },
    { type: 7 as const, ip: LOOPBACK },
  ];
  const server = await generate(named("localhost"), {
    ...signed,
    extensions: [
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
  });
  const client = await generate(named(user), { ...signed, extensions: [{ name: "extKeyUsage", clientAuth: true }] });
  writePrivate(certificateFiles.server(), `${server.private}${server.cert}\n${ca.cert}\n`);
  writePrivate(certificateFiles.clientKey(), client.private);
  writePrivate(certificateFiles.clientCertificate(), `${client.cert}\n`);
  // last, so that the others are there and fit when it is
  writePrivate(certificateFiles.ca(), `${ca.cert}\n`);
}

function stillGood(now: Date): boolean {
  const texts = Object.values(certificateFiles).map((file) => readPrivate(file()));
  if (texts.includes(undefined)) return false;
  const { validTo } = new X509Certificate(texts[0]!);
  return Date.parse(validTo) - now.getTime() > RENEW_DAYS * DAY_MS;
}
