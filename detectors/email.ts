import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isExampleDomain } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** RFC 5322 dot-atom without the characters that nobody uses. */
const LOCAL = "[A-Za-z0-9_][A-Za-z0-9._%+'-]*";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const TLD = '[A-Za-z]{2,18}';

/** Ends of file names, and of nothing in the root zone: `logo@2x.png`. */
const NOT_TLD =
  /\.(?:png|jpe?g|gif|svg|webp|ico|css|scss|m?js|cjs|jsx|tsx?|json|ya?ml|toml|xml|html?|txt|csv|lock|map|log|cfg|conf|ini|sql|exe|dll|whl|gz|tgz|jar|class|java|cpp|hpp|service|socket|target|timer)$/i;

/** Mailboxes of organisations and programs. */
const ROLE =
  /^(?:no-?reply|do-?not-?reply|postmaster|hostmaster|webmaster|mailer-daemon|abuse|root|admin|administrator|support|help|helpdesk|info|contact|sales|security|git|hg|svn|bot|.*\[bot\]|notifications?|maintainers?|dev|devel|team|office|billing|press|legal|privacy|user|username|email|name|you|your\.?name|me|someone|somebody)(?:\+.*)?$/i;

/** Domains of programs: service accounts, commits, mailing lists. */
const PROGRAM_DOMAIN =
  /(?:^|\.)(?:gserviceaccount\.com|users\.noreply\.github\.com|noreply\.[a-z.]+|lists\.[a-z.]+|bugs\.[a-z.]+)$/i;

function domainOf(value: string): string {
  return value.slice(value.lastIndexOf('@') + 1);
}

function check(value: string, _label: string, placed = false): CheckResult {
  const domain = domainOf(value);
  const local = value.slice(0, value.lastIndexOf('@'));
  if (local.length > 64 || local.includes('..') || local.endsWith('.')) return 'fail';
  if (placed) return 'none';
  if (NOT_TLD.test(domain) || ROLE.test(local) || PROGRAM_DOMAIN.test(domain)) return 'fail';
  return 'none';
}

export const email: Detector = {
  id: 'email',
  identifier: 'email',
  safeHarbor: 'F',
  title: 'E-mail address',
  finds:
    "Addresses below a label that names a patient's e-mail; below a plain `email` only beside other identifiers of a person.",
  misses:
    'Addresses without a label (maintainers and copyright lines fill every image), quoted local parts, addresses in other scripts than ' +
    'Latin, and mailboxes of organisations such as info@ or noreply@.',
  labels: {
    strong: phrases(
      'patient email, patient email address, patient e mail, pat email, pt email, ' +
        'subscriber email address, guarantor email, guardian email',
    ),
    weak: phrases(
      'member email, email, email address, email addr, e mail, e mail address, contact email, home email, telecom',
    ),
    not: [
      ...DESCRIPTIONS,
      ...phrases(
        'subject, body, provider, physician, author, maintainer, committer, support, sender, from, server, ' +
          'host, smtp',
      ),
    ],
  },
  shape: `${LOCAL}@(?:${LABEL}\\.){1,6}${TLD}`,
  check,
  synthetic: (value) => isExampleDomain(domainOf(value)),
  normalize: (value) => value.toLowerCase(),
  direct: false,
  severity: { labelled: 'low' },
  mask: '***@***',

  examples: () => [
    { path: 'notes.txt', text: `Patient email: ${glue('m.okafor', '@', 'kelpmail.net')}\n`, reason: 'a label' },
    { path: 'a.json', text: `{"patientEmail":"${glue('m.okafor', '@', 'kelpmail.net')}"}`, reason: 'a camelCase key' },
    {
      path: 'app.env',
      text: `DEMO_PATIENT_EMAIL=${glue('okafor62', '@', 'kelpmail.net')}\n`,
      reason: 'an environment variable',
    },
    {
      path: 'a.yaml',
      text: `patient:\n  email: ${glue('m.okafor+clinic', '@', 'mail.kelp.org')}\n`,
      reason: 'the person in the key above',
    },
    {
      path: 'a.csv',
      text: `mrn,email\n${glue('73', '02', '95')},${glue('m.okafor', '@', 'kelpmail.net')}\n`,
      reason: 'a plain label beside another identifier',
    },
    {
      path: 'notes.txt',
      text: `patient email ${glue('j_ruiz', '@', 'kelpmail.co.uk')}\n`,
      reason: 'a domain of three parts',
    },
    {
      path: 'notes.txt',
      text: `patient email: ${glue('m.okafor', '@', 'example.org')}\n`,
      reason: 'RFC 2606',
      outcome: 'synthetic',
    },
    {
      path: 'notes.txt',
      text: `patient email: ${glue('m.okafor', '@', 'mail.test')}\n`,
      reason: 'RFC 6761',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    {
      path: 'copyright',
      text: `Copyright 2019 Marlene ${glue('<m.okafor', '@', 'kelpmail.net>')}\n`,
      reason: 'a copyright line',
    },
    {
      path: 'package.json',
      text: `{"author":{"email":"${glue('m.okafor', '@', 'kelpmail.net')}"}}`,
      reason: 'an author',
    },
    { path: 'control', text: `Maintainer: M O ${glue('<m.okafor', '@', 'kelpmail.net>')}\n`, reason: 'a maintainer' },
    {
      path: 'notes.txt',
      text: `patient email via ${glue('git', '@', 'github.com')}:a/b.git\n`,
      reason: 'a git remote',
    },
    {
      path: 'a.html',
      text: `patient email <img src="${glue('logo', '@', '2x.png')}">\n`,
      reason: 'an image for two densities',
    },
    { path: 'notes.txt', text: `patient email ${glue('left-pad', '@', '1.3.0')}\n`, reason: 'an npm version' },
    {
      path: 'notes.txt',
      text: `patient email: ${glue('noreply', '@', 'kelpmail.net')}\n`,
      reason: 'no person reads it',
    },
    {
      path: 'notes.txt',
      text: `patient email: ${glue('run', '@', 'p1.iam.gserviceaccount.com')}\n`,
      reason: 'a service account',
    },
    {
      path: 'notes.txt',
      text: `see ${glue('medium.com/', '@', 'okafor/post')} patient email\n`,
      reason: 'a path in a URL',
    },
    { path: 'notes.txt', text: `email: ${glue('m.okafor', '@', 'kelpmail.net')}\n`, reason: 'a plain label alone' },
    { path: 'notes.txt', text: 'patient email: {{email}} ${EMAIL} user@\n', reason: 'template placeholders' },
    { path: 'a.ts', text: 'const patientEmail = form.email.value;\n', reason: 'names in code' },
    { path: 'a.py', text: '@patient_email.setter\ndef patient_email(self): pass\n', reason: 'a decorator' },
  ],
  references: ['RFC 5322, section 3.4.1', 'RFC 2606 and RFC 6761 (reserved names)', '45 CFR 164.514(b)(2)(i)(F)'],
};
