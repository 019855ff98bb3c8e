import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from '../../src/registry/challenge.ts';

function plain(header: string): readonly (readonly [string, Readonly<Record<string, string>>])[] {
  return parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)] as const);
}

describe('a challenge', () => {
  it.each([
    [
      'of a token server',
      'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:app:pull,push"',
      [
        [
          'bearer',
          { realm: 'https://auth.example/token', service: 'registry.example', scope: 'repository:app:pull,push' },
        ],
      ],
    ],
    [
      'in capitals, with space around',
      'BASIC Realm = "a b" , charset=UTF-8',
      [['basic', { realm: 'a b', charset: 'UTF-8' }]],
    ],
    [
      'beside others',
      'Negotiate, Basic realm="x", Bearer realm="y"',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
        ['bearer', { realm: 'y' }],
      ],
    ],
    ['with escaped quotes', String.raw`Basic realm="a \"b\" c"`, [['basic', { realm: 'a "b" c' }]]],
    ['with a parameter twice', 'Basic realm="first", realm="second"', [['basic', { realm: 'first' }]]],
    ['without commas', 'Bearer realm="x" service="y"', [['bearer', { realm: 'x', service: 'y' }]]],
    ['with a quote that is not closed', 'Bearer realm="x', [['bearer', { realm: '' }]]],
    ['that is none', '"""', []],
    ['that is empty', '', []],
    ['with parameters of nothing', 'realm="x", Basic realm="y"', [['basic', { realm: 'y' }]]],
  ])('%s', (_, header, expected) => {
    expect(plain(header).map(([scheme, parameters]) => [scheme, parameters])).toMatchObject(expected);
  });

  it('is found again however it is written', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    const value = fc.string({ maxLength: 12 });
    const challenge = fc.tuple(
      fc.constantFrom('bearer', 'basic', 'digest'),
      fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, minLength: 1, maxLength: 4 }),
    );
    const quoted = (text: string): string => `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 3 }), fc.constantFrom(',', ', ', ' ,  '), (challenges, comma) => {
        const header = challenges
          .map(
            ([scheme, parameters]) =>
              `${scheme} ${parameters.map(([key, text]) => `${key}=${quoted(text)}`).join(comma)}`,
          )
          .join(comma);
        expect(plain(header)).toEqual(
          challenges.map(([scheme, parameters]) => [scheme, Object.fromEntries(parameters)]),
        );
      }),
    );
  });

  it('of any text ends in time, and throws nothing', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (header) => void parseChallenges(header)));
    for (const unit of ['a=', '"', 'a="', '\\', 'a ', ',', 'a=b,', ' ']) {
      const time = (count: number): number => {
        const header = unit.repeat(count);
        let best = Infinity;
        for (let run = 0; run < 3; run++) {
          const begun = performance.now();
          parseChallenges(header);
          best = Math.min(best, performance.now() - begun);
        }
        return best;
      };
      expect([unit, time(160_000) < 24 * time(20_000) + 20]).toEqual([unit, true]);
    }
  });
});
