import { types } from "avsc";

/**
 * What a field `__proto__` is called until avsc has put its table of fields together: in its plain object that name would set a
 * prototype.
 */
export const protoField = "__proto__field";

interface Field {
  readonly name: string;
}
interface RecordInternals {
  fields: readonly Field[];
  _createConstructor(...args: unknown[]): (new (...values: unknown[]) => object) & { prototype: object };
}

const internals = types.RecordType.prototype as unknown as RecordInternals;
const createConstructor = internals._createConstructor;

/**
 * Gives the field its name back when avsc makes the constructor of the record, the last thing before it compiles readers and
 * writers. They make records by assignment, which for `__proto__` is no field either: here it is defined.
 */
internals._createConstructor = function (...args) {
  const made = createConstructor.apply(this, args);
  if (!this.fields.some(({ name }) => name === protoField)) return made;
  this.fields = this.fields.map((field) =>
    field.name === protoField ? Object.create(field, { name: { value: "__proto__", enumerable: true } }) : field,
  );
  const names = this.fields.map(({ name }) => name);
  function Fields(this: object, ...values: unknown[]): void {
    for (const [i, name] of names.entries()) {
      Object.defineProperty(this, name, { value: values[i], enumerable: true, configurable: true, writable: true });
    }
  }
  Fields.prototype = made.prototype;
  return Object.assign(Fields, made) as unknown as typeof made;
};
