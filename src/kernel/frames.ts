/** An error as the protocol has it. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export type Bundle = Readonly<Record<string, unknown>>;

/** A message between a comm of a cell and the one in the front end; buffers in base64. */
export interface CommMessage {
  readonly type: "comm_open" | "comm_msg" | "comm_close";
  readonly content: Readonly<Record<string, any>>;
  readonly metadata: object;
  readonly buffers: readonly string[];
}

/** What the process of the cells tells the kernel; `cell` is the number of the run it belongs to. */
export type Frame =
  | { readonly type: "ready"; readonly heapMb: number }
  | { readonly type: "stream"; readonly cell: number; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "display";
      readonly cell: number;
      readonly data: Bundle;
      readonly id?: string | undefined;
      readonly update?: boolean | undefined;
    }
  | { readonly type: "clear"; readonly cell: number }
  /** Any message to the front ends, as a cell has made it. */
  | (Omit<CommMessage, "type"> & { readonly type: "publish"; readonly cell: number; readonly message: string })
  /** A cell answers front ends that open a comm of this name from now on, or no longer. */
  | { readonly type: "target"; readonly cell: number; readonly name: string; readonly isThere: boolean }
  | { readonly type: "result"; readonly cell: number; readonly data: Bundle }
  | {
      readonly type: "input";
      readonly cell: number;
      readonly ask: number;
      readonly prompt: string;
      readonly password: boolean;
    }
  | {
      readonly type: "done";
      readonly cell: number;
      readonly defined: readonly string[];
      readonly error?: CellError | undefined;
    };

/** A module beside the notebook as JavaScript, and the line of its text for each line of that, as with a cell. */
export interface Translated {
  readonly js: string;
  readonly lines: readonly number[];
}

/** A cell to run, as the compiler made it. */
export interface RunCell {
  readonly type: "run";
  readonly cell: number;
  /** "cell 3", as errors name it. */
  readonly label: string;
  readonly source: string;
  readonly js: string;
  readonly lines: readonly number[];
  readonly modules: Readonly<Record<string, Translated>>;
}

/** What the kernel tells the process of the cells. */
export type Order =
  | RunCell
  | { readonly type: "answer"; readonly ask: number; readonly text?: string; readonly refused?: string }
  | CommMessage
  | { readonly type: "preload"; readonly names: readonly string[] };

/** Begins a frame (RFC 7464), so that one that was cut short by an interrupt is told from the next. */
export const RECORD = "\x1e";

/** Cuts what comes from the pipe into frames; what is no whole frame is left out. */
export class FrameReader {
  private rest = "";

  read(chunk: string): Frame[] {
    const records = (this.rest + chunk).split(RECORD);
    const last = records.pop()!;
    // a frame ends with a line end: the last one may be whole
    const isWhole = last.endsWith("\n");
    this.rest = isWhole ? "" : RECORD + last;
    if (isWhole) records.push(last);
    return records.flatMap((record) => {
      if (record === "") return [];
      try {
        return [JSON.parse(record) as Frame];
      } catch {
        return [];
      }
    });
  }
}
