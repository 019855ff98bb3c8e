import { describe, expect, it } from 'vitest';
import { shortInstruction } from '../../src/report/finding-lines.ts';
import type { Location } from '../../src/finding.ts';
import { findingRemedy, visibilityWords } from '../../src/report/words.ts';

describe('shortInstruction', () => {
  it.each([
    ['BuildKit COPY', 'COPY ./a /b # buildkit', 'COPY ./a /b'],
    ['BuildKit RUN', 'RUN /bin/sh -c apt-get update # buildkit', 'RUN apt-get update'],
    ['BuildKit RUN with build arguments', 'RUN |2 A=1 B=2 /bin/sh -c make # buildkit', 'RUN make'],
    ['the classic builder, metadata', '/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
    ['the classic builder, RUN', '/bin/sh -c apt-get update', 'RUN apt-get update'],
    ['another shell', 'RUN /bin/bash -o pipefail -c make', 'RUN /bin/bash -o pipefail -c make'],
    ['several lines', 'RUN <<EOF\n a\n\tb\nEOF', 'RUN <<EOF a b EOF'],
    ['nothing', '', ''],
  ])('%s', (_reason, createdBy, shown) => {
    expect(shortInstruction(createdBy)).toBe(shown);
  });
});

describe('words', () => {
  it.each([
    ['deleted', 4, 'deleted in layer 4, still in the image'],
    ['overwritten', undefined, 'overwritten in a later layer, still in the image'],
    ['unreferenced', undefined, 'in the source, used by no image'],
    ['visible', undefined, undefined],
  ] as const)('%s %s', (visibility, hiddenBy, words) => {
    expect(visibilityWords(visibility, hiddenBy)).toBe(words);
  });

  it('every kind of place has its own remedy', () => {
    const kinds = ['file', 'config', 'history', 'manifest', 'document', 'container', 'ecs', 'ecr'] as const;
    const remedy = (detector: string, location: Pick<Location, 'kind' | 'visibility'>): string =>
      findingRemedy({ detector, location: { target: '', path: '', ...location } });
    expect(new Set(kinds.map((kind) => remedy('ssn', { kind }))).size).toBe(kinds.length);
    const deleted = remedy('ssn', { kind: 'file', visibility: 'deleted' });
    expect(deleted).not.toBe(remedy('ssn', { kind: 'file', visibility: 'visible' }));
    // It is in the code, wherever that is.
    expect(remedy('exit-string', { kind: 'file' })).toContain('stop-task');
  });
});
