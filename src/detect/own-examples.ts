import type { Severity } from '../finding.ts';
import type { Term } from './evidence.ts';

/** Where package managers of languages unpack what others wrote. Those of distributions list their files: there a checksum says it. */
const PACKAGE =
  /(?:^|[/!])(?:(?:node_modules|site-packages|dist-packages)\/|gems\/[\w.-]+-\d[\w.]*\/|pkg\/mod\/[^!]*@v|registry\/src\/|lib\/python\d\.\d{1,2}\/)|\.(?:whl|egg|gem|crate)!|\.tgz!package\//;

/** What distributions install to be read. */
const DOCUMENTATION = /(?:^|[/!])usr\/(?:local\/)?share\/(?:doc|man|info|gtk-doc)\//;

/** Folders and files in which a package shows how it is used, or tests itself. */
const EXAMPLE_FOLDER =
  /[/!](?:tests?|testing|__tests__|__mocks__|mocks?|specs?|examples?|samples?|demos?|fixtures?|test[-_]?(?:data|files?|fixtures|resources|cases|utils)|docs?|documentation|e2e|stories)\//i;
const EXAMPLE_FILE =
  /(?:^|[/!])(?:(?:readme|changelog|changes|history|news)[^/!]*|tests?_[^/!]*\.\w+|[^/!]*(?:[._-](?:tests?|specs?|stories|mocks?)\.\w+|\.(?:mdx?|rst|pod|map|d\.[cm]?ts)))$/i;

/** Languages of programs; not those that hold rows (SQL), settings or commands. */
const PROGRAM =
  /\.(?:py|pyi|[cm]?jsx?|[cm]?tsx?|vue|svelte|java|kt|scala|groovy|clj|c|cc|cpp|cxx|h|hh|hpp|cs|vb|fs|go|rs|rb|php|pl|pm|swift|m|lua|r|jl|ex|exs|erl|hs|dart|pas)$/i;

/**
 * What an entry's path says against its findings. `package example`: an installed package's own tests, examples or
 * documentation; its patients are invented, or published already. `program source`: the text of a program or manual, where one name
 * or one date alone is nearly always an example; numbers and records in it are what they are elsewhere. Such findings are
 * shown as low, never dropped. A package's other files count in full: hospitals have packages of their own.
 */
export function pathTerm(path: string): Extract<Term, 'package example' | 'program source'> | undefined {
  const begin = PACKAGE.exec(path);
  if (begin !== null) {
    const inside = path.slice(begin.index + begin[0].length - 1);
    if (EXAMPLE_FOLDER.test(inside) || EXAMPLE_FILE.test(inside)) return 'package example';
  }
  return PROGRAM.test(path) || DOCUMENTATION.test(path) ? 'program source' : undefined;
}

/** The severity of a finding in such an entry. */
export function demoted(severity: Severity, term: ReturnType<typeof pathTerm>): Severity {
  if (severity === 'info' || severity === 'low' || term === undefined) return severity;
  return term === 'package example' || severity === 'medium' ? 'low' : severity;
}
