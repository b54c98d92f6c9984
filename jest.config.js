/** Tests run from the sources: packages resolve to src/ through the condition "@tessera/source". */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@tessera/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testMatch: [
    '<rootDir>/{libs,apps}/*/src/**/*.spec.ts',
    '<rootDir>/test/{flows,security,conformance,browser,durability}/**/*.spec.ts',
  ],
  modulePathIgnorePatterns: ['<rootDir>/.data/', '/dist/'],
  testSequencer: '<rootDir>/jest.sequencer.js',
  testTimeout: 30_000,
  maxWorkers: '100%',
  // Modules of the vm are never freed: a worker that has run a hundred files holds gigabytes, and spends its time on looking through them.
  workerIdleMemoryLimit: '800MB',
};
