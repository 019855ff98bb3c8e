import type { Detector } from '../src/detect/detector.ts';
import { glue } from '../src/detect/glue.ts';
import { isDocumentationAddress, isPublicIpv4, isPublicIpv6 } from '../src/detect/ip-address.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

const IPV4 = '(?:[0-9]{1,3}\\.){3}[0-9]{1,3}';
const IPV6 = '[23][0-9A-Fa-f]{3}:(?:[0-9A-Fa-f]{0,4}:){1,6}[0-9A-Fa-f]{1,4}';

function isPublic(value: string): boolean {
  return isPublicIpv4(value) || isPublicIpv6(value);
}

export const ip: Detector = {
  id: 'ip',
  identifier: 'ip',
  safeHarbor: 'O',
  title: 'Internet address of a person',
  finds:
    'Public addresses of IPv4 and IPv6 below a label that names the line of a patient; below `client_ip`, `remote_addr` and the like ' +
    'only beside other identifiers of a person.',
  misses:
    'Addresses without a label (in access logs too), private, shared and reserved ones, and addresses in which a name was resolved. ' +
    'Most dotted quads in an image are versions.',
  labels: {
    strong: phrases('patient ip, patient ip address, member ip, member ip address, subscriber ip address'),
    weak: phrases(
      'ip, ip address, ip addr, ipv 4, ipv 6, ipv 4 address, ipv 6 address, client ip, client ip address, client addr, remote ip, remote addr, remote address, ' +
        'user ip, user ip address, source ip, src ip, x forwarded for, x real ip, last login ip, login ip, signup ip',
    ),
    whole: phrases('ip, ipv 4, ipv 6'),
    not: [
      ...DESCRIPTIONS,
      ...phrases(
        'server, host, cluster, pod, service, node, gateway, dns, bind, listen, subnet, range, cidr, provider, vpc',
      ),
    ],
  },
  shape: `(?:${IPV4}|${IPV6})`,
  check: (value) => (isPublic(value) ? 'none' : 'fail'),
  synthetic: isDocumentationAddress,
  normalize: (value) => value.toLowerCase(),
  direct: false,
  severity: { labelled: 'low' },
  mask: '[ip]',

  examples: () => [
    { path: 'notes.txt', text: `Patient IP: ${glue('73.', '41.', '182.', '17')}\n`, reason: 'a label' },
    {
      path: 'a.json',
      text: `{"patientIpAddress":"${glue('2601:', '19b:', '4d7f:', '83a0::', '1f')}"}`,
      reason: 'IPv6',
    },
    {
      path: 'a.csv',
      text: `mrn,client_ip\n${glue('73', '02', '95')},${glue('73.', '41.', '182.', '17')}\n`,
      reason: 'a plain label beside another identifier',
    },
    {
      path: 'a.json',
      text: `{"ssn":"${glue('524-', '41-', '7312')}","remote_addr":"${glue('73.', '41.', '182.', '17')}"}`,
      reason: 'a log line in JSON',
    },
    { path: 'app.env', text: `MEMBER_IP=${glue('98.', '117.', '4.', '209')}\n`, reason: 'an environment variable' },
    {
      path: 'notes.txt',
      text: `patient ip ${glue('203.', '0.', '113.', '17')}\n`,
      reason: 'RFC 5737',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'access.log', text: `${glue('73.', '41.', '182.', '17')} - - "GET / HTTP/1.1" 200\n`, reason: 'no label' },
    { path: 'app.env', text: `CLIENT_IP=${glue('73.', '41.', '182.', '17')}\n`, reason: 'a plain label alone' },
    { path: 'notes.txt', text: `patient ip ${glue('10.', '41.', '182.', '17')}\n`, reason: 'RFC 1918' },
    { path: 'notes.txt', text: `patient ip ${glue('127.', '0.', '0.', '1')}\n`, reason: 'the loopback' },
    { path: 'notes.txt', text: `patient ip ${glue('100.', '64.', '2.', '9')}\n`, reason: 'shared by a carrier' },
    { path: 'notes.txt', text: `patient ip ${glue('73.', '41.', '282.', '17')}\n`, reason: 'a number above 255' },
    { path: 'notes.txt', text: `patient ip ${glue('73.', '041.', '82.', '17')}\n`, reason: 'a leading zero' },
    { path: 'notes.txt', text: `patient ip ${glue('fe80::', '1f:', '2a:', '3b')}\n`, reason: 'link-local' },
    { path: 'a.csv', text: `ssn,server_ip\n,${glue('73.', '41.', '182.', '17')}\n`, reason: 'the address of a server' },
    { path: 'notes.txt', text: 'patient ip: {{ip}} ${IP} 0.0.0.0\n', reason: 'placeholders' },
  ],
  references: [
    'RFC 6890, special-purpose address registries',
    'RFC 5737 and RFC 3849 (documentation)',
    '45 CFR 164.514(b)(2)(i)(O)',
  ],
};
