import type { SkyField } from "./cadence";

/** The exposures of a sky over all its nights: numbered as they come, and found by the field that they are of. */
export class Exposures<E extends { readonly index: number; readonly field: SkyField }> {
  private readonly byField = new Map<number, E[]>();
  private count = 0;

  /** Adds those of a night, in order of time, and gives them their numbers. */
  add(drafts: readonly Omit<E, "index">[]): E[] {
    return drafts.map((draft) => {
      const exposure = { index: this.count++, ...draft } as E;
      const list = this.byField.get(exposure.field.id);
      if (list) list.push(exposure);
      else this.byField.set(exposure.field.id, [exposure]);
      return exposure;
    });
  }

  /** All of a field so far, in order of time. */
  of(field: SkyField): readonly E[] {
    return this.byField.get(field.id)!;
  }
}
