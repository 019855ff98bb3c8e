/** The version in package.json; a test keeps them equal. A constant, so that `--version` reads no file. */
export const VERSION = '0.1.0';
