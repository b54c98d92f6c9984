import js from '@eslint/js';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['**/dist/', '**/node_modules/', '.data/', 'test/bench/', 'test/stores/*.js', 'test/jest/', 'coverage/'] },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '.dependency-cruiser.js'] },
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // An injected class that is imported as a type compiles and fails at boot.
      '@typescript-eslint/consistent-type-imports': 'off',
      // Stores are asynchronous by contract, also where the one in memory need not wait.
      '@typescript-eslint/require-await': 'off',
      // Configuration classes are found by their constructor.
      '@typescript-eslint/no-unsafe-function-type': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // A Nest module is an empty class with a decorator.
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Configuration is read in one place and passed on.' },
      ],
      eqeqeq: 'error',
    },
  },
  {
    // An address that somebody named must not lead into the network behind the server.
    files: ['libs/{protocol,resource-model,grant-types,token-server,accounts,pages}/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.fixture.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'fetch', message: 'The server calls others through Outgoing alone.' }],
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.fixture.ts', 'test/**/*.ts', '**/main.ts', 'apps/demo/**/*.ts'],
    rules: {
      'no-restricted-properties': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-floating-promises': 'off',
    },
  },
  {
    files: ['*.js', '.dependency-cruiser.js', 'apps/*/bin/*.js', 'libs/pages/assets/*.js'],
    ...ts.configs.disableTypeChecked,
  },
  {
    // A script for browsers.
    files: ['libs/pages/assets/*.js'],
    languageOptions: {
      globals: { document: 'readonly', HTMLIFrameElement: 'readonly', setTimeout: 'readonly', window: 'readonly' },
    },
  },
);
