import * as sdk from '@aws-sdk/client-ecs';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { documentFindings } from '../../../src/aws/document-findings.ts';
import { scanEcs } from '../../../src/aws/ecs/scan-ecs.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { renderJson } from '../../../src/report/json.ts';
import { noColors } from '../../../src/report/palette.ts';
import { renderTable } from '../../../src/report/table.ts';
import { startFakeAws, type AwsAnswers, type AwsCall } from '../../support/fake-aws.ts';
import { patient } from '../../support/patients.ts';
import { account } from './account.ts';
import { fullResponse, MAP_KEY, planted, textsOf, type Plain } from '../response-leaves.ts';

const { ssn } = patient(47);
const LEAK = `patient ssn ${ssn}`;
const DESCRIBED = Object.keys(account).filter((name) => name.startsWith('Describe'));
const engine = new Engine();

afterAll(() => {
  vi.unstubAllEnvs();
});

/** Every text of the responses that the installed SDK knows, whatever it is for. */
describe.each(DESCRIBED)('a value in %s', (operation) => {
  const full = fullResponse(sdk, operation);

  test('is found at its pointer, wherever it stands', () => {
    const places = [...textsOf(full)];
    expect(places.length).toBeGreaterThan(2);
    for (const { way, pointer } of places) {
      const document = planted(full, way, LEAK);
      const found = documentFindings(engine, 'cluster/prod', Buffer.from(JSON.stringify(document)));
      expect(found.map(({ place }) => place.pointer)).toEqual([pointer]);
    }
  });

  test('is found in the keys that people choose', () => {
    for (const document of withPlantedKeys(full)) {
      const found = documentFindings(engine, 'cluster/prod', Buffer.from(JSON.stringify(document)));
      expect(found.length).toBeGreaterThan(0);
      expect(JSON.stringify(found)).not.toContain(ssn);
    }
  });
});

/** The response once for each of its maps, with a value in the key. */
function* withPlantedKeys(full: Plain): Generator<unknown, void, undefined> {
  for (const { way } of textsOf(full)) {
    if (way.at(-1) === MAP_KEY) yield planted(full, way.slice(0, -1), { [LEAK]: 'none' });
  }
}

/** What leads on to the next call stays as it is. */
function withNames(full: unknown, names: unknown): unknown {
  if (Array.isArray(names)) return names.map((each) => withNames(Array.isArray(full) ? full[0] : undefined, each));
  if (typeof names !== 'object' || names === null) return names ?? full;
  const own = Object.entries(names as Plain).map(
    ([key, value]) => [key, withNames((full as Plain)[key], value)] as const,
  );
  return { ...(full as Plain), ...Object.fromEntries(own) };
}

/** Every eighth text of a response holds a value: of more in one document, some are told together. */
function planting(operation: string, slice: number, pointers: Set<string>): (call: AwsCall) => unknown {
  // A page that names a next one would be asked for it.
  const { nextToken: _, failures: __, ...full } = fullResponse(sdk, operation);
  return (call) => {
    const whole = withNames(full, account[operation]?.(call));
    let response = whole;
    for (const [index, { way, pointer }] of [...textsOf(whole)].entries()) {
      if (index % SLICES !== slice) continue;
      response = planted(response, way, LEAK);
      // Of several in one response, each is a document of its own.
      pointers.add(pointer);
    }
    return response;
  };
}

const SLICES = 8;

test.each(Array.from({ length: SLICES }, (_, slice) => slice))(
  'an account full of values is swept to the last text, and no output holds one (%i of 8)',
  async (slice) => {
    const pointers = new Set<string>();
    const answers = DESCRIBED.map((operation) => [operation, planting(operation, slice, pointers)] as const);
    const aws = await startFakeAws({ ...account, ...(Object.fromEntries(answers) satisfies AwsAnswers) });
    const folder = mkdtempSync(join(tmpdir(), 'phiscan-surfaces-'));
    try {
      for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
      const scope = { clusters: [], families: [], maxRevisions: undefined, since: undefined };
      const report = await scanEcs({ ...scope, minConfidence: 0, cacheFolder: folder });
      expect(report.coverage.gaps).toEqual([]);
      const found = new Set(report.findings.map(({ location: { pointer } }) => pointer));
      expect([...pointers].filter((pointer) => !found.has(pointer))).toEqual([]);
      expect(report.findings.filter(({ surface, remedy }) => surface === undefined || remedy === undefined)).toEqual(
        [],
      );
      const table = { width: 120, palette: noColors, explain: true, failOn: 'info' } as const;
      const outputs = [renderJson(report), renderTable(report, table)];
      // What of it a file says that is unpacked, test/ledger looks at.
      for (const name of readdirSync(folder)) outputs.push(readFileSync(join(folder, name), 'latin1'));
      expect(outputs).toHaveLength(3);
      for (const output of outputs) expect(output).not.toContain(ssn);
    } finally {
      await aws.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
