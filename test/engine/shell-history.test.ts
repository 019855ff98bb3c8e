import { describe, expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { patient } from '../support/patients.ts';

const engine = new Engine();
const { name, given, family, mrn, ssn, dob } = patient(3);
const digits = ssn.replaceAll('-', '');

/** The identifiers that are found. */
function found(text: string, path: string): readonly string[] {
  const identifiers = engine
    .scan(path, Buffer.from(text))
    .flatMap(({ detector, identifiers = [] }) => [...(detector === 'patient-record' ? identifiers : [detector])]);
  return [...new Set(identifiers)].sort();
}

describe('shell history', () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      'JSON in a request',
      '.bash_history',
      `curl -d '{"ssn":"${digits}","last_name":"${family}"}' http://x\n`,
      ['name', 'ssn'],
    ],
    ['a query', '.bash_history', `curl 'https://x/api?mrn=${mrn}&dob=${dob}'\n`, ['dob', 'mrn']],
    ['a form', '.bash_history', `curl -F mrn=${mrn} -F "patient_name=${name}" http://x\n`, ['mrn', 'name']],
    [
      'an INSERT',
      '.bash_history',
      `mysql -e "INSERT INTO p (mrn, last_name) VALUES ('${mrn}', '${family}')" db\n`,
      ['mrn', 'name'],
    ],
    ['a comparison', '.bash_history', `psql -c "SELECT * FROM p WHERE ssn='${digits}'" db\n`, ['ssn']],
    [
      'quotes inside of quotes',
      '.bash_history',
      `psql -c 'SELECT 1 FROM p WHERE ssn='"'"'${digits}'"'"'' db\n`,
      ['ssn'],
    ],
    [
      'escaped quotes inside of quotes',
      '.bash_history',
      `psql -c 'SELECT 1 FROM p WHERE ssn='\\''${digits}'\\''' db\n`,
      ['ssn'],
    ],
    ['flags', '.bash_history', `./load --patient-name "${name}" --mrn ${mrn}\n`, ['mrn', 'name']],
    ['flags with signs', '.bash_history', `./load --patient-name="${name}" --mrn=${mrn}\n`, ['mrn', 'name']],
    ['exported variables', '.bash_history', `export MRN=${mrn}\nexport PATIENT_NAME='${name}'\n`, ['mrn', 'name']],
    ['variables before a command', '.bash_history', `MRN=${mrn} PATIENT_NAME="${name}" ./load\n`, ['mrn', 'name']],
    ['an escaped blank', '.bash_history', `PATIENT_NAME=${given}\\ ${family} MRN=${mrn} ./load\n`, ['mrn', 'name']],
    ['times of bash', '.bash_history', `#1700000000\nexport SSN=${digits}\n#1700000001\nls\n`, ['ssn']],
    ['zsh', '.zsh_history', `: 1700000000:0;./load --patient-name "${name}" --mrn ${mrn}\n`, ['mrn', 'name']],
    [
      'zsh over two lines',
      '.zsh_history',
      `: 1700000000:0;curl \\\\\n  -d '{"mrn":"${mrn}","dob":"${dob}"}' x\n`,
      ['dob', 'mrn'],
    ],
    [
      'fish',
      'fish_history',
      `- cmd: ./load --patient-name "${name}" --mrn ${mrn}\n  when: 1700000000\n`,
      ['mrn', 'name'],
    ],
    [
      'fish variables',
      'fish_history',
      `- cmd: ls\n  when: 1700000000\n- cmd: set -x MRN ${mrn}\n  when: 1700000001\n`,
      ['mrn'],
    ],
    ['a quote that is not closed', '.bash_history', `curl -d '{"ssn":"${digits}\n`, ['ssn']],
    [
      'names of columns, variables and files',
      '.bash_history',
      'grep mrn patients.csv\n./load --mrn $MRN --patient-name "$NAME"\nexport MRN_FILE=/tmp/x\n',
      [],
    ],
    ['times beside labels', '.zsh_history', ': 1700000000:0;grep mrn patients.csv\n: 1700000001:0;echo ssn\n', []],
    ['numbers of rows', '.bash_history', 'mysql -e "SELECT ssn, mrn FROM patients WHERE id=1700000000"\n', []],
  ])('%s', (_title, path, text, expected) => {
    expect(found(text, path)).toEqual(expected);
  });
});
