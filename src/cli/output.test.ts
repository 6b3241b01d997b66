import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { Output } from "./output";

/** Takes so many pieces, then nobody reads any more; errors come late, as those of a pipe do. */
function pipe(pieces: number, code = "EPIPE") {
  const taken: string[] = [];
  const stream = new Writable({
    write(piece, _, done) {
      if (taken.length < pieces) {
        taken.push(String(piece));
        done();
      } else setImmediate(() => done(Object.assign(new Error(code), { code })));
    },
  });
  return { stream, taken };
}

it("knows with the very line that was not read that nobody reads any more, and writes no other", async () => {
  const { stream, taken } = pipe(2);
  const output = new Output(stream);
  const closed: boolean[] = [];
  for (const line of ["a", "b", "c", "d"]) {
    await output.line(line);
    closed.push(output.isClosed);
  }
  expect(taken).toEqual(["a\n", "b\n"]);
  expect(closed).toEqual([false, false, true, true]);
});

it("keeps no other error to itself", async () => {
  const { stream } = pipe(0, "EIO");
  new Output(stream);
  expect(() => stream.emit("error", Object.assign(new Error("full"), { code: "ENOSPC" }))).toThrow("full");
});
