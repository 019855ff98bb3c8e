import { createRequire } from 'node:module';
import type * as Saxes from 'saxes';
import type { XmlSteps } from './xml-steps.ts';

/** What stands in an XML text, in order. Names are as written, with their prefixes. Indexes count bytes of the entry. */
export interface XmlEvents {
  /** `end`: of the value, before its quote. */
  readonly attribute: (name: string, value: string, end: number) => void;
  readonly open: (name: string, end: number) => void;
  readonly text: (value: string, end: number) => void;
  readonly close: (name: string, end: number) => void;
  /** A comment or a document type. */
  readonly aside: (value: string, end: number) => void;
  readonly error: () => void;
}

/** Stands for `&` while saxes reads: it sees no entity, so that none is expanded, and a lone `&` swallows nothing. */
const AMPERSAND = '\ue000';

function loadSaxes(): typeof Saxes {
  return createRequire(import.meta.url)('saxes') as typeof Saxes;
}

/** The door to saxes, which is loaded when the first XML file comes. Bytes go in as latin1, one character for each. */
export class XmlParser {
  readonly #parser: Saxes.SaxesParser;

  constructor(events: XmlEvents) {
    const saxes = loadSaxes();
    // A fragment: documents may follow each other, as in a log.
    const parser = new saxes.SaxesParser({ xmlns: false, position: true, fragment: true });
    this.#parser = parser;
    parser.on('attribute', ({ name, value }) => {
      events.attribute(name, plain(value), parser.position - 1);
    });
    parser.on('opentag', ({ name }: Saxes.SaxesTagPlain) => {
      events.open(name, parser.position);
    });
    parser.on('closetag', ({ name }: Saxes.SaxesTagPlain) => {
      events.close(name, parser.position);
    });
    parser.on('text', (value) => {
      events.text(plain(value), parser.position - 1);
    });
    parser.on('cdata', (value) => {
      events.text(plain(value), parser.position);
    });
    parser.on('comment', (value) => {
      events.aside(plain(value), parser.position);
    });
    parser.on('doctype', (value) => {
      events.aside(plain(value), parser.position);
    });
    parser.on('error', ({ message }) => {
      // In a fragment it stands in no place that saxes likes.
      if (!message.endsWith('inappropriately located doctype declaration.')) events.error();
    });
  }

  /** The next bytes, as latin1. An XML declaration, which a fragment has none of, is any other instruction to saxes. */
  write(text: string): void {
    this.#parser.write(text.replaceAll('&', AMPERSAND).replaceAll('<?xml', '<?xm_'));
  }
}

const ENTITY = /&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The text without entities and character references; those that XML does not define stay as they are. */
export function withoutEntities(text: string): string {
  return text.replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
  });
}

/** A tag of an XML text, with the character data behind it. Names are without their prefixes, values decoded. */
export interface XmlToken {
  /** Empty for what stands before the first tag. */
  readonly name: string;
  readonly kind: 'open' | 'close' | 'empty';
  /** In the order of the text; a name may come twice. */
  readonly attributes: readonly XmlAttribute[];
  /** Up to the next tag. */
  readonly text: string;
}

interface XmlAttribute {
  readonly name: string;
  readonly value: string;
}

/** Characters that saxes reads before the tokens are asked for. */
const SLICE = 65_536;
/** Longer text is told in pieces, each a token without a name: it is no cell and no paragraph of a program. */
const TEXT = 4 * SLICE;
/** Makes saxes tell the text so far; it is no token. */
const PIECE_NAME = 'phiscan-piece';
const PIECE = `<${PIECE_NAME}/>`;
/** Open tags, and attributes of an unfinished one, that saxes may hold: an office document has some ten, more is an attack. */
const HELD = 1000;
/** Office programs write none of them but the declaration: what they hold is text and tags, and a broken one swallows nothing. */
const MARKS = /^\ufeff|<\?xml [^<>]*\?>|<!--|-->|<!\[CDATA\[|\]\]>|<[?!]/g;
/** No entity: saxes would look for its end through all that follows. */
const LONE_AMPERSAND = /&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)/g;

/**
 * The tags of a whole XML text. No fault ends the reading: what is none of XML is text, or passed over. A tag that a broken
 * one swallowed in the quotes of an attribute is text behind it.
 *
 * @param steps - When they are used up the reading ends, and they know where.
 */
export function* xmlTokens(text: string, steps?: XmlSteps): Iterable<XmlToken> {
  const reading = new TokenReading();
  for (let at = 0; at < text.length;) {
    if (steps?.stopsAt(at) === true) break;
    const slice = text.slice(at, at + SLICE);
    // No mark, no entity and no line end is cut.
    const cut = Math.max(...['<', '&', '\r'].map((start) => slice.lastIndexOf(start)));
    const whole = cut > 0 && slice.length === SLICE ? slice.slice(0, cut) : slice;
    const tokens = reading.read(whole);
    steps?.take(tokens.length, whole.length);
    yield* tokens;
    at += whole.length;
  }
  yield* reading.end();
}

/** The value of an attribute, whatever its prefix. */
export function attributeOf({ attributes }: XmlToken, name: string): string | undefined {
  return attributes.find((attribute) => attribute.name === name)?.value;
}

class TokenReading {
  #tokens: { name: string; kind: XmlToken['kind']; attributes: readonly XmlAttribute[]; text: string }[] = [
    { name: '', kind: 'open', attributes: [], text: '' },
  ];
  /** Of the tag that is being read. */
  #attributes: XmlAttribute[] = [];
  #swallowed = '';
  /** A character that does not belong there, `<` above all, has been seen in an attribute; saxes drops it. */
  #isFaulty = false;
  #depth = 0;
  #isInTag = false;
  #parser = this.#newParser();

  read(slice: string): readonly XmlToken[] {
    // One line end, as saxes would make it, but not by a piece of text for each.
    const plainer = slice.replace(MARKS, '').replace(LONE_AMPERSAND, AMPERSAND).replace(/\r\n?/g, '\n');
    this.#parser.write(plainer);
    const opened = plainer.lastIndexOf('<');
    const closed = plainer.lastIndexOf('>');
    if (opened !== closed) this.#isInTag = opened > closed;
    // saxes would gather all text up to the next tag.
    if (opened < 0 && !this.#isInTag) this.#parser.write(PIECE);
    if (this.#depth + this.#attributes.length > HELD) this.#parser = this.#newParser();
    // More text may come behind the last one.
    const last = this.#tokens.pop();
    const tokens = this.#tokens;
    this.#tokens = last === undefined ? [] : [last];
    return tokens;
  }

  /** Call once, at the end. */
  end(): readonly XmlToken[] {
    this.#parser.close();
    return this.#tokens;
  }

  #newParser(): Saxes.SaxesParser {
    const saxes = loadSaxes();
    const parser = new saxes.SaxesParser({ xmlns: false, position: false, fragment: true });
    this.#depth = 0;
    this.#attributes = [];
    // An error for each of some million faults would take minutes, and its message may quote the text.
    parser.fail = (fault) => {
      this.#isFaulty ||= fault === 'disallowed character.';
      return parser;
    };
    parser.on('attribute', ({ name, value }) => {
      const decoded = plain(value);
      this.#attributes.push({ name: localName(name), value: decoded });
      if (this.#isFaulty) this.#swallowed += decoded;
      this.#isFaulty = false;
    });
    parser.on('opentag', ({ name, isSelfClosing }: Saxes.SaxesTagPlain) => {
      if (name === PIECE_NAME) return;
      this.#depth++;
      const kind = isSelfClosing ? 'empty' : 'open';
      this.#tokens.push({ name: localName(name), kind, attributes: this.#attributes, text: this.#swallowed });
      this.#attributes = [];
      this.#swallowed = '';
    });
    parser.on('closetag', ({ name, isSelfClosing }: Saxes.SaxesTagPlain) => {
      if (name === PIECE_NAME) return;
      this.#depth--;
      if (!isSelfClosing) this.#tokens.push({ name: localName(name), kind: 'close', attributes: [], text: '' });
    });
    parser.on('text', (value) => {
      this.#isFaulty = false;
      const last = this.#tokens.at(-1);
      const text = plain(value);
      if (last !== undefined && last.text.length + text.length <= TEXT) last.text += text;
      else this.#tokens.push({ name: '', kind: 'empty', attributes: [], text });
    });
    return parser;
  }
}

/** In slices: a replacement of some million at once takes gigabytes. */
function plain(text: string): string {
  if (!text.includes(AMPERSAND)) return text;
  let decoded = '';
  for (let at = 0; at < text.length; at += SLICE) decoded += text.slice(at, at + SLICE).replaceAll(AMPERSAND, '&');
  return decoded;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
