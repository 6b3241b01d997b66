import { createHash } from "node:crypto";

/** Python: a record as JSON that loses nothing – integers as text, floats by repr, bytes by length and hash. */
export const plainJson = `
def plain(v):
    if isinstance(v, bool) or v is None: return v
    if isinstance(v, int): return {"i": str(v)}
    if isinstance(v, float): return {"f": repr(v)}
    if isinstance(v, bytes): return {"b": [len(v), hashlib.md5(v).hexdigest()]}
    if isinstance(v, str): return {"s": v}
    if isinstance(v, list): return [plain(x) for x in v]
    return {"r": {k: plain(x) for k, x in v.items()}}
`;

/** Where one of our values differs from what {@link plainJson} printed; empty when nowhere. */
export function differences(ours: any, theirs: any, path: string): string[] {
  if (theirs === null || typeof theirs === "boolean") return ours === theirs ? [] : [`${path}: ${ours} ≠ ${theirs}`];
  if (Array.isArray(theirs)) {
    if (!Array.isArray(ours) || ours.length !== theirs.length)
      return [`${path}: length ${ours?.length} ≠ ${theirs.length}`];
    return theirs.flatMap((item, i) => differences(ours[i], item, `${path}[${i}]`));
  }
  if ("r" in theirs) {
    const names = Object.keys(theirs.r);
    if (Object.keys(ours).join() !== names.join()) return [`${path}: fields ${Object.keys(ours)} ≠ ${names}`];
    return names.flatMap((name) => differences(ours[name], theirs.r[name], `${path}.${name}`));
  }
  const same =
    "i" in theirs
      ? String(ours) === theirs.i && (typeof ours === "bigint" || Number.isSafeInteger(ours))
      : "f" in theirs
        ? typeof ours === "number" && Object.is(ours, Number(theirs.f.replace("inf", "Infinity")))
        : "b" in theirs
          ? Buffer.isBuffer(ours) &&
            ours.length === theirs.b[0] &&
            createHash("md5").update(ours).digest("hex") === theirs.b[1]
          : ours === theirs.s;
  return same ? [] : [`${path}: ${String(ours)} ≠ ${JSON.stringify(theirs)}`];
}
