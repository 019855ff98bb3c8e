import { expect, test } from 'vitest';
import { CallFailure } from '../../src/aws/failure.ts';
import { patient } from '../support/patients.ts';

const { name, ssn } = patient(71);

function failed(parts: object): CallFailure {
  return new CallFailure('ecs', 'DescribeTasks', Object.assign(new Error(`no task of ${name}, ${ssn}`), parts), false);
}

test.each([
  [{ name: 'AccessDeniedException' }, 'denied', 'AccessDeniedException'],
  [{ name: 'ExpiredTokenException' }, 'credentials', 'ExpiredTokenException'],
  [{ name: 'CredentialsProviderError' }, 'credentials', 'CredentialsProviderError'],
  [{ code: 'ECONNREFUSED' }, 'unreachable', 'ECONNREFUSED'],
  [{ code: 'EAI_AGAIN' }, 'unreachable', 'EAI_AGAIN'],
  [{ code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'unreachable', 'SELF_SIGNED_CERT_IN_CHAIN'],
  [{ name: 'TimeoutError' }, 'unreachable', 'TimeoutError'],
  [{ name: 'UnknownOperationException' }, 'unsupported', 'UnknownOperationException'],
  [{ name: 'SyntaxError' }, 'unsupported', 'SyntaxError'],
  [{ name: 'ThrottlingException' }, 'other', 'ThrottlingException'],
  // What AWS calls an error may be any text.
  [{ name: `no ${name}` }, 'other', 'Error'],
  [{ code: ssn, name: 'ClientException' }, 'other', 'ClientException'],
])('%j is %s', (parts, kind, reason) => {
  const failure = failed(parts);
  expect([failure.kind, failure.reason, failure.message]).toEqual([kind, reason, `ecs:DescribeTasks: ${reason}`]);
});

test('what phiscan has stopped itself is no failure of AWS', () => {
  expect(new CallFailure('ecs', 'ListTasks', new Error('aborted'), true).kind).toBe('stopped');
  expect(new CallFailure('ecs', 'ListTasks', 'thrown', false).message).toBe('ecs:ListTasks: string');
});
