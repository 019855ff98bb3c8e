const OPEN_LIST = 0x5b;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const QUOTE = 0x22;
const SPACES: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Whether the text begins as a JSON object does, or a list of them; templates of Helm and Jinja begin otherwise. */
export function isJsonObject(head: Buffer): boolean {
  let at = afterSpaces(head, 0);
  if (head[at] === OPEN_LIST) at = afterSpaces(head, at + 1);
  if (head[at] !== OPEN_OBJECT) return false;
  const first = head[afterSpaces(head, at + 1)];
  return first === QUOTE || first === CLOSE_OBJECT;
}

function afterSpaces(bytes: Buffer, from: number): number {
  let at = from;
  while (SPACES.has(bytes[at])) at++;
  return at;
}
