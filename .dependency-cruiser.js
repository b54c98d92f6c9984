/** Who may import whom: the architecture, kept. See docs/architecture.md. */
const libs = [
  'protocol',
  'jws',
  'resource-model',
  'grant-types',
  'token-server',
  'accounts',
  'pages',
  'typeorm-store',
  'jwt-guard',
];

/** What each package may import of ours; everything else is forbidden. */
const allowed = {
  'libs/protocol': [],
  'libs/jws': ['libs/protocol'],
  'libs/resource-model': ['libs/protocol'],
  'libs/grant-types': ['libs/protocol', 'libs/resource-model'],
  'libs/token-server': ['libs/protocol', 'libs/jws', 'libs/resource-model', 'libs/grant-types'],
  'libs/accounts': ['libs/protocol', 'libs/resource-model', 'libs/grant-types', 'libs/token-server'],
  'libs/pages': ['libs/protocol', 'libs/resource-model', 'libs/grant-types', 'libs/token-server'],
  'libs/typeorm-store': ['libs/protocol', 'libs/resource-model'],
  'libs/jwt-guard': ['libs/protocol', 'libs/jws'],
  'apps/sts': libs.filter((lib) => lib !== 'jwt-guard').map((lib) => `libs/${lib}`),
  'apps/sample-api': ['libs/jwt-guard'],
  'apps/sample-web': [],
  'apps/demo': [],
};

const layers = Object.entries(allowed).map(([from, to]) => ({
  name: `${from} imports ${to.length > 0 ? to.join(', ') : 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: '^(libs|apps|test)/', pathNot: `^(${[from, ...to].join('|')})/` },
}));

/** What each package may import from outside, beside Node's own modules. */
const outside = {
  'libs/protocol': [],
  'libs/jws': ['jose', '@jest/globals'],
  'libs/resource-model': ['class-validator', '@jest/globals'],
  'libs/grant-types': ['@nestjs/common', '@jest/globals'],
};

const foreign = Object.entries(outside).map(([from, packages]) => ({
  name: `${from} uses ${packages.length > 0 ? packages.join(', ') : 'nothing'} from outside`,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: '\\.spec\\.ts$' },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg', 'npm-unknown'],
    path: 'node_modules',
    pathNot: packages.length > 0 ? `node_modules/(${packages.join('|')})/` : '^$',
  },
}));

export default {
  forbidden: [
    ...layers,
    ...foreign,
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    // pkcs11js is optional: it is not there where it cannot be compiled.
    { name: 'nothing unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^pkcs11js$' } },
    {
      name: 'packages are imported through their index',
      severity: 'error',
      from: { path: '^(libs|apps)/([^/]+)/' },
      to: {
        path: '^(libs|apps)/[^/]+/src/',
        pathNot: ['^$1/$2/', '/src/(index|(testing|passport|websockets|swagger)/index)\\.ts$'],
      },
    },
    {
      name: 'no endpoint imports another',
      severity: 'error',
      from: { path: '^libs/token-server/src/endpoints/([^/]+)/' },
      to: { path: '^libs/token-server/src/endpoints/', pathNot: '^libs/token-server/src/endpoints/$1/' },
    },
    {
      name: 'no grant imports another',
      severity: 'error',
      from: { path: '^libs/grant-types/src/([^/]+)/' },
      to: { path: '^libs/grant-types/src/[^/]+/', pathNot: '^libs/grant-types/src/$1/' },
    },
    {
      name: 'tokens, keys and resources know neither endpoints nor clients',
      severity: 'error',
      from: { path: '^libs/token-server/src/(tokens|keys|resources)/' },
      to: { path: '^libs/token-server/src/(endpoints|clients)/' },
    },
    {
      name: 'the server calls others through Outgoing alone',
      comment:
        'which is held to the internet: an address that somebody named must not lead into the network behind the server',
      severity: 'error',
      from: {
        path: '^libs/(protocol|resource-model|grant-types|token-server|accounts|pages)/',
        pathNot: ['^libs/token-server/src/http/outgoing\\.ts$', '\\.(spec|fixture)\\.ts$'],
      },
      to: { path: '^(https?|http2|tls|dgram|undici)$', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^((libs|apps)/[^/]+|test)/dist/|^test/bench' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@tessera/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.d.ts'],
    },
  },
};
