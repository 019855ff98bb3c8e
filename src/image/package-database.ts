/** Takes the bytes of one package database, in order. */
export interface PackageDatabase {
  write(bytes: Buffer): void;
  end(): void;
}

/** Told of each file that a package owns: its path, and the digest it was installed with in lower-case hexadecimal. */
export type OnOwned = (path: string, digest: string) => void;
