import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { BootcampError } from "../errors";

/** What Node's TLS takes of a profile: an authority of one's own, and a certificate that says who the client is. */
export interface TlsSettings {
  ca?: string[];
  cert?: string;
  key?: string;
  passphrase?: string;
}

/** Files of a profile, and the variables that name them, for errors. */
export interface TlsFiles {
  prefix: string;
  caFile?: string | undefined;
  certFile?: string | undefined;
  keyFile?: string | undefined;
  passphrase?: string | undefined;
}

/**
 * Reads the PEM files and looks whether they are what they are said to be: OpenSSL's own words, when a connection
 * fails on them later, name neither the file nor the setting.
 *
 * @throws FILE_NOT_FOUND, FILE_ACCESS
 * @throws USAGE for a file that holds something else, a passphrase that does not fit, or a key of another certificate
 */
export function readTlsFiles({ prefix, caFile, certFile, keyFile, passphrase }: TlsFiles): TlsSettings {
  const settings: TlsSettings = {};
  if (caFile) {
    const ca = readPem(caFile, `${prefix}CA_FILE`);
    certificateIn(ca, caFile, `${prefix}CA_FILE`);
    settings.ca = [ca];
  }
  if (!certFile || !keyFile) return settings;
  settings.cert = readPem(certFile, `${prefix}CERT_FILE`);
  settings.key = readPem(keyFile, `${prefix}KEY_FILE`);
  if (passphrase) settings.passphrase = passphrase;
  const certificate = certificateIn(settings.cert, certFile, `${prefix}CERT_FILE`);
  const key = keyIn(settings.key, passphrase, keyFile, prefix);
  if (!certificate.checkPrivateKey(key)) {
    throw wrongFile(keyFile, `the key of the certificate in ${prefix}CERT_FILE`, "another key");
  }
  return settings;
}

function readPem(file: string, variable: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new BootcampError(
      absent ? "FILE_NOT_FOUND" : "FILE_ACCESS",
      `Expected ${variable} to name a file that can be read, got ${absent ? "none there" : (cause as Error).message}`,
      { where: file, remedy: `set ${variable} to a file in PEM form`, cause },
    );
  }
}

function certificateIn(pem: string, file: string, variable: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw wrongFile(file, `a certificate in PEM form for ${variable}`, "something else");
  }
}

function keyIn(pem: string, passphrase: string | undefined, file: string, prefix: string) {
  try {
    return createPrivateKey({ key: pem, ...(passphrase && { passphrase }) });
  } catch (error) {
    // OpenSSL's words for a missing and for a wrong passphrase
    const locked = /passphrase|bad decrypt|interrupted or cancelled/i.test((error as Error).message);
    if (locked)
      throw wrongFile(file, `${prefix}KEY_PASSPHRASE to open the key`, passphrase ? "one that does not" : "none");
    throw wrongFile(file, `a private key in PEM form for ${prefix}KEY_FILE`, "something else");
  }
}

// without a cause: what OpenSSL says may hold pieces of the file
function wrongFile(file: string, expected: string, got: string): BootcampError {
  return new BootcampError("USAGE", `Expected ${expected}, got ${got}`, {
    where: file,
    remedy: "see .env.example for the settings",
  });
}
