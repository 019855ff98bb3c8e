import type { Report } from '../finding.ts';
import type { ViewOptions } from './view.ts';

export type Format = 'table' | 'json' | 'jsonl' | 'sarif' | 'github' | 'markdown' | 'junit' | 'html' | 'asff';

type Render = (report: Report, options: ViewOptions) => string;

interface FormatRow {
  /** Of files that are named without `--format`. */
  readonly endings: readonly string[];
  /** Loaded when it is asked for: `--help` needs none. */
  readonly load: () => Promise<Render>;
}

/** Every report format, one row each. */
const formats: Readonly<Record<Format, FormatRow>> = {
  table: {
    endings: ['.txt'],
    load: async () => {
      const [{ renderTable }, { renderSweepTable }] = await Promise.all([
        import('./table.ts'),
        import('./sweep-table.ts'),
      ]);
      return (report, options) =>
        report.sweep === undefined ? renderTable(report, options) : renderSweepTable(report, report.sweep, options);
    },
  },
  json: { endings: ['.json'], load: async () => (await import('./json.ts')).renderJson },
  jsonl: { endings: ['.jsonl'], load: async () => (await import('./jsonl.ts')).renderJsonl },
  sarif: { endings: ['.sarif', '.sarif.json'], load: async () => (await import('./sarif/sarif.ts')).renderSarif },
  github: { endings: [], load: async () => (await import('./github.ts')).renderGithub },
  markdown: { endings: ['.md'], load: async () => (await import('./markdown.ts')).renderMarkdown },
  junit: { endings: ['.xml'], load: async () => (await import('./junit.ts')).renderJunit },
  html: { endings: ['.html'], load: async () => (await import('./html/html.ts')).renderHtml },
  asff: { endings: [], load: async () => (await import('./asff.ts')).renderAsff },
};

export const FORMATS: readonly Format[] = Object.keys(formats) as Format[];

/** The format that a file's name says: the longest ending decides. */
export function formatOf(file: string): Format | undefined {
  let found: { readonly format: Format; readonly length: number } | undefined;
  for (const format of FORMATS) {
    for (const ending of formats[format].endings) {
      if (file.endsWith(ending) && ending.length > (found?.length ?? 0)) found = { format, length: ending.length };
    }
  }
  return found?.format;
}

/** Every ending that says a format. */
export const ENDINGS: readonly string[] = FORMATS.flatMap((format) => formats[format].endings);

export async function render(report: Report, format: Format, options: ViewOptions): Promise<string> {
  const renderReport = await formats[format].load();
  return renderReport(report, options);
}
