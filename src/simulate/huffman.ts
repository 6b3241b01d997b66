/**
 * Lengths of Huffman codes, as zlib chooses them (J.-L. Gailly's trees.c, zlib licence): of the many codes that are equally short,
 * a file must have one and the same for ever.
 */
const most = 2 * 288;
const heap = new Int32Array(most);
/** How often a node's symbols come, and in the lowest eight bits how deep its tree is: of equal ones the flatter leaves the heap first. */
const keys = new Int32Array(most);
const parents = new Int16Array(most);
const depthOf = new Uint8Array(most);
const ofLength = new Int32Array(16);

/** Lets the node at place `at` of the heap (1 is its top) sink to where it belongs. */
function sink(at: number, size: number): void {
  const node = heap[at]!;
  const key = keys[node]!;
  for (let child = at * 2; child <= size; child *= 2) {
    if (child < size && keys[heap[child + 1]!]! <= keys[heap[child]!]!) child++;
    if (key <= keys[heap[child]!]!) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = node;
}

/**
 * The length of each symbol's code, 0 where it has none.
 *
 * @param counts how often each symbol comes: two of them at least do, and all less than 2^23 times
 * @param limit the longest code allowed, bits
 */
export function codeLengths(counts: Int32Array, limit: number, lengths: Uint8Array): void {
  let size = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    lengths[symbol] = 0;
    if (counts[symbol] === 0) continue;
    heap[++size] = symbol;
    keys[symbol] = counts[symbol]! << 8;
  }
  for (let at = size >> 1; at >= 1; at--) sink(at, size);
  // what has left the heap is kept from its end on, so that parents come before their children
  let kept = most;
  let node = counts.length;
  for (; size > 1; node++) {
    const first = heap[1]!;
    heap[1] = heap[size--]!;
    sink(1, size);
    const second = heap[1]!;
    heap[--kept] = first;
    heap[--kept] = second;
    const [a, b] = [keys[first]!, keys[second]!];
    keys[node] = ((a & ~255) + (b & ~255)) | (Math.max(a & 255, b & 255) + 1);
    parents[first] = parents[second] = node;
    heap[1] = node;
    sink(1, size);
  }
  depthOf[node - 1] = 0;
  ofLength.fill(0);
  let over = 0;
  for (let i = kept; i < most; i++) {
    const each = heap[i]!;
    const depth = depthOf[parents[each]!]! + 1;
    depthOf[each] = Math.min(depth, limit);
    if (depth > limit) over++;
    if (each < counts.length) ofLength[(lengths[each] = depthOf[each]!)]!++;
  }
  if (over > 0) shorten(lengths, limit, over);
}

/** Gives `over` nodes that lay too deep room at the limit; the rarest symbols then have the longest codes. */
function shorten(lengths: Uint8Array, limit: number, over: number): void {
  for (let left = over; left > 0; left -= 2) {
    let bits = limit - 1;
    while (ofLength[bits] === 0) bits--;
    ofLength[bits]!--;
    ofLength[bits + 1]! += 2; // one leaf moves down and takes a brother
    ofLength[limit]!--;
  }
  let last = most;
  for (let bits = limit; bits > 0; bits--) {
    for (let left = ofLength[bits]!; left > 0; ) {
      const each = heap[--last]!;
      if (each >= lengths.length) continue;
      lengths[each] = bits;
      left--;
    }
  }
}

/** Codes of symbols in order of their lengths, first bit lowest, as deflate writes them (RFC 1951, 3.2.2). */
export function codesOf(lengths: Uint8Array, codes: Uint16Array): void {
  const [count, next] = [new Uint16Array(16), new Uint16Array(16)];
  for (const length of lengths) if (length > 0) count[length]!++;
  for (let bits = 1; bits < 16; bits++) next[bits] = (next[bits - 1]! + count[bits - 1]!) << 1;
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    let [code, turned] = [next[lengths[symbol]!]!++, 0];
    for (let i = 0; i < lengths[symbol]!; i++, code >>= 1) turned = (turned << 1) | (code & 1);
    codes[symbol] = turned;
  }
}
