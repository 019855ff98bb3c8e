/** What the header fields of a message or part say of its body (RFC 2045, RFC 2183). */
export interface PartHead {
  /** `text/plain`, in small letters. */
  readonly type: string;
  readonly charset: string;
  readonly encoding: 'plain' | 'base64' | 'quoted-printable';
  /** Of a multipart: what its parts begin with, without the two dashes. */
  readonly boundary: string | undefined;
  /** Of an attachment; it may choose the reader. */
  readonly name: string;
}

/** RFC 5322 section 2.2. */
const FIELD = /^([!-9;-~]{1,76})[ \t]*:[ \t]*(.*)$/s;
const FOLD = /\r?\n(?=[ \t])/g;
/** RFC 2045 section 5.1, RFC 2231: a token or a quoted string. */
const PARAMETER = /;\s*(boundary|charset|name|filename)(?:\*\d?\*?)?\s*=\s*(?:"([^"]{0,200})"|([^\s;"]{1,200}))/gi;
/** A mail has two of them at least, one of which no web server sends. */
const OF_MAIL =
  /^(?:from|to|cc|subject|received|return-path|delivered-to|message-id|mime-version|reply-to|x-mailer|thread-topic)$/;
const OF_PART = /^(?:date|content-type|content-transfer-encoding|content-disposition)$/;

/** Whether a text begins with the header of a mail: of an .eml file, or of the first one in an mbox. */
export function beginsMail(text: string): boolean {
  const names = new Set<string>();
  let isMail = 0;
  for (const [index, line] of text.split('\n', 40).entries()) {
    if (index === 0 && line.startsWith('From ')) continue;
    if (line.trim() === '') break;
    if (/^[ \t]/.test(line)) {
      if (names.size === 0) return false;
      continue;
    }
    const name = FIELD.exec(line)?.[1]?.toLowerCase();
    if (name === undefined) return false;
    if (OF_MAIL.test(name)) isMail++;
    if (OF_MAIL.test(name) || OF_PART.test(name)) names.add(name);
  }
  return isMail > 0 && names.size > 1;
}

/** Header fields with their folds undone: one for each line. */
export function unfolded(header: string): readonly string[] {
  return header.replace(FOLD, '').split(/\r?\n/);
}

/** What they say of the body; without any, RFC 2045 section 5.2: plain text. */
export function partHead(fields: readonly string[]): PartHead {
  let type = 'text/plain';
  let encoding = '';
  const parameters = new Map<string, string>();
  for (const field of fields) {
    const [, name = '', value = ''] = FIELD.exec(field) ?? [];
    const first = /^[^;\s]*/.exec(value)?.[0].toLowerCase() ?? '';
    if (/^content-type$/i.test(name)) type = first;
    else if (/^content-transfer-encoding$/i.test(name)) encoding = first;
    else if (!/^content-disposition$/i.test(name)) continue;
    for (const [, key = '', quoted, token] of value.matchAll(PARAMETER)) {
      parameters.set(key.toLowerCase(), quoted ?? token ?? '');
    }
  }
  return {
    type,
    charset: parameters.get('charset') ?? '',
    encoding: encoding === 'base64' || encoding === 'quoted-printable' ? encoding : 'plain',
    boundary: type.startsWith('multipart/') ? parameters.get('boundary') : undefined,
    name: parameters.get('filename') ?? parameters.get('name') ?? '',
  };
}
