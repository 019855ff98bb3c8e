/** What of a registry a sweep is for. */
export interface SweepScope {
  /** Globs of repository names; none: all. `*` stands for any run of characters, `/` too, as in IAM; `?` for one. */
  readonly repositories: readonly string[];
  /** Milliseconds since 1970: images that were pushed before are left out; those of which it is not known are not. */
  readonly since?: number | undefined;
  /** Stored bytes of layers that are read; what is over is a gap. */
  readonly maxBytes?: number | undefined;
  /** Milliseconds since 1970: no layer is read after it, and what was not read is a gap. */
  readonly deadline?: number | undefined;
}

/** Whether a repository is in the scope, by its name. */
export function repositoryFilter({ repositories }: Pick<SweepScope, 'repositories'>): (name: string) => boolean {
  if (repositories.length === 0) return () => true;
  const globs = repositories.map(globMatcher);
  return (name) => globs.some((matches) => matches(name));
}

/** Names in it that are no globs. */
export function exactNames({ repositories }: Pick<SweepScope, 'repositories'>): readonly string[] {
  return repositories.filter((name) => !/[*?]/.test(name));
}

/** Whether it needs no list of repositories. */
export function isExact(scope: Pick<SweepScope, 'repositories'>): boolean {
  return scope.repositories.length > 0 && exactNames(scope).length === scope.repositories.length;
}

/** Without a regular expression, which many stars in a row would make slow. */
function globMatcher(glob: string): (name: string) => boolean {
  const [first = '', ...rest] = glob.split('*');
  const last = rest.pop();
  if (last === undefined) return (name) => name.length === glob.length && startsAt(name, glob, 0);
  return (name) => {
    if (name.length < first.length + last.length || !startsAt(name, first, 0)) return false;
    const end = name.length - last.length;
    if (!startsAt(name, last, end)) return false;
    let from = first.length;
    for (const piece of rest) {
      from = findPiece(name, piece, from, end);
      if (from < 0) return false;
      from += piece.length;
    }
    return true;
  };
}

/** The first place from `from` on, with the piece before `end`; -1 without one. */
function findPiece(name: string, piece: string, from: number, end: number): number {
  for (let at = from; at + piece.length <= end; at++) if (startsAt(name, piece, at)) return at;
  return -1;
}

function startsAt(name: string, piece: string, at: number): boolean {
  if (at + piece.length > name.length) return false;
  for (let index = 0; index < piece.length; index++) {
    if (piece[index] !== '?' && piece[index] !== name[at + index]) return false;
  }
  return true;
}
