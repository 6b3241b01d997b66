import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { certificateFiles, prepareCertificates } from "./certificates";

const before = process.env.BOOTCAMP_HOME;
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "bootcamp-certificates-"));
  process.env.BOOTCAMP_HOME = home;
});
afterEach(() => {
  if (before === undefined) delete process.env.BOOTCAMP_HOME;
  else process.env.BOOTCAMP_HOME = before;
  rmSync(home, { recursive: true, force: true });
});

const read = (file: keyof typeof certificateFiles) => readFileSync(certificateFiles[file](), "utf8");
const day = 86_400_000;

it("makes certificates of an authority that lets them do what they are for", async () => {
  await prepareCertificates("alice");
  const [ca, server, client] = (["ca", "server", "clientCertificate"] as const).map(
    (file) => new X509Certificate(read(file)),
  );
  expect(ca!.ca).toBe(true);
  for (const certificate of [server!, client!]) {
    expect(certificate.ca).toBe(false);
    expect(certificate.checkIssued(ca!)).toBe(true);
    expect(certificate.verify(ca!.publicKey)).toBe(true);
  }
  expect([server!.checkHost("localhost"), server!.checkIP("127.0.0.1")]).toEqual(["localhost", "127.0.0.1"]);
  expect(server!.checkHost("example.org")).toBeUndefined();
  expect(client!.subject).toBe("CN=alice");
  expect(client!.checkPrivateKey(createPrivateKey(read("clientKey")))).toBe(true);
  expect(server!.checkPrivateKey(createPrivateKey(read("server")))).toBe(true);
  // key purposes of RFC 5280 §4.2.1.12: serverAuth, clientAuth
  expect([server!.keyUsage, client!.keyUsage]).toEqual([["1.3.6.1.5.5.7.3.1"], ["1.3.6.1.5.5.7.3.2"]]);
});

it("keeps them until a week before they end, and files a key is in to their owner", async () => {
  const now = Date.now();
  await prepareCertificates("alice", new Date(now));
  const first = read("ca");
  await prepareCertificates("alice", new Date(now + 357 * day));
  expect(read("ca")).toBe(first);
  await prepareCertificates("alice", new Date(now + 359 * day));
  expect(read("ca")).not.toBe(first);
  expect(new X509Certificate(read("server")).verify(new X509Certificate(read("ca")).publicKey)).toBe(true);
  const modes = Object.values(certificateFiles).map((file) => statSync(file()).mode & 0o777);
  expect(new Set(modes)).toEqual(new Set([0o600]));
  expect(statSync(join(home, "secure")).mode & 0o777).toBe(0o700);
});

it("makes them again when one is gone", async () => {
  await prepareCertificates("alice");
  const first = read("ca");
  rmSync(certificateFiles.clientKey());
  await prepareCertificates("alice");
  expect(read("ca")).not.toBe(first);
});
