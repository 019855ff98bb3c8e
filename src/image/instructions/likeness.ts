/**
 * Whether an entry of a history is what a builder writes of an instruction. Builders are BuildKit, the classic builder of Docker,
 * buildah and kaniko: shell and build arguments in front, digests instead of sources, quotes gone, variables filled in.
 */
import type { HistoryEntry } from '../history.ts';
import type { DockerfileStep } from './step.ts';

/** Written in a form of Go's, or of the builder's own: only their words are compared. */
const BY_WORDS = new Set(['CMD', 'ENTRYPOINT', 'EXPOSE', 'VOLUME', 'SHELL', 'STOPSIGNAL', 'USER', 'MAINTAINER']);
/** Durations are written in another way, too. */
const BY_NAME = new Set(['HEALTHCHECK', 'ONBUILD']);
const LONGEST = 64 * 1024;
const VARIABLE = /\$(?:\{[^{}]*\}|[A-Za-z_]\w*)/;

/** `exactly`: by its words alone; nothing stands for anything. */
export function isLike(
  { instruction }: Pick<HistoryEntry, 'instruction'>,
  step: DockerfileStep,
  how?: 'exactly',
): boolean {
  if (how === 'exactly' && isLoose(instruction, step)) return false;
  if (instruction.length > LONGEST || step.text.length > LONGEST) return false;
  const [, name = '', rest = ''] = /^([A-Z]+)(?:\s+([\s\S]*))?$/i.exec(instruction) ?? [];
  // A shell that the history does not frame as one: its text is the command alone.
  if (step.name === 'RUN') return commandsOf(step).some((command) => isCommand(instruction, command));
  if (name.toUpperCase() !== step.name) return false;
  if (BY_NAME.has(step.name)) return true;
  if (BY_WORDS.has(step.name)) return hasWords(rest, step.text);
  const written = argumentsOf(step);
  if (step.name === 'COPY' || step.name === 'ADD') return isCopy(rest, written);
  if (step.name === 'WORKDIR')
    return isFilled(plain(rest), plain(written)) || plain(rest).endsWith(`/${plain(written)}`);
  return isFilled(plain(rest), plain(pairs(step.name, written)));
}

/** Digests instead of sources, variables, forms of which some words are compared. */
function isLoose(instruction: string, { name, text }: DockerfileStep): boolean {
  if (name === 'RUN') return false;
  return (
    BY_NAME.has(name) ||
    BY_WORDS.has(name) ||
    VARIABLE.test(text) ||
    /(?:file|dir|multi):[0-9a-f]{64} in /.test(instruction)
  );
}

/** Of a here-document: its content, or all of it as the shell gets it. */
function commandsOf(step: DockerfileStep): readonly string[] {
  const written = argumentsOf(step);
  if (step.documents.length === 0) return [written];
  return [step.documents.join('\n'), [written, ...step.documents].join('\n')];
}

function isCommand(instruction: string, command: string): boolean {
  const wanted = plain(command);
  const given = plain(instruction.replace(/^RUN /, ''));
  if (wanted === '') return false;
  return given === wanted || given.endsWith(` -c ${wanted}`) || withoutMarks(given) === wanted;
}

/** The marks that end here-documents are in the history, too. */
function withoutMarks(text: string): string {
  return text.replace(/ ([A-Za-z_]\w{0,63})(?= |$)/g, (all: string, mark: string) =>
    text.includes(`<<${mark}`) || text.includes(`<<-${mark}`) ? '' : all,
  );
}

/** `dir:4f0c… in /srv ` of the classic builder, or what is written. */
function isCopy(rest: string, written: string): boolean {
  const words = plain(written).split(' ');
  // Flags stand in front of it without a space.
  const to = /(?:file|dir|multi):[0-9a-f]{64} in (.*)$/.exec(plain(rest))?.[1];
  const last = words.at(-1) ?? '';
  if (to !== undefined)
    return (
      isFilled(to, last) || (!last.startsWith('/') && to.replace(/\/$/, '').endsWith(last.replace(/^\.?\/|\/$/g, '')))
    );
  return isFilled(plain(withoutFlags(rest)), words.join(' '));
}

/** Continued lines joined, without their comments and the flags in front; of the exec form, its words. */
function argumentsOf({ text }: DockerfileStep): string {
  const joined = text
    .split('\n')
    .filter((line, index) => index === 0 || !/^\s*#/.test(line))
    .map((line) => line.replace(/[\\`]\s*$/, ''))
    .join(' ');
  const bare = withoutFlags(joined);
  return execWords(bare) ?? bare;
}

function withoutFlags(text: string): string {
  return text.trim().replace(/^(?:--[a-z][a-z-]*(?:=(?:"[^"]*"|\S*))? +)+/, '');
}

function execWords(text: string): string | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words.join(' ') : undefined;
  } catch {
    return undefined;
  }
}

/** `ENV A b c`, the old form, is kept as `A=b c`. */
function pairs(name: string, text: string): string {
  const old = name === 'ENV' ? /^([A-Za-z_]\w*)[ \t]+([^=\s]\S*(?:[ \t].*)?)$/s.exec(text.trim()) : null;
  return old === null ? text : `${old[1] ?? ''}=${old[2] ?? ''}`;
}

/** Without quotes, backslashes and the difference between spaces. */
function plain(text: string): string {
  return text
    .replace(/["'\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The same text, but for variables, which may stand for anything. */
function isFilled(given: string, written: string): boolean {
  const [first = '', ...others] = written.split(VARIABLE);
  if (others.length === 0) return given === written;
  const last = others.pop() ?? '';
  if (first.length + last.length > given.length || !given.startsWith(first) || !given.endsWith(last)) return false;
  // Nothing but variables is like everything.
  if (first + others.join('') + last === '') return false;
  let at = first.length;
  for (const part of others) {
    const found = given.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= given.length - last.length;
}

function hasWords(given: string, written: string): boolean {
  const there = new Set(wordsOf(given));
  return wordsOf(written).every((word) => there.has(word));
}

function wordsOf(text: string): readonly string[] {
  return text.replace(VARIABLE, '').match(/[A-Za-z0-9_]+/g) ?? [];
}
