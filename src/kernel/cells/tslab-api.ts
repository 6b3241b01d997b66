import { randomBytes } from "node:crypto";
import { plainJson } from "./bundle";
import { currentCell } from "./cell-context";

/** tslab's `display`: each method sends one form; a display with an id replaces what it showed before. */
function makeDisplay(id?: string) {
  let isShown = false;
  const raw = (mime: string, content: string | Uint8Array): void => {
    currentCell()?.display(plainJson({ [mime]: content }), id, isShown);
    isShown = id !== undefined;
  };
  const of = (mime: string) => (content: string | Uint8Array) => raw(mime, content);
  return {
    raw,
    javascript: of("text/javascript"),
    html: of("text/html"),
    markdown: of("text/markdown"),
    latex: of("text/latex"),
    svg: of("image/svg+xml"),
    png: of("image/png"),
    jpeg: of("image/jpeg"),
    gif: of("image/gif"),
    pdf: of("application/pdf"),
    text: of("text/plain"),
  };
}

/** What `import … from "tslab"` gives in a cell, so that notebooks written for tslab's own kernel run as they are. */
export const tslabApi = (tslab: string, typescript: string) => ({
  display: makeDisplay(),
  newDisplay: () => makeDisplay(randomBytes(8).toString("hex")),
  versions: { tslab, typescript, node: process.version },
});
