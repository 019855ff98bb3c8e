import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ActionRun, type JobRun, runAction, runJob } from './action-runner.ts';
import { buildImages, type ImageSpec } from './image-builder.ts';
import { archiveOf, ociLayout, writeLayout } from './image-layouts.ts';

/** The checkout of a job, with what its steps before the action have made. */
export interface ActionWorkspace {
  readonly folder: string;
  readonly write: (path: string, content: string | Buffer) => void;
  readonly archive: (path: string, image: ImageSpec) => Promise<void>;
  readonly layout: (path: string, image: ImageSpec) => Promise<void>;
  readonly run: (inputs: Readonly<Record<string, string>>, env?: NodeJS.ProcessEnv) => ActionRun;
  /** A workflow in it. */
  readonly job: (workflow: string, env: NodeJS.ProcessEnv) => JobRun;
  /** All files that are there now, sorted: what a step makes of its own shows. */
  readonly files: () => readonly string[];
  /** Everything that the runs of this workspace have written. */
  readonly written: () => string;
  readonly remove: () => void;
}

export function actionWorkspace(): ActionWorkspace {
  const home = mkdtempSync(join(tmpdir(), 'phiscan-action-'));
  const folder = join(home, 'work space');
  const temp = join(home, 'temp');
  mkdirSync(folder);
  mkdirSync(temp);
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const filesOf = (of: string): readonly string[] =>
    readdirSync(of, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  let logs = '';
  return {
    folder,
    write,
    archive: async (path, image) => {
      write(path, await archiveOf(ociLayout(await buildImages([image]))));
    },
    layout: async (path, image) => {
      await writeLayout(ociLayout(await buildImages([image])), join(folder, path));
    },
    run: (inputs, env) => {
      const run = runAction(inputs, { workspace: folder, temp, ...(env && { env }) });
      logs += run.log + run.summary + JSON.stringify(run.outputs);
      return run;
    },
    job: (workflow, env) => runJob(workflow, { workspace: folder, temp, env }),
    files: () => filesOf(folder),
    written: () =>
      logs +
      filesOf(temp)
        .map((file) => readFileSync(file, 'latin1'))
        .join('\n'),
    remove: () => {
      rmSync(home, { recursive: true, force: true });
    },
  };
}
