const { fileURLToPath, pathToFileURL } = require('node:url');
const { default: Runtime } = require('jest-runtime');

const { sourceMapOf } = require('./compiled-folder.cjs');

let runs = 0;

/**
 * Loads test files as Node loads modules, and what they import once for a worker. Jest's own runtime makes each file a world of its own, in
 * which every package is compiled and linked anew: most files would wait longer for that than they run.
 */
class NativeRuntime extends Runtime {
  unstable_shouldLoadAsEsm() {
    return true;
  }

  /** jest-circus keeps what it knows of a test file in its own module: each file gets a new one. */
  requireInternalModule(from) {
    for (const key of Object.getOwnPropertySymbols(globalThis)) {
      if (['EVENT_HANDLERS', 'JEST_STATE_SYMBOL'].includes(key.description)) delete globalThis[key];
    }
    delete require.cache[from];
    return require(from);
  }

  async unstable_importModule(from) {
    const globals = this.requireModuleOrMock(from, '@jest/globals');
    Object.assign(globalThis, globals, { [Symbol.for('tessera.jest')]: globals });
    return import(`${pathToFileURL(from).href}?run=${++runs}`);
  }

  getSourceMaps() {
    return {
      get: (source) => (source.includes('.ts') ? sourceMapOf(pathOf(source)) : undefined),
      *[Symbol.iterator]() {},
    };
  }
}

const pathOf = (source) => (source.startsWith('file:') ? fileURLToPath(new URL(source)) : source.replace(/\?.*$/, ''));

module.exports = { __esModule: true, default: NativeRuntime };
