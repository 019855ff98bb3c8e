import { deflateSync } from 'node:zlib';

/** A text and where it stands, in points from the lower left. */
export type PdfText = readonly [x: number, y: number, text: string];

/**
 * A PDF 1.4 of one page (ISO 32000-1, 7.5): a compressed content stream, form fields by name, and entries of its
 * information dictionary.
 */
export function buildPdf(
  texts: readonly PdfText[],
  form: Readonly<Record<string, string>> = {},
  properties: Readonly<Record<string, string>> = {},
): Buffer {
  const content = texts.map(([x, y, text]) => `BT /F1 12 Tf ${x} ${y} Td ${literal(text)} Tj ET`).join('\n');
  const packed = deflateSync(content).toString('latin1');
  const fields = Object.entries(form);
  const references = fields.map((_, index) => `${7 + index} 0 R`).join(' ');
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${references}] >> >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [${references}] >>`,
    `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< ${Object.entries(properties)
      .map(([name, value]) => `/${name} ${literal(value)}`)
      .join(' ')} >>`,
    ...fields.map(
      ([name, value]) =>
        `<< /Type /Annot /Subtype /Widget /FT /Tx /T ${literal(name)} /V ${literal(value)} /Rect [0 0 100 20] /P 3 0 R >>`,
    ),
  ];
  let file = '%PDF-1.4\n';
  const offsets: number[] = [];
  for (const [index, object] of objects.entries()) {
    offsets.push(file.length);
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const start = file.length;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(`${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}${trailer}`, 'latin1');
}

function literal(text: string): string {
  return `(${text.replace(/[\\()]/g, '\\$&')})`;
}
