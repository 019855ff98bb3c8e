import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { HtmlValidate } from 'html-validate';
import { describe, expect, it, test } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { exitCode } from '../../src/report/gate.ts';
import { renderHtml } from '../../src/report/html/html.ts';
import type { PageModel } from '../../src/report/html/page-model.ts';
import { leakyReport, longReport, sweptReport } from '../support/html-reports.ts';
import { finding, gap, layer, location, report, target } from '../support/reports.ts';
import { scenarios } from './scenarios.ts';

const fails = { failOn: 'medium', exitCode: 1 } as const;
const passes = { failOn: 'medium', exitCode: 0 } as const;

const all: Readonly<Record<string, Report>> = {
  ...scenarios,
  leaky: leakyReport,
  long: longReport(450),
  swept: sweptReport(),
  nothing: report({ targets: [] }),
};

function modelOf(page: string): PageModel {
  const json = /<script type="application\/json" id="model">(.*)<\/script>\n/.exec(page)?.[1];
  return JSON.parse(json ?? '') as PageModel;
}

/** What a person reads, in one line. */
function textOf(page: string): string {
  const body = page.slice(page.indexOf('<body>'), page.indexOf('<script'));
  return body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('&#39;', "'");
}

/** Without what has files of its own: the style, the script, and their hashes. */
function skeleton(page: string): string {
  return page
    .replace(/<style>[^]*?<\/style>/, '<style>…</style>')
    .replace(/<script>[^]*?<\/script>/g, '<script>…</script>')
    .replace(/sha256-[A-Za-z0-9+/=]+/g, 'sha256-…');
}

describe('finished pages', () => {
  it.each(Object.keys(scenarios))('%s', async (name) => {
    const told = scenarios[name] ?? report();
    const code = exitCode(told, { failOn: 'medium', allowIncomplete: false, unopened: 0 });
    const page = skeleton(renderHtml(told, { failOn: 'medium', exitCode: code }));
    await expect(page).toMatchFileSnapshot(`golden/${name}.html`);
  });
});

describe('the page is valid HTML', () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: {
      // Ours are not written by hand.
      'long-title': 'off',
      // Filters take effect as they change.
      'wcag/h32': 'off',
      'form-dup-name': ['error', { shared: ['radio', 'checkbox'] }],
      'no-trailing-whitespace': 'off',
      'no-inline-style': 'error',
      'require-sri': 'off',
    },
  });

  it.each(Object.keys(all))('%s', async (name) => {
    const { results } = await validator.validateString(renderHtml(all[name] ?? report(), fails));
    const messages = results.flatMap(({ messages: found }) =>
      found.map((one) => `${one.line}: ${one.ruleId} ${one.message}`),
    );
    expect(messages).toEqual([]);
  });
});

describe('what it says first', () => {
  it.each<[string, Report, Parameters<typeof renderHtml>[1], RegExp]>([
    ['clean', report(), passes, /✓ Clean .* nothing was left unread\. Passed: findings of severity medium and above/],
    [
      'incomplete',
      report({ gaps: [gap()] }),
      { failOn: 'high', exitCode: 3 },
      /⊘ INCOMPLETE .* 1 gap was not read, and may hold anything\. Not passed/,
    ],
    [
      'findings',
      report({ findings: [finding()] }),
      fails,
      /▲ 1 finding, the worst high .* Failed: findings of severity medium/,
    ],
    [
      'findings and gaps',
      report({ findings: [finding()], gaps: [gap(), gap()] }),
      fails,
      /1 finding, the worst high ⊘ INCOMPLETE .* 2 gaps were not read/,
    ],
    [
      'findings that pass',
      report({ findings: [finding()] }),
      { failOn: 'none', exitCode: 0 },
      /Passed: findings never fail this run\. /,
    ],
    [
      'what could not be opened',
      report(),
      { failOn: 'medium', exitCode: 2 },
      /Not decided: something could not be opened/,
    ],
  ])('%s', (_name, shown, options, words) => {
    expect(textOf(renderHtml(shown, options))).toMatch(words);
  });

  it('accepted findings are told and do not count', () => {
    const accepted = { by: 'baseline', reason: 'invented', owner: 'j.doe', expires: '2027-01-31' } as const;
    const text = textOf(renderHtml(report({ findings: [finding({ accepted })] }), passes));
    expect(text).toMatch(/✓ Clean .* 1 accepted finding is listed and does not count\./);
    expect(text).toContain('accepted by the baseline until 2027-01-31; j.doe: invented');
  });
});

describe('nothing but the page itself runs or is asked for', () => {
  const page = renderHtml(leakyReport, fails);

  it('script and style have the hashes that the policy names', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
    const hash = (text: string | undefined): string =>
      `'sha256-${createHash('sha256')
        .update(text ?? '')
        .digest('base64')}'`;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash(/<script>(.*)<\/script>\n<\/body>/s.exec(page)?.[1])}`,
      `style-src ${hash(/<style>(.*)<\/style>/s.exec(page)?.[1])}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('no address, no attribute with a style or a script', () => {
    expect(page).not.toMatch(/https?:|\bstyle=|\bon\w+=|\bsrc=|<link|@import|url\(/);
  });

  it('the same report is the same page, whatever the order of its findings', () => {
    const turned = { ...leakyReport, findings: leakyReport.findings.toReversed() };
    expect(renderHtml(turned, fails)).toBe(page);
  });
});

test('no text leaves its place, whatever it holds', () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      '</script><script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' autofocus '",
      '<!--',
      ']]>',
      '&lt;',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  const plain = renderHtml(leakyReport, fails);
  const tags = (page: string): readonly string[] =>
    page.match(/<\/?(?:script|style|img|iframe|meta|link|base|object)\b/gi) ?? [];
  fc.assert(
    fc.property(hostile, (text) => {
      const place = location({ target: text, path: text, layer: layer(0, text), pointer: text, field: text, line: 1 });
      const page = renderHtml(
        report({
          targets: [
            target({
              reference: text,
              source: text,
              platform: text,
              layers: [
                {
                  ...layer(0, text),
                  bytes: 9,
                  entries: 2,
                  folders: [
                    { path: '', bytes: 9, entries: 2 },
                    { path: text, bytes: 5, entries: 1 },
                  ],
                },
              ],
            }),
          ],
          findings: [
            finding({
              location: place,
              mask: text,
              evidence: [{ term: text, weight: 1 }],
              accepted: { by: 'inline', reason: text },
            }),
          ],
          gaps: [gap({ detail: text, location: place })],
        }),
        fails,
      );
      expect(tags(page)).toEqual(tags(plain));
      expect(page.slice(page.indexOf('<body>'))).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(modelOf(page).findings[0]?.path).toBe(text);
    }),
  );
});

describe('every finding is in the page', () => {
  it('the first 200 as rows, all of them as JSON', () => {
    const page = renderHtml(longReport(450), fails);
    expect(page.slice(0, page.indexOf('<script')).match(/<li class="finding /g)).toHaveLength(200);
    const paths = modelOf(page).findings.map(({ place }) => place);
    expect(new Set(paths).size).toBe(450);
  });

  it('worst first, and those that are accepted last', () => {
    const rows = modelOf(renderHtml(leakyReport, fails)).findings;
    expect(rows.map(({ severity, accepted }) => (accepted === undefined ? severity : 'accepted'))).toEqual([
      'critical', 'high', 'high', 'high', 'medium', 'low', 'info', 'accepted',
    ]); // prettier-ignore
  });

  it('of a sweep, once for all images that share the layer', () => {
    const { findings, images, targets } = modelOf(renderHtml(sweptReport(), fails));
    expect(findings.map((row) => row.targets.map((number) => targets[number]?.slice(-5)))).toEqual([
      ['aaaaa', 'bbbbb'],
    ]);
    expect(images?.map(({ outcome, target: number, counts }) => [outcome, number, counts])).toEqual([
      ['findings', 0, '1 high, 1 gap'],
      ['findings', 1, '1 high'],
      ['clean', undefined, ''],
    ]);
  });
});

describe('parts of the picture', () => {
  const { parts, findings } = modelOf(renderHtml(leakyReport, fails));

  it('a finding is in the smallest one that holds it', () => {
    expect(findings.map(({ fingerprint, part }) => [fingerprint, parts[part ?? -1]?.title])).toEqual([
      ['f-record', 'srv/app/seed in layer 2'],
      ['f-env', 'image configuration'],
      ['f-lapsed', 'srv/app/dist in layer 2'],
      ['f-mrn', 'srv/app/seed in layer 2'],
      ['f-dob', 'image history'],
      ['f-fake', 'srv/app/node_modules in layer 2'],
      ['f-mail', 'usr/share in layer 0'],
      ['f-accepted', 'srv/app/dist in layer 2'],
    ]);
  });

  it('gaps are counted in all that hold them', () => {
    const gapsOf = (title: string): number | undefined => parts.find((part) => part.title.startsWith(title))?.gaps;
    expect(['registry.example', 'layer 1', 'var/cache in layer 1', 'layer 2', 'srv/app/seed', 'layer 0'].map(gapsOf)).toEqual([2, 1, 1, 1, 1, 0]); // prettier-ignore
  });

  it('a layer with one folder in it names it', () => {
    const folders = ['', 'opt', 'opt/app'].map((path) => ({ path, bytes: 900, entries: 4 }));
    const layers = [{ ...layer(0, 'COPY app /opt/app'), bytes: 300, entries: 4, folders }];
    const page = renderHtml(report({ targets: [target({ layers })] }), passes);
    expect(textOf(page)).toContain('layer 0: COPY app /opt/app opt/app 900 bytes');
  });

  it('resources of ECS are places by their kind', () => {
    const at = (path: string, kind: 'ecs' | 'ecr' = 'ecs') =>
      finding({ location: location({ kind, path, target: 'ecs: all' }) });
    const shown = report({
      targets: [],
      findings: [at('task-definition/web:12'), at('cluster/prod/task/3f0c'), at('x')],
    });
    const model = modelOf(renderHtml(shown, fails));
    expect(model.parts.map(({ title }) => title)).toEqual([
      'ecs: all',
      'ECS metadata: task',
      'ECS metadata: task-definition',
      'ECS metadata',
    ]);
  });
});
