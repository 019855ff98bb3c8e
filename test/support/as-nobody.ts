/**
 * What the steps give when the process may not read what only root may. Node's file functions then fail as for any user;
 * without root the process is such a user already.
 */
export async function asNobody<T>(steps: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) return await steps();
  process.seteuid(65_534);
  try {
    return await steps();
  } finally {
    process.seteuid(0);
  }
}
