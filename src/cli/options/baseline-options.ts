/** The options of `phiscan baseline`. */
import { isDay, dayOf } from '../../baseline/day.ts';
import type { OptionRow } from './option-row.ts';
import { wrongValue } from './option-values.ts';
import { baselineOption, configOption } from './shared-options.ts';

export interface BaselineRequest {
  readonly config?: string | undefined;
  readonly baseline?: string | undefined;
  /** Reports in JSON or JSON Lines; `-` is standard input. */
  readonly from?: readonly string[] | undefined;
}

export interface AnswerRequest extends BaselineRequest {
  readonly reason?: string | undefined;
  readonly owner?: string | undefined;
  /** `2027-01-31` */
  readonly expires?: string | undefined;
}

export interface UpdateRequest extends AnswerRequest {
  readonly acceptCritical: boolean;
  readonly allowIncomplete: boolean;
}

function parseFrom(text: string, before: readonly string[] = []): readonly string[] {
  if (text === '') throw wrongValue('--from', 'the name of a JSON report, or - for standard input');
  return [...before, text];
}

function parseExpires(text: string): string {
  const today = dayOf(new Date());
  if (!isDay(text) || text < today) throw wrongValue('--expires', 'a day to come, as 2027-01-31');
  return text;
}

function parseAnswer(option: string): (text: string) => string {
  return (text) => {
    if (text.trim() === '') throw wrongValue(option, 'a text');
    return text.trim();
  };
}

const fromOption: OptionRow = {
  flags: '--from <file>',
  text: 'a report of --format json or jsonl, or - for standard input; may be repeated',
  parse: parseFrom,
};

const answerOptions: readonly OptionRow[] = [
  { flags: '--reason <text>', text: 'why the findings are accepted', parse: parseAnswer('--reason') },
  { flags: '--owner <text>', text: 'the team or role that answers for them', parse: parseAnswer('--owner') },
  { flags: '--expires <day>', text: 'the last day on which they are accepted: 2027-01-31', parse: parseExpires },
];

export const createOptions: readonly OptionRow[] = [fromOption, ...answerOptions, baselineOption, configOption];

export const updateOptions: readonly OptionRow[] = [
  ...createOptions,
  {
    flags: '--accept-critical',
    text: 'accept new critical findings, too',
    fallback: { value: false },
  },
  {
    flags: '--allow-incomplete',
    text: 'drop what does not occur, though the report has gaps',
    fallback: { value: false },
  },
];

export const showOptions: readonly OptionRow[] = [
  { ...fromOption, text: 'mark what does not occur in this report; may be repeated' },
  baselineOption,
  configOption,
];
