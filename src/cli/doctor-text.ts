/** What `phiscan doctor` prints: what was looked at place by place, and what to do. */
import type { Check, CheckState } from '../doctor/check.ts';
import type { Palette } from '../report/palette.ts';
import { padded, printable, wrapped } from '../report/printable.ts';
import { counted } from '../report/units.ts';

const WORDS: Readonly<Record<CheckState, string>> = {
  ok: 'ok',
  warning: 'warning',
  failed: 'FAILED',
  'not-checked': 'not checked',
};
const WIDTH = 13;

export function doctorTable(checks: readonly Check[], width: number, palette: Palette): string {
  const lines: string[] = [];
  let before: string | undefined;
  for (const { state, place, subject, detail, todo } of checks) {
    if (place !== before) {
      if (before !== undefined) lines.push('');
      lines.push(palette.bold(place === '' ? 'this machine' : printable(place)));
    }
    before = place;
    const [first = '', ...rest] = wrapped(printable(`${subject}: ${detail}`), width - WIDTH);
    lines.push(inColor(state, palette)(padded(WORDS[state], WIDTH)) + first);
    const told = state === 'ok' || todo === undefined ? [] : wrapped(printable(`→ ${todo}`), width - WIDTH);
    lines.push(...[...rest, ...told].map((line) => ' '.repeat(WIDTH) + line));
  }
  return `${lines.join('\n')}\n\n${summaryWords(checks)}\n`;
}

export function doctorJson(checks: readonly Check[]): string {
  const count = (state: CheckState): number => checks.filter((check) => check.state === state).length;
  const summary = {
    ok: count('ok'),
    warning: count('warning'),
    failed: count('failed'),
    notChecked: count('not-checked'),
  };
  return `${JSON.stringify({ schemaVersion: 1, checks, summary }, undefined, 2)}\n`;
}

function summaryWords(checks: readonly Check[]): string {
  const words = (['failed', 'warning', 'not-checked', 'ok'] as const).flatMap((state) => {
    const { length } = checks.filter((check) => check.state === state);
    return length === 0 ? [] : [`${length} ${WORDS[state].toLowerCase()}`];
  });
  return `${counted(checks.length, 'check')}: ${words.join(', ')}`;
}

function inColor(state: CheckState, { alarm, warning, good, dim }: Palette): (text: string) => string {
  switch (state) {
    case 'ok':
      return good;
    case 'warning':
      return warning;
    case 'failed':
      return alarm;
    case 'not-checked':
      return dim;
  }
}
