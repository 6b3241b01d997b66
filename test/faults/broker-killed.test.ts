import { afterAll, beforeAll, describe, it } from "vitest";
import { needs } from "../helpers/data";
import { keepsBooks } from "./books-run";
import { OwnKafka } from "./own-kafka";

let kafka: OwnKafka;
beforeAll(async () => {
  kafka = await OwnKafka.start(1);
});
afterAll(() => kafka?.stop());

describe.skipIf(needs.python())("a single broker that is killed and started again", () => {
  it("holds what publish was told it has, and each alert filtered once", { timeout: 1_800_000 }, async () => {
    await keepsBooks(kafka, "single", Array(20).fill(1), "waits");
  });
});
