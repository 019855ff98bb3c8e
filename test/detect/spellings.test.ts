import { describe, expect, it } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { Labels } from '../../src/detect/labels.ts';
import { spellingsOf } from '../../src/detect/spellings.ts';

const labels = new Labels(detectors);

function meaning(label: string): string | undefined {
  const [best] = labels.candidates([label]);
  return best === undefined ? undefined : detectors[best.detector]?.id;
}

describe('labels in the short spellings of columns and keys', () => {
  it.each([
    ['PT_LAST_NM', 'name', 'parts of names'],
    ['mbrFstNm', 'name', 'camel case'],
    ['Mbr Last', 'name', 'without the word name'],
    ['NAME_LAST', 'name', 'the part behind'],
    ['Med Rec Nbr', 'mrn', 'all words short'],
    ['PAT_BIRTH_DTE', 'dob', 'a date'],
    ['SUBSCR_PHN_NBR', 'phone', 'a phone'],
    ['soc sec nbr', 'ssn', 'two short words'],
    ['HOSP_ADMSN_TIME', 'date', 'a stay'],
  ])('%s is %s: %s', (label, id) => {
    expect(meaning(label)).toBe(id);
  });

  it.each([
    ['firstBatch', 'a word that begins alike'],
    ['pat', 'one short word'],
    ['member last login', 'more than the part of a name'],
    ['nm', 'a unit'],
    ['recNo', 'a record of anything'],
  ])('%s is nothing: %s', (label) => {
    expect(meaning(label)).toBeUndefined();
  });

  it('takes a word with other meanings for less than the whole word', () => {
    const [best] = labels.candidates(['pt_first_nm']);
    expect(best?.strong).toBe(false);
  });

  it('leaves single words alone, and stays small', () => {
    expect(spellingsOf('phone')).toEqual([]);
    expect(spellingsOf('beneficiary medical record number').length).toBeLessThanOrEqual(200);
  });
});
