/** What is needed of the builder that `Test.createTestingModule()` gives; nothing of @nestjs/testing is imported here. */
export interface OverridableModule {
  overrideProvider(token: unknown): {
    useFactory(options: { factory: (...given: never[]) => unknown; inject?: unknown[] }): unknown;
  };
}
