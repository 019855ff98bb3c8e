import { describe, expect, test } from 'vitest';
import type { SecurityHub } from '../../../src/aws/securityhub/client.ts';
import { FindingImport, type HubFinding } from '../../../src/aws/securityhub/import.ts';
import { CallFailure } from '../../../src/aws/failure.ts';

type Answer = (findings: readonly HubFinding[]) => object;

function hubOf(answer: Answer): { readonly hub: SecurityHub; readonly batches: HubFinding[][] } {
  const batches: HubFinding[][] = [];
  const ask: SecurityHub['ask'] = (_operation, input) => {
    const findings = input.Findings ?? [];
    batches.push([...findings]);
    return Promise.resolve(answer(findings) as never);
  };
  return {
    hub: { prefix: 'securityhub', region: 'us-east-1', endpoint: undefined, ask, close: () => undefined },
    batches,
  };
}

const findings = (count: number, size = 1): HubFinding[] =>
  Array.from({ length: count }, (_, index) => ({ Id: `f${index}`, Description: 'x'.repeat(size) }) as HubFinding);

describe('findings for Security Hub', () => {
  test('go by a hundred, whatever they come in', async () => {
    const { hub, batches } = hubOf((all) => ({ SuccessCount: all.length, FailedCount: 0 }));
    const sending = new FindingImport(hub);
    await Promise.all([sending.add(findings(130)), sending.add(findings(75)), sending.add([])]);
    expect(await sending.finish()).toEqual({ imported: 205, refused: 0, reasons: new Map() });
    expect(batches.map(({ length }) => length)).toEqual([100, 100, 5]);
  });

  test('go by fewer when they are long: a call has a size', async () => {
    const { hub, batches } = hubOf(() => ({}));
    const sending = new FindingImport(hub);
    await sending.add(findings(60, 200_000));
    await sending.finish();
    expect(batches.length).toBeGreaterThan(2);
    for (const batch of batches) expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(6_000_000);
  });

  test('that are refused are counted by AWS’s word, and the others go on', async () => {
    let calls = 0;
    const { hub } = hubOf((all) => {
      calls += 1;
      if (calls === 1)
        throw new CallFailure(
          'securityhub',
          'BatchImportFindings',
          Object.assign(new Error('secret text'), { name: 'LimitExceededException' }),
          false,
        );
      const failed = all.slice(0, 2).map(({ Id }) => ({ Id, ErrorCode: 'InvalidInput', ErrorMessage: 'secret text' }));
      return { FailedCount: 2, FailedFindings: failed };
    });
    const sending = new FindingImport(hub);
    await sending.add(findings(150));
    const result = await sending.finish();
    expect(result.imported).toBe(48);
    expect(result.refused).toBe(102);
    expect(Object.fromEntries(result.reasons)).toEqual({ LimitExceededException: 100, InvalidInput: 2 });
  });
});
