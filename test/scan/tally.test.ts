import { describe, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { EntryFinding } from '../../src/finding.ts';
import { limits } from '../../src/limits.ts';
import { Tally } from '../../src/scan/tally.ts';
import { patient } from '../support/patients.ts';

const engine = new Engine();
const { ssn, mrn } = patient(9600);

function findingAt(path: string): EntryFinding {
  const [found] = engine.scan('a', Buffer.from(`ssn: ${ssn}`));
  if (found === undefined) throw new Error('the engine finds nothing');
  return { ...found, place: { path } };
}

describe('a tally', () => {
  it('keeps so many findings and counts the rest in one gap', () => {
    const tally = new Tally(engine);
    const finding = findingAt('a');
    for (let index = 0; index < limits.layerFindings + 3; index += 1) tally.add([finding], 'a');
    tally.close();
    expect(tally.found).toHaveLength(limits.layerFindings);
    expect(tally.gaps).toEqual([{ reason: 'finding-limit', path: '', detail: '3 more findings are not listed' }]);
  });

  it('keeps so many gaps and counts the rest in one more', () => {
    const tally = new Tally(engine);
    for (let index = 0; index < limits.layerGaps + 5; index += 1) tally.problem({ reason: 'corrupt' }, `${index}`);
    tally.close();
    expect(tally.gaps).toHaveLength(limits.layerGaps + 1);
    expect(tally.gaps.at(-1)).toEqual({ reason: 'finding-limit', path: '', detail: '5 more gaps are not listed' });
  });

  it('keeps so many characters of texts', () => {
    const tally = new Tally(engine);
    const finding = findingAt('d/'.repeat(500_000));
    for (let index = 0; index < 40; index += 1) tally.add([finding], 'a');
    tally.close();
    expect(tally.found.length).toBeLessThan(limits.layerCharacters / 1_000_000 + 1);
    expect(tally.gaps.map(({ reason }) => reason)).toEqual(['finding-limit']);
  });

  it('adds no gap of its own when nothing is over', () => {
    const tally = new Tally(engine);
    tally.add([findingAt('a')], 'a');
    tally.close();
    expect([tally.found.length, tally.gaps.length]).toEqual([1, 0]);
  });

  it('masks the path and the detail of a problem', () => {
    const tally = new Tally(engine);
    tally.problem({ reason: 'unreadable', detail: `mrn_${mrn}: EACCES` }, `ssn_${ssn}`);
    expect(tally.gaps).toEqual([{ reason: 'unreadable', path: 'ssn_***-**-****', detail: 'mrn_[mrn]: EACCES' }]);
  });
});
