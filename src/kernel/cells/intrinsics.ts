/**
 * The objects of the language that the kernel and every library share with the cells. A cell that takes one away – a `Promise`
 * that is undefined, a `JSON.stringify` that throws – would stop all that follows, so they are put back when it has run.
 */
const shared =
  "Object Function Array String Number BigInt Boolean Symbol Error Promise Map Set WeakMap RegExp JSON Reflect Atomics SharedArrayBuffer Int32Array Uint8Array Buffer process AbortController".split(
    " ",
  );

interface Kept {
  readonly owner: object;
  readonly key: PropertyKey;
  readonly name: string;
  readonly descriptor: PropertyDescriptor;
}

// what is used here has to be out of reach as well; neither is `for … of` or a method of Array
const { getOwnPropertyDescriptor, defineProperty, ownKeys } = Reflect;
const kept: Kept[] = [];

function keep(owner: object, key: PropertyKey, name: string): void {
  const descriptor = getOwnPropertyDescriptor(owner, key);
  if (descriptor && (typeof descriptor.value === "function" || descriptor.get)) {
    kept.push({ owner, key, name, descriptor });
  }
}

for (const name of shared) {
  const object = (globalThis as Record<string, any>)[name];
  // Node's own are behind a setter, by which they could be replaced unseen
  const descriptor = { value: object, writable: true, configurable: true, enumerable: false };
  defineProperty(globalThis, name, descriptor);
  kept.push({ owner: globalThis, key: name, name, descriptor });
  if (name === "process") continue;
  for (const key of ownKeys(object)) {
    // libraries set it to read stacks, and say so by that
    if (key !== "prepareStackTrace") keep(object, key, `${name}.${String(key)}`);
  }
  if (typeof object !== "function") continue;
  for (const key of ownKeys(object.prototype)) keep(object.prototype, key, `${name}.prototype.${String(key)}`);
}

/** Puts back what was taken away or replaced; gives the names. */
export function mendIntrinsics(): string {
  let names = "";
  for (let i = 0; i < kept.length; i++) {
    const { owner, key, name, descriptor } = kept[i]!;
    const now = getOwnPropertyDescriptor(owner, key);
    if (now && now.value === descriptor.value && now.get === descriptor.get) continue;
    if (defineProperty(owner, key, descriptor)) names = names === "" ? name : `${names}, ${name}`;
  }
  return names;
}
