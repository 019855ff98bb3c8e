/** Tags that end a line, and those that end a cell. What is left of a tag at the border of a run is taken off, too. */
const LINE =
  /<\/?(?:p|div|br|tr|li|ul|ol|dl|dd|table|thead|tbody|h[1-6]|hr|pre|blockquote|section|paragraph|list|title|content)\b[^<>]{0,2000}>/gi;
const CELL = /<\/(?:td|th|dt)\s{0,8}>/gi;
const TAG = /<!--.{0,4000}?-->|<\/?[A-Za-z][^<>]{0,2000}>/gs;
const ENTITY = /&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The text of XHTML, one line for each block or row of a table; the cells of a row are parted by tabs. */
export function textOfXhtml(xhtml: string): string {
  return xhtml
    .replace(LINE, '\n')
    .replace(CELL, '\t')
    .replace(TAG, '')
    .replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
    });
}
