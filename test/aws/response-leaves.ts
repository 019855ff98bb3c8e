/** Full responses of a service, made from the schemas of its installed SDK: whatever field a new version has is in them. */

export type Plain = Readonly<Record<string, unknown>>;

/** A way to one text of a response: keys, and 0 for the first element of a list. */
export type Way = readonly (string | number)[];

/** In a map, whose keys people write. */
export const MAP_KEY = 'note';
/** A text like those that stand there. */
const TEXT = 'none';
/** Of `@smithy/types`, static schemas: kinds of simple ones, and of what is made of them. */
const [STRING, BOOLEAN, TIMESTAMP, DOCUMENT, LIST_OF, MAP_OF] = [0, 2, 4, 15, 64, 128];

/** The response of an operation with one of everything. `sdk`: all that the client's package exports. */
export function fullResponse(sdk: object, operation: string): Plain {
  const [kind, , , , , output] = (sdk as Plain)[`${operation}$`] as readonly unknown[];
  if (kind !== 9) throw new Error(`no operation ${operation}`);
  return valueOf(output, []) as Plain;
}

/** All texts of a response that is full, with the pointers that findings have. */
export function* textsOf(value: unknown, way: Way = []): Generator<{ way: Way; pointer: string }, void, undefined> {
  if (value === TEXT) yield { way, pointer: pointerOf(way) };
  if (Array.isArray(value)) yield* textsOf(value[0], [...way, 0]);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* textsOf(inner, [...way, key]);
  }
}

/** A copy with something else at that place. */
export function planted(value: unknown, [step, ...rest]: Way, plant: unknown): unknown {
  if (step === undefined) return plant;
  if (Array.isArray(value)) return [planted(value[0], rest, plant), ...(value as readonly unknown[]).slice(1)];
  const members = value as Plain;
  return { ...members, [step]: planted(members[step], rest, plant) };
}

function pointerOf(way: Way): string {
  return way.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

/** @param above - Schemas that it is in: one that holds itself ends there. */
function valueOf(reference: unknown, above: readonly unknown[]): unknown {
  const schema = typeof reference === 'function' ? (reference as () => unknown)() : reference;
  if (typeof schema === 'number') return simple(schema);
  if (!Array.isArray(schema)) throw new Error('an unknown kind of schema');
  const parts = schema as readonly unknown[];
  // A member with its traits.
  if (typeof parts[1] !== 'string') return valueOf(parts[0], above);
  if (above.includes(schema)) return undefined;
  const within = [...above, schema];
  const [kind, , , , first, second] = parts;
  if (kind === 0) return valueOf(first, within);
  if (kind === 1) return [valueOf(first, within)];
  if (kind === 2) return { [MAP_KEY]: valueOf(second, within) };
  if (kind !== 3 && kind !== 4) throw new Error(`an unknown kind of schema: ${String(kind)}`);
  const members = second as readonly unknown[];
  return Object.fromEntries((first as readonly string[]).map((name, index) => [name, valueOf(members[index], within)]));
}

function simple(kind: number): unknown {
  if (kind >= MAP_OF) return { [MAP_KEY]: simple(kind - MAP_OF) };
  if (kind >= LIST_OF) return [simple(kind - LIST_OF)];
  if (kind === STRING || kind === DOCUMENT) return TEXT;
  if (kind === BOOLEAN) return true;
  return kind === TIMESTAMP ? 1_767_225_600 : 1;
}
