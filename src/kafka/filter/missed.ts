import { hasPlace } from "./place";

/** Says what Kafka deleted before a job has read it, once for each place; the books know only what was read. */
export class Missed {
  private readonly said = new Map<number, bigint>();

  constructor(
    private readonly topic: string,
    private readonly group: string,
    private readonly warn: (line: string) => void,
  ) {}

  /**
   * @param place how far the group had come in the partition
   * @param begin the first offset that Kafka still holds there
   */
  note(partition: number, place: bigint | undefined, begin: bigint): void {
    if (!hasPlace(place) || place >= begin || this.said.get(partition) === place) return;
    this.said.set(partition, place);
    const where = `partition ${partition} of "${this.topic}"`;
    if (place < 0n) {
      this.warn(
        `${where} no longer had the place of group "${this.group}", which goes on at ${begin}; what it missed is lost`,
      );
      return;
    }
    const range = `offsets ${place} to ${begin - 1n}`;
    this.warn(`Kafka deleted ${range} in ${where} before group "${this.group}" read them; it goes on at ${begin}`);
  }
}
