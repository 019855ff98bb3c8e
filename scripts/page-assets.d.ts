/** As the text of a module. */
export function pageAssets(): Promise<string>;
export const ASSETS: RegExp;
