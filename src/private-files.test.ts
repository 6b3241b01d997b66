import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { privateFolder, readPrivate, stateFolder, writePrivate } from "./private-files";

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), "bootcamp-private-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const mode = (path: string) => statSync(path).mode & 0o777;

describe("files of the state", () => {
  it("are their owner's alone, whatever the umask, and so are their folders", () => {
    const before = process.umask(0);
    try {
      writePrivate(join(home, "secure", "password"), "secret");
      mkdirSync(join(home, "open"));
      privateFolder(join(home, "open"));
    } finally {
      process.umask(before);
    }
    expect(["secure", "secure/password", "open"].map((name) => mode(join(home, name)))).toEqual([0o700, 0o600, 0o700]);
    expect(readPrivate(join(home, "secure", "password"))).toBe("secret");
    expect(readPrivate(join(home, "absent"))).toBeUndefined();
    expect(readPrivate(join(home, "secure", "password", "below"))).toBeUndefined();
  });

  it("are not believed when others can write them", () => {
    const file = join(home, "engine.json");
    writeFileSync(file, "{}");
    chmodSync(file, 0o666);
    expect(() => readPrivate(file)).toThrow(
      /^Expected a file of this user that nobody else can write, got .* mode 666$/,
    );
  });

  it.runIf(isRoot)("are not taken from somebody else, also not through a link", () => {
    const file = join(home, "engine.json");
    writeFileSync(file, "{}");
    chownSync(file, 12345, 12345);
    symlinkSync(file, join(home, "link.json"));
    mkdirSync(join(home, "secure"));
    chownSync(join(home, "secure"), 12345, 12345);
    for (const path of [file, join(home, "link.json")]) expect(() => readPrivate(path)).toThrow(/one of user 12345/);
    expect(() => privateFolder(join(home, "secure"))).toThrow(/Expected a folder of this user.*one of user 12345/);
  });

  it.skipIf(process.platform === "win32")("are files: a pipe is not waited for, nor a folder read", () => {
    spawnSync("mkfifo", [join(home, "pipe.json")]);
    mkdirSync(join(home, "folder.json"));
    for (const name of ["pipe.json", "folder.json"])
      expect(() => readPrivate(join(home, name))).toThrow(expect.objectContaining({ code: "FILE_ACCESS" }));
  });

  it("say where there is no place for them", () => {
    writeFileSync(join(home, "file"), "");
    for (const work of [
      () => stateFolder(join(home, "file")),
      () => privateFolder(join(home, "file", "logs")),
      () => writePrivate(join(home, "file", "engine.json"), ""),
    ]) {
      expect(work).toThrow(
        expect.objectContaining({ code: "FILE_ACCESS", remedy: expect.stringContaining("BOOTCAMP_HOME") }),
      );
    }
  });
});
