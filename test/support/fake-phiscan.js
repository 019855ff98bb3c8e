// The real command line around scans that behave as their reference says. Run by test/cli/process.test.ts.
import { runProcess } from '../../dist/src/cli/process.js';
import { ScanError } from '../../dist/src/errors.js';

// Put together here, so that the test can search every output for it.
const planted = [400 + 23, 45, 6000 + 789].join('-');

function report(reference, findings = [], gaps = []) {
  const critical = findings.length;
  return {
    schemaVersion: 1,
    tool: { name: 'phiscan', version: '0', ruleset: 'fake' },
    targets: [{ reference, source: 'fake', digest: '', platform: '', layers: [] }],
    findings,
    coverage: { complete: gaps.length === 0, bytes: 1, entries: 1, gaps },
    summary: { critical, high: 0, medium: 0, low: 0, info: 0, accepted: 0, gaps: gaps.length, durationMs: 1 },
  };
}

function leak(target, index) {
  return {
    fingerprint: `f${index}`,
    detector: 'ssn',
    identifier: 'ssn',
    safeHarbor: 'G',
    severity: 'critical',
    confidence: 0.9,
    outcome: 'real',
    count: 1,
    mask: '***-**-****',
    location: { kind: 'file', target, path: `srv/${index}.txt` },
    evidence: [],
  };
}

function interrupted(target) {
  return [{ reason: 'interrupted', location: { kind: 'file', target, path: '' } }];
}

const behaviours = {
  clean: (name) => report(name),
  leak: (name) => report(name, [leak(name, 0)]),
  huge: (name) =>
    report(
      name,
      Array.from({ length: 20_000 }, (_, index) => leak(name, index)),
    ),
  absent: () => {
    throw new ScanError('not-found', 'no such image (absent). Check the name');
  },
  fault: () => {
    throw new Error(`cannot parse ${planted}\n    at ${planted}.js:1:1`);
  },
  uncaught: () =>
    new Promise(() => {
      setTimeout(() => {
        throw new TypeError(`in a callback: ${planted}`, { cause: new Error(planted) });
      }, 10);
    }),
  rejected: () => {
    void Promise.reject(new Error(planted));
    return new Promise(() => setInterval(() => undefined, 1000));
  },
  wait: (name, { signal }) =>
    new Promise((done) => {
      const alive = setInterval(() => undefined, 1000);
      signal.addEventListener('abort', () => {
        clearInterval(alive);
        done(report(name, [], interrupted(name)));
      });
      process.stderr.write('waiting\n');
    }),
  waitLeak: (name, { signal }) =>
    new Promise((done) => {
      const alive = setInterval(() => undefined, 1000);
      signal.addEventListener('abort', () => {
        clearInterval(alive);
        done(report(name, [leak(name, 0)], interrupted(name)));
      });
      process.stderr.write('waiting\n');
    }),
  deaf: () =>
    new Promise(() => {
      setInterval(() => undefined, 1000);
      process.stderr.write('waiting\n');
    }),
  // A socket or a worker that nobody closed.
  open: (name) => {
    setInterval(() => undefined, 1000);
    return report(name);
  },
};

async function scan([name], options) {
  return behaviours[name](name, options);
}

await runProcess(() => Promise.resolve({ scanImages: scan, scanFiles: scan }));
