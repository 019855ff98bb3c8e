import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderGithub } from '../../src/report/github.ts';
import { finding, gap, layer, location, report, target } from '../support/reports.ts';
import { viewOf } from '../support/views.ts';

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** As the runner reads a line (actions/runner, "ActionCommand.TryParseV2"). */
function commandsOf(text: string): readonly Command[] {
  const undone = (value: string): string =>
    value.replace(/%(25|0D|0A|3A|2C)/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return text
    .split(/\r\n|[\r\n]/)
    .filter((line) => line !== '')
    .map((line) => {
      const end = line.indexOf('::', 2);
      expect([line.startsWith('::'), end > 0], line).toEqual([true, true]);
      const [name = '', list = ''] = line.slice(2, end).split(/ (.*)/);
      const properties = list.split(',').map((pair) => pair.split(/=(.*)/).slice(0, 2).map(undone));
      return {
        name,
        properties: Object.fromEntries(properties) as Record<string, string>,
        message: undone(line.slice(end + 2)),
      };
    });
}

describe('annotations', () => {
  const many = Array.from({ length: 30 }, (_, index) =>
    finding({
      fingerprint: `f${index}`,
      severity: index < 5 ? 'low' : 'high',
      location: location({ line: index + 1 }),
    }),
  );

  it('are ten at most, the worst first; the last says how many there are', () => {
    const shown = report({ findings: many });
    const commands = commandsOf(renderGithub(shown, viewOf(shown)));
    expect(commands).toHaveLength(10);
    expect(commands.map(({ name }) => name)).toEqual(Array(10).fill('error'));
    expect(commands.at(-1)?.message).toContain('21 further annotations');
  });

  it('are all there, where there are ten', () => {
    const shown = report({ findings: many.slice(0, 10) });
    const commands = commandsOf(renderGithub(shown, viewOf(shown)));
    expect(commands.map(({ name }) => name)).toEqual([
      ...Array<string>(5).fill('error'),
      ...Array<string>(5).fill('notice'),
    ]);
  });

  it.each([
    ['fails', 'medium', 'error'],
    ['is below the threshold', 'critical', 'warning'],
    ['never fails', 'none', 'warning'],
  ] as const)('of a finding that %s', (_reason, failOn, expected) => {
    const shown = report({ findings: [finding()] });
    expect(commandsOf(renderGithub(shown, viewOf(shown, { failOn }))).map(({ name }) => name)).toEqual([expected]);
  });

  it('say what was not read, once for each reason, and nothing of what is accepted or of the distribution', () => {
    const shown = report({
      findings: [finding({ severity: 'info' }), finding({ accepted: { by: 'inline', reason: 'made up' } })],
      gaps: [gap(), gap({ reason: 'truncated' }), gap()],
    });
    const commands = commandsOf(renderGithub(shown, viewOf(shown)));
    expect(commands.map(({ properties }) => properties['title'])).toEqual([
      'phiscan: not read (encrypted)',
      'phiscan: not read (truncated)',
    ]);
    expect(commands[0]?.message).toContain('and 1 more place');
    expect(renderGithub(report(), viewOf(report()))).toBe('');
  });

  it('are one line each, whatever a path holds, and none of it becomes a property', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc
        .array(fc.constantFrom('::', '\n', '\r', '%0A', '%', ',', 'line=9', ' ', '::error ::', 'a'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(hostile, hostile, (path, text) => {
        const place = location({ target: text, path, field: text, line: 3, layer: layer(0, text) });
        const targets = [target({ reference: text, source: 'files' })];
        const shown = report({ targets, findings: [finding({ location: place, mask: text })] });
        const commands = commandsOf(renderGithub(shown, viewOf(shown)));
        expect(commands).toHaveLength(1);
        const names = Object.keys(commands[0]?.properties ?? {}).filter((name) => !['file', 'line'].includes(name));
        expect(names).toEqual(['title']);
        expect(commands[0]?.properties['line'] ?? '3').toMatch(/^[13]$/);
      }),
    );
  });
});
