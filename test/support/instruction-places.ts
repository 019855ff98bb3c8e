import type { Report } from '../../src/finding.ts';

/** `path or pointer → file:line-endLine`, sorted. */
export function placesOf({ findings }: Report): readonly string[] {
  return findings
    .map(({ location: { kind, path, pointer, layer, instruction = layer?.instruction } }) => {
      const where = kind === 'file' ? path : (pointer ?? '');
      const place = instruction && `${instruction.file}:${instruction.line}-${instruction.endLine}`;
      return `${where} → ${place ?? '-'}`;
    })
    .sort();
}
