const LOG =
  /^\s*(?:[[(<"]?\d{4}-\d\d-\d\d[T _]\d\d:\d\d|\[?\d\d?\/\w{3}\/\d{4}|\w{3} {1,2}\d{1,2} \d\d:\d\d:\d\d|\[?\d\d:\d\d:\d\d|[[(]?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|NOTICE)\b|\d{1,3}(?:\.\d{1,3}){3}\s)/;

/** A line that begins with a log's date or level, and so is no part of the line before. */
export function isLogLine(text: string): boolean {
  return LOG.test(text);
}
