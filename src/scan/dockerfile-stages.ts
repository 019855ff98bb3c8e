import type { DockerfileStage, DockerfileStep } from '../image/instructions/step.ts';
import { instructions } from '../read/dockerfile/instructions.ts';

/** In all stages: each has those of the one that it is built on, and a file may name thousands of stages. */
const MOST_STEPS = 20_000;

/**
 * The stages of a Dockerfile in their order, each with the steps of the stage that it is built on (Dockerfile reference, FROM);
 * none, where there are too many.
 */
export function dockerfileStages(text: string): readonly DockerfileStage[] {
  const stages: DockerfileStage[] = [];
  const named = new Map<string, DockerfileStage>();
  let steps: DockerfileStep[] | undefined;
  let count = 0;
  for (const step of stepsOf(text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n'))) {
    if (step.name !== 'FROM') {
      // What stands before the first FROM is in no image.
      steps?.push(step);
      count += 1;
      continue;
    }
    const [, base = '', name = ''] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(step.text) ?? [];
    steps = [...(named.get(base.toLowerCase())?.steps ?? [])];
    count += steps.length + 1;
    if (count > MOST_STEPS) return [];
    const stage = { steps };
    stages.push(stage);
    if (name !== '') named.set(name.toLowerCase(), stage);
  }
  return stages;
}

function* stepsOf(text: string): Iterable<DockerfileStep> {
  let line = 1;
  let counted = 0;
  const lineAt = (index: number): number => {
    for (; counted < index; counted += 1) if (text.charCodeAt(counted) === 0x0a) line += 1;
    return line;
  };
  for (const { name, start, end, documents } of instructions(text)) {
    if (name === '') continue;
    const first = lineAt(start);
    const last = documents.at(-1);
    yield {
      name,
      text: text.slice(start, end),
      documents: documents.map((document) => text.slice(document.start, document.end)),
      line: first,
      endLine: lineAt(last === undefined ? end : last.end),
    };
  }
}
