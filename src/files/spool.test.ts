import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { withDefaults } from "./limits";
import type { Member } from "./members";
import { Spool } from "./spool";

it("names a temporary folder that is not there, and the variable that says where it is", async () => {
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = "/no/such/folder";
  try {
    const spool = new Spool(withDefaults({}));
    const member: Member = { path: "night.tar!a.avro", file: "night.tar", bytes: Buffer.from("x"), error: null };
    await expect(spool.add(member)).rejects.toMatchObject({
      code: "FILE_ACCESS",
      where: tmpdir(),
      remedy: expect.stringContaining("TMPDIR"),
    });
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
});
