const PLAIN_STEP = /^[A-Za-z_$][\w$-]*(?:\[\d{1,6}\])?$/;
/** `[patient12]`: one of many alike, and no name that is looked for. */
const NUMBERED = /\d$/;
/** Lists whose elements are counted; elements of further ones have no number. */
const LISTS = 1000;

/** Where keys of a settings file stand: `PATIENT_SSN`, `patients[1].home.phone`, `["smoke test"].note`. */
export class SettingsPointers {
  /** Of the section that is open. */
  #section = '';
  /** Elements so far, by the pointer of their list. */
  readonly #elements = new Map<string, number>();

  /** @param keys - Of the section's name, nearest first. */
  enter(keys: readonly string[], isElement: boolean): void {
    let pointer = '';
    for (let index = keys.length - 1; index >= 0; index--) {
      const key = keys[index] ?? '';
      pointer = NUMBERED.test(key) ? member(pointer, key) : joined(pointer, key);
      pointer += this.#element(pointer, isElement && index === 0);
    }
    this.#section = pointer;
  }

  /** Of a key in the section that is open. A dotted key is a path. */
  of(key: string): string {
    return key.split('.').reduce(joined, this.#section);
  }

  /** `[2]` in the list that has this pointer; nothing where it is no list. */
  #element(list: string, isNew: boolean): string {
    const known = this.#elements.get(list) ?? 0;
    const count = isNew ? known + 1 : known;
    if (count === 0) return '';
    if (known === 0 && this.#elements.size >= LISTS) return '[*]';
    this.#elements.set(list, count);
    return `[${String(count - 1)}]`;
  }
}

function joined(pointer: string, key: string): string {
  if (!PLAIN_STEP.test(key)) return member(pointer, key);
  return pointer === '' ? key : `${pointer}.${key}`;
}

function member(pointer: string, key: string): string {
  return `${pointer}[${JSON.stringify(key)}]`;
}
