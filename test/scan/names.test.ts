import { describe, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { NameScan } from '../../src/scan/names.ts';
import { Tally } from '../../src/scan/tally.ts';
import { patients } from '../support/patients.ts';

const engine = new Engine();
const people = patients(3, 9500);

function pointersOf(tally: Tally): readonly (string | undefined)[] {
  return tally.found.map(({ finding }) => finding.place.pointer);
}

describe('names', () => {
  it('wait for their batch', () => {
    const tally = new Tally(engine);
    const names = new NameScan(tally);
    names.add('a', 'name', `ssn_${people[0]?.ssn ?? ''}`, 'a');
    expect(tally.found).toEqual([]);
    names.flush();
    expect(pointersOf(tally)).toEqual(['name']);
    names.flush();
    expect(tally.found).toHaveLength(1);
  });

  it('are scanned by themselves when the batch is full', () => {
    const tally = new Tally(engine);
    const names = new NameScan(tally);
    names.add('a', 'name', `ssn_${people[0]?.ssn ?? ''}`, 'a');
    names.add('b', 'name', 'x/'.repeat(40_000), 'b');
    expect(tally.found).toHaveLength(1);
  });

  it('of one entry are not read together with those of the next', () => {
    const tally = new Tally(engine);
    const names = new NameScan(tally);
    names.add('a', 'name', 'ssn', 'a');
    names.add('b', 'name', (people[1]?.ssn ?? '').replaceAll('-', ''), 'b');
    names.flush();
    expect(tally.found).toEqual([]);
  });

  it('link targets and attributes are found, each at its pointer', () => {
    const tally = new Tally(engine);
    const names = new NameScan(tally);
    const linkTarget = `/data/ssn_${people[0]?.ssn ?? ''}`;
    const metadata = [['SCHILY.xattr.user.mrn', people[1]?.mrn ?? '']] as const;
    names.member(`mrn_${people[2]?.mrn ?? ''}`, { linkTarget, metadata }, 'a', 'a');
    names.flush();
    expect(pointersOf(tally)).toEqual(['name', 'link target', 'SCHILY.xattr.user.mrn']);
  });

  it('attributes that neighbours share are scanned once', () => {
    const tally = new Tally(engine);
    const names = new NameScan(tally);
    const metadata = [['owner', `ssn ${people[0]?.ssn ?? ''}`]] as const;
    for (const name of ['a', 'b', 'c']) names.member(name, { linkTarget: '', metadata }, name, name);
    names.flush();
    expect(pointersOf(tally)).toEqual(['owner']);
  });
});
