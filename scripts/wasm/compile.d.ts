export function compilePrefilter(root: string): Promise<Buffer>;
export function prefilterModule(wasm: Buffer): string;
