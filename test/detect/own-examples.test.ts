import { describe, expect, it } from 'vitest';
import { demoted, pathTerm } from '../../src/detect/own-examples.ts';

describe('what a path says against its findings', () => {
  it.each<[string, string | undefined, string]>([
    ['usr/lib/node_modules/kelp/test/patients.json', 'package example', 'tests of an npm package'],
    ['app/node_modules/@kelp/core/README.md', 'package example', 'documentation of an npm package'],
    ['app/node_modules/kelp/dist/index.d.ts', 'package example', 'comments of type declarations'],
    ['usr/lib/python3/dist-packages/kelp/tests/test_io.py', 'package example', 'tests of a Python package'],
    ['srv/kelp-1.0-py3-none-any.whl!kelp/examples/a.hl7', 'package example', 'examples in a wheel'],
    ['usr/lib/python3.11/test/test_csv.py', 'package example', 'tests of the standard library'],
    ['root/go/pkg/mod/kelp.org/x12@v1.2.0/testdata/a.txt', 'package example', 'test data of a Go module'],
    ['root/go/pkg/mod/kelp.org/x12@v1.2.0/examples/a.txt', 'package example', 'examples of a Go module'],
    ['usr/share/doc/dcmtk/examples/worklist.dump', 'program source', "a distribution's documentation"],
    ['usr/share/man/man1/dcmqrti.1.gz!dcmqrti.1', 'program source', 'a manual'],
    ['app/node_modules/@hospital/seed/patients.csv', undefined, 'rows of a package are not its examples'],
    ['app/test/fixtures/patients.csv', undefined, 'the tests of the user, which may be copied from life'],
    ['srv/vendor/samples/patients.csv', undefined, 'samples of a laboratory'],
    ['app/src/patient.py', 'program source', 'a program'],
    ['app/seed.sql', undefined, 'rows'],
    ['app/deploy.sh', undefined, 'commands'],
    ['test/node_modules/kelp/index.json', undefined, 'tests above the package'],
  ])('%s: %s (%s)', (path, term) => {
    expect(pathTerm(path)).toBe(term);
  });

  it('shows what it demotes as low, and never raises', () => {
    expect(demoted('critical', 'package example')).toBe('low');
    expect(demoted('info', 'package example')).toBe('info');
    expect(demoted('medium', 'program source')).toBe('low');
    expect(demoted('high', 'program source')).toBe('high');
    expect(demoted('medium', undefined)).toBe('medium');
  });
});
