import { inspect } from "node:util";
import { type Layout, layoutOf } from "./layout";
import type { WriterSchema } from "./schema";

/**
 * One record, decoded part by part as it is touched.
 *
 * `leaf` and `top` are the direct way in; `view` is the same as a plain-looking object.
 */
export class Packet {
  private readonly layout: Layout;
  private values: any;
  private complete = false;
  /** Somebody lists all fields (JSON, spread): that says nothing about what the program needs. */
  private listed = false;
  private heavy: Map<string, unknown> | undefined;
  private viewProxy: object | undefined;
  /** Views of the groups touched so far, and the targets of their proxies. */
  private readonly groups = new Fields();
  private readonly groupViews: RecordView[] = [];

  /**
   * @param record the bare encoded record
   * @param schema the schema it was written with
   */
  constructor(
    readonly record: Buffer,
    readonly schema: WriterSchema,
  ) {
    this.layout = layoutOf(schema);
  }

  /** True when records of this schema have the field; `path` is "objectId" or "candidate.rb". */
  has(group: string, name: string): boolean {
    return group === "" ? this.layout.kinds.has(name) : this.layout.groups.get(group)?.has(name) === true;
  }

  /** A field of a group: `leaf("candidate", "rb")`. Undefined when the schema has no such field or the group is null. */
  leaf(group: string, name: string): unknown {
    if (this.values === undefined) this.readWanted();
    const found = this.values[group]?.[name];
    if (found !== undefined && !this.complete) return found;
    return this.miss(group, name);
  }

  /** A top-level field: a plain value, a view of a group, or a decoded array or record. */
  top(name: string): any {
    const kind = this.layout.kinds.get(name);
    if (kind === "heavy") return this.readHeavy(name);
    if (kind === undefined) return undefined;
    if (this.values === undefined) this.readWanted();
    let value = this.values[name];
    if (value === undefined || this.complete) {
      if (!this.listed) this.layout.want(name, kind === "leaf" ? "" : firstOf(this.layout.groups.get(name)!));
      value = this.all()[name];
    }
    return kind === "leaf" || value === null ? value : this.group(name);
  }

  /** Every leaf as plain values; from here on nothing that is read counts as interest. */
  list(): any {
    this.listed = true;
    return this.all();
  }

  private all(): any {
    if (!this.complete) {
      this.values = this.layout.readAll(this.record);
      this.complete = true;
      for (const view of this.groupViews) view.known = none; // what is read from here on is noted as wanted
    }
    return this.values;
  }

  /** Field names of the record, or of one group. */
  names(group?: string): readonly string[] {
    return group === undefined ? this.schema.fields : [...(this.layout.groups.get(group) ?? [])];
  }

  /** The packet as an object with the survey's own names. */
  get view(): any {
    return (this.viewProxy ??= new Proxy(new RecordView(this, undefined, this.groups), packetHandler));
  }

  private readWanted(): void {
    const read = this.layout.readWanted(this.record);
    this.values = read.values;
    this.complete = read.complete;
  }

  private miss(group: string, name: string): unknown {
    if (!this.layout.groups.get(group)?.has(name)) return undefined;
    if (!this.listed) this.layout.want(group, name);
    return this.all()[group]?.[name];
  }

  private readHeavy(name: string): unknown {
    this.heavy ??= new Map();
    let value = this.heavy.get(name);
    if (value === undefined) this.heavy.set(name, (value = this.layout.readHeavy(this.record, name)));
    return value;
  }

  private group(name: string): object {
    const known = this.groups[name];
    if (known) return known;
    const view = new RecordView(this, name, this.complete ? none : this.values[name]);
    this.groupViews.push(view);
    return (this.groups[name] = new Proxy(view, groupHandler));
  }
}

const firstOf = (names: ReadonlySet<string>): string => names.values().next().value ?? "";

/** An object that has nothing from `Object.prototype`: any name may be a field's. */
const Fields = function Fields() {} as unknown as new () => Record<string, object>;
Fields.prototype = Object.create(null);
const none = Object.freeze(new Fields());

/** Target of the proxies that stand for a packet or one of its groups. */
class RecordView {
  constructor(
    readonly packet: Packet,
    readonly group: string | undefined,
    /** What needs no looking up: a hundred filters ask for the same. */
    public known: Readonly<Record<string, unknown>>,
  ) {}

  value(name: string): unknown {
    return this.group === undefined ? this.packet.top(name) : this.packet.leaf(this.group, name);
  }

  has(name: string): boolean {
    return this.group === undefined ? this.packet.has("", name) : this.packet.has(this.group, name);
  }

  /** What console.log shows. Node finds it at the target and calls it with the proxy as `this`. */
  [inspect.custom](_depth: number, options: object, show: typeof inspect): string {
    return show(shortened({ ...(this as object) }), options);
  }
}

/** Items of a list that are printed in full. */
const printedItems = 3;

/**
 * For printing: of bytes their number, of long lists the first items and how many more there are. A ZTF packet printed in
 * full has 3,500 lines.
 */
function shortened(fields: Record<string, unknown>): Record<string, unknown> {
  const short = (value: unknown): unknown => {
    if (value instanceof Uint8Array) return note(`${value.length.toLocaleString("en")} bytes`);
    if (Array.isArray(value)) {
      const first = value.slice(0, printedItems).map(short);
      const more = value.length - first.length;
      return more > 0
        ? [...first, note(`${more.toLocaleString("en")} more of ${value.length.toLocaleString("en")}`)]
        : first;
    }
    const isPlain = typeof value === "object" && value !== null && !(value instanceof Date);
    return isPlain ? shortened(value as Record<string, unknown>) : value;
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, short(value)]));
}

/** Words among values, without the quotes of a text. */
const note = (words: string): object => ({ [inspect.custom]: () => `<${words}>` });

const readOnly = (): never => {
  throw new TypeError("A packet is read-only: copy it to change it, e.g. {...alert.packet.candidate}");
};

/** Makes a RecordView look like a plain object: dots, `in`, Object.keys, spread and JSON all work. */
const viewHandler: ProxyHandler<RecordView> = {
  has: (target, key) => typeof key === "string" && target.has(key),
  ownKeys(target) {
    target.packet.list();
    return [...target.packet.names(target.group)];
  },
  getOwnPropertyDescriptor: (target, key) =>
    typeof key === "string" && target.has(key)
      ? { value: target.value(key), enumerable: true, configurable: true, writable: false }
      : undefined,
  getPrototypeOf: () => Object.prototype,
  set: readOnly,
  defineProperty: readOnly,
  deleteProperty: readOnly,
};

// one function each, so that the engine sees packets in the one and groups in the other: a quarter less time
const packetHandler: ProxyHandler<RecordView> = {
  ...viewHandler,
  get(target, key) {
    const known = target.known[key as string];
    return known === undefined ? slowly(target, key) : known;
  },
};
const groupHandler: ProxyHandler<RecordView> = {
  ...viewHandler,
  get(target, key) {
    const known = target.known[key as string];
    return known === undefined ? slowly(target, key) : known;
  },
};

const slowly = (target: RecordView, key: string | symbol): unknown =>
  typeof key === "string" ? target.value(key) : Reflect.get(target, key);
