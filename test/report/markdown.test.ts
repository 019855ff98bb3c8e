import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { finding, gap, layer, location, report, target } from '../support/reports.ts';
import { viewOf } from '../support/views.ts';

/** As GitHub shows it. */
function html(shown: Report): string {
  return micromark(renderMarkdown(shown, viewOf(shown)), {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  });
}

function tagsOf(page: string): readonly string[] {
  return [...new Set([...page.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map((found) => found[1] ?? ''))];
}

const OWN_TAGS = new Set([
  'h2',
  'h3',
  'ul',
  'li',
  'code',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'strong',
  'p',
  'details',
  'summary',
  'br',
]);

describe('a summary', () => {
  it('shows any text as it is, in its own cell', () => {
    const sign = fc.constantFrom(
      ...[
        '|',
        '\\',
        '`',
        '``',
        '<',
        '>',
        '</code>',
        '<b>',
        '*',
        '_',
        '~~',
        '[a](b)',
        '![',
        '&#10;',
        '&lt;',
        '\n',
        '\r',
        '# ',
        '@name',
        '#12',
        ':a:',
        '$x$',
      ],
      ...[
        'https://x.example',
        'www.x.example',
        'a@b.example',
        '<!--',
        '- ',
        '1. ',
        '| --- |',
        'GH-1',
        'a',
        ' ',
        '\u202e',
      ],
    );
    const hostile = fc.array(sign, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(hostile, hostile, (path, text) => {
        const place = location({ target: text, path, pointer: text, field: path, layer: layer(0, text), line: 1 });
        const shown = report({
          targets: [target({ reference: text, platform: path, digest: text })],
          findings: [
            finding({ location: place, mask: text }),
            finding({ location: place, accepted: { by: 'baseline', reason: text, owner: path } }),
          ],
          gaps: [gap({ detail: text, location: place })],
        });
        const page = html(shown);
        expect(
          tagsOf(page).filter((tag) => !OWN_TAGS.has(tag)),
          page,
        ).toEqual([]);
        const tables = page.split('<table>').slice(1);
        const cells = tables.map((table) => [table.split('<th>').length, table.split('<td>').length]);
        expect(cells, page).toEqual(
          [
            [5, 5],
            [5, 5],
            [6, 6],
          ].map((row) => row),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('has the text back when it is read', () => {
    const path = 'srv/a|b `c` <d> &amp; *e* [f](g) \\| www.x.example/@h';
    const shown = report({ findings: [finding({ location: location({ path }) })] });
    const signs: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' };
    const text = html(shown)
      .replace(/<[^>]+>/g, '')
      .replace(/&(?:lt|gt|amp|quot);/g, (sign) => signs[sign] ?? '');
    expect(text).toContain(path);
  });

  it('is under 900 KiB, whatever it holds, and says what it leaves out', () => {
    const deep = `${'`<|'.repeat(80)}/`;
    const findings = Array.from({ length: 3000 }, (_, index) =>
      finding({
        fingerprint: `f${index}`,
        location: location({ path: `${deep}${String(index)}`, layer: layer(0, deep) }),
      }),
    );
    const gaps = Array.from({ length: 3000 }, (_, index) =>
      gap({ location: location({ path: `${deep}${String(index)}` }) }),
    );
    const targets = Array.from({ length: 3000 }, (_, index) =>
      target({ reference: `${deep}${String(index)}`, platform: deep, digest: deep }),
    );
    const text = renderMarkdown(report({ targets, findings, gaps }), viewOf(report({ findings })));
    expect(Buffer.byteLength(text)).toBeLessThan(900 * 1024);
    expect(text).toMatch(/\n\n[\d,]+ further rows left out here\./);
    expect(text).toContain('- and 2,950 more targets');
    expect(text).toContain('### Not everything was read');
  });
});
