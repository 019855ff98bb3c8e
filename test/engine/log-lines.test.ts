import { describe, expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { limits } from '../../src/limits.ts';
import { patient } from '../support/patients.ts';

const engine = new Engine();
const { ssn, mrn } = patient(19);

/** Lines of logs that look like rows of some table. */
const logs: readonly (readonly [title: string, header: string, line: (index: number) => string])[] = [
  ['of one width', '', () => '2024-05-01T12:00:00Z INFO request served in 12 ms, cache hit, 200 OK\n'],
  ['with commas', '', (index) => `2024-05-01T12:00:00Z INFO request ${index} served, cache hit, 200 OK\n`],
  ['with commas, below names', 'date, level, message\n', (index) => `2024-05-01, INFO, request ${index} served\n`],
  ['with bars', '', (index) => `2024-05-01|INFO|worker-${index}|request served\n`],
];

const told: readonly (readonly [title: string, line: string, detector: string])[] = [
  ['alone on its line', `ssn: ${ssn.replaceAll('-', '')}\n`, 'ssn'],
  ['at the end of a line', `2024-05-01, WARN, rejected patient mrn=${mrn}\n`, 'mrn'],
  ['in a line with more text', `2024-05-01, WARN, rejected patient mrn=${mrn} and more\n`, 'mrn'],
];

describe.each(logs)('in a log %s, a value', (_title, header, line) => {
  const lines = (bytes: number): string => {
    let text = header;
    for (let index = 0; text.length < bytes; index++) text += line(index);
    return text;
  };

  test.each(told)('%s is found, near its beginning and far behind it', (_where, last, detector) => {
    for (const bytes of [400, 3 * limits.headBytes]) {
      const text = lines(bytes) + last;
      const findings = engine.scan('app.log', Buffer.from(text));
      expect(findings.map((found) => [found.detector, found.place.line])).toEqual([
        [detector, text.split('\n').length - 1],
      ]);
    }
  });
});
