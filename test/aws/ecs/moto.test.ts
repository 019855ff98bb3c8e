import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { scanEcs } from '../../../src/aws/ecs/scan-ecs.ts';
import { motoMissing } from '../../support/moto.ts';
import { startMotoAccount, type MotoAccount } from './moto-account.ts';

const skipped = motoMissing();

describe.skipIf(skipped !== undefined)(`an account on moto${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let account: MotoAccount;

  beforeAll(async () => {
    account = await startMotoAccount();
    for (const [name, value] of Object.entries(account.aws.env)) vi.stubEnv(name, value);
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await account.stop();
  });

  test('what was registered, run with overrides and stopped with a reason is found', async () => {
    const scope = { clusters: [], families: [], maxRevisions: undefined, since: undefined };
    const report = await scanEcs({ ...scope, minConfidence: 0.5 });
    expect(report.coverage.gaps).toEqual([]);
    const places = report.findings.map(
      ({ detector, surface, location: { path, pointer } }) =>
        `${detector} ${surface ?? ''} ${path.replace(/task\/[0-9a-f-]{36}$/, 'task/ID')} ${pointer ?? ''}`,
    );
    expect(new Set(places)).toEqual(
      new Set([
        'ssn environment task-definition/clinic-import:1 taskDefinition.containerDefinitions[0].environment[1].value',
        'ssn stopped-reason cluster/prod/task/ID tasks[0].stoppedReason',
        'mrn override-command cluster/prod/task/ID tasks[0].overrides.containerOverrides[0].command[2]',
      ]),
    );
    for (const { ssn, mrn } of account.patients) {
      expect(JSON.stringify(report)).not.toContain(ssn);
      expect(JSON.stringify(report)).not.toContain(mrn);
    }
  });
});
