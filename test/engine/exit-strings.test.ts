import { describe, expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { EntryFinding } from '../../src/finding.ts';
import { patient } from '../support/patients.ts';

/** What ECS says of a task that stopped, and Docker of a container: texts that echo what was given to the program. */

const engine = new Engine();
const one = patient(31);

function findings(document: unknown): readonly EntryFinding[] {
  return engine.scan('event', Buffer.from(JSON.stringify(document)));
}

function ofTask(detail: object): object {
  return { 'detail-type': 'ECS Task State Change', source: 'aws.ecs', detail };
}

function stopped(reason: string): readonly EntryFinding[] {
  return findings(ofTask({ containers: [{ name: 'app', reason }] }));
}

/** `ssn detail.containers[0].reason`; `!` where it is told that the value was cut. */
function shown(found: readonly EntryFinding[]): readonly string[] {
  return found.map(({ detector, identifiers, place, evidence }) => {
    const cut = evidence.some(({ term }) => term === 'truncated') ? '!' : '';
    return `${(identifiers ?? [detector]).join('+')}${cut} ${place.pointer ?? ''}`;
  });
}

/** A reason of exactly so many characters that ends in the tail. */
function cutTo(length: number, tail: string): string {
  const head = 'CannotStartContainerError: Error response from daemon: ';
  return `${(head + 'so it goes '.repeat(400)).slice(0, length - tail.length - 1)} ${tail}`;
}

describe('a reason that echoes', () => {
  const [given, family] = [one.given, one.family];
  test.each<[string, string, string]>([
    ['the command line', `exec: "/app/import --mrn ${one.mrn}": stat /app/import: no such file or directory`, 'mrn'],
    ['an argument of the entry point', `exec: "--ssn=${one.ssn}": executable file not found in $PATH: unknown`, 'ssn'],
    ['an argument without a label', `exec: "${one.ssn}": executable file not found in $PATH: unknown`, 'ssn'],
    [
      'the path of a mount',
      `CannotCreateContainerError: invalid mount config for type "bind": bind source path does not exist: /srv/mrn-${one.mrn}/in`,
      'mrn',
    ],
    [
      'the name of an environment file',
      `ResourceInitializationError: failed to download env files: s3://clinic-env/mrn=${one.mrn}.env: NoSuchKey`,
      'mrn',
    ],
    [
      "a log driver's option",
      `failed to initialize logging driver: awslogs-stream-prefix: ssn-${one.ssn}: InvalidParameterException`,
      'ssn',
    ],
    [
      "a pre-signed URL's query",
      `CannotPullContainerError: pull image manifest: https://clinic.s3.us-east-1.amazonaws.com/x?patient_mrn=${one.mrn}&X-Amz-Signature=0f`,
      'mrn',
    ],
    [
      "a pre-signed URL's query with a name",
      `failed to copy: https://clinic.s3.us-east-1.amazonaws.com/x?patient_name=${given}%20${family}&X-Amz-Expires=60`,
      'name',
    ],
    [
      "an object's key",
      `ResourceInitializationError: s3://clinic-in/patient_name=${family},${given}/bundle.env: AccessDenied`,
      'name',
    ],
    [
      'what could not be pulled',
      `CannotPullContainerError: pull access denied for clinic/import-mrn-${one.mrn}, repository does not exist`,
      'mrn',
    ],
    [
      'an exception, given to stop-task',
      `duplicate key value violates unique constraint "patients_ssn_key" DETAIL: Key (ssn)=(${one.ssn}) already exists.`,
      'ssn',
    ],
  ])('%s', (_class, reason, detector) => {
    expect(shown(stopped(reason))).toEqual([`${detector} detail.containers[0].reason`]);
    expect(shown(findings(ofTask({ stoppedReason: reason })))).toEqual([`${detector} detail.stoppedReason`]);
    expect(JSON.stringify(stopped(reason))).not.toContain(one.mrn);
    expect(JSON.stringify(stopped(reason))).not.toContain(one.ssn);
    expect(JSON.stringify(stopped(reason))).not.toContain(family);
  });

  test.each<[string, string]>([
    ['what the service says by itself', 'Scaling activity initiated by (deployment ecs-svc/9223370451234567890)'],
    ['an exit code', 'Essential container in task exited'],
    ['a digest', `CannotPullContainerError: clinic/app@sha256:${'0123456789abcdef'.repeat(4)} not found`],
    ['an address of the metadata endpoint', 'dial tcp 169.254.170.2:80: connect: connection refused'],
  ])('%s is silent', (_title, reason) => {
    expect(shown(stopped(reason))).toEqual([]);
  });
});

describe('a reason that was cut', () => {
  const tails: readonly (readonly [string, string, string])[] = [
    ['a number behind its label', `patient ssn: ${one.ssn.slice(0, 8)}`, 'ssn'],
    ['a number that ends in its separator', `SSN ${one.ssn.slice(0, 7)}`, 'ssn'],
    ['a number in brackets', `Key (ssn)=(${one.ssn.slice(0, 9)}`, 'ssn'],
    ['a number without separators', `ssn=${one.ssn.replaceAll('-', '').slice(0, 6)}`, 'ssn'],
    ['a record number', `Key (mrn)=(${one.mrn.slice(0, 7)}`, 'mrn'],
    ['a record number that may be whole', `--mrn ${one.mrn}`, 'mrn'],
    ['a name', `patient name: ${one.family}, ${one.given.slice(0, 2)}`, 'name'],
    ['a birth date', `dob=${one.dob.slice(0, 6)}`, 'dob'],
    ['a beneficiary', `MBI ${one.mbi.slice(0, 7)}`, 'mbi'],
    ['a name in a query', `https://in.invalid/x?patient_name=${one.given}%20${one.family.slice(0, 4)}`, 'name'],
    ['a whole number without a label', `no bed for ${one.ssn}`, 'ssn'],
  ];
  test.each(tails.flatMap((tail) => [255, 1024].map((length) => [...tail, length] as const)))(
    '%s',
    (_title, tail, detector, length) => {
      const whole = shown(stopped(cutTo(length, tail)));
      expect(whole).toEqual([`${detector}! detail.containers[0].reason`]);
    },
  );

  test('is less certain than one that was not', () => {
    const tail = `mrn=${one.mrn}`;
    const [cut] = stopped(cutTo(255, tail));
    const [whole] = stopped(cutTo(254, tail));
    expect(shown(cut === undefined ? [] : [cut])).toEqual(['mrn! detail.containers[0].reason']);
    expect(shown(whole === undefined ? [] : [whole])).toEqual(['mrn detail.containers[0].reason']);
    expect(cut?.confidence).toBeLessThan(whole?.confidence ?? 0);
  });

  test.each<[string, object, string]>([
    ['of a task', { stoppedReason: cutTo(1024, `ssn: ${one.ssn.slice(0, 8)}`) }, 'detail.stoppedReason'],
    [
      'of an instance',
      { statusReason: cutTo(255, `ssn: ${one.ssn.slice(0, 8)}`), status: 'ACTIVE' },
      'detail.statusReason',
    ],
    [
      "of a service's event",
      { events: [{ message: cutTo(1024, `ssn: ${one.ssn.slice(0, 8)}`) }] },
      'detail.events[0].message',
    ],
    [
      'counted in bytes, with letters of two',
      { reason: `${'é'.repeat(60)}${cutTo(135, `ssn: ${one.ssn.slice(0, 8)}`)}` },
      'detail.reason',
    ],
    [
      'counted in characters, with letters of two',
      { reason: `${'é'.repeat(60)}${cutTo(195, `ssn: ${one.ssn.slice(0, 8)}`)}` },
      'detail.reason',
    ],
  ])('%s', (_title, detail, pointer) => {
    expect(shown(findings(ofTask(detail)))).toEqual([`ssn! ${pointer}`]);
  });

  test('within a letter', () => {
    const text = cutTo(254, `patient name: ${one.given} ${one.family}`);
    expect(shown(stopped(`${text}\ufffd`))).toEqual(['name! detail.containers[0].reason']);
  });

  test('of a health check, which Docker cuts at 4096 bytes', () => {
    const text = cutTo(4096, `ssn: ${one.ssn.slice(0, 8)}`);
    const log = (output: string): object => ({ State: { Health: { Log: [{ Output: output }] } } });
    expect(shown(findings(log(`${text}...`)))).toEqual(['ssn! State.Health.Log[*].Output']);
    expect(shown(findings(log(text)))).toEqual([]);
  });

  test('in an event inside of a message', () => {
    const event = ofTask({ stoppedReason: cutTo(255, `ssn: ${one.ssn.slice(0, 8)}`) });
    const [found] = findings({ Type: 'Notification', Message: JSON.stringify(event) });
    expect(found?.evidence.map(({ term }) => term)).toContain('truncated');
  });

  test.each<[string, string]>([
    ['a text one character shorter', cutTo(254, `ssn: ${one.ssn.slice(0, 8)}`)],
    ['a beginning in the middle', cutTo(255, `ssn: ${one.ssn.slice(0, 8)} was given`)],
    ['three digits', cutTo(255, `ssn: ${one.ssn.slice(0, 3)}`)],
    ['words behind a label', cutTo(255, 'ssn missing for row 1204')],
    ['words behind a label and its colon', cutTo(255, 'ssn: not available in 2024')],
    ['a letter that a number cannot begin with', cutTo(255, 'ssn: step12')],
    ['a number without a label', cutTo(255, `row ${one.ssn.slice(0, 8)}`)],
  ])('%s is silent', (_title, reason) => {
    expect(shown(stopped(reason))).toEqual([]);
  });

  test('another key is not cut at that length', () => {
    expect(shown(findings({ comment: cutTo(255, `ssn: ${one.ssn.slice(0, 8)}`) }))).toEqual([]);
  });
});
