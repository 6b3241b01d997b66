import { createHash } from "node:crypto";
import type { DataSet } from "./run-part";

/**
 * The answers that are known for the data of the tests, from before the lessons worked them out of the data: an oracle of its
 * own. Hashed, so that searching the checkout for a number shows no learner the way.
 */
const hashes: Record<DataSet, Readonly<Record<string, string>>> = {
  simulated: {
    "1.1": "3f8162a747f9",
    "1.2": "4f6614fb4729",
    "1.3": "a09881d3b159",
    "1.4": "3b2276a150e2",
    "1.5": "718fc4b2f413",
    "2.1": "61ae4cff2653",
    "2.2": "5cf5c7f673ff",
    "2.3": "4d8782c92fdb",
    "3.1": "7ff7424d2f2a",
    "3.2": "41e331b2d579",
    "3.3": "1d1b68a256e8",
    "3.4": "aae0f3f49e32",
    "4.1": "987505175bae",
    "4.2": "46bc2ee64df7",
    "4.3": "bfca5ef14df1",
    "4.4": "132c48b22ee3",
    "6.1": "19eca3d62801",
    "6.2": "e5496b7219a9",
    "6.3": "f123210f7f1d",
    "6.4": "1b14fdd7811a",
    "7.2": "5b0809e74567",
    "7.3": "a185908d8554",
    "7.4": "d5fae93e6a03",
  },
  ztf: {
    "2.1": "2975554378f8",
    "2.2": "36c036db90a5",
    "2.3": "6c97e81e41dc",
    "3.1": "f59e96b4e2e3",
    "3.2": "da97ef9e4cf0",
    "3.3": "a2343e726fa1",
    "3.4": "d2e5f52a04da",
    "4.1": "97cf8f48b821",
    "4.2": "edca60ad1b62",
    "4.3": "4bb3c4428737",
    "4.4": "b04e05e964a6",
  },
  lsst: {
    "5.1": "a56c021e162c",
    "5.2": "294999571442",
    "5.3": "03de8d5bc97b",
    "5.4": "c295c685477b",
    "5.6": "628cd7b8a44a",
    "5.7": "f8e8de87e8d0",
  },
};

/** Whether a value, as the verdict of an exercise shows it, is the one that is known; undefined where none is. */
export function isKnownAnswer(set: DataSet, id: string, shown: string): boolean | undefined {
  const known = hashes[set][id];
  if (known === undefined) return undefined;
  const plain = shown.replace(/n$|^'|'$/g, "");
  const value = /^\d+\.\d+$/.test(plain) ? Number(plain).toFixed(2) : plain;
  return createHash("sha256").update(`${set} ${id} ${value}`).digest("hex").startsWith(known);
}
