/** Tests run from the sources, as Node loads modules (test/jest): packages resolve to src/ through the condition "@tessera/source". */
export default {
  runtime: '<rootDir>/test/jest/native-runtime.cjs',
  testEnvironment: '<rootDir>/test/jest/native-environment.cjs',
  transform: {},
  testMatch: [
    '<rootDir>/{libs,apps}/*/src/**/*.spec.ts',
    '<rootDir>/test/{flows,security,conformance,browser,durability}/**/*.spec.ts',
  ],
  modulePathIgnorePatterns: ['<rootDir>/.data/', '/dist/'],
  testSequencer: '<rootDir>/jest.sequencer.js',
  testTimeout: 30_000,
  maxWorkers: '100%',
  // What the top of a test file holds (an application, its stores) stays with the module: the worker makes room before that is much.
  workerIdleMemoryLimit: '800MB',
};
