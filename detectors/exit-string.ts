import type { Detector } from '../src/detect/detector.ts';
import { glue } from '../src/detect/glue.ts';

/** The reader of text gives it, in code that calls stop-task: no text of a document has it. */
const LABEL = 'exception text as the reason of stop task';

export const exitString: Detector = {
  id: 'exit-string',
  identifier: 'exit-string',
  safeHarbor: '',
  title: 'Exception text in an exit string',
  finds:
    'Code and scripts that pass the text of an exception to stop-task as its reason (AWS CLI, boto3, the SDKs for JavaScript, Go ' +
    'and Java). ECS keeps the reason with the task, outside your instances, and an exception repeats what it failed on. It is no ' +
    'identifier, but the way of one out of the container.',
  misses:
    'Exceptions that go through a variable with another name, and reasons that are put together more than twelve lines from the call.',
  labels: { strong: [LABEL], weak: [], not: [] },
  // Nothing: only what the reader found.
  shape: 'a\\bb',
  placed: '[^\\n]{1,512}',
  direct: false,
  severity: { labelled: 'low' },
  mask: '[exception-text]',

  examples: () => [
    {
      path: 'stop.sh',
      text: `aws ecs ${glue('stop', '-task')} --cluster prod --task "$id" --reason "$err"\n`,
      reason: 'a variable of a shell',
    },
    {
      path: 'stop.sh',
      text: `aws ecs ${glue('stop', '-task')} --task "$id" \\\n  --reason "failed: $(tail -n1 stderr.log)"\n`,
      reason: 'the end of standard error, on the next line',
    },
    {
      path: 'stop.py',
      text: `except Exception as e:\n    ecs.${glue('stop', '_task')}(cluster=c, task=t, reason=str(e))\n`,
      reason: 'boto3',
    },
    {
      path: 'stop.py',
      text: `ecs.${glue('stop', '_task')}(\n    task=t,\n    reason=f"import failed: {exc}",\n)\n`,
      reason: 'an f-string',
    },
    {
      path: 'stop.js',
      text: `new ${glue('Stop', 'TaskCommand')}({\n  cluster,\n  task,\n  reason: err.message,\n})\n`,
      reason: 'the SDK for JavaScript',
    },
    {
      path: 'stop.go',
      text: `client.${glue('Stop', 'Task')}(ctx, &ecs.${glue('Stop', 'TaskInput')}{\n\tTask: task,\n\tReason: aws.String(err.Error()),\n})\n`,
      reason: 'the SDK for Go',
    },
    {
      path: 'Stop.java',
      text: `ecs.${glue('stop', 'Task')}(r -> r.cluster(c).task(t).reason(exception.getMessage()));\n`,
      reason: 'the SDK for Java',
    },
  ],
  counterExamples: () => [
    {
      path: 'stop.sh',
      text: `aws ecs ${glue('stop', '-task')} --task "$id" --reason "error in import"\n`,
      reason: 'a constant of a shell',
    },
    { path: 'stop.sh', text: `aws ecs ${glue('stop', '-task')} --task "$id"\necho "$err"\n`, reason: 'no reason' },
    {
      path: 'stop.py',
      text: `ecs.${glue('stop', '_task')}(task=t, reason="error: queue is empty")\n`,
      reason: 'a constant of Python',
    },
    {
      path: 'stop.js',
      text: `new ${glue('Stop', 'TaskCommand')}({ task, reason: 'scale in' })\nlog(err)\n`,
      reason: 'a constant of JavaScript',
    },
    {
      path: 'stop.js',
      text: `new ${glue('Stop', 'TaskCommand')}({ task, reason: REASONS.scaleIn })\n`,
      reason: 'a name of a constant',
    },
    {
      path: 'stop.sh',
      text: `aws ecs ${glue('stop', '-task')} --task "$id" --reason '$err'\n`,
      reason: 'single quotes, in which a shell puts nothing in',
    },
    {
      path: 'stop.go',
      text: `client.${glue('Stop', 'Task')}(ctx, input)\nif err != nil {\n\treturn err\n}\n`,
      reason: 'the error of the call itself',
    },
    { path: 'log.py', text: `log.warning("failed", reason=str(e))\n`, reason: 'another call' },
  ],
  references: ['Amazon ECS API Reference, StopTask, reason', 'Amazon ECS API Reference, Task, stoppedReason'],
};
