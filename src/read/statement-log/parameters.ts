import { literalParameters, type Parameter } from './literals.ts';

/** A cheap look that most lines fail. */
const MAYBE = /arameter|PARAMETERS: |args=[([{]|arams: |\] [([{]|bindings: |; ["']|== ?>/;
/** Hibernate 3 to 6. */
const BINDING =
  /\bbinding (?:parameter (?:\[(\d{1,4})\] as \[[\w ]{1,40}\] - |\((\d{1,4}):[\w ]{1,40}\) <- )\[?|'(?=[^\n]{0,500}' to parameter: (\d{1,4})))/;
/** PostgreSQL's `log_parameter_max_length`, and pgjdbc. */
const NUMBERED = /\bparameters: (?=\$\d)/i;
const NUMBERED_VALUE = /\$(\d{1,4}) = '((?:[^']|'')*)'/dg;
/** MyBatis: `==> Parameters: x(String), null`. */
const TYPED = /==> +Parameters: /;
const TYPED_VALUE = /(?:^|, )(?:null|([^\n]{0,300}?)\([A-Z]\w{0,30}\))(?=, |\s*$)/dg;
/** Entity Framework Core, where sensitive values are logged. */
const NAMED = /\[Parameters=\[(?=@)/;
const NAMED_VALUE = /@(\w{1,64})='((?:[^']|'')*)'/dg;
/** SQLAlchemy, Django, TypeORM, Prisma, knex, Sequelize: a list or mapping of the program's language follows. */
const LISTED =
  /\[(?:generated in|cached since|raw sql|no key|dialect \w{1,20}|insertmanyvalues)[^\]]{0,80}\] (?=[([{])|\[parameters: (?=[([{])|\bargs=(?=[([{])|\b[Pp]arams: (?=\[)|\bPARAMETERS: (?=\[)|\bbindings: (?=\[)|\bparameters: (?=[[({])/;
/** Sequelize: behind the statement. */
const APPENDED = /; (?=["'][^;]*$)/;
const EXECUTED = /\bExecut(?:ing|ed) \(/;

/** RE2 source of a hint: of a long list, which stands on a line each, the last ones are out of the statement's reach. */
export const BINDING_HINT = 'binding parameter [\\[(][0-9]';

/** What a line tells of the values of a statement. */
export interface BoundLine {
  /** Where that begins in the line: before it may stand the statement itself. */
  readonly start: number;
  readonly parameters: readonly Parameter[];
  /** The statement follows. */
  readonly isAhead: boolean;
}

/** The values that a line of a log says were bound to a statement's placeholders; undefined where it says none. */
export function boundLine(line: string): BoundLine | undefined {
  if (!MAYBE.test(line)) return undefined;
  const binding = BINDING.exec(line);
  if (binding !== null) {
    const [whole, bracketed, typed, quoted] = binding;
    const start = binding.index + whole.length;
    const end = quoted === undefined ? line.trimEnd().replace(/\]$/, '').length : line.lastIndexOf("' to parameter");
    const key = bracketed ?? typed ?? quoted ?? '';
    return { start: binding.index, parameters: [{ key, row: 0, start, end }], isAhead: false };
  }
  return (
    valuesBehind(line, NUMBERED, NUMBERED_VALUE) ??
    valuesBehind(line, NAMED, NAMED_VALUE) ??
    typedValues(line) ??
    listed(line)
  );
}

function valuesBehind(line: string, opening: RegExp, value: RegExp): BoundLine | undefined {
  const opened = opening.exec(line);
  if (opened === null) return undefined;
  const isAhead = opening === NAMED;
  const parameters: Parameter[] = [];
  for (const { 1: key = '', indices } of line.matchAll(value)) {
    const [start, end] = indices?.[2] ?? [0, 0];
    if (start > opened.index) parameters.push({ key: isAhead ? `:${key}` : key, row: 0, start, end });
  }
  return { start: opened.index, parameters, isAhead };
}

function typedValues(line: string): BoundLine | undefined {
  const opened = TYPED.exec(line);
  if (opened === null) return undefined;
  const from = opened.index + opened[0].length;
  const parameters: Parameter[] = [];
  let position = 0;
  for (const { indices } of line.slice(from).matchAll(TYPED_VALUE)) {
    position++;
    const [start, end] = indices?.[1] ?? [0, 0];
    if (end > start) parameters.push({ key: String(position), row: 0, start: from + start, end: from + end });
  }
  return { start: opened.index, parameters, isAhead: false };
}

function listed(line: string): BoundLine | undefined {
  const opened = LISTED.exec(line) ?? (EXECUTED.test(line) ? APPENDED.exec(line) : null);
  if (opened === null) return undefined;
  const start = opened.index;
  return { start, parameters: literalParameters(line, start + opened[0].length), isAhead: false };
}
