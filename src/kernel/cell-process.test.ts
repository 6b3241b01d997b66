import { describe, expect, it } from "vitest";
import { CellProcess } from "./cell-process";

describe("the process of the cells", () => {
  it("that is ended by the second interrupt is not said to want memory", async () => {
    const obituary = await new Promise<string>((resolve) => {
      const cells = new CellProcess({
        frame: () => {},
        died: (text) => {
          cells.close();
          resolve(text);
        },
      });
      cells.kill();
    });
    expect(obituary).toBe("the cell did not stop at the first interrupt, and the second ended its process");
  });
});
