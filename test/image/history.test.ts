import { describe, expect, it } from 'vitest';
import { historyLayers, historyOf, instructionOf } from '../../src/image/history.ts';

describe('the instruction without what builders put around it', () => {
  it.each([
    ['classic builder, no layer', '/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
    ['classic builder, COPY', '/bin/sh -c #(nop) COPY file:0a1b in /app ', 'COPY file:0a1b in /app'],
    ['classic builder, RUN', '/bin/sh -c apt-get update', 'RUN apt-get update'],
    ['classic builder, build arguments', '|2 A=one two B=3 /bin/sh -c make all', 'RUN make all'],
    ['buildkit, RUN', 'RUN /bin/sh -c npm ci # buildkit', 'RUN npm ci'],
    ['buildkit, build arguments', 'RUN |1 A=/bin/x /bin/sh -c make # buildkit', 'RUN make'],
    ['buildkit, another shell', 'RUN /bin/bash -o pipefail -c a | b # buildkit', 'RUN a | b'],
    ['buildkit, short options in one', 'RUN /bin/ash -eo pipefail -c a # buildkit', 'RUN a'],
    ['buildkit, a shell that is not known', 'RUN /opt/sh -x make # buildkit', 'RUN /opt/sh -x make'],
    ['buildkit, COPY', 'COPY . /app # buildkit', 'COPY . /app'],
    ['buildkit, ENV', 'ENV A=1', 'ENV A=1'],
    ['Windows', 'cmd /S /C #(nop) COPY dir:1 in C:/ ', 'COPY dir:1 in C:/'],
    ['Windows, RUN', 'cmd /S /C mkdir x', 'RUN mkdir x'],
    ['several lines', '/bin/sh -c set -e;\n make', 'RUN set -e;\n make'],
    ['a comment inside', 'RUN /bin/sh -c echo "# buildkit is" # buildkit', 'RUN echo "# buildkit is"'],
    ['bazel', 'bazel build ...', 'bazel build ...'],
    ['nothing', '', ''],
  ])('%s', (_, createdBy, instruction) => {
    expect(instructionOf(createdBy)).toBe(instruction);
  });

  it('takes time in proportion to hostile text', () => {
    const start = performance.now();
    for (const text of ['|1 ', '/bin/sh -c', '/bin/sh -cccc', 'RUN |1 a', 'powershell -Command ', '/bin/sh '].map(
      (head) => {
        return head + ' -c'.repeat(300_000);
      },
    )) {
      instructionOf(text);
      instructionOf(`${text} /bin/s`);
    }
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('history', () => {
  it.each([
    ['no list', { history: 5 }, []],
    ['no object', null, []],
    [
      'entries of a wrong type keep their index',
      { history: [3, { created_by: ['x'] }, { created_by: 'A', empty_layer: 'yes' }] },
      ['', '', 'A'],
    ],
  ])('%s', (_, config, expected) => {
    expect(historyOf(config).map(({ createdBy }) => createdBy)).toEqual(expected);
    expect(historyOf(config).every(({ emptyLayer }) => !emptyLayer)).toBe(true);
  });

  it('gives the n-th layer to the n-th entry that made one', () => {
    const entries = [false, true, false].map((emptyLayer) => ({ emptyLayer }));
    expect(historyLayers(entries, 2)).toEqual([0, undefined, 1]);
    expect(historyLayers(entries, 1)).toEqual([0, undefined, undefined]);
    expect(historyLayers([], 3)).toEqual([]);
  });
});
