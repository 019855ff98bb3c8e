import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptLines, acceptReport } from '../../src/baseline/accept.ts';
import type { Answer, Baseline } from '../../src/baseline/baseline.ts';
import { readBaseline, renderBaseline } from '../../src/baseline/baseline-file.ts';
import { type ToldFinding, toldReportOf } from '../../src/baseline/told-findings.ts';
import { unansweredOf, updateBaseline } from '../../src/baseline/update.ts';
import { Engine } from '../../src/engine/engine.ts';
import { type Finding, type Report, SEVERITIES } from '../../src/finding.ts';
import type { EventName } from '../../src/event-line.ts';
import { renderEventLine } from '../../src/report/event-line.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderJsonl } from '../../src/report/jsonl.ts';
import { renderSummaryLine, renderSweptLine } from '../../src/report/sweep-line.ts';
import { rowOf } from '../../src/sweep/swept.ts';
import { digestOf, finding, gap, layer, location, report, target } from '../support/reports.ts';

const today = '2026-11-22';
const answer: Answer = { reason: 'invented patients of the demo', owner: 'team-data', expires: '2027-01-31' };
const plain = (text: string): string => text;

/** As long as they are in a report, whatever their digits. */
const fingerprints = ['a', 'b', 'c', 'd', 'e'].map((digit) => digit.repeat(24));
const [first = '', second = ''] = fingerprints;

function baselineOf(findings: readonly ToldFinding[], before: Baseline = []): Baseline {
  return updateBaseline(before, unansweredOf(findings, plain), answer, today).baseline;
}

function named(id: string): EventName {
  return { id, type: '', time: '', account: '', region: '', resource: '' };
}

function counting({ findings }: Report): readonly Finding[] {
  return findings.filter(({ accepted }) => accepted === undefined);
}

/** As a sweep tells one image, and its end. */
function sweptLines(swept: Report): string {
  const place = { registry: 'r', account: '', region: '', repository: 'a', digest: digestOf('a'), tags: [] };
  const part = { place, report: swept, remembered: false };
  const { tool, summary } = swept;
  const totals = {
    repositories: 1,
    images: 1,
    rememberedImages: 0,
    layers: 1,
    rememberedLayers: 0,
    readLayers: 1,
    readBytes: 1,
  };
  const outcomes = { clean: 0, findings: 1, incomplete: 0 };
  const { gaps, durationMs } = summary;
  const end = { totals, outcomes, findings: summary, gaps, durationMs };
  return renderSweptLine(part, rowOf(part, 'medium')) + renderSummaryLine(end, tool);
}

/** Findings of one image; the place hangs on the fingerprint, as it does in reports. */
const anyFinding: fc.Arbitrary<Finding> = fc
  .record({
    fingerprint: fc.constantFrom(...fingerprints),
    severity: fc.constantFrom(...SEVERITIES),
    outcome: fc.constantFrom('real', 'synthetic' as const),
    count: fc.integer({ min: 1, max: 5 }),
    layer: fc.integer({ min: 0, max: 3 }),
    line: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ fingerprint, severity, outcome, count, layer: index, line }) =>
    finding({
      fingerprint,
      severity,
      outcome,
      count,
      location: location({ path: `srv/${fingerprint.slice(0, 1)}.csv`, layer: layer(index, 'COPY . /srv'), line }),
    }),
  );
const findings = fc.array(anyFinding, { maxLength: 12 });

describe('a baseline of a report', () => {
  test('accepts exactly that report, in any order, and after a rebuild', () => {
    fc.assert(
      fc.property(findings, fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), (found, ranks) => {
        const baseline = baselineOf(found);
        const rebuilt = found
          .map((one, index) => ({ one, at: ranks[index] ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => {
            const made = one.location.layer;
            return {
              ...one,
              location: {
                ...one.location,
                target: 'app:1.5',
                ...(made && { layer: { ...made, digest: digestOf(String(9 - made.index)), diffId: digestOf('e') } }),
              },
            };
          });
        for (const same of [found, rebuilt]) {
          const judged = acceptReport(report({ findings: same }), baseline, today);
          expect(counting(judged)).toEqual([]);
          expect(judged.summary.accepted).toBe(same.length);
          expect(judged.findings.map(({ accepted: _accepted, ...one }) => one)).toEqual(same);
        }
      }),
    );
  });

  test('is the same whatever the order of the findings', () => {
    fc.assert(
      fc.property(findings, (found) => {
        expect(renderBaseline(baselineOf(found.toReversed()))).toBe(renderBaseline(baselineOf(found)));
      }),
    );
  });

  test('without one entry lets exactly its findings count', () => {
    fc.assert(
      fc.property(findings, fc.nat(), (found, at) => {
        const baseline = baselineOf(found);
        const gone = baseline[at % Math.max(1, baseline.length)];
        const rest = baseline.filter((entry) => entry !== gone);
        const judged = acceptReport(report({ findings: found }), rest, today);
        expect(counting(judged)).toEqual(found.filter(({ fingerprint }) => fingerprint === gone?.fingerprint));
      }),
    );
  });

  test('comes back from its file as it was', () => {
    fc.assert(
      fc.property(findings, fc.string({ unit: 'binary' }), (found, words) => {
        const told = `x ${words}`.slice(0, 200);
        const baseline = baselineOf(found).map((entry) => ({ ...entry, reason: told, place: told }));
        expect(readBaseline(renderBaseline(baseline))).toEqual({ baseline, faults: [] });
      }),
    );
  });
});

describe('a finding counts again', () => {
  const base = finding({ fingerprint: first, severity: 'medium', outcome: 'synthetic', count: 3 });
  const baseline = baselineOf([base]);
  function lapseOf(now: Finding | readonly Finding[], day = today): unknown {
    const judged = acceptReport(report({ findings: [now].flat() }), baseline, day);
    expect(judged.summary.accepted).toBe(0);
    return judged.findings.map(({ lapsed }) => lapsed?.why);
  }

  test.each([
    ['that has more values', { ...base, count: 4 }, 'grown'],
    ['that is worse', { ...base, severity: 'high' as const }, 'worse'],
    ['whose values are real', { ...base, outcome: 'real' as const }, 'worse'],
  ])('%s', (_title, now, why) => {
    expect(lapseOf(now)).toEqual([why]);
  });

  test('on the day behind its last one', () => {
    expect(acceptReport(report({ findings: [base] }), baseline, answer.expires).summary.accepted).toBe(1);
    expect(lapseOf(base, '2027-02-01')).toEqual(['expired']);
  });

  test('and says who had answered for how many', () => {
    const judged = acceptReport(report({ findings: [{ ...base, count: 4 }] }), baseline, today);
    expect(judged.findings[0]?.lapsed).toEqual({ why: 'grown', by: 'baseline', ...answer, count: 3 });
  });

  test('with a further container of the same document, and not with a copy in another layer', () => {
    const at = (pointer: string, index: number): Finding => ({
      ...base,
      location: location({ pointer, layer: layer(index, 'COPY . /srv') }),
    });
    expect(lapseOf([at('containers[0]', 0), at('containers[1]', 0)])).toEqual(['grown', 'grown']);
    const copies = report({ findings: [at('containers[0]', 0), at('containers[0]', 1)] });
    expect(acceptReport(copies, baseline, today).summary.accepted).toBe(2);
  });

  test('but not when it got better', () => {
    const better = { ...base, severity: 'low' as const, count: 1 };
    expect(acceptReport(report({ findings: [better] }), baseline, today).summary).toMatchObject({
      accepted: 1,
      low: 0,
    });
  });

  test('and not what a mark has accepted, which is no value of the baseline', () => {
    const marked = { ...base, count: 9, accepted: { by: 'inline', reason: 'manual' } as const };
    const judged = acceptReport(report({ findings: [base, marked] }), baseline, today);
    expect(judged.findings.map(({ accepted }) => accepted?.by)).toEqual(['baseline', 'inline']);
  });
});

describe('what is told while the scan goes on', () => {
  const one = finding({ fingerprint: first, severity: 'critical', count: 2 });
  const baseline = baselineOf([one]);

  test('each event is compared by itself', () => {
    const [event, later] = [named('1'), named('2')];
    const lines = acceptLines(
      [
        { event, finding: one, remedies: {} },
        { event, gap: gap() },
        { event: later, finding: { ...one, count: 3 }, remedies: {} },
      ],
      baseline,
      today,
    );
    expect(
      lines.map((line) => ('finding' in line ? (line.finding.accepted?.by ?? line.finding.lapsed?.why) : 'gap')),
    ).toEqual(['baseline', 'gap', 'grown']);
  });

  test('an image of a sweep whose findings are accepted is clean, and says how many are', () => {
    const place = { registry: 'r', account: '', region: '', repository: 'a', digest: digestOf('a'), tags: [] };
    const judged = acceptReport(report({ findings: [one] }), baseline, today);
    const row = rowOf({ place, report: judged, remembered: false }, 'medium');
    expect(row).toMatchObject({ outcome: 'clean', accepted: 1, findings: { critical: 0 } });
    expect(rowOf({ place, report: report({ findings: [one] }), remembered: false }, 'medium').outcome).toBe('findings');
  });
});

describe('an update', () => {
  const one = finding({ fingerprint: first, count: 5 });
  const two = finding({ fingerprint: second, location: location({ path: 'srv/b.csv' }) });
  const before = baselineOf([one, two]).map((entry) => ({ ...entry, reason: 'before' }));

  test('lowers counts, drops what is gone, and asks nobody', () => {
    const found = unansweredOf([{ ...one, count: 2 }], plain);
    const { baseline, added, lowered, dropped } = updateBaseline(before, found, undefined, today);
    expect(baseline).toEqual([{ ...before.find(({ fingerprint }) => fingerprint === first), count: 2 }]);
    expect([added.length, lowered.length, dropped.map(({ fingerprint }) => fingerprint)]).toEqual([0, 1, [second]]);
  });

  test('answers anew for what grew, and leaves the others as they were', () => {
    const { baseline, added } = updateBaseline(before, unansweredOf([{ ...one, count: 6 }, two], plain), answer, today);
    expect(added).toMatchObject([{ fingerprint: first, count: 6, ...answer }]);
    expect(baseline.map(({ reason }) => reason).toSorted()).toEqual(['before', answer.reason]);
  });

  test('of the same report changes nothing', () => {
    expect(updateBaseline(before, unansweredOf([one, two], plain), undefined, today)).toEqual({
      baseline: before,
      added: [],
      lowered: [],
      dropped: [],
    });
  });
});

describe('a broken file says where', () => {
  const good = renderBaseline(baselineOf([finding({ fingerprint: first })]));
  const rows: readonly (readonly [string, string, string, number, number])[] = [
    ['no YAML', 'accepted: [', 'not YAML: ', 1, 12],
    ['an empty file', '', 'the file has no keys', 1, 1],
    ['a list', '- a', 'the file has no keys', 1, 1],
    ['two documents', `${good}---\n${good}`, 'a second document', 17, 1],
    ['a later version', good.replace('version: 1', 'version: 2'), 'a version that is not known', 3, 10],
    ['a fingerprint that is cut', good.replace(first, first.slice(1)), 'a wrong fingerprint', 5, 18],
    ['a severity that is not there', good.replace('severity: high', 'severity: urgent'), 'a wrong severity', 8, 15],
    ['no number', good.replace('count: 1', 'count: many'), 'a wrong count', 10, 12],
    ['a day that is not there', good.replace('2027-01-31', '2027-02-30'), 'a wrong expires', 13, 14],
    ['no reason', good.replace(/ +reason: .*\n/, ''), 'no reason', 5, 5],
    ['an empty owner', good.replace('"team-data"', '""'), 'owner is no text', 12, 12],
    ['a key that is mistyped', good.replace('reason:', 'raeson:'), 'unknown key', 11, 5],
    ['an entry twice', good + good.slice(good.indexOf('  - ')), 'a fingerprint that is in the file already', 14, 5],
    ['an entry that is a text', `${good}  - all of them\n`, 'an entry without keys', 14, 5],
    ['a reason that is a story', good.replace(answer.reason, 'a'.repeat(301)), 'reason is longer than', 11, 13],
  ];
  test.each(rows)('%s', (_title, text, what, line, column) => {
    const { faults } = readBaseline(text);
    const fault = faults.find((one) => one.what.startsWith(what));
    expect([fault?.line, fault?.column]).toEqual([line, column]);
    expect(fault?.todo).not.toBe('');
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 400 }), (junk, at) => {
        const text = good.slice(0, at) + junk + good.slice(at + junk.length);
        for (const { line, column } of readBaseline(text).faults) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a file that is too long is not parsed', () => {
    const [fault] = readBaseline(' '.repeat(3_000_000)).faults;
    expect(fault?.what).toMatch(/^the file is longer than/);
  });
});

describe('what a baseline is made of', () => {
  test('a report in JSON, as it was written', () => {
    const lasting = {
      fingerprint: first,
      location: location({ pointer: 'a.b', field: 'ssn', layer: layer(1, 'COPY') }),
    };
    const written = report({ findings: [finding(lasting)], targets: [target()], gaps: [gap()] });
    const told = toldReportOf(renderJson(written));
    expect(told?.complete).toBe(false);
    expect(unansweredOf(told?.findings ?? [], plain)).toEqual(unansweredOf(written.findings, plain));
  });

  test.each<[string, (written: Report) => string, boolean]>([
    ['a report in lines, with its end', renderJsonl, true],
    ['a report in lines, cut short', (written) => renderJsonl(written).replace(/[^\n]+\n$/, ''), false],
    ['a report in lines, with a gap', (written) => renderJsonl(report({ ...written, gaps: [gap()] })), false],
    [
      'lines of a watch',
      ({ findings, tool }) =>
        findings.map((finding) => renderEventLine({ event: named('a'), finding, remedies: {} }, tool)).join(''),
      false,
    ],
    ['lines of a sweep', sweptLines, true],
  ])('%s', (_title, render, complete) => {
    const written = report({ findings: [finding({ fingerprint: first }), finding({ fingerprint: second })] });
    const told = toldReportOf(render(written));
    expect(told?.complete).toBe(complete);
    expect(unansweredOf(told?.findings ?? [], plain)).toEqual(unansweredOf(written.findings, plain));
  });

  test.each([
    ['no JSON', '{'],
    ['an empty file', '\n'],
    ['lines, one of which is of another version', `${renderJsonl(report({}))}{"schemaVersion": 2, "findings": []}\n`],
    ['lines, one of which says something else', `${renderJsonl(report({}))}{"schemaVersion": 1, "plans": []}\n`],
    ['lines, one of which is broken', `${renderJsonl(report({}))}{"schemaVersion": 1, "find`],
    ['another JSON', '{"schemaVersion": 2, "findings": [], "coverage": {}}'],
    ['a list', '[]'],
    [
      'a finding without its place',
      JSON.stringify({ schemaVersion: 1, coverage: {}, findings: [{ fingerprint: first }] }),
    ],
    [
      'a fingerprint that is none',
      JSON.stringify({ schemaVersion: 1, coverage: {}, findings: [finding({ fingerprint: '../../etc' })] }),
    ],
    ['a count below one', JSON.stringify({ schemaVersion: 1, coverage: {}, findings: [{ ...finding(), count: 0 }] })],
  ])('not %s', (_title, text) => {
    expect(toldReportOf(text)).toBeUndefined();
  });

  test('its places are masked, and tell no image', () => {
    const [one] = unansweredOf([finding({ fingerprint: first, location: location({ field: 'ssn' }) })], (text) =>
      text.replace('notes', '*****'),
    );
    expect(one?.place).toBe('srv/app/*****.txt, field ssn');
    const [config] = unansweredOf(
      [finding({ location: location({ kind: 'config', path: digestOf('a'), pointer: 'config.Env[3]' }) })],
      plain,
    );
    expect(config?.place).toBe('config: config.Env[*]');
  });
});

test('the file of a baseline has no finding itself, whatever it accepts', () => {
  const engine = new Engine();
  const identifiers = ['ssn', 'mrn', 'mbi', 'dob', 'member-id', 'account', 'name', 'phone', 'patient-record'];
  const entries = identifiers.flatMap((detector, row) => {
    const field = ['patient_ssn', 'mrn', 'medicare id', 'birth_date', 'memberId', 'account_number'][row];
    const place = location({ path: `srv/patients/${detector}.csv`, ...(field !== undefined && { field }) });
    return finding({ fingerprint: String(row + 1).repeat(24), detector, count: 40 ** row, location: place });
  });
  const text = renderBaseline(baselineOf(entries));
  expect(text).toContain('patient_ssn');
  expect(engine.scan('phiscan-baseline.yaml', Buffer.from(text))).toEqual([]);
});
