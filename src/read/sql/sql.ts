import { limits } from '../../limits.ts';
import { behindMark } from '../charset.ts';
import type { EntryHead, Reader } from '../reader.ts';
import { SqlReading } from './sql-reading.ts';
import { resumeAtStatement } from '../resume.ts';

/**
 * SQL scripts and dumps: INSERT with and without columns, COPY, UPDATE, comparisons; of mysqldump, pg_dump, sqlite3,
 * SQL Server and Oracle.
 */
export const sql: Reader = {
  id: 'sql',
  recognizes: looksLikeSql,
  resume: resumeAtStatement,
  open: (head, vocabulary) => new SqlReading(vocabulary, escapesByBackslash(textOf(head))),
};

const SQL_PATH = /\.(?:sql|ddl|dml|psql|pgsql|mysql|plsql|pks|pkb|dump)$/i;
const NAME = '(?:[\\w$#.@]|"[^"\\n]{1,64}"|`[^`\\n]{1,64}`|\\[[^\\]\\n]{1,64}\\])+';
/** A statement that has values. */
const FILLS: RegExp = new RegExp(
  [
    `\\bINSERT\\s+(?:IGNORE\\s+|ALL\\s+|LOW_PRIORITY\\s+|DELAYED\\s+|OR\\s+\\w+\\s+)*(?:INTO\\s+)?(?:TABLE\\s+)?${NAME}\\s*(?:\\([^()']{0,8000}\\)\\s*)?(?:OVERRIDING\\s+\\w+\\s+VALUE\\s+)?(?:VALUES?\\b|SELECT\\b|SET\\b)`,
    `\\bREPLACE\\s+INTO\\s+${NAME}`,
    `\\bCOPY\\s+${NAME}\\s*(?:\\([^()']{0,8000}\\)\\s*)?FROM\\s+stdin`,
    `\\bUPDATE\\s+${NAME}\\s+SET\\s+${NAME}\\s*=`,
    `\\bCREATE\\s+(?:\\w+\\s+)?TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?${NAME}\\s*\\(`,
    `\\bWHERE\\s+${NAME}\\s*(?:=|IN\\b|LIKE\\b)\\s*\\(?'`,
  ].join('|'),
  'i',
);
/** What a script begins with; anything else is another language with SQL in its texts. */
const OPENING =
  /^(?:INSERT|REPLACE|COPY|UPDATE|CREATE|DROP|ALTER|BEGIN|START\s+TRANSACTION|COMMIT|SET|USE|LOCK|PRAGMA|DELETE|TRUNCATE|MERGE|DO|DECLARE|WITH|SELECT|GO|PROMPT|REM|GRANT|EXEC|IF)\b|^\\(?:connect|restrict|c|set|encoding)\b|^\/\*!/i;
const LEADING = /(?:[\s;]+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*(?!!)[\s\S]*?\*\/)*/y;
const BACKSLASHES = /^-- (?:MySQL|MariaDB)|\/\*!\d{5}|`\s*\(|\) ENGINE=|INTO `|\\'(?!\s*[,)])/im;

function textOf(head: EntryHead): string {
  return head.bytes.toString('latin1', 0, limits.headBytes);
}

function looksLikeSql(head: EntryHead): boolean {
  const text = textOf(head);
  if (text.includes('\0')) return false;
  if (SQL_PATH.test(head.path)) return FILLS.test(text);
  LEADING.lastIndex = behindMark(text);
  LEADING.test(text);
  return OPENING.test(text.slice(LEADING.lastIndex, LEADING.lastIndex + 64)) && FILLS.test(text);
}

/** MySQL's strings, and those of no other. */
function escapesByBackslash(text: string): boolean {
  return BACKSLASHES.test(text);
}
