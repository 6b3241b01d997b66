import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { probeBroker } from "../../src/kafka/probe/probe";
import { listen } from "./broken-profile";

describe("a connection that fails", () => {
  it("because something else listens there, or nobody answers", async () => {
    const web = await listen(
      createServer((socket) => socket.on("error", () => {}).end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    );
    const silent = await listen(createServer(() => {}));
    const problems = [];
    for (const { address } of [web, silent]) {
      const { stages } = await probeBroker({ bootstrap: address, limitSeconds: 0.5 });
      problems.push(stages.find(({ state }) => state === "failed")?.problem);
    }
    expect(problems).toEqual(["not-kafka", "no-answer"]);
    web.close();
    silent.close();
  });
});
