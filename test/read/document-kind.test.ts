import { describe, expect, it } from 'vitest';
import { documentKind } from '../../src/read/document-kind.ts';

describe('the kind of a document', () => {
  it.each([
    ['a task definition', '{"containerDefinitions": []}', 'ecs'],
    ['the same in YAML', 'containerDefinitions:\n  - name: web\n', 'ecs'],
    ['an ARN of ECS', 'see arn:aws-us-gov:ecs:us-gov-west-1:1:task/a', 'ecs'],
    ['an event', '{"source": "aws.ecs"}', 'ecs'],
    ['what run-task takes', '{ "cluster": "prod", "taskDefinition": "web:1" }', 'ecs'],
    ['a template of CloudFormation', 'AWSTemplateFormatVersion: "2010-09-09"\n', 'definition'],
    ['the same without its version', '"Type" : "AWS::ECS::Service"', 'definition'],
    ['a manifest of Copilot', 'name: web\ntype: Load Balanced Web Service\n', 'definition'],
    ['a job of Copilot', "type: 'Scheduled Job'\n", 'definition'],
    ['a state of Terraform', '{"terraform_version": "1.9.0"}', 'definition'],
    ['a module of Terraform', '\n  resource "aws_instance" "web" {\n', 'definition'],
    ['an event of S3', "{'eventSource': 'aws:s3'}", 'definition'],
    ['Compose', 'services:\n  web:\n', 'configuration'],
    ['Kubernetes, with line ends of Windows', 'kind: Pod\r\napiVersion: v1\r\n', 'configuration'],
    ['Kubernetes, with line ends of old Macs', 'kind: Pod\rapiVersion: v1\r', 'configuration'],
    ['an app of Heroku', '{"formation": {"web": 1}}', 'configuration'],
    ['a Dockerfile', '# syntax\nFROM scratch\n', 'configuration'],
    ['bake', 'target "web" {\n', 'configuration'],
    ['bytes that are no UTF-8 around it', '\xff\xfe\xe9\nENV a=b\n\xff', 'configuration'],
    ['a list of patients', '{"patients": [{"name": "x", "type": "inpatient"}]}', undefined],
    ['prose that has the words', 'The services from which resources come, and their group.', undefined],
    ['nothing', '', undefined],
  ])('%s', (_what, text, kind) => {
    expect(documentKind(Buffer.from(text, 'latin1'))).toBe(kind);
  });
});
