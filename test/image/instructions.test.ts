import { describe, expect, it } from 'vitest';
import { historyOf } from '../../src/image/history.ts';
import { alignedSteps } from '../../src/image/instructions/alignment.ts';
import { isLike } from '../../src/image/instructions/likeness.ts';
import { dockerfileStages } from '../../src/scan/dockerfile-stages.ts';

/** Lines of the instructions of the entries; `-` where none is told. */
function linesOf(dockerfile: readonly string[], history: readonly string[]): string {
  const entries = historyOf({ history: history.map((created_by) => ({ created_by })) });
  const found = alignedSteps(entries, dockerfileStages(dockerfile.join('\n')));
  return found.map((step) => (step === undefined ? '-' : String(step.line))).join(' ');
}

const BASE = ['/bin/sh -c #(nop) ADD file:1c in / ', '/bin/sh -c #(nop)  CMD ["bash"]'];
const HASH = '4f0c'.repeat(16);

describe('what a builder writes of an instruction', () => {
  const [bk, nop] = [' # buildkit', '/bin/sh -c #(nop) '];
  it.each<[string, string, string, boolean]>([
    ['BuildKit, a command', 'RUN make  all', `RUN /bin/sh -c make  all${bk}`, true],
    ['with build arguments', 'RUN make', `RUN |2 A=1 B=two words /bin/sh -c make${bk}`, true],
    [
      'continued lines, and a comment between them',
      'RUN make && \\\n  # why\n  make install',
      `RUN /bin/sh -c make &&   make install${bk}`,
      true,
    ],
    ['mounts are not in it', 'RUN --mount=type=cache,target=/x --network=none make', `RUN /bin/sh -c make${bk}`, true],
    ['the exec form', 'RUN ["make", "all"]', `RUN make all${bk}`, true],
    ['another shell', 'RUN set -e; make', `RUN /bin/bash -euo pipefail -c set -e; make${bk}`, true],
    ['a here-document', 'RUN <<EOF\nmake\nmake install\nEOF', `RUN /bin/sh -c make\nmake install\n${bk}`, true],
    [
      'a here-document for a program',
      'RUN python3 <<EOF\nprint(1)\nEOF',
      `RUN /bin/sh -c python3 <<EOF\nprint(1)\nEOF${bk}`,
      true,
    ],
    ['the classic builder, a command', 'RUN make', '/bin/sh -c make', true],
    ['with a build argument', 'RUN make', '|1 A=1 /bin/sh -c make', true],
    ['another command', 'RUN make', `RUN /bin/sh -c make all${bk}`, false],
    ['a command that ends like it', 'RUN make', `RUN /bin/sh -c remake${bk}`, false],
    ['a copy', 'COPY seed /srv/', `COPY seed /srv/${bk}`, true],
    ['flags', 'COPY --from=build --chown=1:1 /out /srv', `COPY --chown=1:1 /out /srv${bk}`, true],
    ['the form of JSON', 'COPY ["a b", "/srv/"]', `COPY a b /srv/${bk}`, true],
    ['another source', 'COPY seed /srv/', `COPY seeds /srv/${bk}`, false],
    ['digests of the classic builder', 'COPY seed /srv', `${nop}COPY dir:${HASH} in /srv `, true],
    ['flags of the classic builder', 'COPY --chown=1:1 a ./b/', `${nop}COPY --chown=1:1file:${HASH} in ./b/ `, true],
    ['to another place', 'COPY seed /srv', `${nop}COPY dir:${HASH} in /opt `, false],
    ['into the working folder', 'COPY a b ./data/', `${nop}COPY multi:${HASH} in /work/data/ `, true],
    ['ADD is no COPY', 'ADD seed /srv', `${nop}COPY dir:${HASH} in /srv `, false],
    ['a variable', 'ENV A=${B:-1}/bin C="d e"', 'ENV A=/opt/bin C=d e', true],
    ['another text beside it', 'ENV A=${B}/bin', 'ENV A=/opt/lib', false],
    ['nothing but a variable', 'ENV $A', 'ENV X=1', false],
    ['the old form', 'ENV A b c', 'ENV A=b c', true],
    ['a label', 'LABEL owner="a team"', `${nop} LABEL owner=a team`, true],
    ['a relative working folder', 'WORKDIR app', 'WORKDIR /srv/app', true],
    ['a command to start', 'CMD ["node", "main.js"]', `CMD ["node" "main.js"]`, true],
    ['another one', 'CMD ["node", "main.js"]', `CMD ["node" "other.js"]`, false],
    ['ports', 'EXPOSE 80 443/tcp', 'EXPOSE map[443/tcp:{} 80/tcp:{}]', true],
    [
      'a health check in the form of Go',
      'HEALTHCHECK --interval=5m CMD true',
      'HEALTHCHECK &{["CMD-SHELL" "true"] "5m0s" "0s"}',
      true,
    ],
  ])('%s', (_reason, written, createdBy, expected) => {
    const step = dockerfileStages(`FROM a\n${written}`)[0]?.steps[0];
    const [entry] = historyOf({ history: [{ created_by: createdBy }] });
    expect(step && entry && isLike(entry, step)).toBe(expected);
  });
});

describe('lines', () => {
  it.each<[string, readonly string[], readonly string[], string]>([
    [
      'of a stage, behind those of its base',
      ['FROM a', 'RUN x', '', '# why', 'COPY a /a'],
      [...BASE, 'RUN /bin/sh -c x # buildkit', 'COPY a /a # buildkit'],
      '- - 2 5',
    ],
    [
      'the same instruction twice: by their order',
      ['FROM a', 'RUN x', 'RUN x'],
      [...BASE, '/bin/sh -c x', '/bin/sh -c x'],
      '- - 2 3',
    ],
    [
      'the same instruction in the base',
      ['FROM a', 'RUN x', 'COPY a /a'],
      ['/bin/sh -c x', '/bin/sh -c x', `/bin/sh -c #(nop) COPY file:${HASH} in /a`],
      '- 2 3',
    ],
    [
      'of the last stage',
      ['FROM a AS one', 'RUN y', 'FROM b', 'COPY --from=one /y /y', 'RUN x'],
      [...BASE, 'COPY /y /y # buildkit', 'RUN /bin/sh -c x # buildkit'],
      '- - 4 5',
    ],
    [
      'of the stage that FROM names, too',
      ['FROM a AS One', 'RUN y', 'FROM one', 'RUN x'],
      [...BASE, '/bin/sh -c y', '/bin/sh -c x'],
      '- - 2 4',
    ],
    [
      'of a stage that --target named',
      ['FROM a AS one', 'RUN y', 'RUN z', 'FROM b', 'RUN x'],
      [...BASE, '/bin/sh -c y', '/bin/sh -c z'],
      '- - 2 3',
    ],
    [
      'two stages that look alike, by --target',
      ['FROM a AS one', 'RUN y', 'RUN z', 'FROM b AS two', 'RUN y', 'RUN z', 'FROM c', 'RUN x'],
      [...BASE, '/bin/sh -c y', '/bin/sh -c z'],
      '- - - -',
    ],
    [
      "one instruction of another stage is nobody's",
      ['FROM a AS one', 'RUN y', 'FROM b', 'RUN x'],
      [...BASE, '/bin/sh -c y'],
      '- - -',
    ],
    ['an ARG without an entry', ['FROM a', 'ARG A=1', 'RUN x'], [...BASE, '|1 A=1 /bin/sh -c x'], '- - 3'],
    [
      'an ARG with one',
      ['FROM a', 'ARG A=1', 'RUN x'],
      [...BASE, 'ARG A=1', 'RUN |1 A=1 /bin/sh -c x # buildkit'],
      '- - 2 3',
    ],
    [
      'a label of the command line behind it',
      ['FROM a', 'RUN x'],
      [...BASE, '/bin/sh -c x', '/bin/sh -c #(nop)  LABEL team=a'],
      '- - 2 -',
    ],
    [
      'changed since at its begin: what is the same from the end on',
      ['FROM a', 'RUN new', 'COPY b /b', 'RUN x'],
      [...BASE, 'RUN /bin/sh -c old # buildkit', 'COPY b /b # buildkit', 'RUN /bin/sh -c x # buildkit'],
      '- - - 3 4',
    ],
    [
      'changed at its end: nothing is certain',
      ['FROM a', 'RUN x', 'RUN new'],
      [...BASE, '/bin/sh -c x', '/bin/sh -c old'],
      '- - - -',
    ],
    [
      'changed, and what is left stands twice',
      ['FROM a', 'RUN x', 'RUN new', 'RUN x'],
      [...BASE, '/bin/sh -c old', '/bin/sh -c x'],
      '- - - -',
    ],
    [
      'changed, and only a digest is left',
      ['FROM a', 'RUN new', 'COPY b /b'],
      [...BASE, '/bin/sh -c old', `/bin/sh -c #(nop) COPY file:${HASH} in /b`],
      '- - - -',
    ],
    ['of another Dockerfile', ['FROM a', 'RUN other'], [...BASE, '/bin/sh -c x'], '- - -'],
    ['of a squashed image', ['FROM a', 'RUN x', 'RUN y'], ['/bin/sh -c x && y'], '-'],
    ['of nothing', ['# empty'], [...BASE], '- -'],
    ['of a base image alone', ['FROM a'], [...BASE], '- -'],
    [
      'here-documents and continued lines are counted',
      ['FROM a', 'RUN <<E', 'a', 'E', 'RUN b \\', '  c', 'COPY d /d'],
      [...BASE, 'RUN /bin/sh -c a\n # buildkit', 'RUN /bin/sh -c b   c # buildkit', 'COPY d /d # buildkit'],
      '- - 2 5 7',
    ],
    [
      'with line ends of Windows',
      ['FROM a\r', 'RUN b \\\r', '  c\r', 'COPY d /d\r'],
      [...BASE, '/bin/sh -c b   c', 'COPY d /d # buildkit'],
      '- - 2 4',
    ],
  ])('%s', (_reason, dockerfile, history, expected) => {
    expect(linesOf(dockerfile, history)).toBe(expected);
  });

  it('a long Dockerfile and a long history take no time', () => {
    const steps = Array.from({ length: 3000 }, (_, index) => `RUN echo ${'$A'.repeat(50)} ${String(index)}`);
    const begun = performance.now();
    linesOf(
      ['FROM a', ...steps],
      steps.map((step) => step.replace('RUN', 'RUN /bin/sh -c').replaceAll('$A', 'aaaa')),
    );
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});
