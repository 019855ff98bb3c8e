/** Facts of one element that are kept, and their longest text, in characters. */
const FACT_CHARS = 256;

/** Keys whose values say what the values beside them are. */
const FACTS: ReadonlySet<string> = new Set([
  'system',
  'code',
  'url',
  'reference',
  'type',
  'contentType',
  'text',
  'name',
]);

/** Of example documents: HL7's own OID for them, and the generator whose patients are everywhere. */
const EXAMPLE_SYSTEM = /2\.16\.840\.1\.113883\.19\.|synthetichealth|synthea/i;

/** An object of a resource, a complex datatype or a resource itself, while it is open or its values wait. */
export class FhirElement {
  readonly name: string;
  readonly parent: FhirElement | undefined;
  readonly record: number;
  /** How many leaves waited when it began. */
  readonly start: number;
  /** `Patient`; set once the resourceType has come, which may be last. */
  resourceType: string | undefined;
  /** Says of itself that it is made up. */
  test = false;
  #facts: Map<string, string> | undefined;

  constructor(name: string, parent: FhirElement | undefined, record: number, start: number) {
    this.name = name;
    this.parent = parent;
    this.record = record;
    this.start = start;
  }

  /** What a key of this element said, or for a key of a type's coding `type.code` and `type.text`; empty where nothing. */
  fact(name: string): string {
    return this.#facts?.get(name) ?? '';
  }

  /** Takes a value that says something of others. */
  tell(name: string, value: string): void {
    if (name === 'resourceType') {
      if (/^[A-Z][A-Za-z]{1,63}$/.test(value)) this.resourceType = value;
      return;
    }
    if (this.name === 'coding' || this.name === 'type') this.#tellOwner(name, value);
    if (name === 'code' && value === 'HTEST' && (this.name === 'security' || this.name === 'tag')) {
      this.resource().test = true;
    }
    if (!FACTS.has(name) || value.length > FACT_CHARS) return;
    this.#keep(name, value);
    if (name === 'system' && EXAMPLE_SYSTEM.test(value)) this.resource().test = true;
  }

  /** `Identifier.type` is a CodeableConcept: what it says counts for the identifier. */
  #tellOwner(name: string, value: string): void {
    const owner = this.name === 'type' ? this.parent : this.parent?.name === 'type' ? this.parent.parent : undefined;
    if (owner === undefined || value.length > FACT_CHARS) return;
    if (name === 'code') owner.#keep('type.code', `${owner.fact('type.code')} ${value}`.slice(0, FACT_CHARS));
    if (name === 'text' || name === 'display') {
      owner.#keep('type.text', `${owner.fact('type.text')} ${value}`.slice(0, FACT_CHARS));
    }
  }

  #keep(name: string, value: string): void {
    this.#facts ??= new Map();
    this.#facts.set(name, value);
  }

  /** The resource that it is a part of, as far as is known by now; else the outermost object. */
  resource(): FhirElement {
    return this.resourceType !== undefined || this.parent === undefined ? this : this.parent.resource();
  }

  /** It, or a resource around it, says that it is made up. */
  isTest(): boolean {
    return this.test || this.parent?.isTest() === true;
  }
}
