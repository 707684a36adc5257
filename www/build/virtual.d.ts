/** The engine: WebAssembly, gzipped, in base64. */
declare module "virtual:engine-wasm" {
  const base64: string;
  export default base64;
}

/** src/worker.ts with all it imports, as one classic script. */
declare module "virtual:worker-script" {
  const script: string;
  export default script;
}
