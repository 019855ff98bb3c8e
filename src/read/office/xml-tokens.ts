/** A tag of an XML text, with the character data behind it. */
export interface XmlToken {
  /** Without its prefix. */
  readonly name: string;
  readonly kind: 'open' | 'close' | 'empty';
  /** As written, undecoded: `attributeOf` reads one. */
  readonly attributes: string;
  /** Decoded. */
  readonly text: string;
}

/** Every repetition is disjoint from what follows: the time is linear in the text. */
const TAG = /<(\/?)(?:[\w.-]{1,64}:)?([\w.-]{1,64})([^<>]*)>([^<]*)/g;
const ENTITY = /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The tags of a part of an office document. What office programs write has no DTD, no CDATA and nothing behind a fault
 * worth knowing, so tags are looked for and what is none is passed over: no parser's first error ends the reading.
 */
export function* xmlTokens(text: string): Iterable<XmlToken> {
  for (const [, slash, name = '', attributes = '', content = ''] of text.matchAll(TAG)) {
    const kind = slash === '/' ? 'close' : attributes.endsWith('/') ? 'empty' : 'open';
    yield { name, kind, attributes, text: decoded(content) };
  }
}

/** The value of an attribute, whatever its prefix. */
export function attributeOf({ attributes }: XmlToken, name: string): string | undefined {
  for (const [, found, value = ''] of attributes.matchAll(/(?:[\w.-]+:)?([\w.-]+)\s*=\s*(?:"([^"]*)"|'[^']*')/g)) {
    if (found === name) return decoded(value);
  }
  return undefined;
}

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
