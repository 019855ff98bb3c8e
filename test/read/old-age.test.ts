import { describe, expect, test } from 'vitest';
import { plainText } from '../../src/read/plain-text.ts';
import { oldAges } from '../../src/read/old-age.ts';
import { fieldsOf } from './reading.ts';

const old = String(90 + 3);

describe('ages over 89 in a text', () => {
  test.each<[string, string, readonly string[]]>([
    ['in words, with a person', `a ${old}-year-old right-handed African American woman`, [old]],
    ['with blanks', `${old} year old male`, [old]],
    ['a subject before it', `Ms. R is a ${old}-year-old with CHF`, [old]],
    ['short', `${old} y.o. female`, [old]],
    ['shorter', `${old}yo F`, [old]],
    ['with a stroke', `${old} y/o M`, [old]],
    ['aged', `female, aged ${old}, seen`, [old]],
    ['below a label', `Age/Sex: ${old} F`, [old]],
    ['more than a hundred', `${90 + 12} year old man`, [String(90 + 12)]],
    ['two of them', `a ${old}-year-old man and a ${90 + 5}-year-old woman`, [old, String(90 + 5)]],
    ['no age over 89', `an ${80 + 7}-year-old woman, 47 yo M, age: 89`, []],
    ['years of something else', `${old} years of experience`, []],
    ['a version', `version ${old} years`, []],
    ['a company', `a ${old}-year-old family company`, []],
    ['a number that goes on', `1${old}5 yo, 1.${old} yo, ${old}.5-year-old man, ${old}yogurt`, []],
    ['a share', `age: ${old}%`, []],
    ['a time', `age: ${old}:12`, []],
    ['cut', `a ${old}-year-`, []],
  ])('%s', (_title, text, expected) => {
    expect(oldAges(text).map(({ start, end }) => text.slice(start, end))).toEqual(expected);
  });

  /** Of the fields that are an age. */
  function ageLabels(text: string): readonly string[] {
    const fields = fieldsOf(plainText, Buffer.from(text));
    return fields.filter(({ value, tie }) => value === old && tie === 'key').map(({ labels }) => labels.join(' < '));
  }

  test.each<[string, string, readonly string[]]>([
    ['the same sentence tells of a patient', `Patient is a ${old}-year-old man.`, ['patient age']],
    ['another paragraph told of one', `MRN: 1\n\nA ${old}-year-old man.`, ['patient age']],
    ['nothing tells of one: it counts in a record only', `A ${old}-year-old man.`, ['age']],
    ['a label without a value tells of nobody', `MRN:\n\nA ${old}-year-old man.`, ['age']],
  ])('%s', (_title, text, expected) => {
    expect(ageLabels(text)).toEqual(expected);
  });

  test('twice the ages take about twice the time', () => {
    const time = (count: number): number => {
      const text = `The patient is a ${old}-year-old ${'tall '.repeat(5)}`.repeat(count);
      let best = Infinity;
      for (let attempt = 0; attempt < 9; attempt++) {
        const start = process.cpuUsage();
        oldAges(text);
        best = Math.min(best, process.cpuUsage(start).user);
      }
      return best;
    };
    time(2000);
    const ratios = Array.from({ length: 6 }, () => time(8000) / Math.max(1000, time(4000)));
    expect(Math.min(...ratios)).toBeLessThanOrEqual(2.5);
  });
});
