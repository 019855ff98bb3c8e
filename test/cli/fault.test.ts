import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { echo } from '../../src/cli/echo.ts';
import { debugLines, describeFault } from '../../src/cli/fault.ts';
import { ScanError } from '../../src/errors.ts';

describe('faults', () => {
  it('says the message of a ScanError', () => {
    expect(describeFault(new ScanError('no-daemon', 'no Docker engine answers (x). Start it'))).toBe(
      'no Docker engine answers (x). Start it',
    );
  });

  it('says the code of a system error', () => {
    expect(describeFault(Object.assign(new Error('x'), { code: 'EACCES' }))).toContain('(Error EACCES at ');
  });

  it('an internal ScanError is described by its cause', () => {
    expect(describeFault(new ScanError('internal', 'x', { cause: new RangeError('y') }))).toContain('(RangeError at ');
  });

  it.each([undefined, null, 'thrown text', 7, { message: 'x' }])('anything may be thrown: %j', (thrown) => {
    expect(describeFault(thrown)).toMatch(/^a fault of phiscan itself \((undefined|object|string|number)\)\./);
    expect(debugLines(thrown)).toEqual([]);
  });

  it('a chain of causes that bites its tail ends', () => {
    const error = new Error('x');
    error.cause = error;
    expect(debugLines(error).length).toBeLessThan(200);
  });

  it('no message, name or code of any error is printed', () => {
    const secret = ['4', '1', '7'].join('') + ['88', '2345'].join('-');
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.constantFrom('before', 'after', 'never'), (before, after, changed) => {
        const content = `${before}${secret}${after}\n    at ${secret} (/${secret}.js:1:1)`;
        if (changed === 'before') Error.stackTraceLimit = 5;
        const error = new Error(content, { cause: new TypeError(content) });
        Error.stackTraceLimit = 10;
        if (changed === 'after') error.message = 'changed since';
        if (changed !== 'never') Object.assign(error, { name: content, code: content });
        expect([describeFault(error), ...debugLines(error)].join('\n')).not.toContain(secret);
      }),
    );
  });
});

describe('echo', () => {
  const [area, group, serial] = [300 + 12, 45, 6000 + 789];
  it.each([
    ['with dashes', `export-${[area, group, serial].join('-')}.tar`, 'export-***-**-****.tar'],
    ['without separators', `p${area}${group}${serial}`, 'p***-**-****'],
    ['a version is none', 'app:2024.10.1', 'app:2024.10.1'],
    ['digits of a digest are none', `app@sha256:a${area}${group}${serial}f`, `app@sha256:a${area}${group}${serial}f`],
  ])('a number %s', (_reason, given, shown) => {
    expect(echo(given, (text) => text)).toBe(shown);
  });
});
