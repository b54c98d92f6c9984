/** What `@jest/globals` exports: always that of the file that runs now, also for a fixture that was loaded for an earlier one. */
const current = Symbol.for('tessera.jest');

const forward = (name) =>
  new Proxy(function () {}, {
    apply: (_, self, parameters) => Reflect.apply(globalThis[current][name], self, parameters),
    get: (_, key) => globalThis[current][name][key],
  });

export const afterAll = forward('afterAll');
export const afterEach = forward('afterEach');
export const beforeAll = forward('beforeAll');
export const beforeEach = forward('beforeEach');
export const describe = forward('describe');
export const expect = forward('expect');
export const it = forward('it');
export const jest = forward('jest');
export const test = forward('test');
