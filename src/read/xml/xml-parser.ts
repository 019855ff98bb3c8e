import { createRequire } from 'node:module';
import type * as Saxes from 'saxes';

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

/** The door to saxes, which is loaded when the first XML file comes. Bytes go in as latin1, one character for each. */
export class XmlParser {
  readonly #parser: Saxes.SaxesParser;

  constructor(events: XmlEvents) {
    const saxes = createRequire(import.meta.url)('saxes') as typeof Saxes;
    // A fragment: documents may follow each other, as in a log.
    const parser = new saxes.SaxesParser({ xmlns: false, position: true, fragment: true });
    this.#parser = parser;
    const plain = (text: string): string => text.replaceAll(AMPERSAND, '&');
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
